//! Who owes no tax on what is taxed for everybody else.

use crate::{pricing::PricingInput, shared::Place, tax::is_member_state};

/// Whether a tax is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relief {
    /// As by everybody.
    Owed,
    /// Not by this buyer, as staff have noted.
    Exempt,
    /// Not here: the buyer owes it in the country that the goods go to.
    ReverseCharge,
}

impl Relief {
    /// Whether this buyer owes the taxes of what goes there.
    pub(super) fn of(input: &PricingInput<'_>, to: Option<&Place>) -> Self {
        if is_reverse_charged(input, to) {
            Self::ReverseCharge
        } else if input.context.buyer.tax_exempt {
            Self::Exempt
        } else {
            Self::Owed
        }
    }
}

/// Whether a business of another member state buys, and the goods go to another member state than the shop's (Directive 2006/112/EC, articles
/// 138 and 196). Whose number it is only VIES says.
fn is_reverse_charged(input: &PricingInput<'_>, to: Option<&Place>) -> bool {
    let home = input.rules.settings().home.as_ref().map(|home| home.country);
    let number = input.context.buyer.tax_number.as_ref().map(|number| number.country());
    let (Some(home), Some(number), Some(to)) = (home, number, to.map(|to| to.country)) else { return false };
    is_member_state(home) && is_member_state(to) && to != home && number != home
}
