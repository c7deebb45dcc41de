//! Made-up values for previews.

use super::CodeInMail;
use crate::Settings;
use chrono::{DateTime, TimeDelta};
use stoa_domain::{
    gift_card::Last4,
    order::{
        Fulfillment, FulfillmentLine, FulfillmentStatus, LineItem, Order, OrderFigures, OrderState, Tracking,
    },
    pricing::TaxRounding,
    shared::{
        Address, CartId, CountryCode, EmailAddress, FulfillmentId, LineItemId, Money, OrderId, ProductId,
        Rate, Timestamp, VariantId,
    },
};
use uuid::Uuid;

/// What a mail may be about.
pub(super) struct Sample {
    pub(super) name: String,
    pub(super) inviter: String,
    pub(super) provider: String,
    pub(super) device: String,
    pub(super) network: String,
    pub(super) link: String,
    pub(super) recover: String,
    pub(super) email: EmailAddress,
    pub(super) other_email: EmailAddress,
    pub(super) at: Timestamp,
    pub(super) until: Timestamp,
    pub(super) about: Uuid,
    pub(super) order: Order,
    pub(super) parcel: Fulfillment,
    pub(super) refunded: Money,
    pub(super) gift_cards: Vec<CodeInMail>,
    pub(super) card: Option<Last4>,
}

/// 22 November 2026, 14:05.
const AT: Timestamp = match DateTime::from_timestamp(1_795_356_300, 0) {
    Some(at) => at,
    None => DateTime::UNIX_EPOCH,
};

/// An id that belongs to nothing.
const NOTHING: Uuid = Uuid::nil();

impl Sample {
    /// Of a shop with these settings.
    pub(super) fn new(settings: &Settings) -> Self {
        let email = address("ada@example.com");
        // So that it reads like a price, in currencies without a minor unit too.
        let unit = 10_i64.pow(settings.currency.exponent());
        let order = order(settings, &email, unit);
        Self {
            name: "Ada Lovelace".into(),
            inviter: "Grace Hopper".into(),
            provider: "Example".into(),
            device: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".into(),
            network: "192.0.2.7".into(),
            link: settings.link("account/example"),
            recover: settings.link("account/recover"),
            other_email: address("ada.lovelace@example.org"),
            at: AT,
            until: AT + TimeDelta::days(1),
            about: NOTHING,
            parcel: parcel(&order),
            refunded: Money::new(18 * unit, settings.currency),
            card: Last4::parse("PLE1").ok(),
            // No codes that any card could have: they have no check character.
            gift_cards: vec![
                CodeInMail {
                    code: "EXAM-PLE1".into(),
                    worth: Money::new(50 * unit, settings.currency),
                    until: None,
                },
                CodeInMail {
                    code: "EXAM-PLE2".into(),
                    worth: Money::new(25 * unit, settings.currency),
                    until: Some(AT + TimeDelta::days(1_095)),
                },
            ],
            email,
            order,
        }
    }
}

/// An address for examples (RFC 2606), as it stands here.
fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap_or_else(|_| EmailAddress::erased(NOTHING))
}

fn order(settings: &Settings, email: &EmailAddress, unit: i64) -> Order {
    let lines = vec![
        line(1, "Stoneware mug", "Blue", 2, 18 * unit),
        line(2, "Oak table", "Default Title", 1, 1_200 * unit),
    ];
    let subtotal = lines.iter().map(|line| line.subtotal).sum();
    let delivery = 5 * unit;
    Order {
        id: OrderId::new(NOTHING),
        number: 1001,
        token: "example".into(),
        cart: CartId::new(NOTHING),
        state: OrderState::Paid { payment: None, paid_at: AT },
        attention: None,
        fulfillment: FulfillmentStatus::PartiallyFulfilled,
        customer: None,
        locale: None,
        email: email.clone(),
        phone: None,
        shipping_address: Some(Address {
            first_name: Some("Ada".into()),
            last_name: Some("Lovelace".into()),
            address1: Some("12 St James’s Square".into()),
            city: Some("London".into()),
            zip: Some("SW1Y 4JH".into()),
            country: CountryCode::parse("GB"),
            ..Address::default()
        }),
        delivery_title: Some(settings.pricing.delivery.title.clone()),
        delivery_handle: None,
        note: Some("Please ring twice.".into()),
        attributes: Vec::new(),
        figures: OrderFigures {
            currency: settings.currency,
            subtotal,
            discount: 0,
            delivery,
            delivery_discount: 0,
            delivery_tax: 0,
            removed_tax: 0,
            tax: 20 * unit,
            total: subtotal + delivery,
            charge: subtotal + delivery,
            shop: None,
            reverse_charge: false,
            tax_rate: Rate::from_millionths(190_000),
            prices_include_tax: true,
            tax_rounding: TaxRounding::Line,
        },
        lines,
        placed_at: AT,
        updated_at: AT,
    }
}

fn line(n: u128, title: &str, variant_title: &str, quantity: u32, unit_price: i64) -> LineItem {
    LineItem {
        id: LineItemId::new(Uuid::from_u128(n)),
        variant: VariantId::new(NOTHING),
        product: ProductId::new(NOTHING),
        title: title.into(),
        variant_title: variant_title.into(),
        sku: None,
        image_url: None,
        quantity,
        unit_price,
        subtotal: unit_price * i64::from(quantity),
        discount: 0,
        tax: 0,
        removed_tax: 0,
        gift_of: None,
        gift_card: false,
        requires_shipping: true,
        fulfilled: 0,
        attributes: Vec::new(),
    }
}

fn parcel(order: &Order) -> Fulfillment {
    let urls = ["https://example.com/parcels/00340434161094000000"];
    let tracking = Tracking::try_new(Some("Example Parcels"), &["00340434161094000000"], &urls);
    Fulfillment {
        id: FulfillmentId::new(NOTHING),
        order: order.id,
        position: 1,
        lines: order
            .lines
            .iter()
            .take(1)
            .map(|line| FulfillmentLine { line: line.id, quantity: 1 })
            .collect(),
        tracking: tracking.unwrap_or_default(),
        created_by: String::new(),
        created_at: AT,
    }
}
