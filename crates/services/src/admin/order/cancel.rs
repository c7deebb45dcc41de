//! Cancelling orders. What is promised to one is free again; what it has sent is taken in only if that is said; and its money goes back
//! by whoever may give money back.

use super::{
    give_up,
    parts::{self, GivingBack},
    refund::{RefundOrderError, changes, delivery_left, left_of},
    stock, subject, told,
};
use crate::{
    Context,
    audit::AuditedTx,
    gift_card::{self, GiftCardUsed},
    payment::{Paid, locked_payments},
    promotion,
};
use std::{collections::HashMap, sync::Arc};
use stoa_domain::{
    access::{
        Permit,
        grants::{OrdersRefund, OrdersWrite},
    },
    audit::Changes,
    inventory::{SetStockError, StockSnapshot},
    order::{CancelReason, Order, OrderState, PlannedRefund, RefundPart, plan_refund, rest_to_refund},
    shared::{Fault, InvalidTransition, LineItemId, LocationId, OrderId, RefundId, Timestamp, VariantId},
};
use stoa_persistence::{
    Batch, WriteTx,
    db::retrying,
    fulfillment, order,
    payment::{self, Refund, RefundLine, RefundMemo},
};

/// Which order, and what is to become of what belongs to it.
#[derive(Clone, Debug)]
pub struct Cancellation {
    /// Which.
    pub order: OrderId,
    /// Why.
    pub reason: CancelReason,
    /// Whether units that were sent are on the shelf again. What was not sent is free in any case.
    pub restock: bool,
    /// Where they are taken in; `None`: at the shop's first place.
    pub location: Option<LocationId>,
    /// Whether the buyer is written to when their money goes back.
    pub notify: bool,
}

/// Why an order is not cancelled. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum CancelOrderError {
    /// There is no such order.
    #[error("there is no such order")]
    NotFound,
    /// It was paid at this moment, or its bank is still thinking: look at it again.
    #[error(transparent)]
    State(#[from] InvalidTransition),
    /// It was cancelled before, and then not all was done that is asked for now.
    #[error("the order was cancelled before, and {0}")]
    Before(Undone),
    /// What came back cannot be taken in.
    #[error(transparent)]
    Stock(SetStockError),
    /// Its money cannot go back: something was paid with a gift card that was sold with this line.
    #[error("a gift card of the order was used")]
    GiftCardUsed {
        /// Which line.
        line: LineItemId,
    },
    /// The database or the gateway does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
crate::staff::may_fault!(CancelOrderError);

/// What was not done when an order was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undone {
    /// Its money has not gone back, or not all of it.
    #[error("money of it is left: refund it")]
    Money,
    /// Units that were sent were not taken in.
    #[error("what was sent was not taken in: count it")]
    Units,
}

impl From<SetStockError> for CancelOrderError {
    fn from(error: SetStockError) -> Self {
        match error {
            SetStockError::Fault(fault) => Self::Fault(fault),
            refused => Self::Stock(refused),
        }
    }
}

impl From<GiftCardUsed> for CancelOrderError {
    fn from(GiftCardUsed { line }: GiftCardUsed) -> Self {
        Self::GiftCardUsed { line }
    }
}

impl From<RefundOrderError> for CancelOrderError {
    fn from(error: RefundOrderError) -> Self {
        match error {
            RefundOrderError::Fault(fault) => Self::Fault(fault),
            RefundOrderError::GiftCardUsed { line } => Self::GiftCardUsed { line },
            // Behind the payments' locks what is left can be given back.
            refused => Self::Fault(Fault::internal("order.cancel: its money cannot go back", refused)),
        }
    }
}

/// Cancels orders.
pub struct CancelOrder(pub(crate) Arc<Context>);

impl CancelOrder {
    /// Cancels an order, and with the second permit gives back all that is left of its money. One that waits for payment is given up,
    /// after the gateway has been told that it cannot be paid any more; what has come for it by a wrong amount is left of its money as well.
    /// Again changes nothing, not even the reason.
    ///
    /// # Errors
    /// It was paid while we asked, sent units cannot be taken in, or it was cancelled before and then not all was done that is asked now.
    #[tracing::instrument(name = "order.cancel", skip_all)]
    pub async fn run(
        &self,
        by: &Permit<OrdersWrite>,
        refund: Option<&Permit<OrdersRefund>>,
        asked: &Cancellation,
    ) -> Result<Order, CancelOrderError> {
        let ctx = &self.0;
        let read = order::find(ctx.db().read(), asked.order).await?.ok_or(CancelOrderError::NotFound)?;
        if let OrderState::AwaitingPayment { .. } = read.state {
            return give_up::run(ctx, by, refund.is_some(), (&read, asked)).await;
        }
        let id = RefundId::new(ctx.ports.ids.id());
        let stock = retrying(|| self.cancel_once(by, refund.is_some().then_some(id), asked)).await?;
        if let Some(stock) = stock {
            ctx.jobs_waiting.notify_one();
            ctx.stock_moved(&stock).await;
            ctx.order_changed(asked.order);
        }
        order::find(ctx.db().read(), asked.order).await?.ok_or(CancelOrderError::NotFound)
    }

    /// Gives the stock that has moved; `None`: it was cancelled before. `refund` is the id of the one that gives its money back.
    async fn cancel_once(
        &self,
        by: &Permit<OrdersWrite>,
        refund: Option<RefundId>,
        asked: &Cancellation,
    ) -> Result<Option<Vec<StockSnapshot>>, CancelOrderError> {
        let (ctx, now) = (&self.0, self.0.now());
        let audited = AuditedTx::begin(ctx, by).await?;
        let tx = audited.tx();
        let order = order::find_for_update(tx, asked.order).await?.ok_or(CancelOrderError::NotFound)?;
        let next = order.state.clone().cancel_paid(asked.reason, now)?;
        if next == order.state {
            undone(tx, &order, refund.is_some(), asked.restock).await?;
            return Ok(None);
        }
        let before = payment::units_refunded(tx, order.id).await?;
        let rest = rest_of(tx, &order, &before, asked.restock).await?;
        if !order::set_state(tx, order.id, &order.state, &next, now).await? {
            return Err(Fault::bug("order.cancel: the order has moved under its lock").into());
        }
        let mut batch = Batch::new();
        told::note(ctx, &mut batch, &order, by, ("cancelled", asked.reason.name()), now);
        let mut changed = Changes::of(subject(order.id));
        let mut back = None;
        if let Some(id) = refund
            && let Some(paid) = paid_by(tx, &order).await?
        {
            let left = left_of(&paid);
            let delivery = delivery_left(tx, &order, &paid).await?.min(left);
            let memo = RefundMemo { delivery, ..memo(by, &rest, asked.restock) };
            let refunds = all_back(tx, id, (&order, &paid), &memo, now).await?;
            changed = changes(&order, (&refunds, &memo), left);
            parts::follow(ctx, &mut batch, &refunds, asked.notify, now);
            back = Some(parts::to_cards(&paid, &refunds));
        }
        let returned = if asked.restock { sent(&order, &rest) } else { Vec::new() };
        if asked.restock && order.lines.iter().any(|line| line.fulfilled > 0) {
            let units: i64 = returned.iter().map(|(_, units)| units).sum();
            told::note(ctx, &mut batch, &order, by, (TAKEN_IN, &format!("{units} units")), now);
        }
        let stock = stock::end_all(tx, order.id, &returned, asked.location, now).await?;
        if let Some(back) = back {
            // Cards that were sold with it go with its money.
            gift_card::refund(ctx, tx, (&order, &rest, &before), &back, by.actor().name(), now).await??;
        }
        // What it took of promotions is there for others again, whether or not its money goes back.
        promotion::give_back(tx, &order, now).await?;
        batch.write(tx).await?;
        let changed = changed.field("state", order.state.name(), next.name()).field(
            "cancelReason",
            None::<&str>,
            asked.reason.name(),
        );
        audited.commit("order.cancel", &changed).await?;
        Ok(Some(stock))
    }
}

/// In an order's history: what it had sent was taken in when it was cancelled.
const TAKEN_IN: &str = "restocked";

/// Refuses what is asked of an order that was cancelled before, if it was not done then and is not as good as done.
pub(super) async fn undone(
    tx: &WriteTx,
    order: &Order,
    refund: bool,
    restock: bool,
) -> Result<(), CancelOrderError> {
    if refund && paid_by(tx, order).await?.is_some() {
        return Err(CancelOrderError::Before(Undone::Money));
    }
    if restock && order.lines.iter().any(|line| line.fulfilled > 0) {
        let history = order::history(tx, order.id).await?;
        if history.iter().all(|entry| entry.kind != TAKEN_IN) {
            return Err(CancelOrderError::Before(Undone::Units));
        }
    }
    Ok(())
}

/// Asks for all that is left of an order's money, over all of its payments.
pub(super) async fn all_back(
    tx: &WriteTx,
    id: RefundId,
    (order, paid): (&Order, &[Paid]),
    memo: &RefundMemo,
    now: Timestamp,
) -> Result<Vec<Refund>, RefundOrderError> {
    let with_rest = paid.iter().filter(|paid| paid.left > 0);
    let parts: Vec<RefundPart> =
        with_rest.map(|paid| RefundPart { payment: paid.payment.id, amount: paid.left }).collect();
    parts::write(tx, id, &GivingBack { order, paid, parts: &parts, memo }, now).await
}

/// The payments of an order, locked, if something of them can still go back.
pub(super) async fn paid_by(tx: &WriteTx, order: &Order) -> Result<Option<Vec<Paid>>, Fault> {
    let paid = locked_payments(tx, order.id).await?;
    Ok((left_of(&paid) > 0).then_some(paid))
}

/// All of it that was not refunded yet.
async fn rest_of(
    tx: &WriteTx,
    order: &Order,
    refunded: &HashMap<LineItemId, u32>,
    restock: bool,
) -> Result<Vec<PlannedRefund>, CancelOrderError> {
    let lines = fulfillment::standings(tx, order.id).await?;
    let rest = rest_to_refund(order, refunded, restock);
    let planned = plan_refund(order, &lines, refunded, &rest);
    Ok(planned
        .map_err(|refused| Fault::internal("order.cancel: what is left cannot be refunded", refused))?)
}

fn sent(order: &Order, rest: &[PlannedRefund]) -> Vec<(VariantId, i64)> {
    let of = |units: &PlannedRefund| {
        let line = order.lines.iter().find(|line| line.id == units.units.line)?;
        Some((line.variant, i64::from(units.sent())))
    };
    rest.iter().filter_map(of).collect()
}

/// What goes back with an order that is cancelled: all that is left of its lines.
pub(super) fn memo(by: &Permit<OrdersWrite>, rest: &[PlannedRefund], restock: bool) -> RefundMemo {
    let mut lines: Vec<RefundLine> = rest
        .iter()
        .map(|units| RefundLine {
            line: units.units.line,
            quantity: units.units.quantity,
            // What was not sent is free in any case.
            restocked: restock || units.sent() == 0,
        })
        .collect();
    lines.sort_by_key(|line| line.line);
    let name: String = by.actor().name().chars().filter(|c| *c != '\0').collect();
    RefundMemo { created_by: Some(name), lines, ..RefundMemo::default() }
}
