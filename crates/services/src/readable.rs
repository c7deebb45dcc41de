//! Amounts and times as people read them, in mails and on pages.

use stoa_domain::shared::{Money, Timestamp};

/// A sign that lists of symbols give for francs, and that nobody who pays in francs writes.
const OLD_FRANC: &str = "₣";

/// `$12.50`, `€1,234.00`, `¥1,980`, `KWD 1.250`: the symbol where it is one sign, the code otherwise.
pub fn amount(money: Money) -> String {
    let decimal = money.to_decimal();
    let (sign, digits) = decimal.strip_prefix('-').map_or(("", decimal.as_str()), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let symbol = money.currency.symbol();

    let mut text = String::with_capacity(decimal.len() + decimal.len() / 3 + 4);
    text.push_str(sign);
    if symbol.chars().count() == 1 && symbol != OLD_FRANC {
        text.push_str(&symbol);
    } else {
        text.push_str(money.currency.code());
        // An amount is not to be torn apart at the end of a line.
        text.push('\u{a0}');
    }
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// `20 November 2026, 14:05 UTC`.
pub fn date_and_time(at: Timestamp) -> String {
    at.format("%-d %B %Y, %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_domain::shared::Currency;

    #[test]
    fn an_amount_has_the_decimals_of_its_currency_and_groups_of_three() {
        let of = |minor, code| amount(Money::new(minor, Currency::parse(code).unwrap()));
        assert_eq!(of(1250, "USD"), "$12.50");
        assert_eq!(of(123_456_789, "EUR"), "€1,234,567.89");
        assert_eq!(of(198_000, "JPY"), "¥198,000");
        assert_eq!(of(1250, "CHF"), "CHF\u{a0}12.50");
        assert_eq!(of(1250, "KWD"), "KWD\u{a0}1.250");
        assert_eq!(of(-5, "GBP"), "-£0.05");
        assert_eq!(of(100, "USD"), "$1.00");
    }

    #[test]
    fn times_say_their_zone() {
        let at = Timestamp::from_timestamp(1_795_183_500, 0).unwrap();
        assert_eq!(date_and_time(at), "20 November 2026, 14:05 UTC");
    }
}
