//! `goods.toml`, read.

use serde::Deserialize;
use std::collections::BTreeMap;
use stoa_domain::{
    catalog::{ImageInput, OptionInput, ProductInput, ProductStatus, Seo, StockInput, VariantInput},
    shared::{Currency, InvalidMoney, Timestamp, parse_minor},
};

const SOURCE: &str = include_str!("goods.toml");

/// The whole shop.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Goods {
    vendor: String,
    pub(super) colours: BTreeMap<String, String>,
    pub(super) collection: Vec<Group>,
    pub(super) product: Vec<Good>,
}

/// A collection: everything of some types.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    pub(super) title: String,
    pub(super) handle: String,
    pub(super) description: String,
    pub(super) types: Vec<String>,
}

/// A product.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Good {
    pub(super) title: String,
    #[serde(rename = "type")]
    pub(super) product_type: String,
    pub(super) shape: String,
    price: String,
    compare_at: Option<String>,
    description: String,
    tags: Vec<String>,
    stock: i64,
    /// Units sold beyond the stock.
    #[serde(default)]
    backorder: i64,
    #[serde(default)]
    untracked: bool,
    #[serde(default)]
    draft: bool,
    #[serde(default = "yes")]
    ships: bool,
    /// Titles of variants of which nothing is left.
    #[serde(default)]
    sold_out: Vec<String>,
    #[serde(default)]
    pub(super) option: Vec<GoodOption>,
    /// What a value costs on top.
    #[serde(default)]
    plus: BTreeMap<String, String>,
}

/// An option of a product.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GoodOption {
    name: String,
    pub(super) values: Vec<String>,
}

const fn yes() -> bool {
    true
}

impl Goods {
    pub(super) fn read() -> Result<Self, toml::de::Error> {
        toml::from_str(SOURCE)
    }

    /// A product as it is to be written. Prices are dollars and cents; in a currency with other decimals they are as many of
    /// its units.
    pub(super) fn input(
        &self,
        number: usize,
        good: &Good,
        currency: Currency,
        published_at: Timestamp,
    ) -> Result<ProductInput, InvalidMoney> {
        let compare_at_price = good.compare_at.as_deref().map(|p| price(p, currency)).transpose()?;
        let pictured = self.pictured(good);
        let mut variants = Vec::new();
        for (n, option_values) in combinations(&good.option).into_iter().enumerate() {
            let mut minor = price(&good.price, currency)?;
            for plus in option_values.iter().filter_map(|value| good.plus.get(value)) {
                minor += price(plus, currency)?;
            }
            let gone = good.sold_out.contains(&option_values.join(" / "));
            let image = pictured.iter().position(|colour| option_values.contains(*colour)).or(Some(0));
            variants.push(VariantInput {
                option_values,
                sku: Some(format!("HH-{number:03}-{:02}", n + 1)),
                barcode: None,
                price: minor,
                compare_at_price,
                weight_grams: if good.ships { 400 } else { 0 },
                requires_shipping: good.ships,
                taxable: true,
                image,
                stock: StockInput {
                    tracked: !good.untracked,
                    backorder_limit: Some(good.backorder),
                    on_hand: Some(if gone { 0 } else { good.stock }),
                },
            });
        }
        Ok(ProductInput {
            title: good.title.clone(),
            handle: None,
            description_html: format!("<p>{}</p>", good.description),
            vendor: self.vendor.clone(),
            product_type: good.product_type.clone(),
            tags: good.tags.clone(),
            status: if good.draft { ProductStatus::Draft } else { ProductStatus::Active },
            published_at: (!good.draft).then_some(published_at),
            seo: Seo::default(),
            options: good
                .option
                .iter()
                .map(|o| OptionInput { name: o.name.clone(), values: o.values.clone() })
                .collect(),
            variants,
            images: self.images(good, &pictured),
        })
    }

    /// The colours a product comes in, each with a picture of its own; none where it has one look.
    fn pictured<'g>(&self, good: &'g Good) -> Vec<&'g String> {
        let in_colours = |o: &&GoodOption| o.values.iter().all(|v| self.colours.contains_key(v));
        good.option.iter().find(in_colours).map_or_else(Vec::new, |o| o.values.iter().collect())
    }

    fn images(&self, good: &Good, pictured: &[&String]) -> Vec<ImageInput> {
        let image = |colour: Option<&String>| {
            let name =
                colour.map_or_else(|| good.shape.clone(), |c| format!("{}-{}", good.shape, c.to_lowercase()));
            let alt = colour
                .map_or_else(|| good.title.clone(), |c| format!("{}, {}", good.title, c.to_lowercase()));
            ImageInput {
                url: format!("/media/demo/{name}.svg"),
                alt_text: Some(alt),
                width: Some(super::pictures::SIDE),
                height: Some(super::pictures::SIDE),
            }
        };
        if pictured.is_empty() {
            vec![image(None)]
        } else {
            pictured.iter().map(|c| image(Some(c))).collect()
        }
    }
}

/// Every combination of the options' values, the last option turning fastest; one empty combination without options.
fn combinations(options: &[GoodOption]) -> Vec<Vec<String>> {
    options.iter().fold(vec![Vec::new()], |so_far, option| {
        let extend = |chosen: &Vec<String>, value: &String| {
            let mut next = chosen.clone();
            next.push(value.clone());
            next
        };
        so_far
            .iter()
            .flat_map(|chosen| option.values.iter().map(move |value| extend(chosen, value)))
            .collect()
    })
}

fn price(dollars: &str, currency: Currency) -> Result<i64, InvalidMoney> {
    let cents = parse_minor(dollars, 2)?;
    Ok(match currency.exponent() {
        3 => cents * 10,
        _ => cents,
    })
}
