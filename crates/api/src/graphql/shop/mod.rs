//! The shop itself, and how it presents itself in a country.

mod brand;
mod localization;
mod payment_settings;
mod policy;
mod queries;
#[expect(clippy::module_inception, reason = "the folder is the feature, the file its main type")]
mod shop;
mod storefront;

pub use brand::Brand;
pub use localization::{Country, Currency, Language, Localization, UnitSystem};
pub use payment_settings::{CardBrand, PaymentSettings};
pub use policy::{ShopPolicy, ShopPolicyWithDefault};
pub use queries::ShopQueries;
pub use shop::{Domain, Shop};
pub use storefront::Storefront;
