//! Price lists, as staff make, change and fill them.

mod create;
mod delete;
mod draft;
mod error;
mod prices;
mod read;
mod remove_prices;
mod told;
mod update;

pub use draft::{PriceListDraft, PriceListPatch};
pub use error::PriceListError;
pub use prices::NewListPrice;
pub use read::PriceLists;
pub use remove_prices::ListPriceKey;

use stoa_domain::{audit::Subject, shared::PriceListId};

fn subject(id: PriceListId) -> Subject {
    Subject::new(PriceListId::TYPE, id)
}
