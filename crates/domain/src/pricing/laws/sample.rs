//! A cart, the shop it is bought in, and the order it becomes.

use crate::{
    delivery::{CarrierQuote, GroupChoice},
    order::{FulfillmentStatus, LineItem, Order, OrderFigures, OrderState},
    pricing::{
        Context, DeliveryOption, EnteredCode, Goods, PricedCart, PricedLine, PricingInput, PricingLine,
        PricingRules, Quotes, Rules, RulesData, Standing, StoredValue, TaxRounding, price_cart,
    },
    shared::{CartId, CartLineId, CountryCode, Currency, EmailAddress, OrderId, Place, PromotionId, Rate},
};
use chrono::DateTime;
use std::sync::Arc;
use uuid::Uuid;

pub(in crate::pricing) fn id<T: From<Uuid>>(n: u128) -> T {
    Uuid::from_u128(n).into()
}

/// A line of a cart.
#[derive(Clone, Debug)]
pub(in crate::pricing) struct Sold {
    pub(in crate::pricing) goods: Goods,
    pub(in crate::pricing) quantity: u32,
    pub(in crate::pricing) gift_of: Option<PromotionId>,
    /// With what it is delivered.
    pub(in crate::pricing) group: Option<usize>,
}

impl Sold {
    /// Goods whose variant and product have the same number, delivered with the first group.
    pub(in crate::pricing) fn of(n: u128, price: i64, quantity: u32) -> Self {
        let goods = Goods {
            variant: id(n),
            product: id(n),
            price,
            compare_at_price: None,
            taxable: true,
            requires_shipping: true,
            weight_grams: 350,
            dimensions_mm: None,
            collections: Arc::from([]),
            tags: Arc::from([]),
            tax_category: None,
            gift_card: false,
        };
        Self { goods, quantity, gift_of: None, group: Some(0) }
    }
}

/// A cart, and the shop it is bought in.
#[derive(Clone, Debug)]
pub(in crate::pricing) struct Bought {
    pub(in crate::pricing) data: RulesData,
    pub(in crate::pricing) lines: Vec<Sold>,
    pub(in crate::pricing) groups: Vec<GroupChoice>,
    pub(in crate::pricing) codes: Vec<&'static str>,
    pub(in crate::pricing) standing: Standing,
    pub(in crate::pricing) stored: Vec<StoredValue>,
    pub(in crate::pricing) carriers: Vec<CarrierQuote>,
    /// Where the buyer is, which decides the market.
    pub(in crate::pricing) country: Option<CountryCode>,
    /// Whether the buyer owes no tax.
    pub(in crate::pricing) exempt: bool,
    /// In which order the lines stand, by their places in `lines`; as they are there where it is empty.
    pub(in crate::pricing) order: Vec<usize>,
}

impl Bought {
    /// A cart in a shop of one tax and of one way of delivering.
    pub(in crate::pricing) fn plain(configured: &PricingRules, currency: &str, lines: Vec<Sold>) -> Self {
        let currency = Currency::parse(currency).expect("a currency");
        Self {
            data: Rules::implicit(configured, currency).data().clone(),
            lines,
            groups: vec![GroupChoice { option: None, ..group(1) }],
            codes: Vec::new(),
            standing: Standing::default(),
            stored: Vec::new(),
            carriers: Vec::new(),
            country: None,
            exempt: false,
            order: Vec::new(),
        }
    }

    pub(in crate::pricing) fn with_input<T>(&self, use_it: impl FnOnce(&PricingInput<'_>) -> T) -> T {
        let rules = Rules::compile(self.data.clone());
        let lines: Vec<PricingLine<'_>> = (0..)
            .zip(&self.lines)
            .map(|(n, sold)| PricingLine {
                id: CartLineId::new(Uuid::from_u128(n)),
                quantity: sold.quantity,
                goods: &sold.goods,
                gift_of: sold.gift_of,
                group: sold.group.filter(|group| *group < self.groups.len()),
            })
            .collect();
        let lines: Vec<PricingLine<'_>> = match self.order.is_empty() {
            true => lines,
            false => self.order.iter().map(|at| lines[*at].clone()).collect(),
        };
        let mut context = Context::of(&rules, self.country);
        context.address = self.country.map(Place::somewhere_in);
        context.buyer.tax_exempt = self.exempt;
        let codes: Vec<EnteredCode> = self.codes.iter().filter_map(|code| EnteredCode::parse(code)).collect();
        use_it(&PricingInput {
            lines: &lines,
            rules: &rules,
            context: &context,
            codes: &codes,
            standing: &self.standing,
            deliveries: &self.groups,
            quotes: &Quotes { carriers: self.carriers.clone(), ..Quotes::default() },
            stored_value: &self.stored,
            now: DateTime::UNIX_EPOCH,
        })
    }

    pub(in crate::pricing) fn price(&self) -> PricedCart {
        self.with_input(price_cart).expect("a price")
    }
}

pub(super) fn group(n: u128) -> GroupChoice {
    let germany = CountryCode::parse("DE").map(Place::somewhere_in);
    GroupChoice { id: id(n), to: germany, option: Some("m1".into()), pick_up: vec![id(1)] }
}

/// The order that a cart becomes, as far as its figures go.
pub(in crate::pricing) fn order_of(bought: &Bought, priced: &PricedCart) -> Order {
    let at = DateTime::UNIX_EPOCH;
    let line = |(n, (sold, priced)): (u128, (&Sold, &PricedLine))| LineItem {
        id: id(n),
        variant: sold.goods.variant,
        product: sold.goods.product,
        title: "Mug".into(),
        variant_title: "Blue".into(),
        sku: None,
        image_url: None,
        quantity: sold.quantity,
        unit_price: priced.unit_price,
        subtotal: priced.subtotal,
        discount: priced.line_discount + priced.order_discount,
        tax: priced.tax,
        removed_tax: priced.removed_tax,
        gift_of: sold.gift_of,
        gift_card: sold.goods.gift_card,
        requires_shipping: sold.goods.requires_shipping,
        fulfilled: 0,
        attributes: Vec::new(),
    };
    let offer = priced.groups.iter().find_map(|group| group.chosen());
    let settings = &bought.data.settings;
    let rates = bought.data.tax_zones.iter().flat_map(|zone| &zone.rates);
    Order {
        id: OrderId::NIL,
        number: 1001,
        token: String::new(),
        cart: CartId::NIL,
        state: OrderState::Paid { payment: None, paid_at: at },
        attention: None,
        fulfillment: FulfillmentStatus::Unfulfilled,
        customer: None,
        locale: None,
        email: EmailAddress::parse("ada@example.org").expect("an address"),
        phone: None,
        shipping_address: None,
        delivery_title: offer.map(|offer| offer.title.to_string()),
        delivery_handle: offer.map(|offer| offer.handle.to_string()),
        note: None,
        attributes: Vec::new(),
        figures: OrderFigures {
            currency: priced.currency,
            subtotal: priced.subtotal,
            discount: priced.discount,
            delivery: priced.delivery,
            delivery_discount: priced.delivery_discount,
            delivery_tax: priced.delivery_tax,
            removed_tax: priced.removed_tax,
            tax: priced.tax,
            total: priced.total,
            charge: priced.charge,
            shop: None,
            reverse_charge: priced.reverse_charge,
            tax_rate: rates.map(|rate| rate.rate).next().unwrap_or_default(),
            prices_include_tax: priced.tax_inside,
            tax_rounding: settings.tax_rounding,
        },
        lines: (0..).zip(bought.lines.iter().zip(&priced.lines)).map(line).collect(),
        placed_at: at,
        updated_at: at,
    }
}

/// One tax on everything, and delivery at 5.00.
pub(in crate::pricing) fn configured(percent: &str, include: bool, by_line: bool) -> PricingRules {
    PricingRules {
        tax_rate: Rate::parse_percent(percent).expect("a percentage"),
        prices_include_tax: include,
        tax_rounding: if by_line { TaxRounding::Line } else { TaxRounding::Total },
        delivery: DeliveryOption {
            handle: "standard".into(),
            title: "Standard".into(),
            price: 500,
            taxable: true,
        },
    }
}
