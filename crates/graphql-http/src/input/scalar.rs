//! The values that the five built-in scalars, and `Upload`, accept (GraphQL specification, 3.5, "Input Coercion").

use async_graphql_value::{ConstValue, Number, Value};

use crate::types::ScalarKind;

/// A leaf of an input value, whether it came from a document or from JSON.
pub(crate) enum Leaf<'a> {
    Number(&'a Number),
    String,
    Boolean,
    /// An enum value, a list, an object or bytes where a scalar is expected.
    Other,
}

impl<'a> From<&'a ConstValue> for Leaf<'a> {
    fn from(value: &'a ConstValue) -> Self {
        match value {
            ConstValue::Number(number) => Self::Number(number),
            ConstValue::String(_) => Self::String,
            ConstValue::Boolean(_) => Self::Boolean,
            _ => Self::Other,
        }
    }
}

impl<'a> From<&'a Value> for Leaf<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Number(number) => Self::Number(number),
            Value::String(_) => Self::String,
            Value::Boolean(_) => Self::Boolean,
            _ => Self::Other,
        }
    }
}

/// Whether a scalar accepts a value; the error says what it wants instead.
pub(crate) fn check(kind: ScalarKind, leaf: &Leaf<'_>) -> Result<(), &'static str> {
    let (fits, wanted) = match kind {
        ScalarKind::Int => (
            matches!(leaf, Leaf::Number(number) if int32(number).is_some()),
            "Int takes a whole number from -2147483648 to 2147483647",
        ),
        ScalarKind::Float => (matches!(leaf, Leaf::Number(_)), "Float takes a number"),
        ScalarKind::String => (matches!(leaf, Leaf::String), "String takes a string"),
        ScalarKind::Boolean => (matches!(leaf, Leaf::Boolean), "Boolean takes true or false"),
        ScalarKind::Id => (
            match leaf {
                Leaf::String => true,
                Leaf::Number(number) => number.is_i64() || number.is_u64(),
                _ => false,
            },
            "ID takes a string or a whole number",
        ),
        ScalarKind::Upload => (false, "files cannot be sent as JSON"),
        ScalarKind::Custom => (true, ""),
    };
    if fits { Ok(()) } else { Err(wanted) }
}

/// The value of a number as the `Int` of the specification. JSON writes 1.0 for 1 in some languages.
pub(crate) fn int32(number: &Number) -> Option<i32> {
    if let Some(whole) = number.as_i64() {
        return i32::try_from(whole).ok();
    }
    let float = number.as_f64()?;
    let in_range = float.fract() == 0.0 && (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&float);
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
    in_range.then_some(float as i32)
}
