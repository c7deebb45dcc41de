//! Sending what was bought, a part or all of it, and where its parcels are.

use super::{subject, told};
use crate::{
    Context,
    admin::repeat::{BadKey, id_for},
    audit::AuditedTx,
    jobs,
    mail::ParcelNews,
};
use std::sync::Arc;
use stoa_domain::{
    access::{Permit, grants::FulfillmentsWrite},
    audit::{Changes, Subject},
    inventory::{FulfilError, StockCause, StockSnapshot},
    order::{
        FulfilRefusal, Fulfillment, FulfillmentLine, LineStanding, Order, Tracking, Wanted,
        fulfillment_status, plan_fulfillment,
    },
    shared::{Fault, FulfillmentId, LocationId, OrderId, VariantId},
};
use stoa_persistence::{
    Batch,
    db::retrying,
    fulfillment::{self, NewFulfillment},
    inventory,
    order::{self, TakeFirst},
};

/// A part of an order that is to be sent.
#[derive(Clone, Debug)]
pub struct NewParcel {
    /// Of which order.
    pub order: OrderId,
    /// What of it.
    pub wanted: Wanted,
    /// Where the parcel is.
    pub tracking: Tracking,
    /// Whether the buyer is written to.
    pub notify: bool,
    /// Makes it safe to ask again: the same key for the same order sends once. Needed, but where all that is left is sent: of that
    /// nothing is left the second time.
    pub key: Option<String>,
}

/// Why nothing is sent. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum FulfillOrderError {
    /// There is no such order, or no such parcel.
    #[error("there is no such order or parcel")]
    NotFound,
    /// Not all that is wanted may be sent.
    #[error(transparent)]
    Refused(#[from] FulfilRefusal),
    /// Units were sold beyond the stock and have not come in.
    #[error("{there} units of variant {variant} are at location {location}")]
    NotThere {
        /// Of what.
        variant: VariantId,
        /// Where they were to leave from.
        location: LocationId,
        /// How many are there.
        there: i64,
    },
    /// The key is none.
    #[error(transparent)]
    Key(#[from] BadKey),
    /// Units are named, and no key: asked again it would send as many more.
    #[error("to send some units of an order takes an idempotency key")]
    KeyRequired,
    /// The key was used for another parcel of this order.
    #[error("the key was used for another parcel")]
    KeyReused,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
crate::staff::may_fault!(FulfillOrderError);

impl From<FulfilError> for FulfillOrderError {
    fn from(error: FulfilError) -> Self {
        match error {
            FulfilError::NotThere { allocation, on_hand } => {
                let (variant, location) = (allocation.variant, allocation.location);
                Self::NotThere { variant, location, there: on_hand }
            }
            FulfilError::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// Sends what was bought.
pub struct Fulfillments(pub(crate) Arc<Context>);

impl Fulfillments {
    /// Says that a part of an order, or all that is left of it, has left the house: its units leave the stock. The same key again gives
    /// the same parcel, and sends nothing.
    ///
    /// # Errors
    /// More than is left to be sent, or an order that is not paid, or units that are not there.
    #[tracing::instrument(name = "order.fulfill", skip_all)]
    pub async fn create(
        &self,
        by: &Permit<FulfillmentsWrite>,
        new: &NewParcel,
    ) -> Result<Fulfillment, FulfillOrderError> {
        let id = match (&new.key, &new.wanted) {
            (Some(key), _) => id_for("order.fulfill", new.order.uuid(), key)?,
            (None, Wanted::Everything) => self.0.ports.ids.id(),
            (None, Wanted::These(_)) => return Err(FulfillOrderError::KeyRequired),
        };
        let (sent, stock) = retrying(|| self.create_once(by, FulfillmentId::new(id), new)).await?;
        if let Some(stock) = stock {
            self.0.jobs_waiting.notify_one();
            self.0.stock_moved(&stock).await;
            self.0.order_changed(new.order);
        }
        Ok(sent)
    }

    /// Says anew where a parcel is. The same again changes nothing.
    ///
    /// # Errors
    /// There is no such parcel.
    #[tracing::instrument(name = "order.set_tracking", skip_all)]
    pub async fn set_tracking(
        &self,
        by: &Permit<FulfillmentsWrite>,
        id: FulfillmentId,
        (tracking, notify): (&Tracking, bool),
    ) -> Result<Fulfillment, FulfillOrderError> {
        let after = retrying(|| self.set_tracking_once(by, id, (tracking, notify))).await?;
        self.0.jobs_waiting.notify_one();
        self.0.order_changed(after.order);
        Ok(after)
    }

    /// Gives the parcel, and the stock that has moved; `None`: it was sent before.
    async fn create_once(
        &self,
        by: &Permit<FulfillmentsWrite>,
        id: FulfillmentId,
        new: &NewParcel,
    ) -> Result<(Fulfillment, Option<Vec<StockSnapshot>>), FulfillOrderError> {
        let (ctx, now) = (&self.0, self.0.now());
        let audited = AuditedTx::begin(ctx, by).await?;
        let tx = audited.tx();
        let order = order::find_for_update(tx, new.order).await?.ok_or(FulfillOrderError::NotFound)?;
        if let Some(known) = fulfillment::find(tx, id).await? {
            let same = is_same(&known, &new.wanted);
            return if same { Ok((known, None)) } else { Err(FulfillOrderError::KeyReused) };
        }
        let mut lines = fulfillment::standings(tx, order.id).await?;
        let planned = plan_fulfillment(&order.state, &lines, &new.wanted)?;
        let leaving = units(&order, &planned);
        let variants: Vec<VariantId> = leaving.iter().map(|(variant, _)| *variant).collect();
        // Before the lines; which of them leave is decided behind the stock's lock, which comes after those.
        order::lock_allocations(tx, order.id, &variants).await?;
        count(&mut lines, &planned);
        let status = fulfillment_status(&lines);
        let parcel = NewFulfillment {
            id,
            order: order.id,
            lines: planned,
            tracking: new.tracking.clone(),
            created_by: by.actor().name().to_owned(),
            status,
        };
        let sent = fulfillment::insert(tx, parcel, now).await?;
        let sent = sent.ok_or(Fault::bug("order.fulfill: a line was counted past its end under its lock"))?;
        let cause = StockCause { reference: Some(order.id.uuid()), at: now };
        let leaving = order::take_part(tx, order.id, &leaving, TakeFirst::Lying).await?;
        let stock = match leaving.is_empty() {
            true => Vec::new(),
            false => inventory::fulfil(tx, &leaving, &cause).await?,
        };
        let mut batch = Batch::new();
        let detail = format!("{} units", sent.lines.iter().map(|line| u64::from(line.quantity)).sum::<u64>());
        told::note(ctx, &mut batch, &order, by, ("fulfilled", &detail), now);
        if new.notify {
            let news = ParcelNews { parcel: sent.id, changed_at: None };
            jobs::tell_of_parcel(ctx, &mut batch, news, now);
        }
        batch.write(tx).await?;
        let changes = Changes::of(subject(order.id))
            .field("fulfillment", None::<String>, sent.id.to_string())
            .field(
                "sent",
                Vec::<String>::new(),
                told::units(sent.lines.iter().map(|line| (line.line, line.quantity))),
            )
            .field("fulfillmentStatus", told::sent_name(order.fulfillment), told::sent_name(status));
        audited.commit("order.fulfill", &changes).await?;
        Ok((sent, Some(stock)))
    }

    async fn set_tracking_once(
        &self,
        by: &Permit<FulfillmentsWrite>,
        id: FulfillmentId,
        (tracking, notify): (&Tracking, bool),
    ) -> Result<Fulfillment, FulfillOrderError> {
        let (ctx, now) = (&self.0, self.0.now());
        let audited = AuditedTx::begin(ctx, by).await?;
        let tx = audited.tx();
        let found = fulfillment::find(tx, id).await?.ok_or(FulfillOrderError::NotFound)?;
        // Orders are locked before parcels.
        let order = order::find_for_update(tx, found.order).await?.ok_or(FulfillOrderError::NotFound)?;
        let before = fulfillment::set_tracking(tx, id, tracking).await?.ok_or(FulfillOrderError::NotFound)?;
        let after = Fulfillment { tracking: tracking.clone(), ..before.clone() };
        if after == before {
            return Ok(before);
        }
        let mut batch = Batch::new();
        told::note(ctx, &mut batch, &order, by, ("tracking_changed", ""), now);
        if notify {
            let news = ParcelNews { parcel: id, changed_at: Some(now) };
            jobs::tell_of_parcel(ctx, &mut batch, news, now);
        }
        batch.write(tx).await?;
        let (was, is) = (&before.tracking, &after.tracking);
        let changes = Changes::of(Subject::new(FulfillmentId::TYPE, id))
            .field("trackingCompany", was.company(), is.company())
            // With a number anybody sees where somebody lives: that it has changed is all that is kept for ever.
            .hidden("trackingNumbers", listed(was.numbers()).as_ref(), listed(is.numbers()).as_ref())
            .hidden("trackingUrls", listed(was.urls()).as_ref(), listed(is.urls()).as_ref());
        audited.commit("fulfillment.set_tracking", &changes).await?;
        Ok(after)
    }
}

/// A list as the log takes it: an empty one is none.
fn listed(texts: &[String]) -> Option<Vec<String>> {
    (!texts.is_empty()).then(|| texts.to_vec())
}

/// Whether a parcel that was sent before is what is wanted now: of what was left then nobody knows.
fn is_same(known: &Fulfillment, wanted: &Wanted) -> bool {
    match wanted {
        Wanted::Everything => true,
        Wanted::These(entries) => {
            let of = |line: &FulfillmentLine| {
                let sum = entries.iter().filter(|entry| entry.line == line.line);
                sum.map(|entry| u64::from(entry.quantity)).sum::<u64>() == u64::from(line.quantity)
            };
            let known_line = |entry: &FulfillmentLine| known.lines.iter().any(|line| line.line == entry.line);
            known.lines.iter().all(of) && entries.iter().all(known_line)
        }
    }
}

/// What leaves of each variant.
fn units(order: &Order, planned: &[FulfillmentLine]) -> Vec<(VariantId, i64)> {
    let of = |part: &FulfillmentLine| {
        let line = order.lines.iter().find(|line| line.id == part.line)?;
        Some((line.variant, i64::from(part.quantity)))
    };
    planned.iter().filter_map(of).collect()
}

fn count(lines: &mut [LineStanding], planned: &[FulfillmentLine]) {
    for part in planned {
        if let Some(line) = lines.iter_mut().find(|line| line.line == part.line) {
            line.fulfilled += part.quantity;
        }
    }
}
