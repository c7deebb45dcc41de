//! Markets and exchange rates, as staff make and change them.

mod create;
mod delete;
mod draft;
mod error;
mod rates;
mod read;
mod told;
mod update;

pub use draft::{MarketDraft, MarketPatch};
pub use error::MarketError;
pub use rates::{ExchangeRates, NewExchangeRate, RatesError};
pub use read::Markets;

use stoa_domain::{audit::Subject, shared::MarketId};

fn subject(id: MarketId) -> Subject {
    Subject::new(MarketId::TYPE, id)
}
