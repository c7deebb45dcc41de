//! What a buyer chooses a variant by.

use super::{ProductData, ProductVariant};
use crate::graphql::{
    List, Ready,
    media::Media,
    scalars::{Color, Gid},
};
use async_graphql::Object;
use std::sync::Arc;
use stoa_domain::{
    catalog,
    shared::{OptionId, OptionValueId},
};

/// An option of a product, borrowed from it.
#[derive(Clone, Copy, Debug)]
pub struct ProductOption<'a> {
    product: &'a Arc<ProductData>,
    option: &'a catalog::ProductOption,
    at: usize,
}

impl<'a> ProductOption<'a> {
    /// The options of a product, in order.
    pub fn all(product: &'a Arc<ProductData>) -> impl Iterator<Item = Self> {
        product.product.options.iter().enumerate().map(move |(at, option)| Self { product, option, at })
    }
}

/// Something the buyer chooses, such as a size.
#[Object]
impl ProductOption<'_> {
    /// Its global id.
    fn id(&self) -> Gid<OptionId> {
        Gid(self.option.id)
    }

    /// Its name, such as "Size".
    fn name(&self) -> &str {
        &self.option.name
    }

    /// What can be chosen, in order.
    fn option_values(&self) -> List<Ready<ProductOptionValue<'_>>> {
        let value = |(number, value)| Ready(ProductOptionValue { option: *self, value, number });
        List::new(self.option.values.iter().enumerate().map(value).collect(), true)
    }

    /// The names of what can be chosen, in order.
    #[graphql(deprecation = "Use `optionValues`.")]
    fn values(&self) -> Vec<&str> {
        self.option.values.iter().map(|value| value.name.as_str()).collect()
    }
}

/// A value of an option, borrowed from its product.
#[derive(Clone, Copy, Debug)]
pub struct ProductOptionValue<'a> {
    option: ProductOption<'a>,
    value: &'a catalog::OptionValue,
    number: usize,
}

/// Something that can be chosen, such as the size "L".
#[Object]
impl ProductOptionValue<'_> {
    /// The variant with this value that has the first possible values of all other options; null if no variant has this
    /// value.
    fn first_selectable_variant(&self) -> Option<Ready<ProductVariant>> {
        let ProductOption { product, at: option, .. } = self.option;
        let variants = product.product.variants.iter().enumerate();
        let of_this_value =
            variants.filter(|(_, v)| v.values.get(option).is_some_and(|n| usize::from(*n) == self.number));
        let (at, _) = of_this_value.min_by_key(|(_, variant)| variant.values)?;
        ProductVariant::new(product, at).map(Ready)
    }

    /// Its global id.
    fn id(&self) -> Gid<OptionValueId> {
        Gid(self.value.id)
    }

    /// Its name, such as "L".
    fn name(&self) -> &str {
        &self.value.name
    }

    /// How it looks; null until values have colours or pictures.
    fn swatch(&self) -> Option<ProductOptionValueSwatch> {
        None
    }
}

/// How an option value looks. None has a look yet: this type has no values.
#[derive(Clone, Copy, Debug)]
pub enum ProductOptionValueSwatch {}

/// How an option value looks.
#[Object]
impl ProductOptionValueSwatch {
    /// As a colour.
    fn color(&self) -> Option<Color<'static>> {
        match *self {}
    }

    /// As a picture.
    fn image(&self) -> Option<Media> {
        match *self {}
    }
}
