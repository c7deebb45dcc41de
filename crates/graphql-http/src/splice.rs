//! Parts of an answer that are JSON already.
//!
//! A resolver that knows the JSON of what it answers, because it answered the same before, hands it over as
//! [`Value::Binary`], which no type of a GraphQL schema has, and saves building the values and writing them again. Only
//! this crate's HTTP side writes such an answer, so a resolver does it only where it finds a [`Splicing`] in the request.

use std::sync::{Mutex, PoisonError};

use async_graphql::Value;
use bytes::Bytes;

/// In the data of a request whose answer may hold JSON that is ready.
#[derive(Debug, Default)]
pub struct Splicing {
    /// What is known of selection sets of this request, by their addresses: they stay where they are while it runs.
    selections: Mutex<Vec<(usize, Option<u64>)>>,
}

impl Splicing {
    /// JSON as a value. `json` must be one whole JSON value.
    pub fn value(json: Bytes) -> Value {
        Value::Binary(json)
    }

    /// A value as JSON, what is spliced in as it stands.
    pub fn write(value: &Value, out: &mut Vec<u8>) {
        match value {
            Value::Null => out.extend_from_slice(b"null"),
            Value::Boolean(true) => out.extend_from_slice(b"true"),
            Value::Boolean(false) => out.extend_from_slice(b"false"),
            Value::Number(number) => scalar(number, out),
            Value::String(text) => scalar(text, out),
            Value::Enum(name) => scalar(name.as_str(), out),
            Value::Binary(json) => out.extend_from_slice(json),
            Value::List(items) => {
                out.push(b'[');
                for (n, item) in items.iter().enumerate() {
                    if n > 0 {
                        out.push(b',');
                    }
                    Self::write(item, out);
                }
                out.push(b']');
            }
            Value::Object(fields) => {
                out.push(b'{');
                for (n, (name, field)) in fields.iter().enumerate() {
                    if n > 0 {
                        out.push(b',');
                    }
                    scalar(name.as_str(), out);
                    out.push(b':');
                    Self::write(field, out);
                }
                out.push(b'}');
            }
        }
    }

    /// The number of a selection set of this request, if it has one, which `number` finds out the first time. `address` is
    /// where the set stands in the operation that runs.
    pub fn selection(&self, address: usize, number: impl FnOnce() -> Option<u64>) -> Option<u64> {
        let mut known = self.selections.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, number)) = known.iter().find(|(at, _)| *at == address) {
            return *number;
        }
        let number = number();
        known.push((address, number));
        number
    }
}

/// Neither a text nor a number can fail to become JSON, and a `Vec` takes everything.
fn scalar<T: serde::Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) {
    if serde_json::to_writer(&mut *out, value).is_err() {
        out.extend_from_slice(b"null");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::{Name, value};

    fn written(value: &Value) -> String {
        let mut out = Vec::new();
        Splicing::write(value, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn it_writes_what_serde_would() {
        let values = [
            value!({}),
            value!([]),
            value!({ "a": null, "b": [true, false, [1, -2, 3.5]], "c": { "d": "\"\\\n\u{1}\u{2028}ß" } }),
            value!({ "big": 9_007_199_254_740_993_i64, "most": u64::MAX }),
            Value::Enum(Name::new("SALE")),
        ];
        for value in values {
            assert_eq!(written(&value), serde_json::to_string(&value).unwrap());
        }
    }

    #[test]
    fn what_is_json_already_goes_in_as_it_is() {
        let ready = Splicing::value(Bytes::from_static(br#"{"id":1}"#));
        let answer =
            Value::Object([(Name::new("node"), Value::List(vec![ready, Value::Null]))].into_iter().collect());
        assert_eq!(written(&answer), r#"{"node":[{"id":1},null]}"#);
    }

    #[test]
    fn a_selection_set_is_looked_at_once() {
        let splicing = Splicing::default();
        assert_eq!(splicing.selection(10, || Some(7)), Some(7));
        assert_eq!(splicing.selection(10, || unreachable!()), Some(7));
        assert_eq!(splicing.selection(11, || None), None);
        assert_eq!(splicing.selection(11, || unreachable!()), None);
    }
}
