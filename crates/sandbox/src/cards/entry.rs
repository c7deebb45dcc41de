//! What a buyer typed into the card form, checked before anything is tried with it.

use chrono::{DateTime, Datelike};

use super::{Brand, TestCard, by_number, number::check_digit_is_right};
use crate::error::ApiError;

/// A card as typed, found plausible. The full number goes no further than this: an object keeps its last four
/// digits, and which test card it is.
#[derive(Clone, Debug)]
pub(crate) struct CardEntry {
    /// The test card, when the number is one.
    pub(crate) test_card: Option<&'static TestCard>,
    /// Its network.
    pub(crate) brand: Brand,
    /// The last four digits.
    pub(crate) last4: String,
    /// 1 to 12.
    pub(crate) exp_month: u32,
    /// Four digits.
    pub(crate) exp_year: i32,
    /// Whether a security code was given.
    pub(crate) has_cvc: bool,
}

/// The fields of a card form, as they came.
pub(crate) struct Typed<'a> {
    pub(crate) number: &'a str,
    pub(crate) exp_month: i64,
    pub(crate) exp_year: i64,
    pub(crate) cvc: Option<&'a str>,
}

impl CardEntry {
    /// Checks the fields of a form. `group` is what stands before the field names in errors; `now` is in seconds.
    pub(crate) fn parse(typed: &Typed<'_>, group: &str, now: i64) -> Result<Self, ApiError> {
        let param = |name: &str| if group.is_empty() { name.to_owned() } else { format!("{group}[{name}]") };
        let number: String = typed.number.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        if !number.bytes().all(|byte| byte.is_ascii_digit()) || !(12..=19).contains(&number.len()) {
            return Err(ApiError::bad_card(
                "invalid_number",
                "The card number is not a valid credit card number.",
                param("number"),
            ));
        }
        if !check_digit_is_right(&number) {
            return Err(ApiError::bad_card(
                "incorrect_number",
                "Your card number is incorrect.",
                param("number"),
            ));
        }
        let (exp_month, exp_year) = expiry(typed.exp_month, typed.exp_year, now, &param)?;
        let brand = Brand::of(&number);
        let has_cvc = typed.cvc.is_some_and(|cvc| !cvc.is_empty());
        if let Some(cvc) = typed.cvc.filter(|cvc| !cvc.is_empty()) {
            let length_fits = if brand == Brand::Amex { matches!(cvc.len(), 3 | 4) } else { cvc.len() == 3 };
            if !length_fits || !cvc.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(ApiError::bad_card(
                    "invalid_cvc",
                    "Your card's security code is invalid.",
                    param("cvc"),
                ));
            }
        }
        let last4 = number.get(number.len() - 4..).unwrap_or_default().to_owned();
        Ok(Self { test_card: by_number(&number), brand, last4, exp_month, exp_year, has_cvc })
    }

    /// A test card behind a token: a full form, valid for four more years.
    pub(crate) fn of_test_card(card: &'static TestCard, now: i64) -> Self {
        let (year, _) = year_and_month(now);
        Self {
            test_card: Some(card),
            brand: card.brand(),
            last4: card.number.get(card.number.len() - 4..).unwrap_or_default().to_owned(),
            exp_month: 12,
            exp_year: year.saturating_add(4),
            has_cvc: true,
        }
    }
}

fn expiry(month: i64, year: i64, now: i64, param: &impl Fn(&str) -> String) -> Result<(u32, i32), ApiError> {
    let bad_month = || {
        ApiError::bad_card(
            "invalid_expiry_month",
            "Your card's expiration month is invalid.",
            param("exp_month"),
        )
    };
    let bad_year = || {
        ApiError::bad_card(
            "invalid_expiry_year",
            "Your card's expiration year is invalid.",
            param("exp_year"),
        )
    };
    let exp_month =
        u32::try_from(month).ok().filter(|month| (1..=12).contains(month)).ok_or_else(bad_month)?;
    let full_year = if (0..100).contains(&year) { year + 2000 } else { year };
    let exp_year = i32::try_from(full_year).map_err(|_| bad_year())?;
    let (this_year, this_month) = year_and_month(now);
    if exp_year < this_year || exp_year > this_year.saturating_add(50) {
        return Err(bad_year());
    }
    if exp_year == this_year && exp_month < this_month {
        return Err(bad_month());
    }
    Ok((exp_month, exp_year))
}

/// The year and month of a time in seconds.
fn year_and_month(now: i64) -> (i32, u32) {
    DateTime::from_timestamp(now, 0).map_or((1970, 1), |at| (at.year(), at.month()))
}

#[cfg(test)]
mod tests {
    use super::{CardEntry, Typed};

    /// 2026-11-20.
    const NOW: i64 = 1_795_132_800;

    fn code(number: &str, month: i64, year: i64, cvc: &str) -> Option<String> {
        let typed = Typed { number, exp_month: month, exp_year: year, cvc: Some(cvc) };
        let error = CardEntry::parse(&typed, "card", NOW).err()?;
        let body = error.body();
        let part = |name: &str| body["error"][name].as_str().unwrap().to_owned();
        Some(format!("{} {}", part("code"), part("param")))
    }

    #[test]
    fn a_plausible_card_passes_with_spaces_and_a_short_year() {
        assert_eq!(code("4242 4242 4242 4242", 11, 26, "123"), None);
        assert_eq!(code("378282246310005", 1, 2030, "1234"), None);
    }

    #[test]
    fn each_field_is_blamed_for_its_own_fault() {
        assert_eq!(code("4242424242424241", 1, 30, "123").as_deref(), Some("incorrect_number card[number]"));
        assert_eq!(code("4242", 1, 30, "123").as_deref(), Some("invalid_number card[number]"));
        assert_eq!(code("4242x24242424242", 1, 30, "123").as_deref(), Some("invalid_number card[number]"));
        assert_eq!(
            code("4242424242424242", 13, 30, "123").as_deref(),
            Some("invalid_expiry_month card[exp_month]")
        );
        assert_eq!(
            code("4242424242424242", 10, 26, "123").as_deref(),
            Some("invalid_expiry_month card[exp_month]")
        );
        assert_eq!(
            code("4242424242424242", 1, 25, "123").as_deref(),
            Some("invalid_expiry_year card[exp_year]")
        );
        assert_eq!(
            code("4242424242424242", 1, 2099, "123").as_deref(),
            Some("invalid_expiry_year card[exp_year]")
        );
        assert_eq!(code("4242424242424242", 1, 30, "12").as_deref(), Some("invalid_cvc card[cvc]"));
        assert_eq!(code("4242424242424242", 1, 30, "1234").as_deref(), Some("invalid_cvc card[cvc]"));
        assert_eq!(code("4242424242424242", 1, 30, "12a").as_deref(), Some("invalid_cvc card[cvc]"));
    }
}
