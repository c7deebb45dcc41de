//! Promotions, as staff make, change and switch them; their codes; and what one would do to a cart.

mod codes;
mod create;
mod disable_codes;
mod draft;
mod error;
mod export_codes;
mod generate_codes;
mod named;
mod preview;
mod read;
mod switch;
mod told;
mod update;

pub use codes::{CodeToAdd, PromotionCodes};
pub use draft::PromotionDraft;
pub use error::{CodesError, PreviewError, PromotionError};
pub use export_codes::CodesExport;
pub use generate_codes::CodesWanted;
pub use preview::{PreviewPromotion, PromotionInQuestion, PromotionPreview};
pub use read::Promotions;

use stoa_domain::{audit::Subject, shared::PromotionId};

fn subject(id: PromotionId) -> Subject {
    Subject::new(PromotionId::TYPE, id)
}
