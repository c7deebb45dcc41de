//! From a cart that can be bought to the order it becomes. No IO.

use super::buyer::Buyer;
use crate::{Context, cart::CartView};
use stoa_domain::{
    checkout::PlaceOrderRefusal,
    order::{FulfillmentStatus, LineItem, Order, OrderFigures, OrderNumber, OrderState},
    payment::{Payment, PaymentState, Unchargeable},
    shared::{
        AddressError, CustomerId, EmailAddress, LineItemId, Locale, Money, OrderId, PaymentId, Timestamp,
    },
};

/// Whether a cart says all that an order needs.
pub(super) fn check(
    ctx: &Context,
    view: &CartView,
    buyer: &Buyer,
    expected: Option<Money>,
) -> Result<EmailAddress, PlaceOrderRefusal> {
    if view.cart.lines.is_empty() {
        return Err(PlaceOrderRefusal::Empty);
    }
    if let Some(gone) = view.cart.lines.iter().find(|l| view.lines.iter().all(|shown| shown.line.id != l.id))
    {
        return Err(PlaceOrderRefusal::NotForSale(gone.variant));
    }
    if let Some(off) = view.lines.iter().find(|l| !l.merchandise.for_sale) {
        return Err(PlaceOrderRefusal::NotForSale(off.line.variant));
    }
    let email = buyer.email.clone().ok_or(PlaceOrderRefusal::EmailMissing)?;
    if view.ships() {
        let address = buyer.address.as_ref().ok_or(PlaceOrderRefusal::AddressMissing)?;
        address.deliverable().map_err(|e| match e {
            AddressError::Required { field }
            | AddressError::TooLong { field }
            | AddressError::HtmlTags { field } => PlaceOrderRefusal::AddressIncomplete(field),
        })?;
        if view.delivery().is_none() {
            return Err(PlaceOrderRefusal::DeliveryMissing);
        }
    }
    let total = view.priced.money(view.priced.total);
    let changed = match (expected, view.cart.told) {
        (Some(expected), _) => expected != total,
        // Who says nothing has seen what the cart's last change answered, or more.
        (None, Some(told)) => told.currency != total.currency || told.minor < total.minor,
        (None, None) => false,
    };
    if changed {
        return Err(PlaceOrderRefusal::TotalChanged { actual: total });
    }
    // An order that nobody could pay is not placed. One that costs nothing needs no gateway.
    match ctx.ports.gateway.chargeable(total) {
        _ if total.minor == 0 => Ok(email),
        Ok(()) => Ok(email),
        Err(Unchargeable::TooLarge) => Err(PlaceOrderRefusal::AmountTooLarge),
        Err(Unchargeable::TooSmall { least }) => Err(PlaceOrderRefusal::AmountTooSmall { least }),
        Err(Unchargeable::Uneven { step }) => Err(PlaceOrderRefusal::AmountUneven { step }),
    }
}

/// The order a cart becomes, awaiting payment, or paid at once when it costs nothing.
pub(super) fn order(
    ctx: &Context,
    view: &CartView,
    (email, customer, locale): (EmailAddress, Option<CustomerId>, Option<Locale>),
    now: Timestamp,
) -> Order {
    let ids = &ctx.ports.ids;
    let rules = &ctx.settings.pricing;
    let cart = &view.cart;
    let lines = view
        .lines
        .iter()
        .map(|shown| LineItem {
            id: LineItemId::new(ids.id()),
            variant: shown.line.variant,
            product: shown.merchandise.product,
            title: shown.merchandise.product_title.to_string(),
            variant_title: shown.merchandise.variant_title.to_string(),
            sku: shown.merchandise.sku.as_ref().map(ToString::to_string),
            image_url: shown.merchandise.image.as_ref().map(|i| i.url.to_string()),
            quantity: shown.line.quantity,
            unit_price: shown.priced.unit_price,
            subtotal: shown.priced.subtotal,
            discount: shown.priced.line_discount + shown.priced.order_discount,
            tax: shown.priced.tax,
            removed_tax: shown.priced.removed_tax,
            gift_of: shown.line.gift,
            gift_card: false,
            requires_shipping: shown.merchandise.requires_shipping,
            fulfilled: 0,
            attributes: shown.line.attributes.clone(),
        })
        .collect();
    let state = match view.priced.total {
        0 => OrderState::Paid { payment: None, paid_at: now },
        _ => OrderState::AwaitingPayment { expires_at: now + ctx.settings.pay_within },
    };
    let ships = view.ships();
    Order {
        id: OrderId::new(ids.id()),
        // Taken inside the transaction, so that numbers have no holes.
        number: OrderNumber::default(),
        token: ids.token(),
        cart: cart.id,
        state,
        attention: None,
        fulfillment: FulfillmentStatus::Unfulfilled,
        customer,
        locale,
        email,
        phone: cart.buyer.phone.clone(),
        shipping_address: cart.selected_address().filter(|_| ships).map(|a| a.address.clone()),
        delivery_title: view.delivery().map(|d| d.title.to_string()),
        delivery_handle: view.delivery().map(|d| d.handle.to_string()),
        note: cart.note.clone(),
        attributes: cart.attributes.clone(),
        figures: OrderFigures {
            currency: cart.currency,
            subtotal: view.priced.subtotal,
            discount: view.priced.discount,
            delivery: view.priced.delivery,
            delivery_discount: view.priced.delivery_discount,
            delivery_tax: view.priced.delivery_tax,
            removed_tax: view.priced.removed_tax,
            tax: view.priced.tax,
            total: view.priced.total,
            charge: view.priced.charge,
            shop: None,
            reverse_charge: false,
            tax_rate: rules.tax_rate,
            prices_include_tax: rules.prices_include_tax,
            tax_rounding: rules.tax_rounding,
        },
        lines,
        placed_at: now,
        updated_at: now,
    }
}

/// The payment an order waits for; `None` when it costs nothing.
pub(super) fn payment(ctx: &Context, order: &Order, now: Timestamp) -> Option<Payment> {
    (order.figures.total > 0).then(|| Payment {
        id: PaymentId::new(ctx.ports.ids.id()),
        order: order.id,
        gateway: ctx.ports.gateway.name().to_owned(),
        intent: None,
        state: PaymentState::RequiresPaymentMethod,
        amount: order.figures.total,
        currency: order.figures.currency,
        amount_received: 0,
        amount_refunded: 0,
        disputed: false,
        dispute_at: None,
        last_error: None,
        created_at: now,
        updated_at: now,
    })
}
