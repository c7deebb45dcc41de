//! Giving money back for an order, with or without what was bought.

use super::{
    parts::{self, GivingBack},
    stock, subject, told, unpaid,
};
use crate::{
    Context,
    admin::repeat::{BadKey, fingerprint, id_for},
    audit::AuditedTx,
    gift_card::{self, GiftCardUsed},
    payment::{Paid, locked_payments},
};
use std::sync::Arc;
use stoa_domain::{
    access::{Permit, grants::OrdersRefund},
    audit::Changes,
    inventory::{SetStockError, StockSnapshot},
    order::{
        Order, OrderState, PlannedRefund, RefundPart, RefundRefusal, RefundUnits, SplitRefusal, Tender,
        fulfillment_status, plan_refund, split_as_told, split_refund,
    },
    shared::{
        Currency, Fault, InvalidTransition, LineItemId, LocationId, Money, OrderId, RefundId, Timestamp,
    },
};
use stoa_persistence::{
    Batch, WriteTx,
    db::retrying,
    fulfillment, order,
    payment::{self, Refund, RefundLine, RefundMemo},
};

/// The longest note, in characters.
const NOTE: usize = 5_000;

/// What is to be given back.
#[derive(Clone)]
pub struct RefundRequest {
    /// Of which order.
    pub order: OrderId,
    /// How much, in minor units of the order's currency; `None`: what the buyer was charged for the units, and `delivery`.
    pub amount: Option<i64>,
    /// How much of the delivery, in minor units: on top of the units where no amount is named, and otherwise a part of the amount.
    pub delivery: i64,
    /// For which units; none: for money alone.
    pub units: Vec<RefundUnits>,
    /// How much goes back over which of the order's payments; none: over the gateway as far as that goes, and then to the gift cards, the one that
    /// was used last first.
    pub tenders: Vec<RefundPart>,
    /// Where units are taken in that had been sent; `None`: at the shop's first place.
    pub location: Option<LocationId>,
    /// What the staff note of it; nobody else reads it.
    pub note: Option<String>,
    /// Whether the buyer is written to once the gateway has it.
    pub notify: bool,
    /// Makes it safe to ask again: the same key for the same order gives money back once.
    pub key: String,
}

impl RefundRequest {
    /// What is asked for: money, units with what is to become of them and where, and whether the buyer hears of it. What is noted makes no
    /// other request of it.
    fn fingerprint(&self) -> String {
        let mut units: Vec<String> = self
            .units
            .iter()
            .map(|units| format!("{} {} {}", units.line, units.quantity, units.restock))
            .collect();
        units.sort_unstable();
        let mut tenders: Vec<String> =
            self.tenders.iter().map(|part| format!("over {} {}", part.payment, part.amount)).collect();
        tenders.sort_unstable();
        let place = self.location.map_or_else(String::new, |place| place.to_string());
        let money = format!("{:?} {}", self.amount, self.delivery);
        // Whoever names no payments says what was always said: keys of before keep their meaning.
        fingerprint([money, place, self.notify.to_string()].into_iter().chain(units).chain(tenders))
    }
}

/// Hides what is noted.
impl std::fmt::Debug for RefundRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RefundRequest({} {:?} {:?})", self.order, self.amount, self.units)
    }
}

/// A refund that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundGiven {
    /// The refund, which the gateway is still to be told of; of a gift card it is there.
    pub refund: Refund,
    /// What goes back over further payments, in the order of that.
    pub further: Vec<Refund>,
    /// What it is for.
    pub memo: RefundMemo,
    /// When it was asked for.
    pub created_at: Timestamp,
}

/// Why nothing is given back. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum RefundOrderError {
    /// There is no such order.
    #[error("there is no such order")]
    NotFound,
    /// It is not paid, or nothing was to be paid for it.
    #[error(transparent)]
    State(#[from] InvalidTransition),
    /// The units cannot be refunded.
    #[error(transparent)]
    Units(#[from] RefundRefusal),
    /// No amount, or a negative one.
    #[error("the amount is not more than nothing")]
    NoAmount,
    /// More than is left of what has come.
    #[error("{} minor units are left to be given back", left.minor)]
    TooMuch {
        /// What is left.
        left: Money,
    },
    /// It cannot go back over the payments that were named.
    #[error(transparent)]
    Tenders(SplitRefusal),
    /// Something was paid with a gift card that was sold with this line: it is not given back.
    #[error("a gift card of the line was used")]
    GiftCardUsed {
        /// Which line.
        line: LineItemId,
    },
    /// More of the delivery than is left of what it cost, or than is given back at all.
    #[error("{} minor units of the delivery can be given back", left.minor)]
    Delivery {
        /// What is left.
        left: Money,
    },
    /// What came back cannot be taken in.
    #[error(transparent)]
    Stock(SetStockError),
    /// The note is longer than anybody reads.
    #[error("a note has at most {NOTE} characters")]
    NoteTooLong,
    /// The key is none.
    #[error(transparent)]
    Key(#[from] BadKey),
    /// The key was used for another refund of this order.
    #[error("the key was used for another refund")]
    KeyReused,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
crate::staff::may_fault!(RefundOrderError);

impl From<SetStockError> for RefundOrderError {
    fn from(error: SetStockError) -> Self {
        match error {
            SetStockError::Fault(fault) => Self::Fault(fault),
            refused => Self::Stock(refused),
        }
    }
}

impl From<GiftCardUsed> for RefundOrderError {
    fn from(GiftCardUsed { line }: GiftCardUsed) -> Self {
        Self::GiftCardUsed { line }
    }
}

/// What the transaction came to.
struct Written {
    given: RefundGiven,
    stock: Vec<StockSnapshot>,
    new: bool,
}

/// Gives money back.
pub struct RefundOrder(pub(crate) Arc<Context>);

impl RefundOrder {
    /// What an order was paid in, which is what amounts of its refunds are in; `None`: nothing was paid for it. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn currency_of(
        &self,
        _by: &Permit<OrdersRefund>,
        order: OrderId,
    ) -> Result<Option<Currency>, Fault> {
        let payments = payment::find_by_orders(self.0.db().read(), &[order]).await?;
        Ok(payments.first().map(|paid| paid.currency))
    }

    /// Asks for a refund: in SQL first, where no two together exceed what has come; a job asks the gateway. Units are withdrawn from what
    /// is to be sent, those that were not sent first: they are free again, or written off where they are not to be sold; units that had
    /// been sent are taken in where they are. Of an order that was cancelled money alone goes back. The same key again gives the same
    /// refund, and no second one.
    ///
    /// # Errors
    /// More than has come, or than was sold; or the order was never paid.
    #[tracing::instrument(name = "order.refund", skip_all)]
    pub async fn run(
        &self,
        by: &Permit<OrdersRefund>,
        asked: &RefundRequest,
    ) -> Result<RefundGiven, RefundOrderError> {
        if asked.note.as_deref().is_some_and(|note| note.chars().count() > NOTE) {
            return Err(RefundOrderError::NoteTooLong);
        }
        let id = id_for("order.refund", asked.order.uuid(), &asked.key)?;
        let written = retrying(|| self.refund_once(by, RefundId::new(id), asked)).await?;
        if written.new {
            self.0.jobs_waiting.notify_one();
            self.0.stock_moved(&written.stock).await;
            self.0.order_changed(asked.order);
        }
        Ok(written.given)
    }

    async fn refund_once(
        &self,
        by: &Permit<OrdersRefund>,
        id: RefundId,
        asked: &RefundRequest,
    ) -> Result<Written, RefundOrderError> {
        let (ctx, now) = (&self.0, self.0.now());
        let audited = AuditedTx::begin(ctx, by).await?;
        let tx = audited.tx();
        let order = order::find_for_update(tx, asked.order).await?.ok_or(RefundOrderError::NotFound)?;
        let paid = paid_by(tx, &order).await?;
        if let Some(known) = payment::find_refund(tx, id).await? {
            return same(tx, &paid, known, asked).await;
        }
        let lines = fulfillment::standings(tx, order.id).await?;
        let before = payment::units_refunded(tx, order.id).await?;
        let planned = plan_refund(&order, &lines, &before, &asked.units)?;
        let amount = amount_of(&order, &planned, asked, delivery_left(tx, &order, &paid).await?)?;
        let parts = parts_of(&order, &paid, amount, &asked.tenders)?;
        let memo = memo(by, &order, &planned, asked);
        let giving = GivingBack { order: &order, paid: &paid, parts: &parts, memo: &memo };
        let refunds = parts::write(tx, id, &giving, now).await?;
        let stock = stock::end(tx, order.id, &ending(&order, &planned), asked.location, now).await?;
        let back = parts::to_cards(&paid, &refunds);
        gift_card::refund(ctx, tx, (&order, &planned, &before), &back, by.actor().name(), now).await??;
        let sent = fulfillment_status(&fulfillment::standings(tx, order.id).await?);
        order::set_fulfillment(tx, order.id, sent, now).await?;
        let mut batch = Batch::new();
        let money = Money::new(amount, order.figures.currency);
        told::note(ctx, &mut batch, &order, by, ("refund_requested", &format!("{money:?}")), now);
        parts::follow(ctx, &mut batch, &refunds, asked.notify, now);
        batch.write(tx).await?;
        let changes = changes(&order, (&refunds, &memo), left_of(&paid)).field(
            "fulfillmentStatus",
            told::sent_name(order.fulfillment),
            told::sent_name(sent),
        );
        audited.commit("order.refund", &changes).await?;
        Ok(Written { given: given(refunds, memo, now)?, stock, new: true })
    }
}

/// The payments that something has come by, locked.
async fn paid_by(tx: &WriteTx, order: &Order) -> Result<Vec<Paid>, RefundOrderError> {
    if let OrderState::AwaitingPayment { .. } = order.state {
        return Err(unpaid("refunded", order.state.legal()).into());
    }
    let paid = locked_payments(tx, order.id).await?;
    if paid.is_empty() {
        return Err(RefundOrderError::State(InvalidTransition {
            what: "an order that cost nothing",
            from: order.state.name(),
            to: "refunded",
            legal: order.state.legal(),
        }));
    }
    Ok(paid)
}

/// What can still be asked back of all payments together.
pub(super) fn left_of(paid: &[Paid]) -> i64 {
    paid.iter().fold(0, |sum, paid| sum.saturating_add(paid.left))
}

/// Over which payments an amount goes back.
fn parts_of(
    order: &Order,
    paid: &[Paid],
    amount: i64,
    told: &[RefundPart],
) -> Result<Vec<RefundPart>, RefundOrderError> {
    let tenders: Vec<Tender> = paid.iter().map(Paid::tender).collect();
    let left = |left| Money::new(left, order.figures.currency);
    match told {
        [] => split_refund(amount, &tenders),
        told => split_as_told(amount, &tenders, told),
    }
    .map_err(|refused| match refused {
        SplitRefusal::TooMuch { payment: None, left: all } => RefundOrderError::TooMuch { left: left(all) },
        refused => RefundOrderError::Tenders(refused),
    })
}

/// All refunds of one act, the one that says what it is for first.
fn given(refunds: Vec<Refund>, memo: RefundMemo, created_at: Timestamp) -> Result<RefundGiven, Fault> {
    let mut refunds = refunds.into_iter();
    let refund = refunds.next().ok_or(Fault::bug("order.refund: a refund of nothing"))?;
    Ok(RefundGiven { refund, further: refunds.collect(), memo, created_at })
}

/// The refund that was made with this key before, if it is what is asked for now.
async fn same(
    tx: &WriteTx,
    paid: &[Paid],
    known: Refund,
    asked: &RefundRequest,
) -> Result<Written, RefundOrderError> {
    let memo = payment::refund_memos(tx, &[known.id]).await?.remove(&known.id).unwrap_or_default();
    let created_at = payment::refund_moments(tx, &[known.id]).await?.remove(&known.id);
    let created_at = created_at.ok_or(Fault::bug("order.refund: a refund that was never asked for"))?;
    if memo.fingerprint != Some(asked.fingerprint()) {
        return Err(RefundOrderError::KeyReused);
    }
    let ids: Vec<_> = paid.iter().map(|paid| paid.payment.id).collect();
    let all = payment::refunds_of_all(tx, &ids).await?;
    let further = all.into_values().flatten().filter(|refund| refund.parent == Some(known.id));
    let mut further: Vec<Refund> = further.collect();
    // Their ids tell how many there were before them.
    further.sort_by_key(|refund| (1..=ids.len()).find(|n| parts::part_id(known.id, *n) == refund.id));
    let parts = std::iter::once(known).chain(further).collect();
    Ok(Written { given: given(parts, memo, created_at)?, stock: Vec::new(), new: false })
}

/// `delivery_left` is how much of the delivery was not given back before.
fn amount_of(
    order: &Order,
    planned: &[PlannedRefund],
    asked: &RefundRequest,
    delivery_left: i64,
) -> Result<i64, RefundOrderError> {
    let worth = || planned.iter().fold(asked.delivery, |sum, units| sum.saturating_add(units.value));
    let amount = asked.amount.unwrap_or_else(worth);
    let most = if asked.amount.is_some() { delivery_left.min(amount.max(0)) } else { delivery_left };
    if !(0..=most).contains(&asked.delivery) {
        return Err(RefundOrderError::Delivery { left: Money::new(most, order.figures.currency) });
    }
    if amount <= 0 { Err(RefundOrderError::NoAmount) } else { Ok(amount) }
}

/// How much of the delivery was not given back before. The payments are locked.
pub(super) async fn delivery_left(tx: &WriteTx, order: &Order, paid: &[Paid]) -> Result<i64, Fault> {
    let mut left = order.delivery_value();
    for paid in paid {
        left = left.saturating_sub(payment::delivery_refunded(tx, paid.payment.id).await?);
    }
    Ok(left.max(0))
}

/// What a refund is for, as it is kept: in the order of the lines' ids, which is how it is read.
fn memo<G>(by: &Permit<G>, order: &Order, planned: &[PlannedRefund], asked: &RefundRequest) -> RefundMemo {
    let over = is_over(order);
    let mut lines: Vec<RefundLine> = planned
        .iter()
        .map(|units| RefundLine {
            line: units.units.line,
            quantity: units.units.quantity,
            restocked: units.units.restock && !over,
        })
        .collect();
    lines.sort_by_key(|line| line.line);
    let text = |text: &str| text.chars().filter(|c| *c != '\0').collect::<String>();
    RefundMemo {
        created_by: Some(text(by.actor().name())),
        note: asked.note.as_deref().map(text),
        lines,
        delivery: asked.delivery,
        fingerprint: Some(asked.fingerprint()),
    }
}

/// Of an order that was cancelled money alone goes back: what was to become of its units was decided then.
const fn is_over(order: &Order) -> bool {
    matches!(order.state, OrderState::Cancelled { .. })
}

/// What becomes of the units.
fn ending(order: &Order, planned: &[PlannedRefund]) -> stock::Ending {
    let mut ending = stock::Ending::default();
    for units in planned.iter().filter(|_| !is_over(order)) {
        let Some(line) = order.lines.iter().find(|line| line.id == units.units.line) else { continue };
        let of = |quantity: u32| (line.variant, i64::from(quantity));
        if units.units.restock {
            ending.free.push(of(units.unsent));
            ending.returned.push(of(units.sent()));
        } else {
            ending.lost.push(of(units.unsent));
        }
    }
    ending
}

/// What the log says of a refund. Notes are people's words about people: that there is one is all it says.
pub(super) fn changes(order: &Order, (refunds, memo): (&[Refund], &RefundMemo), left: i64) -> Changes {
    let ids = refunds.iter().map(|refund| refund.id.to_string()).collect::<Vec<_>>().join(" ");
    let amount = refunds.iter().fold(0_i64, |sum, refund| sum.saturating_add(refund.amount));
    let units = |restocked| {
        told::units(
            memo.lines.iter().filter(|line| line.restocked == restocked).map(|l| (l.line, l.quantity)),
        )
    };
    Changes::of(subject(order.id))
        .field("refund", None::<String>, ids)
        .field("refundable", left, left.saturating_sub(amount))
        .field("currency", None::<&str>, order.figures.currency.code())
        .field("delivery", None::<i64>, (memo.delivery > 0).then_some(memo.delivery))
        .field("restocked", Vec::<String>::new(), units(true))
        .field("notRestocked", Vec::<String>::new(), units(false))
        .hidden("note", None, memo.note.as_ref())
}
