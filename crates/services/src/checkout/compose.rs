//! From a cart that can be bought to the order it becomes. No IO. What was checked is what is written: nothing is reckoned again.

use crate::{
    Context,
    cart::{CartView, ViewLine},
};
use stoa_domain::{
    order::{FulfillmentStatus, LineItem, Order, OrderFigures, OrderNumber, OrderState, ShopMoney},
    payment::{Payment, PaymentState},
    shared::{CustomerId, EmailAddress, LineItemId, Locale, MarketId, OrderId, PaymentId, Rate, Timestamp},
};
use stoa_persistence::order::OrderTerms;

/// Whose an order is, where its mails go, and in which language.
pub(super) type Addressee = (EmailAddress, Option<CustomerId>, Option<Locale>);

/// The order a cart becomes, awaiting payment, or paid at once when nothing is left to be charged.
pub(super) fn order(
    ctx: &Context,
    view: &CartView,
    (email, customer, locale): Addressee,
    now: Timestamp,
) -> Order {
    let ids = &ctx.ports.ids;
    let cart = &view.cart;
    let state = match view.priced.charge {
        0 => OrderState::Paid { payment: None, paid_at: now },
        _ => OrderState::AwaitingPayment { expires_at: now + ctx.settings.pay_within },
    };
    let goes_somewhere = view.goes_somewhere();
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
        shipping_address: cart.selected_address().filter(|_| goes_somewhere).map(|a| a.address.clone()),
        delivery_title: view.delivery().map(|d| d.title.to_string()),
        delivery_handle: view.delivery().map(|d| d.handle.to_string()),
        note: cart.note.clone(),
        attributes: cart.attributes.clone(),
        figures: figures(ctx, view),
        lines: view.lines.iter().map(|shown| line(LineItemId::new(ids.id()), shown)).collect(),
        placed_at: now,
        updated_at: now,
    }
}

fn line(id: LineItemId, shown: &ViewLine) -> LineItem {
    let ViewLine { line, merchandise, priced } = shown;
    LineItem {
        id,
        variant: line.variant,
        product: merchandise.product,
        title: merchandise.product_title.to_string(),
        variant_title: merchandise.variant_title.to_string(),
        sku: merchandise.sku.as_ref().map(ToString::to_string),
        image_url: merchandise.image.as_ref().map(|i| i.url.to_string()),
        quantity: line.quantity,
        unit_price: priced.unit_price,
        subtotal: priced.subtotal,
        discount: priced.line_discount.saturating_add(priced.order_discount),
        tax: priced.tax,
        removed_tax: priced.removed_tax,
        gift_of: line.gift,
        gift_card: merchandise.gift_card,
        requires_shipping: merchandise.requires_shipping,
        fulfilled: 0,
        attributes: line.attributes.clone(),
    }
}

fn figures(ctx: &Context, view: &CartView) -> OrderFigures {
    let priced = &view.priced;
    let context = view.inputs.context(&view.cart);
    OrderFigures {
        currency: priced.currency,
        subtotal: priced.subtotal,
        discount: priced.discount,
        delivery: priced.delivery,
        delivery_discount: priced.delivery_discount,
        delivery_tax: priced.delivery_tax,
        removed_tax: priced.removed_tax,
        tax: priced.tax,
        total: priced.total,
        charge: priced.charge,
        shop: priced.shop.map(|figures| ShopMoney {
            currency: context.shop_currency,
            rate: context.rate,
            figures,
        }),
        reverse_charge: priced.reverse_charge,
        tax_rate: one_rate(ctx, view),
        prices_include_tax: priced.tax_inside,
        tax_rounding: view.inputs.rules.rules.settings().tax_rounding,
    }
}

/// The rate of all of its tax, where there is one. Of a shop that keeps no taxes of its own that is the configured one, whatever it is charged on.
fn one_rate(ctx: &Context, view: &CartView) -> Rate {
    match view.priced.taxes.as_slice() {
        [one] => one.rate,
        [] if !view.inputs.rules.keeps_taxes() => ctx.settings.pricing.tax_rate,
        _ => Rate::default(),
    }
}

/// On which terms it is sold, beside its figures.
pub(super) fn terms(view: &CartView) -> OrderTerms {
    let context = view.inputs.context(&view.cart);
    OrderTerms {
        market: Some(context.market.id).filter(|market| *market != MarketId::NIL),
        tax_number: context.buyer.tax_number.map(String::from),
    }
}

/// The payment an order waits for; `None` when nothing is left to be charged.
pub(super) fn payment(ctx: &Context, order: &Order, now: Timestamp) -> Option<Payment> {
    (order.figures.charge > 0).then(|| Payment {
        id: PaymentId::new(ctx.ports.ids.id()),
        order: order.id,
        gateway: ctx.ports.gateway.name().to_owned(),
        intent: None,
        state: PaymentState::RequiresPaymentMethod,
        amount: order.figures.charge,
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
