//! What customers call themselves. It is shown to others, in mails too, so it must not be an advertisement.

use std::fmt;

/// A given or family name, trimmed and on one line.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CustomerName(String);

/// Why a text cannot be a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameRefusal {
    /// Longer than [`CustomerName::MAX`] characters.
    #[error("a name has at most {max} characters")]
    TooLong {
        /// The most.
        max: usize,
    },
    /// It contains markup.
    #[error("a name contains no HTML tags")]
    HtmlTags,
    /// It contains an address of the web.
    #[error("a name contains no URL")]
    Url,
}

/// Ends of host names that mail programs make links of though nobody wrote `http`, and that no name has behind a dot. Not complete,
/// and need not be: it takes the point out of registering others' addresses to have us mail them.
const LINKED: [&str; 16] = [
    "com", "net", "org", "info", "biz", "io", "app", "dev", "xyz", "top", "shop", "online", "site", "ru",
    "cn", "link",
];

impl CustomerName {
    /// The longest, in characters.
    pub const MAX: usize = 255;

    /// Reads a name. White space of any kind is one space; blank is none.
    ///
    /// # Errors
    /// It cannot be a name.
    pub fn parse(text: &str) -> Result<Option<Self>, NameRefusal> {
        // The length of what came first: nobody should have us tidy a book.
        if text.chars().nth(Self::MAX * 4).is_some() {
            return Err(NameRefusal::TooLong { max: Self::MAX });
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        let name: String = words.join(" ").chars().filter(|c| !c.is_control()).collect();
        if name.chars().count() > Self::MAX {
            return Err(NameRefusal::TooLong { max: Self::MAX });
        }
        if name.contains(['<', '>']) {
            return Err(NameRefusal::HtmlTags);
        }
        if has_url(&name) {
            return Err(NameRefusal::Url);
        }
        Ok(Some(Self(name)).filter(|n| !n.0.is_empty()))
    }

    /// A name that a database keeps, which was one when it was written.
    pub const fn stored(name: String) -> Self {
        Self(name)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn has_url(name: &str) -> bool {
    let lower = name.to_lowercase();
    let host = |word: &str| {
        let end = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        let host = end.split(['/', '?', '#', ':']).next().unwrap_or_default();
        host.rsplit_once('.').is_some_and(|(front, last)| !front.is_empty() && LINKED.contains(&last))
    };
    lower.contains("://") || lower.contains("www.") || lower.split_whitespace().any(host)
}

impl fmt::Display for CustomerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Hides the person, so that a name cannot slip into a log through `{:?}`.
impl fmt::Debug for CustomerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CustomerName(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_called_many_things() {
        for good in [
            "Ada",
            "Jean-Luc",
            "O'Neil",
            "J.R.R. Tolkien",
            "St.Clair",
            "Dr. Ada M.D.",
            "山田 太郎",
            "X Æ A-12",
            "Jr.",
            "Kim/Lee",
            "Ann 3:16",
            "Comte de Net",
        ] {
            assert_eq!(CustomerName::parse(good).unwrap().unwrap().as_str(), good);
        }
    }

    #[test]
    fn a_name_is_one_line_and_blank_is_none() {
        let parsed = |text| CustomerName::parse(text).unwrap().map(|n| n.as_str().to_owned());
        assert_eq!(parsed("  Ada\r\nBcc:\tx  "), Some("Ada Bcc: x".to_owned()));
        assert_eq!(parsed("Ada\0\u{7}"), Some("Ada".to_owned()));
        assert_eq!(parsed(" \n\0 "), None);
        assert_eq!(format!("{:?}", CustomerName::parse("Ada").unwrap().unwrap()), "CustomerName(…)");
    }

    #[test]
    fn advertisements_and_markup_are_refused() {
        for (bad, refusal) in [
            ("<b>Ada</b>", NameRefusal::HtmlTags),
            ("a > b", NameRefusal::HtmlTags),
            ("see https://evil.example", NameRefusal::Url),
            ("WWW.evil.example", NameRefusal::Url),
            ("Win at evil.COM/now!", NameRefusal::Url),
            ("evil.com.", NameRefusal::Url),
            ("(evil.shop:8080/x)", NameRefusal::Url),
        ] {
            assert_eq!(CustomerName::parse(bad), Err(refusal), "{bad:?}");
        }
        let too_long = NameRefusal::TooLong { max: 255 };
        assert_eq!(CustomerName::parse(&"é".repeat(256)), Err(too_long));
        assert_eq!(CustomerName::parse(&" ".repeat(10_000)), Err(too_long));
        assert!(CustomerName::parse(&"é".repeat(255)).is_ok());
    }
}
