//! What rules ask of goods, on its way in and out.

use super::{ProductErrorCode as Code, ProductUserError};
use crate::graphql::{ApiError, cart::InputPath, scalars::gid};
use async_graphql::{ID, InputObject, SimpleObject};
use stoa_domain::shared::TaxCategoryId;

/// How large one unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, SimpleObject)]
pub struct ProductDimensions {
    /// Height in millimetres.
    pub height_mm: u32,
    /// Length in millimetres.
    pub length_mm: u32,
    /// Width in millimetres.
    pub width_mm: u32,
}

impl From<[u32; 3]> for ProductDimensions {
    fn from([length_mm, width_mm, height_mm]: [u32; 3]) -> Self {
        Self { height_mm, length_mm, width_mm }
    }
}

/// How large one unit is: what carriers reckon by where it is larger than it is heavy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, InputObject)]
pub struct ProductDimensionsInput {
    /// Height in millimetres, 1 to 100,000.
    pub height_mm: u32,
    /// Length in millimetres, 1 to 100,000.
    pub length_mm: u32,
    /// Width in millimetres, 1 to 100,000.
    pub width_mm: u32,
}

impl From<ProductDimensionsInput> for [u32; 3] {
    fn from(of: ProductDimensionsInput) -> Self {
        [of.length_mm, of.width_mm, of.height_mm]
    }
}

/// The tax category that an id names, or what staff are told where it can be none.
///
/// # Errors
/// The id is none.
pub fn tax_category(
    id: Option<&ID>,
    at: &InputPath,
) -> Result<Result<Option<TaxCategoryId>, ProductUserError>, ApiError> {
    let Some(id) = id else { return Ok(Ok(None)) };
    Ok(gid::decode::<TaxCategoryId>(id)?.map(Some).ok_or_else(|| {
        let message = "There is no such tax category.";
        ProductUserError::new(Code::NotFound, at.field("taxCategoryId"), message)
    }))
}
