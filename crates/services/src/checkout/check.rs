//! Whether a cart can become an order. No IO.

use super::buyer::Buyer;
use crate::{Context, cart::CartView};
use stoa_domain::{
    checkout::{PlaceOrder, PlaceOrderRefusal},
    delivery::MethodKind,
    payment::Unchargeable,
    shared::{AddressError, EmailAddress, Money, Place},
};

/// Whether a cart says all that an order needs, and costs what its buyer was told. Gives where the order's mails go.
///
/// # Errors
/// The first thing that is missing, or has changed.
pub(super) fn check(
    ctx: &Context,
    view: &CartView,
    buyer: &Buyer,
    request: &PlaceOrder,
) -> Result<EmailAddress, PlaceOrderRefusal> {
    if view.cart.lines.is_empty() {
        return Err(PlaceOrderRefusal::Empty);
    }
    let total = view.priced.money(view.priced.total);
    if !view.gifts.undue.is_empty() {
        // The next change of the cart takes it out.
        return Err(PlaceOrderRefusal::DiscountUnavailable { actual: total });
    }
    if let Some(gone) = view.cart.lines.iter().find(|l| view.lines.iter().all(|shown| shown.line.id != l.id))
    {
        return Err(PlaceOrderRefusal::NotForSale(gone.variant));
    }
    if let Some(off) = view.lines.iter().find(|l| !l.merchandise.for_sale) {
        return Err(PlaceOrderRefusal::NotForSale(off.line.variant));
    }
    let email = buyer.email.clone().ok_or(PlaceOrderRefusal::EmailMissing)?;
    delivery(view, buyer)?;
    if view.tax_missing {
        return Err(PlaceOrderRefusal::TaxUnavailable);
    }
    if has_changed(total, request.expected_total, view.cart.told) {
        return Err(PlaceOrderRefusal::TotalChanged { actual: total });
    }
    let charge = view.priced.money(view.priced.charge);
    if has_changed(charge, request.expected_charge, view.cart.told_charge) {
        return Err(PlaceOrderRefusal::ChargeChanged { actual: charge });
    }
    // An order that nobody could pay is not placed. Where nothing is charged no gateway is needed.
    match ctx.ports.gateway.chargeable(charge) {
        _ if charge.minor == 0 => Ok(email),
        Ok(()) => Ok(email),
        Err(Unchargeable::TooLarge) => Err(PlaceOrderRefusal::AmountTooLarge),
        Err(Unchargeable::TooSmall { least }) => Err(PlaceOrderRefusal::AmountTooSmall { least }),
        Err(Unchargeable::Uneven { step }) => Err(PlaceOrderRefusal::AmountUneven { step }),
    }
}

/// Whether it is said where everything goes, and how.
fn delivery(view: &CartView, buyer: &Buyer) -> Result<(), PlaceOrderRefusal> {
    if !view.ships() {
        return Ok(());
    }
    if view.goes_somewhere() {
        let address = buyer.address.as_ref().ok_or(PlaceOrderRefusal::AddressMissing)?;
        address.deliverable().map_err(|e| match e {
            AddressError::Required { field }
            | AddressError::TooLong { field }
            | AddressError::HtmlTags { field } => PlaceOrderRefusal::AddressIncomplete(field),
        })?;
        // Else a buyer would choose the tax, by leaving out where they are.
        if Place::of(address).is_some_and(|place| !view.inputs.rules.rules.knows(&place)) {
            return Err(PlaceOrderRefusal::AddressIncomplete("provinceCode"));
        }
    }
    for (group, priced) in view.priced_groups() {
        if priced.chosen().is_none() {
            let was_quoted = view.cart.selection(group.id).is_some_and(|chosen| chosen.quote.is_some());
            return Err(match was_quoted {
                true => PlaceOrderRefusal::DeliveryUnavailable,
                false => PlaceOrderRefusal::DeliveryMissing,
            });
        }
    }
    Ok(())
}

impl CartView {
    /// Whether anything of it is brought to an address: nothing is of what its buyer picks up.
    pub(super) fn goes_somewhere(&self) -> bool {
        let is_picked_up = |kind: MethodKind| matches!(kind, MethodKind::PickUp { .. });
        let mut kinds = self.priced.groups.iter().map(|group| group.chosen().map(|chosen| chosen.kind));
        self.ships() && (self.priced.groups.is_empty() || kinds.any(|kind| !kind.is_some_and(is_picked_up)))
    }
}

/// Whether an amount is another than the one that was expected. Who expects nothing has seen what the cart's last change answered, or more.
fn has_changed(actual: Money, expected: Option<Money>, told: Option<Money>) -> bool {
    match (expected, told) {
        (Some(expected), _) => expected != actual,
        (None, Some(told)) => told.currency != actual.currency || told.minor < actual.minor,
        (None, None) => false,
    }
}
