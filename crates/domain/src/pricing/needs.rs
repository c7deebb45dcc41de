//! What a shop's rules look at: what none of them does need not be read.

use super::{Action, Condition, GroupDeliveries, Method, PriceListKind, Promotion, RulesData, Target};
use crate::{delivery::MethodKind, shared::VariantId};
use std::collections::BTreeSet;

/// What some rule looks at, beyond prices and quantities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// In which collections goods are.
    pub collections: bool,
    /// Which tags they have.
    pub tags: bool,
    /// In which groups the buyer is.
    pub groups: bool,
    /// Whether the buyer has ordered before.
    pub first_order: bool,
    /// How often the buyer has used a promotion.
    pub by_buyer: bool,
    /// Whether what was used of a promotion decides, though no code was entered.
    pub standing: bool,
    /// What promotions put in for nothing.
    pub gifts: BTreeSet<VariantId>,
    /// Where which goods lie: for what is picked up, or for deliveries by place.
    pub places: bool,
    /// What carriers charge.
    pub carriers: bool,
}

impl Needs {
    /// Those of a shop.
    pub(super) fn of(rules: &RulesData) -> Self {
        let mut needs = Self {
            groups: rules.price_lists.iter().any(|list| matches!(list.kind, PriceListKind::Group(_))),
            places: rules.settings.group_deliveries == GroupDeliveries::Location,
            ..Self::default()
        };
        for method in &rules.delivery_methods {
            needs.places |= matches!(method.kind, MethodKind::PickUp { .. });
            needs.carriers |= method.kind == MethodKind::Carrier;
        }
        for promotion in &rules.promotions {
            let is_limited = rules.limited.contains(&promotion.id);
            needs.standing |= is_limited && promotion.method == Method::Automatic;
            needs.by_buyer |= promotion.per_buyer.is_some();
            for target in targets(promotion) {
                if let Target::Of { collections, tags, .. } = target {
                    needs.collections |= !collections.is_empty();
                    needs.tags |= !tags.is_empty();
                }
            }
            for condition in &promotion.definition.conditions {
                needs.groups |= matches!(condition, Condition::Groups(_));
                needs.first_order |= matches!(condition, Condition::FirstOrder);
            }
            if let Action::Gift { variant, .. } = promotion.definition.action {
                needs.gifts.insert(variant);
            }
        }
        needs
    }
}

/// All goods that a promotion speaks of: those of its action first.
pub(super) fn targets(promotion: &Promotion) -> impl Iterator<Item = &Target> {
    let of_action = match &promotion.definition.action {
        Action::PercentOff { target, .. }
        | Action::AmountOff { target, .. }
        | Action::FixedPrice { target, .. }
        | Action::Tiered { target, .. } => [Some(target), None],
        Action::BuyGet { buy, get, .. } => [Some(buy), Some(get)],
        Action::DeliveryOff { .. } | Action::Gift { .. } => [None, None],
    };
    let of_conditions = promotion.definition.conditions.iter().filter_map(|condition| match condition {
        Condition::Subtotal { of, .. } | Condition::Quantity { of, .. } => Some(of),
        Condition::Groups(_)
        | Condition::FirstOrder
        | Condition::Countries(_)
        | Condition::Currencies(_)
        | Condition::Markets(_)
        | Condition::DeliveryMethods(_) => None,
    });
    of_action.into_iter().flatten().chain(of_conditions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        delivery::Bounds,
        pricing::{Class, Definition, DeliveryOption, PriceList, PricingRules, Rules, TaxRounding},
        shared::{CollectionId, Currency, CustomerGroupId, LocationId, PriceListId, PromotionId, Rate},
    };

    fn rules() -> RulesData {
        let delivery = DeliveryOption { handle: "s".into(), title: "S".into(), price: 0, taxable: false };
        let configured = PricingRules {
            tax_rate: Rate::default(),
            prices_include_tax: true,
            tax_rounding: TaxRounding::Line,
            delivery,
        };
        Rules::implicit(&configured, Currency::USD).data().clone()
    }

    fn with(conditions: Vec<Condition>, action: Action) -> Needs {
        let promotion = Promotion {
            id: PromotionId::NIL,
            title: "p".into(),
            class: action.classes()[0],
            method: Method::Automatic,
            definition: Definition { conditions, action, most_per_order: None },
            priority: 0,
            stacks: false,
            exclusive: false,
            starts_at: None,
            ends_at: None,
            per_buyer: None,
        };
        assert_eq!(promotion.class, Class::Product);
        Needs::of(&RulesData { promotions: vec![promotion], ..rules() })
    }

    fn of(collections: &[CollectionId], tags: &[&str]) -> Target {
        Target::Of {
            products: BTreeSet::new(),
            variants: BTreeSet::new(),
            collections: collections.iter().copied().collect(),
            tags: tags.iter().map(|tag| Box::from(*tag)).collect(),
        }
    }

    #[test]
    fn only_what_a_rule_looks_at_is_needed() {
        let rate = Rate::from_millionths(100_000);
        let ten = |target| Action::PercentOff { rate, target };
        assert_eq!(Needs::of(&rules()), Needs::default());
        assert_eq!(with(Vec::new(), ten(Target::All)), Needs::default());
        assert!(with(Vec::new(), ten(of(&[], &["summer"]))).tags);
        let get = of(&[CollectionId::NIL], &[]);
        let set =
            Action::BuyGet { buy: Target::All, buy_count: 1, get, get_count: 1, off: rate, most_sets: None };
        assert_eq!(with(Vec::new(), set), Needs { collections: true, ..Needs::default() });
        let counted = Condition::Quantity { of: of(&[CollectionId::NIL], &[]), bounds: Bounds::default() };
        assert!(with(vec![counted], ten(Target::All)).collections);
        let buyers = vec![Condition::FirstOrder, Condition::Groups(BTreeSet::from([CustomerGroupId::NIL]))];
        assert_eq!(
            with(buyers, Action::Gift { variant: VariantId::NIL, quantity: 1 }),
            Needs {
                first_order: true,
                groups: true,
                gifts: BTreeSet::from([VariantId::NIL]),
                ..Needs::default()
            }
        );
    }

    #[test]
    fn prices_of_groups_need_to_know_who_buys() {
        let list = PriceList {
            id: PriceListId::NIL,
            name: "trade".into(),
            kind: PriceListKind::Group(BTreeSet::new()),
            currency: Currency::USD,
            adjustment: None,
            market: None,
            starts_at: None,
            ends_at: None,
        };
        assert!(Needs::of(&RulesData { price_lists: vec![list], ..rules() }).groups);
    }

    #[test]
    fn places_and_carriers_are_asked_where_a_method_depends_on_them() {
        let with = |kind| {
            let mut rules = rules();
            rules.delivery_methods[0].kind = kind;
            Needs::of(&rules)
        };
        assert_eq!(with(MethodKind::Local), Needs::default());
        let location = LocationId::NIL;
        assert_eq!(with(MethodKind::PickUp { location }), Needs { places: true, ..Needs::default() });
        assert_eq!(with(MethodKind::Carrier), Needs { carriers: true, ..Needs::default() });
        let mut by_place = rules();
        by_place.settings.group_deliveries = GroupDeliveries::Location;
        assert!(Needs::of(&by_place).places);
    }

    #[test]
    fn what_is_left_is_looked_up_of_automatic_promotions_that_are_limited() {
        let of = |method, limited: BTreeSet<PromotionId>| {
            let rate = Rate::from_millionths(100_000);
            let action = Action::PercentOff { rate, target: Target::All };
            let promotion = Promotion {
                id: PromotionId::NIL,
                title: "p".into(),
                class: Class::Product,
                method,
                definition: Definition { conditions: Vec::new(), action, most_per_order: None },
                priority: 0,
                stacks: false,
                exclusive: false,
                starts_at: None,
                ends_at: None,
                per_buyer: None,
            };
            Needs::of(&RulesData { promotions: vec![promotion], limited, ..rules() }).standing
        };
        let limited = || BTreeSet::from([PromotionId::NIL]);
        assert!(of(Method::Automatic, limited()));
        assert!(!of(Method::Automatic, BTreeSet::new()));
        assert!(!of(Method::Code, limited()), "codes are looked up anyway");
    }
}
