//! Which variant a buyer means: by its id, or by the value chosen for each option.

use crate::{error::PageError, state::Web};
use serde::Deserialize;
use stoa_domain::{
    catalog::{Matching, Product, SelectedOption, Variant},
    shared::VariantId,
};

/// The form fields of the options, in the options' order.
pub(super) const FIELDS: [&str; 3] = ["o1", "o2", "o3"];

/// What a posted choice comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// This variant; whether it is for sale the cart finds out.
    Variant(VariantId),
    /// The product has no variant with these values.
    NoSuchCombination,
    /// There is no such product.
    NoSuchProduct,
}

/// The choice in a product page's address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ChoiceQuery {
    variant: String,
    o1: String,
    o2: String,
    o3: String,
}

impl ChoiceQuery {
    /// The values chosen, in the options' order.
    pub(super) fn values(&self) -> [&str; 3] {
        [&self.o1, &self.o2, &self.o3]
    }

    /// The variant it means; where nothing is chosen yet, the one that is shown first.
    pub(super) fn variant<'a>(
        &self,
        product: &'a Product,
        first: Option<&'a Variant>,
    ) -> Option<&'a Variant> {
        if let Some(variant) = self.variant.parse().ok().and_then(|id| product.variant(id)) {
            return Some(variant);
        }
        match self.values().iter().all(|value| value.is_empty()) {
            true => first,
            false => by_values(product, self.values()),
        }
    }
}

/// The variant with these values. An option with one value need not be chosen.
fn by_values<'a>(product: &'a Product, values: [&str; 3]) -> Option<&'a Variant> {
    let chosen = |(option, value): (&stoa_domain::catalog::ProductOption, &str)| {
        let value = match (value, option.values.as_slice()) {
            ("", [only]) => only.name.clone(),
            (chosen, _) => chosen.to_owned(),
        };
        SelectedOption { name: option.name.clone(), value }
    };
    let selected: Vec<SelectedOption> = product.options.iter().zip(values).map(chosen).collect();
    product.variant_for(&selected, Matching::default())
}

impl Web {
    /// The variant that a posted form means.
    ///
    /// # Errors
    /// The database does not answer.
    pub(crate) async fn chosen(
        &self,
        handle: &str,
        variant: &str,
        values: [&str; 3],
    ) -> Result<Chosen, PageError> {
        if let Ok(id) = variant.parse() {
            return Ok(Chosen::Variant(id));
        }
        let Some(product) = self.listed_product(handle).await? else { return Ok(Chosen::NoSuchProduct) };
        let found = by_values(&product, values);
        Ok(found.map_or(Chosen::NoSuchCombination, |variant| Chosen::Variant(variant.id)))
    }
}
