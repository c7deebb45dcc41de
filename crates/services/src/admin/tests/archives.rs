//! The whole of what is told a customer of themselves, of whom staff know much.

use super::{
    fulfils::parcel,
    refunds::money,
    shop::{ADA, DELIVERY, PRICE, goods, units},
};
use crate::{
    account::Caller,
    admin::{Cancellation, NewParcel},
    cart::NewCart,
    customer::archive_of,
    testing::{TestShop, client},
};
use chrono::TimeDelta;
use serde_json::{Value, json};
use stoa_domain::{
    access::SignedIn,
    account::{Realm, TokenKind},
    cart::{AddLine, Attribute},
    catalog::ProductInput,
    customer::CustomerGroup,
    order::{CancelReason, Order, Tracking},
    payment::Payment,
    shared::{CountryCode, CustomerGroupId, EmailAddress, Locale, VariantId},
};
use stoa_persistence::{Durability, account, customer, payment};

/// What they got by the newest link.
async fn archive(shop: &TestShop, of: SignedIn) -> Value {
    shop.services.archive.ask(of, &client(1)).await.unwrap();
    shop.settle().await;
    let whose = (Realm::Customer, of.customer.uuid());
    let links = account::tokens_of(shop.db.read(), whose, TokenKind::Archive).await.unwrap();
    let newest = links.iter().max_by_key(|link| link.id).unwrap();
    let file = shop.ctx().ports.media.get(&archive_of(newest.id)).await.unwrap().unwrap();
    serde_json::from_slice(&file.body).unwrap()
}

/// An order that is paid, with their address, and that they have placed without signing in: it is theirs, whenever it was placed.
async fn bought(shop: &TestShop, wanted: &[(VariantId, u32)]) -> Order {
    let order = shop.paid(wanted).await;
    assert_eq!((order.customer, order.email.as_str()), (None, ADA));
    order
}

/// Sorts somebody by a tag, and into a group that is given.
async fn sort(shop: &TestShop, who: SignedIn) -> CustomerGroupId {
    let (id, now) = (CustomerGroupId::new(shop.ctx().ports.ids.id()), shop.ctx().now());
    let name = "Wholesale".to_owned();
    let group = CustomerGroup { id, name, version: 1, created_at: now, updated_at: now };
    let tx = shop.db.write(Durability::Full).await.unwrap();
    assert!(customer::set_tags(&tx, who.customer, &["pays late".to_owned()], now).await.unwrap());
    assert!(customer::insert_group(&tx, &group).await.unwrap());
    customer::add_members(&tx, id, &[who.customer]).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    id
}

/// Mugs that anybody can buy.
pub(super) async fn on_sale(shop: &TestShop) -> VariantId {
    let published_at = Some(shop.ctx().now());
    let mug = ProductInput { published_at, ..goods("Mug", units(99, 0)) };
    let made = shop.services.admin.products.create(&shop.eve(), Some(&shop.eve()), &mug).await.unwrap();
    shop.ctx().catalog.refresh().await.unwrap();
    made.variants[0].id
}

#[tokio::test]
async fn an_archive_is_all_that_is_kept_of_somebody() {
    let shop = TestShop::open().await;
    let (mug, begin) = (on_sale(&shop).await, shop.ctx().now());
    let ada = shop.customer(ADA).await;
    let group = sort(&shop, ada).await;

    let order = bought(&shop, &[(mug, 2)]).await;
    let tracking = Tracking::try_new(Some("DHL"), &["0034"], &["https://example.org/track?n=0034"]).unwrap();
    let sent = NewParcel { tracking, ..parcel(&order, &[(0, 1)]) };
    shop.services.admin.fulfillments.create(&shop.eve(), &sent).await.unwrap();
    shop.wait(TimeDelta::hours(1));
    let later = shop.ctx().now();
    let back = money(order.id, Some(700));
    shop.services.admin.refund_order.run(&shop.eve(), &back).await.unwrap();
    shop.settle().await;

    let engraved = vec![Attribute { key: "Engraving".to_owned(), value: "For Grace".to_owned() }];
    let line = AddLine { variant: mug, quantity: 3, attributes: engraved };
    let new = NewCart { lines: vec![line], note: Some("after six".to_owned()), ..NewCart::default() };
    let by = Caller::customer(ada, client(1));
    let cart = Box::pin(shop.services.create_cart.run(&by, new)).await.unwrap().0.cart;

    let told = archive(&shop, ada).await;
    let account = customer::find(shop.db.read(), ada.customer).await.unwrap().unwrap();
    let session = account::find_session(shop.db.read(), ada.session).await.unwrap().unwrap();
    let order = shop.order(order.id).await;
    let payment = payment::find_by_order(shop.db.read(), order.id).await.unwrap().unwrap();
    let network = client(1).network();
    let known = json!({
        "id": ada.customer.to_string(),
        "state": "enabled",
        "email": ADA,
        "emailVerifiedAt": begin,
        "firstName": null,
        "lastName": null,
        "phone": null,
        "language": account.locale.map(Locale::code),
        "acceptsMarketing": false,
        "note": null,
        "passwordChangedAt": begin,
        "createdAt": begin,
        "updatedAt": account.updated_at,
    });
    let lines = json!([{
        "title": "Mug",
        "variant": "Default Title",
        "sku": null,
        "quantity": 2,
        "sent": 1,
        "unitPrice": PRICE,
        "subtotal": 2 * PRICE,
        "tax": 0,
        "attributes": [],
    }]);
    let paid = json!({
        "state": "succeeded",
        "amount": 2 * PRICE + DELIVERY,
        "received": 2 * PRICE + DELIVERY,
        "refunded": payment.amount_refunded,
        "disputed": false,
        "disputeChangedAt": null,
        "createdAt": begin,
    });
    let parcel = json!({
        "sentAt": begin,
        "company": "DHL",
        "trackingNumbers": ["0034"],
        "trackingAddresses": ["https://example.org/track?n=0034"],
        "lines": [{ "title": "Mug", "variant": "Default Title", "quantity": 1 }],
    });
    let order = json!({
        "number": order.number,
        "state": "paid",
        "placedAt": begin,
        "paidAt": begin,
        "cancelledAt": null,
        "cancelReason": null,
        "updatedAt": order.updated_at,
        "email": ADA,
        "phone": null,
        "shippingAddress": order.shipping_address,
        "delivery": "Post",
        "note": null,
        "attributes": [],
        "currency": order.figures.currency.code(),
        "subtotal": 2 * PRICE,
        "deliveryPrice": DELIVERY,
        "tax": 0,
        "total": 2 * PRICE + DELIVERY,
        "lines": lines,
        "payment": paid,
        "refunds": [{ "amount": 700, "state": "accepted", "askedAt": later }],
        "parcels": [parcel],
    });
    let in_cart = json!({
        "title": "Mug",
        "variant": "Default Title",
        "variantId": mug.to_string(),
        "quantity": 3,
        "attributes": [{ "key": "Engraving", "value": "For Grace" }],
    });
    let in_their_cart = json!({
        "lines": [in_cart],
        "note": "after six",
        "attributes": [],
        "email": cart.buyer.email.as_ref().map(EmailAddress::as_str),
        "phone": null,
        "country": cart.buyer.country.as_ref().map(CountryCode::as_str),
        "taxNumber": null,
        "addresses": cart.addresses.iter().map(|known| &known.address).collect::<Vec<_>>(),
        "createdAt": later,
        "updatedAt": cart.updated_at,
    });
    let signed_in = json!({
        "signedInAt": begin,
        "usedAt": session.used_at,
        "endsAt": session.ends_at,
        "endedAt": null,
        "kind": "storefront",
        "device": null,
        "network": network,
    });
    let expected = json!({
        "shop": "Stoa",
        "writtenAt": later,
        "account": known,
        "addresses": [],
        "orders": [order],
        "cart": in_their_cart,
        "consents": [],
        "tags": ["pays late"],
        "groups": [{ "id": group.to_string(), "name": "Wholesale" }],
        "sessions": [signed_in],
        "networks": [{ "network": network, "seenAt": begin }],
        "identities": [],
    });
    assert_eq!(told, expected, "{told:#}");
    assert!(!told.to_string().contains(&cart.id.to_string()), "a key is no knowledge");

    // Who has signed out is still known to have been there.
    shop.services.sessions.end(ada.into()).await.unwrap();
    let told = archive(&shop, ada).await;
    assert_eq!(told["sessions"][0]["endedAt"], json!(later), "{told:#}");
}

#[tokio::test]
async fn an_archive_says_when_an_order_was_cancelled_and_why_and_that_its_payment_is_disputed() {
    let shop = TestShop::open().await;
    let mug = on_sale(&shop).await;
    let ada = shop.customer(ADA).await;
    let order = bought(&shop, &[(mug, 1)]).await;
    let paid = payment::find_by_order(shop.db.read(), order.id).await.unwrap().unwrap();
    shop.wait(TimeDelta::hours(1));
    let disputed_at = shop.ctx().now();
    let tx = shop.db.write(Durability::Full).await.unwrap();
    let disputed = Payment { disputed: true, dispute_at: Some(disputed_at), ..paid };
    payment::save(&tx, &disputed).await.unwrap();
    tx.commit().await.unwrap();
    shop.wait(TimeDelta::hours(1));
    let cancelled_at = shop.ctx().now();
    let reason = CancelReason::Staff;
    let cancel = Cancellation { order: order.id, reason, restock: false, location: None, notify: false };
    shop.services.admin.cancel_order.run(&shop.eve(), None, &cancel).await.unwrap();

    let told = archive(&shop, ada).await;
    let order = &told["orders"][0];
    let expected = (&json!("cancelled"), &json!(cancelled_at), &json!("staff"));
    assert_eq!((&order["state"], &order["cancelledAt"], &order["cancelReason"]), expected, "{told:#}");
    let payment = &order["payment"];
    let expected = (&json!(true), &json!(disputed_at));
    assert_eq!((&payment["disputed"], &payment["disputeChangedAt"]), expected, "{told:#}");
}

#[tokio::test]
async fn many_orders_cost_as_many_statements_as_one() {
    let shop = TestShop::open().await;
    let mug = on_sale(&shop).await;
    let ada = shop.customer(ADA).await;
    let cost = async || {
        crate::customer::claim_theirs(shop.ctx(), ada.customer).await.unwrap();
        let account = customer::find(shop.db.read(), ada.customer).await.unwrap().unwrap();
        let (told, [statements, ..]) =
            shop.cost(crate::customer::all_that_is_known(shop.ctx(), &account)).await;
        (told.unwrap()["orders"].as_array().unwrap().len(), statements)
    };
    let order = bought(&shop, &[(mug, 1)]).await;
    let refund = async |order: &Order| {
        let back = money(order.id, Some(100));
        shop.services.admin.refund_order.run(&shop.eve(), &back).await.unwrap();
        shop.services.admin.fulfillments.create(&shop.eve(), &parcel(order, &[(0, 1)])).await.unwrap();
    };
    refund(&order).await;
    let (orders, one) = cost().await;
    assert_eq!(orders, 1);
    for _ in 0..9 {
        let order = bought(&shop, &[(mug, 1)]).await;
        refund(&order).await;
    }
    assert_eq!(cost().await, (10, one));
}
