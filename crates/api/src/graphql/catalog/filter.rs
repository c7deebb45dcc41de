//! The filters a client sets on a collection's products.

use crate::graphql::{ApiError, PriceCurrency};
use async_graphql::InputObject;
use stoa_domain::catalog::filter;

/// A condition on the products of a list. Of several filters, those of one kind widen the list (either tag) and those of
/// different kinds narrow it (this tag and that vendor). Each filter should set one condition; if it sets several, each
/// counts as a filter of its own.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ProductFilter {
    /// Whether any variant can be bought.
    pub available: Option<bool>,
    /// In this category of a taxonomy. Products have none yet, so this matches nothing.
    pub category: Option<CategoryFilter>,
    /// Whether a variant costs so much.
    pub price: Option<PriceRangeFilter>,
    /// With this metafield. Products have none yet, so this matches nothing.
    pub product_metafield: Option<MetafieldFilter>,
    /// Of this product type.
    pub product_type: Option<String>,
    /// Of this vendor.
    pub product_vendor: Option<String>,
    /// With this tag.
    pub tag: Option<String>,
    /// With this metafield of a taxonomy. Products have none yet, so this matches nothing.
    pub taxonomy_metafield: Option<TaxonomyMetafieldFilter>,
    /// With a variant that has this metafield. Variants have none yet, so this matches nothing.
    pub variant_metafield: Option<MetafieldFilter>,
    /// With a variant that has this option value.
    pub variant_option: Option<VariantOptionFilter>,
}

/// A category of a taxonomy.
#[derive(Clone, Debug, InputObject)]
pub struct CategoryFilter {
    /// The category's id.
    pub id: String,
}

/// Prices from and to, in the shop's currency.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct PriceRangeFilter {
    /// At most.
    pub max: Option<f64>,
    /// At least.
    pub min: Option<f64>,
}

/// A metafield with a value.
#[derive(Clone, Debug, InputObject)]
pub struct MetafieldFilter {
    /// The name within the namespace.
    pub key: String,
    /// The namespace.
    pub namespace: String,
    /// The value.
    pub value: String,
}

/// A metafield of a taxonomy with a value.
#[derive(Clone, Debug, InputObject)]
pub struct TaxonomyMetafieldFilter {
    /// The name within the namespace.
    pub key: String,
    /// The namespace.
    pub namespace: String,
    /// The value.
    pub value: String,
}

/// An option with a value.
#[derive(Clone, Debug, InputObject)]
pub struct VariantOptionFilter {
    /// The option, such as "Size".
    pub name: String,
    /// The value, such as "L".
    pub value: String,
}

/// What filters come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Filters {
    /// Conditions for the catalogue.
    Conditions(Vec<filter::ProductFilter>),
    /// A condition that no product of this shop can meet.
    Nothing,
}

/// Reads filters.
///
/// # Errors
/// [`ApiError::BAD_USER_INPUT`] for a price below zero or beyond any.
pub(super) fn read(filters: Vec<ProductFilter>, currency: PriceCurrency) -> Result<Filters, ApiError> {
    let mut conditions = Vec::with_capacity(filters.len());
    for filter in filters {
        let impossible = filter.category.is_some()
            || filter.product_metafield.is_some()
            || filter.taxonomy_metafield.is_some()
            || filter.variant_metafield.is_some();
        if impossible {
            return Ok(Filters::Nothing);
        }
        conditions.extend(filter.available.map(filter::ProductFilter::Available));
        if let Some(PriceRangeFilter { min, max }) = filter.price {
            let min = min.map(|price| minor(price, currency, f64::ceil)).transpose()?;
            let max = max.map(|price| minor(price, currency, f64::floor)).transpose()?;
            conditions.push(filter::ProductFilter::Price { min, max });
        }
        conditions.extend(filter.product_type.map(filter::ProductFilter::ProductType));
        conditions.extend(filter.product_vendor.map(filter::ProductFilter::Vendor));
        conditions.extend(filter.tag.map(filter::ProductFilter::Tag));
        conditions.extend(
            filter.variant_option.map(|VariantOptionFilter { name, value }| {
                filter::ProductFilter::VariantOption { name, value }
            }),
        );
    }
    Ok(Filters::Conditions(conditions))
}

/// A price in minor units. It is only compared with prices, never charged, so a double is good enough; the nearest
/// hundredth of a minor unit is taken first, so that 19.99 is 1999 and not 1998.9999….
fn minor(price: f64, currency: PriceCurrency, round: fn(f64) -> f64) -> Result<i64, ApiError> {
    /// Far above any price and far below where doubles lose whole numbers.
    const MAX: f64 = 1e15;
    let units = price * 10_f64.powi(i32::from(currency.decimals()));
    let units = round((units * 100.0).round() / 100.0);
    if !(0.0..=MAX).contains(&units) {
        return Err(ApiError::bad_input(
            "A price to filter by must not be negative, and not beyond all prices.",
        ));
    }
    #[expect(clippy::cast_possible_truncation, reason = "a whole number between 0 and 10^15")]
    Ok(units as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_domain::shared::Currency;

    fn usd() -> PriceCurrency {
        Currency::USD.into()
    }

    fn price(min: Option<f64>, max: Option<f64>) -> ProductFilter {
        ProductFilter { price: Some(PriceRangeFilter { min, max }), ..ProductFilter::default() }
    }

    #[test]
    fn prices_become_minor_units() {
        let read = read(vec![price(Some(19.99), Some(0.1 + 0.2))], usd());
        let expected = filter::ProductFilter::Price { min: Some(1_999), max: Some(30) };
        assert!(matches!(read, Ok(Filters::Conditions(found)) if found == [expected]));
    }

    #[test]
    fn fractions_of_a_minor_unit_keep_their_meaning() {
        let read = read(vec![price(Some(0.001), Some(0.019))], usd());
        let expected = filter::ProductFilter::Price { min: Some(1), max: Some(1) };
        assert!(matches!(read, Ok(Filters::Conditions(found)) if found == [expected]));
    }

    #[test]
    fn an_absurd_price_is_refused() {
        for wrong in [-1.0, 1e300, f64::NAN, f64::INFINITY] {
            assert!(read(vec![price(Some(wrong), None)], usd()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_no_product_has_matches_nothing() {
        let metafield =
            MetafieldFilter { key: "material".into(), namespace: "custom".into(), value: "wool".into() };
        let filter = ProductFilter { product_metafield: Some(metafield), ..ProductFilter::default() };
        assert!(matches!(read(vec![filter], usd()), Ok(Filters::Nothing)));
    }

    #[test]
    fn each_condition_counts() {
        let filter = ProductFilter {
            available: Some(true),
            tag: Some("wool".into()),
            variant_option: Some(VariantOptionFilter { name: "Size".into(), value: "L".into() }),
            ..ProductFilter::default()
        };
        assert!(matches!(read(vec![filter], usd()), Ok(Filters::Conditions(found)) if found.len() == 3));
    }
}
