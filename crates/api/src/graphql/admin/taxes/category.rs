//! A kind of goods, as staff see it.

use crate::graphql::scalars::{DateTime, Gid};
use async_graphql::{Enum, Object};
use stoa_domain::{
    shared::TaxCategoryId,
    tax::{CategoryKind, TaxCategory},
};
use stoa_persistence::pricing::Kept;

/// Whether goods of a category are taxed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum TaxCategoryKind {
    /// Nowhere.
    Exempt,
    /// At the rates that a zone has for them, or else at its standard ones.
    Taxed,
}

impl From<CategoryKind> for TaxCategoryKind {
    fn from(kind: CategoryKind) -> Self {
        match kind {
            CategoryKind::Exempt => Self::Exempt,
            CategoryKind::Taxed => Self::Taxed,
        }
    }
}

impl From<TaxCategoryKind> for CategoryKind {
    fn from(kind: TaxCategoryKind) -> Self {
        match kind {
            TaxCategoryKind::Exempt => Self::Exempt,
            TaxCategoryKind::Taxed => Self::Taxed,
        }
    }
}

/// A kind of goods, as staff see it.
#[derive(Clone, Debug)]
pub struct AdminTaxCategory(pub(in crate::graphql::admin) Kept<TaxCategory>);

/// A kind of goods that is taxed alike, such as books. Which goods are of it, products say (`taxCategoryId`), and ways of delivering.
#[Object]
impl AdminTaxCategory {
    /// Stable name, in lower case: what tables of rates call it.
    async fn code(&self) -> &str {
        &self.0.rule.code
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// The global id.
    async fn id(&self) -> Gid<TaxCategoryId> {
        Gid(self.0.rule.id)
    }

    /// Whether anything is charged at all.
    async fn kind(&self) -> TaxCategoryKind {
        self.0.rule.kind.into()
    }

    /// What staff read.
    async fn name(&self) -> &str {
        &self.0.rule.name
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }

    /// Rises by 1 with every change: who changes it says which one they have read.
    async fn version(&self) -> i64 {
        self.0.version
    }
}
