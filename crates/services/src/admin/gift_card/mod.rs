//! Gift cards and store credit, as staff make them and change what is on them.
//!
//! Whatever makes money takes a key: its repeat changes nothing. The code of a card that staff make is told once, to whoever made it; the log has its
//! last four characters.

mod adjust;
mod create;
mod credit;
mod disable;
mod draft;
mod error;
mod read;
mod search;
mod told;
mod update;

pub use adjust::GiftCardAdjustment;
pub use create::GiftCardMade;
pub use credit::StoreCreditAdjustment;
pub use draft::{GiftCardDraft, GiftCardPatch};
pub use error::GiftCardError;
pub use read::GiftCards;
pub use search::{GiftCardSearchError, parse_gift_card_search};

use crate::Context;
use stoa_domain::{
    audit::Subject,
    shared::{Currency, Fault, GiftCardId},
};
use stoa_persistence::{db::Conn, market};

fn subject(id: GiftCardId) -> Subject {
    Subject::new(GiftCardId::TYPE, id)
}

/// Whether anything is sold in a currency: a card of another one could pay for nothing.
async fn is_sold_in(ctx: &Context, conn: &impl Conn, currency: Currency) -> Result<bool, Fault> {
    Ok(currency == ctx.settings.currency || market::is_paid_in(conn, currency).await?)
}
