//! Texts that columns of rules hold: names of values, lists and documents.

use crate::db::fitting;
use serde::{Serialize, de::DeserializeOwned};
use stoa_domain::shared::Fault;

/// A value as JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::internal("writing a rule as JSON", error))
}

/// What JSON says; `None` if this version cannot read it.
pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}

/// The name of a value of an enum without fields, as serde writes it.
pub(crate) fn word(value: &impl Serialize) -> Result<String, Fault> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        Ok(_) => Err(Fault::bug("writing a word of a rule: it is no word")),
        Err(error) => Err(Fault::internal("writing a word of a rule", error)),
    }
}

/// The value of a name; `None` if this version does not know it.
pub(crate) fn named<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}

/// A text as a column takes it: Postgres keeps no NUL. Its length is for who asked for it to see to.
pub(crate) fn clean(text: &str) -> String {
    fitting(text, usize::MAX)
}
