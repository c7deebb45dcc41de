//! The rules of variants.

use super::{DraftOption, InvalidProduct, OptionInput, StockInput, VariantInput, limits, options, text};
use options::ValueCollector;
use std::collections::HashMap;

/// The value of the option that a product without options gets.
const DEFAULT_TITLE: &str = "Default Title";

/// A variant that has passed every rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftVariant {
    /// The names of its option values, as in "L / Red".
    pub title: String,
    /// For each option the index of the value; beyond the options 0.
    pub values: [u16; 3],
    /// The shop's own code.
    pub sku: Option<String>,
    /// What a scanner reads.
    pub barcode: Option<String>,
    /// Price in minor units.
    pub price: i64,
    /// The price it used to have or has elsewhere, in minor units.
    pub compare_at_price: Option<i64>,
    /// Weight in grams.
    pub weight_grams: i64,
    /// Whether it has to be delivered.
    pub requires_shipping: bool,
    /// Whether tax is charged on it.
    pub taxable: bool,
    /// Its own picture: an index into the draft's images.
    pub image: Option<usize>,
    /// Its stock.
    pub stock: StockInput,
}

/// Checks options and variants together.
pub(super) fn check(
    options: &[OptionInput],
    variants: &[VariantInput],
    images: usize,
) -> Result<(Vec<DraftOption>, Vec<DraftVariant>), InvalidProduct> {
    if variants.is_empty() {
        return Err(InvalidProduct::NoVariants);
    }
    if variants.len() > limits::VARIANTS {
        return Err(InvalidProduct::TooMany { what: "variants", max: limits::VARIANTS });
    }
    let no_options = options.is_empty();
    if no_options && variants.len() > 1 {
        return Err(InvalidProduct::NothingToChooseBy);
    }
    let default = vec![DEFAULT_TITLE.to_owned()];
    let mut options = options::check(options)?;
    let mut seen: HashMap<[u16; 3], usize> = HashMap::with_capacity(variants.len());
    let mut drafts = Vec::with_capacity(variants.len());
    for (n, variant) in variants.iter().enumerate() {
        let values =
            if no_options && variant.option_values.is_empty() { &default } else { &variant.option_values };
        let draft = check_one(n + 1, variant, values, &mut options, images)?;
        if let Some(first) = seen.insert(draft.values, n + 1) {
            return Err(InvalidProduct::DuplicateVariant { first, second: n + 1 });
        }
        drafts.push(draft);
    }
    Ok((options.into_iter().map(ValueCollector::finish).collect(), drafts))
}

fn check_one(
    number: usize,
    variant: &VariantInput,
    option_values: &[String],
    options: &mut [ValueCollector],
    images: usize,
) -> Result<DraftVariant, InvalidProduct> {
    if option_values.len() != options.len() {
        let got = option_values.len();
        return Err(InvalidProduct::WrongValueCount { variant: number, got, expected: options.len() });
    }
    let mut values = [0; 3];
    let mut title = String::new();
    for ((slot, option), value) in values.iter_mut().zip(options.iter_mut()).zip(option_values) {
        let value = text::optional("option value", value)?;
        if value.is_empty() {
            return Err(InvalidProduct::MissingValue { variant: number, option: option.name().to_owned() });
        }
        let Some(index) = option.index(&value) else {
            return Err(InvalidProduct::TooMany { what: "values of an option", max: limits::VARIANTS });
        };
        *slot = index;
        if !title.is_empty() {
            title.push_str(" / ");
        }
        title.push_str(option.value(index));
    }
    let in_range = |field: &'static str, value: i64, max: i64| {
        if (0..=max).contains(&value) {
            Ok(value)
        } else {
            Err(InvalidProduct::OutOfRange { variant: number, field, max })
        }
    };
    if variant.image.is_some_and(|image| image >= images) {
        return Err(InvalidProduct::UnknownImage(number));
    }
    let stock = variant.stock;
    stock.backorder_limit.map(|n| in_range("backorder limit", n, limits::STOCK)).transpose()?;
    stock.on_hand.map(|n| in_range("stock", n, limits::STOCK)).transpose()?;
    Ok(DraftVariant {
        title,
        values,
        sku: text::filled("SKU", variant.sku.as_deref())?,
        barcode: text::filled("barcode", variant.barcode.as_deref())?,
        price: in_range("price", variant.price, limits::PRICE)?,
        compare_at_price: variant
            .compare_at_price
            .map(|p| in_range("compare-at price", p, limits::PRICE))
            .transpose()?,
        weight_grams: in_range("weight", variant.weight_grams, limits::WEIGHT)?,
        requires_shipping: variant.requires_shipping,
        taxable: variant.taxable,
        image: variant.image,
        stock,
    })
}
