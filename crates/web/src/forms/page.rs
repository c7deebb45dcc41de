//! A form's page: for the first time, or again with what is wrong.

use super::FieldErrors;
use crate::{error::PageError, state::Web};
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use minijinja::{Value, context};
use std::{collections::BTreeMap, time::Duration};

/// How a form is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FormPage {
    status: StatusCode,
    /// What is the matter with all of it.
    alert: Option<String>,
    errors: FieldErrors,
    /// When it is worth trying again.
    wait: Option<Duration>,
}

impl FormPage {
    /// For the first time.
    pub(crate) fn new() -> Self {
        Self { status: StatusCode::OK, alert: None, errors: FieldErrors::default(), wait: None }
    }

    /// Again, because of what was typed.
    pub(crate) fn wrong(errors: FieldErrors) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, errors, ..Self::new() }
    }

    /// Again, because of one field.
    pub(crate) fn beside(field: &'static str, text: impl Into<String>) -> Self {
        Self::wrong(FieldErrors::beside(field, text))
    }

    /// Again, because of something that is not about one field.
    pub(crate) fn above(text: impl Into<String>) -> Self {
        Self { alert: Some(text.into()), ..Self::wrong(FieldErrors::default()) }
    }

    /// Again, because of how things stand, whatever was typed.
    pub(crate) fn in_the_way(text: impl Into<String>) -> Self {
        Self { status: StatusCode::CONFLICT, ..Self::above(text) }
    }

    /// Again, later: there were too many tries.
    pub(crate) fn too_many(wait: Duration) -> Self {
        let text = format!(
            "There were too many tries, from where you are or from elsewhere. Please try again in {}.",
            in_words(wait)
        );
        Self { status: StatusCode::TOO_MANY_REQUESTS, wait: Some(wait), ..Self::above(text) }
    }

    /// Again, in a moment: there is too much to do.
    pub(crate) fn busy() -> Self {
        let text = "Very many people are here at this moment. Please press the button again.";
        let wait = Some(Duration::from_secs(5));
        Self { status: StatusCode::SERVICE_UNAVAILABLE, wait, ..Self::above(text) }
    }

    /// The page. `fields` are names and what was typed, in the form's order; a template has them as `fields`, beside `alert` and
    /// `problems`.
    ///
    /// # Errors
    /// The template does not fit.
    pub(crate) fn render(
        &self,
        web: &Web,
        template: &str,
        fields: &[(&'static str, &str)],
        values: Value,
    ) -> Result<Response, PageError> {
        let shown: BTreeMap<&str, Value> =
            fields.iter().map(|(name, typed)| (*name, self.errors.field(name, typed))).collect();
        let values = context! {
            alert => &self.alert,
            problems => self.errors.summary(fields.iter().map(|(name, _)| *name)),
            fields => Value::from(shown),
            ..values
        };
        let mut page = web.page_as(self.status, template, values)?;
        if let Some(wait) = self.wait {
            let seconds = HeaderValue::from(wait.as_secs().saturating_add(1));
            page.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        Ok(page)
    }
}

/// `1 minute`, `20 minutes`, `24 hours`: rounded up, and never nothing.
fn in_words(wait: Duration) -> String {
    let minutes = wait.as_secs().div_ceil(60).max(1);
    match minutes {
        1 => "1 minute".to_owned(),
        2..120 => format!("{minutes} minutes"),
        _ => format!("{} hours", minutes.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_rounded_up() {
        let said = |seconds| in_words(Duration::from_secs(seconds));
        assert_eq!(said(0), "1 minute");
        assert_eq!(said(61), "2 minutes");
        assert_eq!(said(7_140), "119 minutes");
        assert_eq!(said(7_141), "2 hours");
        assert_eq!(said(86_400), "24 hours");
    }
}
