//! Every language says the same.

use super::*;
use crate::mail::MailKind;
use std::collections::BTreeSet;

fn words() -> Vec<(Locale, &'static Words)> {
    Locale::ALL.map(|locale| (locale, Words::of(locale).unwrap())).into()
}

impl Words {
    fn text(&self, key: &str) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Value(name) => format!("{{{name}}}"),
        };
        self.0[key].iter().map(part).collect()
    }

    fn places(&self, key: &str) -> BTreeSet<&str> {
        let name = |part| match part {
            &Part::Text(_) => None,
            Part::Value(name) => Some(name.as_str()),
        };
        self.0[key].iter().filter_map(name).collect()
    }
}

#[test]
fn every_language_has_the_same_phrases_with_the_same_values() {
    let english = Words::of(Locale::En).unwrap();
    for (locale, words) in words() {
        assert_eq!(
            words.0.keys().collect::<Vec<_>>(),
            english.0.keys().collect::<Vec<_>>(),
            "{locale} has other keys"
        );
        for key in english.0.keys() {
            assert_eq!(words.places(key), english.places(key), "{locale}: {key}");
            let text = words.text(key);
            assert_eq!(text.trim(), text, "{locale}: {key}");
            assert!(!text.is_empty() && !text.contains(char::is_control), "{locale}: {key}");
            assert!(!text.contains("  "), "{locale}: {key}");
        }
    }
}

/// A phrase that reads as in English was forgotten, but for these.
#[test]
fn nothing_was_left_in_english() {
    let alike = ["common.label", "order.times", "order.total", "order.subtotal"];
    let english = Words::of(Locale::En).unwrap();
    for (locale, words) in words().into_iter().skip(1) {
        for key in english.0.keys().filter(|key| !alike.contains(&key.as_str())) {
            assert_ne!(words.text(key), english.text(key), "{locale}: {key}");
        }
    }
}

#[test]
fn every_kind_has_a_subject_and_every_section_is_of_a_kind() {
    for kind in MailKind::ALL {
        assert_eq!(MailKind::from_name(kind.name()), Some(kind));
        assert!(Words::of(Locale::En).unwrap().has(&format!("{}.subject", kind.name())), "{kind:?}");
    }
    assert_eq!(MailKind::from_name("order"), None);
    for key in Words::of(Locale::En).unwrap().0.keys() {
        let section = key.split('.').next().unwrap();
        assert!(["common", "order"].contains(&section) || MailKind::from_name(section).is_some(), "{key}");
    }
}

/// The rules of each script that are easily forgotten.
#[test]
fn every_language_is_spelt_by_its_own_rules() {
    for (locale, words) in words() {
        for key in words.0.keys().filter(|key| *key != "common.label") {
            let text = words.text(key);
            assert!(!text.contains(['\'', '"']), "{locale}: {key}: typewriter's quotes: {text}");
            match locale {
                Locale::Fr => {
                    let glued = text.char_indices().filter(|(_, c)| ":;?!".contains(*c));
                    for (at, sign) in glued {
                        assert!(text[..at].ends_with('\u{a0}'), "{key}: no space before {sign}: {text}");
                    }
                }
                Locale::Es => {
                    assert_eq!(text.matches('?').count(), text.matches('¿').count(), "{key}: {text}");
                    assert_eq!(text.matches('!').count(), text.matches('¡').count(), "{key}: {text}");
                }
                Locale::Ja => {
                    assert!(!text.contains(['?', '!', ',', '(', ':', ';']), "{key}: not Japanese: {text}");
                }
                Locale::De => {
                    let familiar =
                        ["du", "dich", "dir", "dein", "deine", "deinen", "deinem", "deiner", "euch", "euer"];
                    let mut spoken = text.split(|c: char| !c.is_alphabetic()).map(str::to_lowercase);
                    assert!(!spoken.any(|word| familiar.contains(&word.as_str())), "{key}: {text}");
                }
                Locale::En => {}
            }
        }
    }
}

#[test]
fn a_value_is_put_in_once_and_is_no_phrase() {
    let words = Words::parse("[a]\nb = \"{x} and {y}, {x}\"").unwrap();
    let said = words.say("a.b", &[("x", "{y}"), ("y", "2"), ("z", "unused")]).unwrap();
    assert_eq!(said, "{y} and 2, {y}");
    assert!(words.say("a.b", &[("x", "1")]).is_err(), "a value is missing");
    assert!(words.say("a.c", &[]).is_err(), "there is none");
}

#[test]
fn braces_come_in_pairs() {
    for broken in ["{", "}", "a } b", "{ x }", "{}", "{X}", "{x", "x}", "{x}}", "{{x}"] {
        assert!(parts(broken).is_none(), "{broken}");
    }
    assert_eq!(parts("{x}").unwrap().len(), 3);
    assert!(Words::parse("[a]\nb = \"{\"").is_err_and(|e| e.contains("a.b")));
}

#[test]
fn a_value_stays_on_its_line() {
    for (value, expected) in [
        ("Ada Lovelace", "Ada Lovelace"),
        ("12,50\u{a0}€", "12,50\u{a0}€"),
        ("Ada\r\nBcc: eve@example.org", "Ada Bcc: eve@example.org"),
        ("a\n\n\nb", "a b"),
        ("a\u{2028}b\u{2029}c\u{85}d\te", "a b c d e"),
        ("\u{1b}[31mred\u{7}", "[31mred"),
        ("\u{202e}gnp.exe\u{2066}", "gnp.exe"),
        ("\r\n", ""),
    ] {
        assert_eq!(one_line(value), expected, "{value:?}");
    }
}
