//! Goods and carts for tests.

use crate::{
    account::{Caller, Client},
    cart::{CartError, CartView, Edited, NewAddress, NewCart},
    catalog::import::{ImportProducts, Progress, Refusal},
    system::SystemIds,
    testing::{StillClock, TestShop},
};
use std::{fmt::Debug, io::Cursor, path::Path, sync::Arc};
use stoa_domain::{
    access::SignedIn,
    cart::{AddLine, Cart, Saved},
    shared::{Address, CartId, CountryCode, VariantId},
};
use stoa_persistence::catalog;

struct Nobody;

impl Progress for Nobody {
    fn at(&self, _: u64) {}
    fn refused(&self, refusal: &Refusal) {
        panic!("a test's own goods were refused: {refusal:?}");
    }
}

/// Sells mugs, or no longer does.
pub(super) async fn sell_mugs(shop: &TestShop, stock: u32, offered: bool) -> VariantId {
    let csv = format!(
        "Handle,Title,Published,Option1 Name,Option1 Value,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Requires Shipping,Variant Taxable\n\
         mug,Mug,{offered},Title,Default Title,shopify,{stock},deny,12.50,true,true"
    );
    let currency = shop.ctx().settings().currency;
    let clock = Arc::<StillClock>::clone(&shop.clock);
    let import = ImportProducts::new(shop.db.clone(), clock, Arc::new(SystemIds), currency);
    import.run_from(Cursor::new(csv), Path::new("test.csv"), &Nobody).await.unwrap();
    shop.ctx().catalog.refresh().await.unwrap();
    let product = catalog::find_product_by_handle(shop.db.read(), "mug").await.unwrap().unwrap();
    catalog::products_by_ids(shop.db.read(), &[product]).await.unwrap()[0].variants[0].id
}

pub(super) fn guest() -> Caller {
    Caller::default()
}

pub(super) fn signed_in(who: SignedIn) -> Caller {
    Caller::customer(who, Client::default())
}

/// A cart of somebody's with so many of a variant.
pub(super) async fn cart(shop: &TestShop, by: &Caller, variant: VariantId, quantity: u32) -> CartId {
    let line = AddLine { variant, quantity, attributes: Vec::new() };
    let new = NewCart { lines: vec![line], ..NewCart::default() };
    Box::pin(shop.services.create_cart.run(by, new)).await.unwrap().0.cart.id
}

/// What is in it for them; `None` if it is not there.
pub(super) async fn units(shop: &TestShop, by: &Caller, cart: CartId) -> Option<u64> {
    shop.services.read_cart.run(&by.viewer, cart).await.unwrap().map(|view| view.cart.total_quantity())
}

/// The document as it is kept.
pub(super) async fn kept(shop: &TestShop, cart: CartId) -> Option<Cart> {
    let ctx = shop.ctx();
    ctx.ports.carts.load(cart, ctx.now()).await.unwrap()
}

/// Writes a document past the use cases.
pub(super) async fn put(shop: &TestShop, cart: &Cart) {
    let now = shop.ctx().now();
    let saved = shop.ctx().ports.carts.save(cart, now, now + chrono::TimeDelta::days(1)).await.unwrap();
    assert!(matches!(saved, Saved::Yes(_)));
}

/// The refusal; panics on anything else.
pub(super) fn refusal<R: Debug>(outcome: Result<Edited, CartError<R>>) -> R {
    match outcome {
        Err(CartError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

/// Which cart was given, and how many units are in it.
pub(super) fn given((view, _): &(CartView, Vec<crate::cart::CartWarning>)) -> (CartId, u64) {
    (view.cart.id, view.cart.total_quantity())
}

/// An address that can be delivered to.
pub(super) fn somewhere() -> NewAddress {
    let text = |text: &str| Some(text.to_owned());
    let address = Address {
        first_name: text("Ada"),
        last_name: text("Lovelace"),
        address1: text("12 St James's Square"),
        city: text("London"),
        zip: text("SW1Y 4JH"),
        country: CountryCode::parse("GB"),
        ..Address::default()
    };
    NewAddress { address, selected: true, one_time_use: false, book_of: None }
}
