//! Jobs, put in by the transaction that they follow.

use super::handlers::kind;
use crate::{
    Context,
    account::AccountMail,
    cart::CHECKOUT_LOCK,
    mail::ParcelNews,
    payment::{GivenBack, OPEN_TOO_LONG},
};
use chrono::TimeDelta;
use stoa_domain::{
    media::MediaKey,
    order::{Order, OrderState},
    payment::Payment,
    shared::{
        AccountTokenId, CodeBatchId, CustomerId, Fault, JobId, OrderId, PromotionId, RefundId, Timestamp,
    },
};
use stoa_persistence::{
    Batch, Durability, WriteTx,
    db::retrying,
    outbox::{self, NewJob},
    payment::{self, Refund, RefundState},
};

/// Gives the order up when its time to be paid is over.
pub(crate) fn expire_order(ctx: &Context, batch: &mut Batch, order: &Order, now: Timestamp) {
    let OrderState::AwaitingPayment { expires_at } = order.state else { return };
    let dedup = format!("{}:{}", kind::EXPIRE_ORDER, order.id);
    put(ctx, batch, kind::EXPIRE_ORDER, order.id.to_string(), expires_at, Some(dedup), now);
}

/// Writes to the buyer that the order is confirmed.
pub(crate) fn confirm_by_mail(ctx: &Context, batch: &mut Batch, order: OrderId, now: Timestamp) {
    let dedup = format!("{}:{order}", kind::CONFIRM_BY_MAIL);
    put(ctx, batch, kind::CONFIRM_BY_MAIL, order.to_string(), now, Some(dedup), now);
}

/// Gives all that has come for a payment back, and tells the buyer, whom nobody else would. Does nothing when that was asked for already.
pub(crate) async fn refund_in_full(
    ctx: &Context,
    tx: &WriteTx,
    (order, paid): (&Order, &Payment),
    reason: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    let amount = paid.amount_received - paid.amount_refunded;
    let refund = Refund {
        id: RefundId::new(ctx.ports.ids.id()),
        payment: paid.id,
        amount,
        reason: reason.to_owned(),
        gateway_refund: None,
        state: RefundState::Requested,
        shop_amount: GivenBack::of(tx, order).await?.take(order, amount),
        parent: None,
    };
    if paid.is_stored_value() {
        return Err(Fault::bug("refund.in_full: what gift cards paid goes back to them"));
    }
    if refund.amount <= 0 || !payment::request_refund(tx, &refund, now).await? {
        return Ok(());
    }
    let mut batch = Batch::new();
    send_refund(ctx, &mut batch, refund.id, now);
    tell_of_refund(ctx, &mut batch, refund.id, now);
    batch.write(tx).await.map(drop)
}

/// Asks the gateway for a refund that was written down.
pub(crate) fn send_refund(ctx: &Context, batch: &mut Batch, refund: RefundId, now: Timestamp) {
    put(ctx, batch, kind::SEND_REFUND, refund.to_string(), now, None, now);
}

/// Writes to the buyer that their money goes back, once the gateway has the refund.
pub(crate) fn tell_of_refund(ctx: &Context, batch: &mut Batch, refund: RefundId, now: Timestamp) {
    put(ctx, batch, kind::REFUND_MAIL, refund.to_string(), now, None, now);
}

/// Writes to the buyer what was sent, and where it is.
pub(crate) fn tell_of_parcel(ctx: &Context, batch: &mut Batch, news: ParcelNews, now: Timestamp) {
    put(ctx, batch, kind::PARCEL_MAIL, news.to_string(), now, None, now);
}

/// Writes to somebody about their account, if there still is somebody to write to then.
pub(crate) fn write_to_account(ctx: &Context, batch: &mut Batch, mail: &AccountMail, now: Timestamp) {
    put(ctx, batch, kind::ACCOUNT_MAIL, mail.to_string(), now, None, now);
}

/// Writes down everything that is known of a customer, for them.
pub(crate) fn export_customer(
    ctx: &Context,
    batch: &mut Batch,
    of: CustomerId,
    link: AccountTokenId,
    now: Timestamp,
) {
    put(ctx, batch, kind::EXPORT, format!("{of} {link}"), now, None, now);
}

/// Takes the archive of a link away.
pub(crate) fn remove_archive(ctx: &Context, batch: &mut Batch, link: AccountTokenId, now: Timestamp) {
    put(ctx, batch, kind::REMOVE_ARCHIVE, link.to_string(), now, None, now);
}

/// Makes the gift cards that were sold with an order, if any were. Once an order, whoever brings the news that it is paid.
pub(crate) fn issue_gift_cards(ctx: &Context, batch: &mut Batch, order: &Order, now: Timestamp) {
    if order.lines.iter().any(|line| line.gift_card) {
        let dedup = format!("{}:{}", kind::GIFT_CARD_ISSUE, order.id);
        put(ctx, batch, kind::GIFT_CARD_ISSUE, order.id.to_string(), now, Some(dedup), now);
    }
}

/// Writes the codes of the gift cards of an order to its buyer.
pub(crate) fn tell_of_gift_cards(ctx: &Context, batch: &mut Batch, order: OrderId, now: Timestamp) {
    let dedup = format!("{}:{order}", kind::GIFT_CARD_MAIL);
    put(ctx, batch, kind::GIFT_CARD_MAIL, order.to_string(), now, Some(dedup), now);
}

/// Makes the codes of a batch.
pub(crate) fn make_codes(ctx: &Context, batch: &mut Batch, codes: CodeBatchId, now: Timestamp) {
    let dedup = format!("{}:{codes}", kind::PROMOTION_CODES);
    put(ctx, batch, kind::PROMOTION_CODES, codes.to_string(), now, Some(dedup), now);
}

/// Counts the uses of a promotion anew, once nobody can be writing an order any more that was priced before it was limited.
pub(crate) fn recount_promotion(ctx: &Context, batch: &mut Batch, promotion: PromotionId, now: Timestamp) {
    let kind = kind::PROMOTION_RECOUNT;
    put(ctx, batch, kind, promotion.to_string(), now + ORDERS_ARE_WRITTEN, None, now);
}

/// Takes a file that nobody knows of any more out of the store.
pub(crate) fn remove_media(ctx: &Context, batch: &mut Batch, file: &MediaKey, now: Timestamp) {
    put(ctx, batch, kind::REMOVE_MEDIA, file.path(), now, None, now);
}

/// No order is written later than half of [`CHECKOUT_LOCK`] after it was priced, by rules that were a second old at most; the clocks of two instances
/// are not further apart than the rest.
const ORDERS_ARE_WRITTEN: TimeDelta = TimeDelta::seconds(2 * CHECKOUT_LOCK.num_seconds());

/// How long after the start what comes every day comes first: whoever starts has more urgent things to do.
const FIRST_LOOK: TimeDelta = TimeDelta::hours(1);

/// Has what comes again every day come from now on, by one instance at a time. Does nothing where that is so.
pub(crate) async fn keep_accounts(ctx: &Context) -> Result<(), Fault> {
    retrying(|| accounts_from_now(ctx)).await
}

async fn accounts_from_now(ctx: &Context) -> Result<(), Fault> {
    let now = ctx.now();
    let mut batch = Batch::new();
    for kind in [kind::SWEEP, kind::ROTATE_KEYS, kind::RETENTION, kind::GIFT_CARD_EXPIRY] {
        put(ctx, &mut batch, kind, String::new(), now + FIRST_LOOK, Some(kind.to_owned()), now);
    }
    let tx = ctx.db().write(Durability::Full).await?;
    batch.write(&tx).await?;
    tx.commit().await
}

/// Has payments that are open too long asked after from now on, by one instance at a time. Does nothing where that is so.
pub(crate) async fn keep_reconciling(ctx: &Context) -> Result<(), Fault> {
    retrying(|| reconcile_from_now(ctx)).await
}

async fn reconcile_from_now(ctx: &Context) -> Result<(), Fault> {
    let now = ctx.now();
    let tx = ctx.db().write(Durability::Full).await?;
    let dedup = kind::RECONCILE.to_owned();
    let first = now + OPEN_TOO_LONG;
    let mut batch = Batch::new();
    put(ctx, &mut batch, kind::RECONCILE, String::new(), first, Some(dedup), now);
    batch.write(&tx).await?;
    tx.commit().await
}

fn put(
    ctx: &Context,
    batch: &mut Batch,
    kind: &'static str,
    payload: String,
    run_at: Timestamp,
    dedup_key: Option<String>,
    now: Timestamp,
) {
    let job = NewJob { id: JobId::new(ctx.ports.ids.id()), kind, payload, run_at, dedup_key };
    outbox::enqueue(batch, job, now);
}
