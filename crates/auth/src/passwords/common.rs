//! Passwords that everybody tries first.

use zxcvbn::{matching::patterns::MatchPattern, zxcvbn};

/// What is found within so many tries is found by whoever tries a few accounts a day for a year.
const FEWEST_TRIES: u64 = 1_000_000;

/// As many letters of a password are weighed. Each common one is shorter, or a repetition that shows by then; and the time
/// grows with the square of the letters, and with each symbol that may stand for a letter: of a hundred it takes a second.
const WEIGHED: usize = 32;

pub(super) fn is_common(password: &str, context: &[String]) -> bool {
    let context: Vec<&str> = context.iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
    let password: String = password.chars().take(WEIGHED).collect();
    let weighed = zxcvbn(&password, &context);
    let is_one_word =
        matches!(weighed.sequence(), [whole] if matches!(whole.pattern, MatchPattern::Dictionary(_)));
    is_one_word || weighed.guesses() < FEWEST_TRIES
}
