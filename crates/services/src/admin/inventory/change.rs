//! Counting and correcting stock.

use crate::{
    Context,
    admin::repeat::{BadKey, fingerprint, id_for, whose},
    audit::AuditedTx,
};
use std::{collections::HashMap, sync::Arc};
use stoa_domain::{
    access::{Permit, grants::InventoryWrite},
    audit::{Changes, Subject},
    inventory::{SetStockError, StockCause, StockLevel, StockSnapshot},
    shared::{Fault, LocationId, VariantId},
};
use stoa_persistence::{
    WriteTx,
    db::retrying,
    inventory::{self, ChangeRefused, StockChange, StockTo},
};
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
    /// A change would be made again if it were asked for again: it has neither a key nor the number that was seen.
    #[error("change {at} takes an idempotency key, or the number of units that were there")]
    KeyRequired {
        /// Which, counted from 0.
        at: usize,
    },
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

/// What is asked for.
struct Asked {
    act: &'static str,
    /// With the place of each in the request.
    changes: Vec<(usize, StockChange)>,
    /// What the ledger names as the cause; a hash of the key, if there is one.
    reference: Uuid,
    /// By which the same request is known again, if it has a key.
    fingerprint: Option<String>,
}

/// Changes stock.
pub struct ChangeStock(pub(crate) Arc<Context>);

impl ChangeStock {
    /// Adds units and takes some away; all of it or nothing. Asked again with the same key by the same member of staff or program nothing is
    /// moved a second time, whatever has become of the stock since; without one each change has to say what was seen.
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
        let of = |(at, c): (usize, &StockAdjustment)| {
            let (variant, location, to) = (c.variant, c.location, StockTo::By(c.by));
            (at, StockChange { variant, location, to, compare: c.compare })
        };
        let changes = in_order(changes.iter().enumerate().map(of).collect())?;
        let act = "inventory.adjust";
        let asked = match key {
            Some(key) => {
                let reference = id_for(act, whose(by), key)?;
                Asked { act, reference, fingerprint: Some(moves(&changes)), changes }
            }
            None => {
                if let Some((at, _)) = changes.iter().find(|(_, change)| change.compare.is_none()) {
                    return Err(StockError::KeyRequired { at: *at });
                }
                Asked { act, reference: self.0.ports.ids.id(), fingerprint: None, changes }
            }
        };
        self.run(by, &asked).await
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
        let of = |(at, c): (usize, &StockCount)| {
            let (variant, location, to) = (c.variant, c.location, StockTo::Count(c.on_hand));
            (at, StockChange { variant, location, to, compare: c.compare })
        };
        let changes = in_order(counts.iter().enumerate().map(of).collect())?;
        let reference = self.0.ports.ids.id();
        self.run(by, &Asked { act: "inventory.set", changes, reference, fingerprint: None }).await
    }

    async fn run(&self, by: &Permit<InventoryWrite>, asked: &Asked) -> Result<Vec<StockWritten>, StockError> {
        let (mut written, moved) = retrying(|| self.change_once(by, asked)).await?;
        self.0.stock_moved(&moved).await;
        // As they were asked for.
        written.sort_by_key(|(at, _)| *at);
        Ok(written.into_iter().map(|(_, written)| written).collect())
    }

    async fn change_once(
        &self,
        by: &Permit<InventoryWrite>,
        asked: &Asked,
    ) -> Result<(Vec<(usize, StockWritten)>, Vec<StockSnapshot>), StockError> {
        let (ctx, now) = (&self.0, self.0.now());
        let audited = AuditedTx::begin(ctx, by).await?;
        let tx = audited.tx();
        if let Some(fingerprint) = &asked.fingerprint {
            match inventory::claim_request(tx, asked.reference, fingerprint, now).await? {
                None => {}
                Some(known) if known == *fingerprint => return Ok((asked.as_it_is(tx).await?, Vec::new())),
                Some(_) => return Err(StockError::KeyReused),
            }
        }
        let changes: Vec<StockChange> = asked.changes.iter().map(|(_, change)| *change).collect();
        let cause = StockCause { reference: Some(asked.reference), at: now };
        let done =
            inventory::change_stock(tx, &changes, &cause).await.map_err(|error| asked.refused(error))?;
        let mut told = Changes::of(match changes.as_slice() {
            [first, others @ ..] if others.iter().all(|other| other.variant == first.variant) => {
                Subject::new(VariantId::TYPE, first.variant)
            }
            _ => Subject::only("Inventory"),
        });
        for (change, (before, after)) in changes.iter().zip(&done.levels) {
            let name = format!("onHand {} at {}", change.variant, change.location);
            told = told.field(&name, before.on_hand, after.on_hand);
        }
        audited.commit(asked.act, &told.or_none()).await?;
        let after = done.levels.into_iter().map(|(_, after)| after);
        let written = asked.changes.iter().zip(after);
        let written = written.map(|((at, c), level)| (*at, StockWritten { variant: c.variant, level }));
        Ok((written.collect(), done.stock))
    }
}

impl Asked {
    /// What is at its places, whoever has changed it.
    async fn as_it_is(&self, tx: &WriteTx) -> Result<Vec<(usize, StockWritten)>, Fault> {
        let mut variants: Vec<VariantId> = self.changes.iter().map(|(_, change)| change.variant).collect();
        variants.dedup();
        let levels: HashMap<VariantId, Vec<StockLevel>> = inventory::levels_of(tx, &variants).await?;
        let found = |(at, change): &(usize, StockChange)| {
            let (variant, location) = (change.variant, change.location);
            let level = levels.get(&variant).and_then(|all| all.iter().find(|l| l.location == location));
            let nothing = StockLevel { location, on_hand: 0, allocated: 0 };
            (*at, StockWritten { variant, level: level.copied().unwrap_or(nothing) })
        };
        Ok(self.changes.iter().map(found).collect())
    }

    fn refused(&self, refused: ChangeRefused) -> StockError {
        match refused.error {
            SetStockError::Fault(fault) => StockError::Fault(fault),
            error => {
                let at = self.changes.get(refused.at).map_or(refused.at, |(at, _)| *at);
                StockError::Refused { at, error }
            }
        }
    }
}

/// What is to move. What was seen is no part of it: whoever has looked again before asking again means the same.
fn moves(changes: &[(usize, StockChange)]) -> String {
    let of = |(_, change): &(usize, StockChange)| {
        format!("{} {} {:?}", change.variant, change.location, change.to)
    };
    fingerprint(changes.iter().map(of))
}

/// In the order in which everybody changes stock: of variants, and of their places.
fn in_order(mut changes: Vec<(usize, StockChange)>) -> Result<Vec<(usize, StockChange)>, StockError> {
    if changes.len() > MOST {
        return Err(StockError::TooMany);
    }
    changes.sort_by_key(|(at, change)| (change.variant, change.location, *at));
    let place = |(_, change): &(usize, StockChange)| (change.variant, change.location);
    match changes.windows(2).find(|pair| place(&pair[0]) == place(&pair[1])) {
        Some(pair) => Err(StockError::NamedTwice { at: pair[1].0 }),
        None => Ok(changes),
    }
}
