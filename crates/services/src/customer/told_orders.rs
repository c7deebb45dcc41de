//! What is told a customer of their orders: what they bought, where it went and in which parcels, and what was paid and given back.

use super::told::{attributes, listed};
use crate::Context;
use serde_json::{Value, json};
use std::collections::HashMap;
use stoa_domain::{
    order::{CancelReason, Fulfillment, LineItem, Order, OrderState},
    payment::Payment,
    shared::{CustomerId, Fault, OrderId, PaymentId, RefundId, Timestamp, page::PageRequest},
};
use stoa_persistence::{
    Db, fulfillment,
    order::{self, OrderSort},
    payment::{self, Refund},
};

/// Orders that are read at once.
const PAGE: u32 = 100;

/// All of them, the first one first. Eight statements at most for each [`PAGE`] of them.
pub(super) async fn of(ctx: &Context, customer: CustomerId) -> Result<Vec<Value>, Fault> {
    let read = ctx.db().read();
    let mut told = Vec::new();
    let mut request = PageRequest::first(PAGE);
    loop {
        let page = order::of_customer(read, customer, (OrderSort::Number, false), &request).await;
        let page = page.map_err(listed)?;
        let ids: Vec<_> = page.nodes().copied().collect();
        let beside = Beside::of(ctx.db(), &ids).await?;
        told.extend(order::find_all(read, &ids).await?.iter().map(|order| beside.told(order)));
        let Some(last) = page.rows.last().filter(|_| page.info.has_next) else { return Ok(told) };
        request = PageRequest { after: Some(last.cursor.clone()), ..PageRequest::first(PAGE) };
    }
}

/// What some orders have beside themselves.
struct Beside {
    payments: HashMap<OrderId, Payment>,
    refunds: HashMap<PaymentId, Vec<Refund>>,
    refunded_at: HashMap<RefundId, Timestamp>,
    parcels: HashMap<OrderId, Vec<Fulfillment>>,
}

impl Beside {
    async fn of(db: &Db, orders: &[OrderId]) -> Result<Self, Fault> {
        let read = db.read();
        let payments = payment::find_by_orders(read, orders).await?;
        let paid: Vec<PaymentId> = payments.iter().map(|payment| payment.id).collect();
        let refunds = payment::refunds_of_all(read, &paid).await?;
        let given: Vec<RefundId> = refunds.values().flatten().map(|refund| refund.id).collect();
        Ok(Self {
            payments: payments.into_iter().map(|payment| (payment.order, payment)).collect(),
            refunds,
            refunded_at: payment::refund_moments(read, &given).await?,
            parcels: fulfillment::of_orders(read, orders).await?,
        })
    }

    fn told(&self, order: &Order) -> Value {
        let payment = self.payments.get(&order.id);
        let refunds = payment.and_then(|payment| self.refunds.get(&payment.id)).into_iter().flatten();
        let refunds: Vec<Value> =
            refunds.map(|refund| told_refund(refund, self.refunded_at.get(&refund.id))).collect();
        let parcels = self.parcels.get(&order.id).into_iter().flatten();
        let parcels: Vec<Value> = parcels.map(|parcel| told_parcel(parcel, &order.lines)).collect();
        one(order, payment, (&refunds, &parcels))
    }
}

/// When it was paid, when it was cancelled, and why.
const fn moments(of: &OrderState) -> (Option<Timestamp>, Option<Timestamp>, Option<CancelReason>) {
    match *of {
        OrderState::AwaitingPayment { .. } => (None, None, None),
        OrderState::Paid { paid_at, .. } => (Some(paid_at), None, None),
        OrderState::Cancelled { reason, at } => (None, Some(at), Some(reason)),
    }
}

fn one(order: &Order, payment: Option<&Payment>, (refunds, parcels): (&[Value], &[Value])) -> Value {
    let (paid_at, cancelled_at, why) = moments(&order.state);
    json!({
        "number": order.number,
        "state": order.state.name(),
        "placedAt": order.placed_at,
        "paidAt": paid_at,
        "cancelledAt": cancelled_at,
        "cancelReason": why.map(CancelReason::name),
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
            "disputed": payment.disputed,
            "disputeChangedAt": payment.dispute_at,
            "createdAt": payment.created_at,
        })),
        "refunds": refunds,
        "parcels": parcels,
    })
}

fn told_refund(of: &Refund, at: Option<&Timestamp>) -> Value {
    json!({ "amount": of.amount, "state": of.state.name(), "askedAt": at })
}

fn told_parcel(of: &Fulfillment, lines: &[LineItem]) -> Value {
    let sent = of.lines.iter().map(|sent| {
        let line = lines.iter().find(|line| line.id == sent.line);
        json!({
            "title": line.map(|line| line.title.as_str()),
            "variant": line.map(|line| line.variant_title.as_str()),
            "quantity": sent.quantity,
        })
    });
    json!({
        "sentAt": of.created_at,
        "company": of.tracking.company(),
        "trackingNumbers": of.tracking.numbers(),
        "trackingAddresses": of.tracking.urls(),
        "lines": sent.collect::<Vec<_>>(),
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
