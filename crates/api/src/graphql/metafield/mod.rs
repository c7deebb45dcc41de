//! Metafields: facts about a thing that the shop's own vocabulary has no word for. None can be kept yet, so every
//! lookup reads null.

#[expect(clippy::module_inception, reason = "the folder is the feature, the file its main type")]
mod metafield;
mod reference;

pub(crate) use metafield::none_of;
pub use metafield::{HasMetafieldsIdentifier, Metafield};
pub use reference::MetafieldReference;
