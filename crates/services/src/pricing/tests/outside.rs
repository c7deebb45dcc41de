//! Services outside of the house, which may be silent.

use super::shop::*;
use crate::{
    OutsideServices,
    cart::{AddressRefusal, CartError, CartView},
    testing::TestShop,
};
use async_trait::async_trait;
use chrono::TimeDelta;
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};
use stoa_domain::{
    delivery::{
        CarrierQuote, CarrierRates, DeliveryMethod, LoadBounds, MethodKind, RateTable, ShipmentRequest,
    },
    shared::{CartId, DeliveryMethodId, Fallback, OutsideError, Rate},
    tax::{QuotedDelivery, QuotedLine, QuotedPart, QuotedTax, TaxRequest, TaxService},
};
use stoa_persistence::{delivery, pricing::Switched};

/// Charges 7 cents on every line, or says nothing.
#[derive(Default)]
struct Service {
    silent: AtomicBool,
    asked: AtomicUsize,
}

impl Service {
    fn answer(&self) -> Result<(), OutsideError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.silent.load(Ordering::SeqCst) { Err(OutsideError::Silent) } else { Ok(()) }
    }

    fn fall_silent(&self) {
        self.silent.store(true, Ordering::SeqCst);
    }

    /// How often it was asked since this was asked last.
    fn asked(&self) -> usize {
        self.asked.swap(0, Ordering::SeqCst)
    }
}

#[async_trait]
impl TaxService for Service {
    fn name(&self) -> &str {
        "test"
    }

    async fn quote(&self, asked: &TaxRequest) -> Result<QuotedTax, OutsideError> {
        self.answer()?;
        assert!(asked.lines.iter().all(|line| line.amount > 0));
        let taxes = || vec![QuotedPart { name: "seven".into(), rate: Rate::default(), amount: 7 }];
        Ok(QuotedTax {
            fingerprint: asked.fingerprint(),
            lines: asked.lines.iter().map(|line| QuotedLine { id: line.id, taxes: taxes() }).collect(),
            deliveries: asked
                .deliveries
                .iter()
                .map(|delivery| QuotedDelivery { id: delivery.id, taxes: Vec::new() })
                .collect(),
        })
    }
}

#[async_trait]
impl CarrierRates for Service {
    fn name(&self) -> &str {
        "test"
    }

    async fn quote(&self, asked: &ShipmentRequest) -> Result<Vec<CarrierQuote>, OutsideError> {
        self.answer()?;
        let quote = |n: usize, handle: &str, amount| CarrierQuote {
            group: asked.parcels[n].group,
            handle: handle.into(),
            title: handle.to_uppercase(),
            amount,
            days: None,
        };
        Ok(vec![quote(0, "express", 1_890), quote(0, "slow", 390)])
    }
}

async fn taxed(fallback: Fallback) -> (TestShop, Arc<Service>) {
    let service = Arc::new(Service::default());
    let taxes: Arc<dyn TaxService> = Arc::<Service>::clone(&service);
    let outside = OutsideServices { taxes: Some(taxes), carriers: None, fallback };
    let shop = TestShop::asking(outside, |settings| {
        settings.pricing.prices_include_tax = false;
        settings.pricing.tax_rate = Rate::from_millionths(200_000);
        settings.pricing.delivery.taxable = false;
    })
    .await;
    (shop, service)
}

#[tokio::test]
async fn the_services_taxes_count_while_it_answers() {
    let (shop, service) = taxed(Fallback::Rules).await;
    let mug = sell(&shop, 1, 50).await[0];
    let cart = cart(&shop, &[(mug, 1)]).await;
    assert_eq!(service.asked(), 0, "nobody has said where to");
    let view = deliver(&shop, cart).await;
    assert_eq!((view.priced.tax, view.priced.total, service.asked()), (7, 1_507, 1));
    assert_eq!(read(&shop, cart).await.priced.total, 1_507);
    service.fall_silent();
    let view = read(&shop, cart).await;
    assert_eq!((view.priced.tax, view.priced.total, view.tax_missing), (200, 1_700, false), "the shop's own");
}

#[tokio::test]
async fn without_an_answer_no_tax_is_shown_where_the_shop_wants_no_other() {
    let (shop, service) = taxed(Fallback::Refuse).await;
    let mug = sell(&shop, 1, 50).await[0];
    let cart = cart(&shop, &[(mug, 1)]).await;
    service.fall_silent();
    let view = deliver(&shop, cart).await;
    assert!(view.tax_missing);
    assert_eq!((view.priced.tax, view.priced.total), (0, 1_500));
}

async fn with_carriers() -> (TestShop, Arc<Service>, CartId) {
    let service = Arc::new(Service::default());
    let carriers: Arc<dyn CarrierRates> = Arc::<Service>::clone(&service);
    let outside = OutsideServices { carriers: Some(carriers), ..OutsideServices::default() };
    let shop = TestShop::asking(outside, |_| {}).await;
    let mug = sell(&shop, 1, 50).await[0];
    let method = |n, handle: &str, kind, price| Switched {
        rule: DeliveryMethod {
            id: id::<DeliveryMethodId>(n),
            zone: None,
            handle: handle.into(),
            title: handle.into(),
            description: None,
            kind,
            rates: RateTable::flat(price),
            free_from: None,
            divisor: None,
            tax_category: None,
            days: None,
            bounds: LoadBounds::default(),
            position: 0,
        },
        active: true,
    };
    let now = shop.ctx().now();
    write(&shop, async |tx| {
        delivery::insert_method(tx, &method(1, "post", MethodKind::Shipping, 500), now).await?;
        delivery::insert_method(tx, &method(2, "carriers", MethodKind::Carrier, 0), now).await
    })
    .await;
    let cart = cart(&shop, &[(mug, 1)]).await;
    deliver(&shop, cart).await;
    (shop, service, cart)
}

fn offers(view: &CartView) -> Vec<(String, i64)> {
    view.delivery_options().iter().map(|offer| (offer.handle.to_string(), offer.price)).collect()
}

fn pairs(of: &[(&str, i64)]) -> Vec<(String, i64)> {
    of.iter().map(|(handle, price)| ((*handle).to_owned(), *price)).collect()
}

#[tokio::test]
async fn carriers_are_asked_when_a_buyer_wants_to_choose() {
    let (shop, service, cart) = with_carriers().await;
    assert_eq!(service.asked(), 0);
    assert_eq!(offers(&read(&shop, cart).await), pairs(&[("post", 500)]));
    let viewer = guest().viewer;
    let view = Box::pin(shop.services.read_cart.with_carrier_rates(&viewer, cart)).await.unwrap().unwrap();
    assert_eq!(offers(&view), pairs(&[("post", 500), ("express", 1_890), ("slow", 390)]));
    assert_eq!(service.asked(), 1);
}

#[tokio::test]
async fn what_a_carrier_said_of_what_was_chosen_is_good_for_a_while() {
    let (shop, service, cart) = with_carriers().await;
    let group = read(&shop, cart).await.groups[0].id;
    let choose =
        async |option: &str| shop.services.select_delivery.run(&guest(), cart, &[(group, option)]).await;
    let (view, _) = choose("express").await.unwrap();
    assert_eq!((view.priced.delivery, view.delivery().unwrap().title.to_string()), (1_890, "EXPRESS".into()));
    assert!(matches!(
        choose("drone").await,
        Err(CartError::Refused(AddressRefusal::UnknownOption { index: 0 }))
    ));
    let elsewhere = [(id(99), "post")];
    let refused = shop.services.select_delivery.run(&guest(), cart, &elsewhere).await;
    assert!(matches!(refused, Err(CartError::Refused(AddressRefusal::UnknownGroup { index: 0 }))));
    service.fall_silent();
    service.asked();
    assert_eq!(read(&shop, cart).await.priced.delivery, 1_890);
    assert_eq!(service.asked(), 0, "it is still good");
    shop.wait(TimeDelta::minutes(10));
    let view = read(&shop, cart).await;
    // The only way there is, and not the one that was chosen.
    assert_eq!((view.priced.delivery, offers(&view)), (0, pairs(&[("post", 500)])));
    assert!(view.delivery().is_none());
    assert_eq!(service.asked(), 1);
    let (view, _) = choose("post").await.unwrap();
    assert_eq!(view.priced.delivery, 500);
}
