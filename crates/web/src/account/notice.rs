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
    pub(super) const LINKED: Self = Self::good("linked", "From now on you can sign in that way as well.");
    pub(super) const DISCONNECTED: Self =
        Self::good("disconnected", "That way of signing in opens your account no more.");
    const LINK_MAILED: Self = Self::good(
        "link_mailed",
        "There is an account with your e-mail address already, and a mail is on its way to it. To sign in to it that way from now on, \
         open the link in that mail with this browser.",
    );
    const BEGIN_AGAIN: Self =
        Self::bad("begin_again", "That took too long, or was begun in another browser. Please begin again.");
    const DENIED: Self = Self::bad("denied", "You have not been signed in there. Nothing was changed here.");
    const EMAIL_NEEDED: Self = Self::bad(
        "email_needed",
        "We were told no e-mail address of yours that is known to be right. Please open an account here first.",
    );
    const IDENTITY_TAKEN: Self =
        Self::bad("identity_taken", "What you have there opens another account already.");
    const CLOSED: Self = Self::bad("closed", "This account is closed.");
    const UNAVAILABLE: Self = Self::bad(
        "unavailable",
        "That way of signing in does not work at this moment. Please try again later, or use your password.",
    );

    const ALL: [Self; 22] = [
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
        Self::LINKED,
        Self::DISCONNECTED,
        Self::LINK_MAILED,
        Self::BEGIN_AGAIN,
        Self::DENIED,
        Self::EMAIL_NEEDED,
        Self::IDENTITY_TAKEN,
        Self::CLOSED,
        Self::UNAVAILABLE,
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
    /// How signing in with a provider went: the API's word (`/auth/oidc/{provider}/callback`).
    oidc: String,
}

impl NoteQuery {
    /// For a template: a list of `{ good, text }`, of one or none.
    pub(super) fn values(&self) -> Vec<Value> {
        self.said().map(|note| context! { good => note.good, text => note.text }).into_iter().collect()
    }

    /// The address of a page that says it in this one's place.
    pub(super) fn at(&self, page: &[&str]) -> String {
        self.said().map_or_else(|| path(page, &[]), |note| note.at(page))
    }

    fn said(&self) -> Option<Note> {
        Note::ALL.into_iter().find(|note| note.code == self.notice || note.code == self.oidc)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_says_one_thing_and_no_other_says_any() {
        for note in Note::ALL {
            let said = NoteQuery { notice: note.code.to_owned(), ..NoteQuery::default() };
            assert_eq!(said.said(), Some(note));
            assert_eq!(note.at(&["account"]), format!("/account?notice={}", note.code));
            assert_eq!(said.at(&["account"]), note.at(&["account"]));
        }
        let strange = NoteQuery { notice: "<b>hello</b>".to_owned(), ..NoteQuery::default() };
        assert!(strange.values().is_empty());
        assert_eq!(strange.at(&["account"]), "/account");
        assert!(NoteQuery::default().values().is_empty());
    }
}
