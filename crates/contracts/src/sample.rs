//! Ids, times and carts to try stores with.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use stoa_domain::{
    cart::{
        Attribute, BuyerIdentity, Cart, CartLine, CheckoutLock, GroupSelection, MergedCart, SelectableAddress,
    },
    delivery::{DeliveryDays, KeptQuote},
    pricing::EnteredCode,
    shared::{
        Address, AddressId, CartId, CartLineId, CountryCode, Currency, CustomerId, DeliveryGroupId,
        EmailAddress, GiftCardId, Money, PromotionId, Timestamp, VariantId,
    },
};
use uuid::Uuid;

/// The time at which a rule starts: the wall clock's, so that stores whose keys die by it can be held to the rules.
pub(crate) fn start() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "a store's own expiry may go by the wall clock")]
    let now: DateTime<Utc> = Utc::now();
    now.trunc_subsecs(6)
}

/// A span of minutes.
pub(crate) const fn minutes(n: i64) -> TimeDelta {
    TimeDelta::minutes(n)
}

/// The least span there is.
pub(crate) const fn instant() -> TimeDelta {
    TimeDelta::microseconds(1)
}

fn uuid() -> Uuid {
    uuid::Builder::from_random_bytes(rand::random()).into_uuid()
}

/// An id no other rule uses.
pub(crate) fn cart_id() -> CartId {
    CartId::new(uuid())
}

/// An id no other rule uses.
pub(crate) fn variant_id() -> VariantId {
    VariantId::new(uuid())
}

/// A line of `quantity` units of something.
pub(crate) fn line(quantity: u32) -> CartLine {
    CartLine {
        id: CartLineId::new(uuid()),
        variant: variant_id(),
        quantity,
        attributes: Vec::new(),
        gift: None,
    }
}

/// An empty cart nobody has saved yet.
pub(crate) fn new_cart(now: Timestamp) -> Cart {
    Cart::new(cart_id(), Currency::USD, now)
}

fn attribute(key: &str, value: &str) -> Attribute {
    Attribute { key: key.into(), value: value.into() }
}

/// A cart in which no field is empty.
pub(crate) fn full_cart(now: Timestamp) -> Cart {
    let address = Address {
        first_name: Some("Ada".into()),
        last_name: Some("Lovelace".into()),
        company: Some("Analytical Engines".into()),
        address1: Some("12 St James's Square".into()),
        address2: Some("2nd floor".into()),
        city: Some("London".into()),
        province_code: Some("ENG".into()),
        zip: Some("SW1Y 4JH".into()),
        country: CountryCode::parse("GB"),
        phone: Some("+44 20 7946 0000".into()),
    };
    let quote = KeptQuote {
        title: "Express".into(),
        amount: 1_890,
        days: Some(DeliveryDays { least: 1, most: 2 }),
        fingerprint: u64::MAX,
        until: now + minutes(10),
    };
    let engraved = vec![attribute("engraving", "A. L."), attribute("font", "Caslon")];
    Cart {
        lines: vec![
            CartLine { attributes: engraved, ..line(3) },
            line(1_000_000),
            CartLine { gift: Some(PromotionId::new(uuid())), ..line(1) },
        ],
        note: Some("Leave it with the neighbour.".into()),
        attributes: vec![attribute("gift", "yes"), attribute("", "an empty key")],
        buyer: BuyerIdentity {
            email: Some(EmailAddress::parse("Ada@Example.org").unwrap()),
            phone: Some("+44 20 7946 0001".into()),
            country: CountryCode::parse("FR"),
            customer: Some(CustomerId::new(uuid())),
            tax_number: Some("FR 40 303 265 045".into()),
        },
        addresses: vec![
            SelectableAddress {
                id: AddressId::new(uuid()),
                address,
                selected: true,
                one_time_use: true,
                book_of: Some(CustomerId::new(uuid())),
            },
            SelectableAddress {
                id: AddressId::new(uuid()),
                address: Address::default(),
                selected: false,
                one_time_use: false,
                book_of: None,
            },
        ],
        deliveries: vec![
            GroupSelection::new(DeliveryGroupId::new(uuid()), "standard".into()),
            GroupSelection {
                quote: Some(quote),
                ..GroupSelection::new(DeliveryGroupId::new(uuid()), "express".into())
            },
        ],
        codes: ["ten", "Été"].into_iter().filter_map(EnteredCode::parse).collect(),
        gift_cards: vec![GiftCardId::new(uuid()), GiftCardId::new(uuid())],
        use_credit: true,
        declined_gifts: vec![PromotionId::new(uuid())],
        held_until: Some(now + minutes(15)),
        told: Some(Money::new(123_456_789_012, Currency::parse("JPY").unwrap())),
        told_charge: Some(Money::new(123_456_000_000, Currency::parse("JPY").unwrap())),
        checkout: Some(CheckoutLock { key: "key-1".into(), at: now + instant() }),
        merging_into: Some(cart_id()),
        merged_from: vec![
            MergedCart { id: cart_id(), version: 1 },
            MergedCart { id: cart_id(), version: u64::MAX >> 1 },
        ],
        updated_at: now + minutes(1) + instant(),
        ..Cart::new(cart_id(), Currency::parse("JPY").unwrap(), now)
    }
}
