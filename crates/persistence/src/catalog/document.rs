//! A product as one JSON document, beside its rows.
//!
//! The rows are the truth: they carry the constraints, and lists and searches run over them. The document says the same
//! in one piece and is written with them in one transaction; the storefront reads nothing else to show a product.

use super::entities::document;
use chrono::DateTime;
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use stoa_domain::{
    catalog::{
        Description, Handle, Image, OptionValue, PriceRange, Product, ProductOption, ProductStatus, Seo,
        Variant,
    },
    shared::{ImageId, OptionId, OptionValueId, ProductId, VariantId},
};
use uuid::Uuid;

/// Raised whenever the document below changes its meaning. Documents of another format are not read.
pub(super) const FORMAT: i16 = 1;

/// The row for a product.
pub(super) fn row(product: &Product) -> Result<document::ActiveModel, serde_json::Error> {
    Ok(document::ActiveModel {
        product_id: Set(product.id.uuid()),
        format: Set(FORMAT),
        body: Set(serde_json::to_string(&Document::of(product))?),
    })
}

/// The product in a row; `None` when the row is of a format that this program does not read.
pub(super) fn read(row: &document::Model) -> Option<Product> {
    if row.format != FORMAT {
        return None;
    }
    let document: Document<String> = serde_json::from_str(&row.body).ok()?;
    document.into_product(ProductId::new(row.product_id))
}

/// `T` is a text: borrowed when written, owned when read.
#[derive(Serialize, Deserialize)]
struct Document<T> {
    handle: T,
    title: T,
    html: T,
    text: T,
    vendor: T,
    product_type: T,
    tags: Vec<T>,
    status: T,
    published_at: Option<i64>,
    seo_title: Option<T>,
    seo_description: Option<T>,
    options: Vec<DocumentOption<T>>,
    variants: Vec<DocumentVariant<T>>,
    images: Vec<DocumentImage<T>>,
    created_at: i64,
    updated_at: i64,
}

#[derive(Serialize, Deserialize)]
struct DocumentOption<T> {
    id: Uuid,
    name: T,
    values: Vec<(Uuid, T)>,
}

#[derive(Serialize, Deserialize)]
struct DocumentVariant<T> {
    id: Uuid,
    title: T,
    values: [u16; 3],
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    sku: Option<T>,
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    barcode: Option<T>,
    price: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    compare_at_price: Option<i64>,
    weight_grams: i64,
    requires_shipping: bool,
    taxable: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    image: Option<Uuid>,
}

#[derive(Serialize, Deserialize)]
struct DocumentImage<T> {
    id: Uuid,
    url: T,
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    alt_text: Option<T>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
}

impl<'a> Document<&'a str> {
    fn of(product: &'a Product) -> Self {
        Self {
            handle: product.handle.as_str(),
            title: &product.title,
            html: &product.description.html,
            text: &product.description.text,
            vendor: &product.vendor,
            product_type: &product.product_type,
            tags: product.tags.iter().map(String::as_str).collect(),
            status: product.status.name(),
            published_at: product.published_at.map(|at| at.timestamp_micros()),
            seo_title: product.seo.title.as_deref(),
            seo_description: product.seo.description.as_deref(),
            options: product.options.iter().map(DocumentOption::of).collect(),
            variants: product.variants.iter().map(DocumentVariant::of).collect(),
            images: product.images.iter().map(DocumentImage::of).collect(),
            created_at: product.created_at.timestamp_micros(),
            updated_at: product.updated_at.timestamp_micros(),
        }
    }
}

impl<'a> DocumentOption<&'a str> {
    fn of(option: &'a ProductOption) -> Self {
        let values = option.values.iter().map(|value| (value.id.uuid(), value.name.as_str())).collect();
        Self { id: option.id.uuid(), name: &option.name, values }
    }
}

impl<'a> DocumentVariant<&'a str> {
    fn of(variant: &'a Variant) -> Self {
        Self {
            id: variant.id.uuid(),
            title: &variant.title,
            values: variant.values,
            sku: variant.sku.as_deref(),
            barcode: variant.barcode.as_deref(),
            price: variant.price,
            compare_at_price: variant.compare_at_price,
            weight_grams: variant.weight_grams,
            requires_shipping: variant.requires_shipping,
            taxable: variant.taxable,
            image: variant.image.map(ImageId::uuid),
        }
    }
}

impl<'a> DocumentImage<&'a str> {
    fn of(image: &'a Image) -> Self {
        Self {
            id: image.id.uuid(),
            url: &image.url,
            alt_text: image.alt_text.as_deref(),
            width: image.width,
            height: image.height,
        }
    }
}

impl Document<String> {
    /// `None` when it says something that no product can be.
    fn into_product(self, id: ProductId) -> Option<Product> {
        let price = PriceRange::of(self.variants.iter().map(|v| v.price))?;
        let compare_at_price = PriceRange::of(self.variants.iter().filter_map(|v| v.compare_at_price));
        Some(Product {
            id,
            handle: Handle::stored(self.handle),
            title: self.title,
            description: Description::stored(self.html, self.text),
            vendor: self.vendor,
            product_type: self.product_type,
            tags: self.tags,
            status: ProductStatus::parse(&self.status)?,
            published_at: match self.published_at {
                Some(micros) => Some(DateTime::from_timestamp_micros(micros)?),
                None => None,
            },
            seo: Seo { title: self.seo_title, description: self.seo_description },
            options: self.options.into_iter().map(DocumentOption::into_option).collect(),
            variants: self.variants.into_iter().map(|variant| variant.into_variant(id)).collect(),
            images: self.images.into_iter().map(DocumentImage::into_image).collect(),
            price,
            compare_at_price,
            created_at: DateTime::from_timestamp_micros(self.created_at)?,
            updated_at: DateTime::from_timestamp_micros(self.updated_at)?,
        })
    }
}

impl DocumentOption<String> {
    fn into_option(self) -> ProductOption {
        let value = |(id, name)| OptionValue { id: OptionValueId::new(id), name };
        ProductOption {
            id: OptionId::new(self.id),
            name: self.name,
            values: self.values.into_iter().map(value).collect(),
        }
    }
}

impl DocumentVariant<String> {
    fn into_variant(self, product: ProductId) -> Variant {
        Variant {
            id: VariantId::new(self.id),
            product,
            title: self.title,
            values: self.values,
            sku: self.sku,
            barcode: self.barcode,
            price: self.price,
            compare_at_price: self.compare_at_price,
            weight_grams: self.weight_grams,
            requires_shipping: self.requires_shipping,
            taxable: self.taxable,
            image: self.image.map(ImageId::new),
        }
    }
}

impl DocumentImage<String> {
    fn into_image(self) -> Image {
        Image {
            id: ImageId::new(self.id),
            url: self.url,
            alt_text: self.alt_text,
            width: self.width,
            height: self.height,
        }
    }
}
