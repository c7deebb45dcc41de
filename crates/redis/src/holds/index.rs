//! A cart's index: the tickets of its calls, and the variants it may hold.

use crate::{
    connection::Redis,
    keys::cart_ttl,
    script::{Call, INDEX_BEGIN, INDEX_FORGET},
};
use stoa_domain::shared::{CartId, Fault, Timestamp, VariantId};
use uuid::Uuid;

/// Tickets are microseconds: a call that began this long ago has ended or been given up.
const UNDER_WAY: i64 = 60_000_000;

/// One call of a cart, once it has begun.
#[derive(Clone, Debug)]
pub(super) struct Turn {
    pub(super) cart: CartId,
    /// Higher than that of every call that began earlier.
    pub(super) ticket: i64,
    /// That of the last call before; 0 where none is known.
    pub(super) before: i64,
    /// Whether no older call of the cart can still be on its way.
    pub(super) alone: bool,
    /// The latest expiry that a call of this cart has named, in microseconds: no hold of an older call outlives it.
    pub(super) until: i64,
    /// What calls before this one may have touched.
    pub(super) known: Vec<VariantId>,
}

/// Begins a call that holds `wanted` until `expires_at`.
pub(super) async fn begin(
    redis: &Redis,
    cart: CartId,
    wanted: &[VariantId],
    (now, expires_at): (Timestamp, Timestamp),
) -> Result<Turn, Fault> {
    let call = Call::new(&INDEX_BEGIN, [redis.keys().index(cart)])
        .arg(expires_at.timestamp_micros())
        .arg(1)
        .arg(cart_ttl(now, expires_at))
        .arg(fields(wanted));
    let answer: Vec<String> = redis.run("redis.holds.begin", &call).await?;
    turn(cart, &answer)?.ok_or_else(|| Fault::bug("redis.holds.begin: no ticket"))
}

/// Begins a call that wants nothing new; `None` when the cart has never held anything. It keeps what is there until
/// `expires_at`, if that is given.
pub(super) async fn resume(
    redis: &Redis,
    cart: CartId,
    span: Option<(Timestamp, Timestamp)>,
) -> Result<Option<Turn>, Fault> {
    let call = Call::new(&INDEX_BEGIN, [redis.keys().index(cart)])
        .arg(span.map_or(0, |(_, expires_at)| expires_at.timestamp_micros()))
        .arg(0)
        .arg(span.map_or(0, |(now, expires_at)| cart_ttl(now, expires_at)));
    let answer: Vec<String> = redis.run("redis.holds.resume", &call).await?;
    turn(cart, &answer)
}

/// Takes variants the call has let go of out of the index.
pub(super) async fn forget(redis: &Redis, turn: &Turn, variants: &[VariantId]) -> Result<(), Fault> {
    if variants.is_empty() {
        return Ok(());
    }
    let call =
        Call::new(&INDEX_FORGET, [redis.keys().index(turn.cart)]).arg(turn.ticket).arg(fields(variants));
    redis.run::<i64>("redis.holds.forget", &call).await.map(drop)
}

/// The variants a cart may hold.
pub(super) async fn known(redis: &Redis, cart: CartId) -> Result<Vec<VariantId>, Fault> {
    let mut look = redis::cmd("HKEYS");
    look.arg(redis.keys().index(cart));
    let fields: Vec<String> = redis.query("redis.holds.index", &look).await?;
    fields.iter().filter(|f| *f != "#").map(|f| variant(f)).collect()
}

fn fields(variants: &[VariantId]) -> Vec<String> {
    variants.iter().map(|v| v.uuid().simple().to_string()).collect()
}

fn variant(field: &str) -> Result<VariantId, Fault> {
    Uuid::try_parse(field).map(VariantId::new).map_err(|e| Fault::internal("redis.holds.index", e))
}

fn turn(cart: CartId, answer: &[String]) -> Result<Option<Turn>, Fault> {
    let [ticket, before, until, known @ ..] = answer else { return Ok(None) };
    let number =
        |text: &str| text.parse::<i64>().map_err(|e| Fault::internal("redis.holds.begin", ParseError(e)));
    let (ticket, before) = (number(ticket)?, number(before)?);
    Ok(Some(Turn {
        cart,
        ticket,
        before,
        alone: before == 0 || ticket - before > UNDER_WAY,
        until: number(until)?,
        known: known.iter().map(|f| variant(f)).collect::<Result<_, _>>()?,
    }))
}

#[derive(Debug, thiserror::Error)]
#[error("a ticket is no number: {0}")]
struct ParseError(std::num::ParseIntError);
