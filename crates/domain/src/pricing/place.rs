//! Where goods go, and whose taxes are charged there.

use super::{GroupIndex, PricingInput, TaxBasis};
use crate::shared::Place;

/// Where what is delivered together goes; what is not delivered, and what goes nowhere that is known, where the buyer is.
pub(super) fn goes_to<'a>(input: &PricingInput<'a>, group: Option<GroupIndex>) -> Option<&'a Place> {
    let to = group.and_then(|n| input.deliveries.get(n)?.to.as_ref());
    to.or(input.context.address.as_ref())
}

/// Whose taxes are charged on what goes there: those of the place, or of the shop's for the countries that it names. While nobody has said where,
/// prices that contain tax contain the shop's.
pub(super) fn taxed_at<'a>(
    input: &PricingInput<'a>,
    to: Option<&'a Place>,
    tax_inside: bool,
) -> Option<&'a Place> {
    let settings = input.rules.settings();
    let home = settings.home.as_ref();
    let is_of_origin = |to: &Place| {
        settings.tax_basis == TaxBasis::Origin && settings.origin_countries.contains(&to.country)
    };
    match to {
        Some(to) if is_of_origin(to) => home.or(Some(to)),
        Some(to) => Some(to),
        None => home.filter(|_| tax_inside),
    }
}
