//! Amounts and times as people read them, in mails and on pages.
//!
//! The rules of each language are those of the Unicode Common Locale Data Repository (CLDR 46, `numbers` and `dates`), for the few
//! that we have words in; two of its choices are not taken: the yen is written `¥` everywhere, and English dates are in the order of
//! day, month and year.

use chrono::{Datelike, Timelike};
use stoa_domain::shared::{Locale, Money, Timestamp};

/// A sign that lists of symbols give for francs, and that nobody who pays in francs writes.
const OLD_FRANC: &str = "₣";

/// How a language writes figures.
struct Figures {
    decimal: char,
    group: char,
    /// From how many digits on there are groups.
    grouped_from: usize,
    /// Whether the currency comes first.
    currency_first: bool,
}

const fn figures(locale: Locale) -> Figures {
    let point = Figures { decimal: '.', group: ',', grouped_from: 4, currency_first: true };
    match locale {
        Locale::En | Locale::Ja => point,
        Locale::De => Figures { decimal: ',', group: '.', currency_first: false, ..point },
        Locale::Fr => Figures { decimal: ',', group: '\u{202f}', currency_first: false, ..point },
        Locale::Es => Figures { decimal: ',', group: '.', grouped_from: 5, currency_first: false },
    }
}

/// [`amount_in`] English.
pub fn amount(money: Money) -> String {
    amount_in(money, Locale::En)
}

/// `$12.50`, `€1,234.00`, `¥1,980`, `KWD 1.250`; `1.234,00 €` in German: the symbol where it is one sign, the code otherwise. Where
/// there is a space it is one that does not break.
pub fn amount_in(money: Money, locale: Locale) -> String {
    let rules = figures(locale);
    let decimal = money.to_decimal();
    let (sign, digits) = decimal.strip_prefix('-').map_or(("", decimal.as_str()), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let symbol = money.currency.symbol();
    let has_symbol = symbol.chars().count() == 1 && symbol != OLD_FRANC;
    let currency = if has_symbol { symbol.as_str() } else { money.currency.code() };

    let mut text = String::with_capacity(decimal.len() + decimal.len() / 3 + 8);
    text.push_str(sign);
    if rules.currency_first {
        text.push_str(currency);
        if !has_symbol {
            // An amount is not to be torn apart at the end of a line.
            text.push('\u{a0}');
        }
    }
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && whole.len() >= rules.grouped_from && (whole.len() - at).is_multiple_of(3) {
            text.push(rules.group);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(rules.decimal);
        text.push_str(fraction);
    }
    if !rules.currency_first {
        text.push('\u{a0}');
        text.push_str(currency);
    }
    text
}

/// [`date_in`] English.
pub fn date_and_time(at: Timestamp) -> String {
    date_in(at, Locale::En)
}

/// `20 November 2026, 14:05 UTC`, `20. November 2026 um 14:05 Uhr (UTC)`: the shop knows nobody's time zone, so it says its own.
pub fn date_in(at: Timestamp, locale: Locale) -> String {
    let (day, month, year) = (at.day(), month_in(at, locale), at.year());
    let time = format!("{:02}:{:02}", at.hour(), at.minute());
    match locale {
        Locale::En => format!("{day} {month} {year}, {time} UTC"),
        Locale::De => format!("{day}. {month} {year} um {time} Uhr (UTC)"),
        Locale::Fr if day == 1 => format!("1er {month} {year} à {time} (UTC)"),
        Locale::Fr => format!("{day} {month} {year} à {time} (UTC)"),
        Locale::Es => format!("{day} de {month} de {year}, {time} (UTC)"),
        Locale::Ja => format!("{year}年{month}月{day}日 {time}（UTC）"),
    }
}

/// The month by its name; in Japanese its number.
fn month_in(at: Timestamp, locale: Locale) -> &'static str {
    let names: [&str; 12] = match locale {
        Locale::En => [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        Locale::De => [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ],
        Locale::Fr => [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ],
        Locale::Es => [
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ],
        Locale::Ja => ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"],
    };
    names.get(at.month0() as usize).copied().unwrap_or_default()
}

#[cfg(test)]
#[path = "readable_tests.rs"]
mod tests;
