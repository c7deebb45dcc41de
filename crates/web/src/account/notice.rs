//! What was just done, carried over a redirect as a short code. The words are ours: an address cannot put any into our pages.

use crate::http::path;
use minijinja::{Value, context};
use serde::Deserialize;

/// One thing to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Note {
    code: &'static str,
    text: &'static str,
    good: bool,
}

impl Note {
    pub(super) const WELCOME: Self = Self::good("welcome", "Your account is open, and you are signed in.");
    pub(super) const NEW_PASSWORD: Self = Self::good(
        "password",
        "Your password is changed. Wherever else you were signed in, you are no more.",
    );
    pub(super) const DETAILS: Self = Self::good("details", "Saved.");
    pub(super) const ADDRESSES: Self = Self::good("addresses", "Your address book is changed.");
    pub(super) const CONSENT: Self = Self::good("consent", "Your choice is saved.");
    pub(super) const EMAIL_ASKED: Self = Self::good(
        "email_asked",
        "A mail is on its way to the new address. It counts once you open the link in that mail.",
    );
    pub(super) const EMAIL_CHANGED: Self = Self::good("email", "Your new e-mail address counts from now on.");
    pub(super) const EMAIL_KEPT: Self = Self::bad(
        "email_kept",
        "That link does not work, or no longer, or is not for this account. Your e-mail address is as it was.",
    );
    pub(super) const ARCHIVE: Self = Self::good(
        "archive",
        "We are putting together what we know of you. A mail with a link to it comes when that is done.",
    );
    pub(super) const SESSION: Self = Self::good("session", "That sign-in has ended.");
    pub(super) const SIGNED_OUT: Self = Self::good("signed_out", "You are signed out.");
    pub(super) const SIGNED_OUT_EVERYWHERE: Self =
        Self::good("signed_out_everywhere", "You are signed out, here and everywhere else.");
    pub(super) const ERASED: Self =
        Self::good("erased", "Your account is gone, and what was in it. Thank you for having been here.");

    const ALL: [Self; 13] = [
        Self::WELCOME,
        Self::NEW_PASSWORD,
        Self::DETAILS,
        Self::ADDRESSES,
        Self::CONSENT,
        Self::EMAIL_ASKED,
        Self::EMAIL_CHANGED,
        Self::EMAIL_KEPT,
        Self::ARCHIVE,
        Self::SESSION,
        Self::SIGNED_OUT,
        Self::SIGNED_OUT_EVERYWHERE,
        Self::ERASED,
    ];

    const fn good(code: &'static str, text: &'static str) -> Self {
        Self { code, text, good: true }
    }

    const fn bad(code: &'static str, text: &'static str) -> Self {
        Self { code, text, good: false }
    }

    /// The address of a page that says it.
    pub(super) fn at(self, page: &[&str]) -> String {
        path(page, &[("notice", self.code)])
    }
}

/// Where an address carries one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NoteQuery {
    notice: String,
}

impl NoteQuery {
    /// For a template: a list of `{ good, text }`, of one or none.
    pub(super) fn values(&self) -> Vec<Value> {
        let said = Note::ALL.into_iter().filter(|note| note.code == self.notice);
        said.map(|note| context! { good => note.good, text => note.text }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_says_one_thing_and_no_other_says_any() {
        for note in Note::ALL {
            let said = NoteQuery { notice: note.code.to_owned() }.values();
            assert_eq!(said.len(), 1, "{}", note.code);
            assert_eq!(note.at(&["account"]), format!("/account?notice={}", note.code));
        }
        assert!(NoteQuery { notice: "<b>hello</b>".to_owned() }.values().is_empty());
        assert!(NoteQuery::default().values().is_empty());
    }
}
