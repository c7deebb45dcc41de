//! A promotion as staff write it down, held against what can be.

use crate::admin::{
    InputPlace, InputRefusal, Unfit,
    place::{HIGHEST, named, refuse},
};
use stoa_domain::{
    pricing::{
        Action, Class, Condition, Definition, InvalidPromotion, Method, MoneyTable, Off, Promotion, Target,
    },
    shared::{Currency, PromotionId, Rate, Timestamp},
};
use stoa_persistence::promotion::{Limits, PromotionState, StaffPromotion};

/// Characters of a title.
const TITLE: usize = 255;
/// Characters of a handle of a way of delivering.
const HANDLE: usize = 64;
/// Entries of each list that a promotion names something in.
const NAMED: usize = 250;
/// Tiers.
const TIERS: usize = 50;
/// Units that are counted, given or bought: more than any cart has.
const UNITS: u32 = 1_000_000;
/// What an amount may be, in minor units.
const AMOUNTS: std::ops::RangeInclusive<i64> = 0..=HIGHEST;
const OTHER_AMOUNT: Unfit = Unfit::OutOfRange { least: 0, most: HIGHEST };

/// A promotion as staff write it down. Whether it is in use is said elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromotionDraft {
    /// What buyers and explanations call it.
    pub title: String,
    /// What it lowers; `None`: the first of what its action can.
    pub class: Option<Class>,
    /// Who switches it on.
    pub method: Method,
    /// What it does, and when.
    pub definition: Definition,
    /// What is applied first of promotions that are applied together.
    pub priority: i32,
    /// Whether it is added to the best of its class.
    pub stacks: bool,
    /// Whether it is applied alone or not at all.
    pub exclusive: bool,
    /// The first moment it counts.
    pub starts_at: Option<Timestamp>,
    /// The first moment it counts no more.
    pub ends_at: Option<Timestamp>,
    /// How often one buyer may use it.
    pub per_buyer: Option<i64>,
    /// How much of it there is for all buyers together.
    pub limits: Limits,
}

impl PromotionDraft {
    /// The promotion with this id, not in use.
    ///
    /// # Errors
    /// The first thing that cannot be so, and where it stands.
    pub(super) fn checked(
        &self,
        id: PromotionId,
        currency: Currency,
    ) -> Result<StaffPromotion, InputRefusal> {
        let title = named(&self.title, "title", TITLE)?;
        let window = self.starts_at.zip(self.ends_at);
        let reversed = window.is_some_and(|(start, end)| end <= start);
        refuse(reversed, || InputPlace::field("endsAt"), Unfit::RangeReversed)?;
        self.limited()?;
        self.definition.conditions.iter().try_for_each(condition)?;
        for (at, target) in targets(&self.definition) {
            bounded(target, &at)?;
        }
        action(&self.definition.action, currency)?;
        let classes = self.definition.action.classes();
        let class = self.class.or_else(|| classes.first().copied()).unwrap_or(Class::Product);
        self.units(class)?;
        let promotion = Promotion {
            id,
            title: title.into(),
            class,
            method: self.method,
            definition: self.definition.clone(),
            priority: self.priority,
            stacks: self.stacks,
            exclusive: self.exclusive,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            per_buyer: self.per_buyer,
        };
        // The rules themselves have the last word.
        let promotion = promotion.validated().map_err(whole)?;
        Ok(StaffPromotion { promotion, state: PromotionState::Draft, limits: self.limits })
    }

    /// Units of an order are counted where single ones are lowered.
    fn units(&self, class: Class) -> Result<(), InputRefusal> {
        let Some(most) = self.definition.most_per_order else { return Ok(()) };
        let at = || InputPlace::fields(&["limits", "unitsPerOrder"]);
        let of_units = class == Class::Product && !matches!(self.definition.action, Action::Gift { .. });
        refuse(!of_units, at, Unfit::NothingToDo)?;
        match self.definition.action {
            Action::BuyGet { get_count, .. } => {
                refuse(most < get_count, at, Unfit::Unlike("one set alone lowers more units"))
            }
            _ => Ok(()),
        }
    }

    fn limited(&self) -> Result<(), InputRefusal> {
        let most = i64::from(i32::MAX);
        let counted = [
            ("usesPerCustomer", self.per_buyer, most),
            ("uses", self.limits.most, most),
            ("unitsPerOrder", self.definition.most_per_order.map(i64::from), i64::from(UNITS)),
            ("budget", self.limits.budget, i64::MAX),
        ];
        for (field, limit, most) in counted {
            let wrong = limit.is_some_and(|limit| !(1..=most).contains(&limit));
            refuse(wrong, || InputPlace::fields(&["limits", field]), Unfit::OutOfRange { least: 1, most })?;
        }
        Ok(())
    }
}

/// What the rules refuse and nothing before has: it is about the whole rather than a place of it.
fn whole(error: InvalidPromotion) -> InputRefusal {
    match error {
        InvalidPromotion::OtherClass => {
            let why = Unfit::Unlike("the action lowers something else than that class");
            InputRefusal::new(InputPlace::field("promotionClass"), why)
        }
        InvalidPromotion::NothingToDo => InputRefusal::new(InputPlace::field("action"), Unfit::NothingToDo),
        InvalidPromotion::RangeReversed => {
            InputRefusal::new(InputPlace::field("conditions"), Unfit::RangeReversed)
        }
        InvalidPromotion::OutOfRange => {
            let why = Unfit::OutOfRange { least: 0, most: i64::MAX };
            InputRefusal::new(InputPlace::field("action"), why)
        }
    }
}

/// What the API calls an action.
pub(super) const fn action_name(action: &Action) -> &'static str {
    match action {
        Action::PercentOff { .. } => "percentOff",
        Action::AmountOff { .. } => "amountOff",
        Action::FixedPrice { .. } => "fixedPrice",
        Action::BuyGet { .. } => "buyGet",
        Action::Tiered { .. } => "tiered",
        Action::DeliveryOff { .. } => "deliveryOff",
        Action::Gift { .. } => "gift",
    }
}

/// Every target of a promotion, with its place.
pub(super) fn targets(definition: &Definition) -> Vec<(InputPlace, &Target)> {
    let mut targets: Vec<_> = definition.conditions.iter().filter_map(of_condition).collect();
    let at = |field| InputPlace::fields(&["action", action_name(&definition.action), field]);
    match &definition.action {
        Action::PercentOff { target, .. }
        | Action::AmountOff { target, .. }
        | Action::FixedPrice { target, .. }
        | Action::Tiered { target, .. } => targets.push((at("target"), target)),
        Action::BuyGet { buy, get, .. } => targets.extend([(at("buy"), buy), (at("get"), get)]),
        Action::DeliveryOff { .. } | Action::Gift { .. } => {}
    }
    targets
}

fn of_condition(condition: &Condition) -> Option<(InputPlace, &Target)> {
    match condition {
        Condition::Subtotal { of, .. } => Some((InputPlace::fields(&["conditions", "subtotal", "of"]), of)),
        Condition::Quantity { of, .. } => Some((InputPlace::fields(&["conditions", "quantity", "of"]), of)),
        Condition::Groups(_)
        | Condition::FirstOrder
        | Condition::Countries(_)
        | Condition::Currencies(_)
        | Condition::Markets(_)
        | Condition::DeliveryMethods(_) => None,
    }
}

fn bounded(target: &Target, at: &InputPlace) -> Result<(), InputRefusal> {
    let Target::Of { products, variants, collections, tags } = target else { return Ok(()) };
    refuse(target.is_nothing(), || at.clone(), Unfit::NothingToDo)?;
    let lists = [
        ("productIds", products.len()),
        ("variantIds", variants.len()),
        ("collectionIds", collections.len()),
        ("tags", tags.len()),
    ];
    for (field, count) in lists {
        refuse(count > NAMED, || at.then(field), Unfit::TooMany { max: NAMED })?;
    }
    let long = tags.iter().any(|tag| tag.chars().count() > TITLE);
    refuse(long, || at.then("tags"), Unfit::TooLong { max: TITLE })
}

fn condition(condition: &Condition) -> Result<(), InputRefusal> {
    let at = |field| InputPlace::fields(&["conditions", field]);
    let list = |field, count: usize| {
        refuse(count == 0, || at(field), Unfit::NothingToDo)?;
        refuse(count > NAMED, || at(field), Unfit::TooMany { max: NAMED })
    };
    match condition {
        Condition::Subtotal { bounds, .. } => {
            let open = bounds.least.is_none() && bounds.most.is_none();
            refuse(open, || at("subtotal"), Unfit::NothingToDo)?;
            for (field, bound) in [("least", &bounds.least), ("most", &bounds.most)] {
                let mut amounts = bound.iter().flat_map(MoneyTable::amounts);
                let wrong = amounts.any(|amount| !AMOUNTS.contains(&amount));
                refuse(wrong, || at("subtotal").then(field), OTHER_AMOUNT)?;
            }
            refuse(bounds.reversed(), || at("subtotal").then("most"), Unfit::RangeReversed)
        }
        Condition::Quantity { bounds, .. } => {
            let open = bounds.least.is_none() && bounds.most.is_none();
            refuse(open, || at("quantity"), Unfit::NothingToDo)?;
            let most = i64::from(UNITS);
            for (field, bound) in [("least", bounds.least), ("most", bounds.most)] {
                let wrong = bound.is_some_and(|count| !(0..=most).contains(&count));
                refuse(wrong, || at("quantity").then(field), Unfit::OutOfRange { least: 0, most })?;
            }
            refuse(bounds.reversed(), || at("quantity").then("most"), Unfit::RangeReversed)
        }
        Condition::Groups(of) => list("customerGroupIds", of.len()),
        Condition::FirstOrder => Ok(()),
        Condition::Countries(of) => list("countries", of.len()),
        Condition::Currencies(of) => list("currencies", of.len()),
        Condition::Markets(of) => list("marketIds", of.len()),
        Condition::DeliveryMethods(of) => {
            list("deliveryMethods", of.len())?;
            handles(of.iter(), || at("deliveryMethods"))
        }
    }
}

fn handles<'a>(
    mut handles: impl Iterator<Item = &'a Box<str>>,
    at: impl FnOnce() -> InputPlace,
) -> Result<(), InputRefusal> {
    let long = handles.any(|handle| handle.chars().count() > HANDLE);
    refuse(long, at, Unfit::TooLong { max: HANDLE })
}

fn action(action: &Action, shop: Currency) -> Result<(), InputRefusal> {
    let at = |field| InputPlace::fields(&["action", action_name(action), field]);
    match action {
        Action::PercentOff { rate, .. } => share(*rate, || at("percentage")),
        Action::AmountOff { off, .. } => {
            refuse(off.shop == 0, || at("amount"), Unfit::NothingToDo)?;
            charged(off, shop, || at("amount"))
        }
        Action::FixedPrice { price, .. } => charged(price, shop, || at("price")),
        Action::BuyGet { buy_count, get_count, off, most_sets, .. } => {
            count(Some(*buy_count), || at("buyQuantity"))?;
            count(Some(*get_count), || at("getQuantity"))?;
            count(*most_sets, || at("usesPerOrder"))?;
            share(*off, || at("percentage"))
        }
        Action::Tiered { tiers, .. } => {
            let list = at("tiers");
            refuse(tiers.is_empty(), || list.clone(), Unfit::NothingToDo)?;
            refuse(tiers.len() > TIERS, || list.clone(), Unfit::TooMany { max: TIERS })?;
            for (index, tier) in tiers.iter().enumerate() {
                refuse(!AMOUNTS.contains(&tier.from), || list.entry(index).then("from"), OTHER_AMOUNT)?;
                let unordered = index > 0 && tiers[index - 1].from >= tier.from;
                refuse(unordered, || list.entry(index).then("from"), Unfit::RangeReversed)?;
                taken_off(&tier.off, shop, |field| list.entry(index).then(field))?;
            }
            Ok(())
        }
        Action::DeliveryOff { off, methods, most } => {
            taken_off(off, shop, at)?;
            refuse(methods.len() > NAMED, || at("methods"), Unfit::TooMany { max: NAMED })?;
            handles(methods.iter(), || at("methods"))?;
            most.iter().try_for_each(|most| charged(most, shop, || at("most")))
        }
        Action::Gift { quantity, .. } => count(Some(*quantity), || at("quantity")),
    }
}

fn taken_off(off: &Off, shop: Currency, at: impl Fn(&'static str) -> InputPlace) -> Result<(), InputRefusal> {
    match off {
        Off::Percent(rate) => share(*rate, || at("percentage")),
        Off::Amount(amount) => {
            refuse(amount.shop == 0, || at("amount"), Unfit::NothingToDo)?;
            charged(amount, shop, || at("amount"))
        }
    }
}

fn count(count: Option<u32>, at: impl FnOnce() -> InputPlace) -> Result<(), InputRefusal> {
    let wrong = count.is_some_and(|count| !(1..=UNITS).contains(&count));
    refuse(wrong, at, Unfit::OutOfRange { least: 1, most: UNITS.into() })
}

/// More than nothing, and at most all.
fn share(rate: Rate, at: impl Fn() -> InputPlace) -> Result<(), InputRefusal> {
    refuse(rate.millionths() == 0, &at, Unfit::NothingToDo)?;
    refuse(rate.millionths() > 1_000_000, at, Unfit::OutOfRange { least: 0, most: 100 })
}

/// An amount that carts are charged more or less by: what is left must be something that can be charged.
fn charged(amount: &MoneyTable, shop: Currency, at: impl Fn() -> InputPlace) -> Result<(), InputRefusal> {
    let others = amount.others.iter().map(|(currency, amount)| (*currency, *amount));
    for (currency, amount) in std::iter::once((shop, amount.shop)).chain(others) {
        refuse(!AMOUNTS.contains(&amount), &at, OTHER_AMOUNT)?;
        let step = currency.charge_step();
        refuse(amount % step != 0, &at, Unfit::Uneven { currency, step })?;
    }
    Ok(())
}

#[cfg(test)]
#[path = "draft_tests.rs"]
mod tests;
