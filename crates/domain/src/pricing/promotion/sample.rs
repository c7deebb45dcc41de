//! Carts to try promotions on.

use super::*;
use crate::{
    delivery::GroupChoice,
    pricing::{
        CodeStanding, Context, DeliveryOption, DeliveryTax, Goods, PricedCart, PricingInput, PricingLine,
        PricingRules, Quotes, Rules, RulesData, Standing, TaxRounding, Used, price_cart,
    },
    shared::{
        CartLineId, CountryCode, Currency, DeliveryGroupId, Place, ProductId, PromotionId, Rate,
        TaxCategoryId, Timestamp,
    },
};
use chrono::DateTime;
use std::{collections::BTreeSet, sync::Arc};
use uuid::Uuid;

pub(super) const NOW: Timestamp = DateTime::UNIX_EPOCH;
/// What is not taxed.
pub(super) const EXEMPT: TaxCategoryId = TaxCategoryId::new(Uuid::from_u128(99));

pub(super) fn id<T: From<Uuid>>(n: u128) -> T {
    Uuid::from_u128(n).into()
}

pub(super) fn percent(text: &str) -> Rate {
    Rate::parse_percent(text).expect("a percentage")
}

/// Goods whose variant and product have the same number.
pub(super) fn goods(n: u128, price: i64) -> Goods {
    Goods {
        variant: id(n),
        product: id(n),
        price,
        compare_at_price: None,
        taxable: true,
        requires_shipping: true,
        weight_grams: 100,
        dimensions_mm: None,
        collections: Arc::from([]),
        tags: Arc::from([]),
        tax_category: None,
        gift_card: false,
    }
}

/// These products.
pub(super) fn products(numbers: &[u128]) -> Target {
    Target::Of {
        products: numbers.iter().map(|n| id::<ProductId>(*n)).collect(),
        variants: BTreeSet::new(),
        collections: BTreeSet::new(),
        tags: BTreeSet::new(),
    }
}

pub(super) fn promotion(n: u128, action: Action) -> Promotion {
    Promotion {
        id: id(n),
        title: format!("p{n}").into(),
        class: action.classes()[0],
        method: Method::Automatic,
        definition: Definition { conditions: Vec::new(), action, most_per_order: None },
        priority: 0,
        stacks: false,
        exclusive: false,
        starts_at: None,
        ends_at: None,
        per_buyer: None,
    }
}

pub(super) fn percent_off(n: u128, percentage: &str, target: Target) -> Promotion {
    promotion(n, Action::PercentOff { rate: percent(percentage), target })
}

/// A percentage of the whole order.
pub(super) fn order_off(n: u128, percentage: &str) -> Promotion {
    Promotion { class: Class::Order, ..percent_off(n, percentage, Target::All) }
}

pub(super) fn amount_off(n: u128, amount: i64, per: Per, target: Target) -> Promotion {
    promotion(n, Action::AmountOff { off: MoneyTable::of(amount), per, target })
}

pub(super) fn delivery_off(n: u128, off: Off) -> Promotion {
    promotion(n, Action::DeliveryOff { off, methods: BTreeSet::new(), most: None })
}

pub(super) fn buy_get(n: u128, buy: (Target, u32), get: (Target, u32), off: &str) -> Promotion {
    let ((buy, buy_count), (get, get_count)) = (buy, get);
    promotion(n, Action::BuyGet { buy, buy_count, get, get_count, off: percent(off), most_sets: None })
}

/// A shop, a cart in it, and what was used before.
#[derive(Clone, Debug)]
pub(super) struct Shop {
    pub(super) currency: Currency,
    pub(super) tax: &'static str,
    pub(super) include: bool,
    pub(super) rounding: TaxRounding,
    pub(super) delivery_tax: DeliveryTax,
    /// What delivering costs; `None`: nothing is delivered.
    pub(super) delivery: Option<i64>,
    pub(super) promotions: Vec<Promotion>,
    pub(super) lines: Vec<(Goods, u32, Option<PromotionId>)>,
    pub(super) codes: Vec<&'static str>,
    pub(super) standing: Standing,
    pub(super) buyer: crate::pricing::BuyerFacts,
    pub(super) country: Option<&'static str>,
}

impl Shop {
    pub(super) fn new(currency: &str, lines: &[(u128, i64, u32)]) -> Self {
        Self {
            currency: Currency::parse(currency).expect("a currency"),
            tax: "0",
            include: true,
            rounding: TaxRounding::Line,
            delivery_tax: DeliveryTax::None,
            delivery: None,
            promotions: Vec::new(),
            lines: lines.iter().map(|(n, price, quantity)| (goods(*n, *price), *quantity, None)).collect(),
            codes: Vec::new(),
            standing: Standing::default(),
            buyer: crate::pricing::BuyerFacts::default(),
            country: None,
        }
    }

    pub(super) fn with(mut self, promotions: impl IntoIterator<Item = Promotion>) -> Self {
        self.promotions.extend(promotions);
        self
    }

    /// With a code for the last promotion, entered.
    pub(super) fn by_code(mut self, code: &'static str) -> Self {
        if let (Some(promotion), Some(key)) = (self.promotions.last_mut(), CodeKey::of(code)) {
            promotion.method = Method::Code;
            let standing = CodeStanding { promotion: promotion.id, used: 0, most: None, disabled: false };
            self.standing.codes.insert(key, standing);
        }
        self.codes.push(code);
        self
    }

    pub(super) fn used(mut self, promotion: u128, used: Used) -> Self {
        self.standing.promotions.insert(id(promotion), used);
        self
    }

    pub(super) fn rules(&self) -> Rules {
        let configured = PricingRules {
            tax_rate: Rate::parse_percent(self.tax).expect("a percentage"),
            prices_include_tax: self.include,
            tax_rounding: self.rounding,
            delivery: DeliveryOption {
                handle: "standard".into(),
                title: "Standard".into(),
                price: self.delivery.unwrap_or(0),
                taxable: true,
            },
        };
        let mut data = Rules::implicit(&configured, self.currency).data().clone();
        data.settings.delivery_tax = self.delivery_tax;
        data.promotions.clone_from(&self.promotions);
        data.tax_categories.push(crate::tax::TaxCategory {
            id: EXEMPT,
            code: "exempt".into(),
            name: "Exempt".into(),
            kind: crate::tax::CategoryKind::Exempt,
        });
        Rules::compile(RulesData { version: 1, ..data })
    }

    pub(super) fn price(&self) -> PricedCart {
        self.with_input(price_cart).expect("a price")
    }

    pub(super) fn with_input<T>(&self, use_it: impl FnOnce(&PricingInput<'_>) -> T) -> T {
        let rules = self.rules();
        let place = self.country.and_then(CountryCode::parse).map(Place::somewhere_in);
        let groups: Vec<GroupChoice> = (self.delivery.iter())
            .map(|_| GroupChoice {
                id: DeliveryGroupId::NIL,
                to: place.clone(),
                option: None,
                pick_up: Vec::new(),
            })
            .collect();
        let line = |(n, (goods, quantity, gift_of)): (u128, &'_ (Goods, u32, Option<PromotionId>))| {
            (CartLineId::new(Uuid::from_u128(n)), goods.clone(), *quantity, *gift_of)
        };
        let held: Vec<_> = (0..).zip(&self.lines).map(line).collect();
        let lines: Vec<PricingLine<'_>> = held
            .iter()
            .map(|(id, goods, quantity, gift_of)| PricingLine {
                id: *id,
                quantity: *quantity,
                goods,
                gift_of: *gift_of,
                group: (!groups.is_empty()).then_some(0),
            })
            .collect();
        let codes: Vec<EnteredCode> = self.codes.iter().filter_map(|code| EnteredCode::parse(code)).collect();
        let context =
            Context { buyer: self.buyer.clone(), address: place, ..Context::anybody(rules.primary()) };
        use_it(&PricingInput {
            lines: &lines,
            rules: &rules,
            context: &context,
            codes: &codes,
            standing: &self.standing,
            deliveries: &groups,
            quotes: &Quotes::default(),
            stored_value: &[],
            now: NOW,
        })
    }
}

/// What comes off each line: of its own units, and as its share of the order.
pub(super) fn off(priced: &PricedCart) -> Vec<(i64, i64)> {
    priced.lines.iter().map(|line| (line.line_discount, line.order_discount)).collect()
}

/// The promotions that took something off, and how much.
pub(super) fn applied(priced: &PricedCart) -> Vec<(&str, i64)> {
    priced.applied.iter().map(|applied| (&*applied.title, applied.amount)).collect()
}
