//! What the staff do to what a shop has, by the use cases themselves: orders, stock, products, collections, customers, jobs.

use crate::harness::Shop;
use std::sync::Arc;
use stoa_domain::{
    access::{AccessRules, Actor, Grant, Permit},
    catalog::{CollectionInput, ProductInput, StockInput, Variant, VariantInput},
    media::{FileName, MediaFile, MediaKey, MediaType, Visibility},
    order::{CancelReason, FulfillmentLine, Order, RefundUnits, Tracking, Wanted},
    pricing::TaxRounding,
    shared::{Clock, Currency, IdGenerator, MediaId, Money, VariantId},
};
use stoa_persistence::{Durability, inventory, media};
use stoa_services::{
    admin::{
        Admin, Cancellation, CollectionPatch, CustomerChange, GiftCardAdjustment, GiftCardDraft,
        GiftCardPatch, Move, NewParcel, PricingSettingsPatch, ProductPatch, RefundRequest, StockAdjustment,
        StockCount, StoreCreditAdjustment, VariantPatch,
    },
    system::{SystemClock, SystemIds},
};

/// Somebody at the machine, who may do everything.
pub(super) fn by<G: Grant>() -> Permit<G> {
    let rules = AccessRules { require_totp: false, step_up: chrono::TimeDelta::minutes(10) };
    let machine = Arc::new(Actor::command("root".to_owned()));
    machine.permit(&rules, SystemClock.now()).expect("whoever is at the machine may")
}

fn refund(order: &Order, restock: bool) -> RefundRequest {
    RefundRequest {
        order: order.id,
        amount: None,
        delivery: 0,
        units: vec![RefundUnits { line: order.lines[0].id, quantity: 1, restock }],
        tenders: Vec::new(),
        location: None,
        note: Some("broken".to_owned()),
        notify: true,
        key: "once".to_owned(),
    }
}

fn parcel(order: &Order, wanted: Wanted) -> NewParcel {
    NewParcel {
        order: order.id,
        wanted,
        tracking: Tracking::default(),
        notify: true,
        key: Some("parcel".to_owned()),
    }
}

/// `sent` and `back` are paid and own what they were promised, of two variants at least; `waiting` waits for its money.
pub(super) async fn everything(shop: &Shop, [sent, back, waiting]: [&Order; 3]) {
    let admin = &shop.app.services().admin;
    orders(admin, sent, back, waiting).await;
    let variant = goods(admin).await;
    stock(shop, admin, variant).await;
    customers(shop, admin).await;
    files(shop).await;
    money(admin).await;
}

async fn orders(admin: &Admin, sent: &Order, back: &Order, waiting: &Order) {
    // Not to be sold again: written off before it was sent.
    admin.refund_order.run(&by(), &refund(back, false)).await.expect("a unit goes back");
    let first = FulfillmentLine { line: sent.lines[0].id, quantity: 1 };
    let part = parcel(sent, Wanted::These(vec![first]));
    let parcels = &admin.fulfillments;
    let left = parcels.create(&by(), &part).await.expect("a part leaves");
    let tracking = Tracking::try_new(Some("DHL"), &["1"], &[]).expect("tracking");
    parcels.set_tracking(&by(), left.id, (&tracking, true)).await.expect("it is told where it is");
    parcels
        .create(&by(), &NewParcel { key: None, ..parcel(sent, Wanted::Everything) })
        .await
        .expect("the rest leaves");
    // Sent, and on the shelf again.
    admin.refund_order.run(&by(), &refund(sent, true)).await.expect("a unit comes back");
    let cancel = async |order: &Order, restock| {
        let (order, reason) = (order.id, CancelReason::Customer);
        let asked = Cancellation { order, reason, restock, location: None, notify: true };
        Box::pin(admin.cancel_order.run(&by(), Some(&by()), &asked)).await.expect("it is cancelled");
    };
    cancel(sent, true).await;
    cancel(back, false).await;
    cancel(waiting, false).await;
}

async fn goods(admin: &Admin) -> VariantId {
    let stock = StockInput { tracked: true, backorder_limit: Some(0), on_hand: Some(3) };
    let variant = |value: &str| VariantInput {
        option_values: vec![value.to_owned()],
        price: 100,
        stock,
        ..VariantInput::default()
    };
    let only = VariantInput { option_values: Vec::new(), ..variant("") };
    let input = |title: &str| ProductInput {
        title: title.to_owned(),
        variants: vec![only.clone()],
        ..ProductInput::default()
    };
    let products = &admin.products;
    let (vase, lid) = (
        products.create(&by(), Some(&by()), &input("Vase")).await.expect("a product"),
        products.create(&by(), Some(&by()), &input("Lid")).await.expect("a product"),
    );
    let patch = ProductPatch { title: Some("Tall vase".to_owned()), ..ProductPatch::default() };
    products.update(&by(), vase.id, &patch).await.expect("it has another name");
    let more = [variant("Blue"), variant("Red")];
    let vases = admin.variants.create(&by(), Some(&by()), vase.id, (&["Colour".to_owned()], &more)).await;
    let [blue, red]: [Variant; 2] = vases.expect("it comes in colours").variants.try_into().expect("two");
    let dearer = VariantPatch { price: Some(200), tracked: Some(false), ..VariantPatch::default() };
    admin.variants.update(&by(), vase.id, &[(blue.id, dearer)]).await.expect("it is dearer");
    admin.variants.delete(&by(), vase.id, &[red.id]).await.expect("one colour goes");
    let collection = CollectionInput { title: "Clay".to_owned(), ..CollectionInput::default() };
    let collections = &admin.collections;
    let clay = collections.create(&by(), &collection, &[vase.id]).await.expect("a collection");
    collections.add(&by(), clay.id, &[lid.id]).await.expect("it holds both");
    collections
        .reorder(&by(), clay.id, &[Move { product: lid.id, to: 0 }])
        .await
        .expect("the other way round");
    collections.remove(&by(), clay.id, &[lid.id]).await.expect("one goes");
    let renamed = CollectionPatch { title: Some("Of clay".to_owned()), ..CollectionPatch::default() };
    collections.update(&by(), clay.id, &renamed).await.expect("it has another name");
    collections.delete(&by(), clay.id).await.expect("it goes");
    products.delete(&by(), vase.id).await.expect("nobody has ordered it");
    lid.variants[0].id
}

async fn stock(shop: &Shop, admin: &Admin, variant: VariantId) {
    let location = inventory::locations(shop.db().read()).await.expect("SQL answers")[0].id;
    let more = StockAdjustment { variant, location, by: 2, compare: Some(3) };
    admin.change_stock.adjust(&by(), &[more], Some("delivery")).await.expect("two come in");
    let count = StockCount { variant, location, on_hand: 4, compare: Some(5) };
    admin.change_stock.set(&by(), &[count]).await.expect("one is missing");
}

async fn customers(shop: &Shop, admin: &Admin) {
    let listing = stoa_persistence::customer::CustomersListing::default();
    let request = stoa_domain::shared::page::PageRequest::first(9);
    let page = admin.customers.list(&by(), &listing, &request).await.expect("a list");
    let groups = &admin.customer_groups;
    let group = groups.create(&by(), "Regulars").await.expect("a group");
    groups.rename(&by(), group.id, "Friends").await.expect("it has another name");
    for id in page.nodes().copied() {
        groups.add(&by(), group.id, &[id]).await.expect("they are in it");
        groups.remove(&by(), group.id, &[id]).await.expect("they are not");
        let found = stoa_persistence::customer::find(shop.db().read(), id).await.expect("SQL answers");
        let Some(found) = found.filter(|found| found.state.name() == "enabled") else { continue };
        let change = CustomerChange {
            details: stoa_services::customer::GivenDetails {
                first_name: Some("Augusta".to_owned()),
                ..Default::default()
            },
            tags: Some(vec!["friend".to_owned()]),
            tax_exempt: Some(true),
            ..CustomerChange::default()
        };
        admin.customer_details.run(&by(), found.id, &change).await.expect("something else is said of them");
        let given =
            StoreCreditAdjustment { customer: found.id, amount: dollars(5), key: "thanks".to_owned() };
        admin.gift_cards.adjust_credit(&by(), &given).await.expect("they have something to spend");
        admin.customer_accounts.disable(&by(), found.id).await.expect("they are shut out");
        admin.customer_accounts.enable(&by(), found.id).await.expect("and let in");
    }
    groups.delete(&by(), group.id).await.expect("it goes");
}

fn dollars(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

/// Gift cards, and what the shop decides about money once.
async fn money(admin: &Admin) {
    let draft = GiftCardDraft {
        amount: dollars(500),
        code: None,
        expires_at: None,
        note: Some("for Ada".to_owned()),
        key: "card".to_owned(),
    };
    let cards = &admin.gift_cards;
    let card = cards.create(&by(), &draft).await.expect("a card").card.card.id;
    let less = GiftCardAdjustment { card, amount: dollars(-100), key: "less".to_owned() };
    cards.adjust(&by(), &less).await.expect("something is taken off");
    let silent = GiftCardPatch { note: Some(None), ..GiftCardPatch::default() };
    cards.update(&by(), (card, None), &silent).await.expect("nothing is noted of it");
    cards.disable(&by(), card).await.expect("it is switched off");
    let total = PricingSettingsPatch {
        tax_rounding: Some(Some(TaxRounding::Total)),
        ..PricingSettingsPatch::default()
    };
    admin.pricing_decisions.update(&by(), None, &total).await.expect("tax is rounded once");
    let back = PricingSettingsPatch { tax_rounding: Some(None), ..PricingSettingsPatch::default() };
    admin.pricing_decisions.update(&by(), None, &back).await.expect("as the configuration says");
}

async fn files(shop: &Shop) {
    let id = MediaId::new(SystemIds.id());
    let file = MediaFile {
        key: MediaKey { visibility: Visibility::Public, id, name: FileName::of("mug", MediaType::Png) },
        digest: "1".repeat(64),
        kind: MediaType::Png,
        bytes: 1,
        size: Some((1, 1)),
        alt_text: None,
        created_by: "root".to_owned(),
        created_at: SystemClock.now(),
    };
    let tx = shop.db().write(Durability::Full).await.expect("a transaction");
    media::insert(&tx, &file).await.expect("it is written down");
    tx.commit().await.expect("it is kept");
    shop.app.services().media_files.delete(&by(), id).await.expect("nothing shows it");
}
