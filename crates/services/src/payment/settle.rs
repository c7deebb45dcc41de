//! One fact about a payment, applied in one transaction: the payment, its order, its stock, and what must follow.

use crate::{
    Context, gift_card, jobs,
    order::{sold, write_history},
    promotion,
};
use stoa_domain::{
    inventory::{StockCause, StockSnapshot},
    order::{Attention, CancelReason, Order, OrderState},
    payment::{Applied, DisputeStatus, GatewayFact, Payment, apply},
    shared::{Fault, OrderId, Timestamp},
};
use stoa_persistence::{Batch, WriteTx, catalog, inventory, order, payment};

/// What is to be done once the transaction is committed.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    /// Stock as it is now, for the reservation store to learn.
    pub(crate) stock: Vec<StockSnapshot>,
    /// The order, if anything about it or its payment was written.
    pub(crate) moved: Option<OrderId>,
    /// The event alone does not tell: the gateway must be asked. Nothing was written then.
    pub(crate) in_doubt: bool,
    /// A person should look at the order.
    pub(crate) attention: bool,
    /// The order was given up because its time was over.
    pub(crate) expired: bool,
}

/// Applies a fact, and when it happened by the gateway's clock, to a payment whose order and row the transaction has locked, in that order.
pub(crate) async fn settle(
    ctx: &Context,
    tx: &WriteTx,
    order: &Order,
    known: &Payment,
    (fact, at): (&GatewayFact, Timestamp),
    cancelled_because: CancelReason,
    now: Timestamp,
) -> Result<Settled, Fault> {
    let mut settled = Settled { moved: Some(order.id), ..Settled::default() };
    match apply(known, fact, at, now) {
        Applied::Nothing => settled.moved = None,
        Applied::InDoubt => settled = Settled { in_doubt: true, ..Settled::default() },
        Applied::Moved(moved) => payment::save(tx, &moved).await?,
        Applied::Succeeded(paid) => settled.attention = !succeeded(ctx, tx, order, &paid, now).await?,
        Applied::AmountDiffers { payment: odd, took } => {
            payment::save(tx, &odd).await?;
            order::set_attention(tx, order.id, Some(Attention::AmountDiffers), now).await?;
            settled.attention = true;
            let detail = format!("the gateway took {took} in minor units");
            note(ctx, tx, order, "gateway", "amount_differs", &detail, now).await?;
        }
        Applied::Canceled(canceled) => {
            payment::save(tx, &canceled).await?;
            let given_up = give_up(ctx, tx, order, cancelled_because, now).await?;
            (settled.stock, settled.expired) = (given_up.stock, given_up.expired);
        }
        Applied::Disputed(disputed, status) => {
            payment::save(tx, &disputed).await?;
            dispute(ctx, tx, order, status, now).await?;
            settled.attention = status != DisputeStatus::Won;
        }
    }
    Ok(settled)
}

/// Writes the payment down. Whether the order is paid now; otherwise a person should look at it.
async fn succeeded(
    ctx: &Context,
    tx: &WriteTx,
    order: &Order,
    paid: &Payment,
    now: Timestamp,
) -> Result<bool, Fault> {
    match order.state.clone().pay(Some(paid.id), now) {
        // Paid before, by the same payment.
        Ok(next) if next == order.state => payment::save(tx, paid).await.map(|()| true),
        Ok(next) => {
            // The products first, which are locked before jobs are.
            catalog::record_sales(tx, &sold(order)).await?;
            let mut batch = Batch::new();
            let saved = payment::change(&mut batch, paid);
            let moved = order::move_state(&mut batch, order.id, (&order.state, &next), now);
            write_history(ctx, &mut batch, order, ("gateway", "paid", ""), now);
            jobs::confirm_by_mail(ctx, &mut batch, order.id, now);
            jobs::issue_gift_cards(ctx, &mut batch, order, now);
            let written = batch.write(tx).await?;
            if (written.rows(saved), written.rows(moved)) != (1, 1) {
                return Err(Fault::bug("payment.settle: the order or its payment has moved under its lock"));
            }
            Ok(true)
        }
        // Money for an order that was given up: it is written down, somebody is told, and it goes back.
        Err(refused) => {
            payment::save(tx, paid).await?;
            order::set_attention(tx, order.id, Some(Attention::PaidAfterCancel), now).await?;
            note(ctx, tx, order, "gateway", "paid_after_cancel", &refused.to_string(), now).await?;
            jobs::refund_in_full(ctx, tx, (order, paid), "the order was no longer to be had", now).await?;
            Ok(false)
        }
    }
}

/// An order that was given up, or was not there to be.
#[derive(Debug, Default)]
pub(crate) struct GivenUp {
    /// The stock that came back, as it is now.
    pub(crate) stock: Vec<StockSnapshot>,
    /// Whether it was given up because its time was over.
    pub(crate) expired: bool,
}

/// Gives up an order that waits for payment: its stock goes back, what gift cards had paid of it, and what it had used of promotions; once.
pub(crate) async fn give_up(
    ctx: &Context,
    tx: &WriteTx,
    order: &Order,
    reason: CancelReason,
    now: Timestamp,
) -> Result<GivenUp, Fault> {
    // Whoever brings the news that the payment was cancelled: after its time it was for being late.
    let reason = match order.state {
        OrderState::AwaitingPayment { expires_at } if now >= expires_at => CancelReason::Expired,
        _ => reason,
    };
    let Ok(next) = order.state.clone().give_up(reason, now) else {
        // A payment of a paid order is cancelled only by somebody at the gateway's dashboard.
        return Ok(GivenUp::default());
    };
    let waiting = matches!(order.state, OrderState::AwaitingPayment { .. });
    if !waiting || !order::set_state(tx, order.id, &order.state, &next, now).await? {
        return Ok(GivenUp::default());
    }
    let owned = order::take_allocations(tx, order.id).await?;
    let cause = StockCause { reference: Some(order.id.uuid()), at: now };
    let stock = inventory::give_back(tx, &owned, &cause).await?;
    gift_card::give_back(ctx, tx, order, now).await?;
    promotion::give_back(tx, order, now).await?;
    note(ctx, tx, order, "system", "cancelled", reason.name(), now).await?;
    Ok(GivenUp { stock, expired: reason == CancelReason::Expired })
}

async fn dispute(
    ctx: &Context,
    tx: &WriteTx,
    order: &Order,
    status: DisputeStatus,
    now: Timestamp,
) -> Result<(), Fault> {
    let kind = match status {
        DisputeStatus::Open => "dispute_opened",
        DisputeStatus::Lost => "dispute_lost",
        DisputeStatus::Won => "dispute_won",
    };
    // Another reason to look at the order stays: that it is disputed is known of its payment too.
    let attention = match (order.attention, status) {
        (None | Some(Attention::Disputed), DisputeStatus::Won) => None,
        (None, DisputeStatus::Open | DisputeStatus::Lost) => Some(Attention::Disputed),
        (other, _) => other,
    };
    order::set_attention(tx, order.id, attention, now).await?;
    note(ctx, tx, order, "gateway", kind, "", now).await
}

pub(crate) async fn note(
    ctx: &Context,
    tx: &WriteTx,
    order: &Order,
    actor: &str,
    kind: &str,
    detail: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    let mut batch = Batch::new();
    write_history(ctx, &mut batch, order, (actor, kind, detail), now);
    batch.write(tx).await.map(drop)
}
