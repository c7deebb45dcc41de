//! Card numbers: the check digit and the brand.

use crate::words::words;

words! {
    /// A card network.
    Brand {
        /// American Express.
        Amex = "amex",
        /// Diners Club.
        Diners = "diners",
        /// Discover.
        Discover = "discover",
        /// JCB.
        Jcb = "jcb",
        /// Mastercard.
        Mastercard = "mastercard",
        /// China UnionPay.
        Unionpay = "unionpay",
        /// Visa.
        Visa = "visa",
        /// None of these.
        Unknown = "unknown",
    }
}

impl Brand {
    /// The brand of a number, from the ranges that the networks have been given (ISO/IEC 7812).
    pub(crate) fn of(number: &str) -> Self {
        let prefix =
            |digits: usize| number.get(..digits).and_then(|text| text.parse::<u32>().ok()).unwrap_or(0);
        match (prefix(1), prefix(2), prefix(4)) {
            (4, ..) => Self::Visa,
            (_, 34 | 37, _) => Self::Amex,
            (_, 51..=55, _) | (_, _, 2221..=2720) => Self::Mastercard,
            (_, 62, _) => Self::Unionpay,
            (_, 65, _) | (_, _, 6011 | 6440..=6499) => Self::Discover,
            (_, 36 | 38 | 39, _) | (_, _, 3000..=3059) => Self::Diners,
            (_, _, 3528..=3589) => Self::Jcb,
            _ => Self::Unknown,
        }
    }
}

words! {
    /// Where the card's money comes from.
    Funding {
        /// A credit line.
        Credit = "credit",
        /// A bank account.
        Debit = "debit",
        /// A balance.
        Prepaid = "prepaid",
    }
}

/// Whether the last digit is the right one (Luhn, ISO/IEC 7812-1 annex B). `number` holds digits only.
pub(super) fn check_digit_is_right(number: &str) -> bool {
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            match (place % 2, digit * 2) {
                (0, _) => digit,
                (_, doubled) if doubled > 9 => doubled - 9,
                (_, doubled) => doubled,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::{Brand, check_digit_is_right};

    #[test]
    fn one_wrong_digit_or_two_swapped_ones_are_noticed() {
        assert!(check_digit_is_right("4242424242424242"));
        assert!(check_digit_is_right("378282246310005"));
        assert!(!check_digit_is_right("4242424242424241"));
        assert!(!check_digit_is_right("2442424242424242"));
    }

    #[test]
    fn brands_follow_their_ranges() {
        for (number, brand) in [
            ("4000000000000002", Brand::Visa),
            ("5555555555554444", Brand::Mastercard),
            ("2223003122003222", Brand::Mastercard),
            ("371449635398431", Brand::Amex),
            ("6011111111111117", Brand::Discover),
            ("3056930009020004", Brand::Diners),
            ("3566002020360505", Brand::Jcb),
            ("6200000000000005", Brand::Unionpay),
            ("9999999999999995", Brand::Unknown),
        ] {
            assert_eq!(Brand::of(number), brand, "{number}");
        }
    }
}
