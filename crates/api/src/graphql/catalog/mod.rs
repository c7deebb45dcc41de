//! Products, variants, collections, and the lists they stand in.

mod collection;
mod data;
mod description;
mod encoded_variants;
mod facet;
mod filter;
mod load;
mod option;
mod price_range;
mod prices;
mod product;
mod product_connection;
mod queries;
mod selected_option;
mod selection;
mod seo;
mod sort_keys;
mod unit_price;
mod variant;

pub use collection::Collection;
pub use data::ProductData;
pub use facet::{Filter, FilterType, FilterValue};
pub use filter::{
    CategoryFilter, MetafieldFilter, PriceRangeFilter, ProductFilter, TaxonomyMetafieldFilter,
    VariantOptionFilter,
};
pub use load::{collection_by_id, product_by_id, variant_by_id, variants};
pub use option::{ProductOption, ProductOptionValue, ProductOptionValueSwatch};
pub use price_range::ProductPriceRange;
pub(in crate::graphql) use prices::{Prices, prices};
pub use product::Product;
pub use product_connection::ProductConnection;
pub use queries::CatalogQueries;
pub use selected_option::{SelectedOption, SelectedOptionInput};
pub use seo::Seo;
pub use sort_keys::{
    CollectionSortKeys, ProductCollectionSortKeys, ProductImageSortKeys, ProductMediaSortKeys,
    ProductRecommendationIntent, ProductSortKeys, ProductVariantSortKeys,
};
pub use unit_price::{
    UnitPriceMeasurement, UnitPriceMeasurementMeasuredType, UnitPriceMeasurementMeasuredUnit,
};
pub use variant::{Merchandise, ProductVariant};
