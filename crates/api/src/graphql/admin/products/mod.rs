//! Products and variants, as staff see them: those that shoppers may not see, too.

mod error_code;
mod goods;
mod input;
mod object;
mod pictures;
mod queries;
mod variant;

pub use error_code::{ProductErrorCode, ProductUserError, product_refusal};
pub use goods::{ProductDimensions, ProductDimensionsInput, tax_category};
pub use input::{
    AdminImageInput, AdminSeoInput, ProductCreateInput, ProductOptionCreateInput, ProductUpdateInput,
    ProductVariantInput, ProductVariantUpdateInput, given, shop_price,
};
pub use object::{AdminImage, AdminProduct, AdminProductOption, ProductStatus};
pub use pictures::{BadPicture, pictures};
pub use queries::{ProductReads, all};
pub use variant::{AdminProductVariant, AdminSelectedOption};
