//! The caller's own key-value pairs on an object.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{error::ApiError, form::Params};

/// Metadata, sorted by key. Stripe allows 50 keys of 40 characters with values of 500.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Metadata(BTreeMap<String, String>);

impl Metadata {
    /// Applies the parameter `metadata`: named values are set, empty ones removed, and an empty whole clears all.
    pub(crate) fn apply(&mut self, params: &Params<'_>) -> Result<(), ApiError> {
        if !params.has("metadata") {
            return Ok(());
        }
        let Some(group) = params.group("metadata")? else {
            self.0.clear();
            return Ok(());
        };
        for (key, value) in group.texts()? {
            if value.is_empty() {
                self.0.remove(key);
                continue;
            }
            if key.chars().count() > 40 || value.chars().count() > 500 {
                return Err(ApiError::invalid(format!(
                    "Metadata keys can have up to 40 characters and values up to 500; '{key}' has more."
                ))
                .param(group.full(key)));
            }
            self.0.insert(key.to_owned(), value.to_owned());
        }
        if self.0.len() > 50 {
            return Err(ApiError::invalid("Metadata can have up to 50 keys.").param("metadata"));
        }
        Ok(())
    }
}
