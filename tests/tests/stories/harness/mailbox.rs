//! What people find in their mail.

use super::shop::Shop;
use std::time::SystemTime;

/// A mail, as its reader sees it.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    raw: String,
    text: String,
    at: SystemTime,
}

impl Letter {
    fn of(raw: &str, at: SystemTime) -> Self {
        Self { raw: raw.to_owned(), text: decoded(raw), at }
    }

    fn is_for(&self, address: &str) -> bool {
        let mut heads = self.raw.lines().take_while(|line| !line.is_empty());
        heads.any(|line| line.strip_prefix("To: ").is_some_and(|to| to.eq_ignore_ascii_case(address)))
    }

    /// Whether these words are in it.
    pub(crate) fn says(&self, words: &str) -> bool {
        self.text.contains(words)
    }

    /// The token of the link to this page, such as `activate`.
    pub(crate) fn token(&self, page: &str) -> Option<String> {
        self.token_at(&format!("/account/{page}/"))
    }

    /// The codes of gift cards in it: four fours of letters and digits.
    pub(crate) fn card_codes(&self) -> Vec<String> {
        let is_four = |four: &str| {
            four.len() == 4 && four.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        };
        let words = self.text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        let codes = words.filter(|word| word.split('-').count() == 4 && word.split('-').all(is_four));
        codes.map(str::to_owned).collect()
    }

    /// The token behind this part of an address.
    fn token_at(&self, place: &str) -> Option<String> {
        let (_, rest) = self.text.split_once(place)?;
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"-_".contains(c)).unwrap_or(rest.len());
        Some(rest[..end].to_owned())
    }
}

/// Quoted-printable, as mails carry it (RFC 2045): lines that end with `=` go on, `=C3` is a byte.
fn decoded(raw: &str) -> String {
    let joined = raw.replace("=\r\n", "").replace("=\n", "");
    let mut bytes = Vec::with_capacity(joined.len());
    let mut rest = joined.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        let hex = others.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.filter(|_| *first == b'=').and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &others[2..] } else { others };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Shop {
    /// All mails to this address, the oldest first, once everything that is due is done.
    pub(crate) async fn letters(&self, address: &str) -> Vec<Letter> {
        self.settle().await;
        let Ok(folder) = std::fs::read_dir(self.folder.path().join("mail")) else { return Vec::new() };
        let mut letters = Vec::new();
        for file in folder {
            let file = file.expect("a file");
            if file.path().extension().is_some_and(|end| end == "eml") {
                let at = file.metadata().and_then(|data| data.modified()).expect("a time");
                let letter = Letter::of(&std::fs::read_to_string(file.path()).expect("a mail"), at);
                if letter.is_for(address) {
                    letters.push(letter);
                }
            }
        }
        letters.sort_by_key(|letter| letter.at);
        letters
    }

    /// The token of the newest link to this page that was mailed to this address; waits for it.
    pub(crate) async fn mailed_token(&self, address: &str, page: &str) -> String {
        self.mailed_token_at(address, &format!("/account/{page}/")).await
    }

    /// The same of a link with this part in its address.
    pub(crate) async fn mailed_token_at(&self, address: &str, place: &str) -> String {
        self.until("a link is mailed", || async {
            self.letters(address).await.iter().any(|letter| letter.token_at(place).is_some())
        })
        .await;
        let letters = self.letters(address).await;
        letters.iter().rev().find_map(|letter| letter.token_at(place)).expect("it was there")
    }

    /// Waits until so many mails have come to this address.
    pub(crate) async fn has_mailed(&self, address: &str, count: usize) {
        self.until("the mails are written", || async { self.letters(address).await.len() >= count }).await;
    }
}
