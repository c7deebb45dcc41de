//! Why a product stays as it is.

use stoa_domain::{
    catalog::{Handle, InvalidProduct},
    inventory::SetStockError,
    shared::{Fault, TaxCategoryId, VariantId},
};
use stoa_persistence::catalog::{CreateProductError, DeleteProductError, UpdateProductError};

/// Why a product stays as it is. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum ProductError {
    /// There is no such product.
    #[error("there is no such product")]
    NotFound,
    /// It has no such variant.
    #[error("the product has no variant {0}")]
    NoVariant(VariantId),
    /// Its variants are chosen by options already.
    #[error("the product has options already")]
    HasOptions,
    /// A rule is broken.
    #[error(transparent)]
    Invalid(#[from] InvalidProduct),
    /// Another product has the handle.
    #[error("another product has the handle {0}")]
    HandleTaken(Handle),
    /// Units of variants that would be gone are promised to orders, which have to be sent or cancelled first.
    #[error("variants are promised to orders: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))]
    Promised(Vec<VariantId>),
    /// Units of new variants are counted, by somebody who may not change stock.
    #[error("how many units there are is said by whoever may change stock")]
    Units,
    /// How large one unit of a variant is cannot be so.
    #[error("a side of variant {number} is no length from 1 to {} millimetres", super::facts::LONGEST)]
    Sides {
        /// Which variant of the product, counted from 1.
        number: usize,
    },
    /// There is no such category of taxes.
    #[error("there is no tax category {0}")]
    NoTaxCategory(TaxCategoryId),
    /// A variant's stock cannot be so.
    #[error("the stock of variant {number} is refused: {error}")]
    Stock {
        /// Which variant of the product, counted from 1.
        number: usize,
        /// Why.
        error: SetStockError,
    },
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
crate::staff::may_fault!(ProductError);

impl From<CreateProductError> for ProductError {
    fn from(error: CreateProductError) -> Self {
        match error {
            CreateProductError::HandleTaken(handle) => Self::HandleTaken(handle),
            CreateProductError::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl From<UpdateProductError> for ProductError {
    fn from(error: UpdateProductError) -> Self {
        match error {
            UpdateProductError::Gone => Self::NotFound,
            UpdateProductError::HandleTaken(handle) => Self::HandleTaken(handle),
            UpdateProductError::VariantPromised(variants) => Self::Promised(variants),
            UpdateProductError::Stock { error: SetStockError::Fault(fault), .. } => Self::Fault(fault),
            UpdateProductError::Stock { number, error } => Self::Stock { number, error },
            UpdateProductError::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl From<DeleteProductError> for ProductError {
    fn from(error: DeleteProductError) -> Self {
        match error {
            DeleteProductError::Gone => Self::NotFound,
            DeleteProductError::Promised(variants) => Self::Promised(variants),
            DeleteProductError::Fault(fault) => Self::Fault(fault),
        }
    }
}
