//! What comes back of a cart that was bought: the order it becomes, refunded step by step.

use super::{
    super::cart::{self, Cart},
    id,
};
use std::collections::HashMap;
use stoa_domain::{
    order::{
        FulfillmentStatus, LineItem, LineStanding, Order, OrderFigures, OrderState, RefundUnits, plan_refund,
    },
    pricing::{Goods, PricedCart, PricedLine},
    shared::{CartId, EmailAddress, LineItemId, OrderId, Rate},
};

/// What each refund is worth, one after the other.
pub(super) fn of(cart: &Cart, goods: &[Goods], priced: &PricedCart) -> Result<Vec<i64>, String> {
    if cart.refunds.is_empty() {
        return Ok(Vec::new());
    }
    let order = order(cart, goods, priced)?;
    let standing: Vec<LineStanding> = order.lines.iter().map(LineStanding::of).collect();
    let mut before: HashMap<LineItemId, u32> = HashMap::new();
    let mut values = Vec::new();
    for refund in &cart.refunds {
        let wanted = refund.units.iter().map(|(line, quantity)| {
            let line: u32 = line.parse().map_err(|_| format!("{line} is no line"))?;
            Ok(RefundUnits { line: id(line), quantity: *quantity, restock: true })
        });
        let wanted = wanted.collect::<Result<Vec<_>, String>>()?;
        let planned = plan_refund(&order, &standing, &before, &wanted).map_err(|why| why.to_string())?;
        for units in wanted {
            *before.entry(units.line).or_default() += units.quantity;
        }
        let delivery = if refund.delivery { order.delivery_value() } else { 0 };
        values.push(planned.iter().map(|planned| planned.value).sum::<i64>() + delivery);
    }
    Ok(values)
}

/// The order of a cart, as far as its figures go.
fn order(cart: &Cart, goods: &[Goods], priced: &PricedCart) -> Result<Order, String> {
    let now = cart.now.0;
    let lines = cart.lines.iter().zip(goods).zip(&priced.lines);
    Ok(Order {
        id: OrderId::NIL,
        number: 1001,
        token: String::new(),
        cart: CartId::NIL,
        state: OrderState::Paid { payment: None, paid_at: now },
        attention: None,
        fulfillment: FulfillmentStatus::Unfulfilled,
        customer: None,
        locale: None,
        email: EmailAddress::parse("ada@example.org").map_err(|wrong| wrong.to_string())?,
        phone: None,
        shipping_address: None,
        delivery_title: None,
        delivery_handle: None,
        note: None,
        attributes: Vec::new(),
        figures: OrderFigures {
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
            shop: None,
            reverse_charge: priced.reverse_charge,
            tax_rate: Rate::default(),
            prices_include_tax: priced.tax_inside,
            tax_rounding: super::rules::tax_rounding(cart),
        },
        lines: lines.map(|((line, goods), priced)| item(line, goods, priced)).collect(),
        placed_at: now,
        updated_at: now,
    })
}

fn item(line: &cart::Line, goods: &Goods, priced: &PricedLine) -> LineItem {
    LineItem {
        id: id(line.id),
        variant: goods.variant,
        product: goods.product,
        title: String::new(),
        variant_title: String::new(),
        sku: None,
        image_url: None,
        quantity: line.quantity,
        unit_price: priced.unit_price,
        subtotal: priced.subtotal,
        discount: priced.line_discount + priced.order_discount,
        tax: priced.tax,
        removed_tax: priced.removed_tax,
        gift_of: line.gift_of.map(id),
        gift_card: goods.gift_card,
        requires_shipping: goods.requires_shipping,
        fulfilled: 0,
        attributes: Vec::new(),
    }
}
