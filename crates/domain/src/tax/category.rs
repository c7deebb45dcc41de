//! Kinds of goods that are taxed alike.

use crate::shared::TaxCategoryId;
use std::sync::Arc;

/// A kind of goods that is taxed alike, such as books. What a category means for which goods is the merchant's to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxCategory {
    /// Which.
    pub id: TaxCategoryId,
    /// Stable name, such as `reduced`.
    pub code: Arc<str>,
    /// What staff read.
    pub name: Arc<str>,
    /// Whether anything is charged at all.
    pub kind: CategoryKind,
}

/// Whether a category is taxed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CategoryKind {
    /// At the rates that a zone has for it, or else at the zone's standard ones.
    Taxed,
    /// Nowhere.
    Exempt,
}
