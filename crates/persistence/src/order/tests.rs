//! Orders, on both databases.

mod lists;
mod persons;
mod priced;
mod proofs;

use super::*;
use crate::{
    Batch, payment,
    testing::{TestShop, at, units},
};
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicI64, Ordering},
};
use stoa_domain::{
    cart::Attribute,
    inventory::Allocation,
    order::{FulfillmentStatus, LineItem, Order, OrderFigures, OrderState},
    payment::{Payment, PaymentState},
    pricing::TaxRounding,
    shared::{
        Address, CartId, Currency, CustomerId, EmailAddress, IdGenerator, LineItemId, Locale, OrderId,
        PaymentId, ProductId, Rate, VariantId,
    },
};

static NUMBERS: AtomicI64 = AtomicI64::new(1001);

pub(crate) fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

/// An order of Ada's of so many units of each variant, at 10.00, paid by nothing yet.
pub(crate) fn order_of(shop: &TestShop, wanted: &[(VariantId, u32)]) -> Order {
    let attribute = |value: &str| Attribute { key: "engraving".to_owned(), value: value.to_owned() };
    let lines: Vec<LineItem> = wanted
        .iter()
        .map(|(variant, quantity)| LineItem {
            id: LineItemId::new(shop.ids.id()),
            variant: *variant,
            product: ProductId::new(shop.ids.id()),
            title: "Mug".to_owned(),
            variant_title: "Blue".to_owned(),
            sku: None,
            image_url: None,
            quantity: *quantity,
            unit_price: 1_000,
            subtotal: 1_000 * i64::from(*quantity),
            discount: 0,
            tax: 0,
            removed_tax: 0,
            gift_of: None,
            gift_card: false,
            requires_shipping: true,
            fulfilled: 0,
            attributes: vec![attribute("for Lovelace")],
        })
        .collect();
    let total = lines.iter().map(|line| line.subtotal).sum();
    Order {
        id: OrderId::new(shop.ids.id()),
        number: NUMBERS.fetch_add(1, Ordering::Relaxed),
        token: shop.ids.token(),
        cart: CartId::new(shop.ids.id()),
        state: OrderState::AwaitingPayment { expires_at: at(3_600) },
        attention: None,
        fulfillment: FulfillmentStatus::Unfulfilled,
        customer: None,
        locale: None,
        email: email("Ada@Example.org"),
        phone: Some("+44 20 7946 0000".to_owned()),
        shipping_address: Some(Address { city: Some("Lovelace Town".to_owned()), ..Address::default() }),
        delivery_title: None,
        delivery_handle: None,
        note: Some("s1.ring the Byron bell".to_owned()),
        attributes: vec![attribute("Byron")],
        figures: OrderFigures {
            currency: Currency::USD,
            subtotal: total,
            discount: 0,
            delivery: 0,
            delivery_discount: 0,
            delivery_tax: 0,
            removed_tax: 0,
            tax: 0,
            total,
            charge: total,
            shop: None,
            reverse_charge: false,
            tax_rate: Rate::from_millionths(0),
            prices_include_tax: true,
            tax_rounding: TaxRounding::Line,
        },
        lines,
        placed_at: at(0),
        updated_at: at(0),
    }
}

/// Writes an order that owns this of the stock.
pub(crate) async fn place(shop: &TestShop, order: &Order, owned: &[Allocation]) {
    let key = order.id.to_string();
    let new = || NewOrder {
        order,
        terms: OrderTerms::default(),
        owned,
        key: ("test", &key),
        fingerprint: String::new(),
    };
    let inserted = shop.tx(async |tx| insert(tx, new(), |_| {}).await).await;
    assert_eq!(inserted, InsertOutcome::Inserted);
}

/// The payment of an order, of which so much has come and gone back.
pub(crate) fn payment_of(
    shop: &TestShop,
    order: &Order,
    state: PaymentState,
    (received, refunded): (i64, i64),
) -> Payment {
    Payment {
        id: PaymentId::new(shop.ids.id()),
        order: order.id,
        gateway: "test".to_owned(),
        intent: Some(format!("pi_{}", order.id)),
        state,
        amount: order.figures.total,
        currency: order.figures.currency,
        amount_received: received,
        amount_refunded: refunded,
        disputed: false,
        dispute_at: None,
        last_error: None,
        created_at: at(0),
        updated_at: at(0),
    }
}

pub(crate) async fn add_payment(shop: &TestShop, payment: &Payment) {
    shop.tx(async |tx| {
        let mut batch = Batch::new();
        payment::insert(&mut batch, payment);
        batch.write(tx).await
    })
    .await;
}

/// An order that is paid and owns what it was promised.
pub(crate) async fn paid(shop: &TestShop, wanted: &[(VariantId, u32)]) -> Order {
    let mut order = order_of(shop, wanted);
    let payment = payment_of(shop, &order, PaymentState::Succeeded, (order.figures.total, 0));
    order.state = OrderState::Paid { payment: Some(payment.id), paid_at: at(1) };
    let demand: Vec<(VariantId, i64)> = wanted.iter().map(|(v, n)| (*v, i64::from(*n))).collect();
    let owned = shop
        .tx(async |tx| {
            let allocated =
                crate::inventory::allocate(tx, &demand, &BTreeMap::new(), &TestShop::cause()).await;
            Ok(allocated.unwrap().allocations)
        })
        .await;
    place(shop, &order, &owned).await;
    add_payment(shop, &payment).await;
    order
}

#[tokio::test]
async fn an_order_is_read_as_it_was_written_whoever_placed_it() {
    let shop = TestShop::open().await;
    let mug = VariantId::new(shop.ids.id());
    let guest = order_of(&shop, &[(mug, 2)]);
    let customer = Some(CustomerId::new(shop.ids.id()));
    let known = Order { customer, locale: Some(Locale::Fr), ..order_of(&shop, &[(mug, 1)]) };
    for order in [&guest, &known] {
        place(&shop, order, &[]).await;
        assert_eq!(find(shop.db.read(), order.id).await.unwrap().as_ref(), Some(order));
    }
    let before = shop.db.statements();
    let unknown = OrderId::new(shop.ids.id());
    let found = find_all(shop.db.read(), &[known.id, unknown, guest.id]).await.unwrap();
    assert_eq!(shop.db.statements() - before, 2, "however many");
    assert_eq!(found, [known, guest]);
}

#[tokio::test]
async fn orders_are_sealed_when_that_is_asked_for_and_read_either_way() {
    let shop = TestShop::open().await;
    let mug = VariantId::new(shop.ids.id());
    let (plain, sealed) = (order_of(&shop, &[(mug, 1)]), order_of(&shop, &[(mug, 1)]));
    place(&shop, &plain, &[]).await;
    let dump = shop.dump(&["orders"]).await;
    assert!(dump.contains("7946") && dump.contains("Lovelace Town") && dump.contains("ring the"), "{dump}");

    let sealing = shop.db.clone().with_sealed_orders(true);
    let tx = sealing.write(crate::Durability::Full).await.unwrap();
    let key = ("test", "sealed");
    let new = NewOrder {
        order: &sealed,
        terms: OrderTerms::default(),
        owned: &[],
        key,
        fingerprint: String::new(),
    };
    assert_eq!(insert(&tx, new, |_| {}).await.unwrap(), InsertOutcome::Inserted);
    tx.commit().await.unwrap();
    let dump = shop.dump(&["orders"]).await;
    let line = dump.lines().find(|line| line.contains("s1.test.")).unwrap();
    assert!(
        !line.contains("7946") && !line.contains("Lovelace Town") && !line.contains("ring the"),
        "{line}"
    );
    for db in [&shop.db, &sealing] {
        assert_eq!(find(db.read(), plain.id).await.unwrap().as_ref(), Some(&plain));
        assert_eq!(find(db.read(), sealed.id).await.unwrap().as_ref(), Some(&sealed));
    }

    // What was there before is sealed in time; and opened again, should somebody want that.
    use crate::sealed::{SealedColumn, old_seals, reseal};
    let columns = [SealedColumn::OrderPhone, SealedColumn::OrderAddress, SealedColumn::OrderNote];
    for (db, marks) in [(&sealing, 6), (&shop.db, 0)] {
        for column in columns {
            assert!(old_seals(db.read(), column, None, 9).await.unwrap().old > 0, "{column:?}");
            let tx = db.write(crate::Durability::Full).await.unwrap();
            reseal(&tx, column, None, 9).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(old_seals(db.read(), column, None, 9).await.unwrap().old, 0, "{column:?}");
        }
        assert_eq!(shop.dump(&["orders"]).await.matches("s1.test.").count(), marks);
        let all = find_all(db.read(), &[plain.id, sealed.id]).await.unwrap();
        assert_eq!(all, [plain.clone(), sealed.clone()]);
    }
}

#[tokio::test]
async fn a_part_of_what_an_order_owns_is_taken_once() {
    let shop = TestShop::open().await;
    let (mug, bowl) = (shop.add_stocked("Mug", units(5)).await, shop.add_stocked("Bowl", units(5)).await);
    let order = paid(&shop, &[(mug, 3), (bowl, 1)]).await;
    let take = async |units: &[(VariantId, i64)]| {
        let taken = shop.tx(async |tx| take_part(tx, order.id, units, TakeFirst::Lying).await).await;
        taken.into_iter().map(|a| (a.variant, a.quantity)).collect::<Vec<_>>()
    };
    assert_eq!(take(&[(mug, 1), (mug, 1)]).await, [(mug, 2)]);
    assert_eq!(take(&[(mug, 5)]).await, [(mug, 1)], "as much as it owns");
    assert_eq!(take(&[(mug, 1)]).await, []);
    assert_eq!(take(&[(bowl, 0)]).await, []);
    assert_eq!(shop.tx(async |tx| take_allocations(tx, order.id).await).await.len(), 1, "the bowl");
}

#[tokio::test]
async fn of_what_an_order_owns_at_several_places_those_are_sent_that_are_there_and_those_ended_that_are_not()
{
    for (first, quantity, taken) in [
        (TakeFirst::Lying, 5, vec![(false, 1), (true, 4)]),
        (TakeFirst::Owed, 2, vec![(false, 2)]),
        (TakeFirst::Owed, 4, vec![(false, 3), (true, 1)]),
    ] {
        let shop = TestShop::open().await;
        let shed = shop.add_location("Shed", 2).await;
        let stock = stoa_domain::catalog::StockInput { backorder_limit: Some(9), ..units(1) };
        let mug = shop.add_stocked("Mug", stock).await;
        let cause = TestShop::cause();
        let tx = shop.write().await;
        crate::inventory::adjust(&tx, (mug, shed), 4, &cause).await.unwrap();
        tx.commit().await.unwrap();
        // One of the first place's is there, two are owed by it; four lie in the shed.
        let order = paid(&shop, &[(mug, 7)]).await;
        let parts = shop.tx(async |tx| take_part(tx, order.id, &[(mug, quantity)], first).await).await;
        let mut parts: Vec<_> = parts.iter().map(|part| (part.location == shed, part.quantity)).collect();
        parts.sort_unstable();
        assert_eq!(parts, taken, "{first:?} {quantity}");
    }
}
