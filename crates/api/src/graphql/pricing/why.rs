//! Why a promotion takes nothing off, for people.

use std::borrow::Cow;
use stoa_domain::{
    pricing::Why,
    shared::{Currency, Money},
};

/// Why a promotion takes nothing off, in a sentence for whoever entered its code. Other promotions are not named: their names are the shop's.
pub fn sentence(why: Why, currency: Currency) -> Cow<'static, str> {
    let money = |minor| {
        let code = currency.code();
        format!("{} {code}", Money::new(minor, currency).to_decimal())
    };
    Cow::Borrowed(match why {
        Why::UnknownCode => "There is no discount with this code.",
        Why::Inactive | Why::CodeDisabled => "The discount is not active.",
        Why::NotBegun { at } => return format!("The discount begins at {}.", at.to_rfc3339()).into(),
        Why::Over { at } => return format!("The discount ended at {}.", at.to_rfc3339()).into(),
        Why::SubtotalTooLow { least, is } => {
            return format!("The discount is for {} and more; this comes to {}.", money(least), money(is))
                .into();
        }
        Why::SubtotalTooHigh { most, is } => {
            return format!("The discount is for {} and less; this comes to {}.", money(most), money(is))
                .into();
        }
        Why::TooFew { least, is } => {
            return format!("The discount is for {least} units and more; these are {is}.").into();
        }
        Why::TooMany { most, is } => {
            return format!("The discount is for {most} units and less; these are {is}.").into();
        }
        Why::SetNotComplete => "What has to be bought together for the discount is not in the cart yet.",
        Why::NothingEntitled => "The discount is for nothing that is in the cart.",
        Why::NoDelivery => "The discount is for delivery, which is not chosen yet or not needed.",
        Why::OtherMethod => "The discount is for another way of delivery.",
        Why::DeliveryFree => "The discount is for delivery, which is free already.",
        Why::SignInNeeded => "The discount depends on who buys: sign in, or say who you are.",
        Why::OtherGroup | Why::NotFirstOrder => "The discount is for other customers.",
        Why::UsedUp | Why::BudgetSpent | Why::CodeUsedUp => "The discount is used up.",
        Why::UsedUpByBuyer => "You have used the discount as often as one may.",
        Why::OtherCountry => "The discount is for another country.",
        Why::OtherCurrency => "The discount is for another currency.",
        Why::OtherMarket => "The discount is for another market.",
        Why::Beaten { .. } => "Another discount on the cart takes more off.",
        Why::Excluded { .. } => "The discount cannot be used together with another one on the cart.",
        Why::TooManyCandidates => "So many discounts apply that this one was not weighed.",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_with_the_decimals_of_their_currency() {
        let told =
            |code| sentence(Why::SubtotalTooLow { least: 5_000, is: 4_999 }, Currency::parse(code).unwrap());
        assert_eq!(told("EUR"), "The discount is for 50.00 EUR and more; this comes to 49.99 EUR.");
        assert_eq!(told("JPY"), "The discount is for 5000 JPY and more; this comes to 4999 JPY.");
        assert_eq!(told("KWD"), "The discount is for 5.000 KWD and more; this comes to 4.999 KWD.");
    }
}
