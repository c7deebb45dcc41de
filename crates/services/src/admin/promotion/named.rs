//! Whether what a promotion names is there: one that speaks of nothing does nothing, and nobody sees why.

use super::{PromotionError, draft::targets};
use crate::admin::{InputPlace, InputRefusal, Unfit};
use std::collections::BTreeSet;
use stoa_domain::{
    pricing::{Action, Condition, Definition, Target},
    shared::{CollectionId, CustomerGroupId, Fault, MarketId, ProductId, VariantId},
};
use stoa_persistence::{catalog, customer, db::Conn, market};
use uuid::Uuid;

/// All that a promotion names by its id.
#[derive(Default)]
struct Named {
    products: BTreeSet<ProductId>,
    variants: BTreeSet<VariantId>,
    collections: BTreeSet<CollectionId>,
    groups: BTreeSet<CustomerGroupId>,
    markets: BTreeSet<MarketId>,
}

impl Named {
    fn of(definition: &Definition) -> Self {
        let mut named = Self::default();
        for (_, target) in targets(definition) {
            if let Target::Of { products, variants, collections, tags: _ } = target {
                named.products.extend(products);
                named.variants.extend(variants);
                named.collections.extend(collections);
            }
        }
        if let Action::Gift { variant, .. } = &definition.action {
            named.variants.insert(*variant);
        }
        for condition in &definition.conditions {
            match condition {
                Condition::Groups(groups) => named.groups.extend(groups),
                Condition::Markets(markets) => named.markets.extend(markets),
                Condition::Subtotal { .. }
                | Condition::Quantity { .. }
                | Condition::FirstOrder
                | Condition::Countries(_)
                | Condition::Currencies(_)
                | Condition::DeliveryMethods(_) => {}
            }
        }
        named
    }
}

/// Those that were not named before: what has gone since stays named, and matters to nobody.
fn new<Id: Ord + Copy>(now: &BTreeSet<Id>, before: &BTreeSet<Id>) -> Vec<Id> {
    now.difference(before).copied().collect()
}

/// Looks whether everything that is newly named is there. A statement for each kind of thing that is.
///
/// # Errors
/// Something is not.
pub(super) async fn check(
    conn: &impl Conn,
    definition: &Definition,
    before: Option<&Definition>,
) -> Result<(), PromotionError> {
    let (now, before) = (Named::of(definition), before.map(Named::of).unwrap_or_default());
    let missing = first_missing(conn, &now, &before).await?;
    Ok(missing.map_or(Ok(()), |id| Err(InputRefusal::new(place_of(definition, id), Unfit::NotThere(id))))?)
}

async fn first_missing(conn: &impl Conn, now: &Named, before: &Named) -> Result<Option<Uuid>, Fault> {
    let products = new(&now.products, &before.products);
    let there: BTreeSet<ProductId> =
        catalog::products_by_ids(conn, &products).await?.into_iter().map(|product| product.id).collect();
    if let Some(missing) = products.iter().find(|id| !there.contains(id)) {
        return Ok(Some(missing.uuid()));
    }
    let variants = new(&now.variants, &before.variants);
    if !variants.is_empty() {
        let there = catalog::products_of_variants(conn, &variants).await?;
        if let Some(missing) = variants.iter().find(|id| !there.contains_key(id)) {
            return Ok(Some(missing.uuid()));
        }
    }
    let collections = new(&now.collections, &before.collections);
    let there: BTreeSet<CollectionId> =
        catalog::collections_by_ids(conn, &collections).await?.into_iter().map(|of| of.id).collect();
    if let Some(missing) = collections.iter().find(|id| !there.contains(id)) {
        return Ok(Some(missing.uuid()));
    }
    let groups = new(&now.groups, &before.groups);
    let there: BTreeSet<CustomerGroupId> =
        customer::find_groups(conn, &groups).await?.into_iter().map(|group| group.id).collect();
    if let Some(missing) = groups.iter().find(|id| !there.contains(id)) {
        return Ok(Some(missing.uuid()));
    }
    let markets = new(&now.markets, &before.markets);
    let there: BTreeSet<MarketId> =
        market::find_all(conn, &markets).await?.into_iter().map(|kept| kept.rule.id).collect();
    Ok(markets.iter().find(|id| !there.contains(id)).map(|id| id.uuid()))
}

/// Where an id is named first.
fn place_of(definition: &Definition, id: Uuid) -> InputPlace {
    let of_target = |target: &Target| {
        let Target::Of { products, variants, collections, tags: _ } = target else { return None };
        match () {
            () if products.contains(&ProductId::new(id)) => Some("productIds"),
            () if variants.contains(&VariantId::new(id)) => Some("variantIds"),
            () if collections.contains(&CollectionId::new(id)) => Some("collectionIds"),
            () => None,
        }
    };
    let in_targets =
        targets(definition).into_iter().find_map(|(at, target)| Some(at.then(of_target(target)?)));
    let in_conditions = || {
        definition.conditions.iter().find_map(|condition| match condition {
            Condition::Groups(of) if of.contains(&CustomerGroupId::new(id)) => Some("customerGroupIds"),
            Condition::Markets(of) if of.contains(&MarketId::new(id)) => Some("marketIds"),
            _ => None,
        })
    };
    in_targets
        .or_else(|| in_conditions().map(|field| InputPlace::fields(&["conditions", field])))
        .unwrap_or_else(|| InputPlace::fields(&["action", "gift", "variantId"]))
}
