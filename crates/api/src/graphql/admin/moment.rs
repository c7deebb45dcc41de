//! Moments on their way in.

use crate::graphql::scalars::DateTime;
use async_graphql::{InputType, InputValueError, InputValueResult, OutputType, Value, registry::Registry};
use std::borrow::Cow;
use stoa_domain::shared::Timestamp;

/// A `DateTime` on its way in: of any offset, to the microsecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(
    /// The moment.
    pub Timestamp,
);

impl InputType for Moment {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        <DateTime as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        // The scalar is one in both directions.
        <DateTime as OutputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let Some(Value::String(text)) = value else {
            return Err(InputValueError::expected_type(value.unwrap_or_default()));
        };
        match chrono::DateTime::parse_from_rfc3339(&text) {
            Ok(moment) => Ok(Self(moment.to_utc())),
            Err(_) => Err(InputValueError::custom(
                "A moment is written as ISO 8601 writes it: 2026-11-20T08:30:00Z.",
            )),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339())
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        Moment::parse(Some(Value::from(text))).ok().map(|moment| moment.0.to_rfc3339())
    }

    #[test]
    fn a_moment_is_read_with_its_offset() {
        assert_eq!(read("2026-11-20T08:30:00Z").as_deref(), Some("2026-11-20T08:30:00+00:00"));
        assert_eq!(read("2026-11-20T08:30:00.25+02:00").as_deref(), Some("2026-11-20T06:30:00.250+00:00"));
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in ["", "tomorrow", "2026-11-20", "2026-11-20T08:30:00", "2026-13-20T08:30:00Z"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert!(Moment::parse(None).is_err());
        assert!(Moment::parse(Some(Value::from(5))).is_err());
    }
}
