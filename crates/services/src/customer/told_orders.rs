//! What is told a customer of their orders: what they bought, where it went, and what was paid and given back.

use super::told::listed;
use crate::Context;
use serde_json::{Value, json};
use stoa_domain::{
    cart::Attribute,
    order::{LineItem, Order},
    payment::Payment,
    shared::{CustomerId, Fault, page::PageRequest},
};
use stoa_persistence::{
    order::{self, OrderSort},
    payment::{self, Refund},
};

/// Orders that are read at once.
const PAGE: u32 = 100;

/// All of them, the first one first.
pub(super) async fn of(ctx: &Context, customer: CustomerId) -> Result<Vec<Value>, Fault> {
    let read = ctx.db().read();
    let mut told = Vec::new();
    let mut request = PageRequest::first(PAGE);
    loop {
        let page = order::of_customer(read, customer, (OrderSort::Number, false), &request).await;
        let page = page.map_err(listed)?;
        let ids: Vec<_> = page.nodes().copied().collect();
        for order in order::find_all(read, &ids).await? {
            let payment = payment::find_by_order(read, order.id).await?;
            let refunds = match &payment {
                Some(payment) => payment::refunds_of(read, payment.id).await?,
                None => Vec::new(),
            };
            told.push(one(&order, payment.as_ref(), &refunds));
        }
        let Some(last) = page.rows.last().filter(|_| page.info.has_next) else { return Ok(told) };
        request = PageRequest { after: Some(last.cursor.clone()), ..PageRequest::first(PAGE) };
    }
}

fn one(order: &Order, payment: Option<&Payment>, refunds: &[Refund]) -> Value {
    json!({
        "number": order.number,
        "state": order.state.name(),
        "placedAt": order.placed_at,
        "updatedAt": order.updated_at,
        "email": order.email.as_str(),
        "phone": order.phone,
        "shippingAddress": order.shipping_address,
        "delivery": order.delivery_title,
        "note": order.note,
        "attributes": attributes(&order.attributes),
        "currency": order.figures.currency.code(),
        "subtotal": order.figures.subtotal,
        "deliveryPrice": order.figures.delivery,
        "tax": order.figures.tax,
        "total": order.figures.total,
        "lines": order.lines.iter().map(line).collect::<Vec<_>>(),
        "payment": payment.map(|payment| json!({
            "state": payment.state.name(),
            "amount": payment.amount,
            "received": payment.amount_received,
            "refunded": payment.amount_refunded,
            "createdAt": payment.created_at,
        })),
        "refunds": refunds.iter().map(|refund| json!({ "amount": refund.amount })).collect::<Vec<_>>(),
    })
}

fn line(of: &LineItem) -> Value {
    json!({
        "title": of.title,
        "variant": of.variant_title,
        "sku": of.sku,
        "quantity": of.quantity,
        "sent": of.fulfilled,
        "unitPrice": of.unit_price,
        "subtotal": of.subtotal,
        "tax": of.tax,
        "attributes": attributes(&of.attributes),
    })
}

fn attributes(of: &[Attribute]) -> Vec<Value> {
    of.iter().map(|attribute| json!({ "key": attribute.key, "value": attribute.value })).collect()
}
