//! Amounts and times as people read them.

use stoa_domain::shared::{Money, Timestamp};

/// Signs that readers know; other currencies are written by their code.
const COMMON_SIGNS: [&str; 9] = ["$", "€", "£", "¥", "₹", "₩", "₪", "₫", "₱"];

/// `$12.50`, `€1,234.00`, `¥1,980`, `KWD 1.250`: the sign where it is a common one, the code otherwise.
pub(super) fn readable(money: Money) -> String {
    let decimal = money.to_decimal();
    let (sign, digits) = decimal.strip_prefix('-').map_or(("", decimal.as_str()), |d| ("-", d));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut grouped = String::with_capacity(whole.len() + whole.len() / 3);
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if let Some(fraction) = fraction {
        grouped.push('.');
        grouped.push_str(fraction);
    }
    let symbol = money.currency.symbol();
    if COMMON_SIGNS.contains(&symbol.as_str()) {
        format!("{sign}{symbol}{grouped}")
    } else {
        format!("{sign}{} {grouped}", money.currency.code())
    }
}

/// `20 November 2026, 14:05 UTC`.
pub(super) fn readable_time(at: Timestamp) -> String {
    at.format("%-d %B %Y, %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_domain::shared::Currency;

    #[test]
    fn amounts_are_grouped_and_carry_their_sign() {
        let of = |minor, code| readable(Money::new(minor, Currency::parse(code).unwrap()));
        assert_eq!(of(123_456_789, "EUR"), "€1,234,567.89");
        assert_eq!(of(-50, "USD"), "-$0.50");
        assert_eq!(of(1980, "JPY"), "¥1,980");
        assert_eq!(of(1250, "CHF"), "CHF 12.50");
    }
}
