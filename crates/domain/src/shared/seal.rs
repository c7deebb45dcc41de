//! The port that encrypts single columns, and how a sealed text is told from a plain one.

use super::Fault;
use std::borrow::Cow;
use uuid::Uuid;

/// What every sealed text begins with: the form, which its key's name follows.
pub const SEALED: &str = "s1.";
/// What stands before a plain text that begins like a marked one: a buyer's note of `s1.…` must not be taken for a sealed one that
/// nobody can open.
const PLAIN: &str = "s0.";

/// Encrypts what stands in one column of one row. A sealed text is bound to its place: moved into another row or column it
/// cannot be opened.
pub trait Sealer: Send + Sync {
    /// Seals a text for this place (`table.column`) and row.
    ///
    /// # Errors
    /// A bug: no text is too strange to be sealed.
    fn seal(&self, place: &'static str, row: Uuid, plain: &str) -> Result<String, Fault>;

    /// Opens what [`seal`](Self::seal) gave for the same place and row. What was kept before anything was sealed comes back as it is.
    ///
    /// # Errors
    /// It was sealed by a key that is not there, for another place, or was changed since.
    fn open(&self, place: &'static str, row: Uuid, text: &str) -> Result<String, Fault>;

    /// Whether the text is as [`seal`](Self::seal) would write it now; if not, it is due to be sealed anew.
    fn is_current(&self, text: &str) -> bool;
}

/// Leaves everything as it is: for tests, and for columns that a shop does not want sealed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unsealed;

impl Sealer for Unsealed {
    fn seal(&self, _: &'static str, _: Uuid, plain: &str) -> Result<String, Fault> {
        Ok(as_plain(plain).into_owned())
    }

    fn open(&self, _: &'static str, _: Uuid, text: &str) -> Result<String, Fault> {
        let sealed = Fault::bug("seal.open: a sealed text, and no key to open it");
        from_plain(text).map(str::to_owned).ok_or(sealed)
    }

    fn is_current(&self, text: &str) -> bool {
        from_plain(text).is_some()
    }
}

/// A text as it is kept in a column that may hold sealed ones, when it is not to be sealed.
pub fn as_plain(plain: &str) -> Cow<'_, str> {
    if plain.starts_with(SEALED) || plain.starts_with(PLAIN) {
        Cow::Owned(format!("{PLAIN}{plain}"))
    } else {
        Cow::Borrowed(plain)
    }
}

/// The text that [`as_plain`] was given; `None`: it is a sealed one.
pub fn from_plain(text: &str) -> Option<&str> {
    if text.starts_with(SEALED) { None } else { Some(text.strip_prefix(PLAIN).unwrap_or(text)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ROW: Uuid = Uuid::nil();

    #[test]
    fn a_text_that_looks_sealed_does_not_pass_for_one() {
        for text in ["s1.ab.cd", "s0.", "s0.s1.x", "s1.", "note", ""] {
            let kept = Unsealed.seal("orders.note", ROW, text).unwrap();
            assert!(!kept.starts_with(SEALED), "{kept}");
            assert_eq!(Unsealed.open("orders.note", ROW, &kept).unwrap(), text);
        }
        assert!(Unsealed.open("orders.note", ROW, "s1.0a1b2c3d.AAAA").is_err());
        assert!(!Unsealed.is_current("s1.0a1b2c3d.AAAA"));
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in "(s[01]\\.){0,3}.{0,20}") {
            let kept = as_plain(&text);
            prop_assert_eq!(from_plain(&kept), Some(text.as_str()));
        }
    }
}
