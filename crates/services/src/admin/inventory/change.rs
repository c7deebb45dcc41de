//! Counting and correcting stock.

use crate::{
    Context,
    admin::repeat::{BadKey, id_for},
    audit::AuditedTx,
};
use std::{collections::HashMap, sync::Arc};
use stoa_domain::{
    access::{Permit, grants::InventoryWrite},
    audit::{Changes, Subject},
    inventory::{SetStockError, StockCause, StockLevel, StockSnapshot},
    shared::{Fault, LocationId, VariantId},
};
use stoa_persistence::{WriteTx, db::retrying, inventory};
use uuid::Uuid;

/// Changes that are written together.
const MOST: usize = 250;

/// Units that are added somewhere, or taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StockAdjustment {
    /// Of what.
    pub variant: VariantId,
    /// Where.
    pub location: LocationId,
    /// How many; negative: taken away.
    pub by: i64,
    /// How many there were when that was decided; `None`: it does not matter.
    pub compare: Option<i64>,
}

/// Units that were counted somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StockCount {
    /// Of what.
    pub variant: VariantId,
    /// Where.
    pub location: LocationId,
    /// How many are there.
    pub on_hand: i64,
    /// How many there were when it was counted; `None`: it does not matter.
    pub compare: Option<i64>,
}

/// What is somewhere, after it was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StockWritten {
    /// Of what.
    pub variant: VariantId,
    /// Where, and how many.
    pub level: StockLevel,
}

/// Why stock stays as it is: all of it does.
#[derive(Debug, thiserror::Error)]
pub enum StockError {
    /// One of the changes is refused.
    #[error("change {at}: {error}")]
    Refused {
        /// Which, counted from 0.
        at: usize,
        /// Why.
        error: SetStockError,
    },
    /// The same place is named twice.
    #[error("change {at} names the variant and the location of another one")]
    NamedTwice {
        /// Which is the second, counted from 0.
        at: usize,
    },
    /// More changes than are written together.
    #[error("at most {MOST} changes are written together")]
    TooMany,
    /// The key is none.
    #[error(transparent)]
    Key(#[from] BadKey),
    /// The key was used for other changes.
    #[error("the key was used for other changes")]
    KeyReused,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
crate::staff::may_fault!(StockError);

/// One change, whichever kind it is of.
#[derive(Clone, Copy)]
struct Wanted {
    /// Its place in the request.
    at: usize,
    place: (VariantId, LocationId),
    to: To,
    compare: Option<i64>,
}

#[derive(Clone, Copy)]
enum To {
    By(i64),
    Count(i64),
}

/// Changes stock.
pub struct ChangeStock(pub(crate) Arc<Context>);

impl ChangeStock {
    /// Adds units and takes some away; all of it or nothing. Asked again with the same key nothing is moved a second time.
    ///
    /// # Errors
    /// A change is refused: fewer than none would be there, fewer than are promised to orders, or another number is there than was seen.
    #[tracing::instrument(name = "inventory.adjust", skip_all)]
    pub async fn adjust(
        &self,
        by: &Permit<InventoryWrite>,
        changes: &[StockAdjustment],
        key: Option<&str>,
    ) -> Result<Vec<StockWritten>, StockError> {
        let of = |(at, c): (usize, &StockAdjustment)| Wanted {
            at,
            place: (c.variant, c.location),
            to: To::By(c.by),
            compare: c.compare,
        };
        let wanted = in_order(changes.iter().enumerate().map(of).collect())?;
        let reference = id_for(&self.0, "inventory.adjust", Uuid::nil(), key)?;
        self.run(by, "inventory.adjust", &wanted, reference).await
    }

    /// Writes down how many units there are; all of it or nothing. To say what is so already changes nothing.
    ///
    /// # Errors
    /// A count is refused: it is out of range, fewer than are promised to orders, or another number is there than was seen.
    #[tracing::instrument(name = "inventory.set", skip_all)]
    pub async fn set(
        &self,
        by: &Permit<InventoryWrite>,
        counts: &[StockCount],
    ) -> Result<Vec<StockWritten>, StockError> {
        let of = |(at, c): (usize, &StockCount)| Wanted {
            at,
            place: (c.variant, c.location),
            to: To::Count(c.on_hand),
            compare: c.compare,
        };
        let wanted = in_order(counts.iter().enumerate().map(of).collect())?;
        self.run(by, "inventory.set", &wanted, self.0.ports.ids.id()).await
    }

    async fn run(
        &self,
        by: &Permit<InventoryWrite>,
        act: &'static str,
        wanted: &[Wanted],
        reference: Uuid,
    ) -> Result<Vec<StockWritten>, StockError> {
        let (mut written, moved) = retrying(|| self.change_once(by, act, wanted, reference)).await?;
        self.0.stock_moved(&moved).await;
        // As they were asked for.
        written.sort_by_key(|(at, _)| *at);
        Ok(written.into_iter().map(|(_, written)| written).collect())
    }

    async fn change_once(
        &self,
        by: &Permit<InventoryWrite>,
        act: &'static str,
        wanted: &[Wanted],
        reference: Uuid,
    ) -> Result<(Vec<(usize, StockWritten)>, Vec<StockSnapshot>), StockError> {
        let (ctx, now) = (&self.0, self.0.now());
        let audited = AuditedTx::begin(ctx, by).await?;
        let tx = audited.tx();
        let mut variants: Vec<VariantId> = wanted.iter().map(|change| change.place.0).collect();
        variants.dedup();
        inventory::lock_stock(tx, &variants).await?;
        let before = inventory::levels_of(tx, &variants).await?;
        if was_done(tx, reference, &variants, wanted).await? {
            return Ok((wanted.iter().map(|change| change.found_in(&before)).collect(), Vec::new()));
        }
        let cause = StockCause { reference: Some(reference), at: now };
        let mut moved = Vec::new();
        for change in wanted {
            let done = change.write(tx, &before, &cause).await;
            moved.push(done.map_err(|error| change.refused(error))?);
        }
        let after = inventory::levels_of(tx, &variants).await?;
        let mut changes = Changes::of(match variants.as_slice() {
            [only] => Subject::new(VariantId::TYPE, only),
            _ => Subject::only("Inventory"),
        });
        for change in wanted {
            let (variant, location) = change.place;
            let name = format!("onHand {variant} at {location}");
            changes = changes.field(&name, on_hand(&before, change.place), on_hand(&after, change.place));
        }
        audited.commit(act, &changes.or_none()).await?;
        Ok((wanted.iter().map(|change| change.found_in(&after)).collect(), moved))
    }
}

impl Wanted {
    async fn write(
        &self,
        tx: &WriteTx,
        before: &HashMap<VariantId, Vec<StockLevel>>,
        cause: &StockCause,
    ) -> Result<StockSnapshot, SetStockError> {
        match self.to {
            To::Count(on_hand) => inventory::set_on_hand(tx, self.place, on_hand, self.compare, cause).await,
            To::By(by) => {
                let current = on_hand(before, self.place);
                if self.compare.is_some_and(|seen| seen != current) {
                    return Err(SetStockError::Stale { current });
                }
                inventory::adjust(tx, self.place, by, cause).await
            }
        }
    }

    fn found_in(&self, levels: &HashMap<VariantId, Vec<StockLevel>>) -> (usize, StockWritten) {
        let (variant, location) = self.place;
        let nothing = StockLevel { location, on_hand: 0, allocated: 0 };
        let level = level_of(levels, self.place).copied().unwrap_or(nothing);
        (self.at, StockWritten { variant, level })
    }

    fn refused(&self, error: SetStockError) -> StockError {
        match error {
            SetStockError::Fault(fault) => StockError::Fault(fault),
            error => StockError::Refused { at: self.at, error },
        }
    }
}

/// Whether what is behind this reference has moved these units before: with a key the second of two finds the entries of the first.
async fn was_done(
    tx: &WriteTx,
    reference: Uuid,
    variants: &[VariantId],
    wanted: &[Wanted],
) -> Result<bool, StockError> {
    let mut moved = inventory::moved_by(tx, reference, variants).await?;
    if moved.is_empty() {
        return Ok(false);
    }
    moved.sort_unstable_by_key(|(variant, location, _)| (*variant, *location));
    let asked = wanted.iter().filter_map(|change| match change.to {
        To::By(by) => (by != 0).then_some((change.place.0, change.place.1, by)),
        To::Count(_) => None,
    });
    if moved.into_iter().eq(asked) { Ok(true) } else { Err(StockError::KeyReused) }
}

/// In the order in which everybody changes stock: of variants, and of their places.
fn in_order(mut wanted: Vec<Wanted>) -> Result<Vec<Wanted>, StockError> {
    if wanted.len() > MOST {
        return Err(StockError::TooMany);
    }
    wanted.sort_by_key(|change| (change.place, change.at));
    match wanted.windows(2).find(|pair| pair[0].place == pair[1].place) {
        Some(pair) => Err(StockError::NamedTwice { at: pair[1].at }),
        None => Ok(wanted),
    }
}

fn level_of(
    levels: &HashMap<VariantId, Vec<StockLevel>>,
    (variant, location): (VariantId, LocationId),
) -> Option<&StockLevel> {
    levels.get(&variant)?.iter().find(|level| level.location == location)
}

fn on_hand(levels: &HashMap<VariantId, Vec<StockLevel>>, place: (VariantId, LocationId)) -> i64 {
    level_of(levels, place).map_or(0, |level| level.on_hand)
}
