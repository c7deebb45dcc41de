//! Whole products, put together from their rows.

use crate::catalog::entities::{image, option, option_value, product, tag, variant};
use crate::db::padded;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, Order, QueryFilter, QueryOrder};
use std::collections::HashMap;
use stoa_domain::{
    catalog::{
        Description, Handle, Image, OptionValue, PriceRange, Product, ProductOption, ProductStatus, Seo,
        Variant,
    },
    shared::{ImageId, OptionId, OptionValueId, ProductId, VariantId},
};
use uuid::Uuid;

/// Products as their rows say them, in any order. Six statements, however many; one where there are none.
pub(in crate::catalog) async fn from_rows<C: ConnectionTrait>(
    connection: &C,
    ids: &[ProductId],
) -> Result<Vec<Product>, DbErr> {
    Ok(Parts::read(connection, ids).await?.assemble().collect())
}

/// The rows of some products, the parts by product.
#[derive(Default)]
struct Parts {
    products: Vec<product::Model>,
    options: HashMap<Uuid, Vec<option::Model>>,
    values: HashMap<Uuid, Vec<option_value::Model>>,
    variants: HashMap<Uuid, Vec<variant::Model>>,
    images: HashMap<Uuid, Vec<image::Model>>,
    tags: HashMap<Uuid, Vec<tag::Model>>,
}

impl Parts {
    async fn read<C: ConnectionTrait>(connection: &C, ids: &[ProductId]) -> Result<Self, DbErr> {
        let ids = || padded(ids).map(ProductId::uuid);
        let products =
            product::Entity::find().filter(product::Column::Id.is_in(ids())).all(connection).await?;
        if products.is_empty() {
            return Ok(Self::default());
        }
        Ok(Self {
            products,
            options: grouped(
                option::Entity::find()
                    .filter(option::Column::ProductId.is_in(ids()))
                    .order_by_asc(option::Column::Position)
                    .all(connection)
                    .await?,
                |row| row.product_id,
            ),
            values: grouped(
                option_value::Entity::find()
                    .filter(option_value::Column::ProductId.is_in(ids()))
                    .order_by_asc(option_value::Column::Position)
                    .all(connection)
                    .await?,
                |row| row.option_id,
            ),
            variants: grouped(
                variant::Entity::find()
                    .filter(variant::Column::ProductId.is_in(ids()))
                    .order_by_asc(variant::Column::Position)
                    .all(connection)
                    .await?,
                |row| row.product_id,
            ),
            images: grouped(
                image::Entity::find()
                    .filter(image::Column::ProductId.is_in(ids()))
                    .order_by_asc(image::Column::Position)
                    .all(connection)
                    .await?,
                |row| row.product_id,
            ),
            tags: grouped(
                tag::Entity::find()
                    .filter(tag::Column::ProductId.is_in(ids()))
                    .order_by(tag::Column::TagKey, Order::Asc)
                    .all(connection)
                    .await?,
                |row| row.product_id,
            ),
        })
    }

    fn assemble(mut self) -> impl Iterator<Item = Product> {
        std::mem::take(&mut self.products).into_iter().map(move |row| self.product(row))
    }

    fn product(&mut self, row: product::Model) -> Product {
        let mut options = Vec::new();
        let mut numbers = Vec::new();
        for option in self.options.remove(&row.id).unwrap_or_default() {
            let values = self.values.remove(&option.id).unwrap_or_default();
            numbers.push(values.iter().map(|v| v.number).collect());
            options.push(ProductOption {
                id: OptionId::new(option.id),
                name: option.name,
                values: values
                    .into_iter()
                    .map(|v| OptionValue { id: OptionValueId::new(v.id), name: v.name })
                    .collect(),
            });
        }
        let variants = self.variants.remove(&row.id).unwrap_or_default();
        let images = self.images.remove(&row.id).unwrap_or_default();
        Product {
            id: ProductId::new(row.id),
            handle: Handle::stored(row.handle),
            title: row.title,
            description: Description::stored(row.description_html, row.description),
            vendor: row.vendor,
            product_type: row.product_type,
            tags: self.tags.remove(&row.id).unwrap_or_default().into_iter().map(|t| t.tag).collect(),
            // A status that this program does not know is one it must not show.
            status: ProductStatus::parse(&row.status).unwrap_or(ProductStatus::Draft),
            published_at: row.published_at,
            seo: Seo { title: row.seo_title, description: row.seo_description },
            options,
            variants: variants.into_iter().map(|v| to_variant(v, &numbers)).collect(),
            images: images.into_iter().map(to_image).collect(),
            price: PriceRange { min: row.min_price, max: row.max_price },
            compare_at_price: row
                .min_compare_at_price
                .zip(row.max_compare_at_price)
                .map(|(min, max)| PriceRange { min, max }),
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

fn to_image(row: image::Model) -> Image {
    Image {
        id: ImageId::new(row.id),
        url: row.url,
        alt_text: row.alt_text,
        width: pixels(row.width),
        height: pixels(row.height),
    }
}

/// A length in pixels as a database keeps it.
pub(super) fn pixels(length: Option<i32>) -> Option<u32> {
    length.and_then(|pixels| u32::try_from(pixels).ok())
}

/// A variant, whose value numbers become indexes into the options' values.
fn to_variant(row: variant::Model, numbers: &[Vec<i16>]) -> Variant {
    let mut values = [0; 3];
    for (slot, (numbers, number)) in
        values.iter_mut().zip(numbers.iter().zip([row.option1, row.option2, row.option3]))
    {
        let index = numbers.iter().position(|n| *n == number).unwrap_or(0);
        *slot = u16::try_from(index).unwrap_or(0);
    }
    Variant {
        id: VariantId::new(row.id),
        product: ProductId::new(row.product_id),
        title: row.title,
        values,
        sku: row.sku,
        barcode: row.barcode,
        price: row.price,
        compare_at_price: row.compare_at_price,
        weight_grams: row.weight_grams,
        requires_shipping: row.requires_shipping,
        taxable: row.taxable,
        image: row.image_id.map(ImageId::new),
    }
}

fn grouped<T>(rows: Vec<T>, key: impl Fn(&T) -> Uuid) -> HashMap<Uuid, Vec<T>> {
    let mut groups: HashMap<Uuid, Vec<T>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}
