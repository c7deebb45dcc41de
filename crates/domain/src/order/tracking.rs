//! Where a parcel is.

/// What a carrier has given for a parcel. Mails show it, with the addresses as links.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tracking {
    company: Option<String>,
    numbers: Vec<String>,
    urls: Vec<String>,
}

/// Why tracking cannot be so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrackingRefusal {
    /// A text beyond its bounds.
    #[error("a {field} has at most {max} characters")]
    TooLong {
        /// Which text.
        field: &'static str,
        /// The most.
        max: usize,
    },
    /// More than a parcel has.
    #[error("a parcel has at most {max} numbers, and as many addresses")]
    TooMany {
        /// The most.
        max: usize,
    },
    /// An address that is none of the web: it would stand in a mail as a link.
    #[error("a tracking address begins with https:// or http://")]
    Url,
}

impl Tracking {
    /// The longest name or number, in characters.
    pub const TEXT: usize = 255;
    /// The longest address, in characters.
    pub const URL: usize = 2_048;
    /// The most numbers, and the most addresses.
    pub const MOST: usize = 50;

    /// Reads what staff typed; blank texts are none.
    ///
    /// # Errors
    /// A bound or a rule is broken.
    pub fn try_new<T: AsRef<str>>(
        company: Option<&str>,
        numbers: &[T],
        urls: &[T],
    ) -> Result<Self, TrackingRefusal> {
        if numbers.len() > Self::MOST || urls.len() > Self::MOST {
            return Err(TrackingRefusal::TooMany { max: Self::MOST });
        }
        let list = |field, max, texts: &[T]| -> Result<Vec<String>, TrackingRefusal> {
            let texts = texts.iter().map(|text| tidy(field, max, text.as_ref()));
            texts.filter(|text| !matches!(text, Ok(t) if t.is_empty())).collect()
        };
        let company = company.map(|text| tidy("company", Self::TEXT, text)).transpose()?;
        let numbers = list("tracking number", Self::TEXT, numbers)?;
        let urls = list("tracking address", Self::URL, urls)?;
        if !urls.iter().all(|url| is_web(url)) {
            return Err(TrackingRefusal::Url);
        }
        Ok(Self { company: company.filter(|c| !c.is_empty()), numbers, urls })
    }

    /// What a database keeps, which was so when it was written.
    pub const fn stored(company: Option<String>, numbers: Vec<String>, urls: Vec<String>) -> Self {
        Self { company, numbers, urls }
    }

    /// Who carries it.
    pub fn company(&self) -> Option<&str> {
        self.company.as_deref()
    }

    /// The parcels' numbers.
    pub fn numbers(&self) -> &[String] {
        &self.numbers
    }

    /// Where to look for the parcels.
    pub fn urls(&self) -> &[String] {
        &self.urls
    }
}

fn tidy(field: &'static str, max: usize, text: &str) -> Result<String, TrackingRefusal> {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    let text = text.trim();
    if text.chars().count() > max {
        Err(TrackingRefusal::TooLong { field, max })
    } else {
        Ok(text.to_owned())
    }
}

fn is_web(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = |c: char| c.is_alphanumeric() || c == '[';
    rest.is_some_and(|r| r.starts_with(host))
        && !url.contains(|c: char| c.is_whitespace() || "<>\"".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_carrier_gives_is_kept_without_what_is_blank() {
        let tracking = Tracking::try_new(
            Some(" DHL "),
            &["00340434161094000000", " "],
            &["https://example.org/track?n=1", ""],
        )
        .unwrap();
        assert_eq!(tracking.company(), Some("DHL"));
        assert_eq!(tracking.numbers(), ["00340434161094000000"]);
        assert_eq!(tracking.urls(), ["https://example.org/track?n=1"]);
        assert_eq!(Tracking::try_new(Some(" "), &[""; 0], &[]).unwrap(), Tracking::default());
    }

    #[test]
    fn what_would_be_a_trap_in_a_mail_is_refused() {
        for bad in ["javascript:alert(1)", "https://", "ftp://x", "//x", "https://x y", "https://x\"><a", "x"]
        {
            assert_eq!(Tracking::try_new(None, &[], &[bad]), Err(TrackingRefusal::Url), "{bad}");
        }
        let long = "x".repeat(256);
        let refused = Tracking::try_new(None, &[long.as_str()], &[]);
        assert_eq!(refused, Err(TrackingRefusal::TooLong { field: "tracking number", max: 255 }));
        let refused = Tracking::try_new(None, &["1"; 51], &[]);
        assert_eq!(refused, Err(TrackingRefusal::TooMany { max: 50 }));
    }
}
