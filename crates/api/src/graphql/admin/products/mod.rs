//! Products and variants, as staff see them: those that shoppers may not see, too.

mod error_code;
mod input;
mod object;
mod pictures;
mod queries;
mod variant;

pub use error_code::{ProductErrorCode, ProductUserError, product_refusal};
pub use input::{
    AdminImageInput, AdminSeoInput, ProductCreateInput, ProductOptionCreateInput, ProductUpdateInput,
    ProductVariantInput, ProductVariantUpdateInput, given, shop_price,
};
pub use object::{AdminImage, AdminProduct, AdminProductOption, ProductStatus};
pub use pictures::{BadPicture, pictures};
pub use queries::ProductReads;
pub use variant::{AdminProductVariant, AdminSelectedOption};
