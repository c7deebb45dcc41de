//! From drafts to rows.

use crate::catalog::entities::{document, image, option, option_value, product, tag, variant};
use crate::db::{bind_chunks, stored};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, Iterable, Set};
use stoa_domain::{
    catalog::{DraftVariant, ImageInput, Product, ProductDraft, ProductStatus, fold_key},
    shared::{ImageId, OptionId, OptionValueId, ProductId, Timestamp, VariantId},
};

/// Inserts rows, as many statements as their number of columns asks for.
pub(super) async fn insert_all<C, A>(connection: &C, rows: Vec<A>) -> Result<(), DbErr>
where
    C: ConnectionTrait,
    A: ActiveModelTrait + Clone + Send,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
{
    for chunk in bind_chunks(&rows, <A::Entity as EntityTrait>::Column::iter().count()) {
        A::Entity::insert_many(chunk.iter().cloned()).exec_without_returning(connection).await?;
    }
    Ok(())
}

/// The columns of a product that a draft decides; the others (sales, creation) are not set.
pub(super) fn product(id: ProductId, draft: &ProductDraft, now: Timestamp) -> product::ActiveModel {
    let published_at = draft.published_at().map(stored);
    let compare_at = draft.compare_at_price();
    product::ActiveModel {
        id: Set(id.uuid()),
        handle: Set(draft.handle().as_str().to_owned()),
        title: Set(draft.title().to_owned()),
        title_key: Set(fold_key(draft.title())),
        description_html: Set(draft.description().html.clone()),
        description: Set(draft.description().text.clone()),
        vendor: Set(draft.vendor().to_owned()),
        vendor_key: Set(fold_key(draft.vendor())),
        product_type: Set(draft.product_type().to_owned()),
        type_key: Set(fold_key(draft.product_type())),
        status: Set(draft.status().name().to_owned()),
        published_at: Set(published_at),
        listed_at: Set(published_at.filter(|_| draft.status() == ProductStatus::Active)),
        seo_title: Set(draft.seo().title.clone()),
        seo_description: Set(draft.seo().description.clone()),
        min_price: Set(draft.price().min),
        max_price: Set(draft.price().max),
        min_compare_at_price: Set(compare_at.map(|range| range.min)),
        max_compare_at_price: Set(compare_at.map(|range| range.max)),
        updated_at: Set(stored(now)),
        ..Default::default()
    }
}

/// The product as a whole.
pub(super) fn document(product: &Product) -> Result<document::ActiveModel, DbErr> {
    crate::catalog::document::row(product).map_err(|error| DbErr::Json(error.to_string()))
}

/// The n-th option, counted from 0.
pub(super) fn option(id: OptionId, product: ProductId, n: usize, name: &str) -> option::ActiveModel {
    option::ActiveModel {
        id: Set(id.uuid()),
        product_id: Set(product.uuid()),
        position: Set(small(n + 1)),
        name: Set(name.to_owned()),
        name_key: Set(fold_key(name)),
    }
}

/// A value of an option and its number, the n-th counted from 0.
pub(super) fn option_value(
    (id, number): (OptionValueId, i16),
    product: ProductId,
    option: OptionId,
    n: usize,
    name: &str,
) -> option_value::ActiveModel {
    option_value::ActiveModel {
        id: Set(id.uuid()),
        product_id: Set(product.uuid()),
        option_id: Set(option.uuid()),
        number: Set(number),
        position: Set(small(n + 1)),
        name: Set(name.to_owned()),
        name_key: Set(fold_key(name)),
    }
}

/// The n-th picture, counted from 0.
pub(super) fn image(id: ImageId, product: ProductId, n: usize, input: &ImageInput) -> image::ActiveModel {
    image::ActiveModel {
        id: Set(id.uuid()),
        product_id: Set(product.uuid()),
        position: Set(i32::try_from(n + 1).unwrap_or(i32::MAX)),
        url: Set(input.url.clone()),
        alt_text: Set(input.alt_text.clone()),
        width: Set(pixels(input.width)),
        height: Set(pixels(input.height)),
    }
}

/// A length in pixels as a database keeps it; one that no screen has is not known.
pub(super) fn pixels(length: Option<u32>) -> Option<i32> {
    length.and_then(|pixels| i32::try_from(pixels).ok())
}

/// The n-th variant, counted from 0, with the numbers of its option values.
pub(super) fn variant(
    id: VariantId,
    product: ProductId,
    n: usize,
    draft: &DraftVariant,
    options: [i16; 3],
    image: Option<ImageId>,
) -> variant::ActiveModel {
    variant::ActiveModel {
        id: Set(id.uuid()),
        product_id: Set(product.uuid()),
        position: Set(i32::try_from(n + 1).unwrap_or(i32::MAX)),
        title: Set(draft.title.clone()),
        option1: Set(options[0]),
        option2: Set(options[1]),
        option3: Set(options[2]),
        sku: Set(draft.sku.clone()),
        sku_key: Set(draft.sku.as_deref().map(fold_key)),
        barcode: Set(draft.barcode.clone()),
        price: Set(draft.price),
        compare_at_price: Set(draft.compare_at_price),
        weight_grams: Set(draft.weight_grams),
        requires_shipping: Set(draft.requires_shipping),
        taxable: Set(draft.taxable),
        image_id: Set(image.map(ImageId::uuid)),
    }
}

/// A product's tags.
pub(super) fn tags(id: ProductId, draft: &ProductDraft) -> impl Iterator<Item = tag::ActiveModel> {
    draft.tags().iter().map(move |name| tag::ActiveModel {
        product_id: Set(id.uuid()),
        tag_key: Set(fold_key(name)),
        tag: Set(name.clone()),
    })
}

/// A count that the limits of a product keep small.
pub(super) fn small(n: usize) -> i16 {
    i16::try_from(n).unwrap_or(i16::MAX)
}
