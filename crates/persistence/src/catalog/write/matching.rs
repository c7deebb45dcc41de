//! Which parts of a product stay when it is changed, and the ids of those that are new.

use super::rows;
use crate::catalog::entities::{image, option, option_value, product, variant};
use crate::db::{Raw, WriteTx, stored};
use crate::inventory::item;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{HashMap, HashSet};
use stoa_domain::{
    catalog::{DraftVariant, Image, OptionValue, Product, ProductDraft, ProductOption, Variant, fold_key},
    shared::{IdGenerator, ImageId, OptionId, OptionValueId, ProductId, Timestamp, VariantId},
};
use uuid::Uuid;

/// A product's parts as they are; none for a product that is to be made.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) created_at: Option<Timestamp>,
    options: Vec<(option::Model, Vec<option_value::Model>)>,
    images: Vec<image::Model>,
    variants: Vec<variant::Model>,
    stock: HashMap<Uuid, i64>,
}

impl Kept {
    pub(super) async fn read(tx: &WriteTx, id: ProductId) -> Result<Self, DbErr> {
        let connection = tx.raw();
        let created_at: Option<Timestamp> = product::Entity::find_by_id(id.uuid())
            .select_only()
            .column(product::Column::CreatedAt)
            .into_tuple()
            .one(connection)
            .await?;
        let options = option::Entity::find()
            .filter(option::Column::ProductId.eq(id.uuid()))
            .order_by_asc(option::Column::Position)
            .all(connection)
            .await?;
        let mut values: HashMap<Uuid, Vec<option_value::Model>> = HashMap::new();
        for value in option_value::Entity::find()
            .filter(option_value::Column::ProductId.eq(id.uuid()))
            .all(connection)
            .await?
        {
            values.entry(value.option_id).or_default().push(value);
        }
        let images =
            image::Entity::find().filter(image::Column::ProductId.eq(id.uuid())).all(connection).await?;
        let variants =
            variant::Entity::find().filter(variant::Column::ProductId.eq(id.uuid())).all(connection).await?;
        let stock = item::Entity::find()
            .filter(item::Column::VariantId.is_in(variants.iter().map(|v| v.id)))
            .all(connection)
            .await?;
        Ok(Self {
            created_at,
            options: options
                .into_iter()
                .map(|o| (values.remove(&o.id).unwrap_or_default(), o))
                .map(|(v, o)| (o, v))
                .collect(),
            images,
            variants,
            stock: stock.into_iter().map(|row| (row.variant_id, row.version)).collect(),
        })
    }

    /// The variants it has.
    pub(super) fn variants(&self) -> impl ExactSizeIterator<Item = VariantId> {
        self.variants.iter().map(|row| VariantId::new(row.id))
    }

    /// The version of a variant's stock before the change.
    pub(super) fn stock_version(&self, id: VariantId) -> Option<i64> {
        self.stock.get(&id.uuid()).copied()
    }
}

/// The ids under which a draft's parts are written.
pub(super) struct Matched {
    pub(super) options: Vec<MatchedOption>,
    pub(super) images: Vec<ImageId>,
    pub(super) variants: Vec<MatchedVariant>,
    /// Variants that the draft no longer has.
    pub(super) removed: Vec<VariantId>,
}

pub(super) struct MatchedOption {
    pub(super) id: OptionId,
    /// For each value its id and its number.
    pub(super) values: Vec<(OptionValueId, i16)>,
}

pub(super) struct MatchedVariant {
    pub(super) id: VariantId,
    pub(super) new: bool,
}

impl Matched {
    pub(super) fn new(kept: &Kept, draft: &ProductDraft, ids: &dyn IdGenerator) -> Self {
        let options = match_options(kept, draft, ids);
        let images = match_images(kept, draft, ids);
        let mut matched = Self { options, images, variants: Vec::new(), removed: Vec::new() };
        matched.match_variants(kept, draft, ids);
        matched
    }

    /// The numbers of a variant's option values.
    pub(super) fn numbers(&self, variant: &DraftVariant) -> [i16; 3] {
        let mut numbers = [0; 3];
        for (slot, (option, value)) in numbers.iter_mut().zip(self.options.iter().zip(variant.values)) {
            *slot = option.values.get(usize::from(value)).map_or(0, |(_, number)| *number);
        }
        numbers
    }

    /// The whole product as the draft and these ids say it.
    pub(super) fn product(
        &self,
        id: ProductId,
        draft: &ProductDraft,
        created_at: Timestamp,
        now: Timestamp,
    ) -> Product {
        let options = draft.options().iter().zip(&self.options).map(|(option, matched)| ProductOption {
            id: matched.id,
            name: option.name.clone(),
            values: option
                .values
                .iter()
                .zip(&matched.values)
                .map(|(name, (id, _))| OptionValue { id: *id, name: name.clone() })
                .collect(),
        });
        let variants = draft.variants().iter().zip(&self.variants).map(|(variant, matched)| Variant {
            id: matched.id,
            product: id,
            title: variant.title.clone(),
            values: variant.values,
            sku: variant.sku.clone(),
            barcode: variant.barcode.clone(),
            price: variant.price,
            compare_at_price: variant.compare_at_price,
            weight_grams: variant.weight_grams,
            requires_shipping: variant.requires_shipping,
            taxable: variant.taxable,
            image: variant.image.and_then(|n| self.images.get(n)).copied(),
        });
        let images = draft.images().iter().zip(&self.images).map(|(image, id)| Image {
            id: *id,
            url: image.url.clone(),
            alt_text: image.alt_text.clone(),
            width: image.width,
            height: image.height,
        });
        Product {
            id,
            handle: draft.handle().clone(),
            title: draft.title().to_owned(),
            description: draft.description().clone(),
            vendor: draft.vendor().to_owned(),
            product_type: draft.product_type().to_owned(),
            tags: draft.tags().to_vec(),
            status: draft.status(),
            published_at: draft.published_at().map(stored),
            seo: draft.seo().clone(),
            options: options.collect(),
            variants: variants.collect(),
            images: images.collect(),
            price: draft.price(),
            compare_at_price: draft.compare_at_price(),
            created_at: stored(created_at),
            updated_at: stored(now),
        }
    }

    fn match_variants(&mut self, kept: &Kept, draft: &ProductDraft, ids: &dyn IdGenerator) {
        let by_numbers: HashMap<[i16; 3], Uuid> =
            kept.variants.iter().map(|v| (numbers_of(v), v.id)).collect();
        let wanted: Vec<[i16; 3]> = draft.variants().iter().map(|v| self.numbers(v)).collect();
        let mut found: Vec<Option<Uuid>> =
            wanted.iter().map(|numbers| by_numbers.get(numbers).copied()).collect();
        let mut used: HashSet<Uuid> = found.iter().flatten().copied().collect();
        let by_sku: HashMap<&str, Uuid> =
            kept.variants.iter().filter_map(|v| Some((v.sku_key.as_deref()?, v.id))).collect();
        for (slot, variant) in found.iter_mut().zip(draft.variants()).filter(|(slot, _)| slot.is_none()) {
            let same_sku =
                variant.sku.as_deref().map(fold_key).and_then(|sku| by_sku.get(sku.as_str()).copied());
            *slot = same_sku.filter(|id| used.insert(*id));
        }
        self.removed =
            kept.variants.iter().filter(|v| !used.contains(&v.id)).map(|v| VariantId::new(v.id)).collect();
        self.variants = found
            .into_iter()
            .map(|id| MatchedVariant {
                id: VariantId::new(id.unwrap_or_else(|| ids.id())),
                new: id.is_none(),
            })
            .collect();
    }
}

const fn numbers_of(variant: &variant::Model) -> [i16; 3] {
    [variant.option1, variant.option2, variant.option3]
}

fn match_options(kept: &Kept, draft: &ProductDraft, ids: &dyn IdGenerator) -> Vec<MatchedOption> {
    let names: Vec<String> = draft.options().iter().map(|o| fold_key(&o.name)).collect();
    let mut used = HashSet::new();
    draft
        .options()
        .iter()
        .enumerate()
        .map(|(n, option)| {
            let same_name = kept.options.iter().find(|(o, _)| fold_key(&o.name) == names[n]);
            // One whose name is gone may have been renamed: then it is still in its place.
            let same_place = || kept.options.get(n).filter(|(o, _)| !names.contains(&fold_key(&o.name)));
            let before = same_name.or_else(same_place).filter(|(o, _)| used.insert(o.id));
            let values = before.map_or(&[][..], |(_, values)| values);
            MatchedOption {
                id: OptionId::new(before.map_or_else(|| ids.id(), |(o, _)| o.id)),
                values: match_values(values, &option.values, ids),
            }
        })
        .collect()
}

fn match_values(
    before: &[option_value::Model],
    names: &[String],
    ids: &dyn IdGenerator,
) -> Vec<(OptionValueId, i16)> {
    let by_name: HashMap<String, &option_value::Model> =
        before.iter().map(|v| (fold_key(&v.name), v)).collect();
    // Numbers of values that go are free only once they are gone, so new ones count on from the highest.
    let mut highest = usize::try_from(before.iter().map(|v| v.number).max().unwrap_or(0)).unwrap_or(0);
    names
        .iter()
        .map(|name| {
            by_name.get(&fold_key(name)).map_or_else(
                || {
                    highest += 1;
                    (OptionValueId::new(ids.id()), rows::small(highest))
                },
                |value| (OptionValueId::new(value.id), value.number),
            )
        })
        .collect()
}

fn match_images(kept: &Kept, draft: &ProductDraft, ids: &dyn IdGenerator) -> Vec<ImageId> {
    let mut by_url: HashMap<&str, Vec<Uuid>> = HashMap::new();
    for image in kept.images.iter().rev() {
        by_url.entry(&image.url).or_default().push(image.id);
    }
    let mut same = |url: &str| by_url.get_mut(url).and_then(Vec::pop);
    draft.images().iter().map(|input| ImageId::new(same(&input.url).unwrap_or_else(|| ids.id()))).collect()
}
