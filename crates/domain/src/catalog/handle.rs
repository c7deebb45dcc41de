//! The name of a product or a collection in addresses.

use std::fmt;

/// The longest handle, in characters.
const MAX: usize = 255;

/// The readable part of an address, as in `/products/blue-mug`: lower-case letters, digits, `-` and `_`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle(String);

/// Why a text cannot be a handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidHandle {
    /// No letter or digit in it.
    #[error("a handle needs a letter or a digit")]
    Empty,
    /// More than 255 characters.
    #[error("a handle has at most 255 characters")]
    TooLong,
}

impl Handle {
    /// Reads a handle that somebody chose: letters are made lower-case, and what may not stand in a handle is written
    /// as a slug. The same text always gives the same handle.
    ///
    /// # Errors
    /// Nothing is left of it, or too much.
    pub fn parse(text: &str) -> Result<Self, InvalidHandle> {
        let text = text.trim();
        let plain = text.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
        let handle = if plain { text.to_lowercase() } else { slug::slugify(text) };
        if !handle.chars().any(char::is_alphanumeric) {
            return Err(InvalidHandle::Empty);
        }
        if handle.chars().count() > MAX {
            return Err(InvalidHandle::TooLong);
        }
        Ok(Self(handle))
    }

    /// Makes a handle of a title: a slug, cut to length; `item` where the title has neither letter nor digit.
    pub fn from_title(title: &str) -> Self {
        let mut slug = slug::slugify(title);
        // A slug is ASCII, so every byte is a character.
        slug.truncate(MAX);
        let slug = slug.trim_end_matches('-');
        Self(if slug.is_empty() { "item".to_owned() } else { slug.to_owned() })
    }

    /// A handle that a database keeps, which was one when it was written.
    pub const fn stored(handle: String) -> Self {
        Self(handle)
    }

    /// The same with a number behind it, for when it is taken: `blue-mug-2`.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Self {
        let suffix = format!("-{number}");
        let keep = self.0.char_indices().nth(MAX - suffix.len()).map_or(self.0.len(), |(at, _)| at);
        Self(format!("{}{suffix}", self.0[..keep].trim_end_matches('-')))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({:?})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_made_of_the_title() {
        assert_eq!(Handle::from_title("Crème Brûlée – 200 g").as_str(), "creme-brulee-200-g");
        assert_eq!(Handle::from_title("!!!").as_str(), "item");
        assert_eq!(Handle::from_title(&"a b".repeat(200)).as_str().len(), 255);
    }

    #[test]
    fn a_chosen_handle_is_kept_or_made_fit() {
        assert_eq!(Handle::parse(" Blue_Mug-2 ").unwrap().as_str(), "blue_mug-2");
        assert_eq!(Handle::parse("青い-マグ").unwrap().as_str(), "青い-マグ");
        assert_eq!(Handle::parse("Blue Mug!").unwrap().as_str(), "blue-mug");
        assert_eq!(Handle::parse("  "), Err(InvalidHandle::Empty));
        assert_eq!(Handle::parse("---"), Err(InvalidHandle::Empty));
        assert_eq!(Handle::parse(&"x".repeat(256)), Err(InvalidHandle::TooLong));
    }

    #[test]
    fn a_numbered_handle_still_fits() {
        assert_eq!(Handle::from_title("mug").numbered(2).as_str(), "mug-2");
        let long = Handle::parse(&"é".repeat(255)).unwrap().numbered(12);
        assert_eq!(long.as_str().chars().count(), 255);
        assert!(long.as_str().ends_with("é-12"));
    }
}
