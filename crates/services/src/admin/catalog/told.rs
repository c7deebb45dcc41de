//! What the log says of a product and of a collection. That a description has changed is said, and not to what: the log is kept for
//! ever, and a description may be half a megabyte.

use std::collections::HashMap;
use stoa_domain::{
    audit::{AuditValue, Changes, Subject},
    catalog::{Collection, Product, ProductOption, StockPolicy, Variant},
    shared::{CollectionId, ProductId, Timestamp, VariantId},
};
use stoa_persistence::catalog::GoodsFacts;

/// A product with how the stock of its variants is counted.
#[derive(Clone)]
pub(super) struct Whole {
    pub(super) product: Product,
    pub(super) stock: HashMap<VariantId, StockPolicy>,
    /// Units at hand of those that are anywhere.
    pub(super) on_hand: HashMap<VariantId, i64>,
    /// What rules ask of it.
    pub(super) facts: GoodsFacts,
}

impl Whole {
    /// Whether it is what it was, but for the moment at which it was written.
    pub(super) fn is(&self, before: &Self) -> bool {
        let since = before.product.updated_at;
        let is_counted_so = self.stock == before.stock && self.facts == before.facts;
        is_counted_so && before.product == Product { updated_at: since, ..self.product.clone() }
    }
}

/// What the log calls a field, and what it says of it.
type Field<T> = (&'static str, fn(&T) -> AuditValue);

pub(super) fn subject(id: ProductId) -> Subject {
    Subject::new(ProductId::TYPE, id)
}

/// What is other than it was; `None`: there was, or is, no such product.
pub(super) fn product(id: ProductId, before: Option<&Whole>, after: Option<&Whole>) -> Changes {
    let (was, is) = (before.map(|whole| &whole.product), after.map(|whole| &whole.product));
    let mut changes = Changes::of(subject(id));
    let fields: [Field<Product>; 11] = [
        ("title", |p| p.title.clone().into()),
        ("handle", |p| p.handle.to_string().into()),
        ("vendor", |p| p.vendor.clone().into()),
        ("productType", |p| p.product_type.clone().into()),
        ("tags", |p| p.tags.clone().into()),
        ("status", |p| p.status.name().into()),
        ("publishedAt", |p| moment(p.published_at)),
        ("seo.title", |p| p.seo.title.clone().into()),
        ("seo.description", |p| p.seo.description.clone().into()),
        ("options", |p| p.options.iter().map(option).collect::<Vec<_>>().into()),
        ("images", |p| p.images.iter().map(|image| image.url.clone()).collect::<Vec<_>>().into()),
    ];
    for (name, field) in fields {
        changes = changes.field(name, value(was, field), value(is, field));
    }
    let html = |product: Option<&Product>| product.map(|p| p.description.html.clone());
    let texts = |product: Option<&Product>| {
        product.map(|p| p.images.iter().map(|image| image.alt_text.clone()).collect::<Vec<_>>())
    };
    changes = changes.hidden("descriptionHtml", html(was).as_ref(), html(is).as_ref());
    changes = changes.hidden("imageTexts", texts(was).as_ref(), texts(is).as_ref());
    let gift_card = |whole: Option<&Whole>| whole.map(|whole| whole.facts.gift_card);
    let category = |whole: Option<&Whole>| whole?.facts.tax_category.map(|id| id.to_string());
    changes = changes.field("giftCard", gift_card(before), gift_card(after));
    changes = changes.field("taxCategoryId", category(before), category(after));
    variants(changes, before, after)
}

/// Variant by variant, those that were there first.
fn variants(mut changes: Changes, before: Option<&Whole>, after: Option<&Whole>) -> Changes {
    let of = |whole: Option<&Whole>| -> Vec<VariantId> {
        whole.map_or_else(Vec::new, |w| w.product.variants.iter().map(|v| v.id).collect())
    };
    let were = of(before);
    let new: Vec<VariantId> = of(after).into_iter().filter(|id| !were.contains(id)).collect();
    let fields: [Field<Variant>; 8] = [
        ("title", |v| v.title.clone().into()),
        ("sku", |v| v.sku.clone().into()),
        ("barcode", |v| v.barcode.clone().into()),
        ("price", |v| v.price.into()),
        ("compareAtPrice", |v| v.compare_at_price.into()),
        ("weightGrams", |v| v.weight_grams.into()),
        ("requiresShipping", |v| v.requires_shipping.into()),
        ("taxable", |v| v.taxable.into()),
    ];
    for id in were.into_iter().chain(new) {
        let (was, is) =
            (before.and_then(|w| w.product.variant(id)), after.and_then(|w| w.product.variant(id)));
        for (name, field) in fields {
            changes = changes.field(&format!("variant {id} {name}"), value(was, field), value(is, field));
        }
        let image = |whole: Option<&Whole>| {
            let product = &whole?.product;
            let shown = product.image(product.variant(id)?.image?)?;
            Some(shown.url.clone())
        };
        changes = changes.field(&format!("variant {id} image"), image(before), image(after));
        let sides = |whole: Option<&Whole>| {
            let [length, width, height] = whole?.facts.sides.get(&id)?;
            Some(format!("{length} x {width} x {height} mm"))
        };
        changes = changes.field(&format!("variant {id} dimensions"), sides(before), sides(after));
        let policy = |whole: Option<&Whole>| whole.and_then(|w| w.stock.get(&id)).copied();
        let (was, is) = (policy(before), policy(after));
        changes = changes
            .field(&format!("variant {id} tracked"), was.map(|p| p.tracked), is.map(|p| p.tracked))
            .field(&format!("variant {id} backorderLimit"), limit(was), limit(is));
        // Of those that stay units come and go meanwhile by other hands, which say so themselves.
        if was.is_none() || is.is_none() {
            let units = |whole: Option<&Whole>| whole.and_then(|w| w.on_hand.get(&id)).copied();
            changes = changes.field(&format!("variant {id} onHand"), units(before), units(after));
        }
    }
    changes
}

/// What is other than it was of a collection; `None`: there was, or is, none.
pub(super) fn collection(id: CollectionId, was: Option<&Collection>, is: Option<&Collection>) -> Changes {
    let mut changes = Changes::of(Subject::new(CollectionId::TYPE, id));
    let fields: [Field<Collection>; 7] = [
        ("title", |c| c.title.clone().into()),
        ("handle", |c| c.handle.to_string().into()),
        ("sortOrder", |c| c.default_sort.name().into()),
        ("publishedAt", |c| moment(c.published_at)),
        ("seo.title", |c| c.seo.title.clone().into()),
        ("seo.description", |c| c.seo.description.clone().into()),
        ("image", |c| c.image.as_ref().map(|image| image.url.clone()).into()),
    ];
    for (name, field) in fields {
        changes = changes.field(name, value(was, field), value(is, field));
    }
    let html = |of: Option<&Collection>| of.map(|c| c.description.html.clone());
    changes.hidden("descriptionHtml", html(was).as_ref(), html(is).as_ref())
}

/// What came into a collection and what went out; whether it was only put into another order.
pub(super) fn members(changes: Changes, before: &[ProductId], after: &[ProductId]) -> Changes {
    let without = |these: &[ProductId], others: &[ProductId]| -> Vec<String> {
        let others: std::collections::HashSet<&ProductId> = others.iter().collect();
        these.iter().filter(|id| !others.contains(id)).map(ToString::to_string).collect()
    };
    let (removed, added) = (without(before, after), without(after, before));
    let reordered = removed.is_empty() && added.is_empty() && before != after;
    changes.field("products", removed, added).field(
        "order",
        reordered.then_some("as it was"),
        reordered.then_some("another"),
    )
}

fn value<T>(of: Option<&T>, field: fn(&T) -> AuditValue) -> AuditValue {
    of.map_or(AuditValue::Nothing, field)
}

fn moment(at: Option<Timestamp>) -> AuditValue {
    at.map(|at| at.to_rfc3339()).into()
}

fn option(option: &ProductOption) -> String {
    let values: Vec<&str> = option.values.iter().map(|value| value.name.as_str()).collect();
    format!("{}: {}", option.name, values.join(", "))
}

/// As a number, or in a word.
fn limit(policy: Option<StockPolicy>) -> AuditValue {
    match policy {
        None => AuditValue::Nothing,
        Some(policy) => policy.backorder_limit.map_or_else(|| "any".into(), Into::into),
    }
}
