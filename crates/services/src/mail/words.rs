//! What mails say, in each language: phrases by key, from one file a language.

use std::{borrow::Cow, collections::BTreeMap, sync::LazyLock};
use stoa_domain::shared::{Fault, Locale};

/// The phrases of one language.
pub(super) struct Words(BTreeMap<String, Phrase>);

/// A text with places for values.
type Phrase = Vec<Part>;

enum Part {
    Text(String),
    /// What stands between braces.
    Value(String),
}

static WORDS: LazyLock<Result<[Words; 5], String>> = LazyLock::new(|| {
    let of = |locale| Words::parse(source(locale)).map_err(|e| format!("{locale}: {e}"));
    let [en, de, fr, es, ja] = Locale::ALL.map(of);
    Ok([en?, de?, fr?, es?, ja?])
});

const fn source(locale: Locale) -> &'static str {
    match locale {
        Locale::En => include_str!("../../templates/mail/words/en.toml"),
        Locale::De => include_str!("../../templates/mail/words/de.toml"),
        Locale::Fr => include_str!("../../templates/mail/words/fr.toml"),
        Locale::Es => include_str!("../../templates/mail/words/es.toml"),
        Locale::Ja => include_str!("../../templates/mail/words/ja.toml"),
    }
}

impl Words {
    /// Those of a language.
    ///
    /// # Errors
    /// Our own files are broken.
    pub(super) fn of(locale: Locale) -> Result<&'static Self, Fault> {
        let words = WORDS.as_ref().map_err(|e| Fault::internal("mail.words", e.clone()))?;
        let at = Locale::ALL.iter().position(|l| *l == locale);
        at.and_then(|at| words.get(at)).ok_or(Fault::bug("mail.words: a language is missing"))
    }

    fn parse(source: &str) -> Result<Self, String> {
        let sections: BTreeMap<String, BTreeMap<String, String>> =
            toml::from_str(source).map_err(|e| e.to_string())?;
        let mut words = BTreeMap::new();
        for (section, phrases) in sections {
            for (key, text) in phrases {
                let key = format!("{section}.{key}");
                let phrase = parts(&text).ok_or_else(|| format!("{key}: a brace without its other"))?;
                words.insert(key, phrase);
            }
        }
        Ok(Self(words))
    }

    /// Whether there is such a phrase: some kinds of mail have one more than others.
    pub(super) fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Says a phrase. Values that it has no place for are left out; what stands in a value is never taken for a place.
    ///
    /// # Errors
    /// There is no such phrase, or a value is missing: a fault to be seen, not an empty place in a mail.
    pub(super) fn say(&self, key: &str, values: &[(&str, &str)]) -> Result<String, Fault> {
        let phrase =
            self.0.get(key).ok_or_else(|| Fault::internal("mail.words", format!("no phrase {key}")))?;
        let said: Result<Vec<Cow<'_, str>>, Fault> = phrase
            .iter()
            .map(|part| match part {
                Part::Text(text) => Ok(Cow::from(text)),
                Part::Value(name) => values
                    .iter()
                    .find(|(of, _)| of == name)
                    .map(|(_, value)| one_line(value))
                    .ok_or_else(|| Fault::internal("mail.words", format!("{key} without a {name}"))),
            })
            .collect();
        Ok(said?.concat())
    }
}

/// Splits at braces; `None` where one stands alone.
fn parts(text: &str) -> Option<Phrase> {
    let mut phrase = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}')?;
        let sane = !before.contains('}') && !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase());
        if !sane {
            return None;
        }
        phrase.extend([Part::Text(before.to_owned()), Part::Value(name.to_owned())]);
        rest = behind;
    }
    if rest.contains('}') {
        return None;
    }
    phrase.push(Part::Text(rest.to_owned()));
    Some(phrase)
}

/// A value as it stands within a sentence, or in a subject: on one line, and without what steers a terminal or turns the direction of
/// what follows. Whoever may choose a name cannot begin a line of their own, nor a header.
pub(super) fn one_line(value: &str) -> Cow<'_, str> {
    let odd =
        |c: char| c.is_control() || is_steering(c) || (c.is_whitespace() && !" \u{a0}\u{202f}".contains(c));
    if !value.contains(odd) {
        return Cow::from(value);
    }
    let spaced: String = value.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let kept = spaced.split(' ').map(|word| word.replace(|c: char| c.is_control() || is_steering(c), ""));
    Cow::from(kept.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "))
}

/// Marks, embeddings, overrides and isolates of direction (UAX 9).
const fn is_steering(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
