//! Products and collections, as staff see and write them: those that shoppers may not see, too.

mod collections;
mod error;
mod facts;
mod present;
mod products;
mod told;
mod variants;

pub use collections::{CollectionError, CollectionPatch, Collections, Move};
pub use error::ProductError;
pub use facts::NewGoods;
pub use products::{ProductPatch, Products};
pub use variants::{VariantPatch, Variants};

use crate::Context;
use stoa_domain::{
    inventory::Location,
    shared::{Fault, LocationId, Timestamp},
};
use stoa_persistence::{WriteTx, catalog::WriteContext, inventory};

/// What a shop without places is given.
const FIRST_LOCATION: &str = "Main";

/// Where stock is that comes without a place: at the shop's first, which is made when there is none.
async fn first_location(ctx: &Context, tx: &WriteTx, now: Timestamp) -> Result<LocationId, Fault> {
    if let Some(first) = inventory::locations(tx).await?.first() {
        return Ok(first.id);
    }
    let id = LocationId::new(ctx.ports.ids.id());
    let first = Location { id, name: FIRST_LOCATION.to_owned(), position: 1 };
    inventory::add_location(tx, &first, now).await?;
    Ok(id)
}

/// What every write to the catalogue needs to know.
fn writing(ctx: &Context, location: LocationId, now: Timestamp) -> WriteContext<'_> {
    WriteContext { ids: &*ctx.ports.ids, now, location, reference: None }
}

/// Has the catalogue look again, so that whoever has written reads what they wrote. It would by itself, a moment later.
pub(super) async fn look_again(ctx: &Context) {
    if let Err(fault) = ctx.catalog.refresh().await {
        tracing::warn!(error = %fault, "the catalogue did not look again after a write");
    }
}
