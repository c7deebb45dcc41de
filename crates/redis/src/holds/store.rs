//! [`ReservationStore`] on Redis.

use super::{
    all_or_nothing, holders, index,
    stock::{self, Mode, Settle, Term},
    wish::{Wish, variants_once},
};
use crate::{
    connection::Redis,
    script::{Call, STOCK_HELD},
};
use async_trait::async_trait;
use futures_util::{StreamExt, TryStreamExt, stream};
use std::collections::{BTreeSet, HashMap};
use stoa_domain::{
    inventory::{
        HeldBefore, HoldPolicy, HoldRequest, HoldTicket, Reservation, ReservationStore, StockSnapshot,
    },
    shared::{CartId, Fault, Timestamp, VariantId},
};

/// Variants whose sums one script gives, where all are on one server.
const SUMS: usize = 250;
/// Carts looked at together when all are.
const CARTS: usize = 16;

/// Holds in Redis. How it works: the module's documentation.
#[derive(Clone, Debug)]
pub struct RedisReservationStore {
    redis: Redis,
}

impl RedisReservationStore {
    /// Keeps holds in `redis`.
    pub const fn new(redis: Redis) -> Self {
        Self { redis }
    }

    /// Begins a call that wants this until then.
    async fn begin<'a>(
        &self,
        cart: CartId,
        requests: &'a [HoldRequest],
        term: Term,
    ) -> Result<Wish<'a>, Fault> {
        if variants_once(requests).is_none() {
            return Err(Fault::bug("a variant stands twice in one request for holds"));
        }
        let wanted: Vec<VariantId> =
            requests.iter().filter(|r| r.quantity > 0).map(|r| r.snapshot.variant).collect();
        let turn = index::begin(&self.redis, cart, &wanted, (term.now, term.expires_at)).await?;
        Ok(Wish { requests, turn, term })
    }

    /// What there is of everything, and nothing of anything else. What the cart has held just so is not asked for again.
    async fn take_most(&self, wish: &Wish<'_>, before: Option<HeldBefore<'_>>) -> Result<Reservation, Fault> {
        let asked = |r: &&HoldRequest| !wish.is_held_already(r, before);
        let mut granted = self.take(wish, Mode::Most, wish.requests.iter().filter(asked)).await?.into_iter();
        let had = |r: &HoldRequest| {
            if asked(&r) { granted.next().unwrap_or_default() } else { r.quantity }
        };
        let available: Vec<u32> = wish.requests.iter().map(had).collect();
        self.let_go(wish).await?;
        Ok(wish.answer(true, available))
    }

    async fn take_all(&self, wish: &Wish<'_>) -> Result<Reservation, Fault> {
        if wish.requests.len() > 1 {
            return self.take_all_of_several(wish).await;
        }
        // One ledger decides: nothing to reserve.
        let available = self.take(wish, Mode::All, wish.requests.iter()).await?;
        let held = wish.requests.iter().zip(&available).all(|(r, a)| *a >= r.quantity);
        if held {
            self.let_go(wish).await?;
        }
        Ok(wish.answer(held, available))
    }

    async fn take_all_of_several(&self, wish: &Wish<'_>) -> Result<Reservation, Fault> {
        let (held, available) = all_or_nothing::reserve(&self.redis, wish).await?;
        if held {
            let drops = self.drops(wish);
            all_or_nothing::settle(&self.redis, wish, Settle::Commit, drops).await?;
            index::forget(&self.redis, &wish.turn, &wish.unwanted()).await?;
        }
        Ok(wish.answer(held, available))
    }

    async fn take<'a>(
        &self,
        wish: &Wish<'_>,
        mode: Mode,
        requests: impl Iterator<Item = &'a HoldRequest>,
    ) -> Result<Vec<u32>, Fault> {
        let call = |r| stock::hold(self.redis.keys(), &wish.turn, r, mode, wish.term);
        let calls = requests.map(call).collect();
        let chances: Vec<all_or_nothing::Chance> = self.redis.run_all("redis.holds.hold", calls).await?;
        Ok(chances.into_iter().map(|(available, _)| available).collect())
    }

    async fn let_go(&self, wish: &Wish<'_>) -> Result<(), Fault> {
        self.redis.run_all::<i64>("redis.holds.drop", self.drops(wish)).await?;
        index::forget(&self.redis, &wish.turn, &wish.unwanted()).await
    }

    /// What the ledgers of some variants say of a cart.
    async fn records(
        &self,
        cart: CartId,
        of: impl Iterator<Item = VariantId>,
    ) -> Result<Vec<Option<String>>, Fault> {
        let look = |variant| {
            let mut look = redis::cmd("HGET");
            look.arg(self.redis.keys().stock(variant)).arg(stock::field(cart));
            look
        };
        self.redis.query_all("redis.holds.held_by", of.map(look).collect()).await
    }

    fn drops(&self, wish: &Wish<'_>) -> Vec<Call> {
        let unwanted = wish.unwanted().into_iter();
        unwanted.map(|variant| stock::drop(self.redis.keys(), &wish.turn, variant, None)).collect()
    }
}

#[async_trait]
impl ReservationStore for RedisReservationStore {
    async fn hold(
        &self,
        cart: CartId,
        requests: &[HoldRequest],
        policy: HoldPolicy,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<Reservation, Fault> {
        let wish = self.begin(cart, requests, Term { now, expires_at }).await?;
        match policy {
            HoldPolicy::UpToAvailable => self.take_most(&wish, None).await,
            HoldPolicy::AllOrNothing => self.take_all(&wish).await,
        }
    }

    async fn rehold(
        &self,
        cart: CartId,
        requests: &[HoldRequest],
        before: Option<HeldBefore<'_>>,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(Reservation, Option<HoldTicket>), Fault> {
        let wish = self.begin(cart, requests, Term { now, expires_at }).await?;
        let held = self.take_most(&wish, before).await?;
        Ok((held, Some(HoldTicket::new(wish.turn.ticket))))
    }

    async fn extend(&self, cart: CartId, now: Timestamp, expires_at: Timestamp) -> Result<(), Fault> {
        let Some(turn) = index::resume(&self.redis, cart, Some((now, expires_at))).await? else {
            return Ok(());
        };
        let term = Term { now, expires_at };
        let calls = turn.known.iter().map(|v| stock::extend(self.redis.keys(), &turn, *v, term)).collect();
        self.redis.run_all::<i64>("redis.holds.extend", calls).await.map(drop)
    }

    async fn release(&self, cart: CartId, handed_over: &[StockSnapshot]) -> Result<(), Fault> {
        let Some(turn) = index::resume(&self.redis, cart, None).await? else {
            return self.learn(handed_over).await;
        };
        let mut figures = stock::newest(handed_over);
        let dropped =
            turn.known.iter().map(|v| stock::drop(self.redis.keys(), &turn, *v, figures.remove(v).as_ref()));
        let mut calls: Vec<Call> = dropped.collect();
        calls.extend(figures.values().map(|s| stock::learn(self.redis.keys(), s)));
        self.redis.run_all::<i64>("redis.holds.release", calls).await?;
        index::forget(&self.redis, &turn, &turn.known).await
    }

    async fn learn(&self, snapshots: &[StockSnapshot]) -> Result<(), Fault> {
        let newest = stock::newest(snapshots);
        let calls = newest.values().map(|s| stock::learn(self.redis.keys(), s)).collect();
        self.redis.run_all::<i64>("redis.holds.learn", calls).await.map(drop)
    }

    async fn held_by(
        &self,
        cart: CartId,
        now: Timestamp,
    ) -> Result<HashMap<VariantId, (u32, Timestamp)>, Fault> {
        let known = index::known(&self.redis, cart).await?;
        let records = self.records(cart, known.iter().copied()).await?;
        let live = |(variant, record): (VariantId, Option<String>)| {
            Some((variant, stock::live(record.as_deref()?, now)?))
        };
        Ok(known.into_iter().zip(records).filter_map(live).collect())
    }

    /// By the variants' ledgers alone: one round trip, and no script.
    async fn holds(&self, cart: CartId, wanted: &[(VariantId, u64)], then: Timestamp) -> Result<bool, Fault> {
        let records = self.records(cart, wanted.iter().map(|(variant, _)| *variant)).await?;
        let enough = |((_, units), record): (&(VariantId, u64), &Option<String>)| {
            record
                .as_deref()
                .and_then(|r| stock::live(r, then))
                .is_some_and(|(held, _)| u64::from(held) >= *units)
        };
        Ok(wanted.iter().zip(&records).all(enough))
    }

    async fn held_until(
        &self,
        variants: &[VariantId],
        now: Timestamp,
    ) -> Result<HashMap<VariantId, (i64, Timestamp)>, Fault> {
        let asked: BTreeSet<VariantId> = variants.iter().copied().collect();
        let asked: Vec<VariantId> = asked.into_iter().collect();
        let keys = self.redis.keys();
        let sums = |some: &[VariantId]| {
            let pairs = some.iter().flat_map(|v| [keys.stock(*v), keys.ends(*v)]);
            Call::new(&STOCK_HELD, pairs).arg(now.timestamp_micros())
        };
        let together = if self.redis.is_cluster() { 1 } else { SUMS };
        let calls = asked.chunks(together).map(sums).collect();
        let answers: Vec<Vec<(i64, i64)>> = self.redis.run_all("redis.holds.held", calls).await?;
        let sums = asked.into_iter().zip(answers.into_iter().flatten());
        sums.filter(|(_, (units, _))| *units > 0)
            .map(|(variant, (units, first_end))| Ok((variant, (units, decode_end(first_end)?))))
            .collect()
    }

    async fn holders(&self, now: Timestamp, most: u32) -> Result<Option<Vec<CartId>>, Fault> {
        let indexed = holders::indexed(&self.redis, most as usize).await?;
        let looks = indexed.into_iter().map(|cart| async move {
            let held = self.held_by(cart, now).await?;
            Ok::<_, Fault>((!held.is_empty()).then_some(cart))
        });
        stream::iter(looks)
            .buffer_unordered(CARTS)
            .try_filter_map(async |cart| Ok(cart))
            .try_collect()
            .await
            .map(Some)
    }
}

fn decode_end(micros: i64) -> Result<Timestamp, Fault> {
    Timestamp::from_timestamp_micros(micros).ok_or(Fault::bug("a hold's end is out of range"))
}
