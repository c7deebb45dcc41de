//! Goods, rules and carts for tests of prices.

use crate::{
    account::Caller,
    cart::{CartView, CartWarning, NewAddress, NewCart},
    catalog::import::{ImportProducts, Progress, Refusal},
    pricing::card_hash,
    system::SystemIds,
    testing::{StillClock, TestShop},
};
use std::{collections::BTreeSet, io::Cursor, path::Path, sync::Arc};
use stoa_domain::{
    cart::{AddLine, Cart},
    gift_card::{GiftCard, GiftCardCode, GiftCardKind, GiftCardState},
    pricing::{
        Action, Class, Condition, Definition, EnteredCode, Method, MoneyBounds, MoneyTable, Promotion,
        Target, Why,
    },
    shared::{
        Address, CartId, CountryCode, Currency, CustomerId, Fault, GiftCardId, PromotionId, Rate, VariantId,
    },
};
use stoa_persistence::{
    Durability, WriteTx, catalog, gift_card,
    promotion::{self, Limits, NewCode, PromotionState, StaffPromotion},
};
use uuid::Uuid;

struct Nobody;

impl Progress for Nobody {
    fn at(&self, _: u64) {}
    fn refused(&self, refusal: &Refusal) {
        panic!("a test's own goods were refused: {refusal:?}");
    }
}

/// Sells so many products of 10.00 each, with so many units of each.
pub(super) async fn sell(shop: &TestShop, products: usize, stock: u32) -> Vec<VariantId> {
    let mut csv = "Handle,Title,Published,Tags,Option1 Name,Option1 Value,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Requires Shipping,Variant Taxable\n".to_owned();
    for n in 0..products {
        csv += &format!("p{n},P{n},true,red,Title,Default Title,shopify,{stock},deny,10.00,true,true\n");
    }
    let currency = shop.ctx().settings().currency;
    let clock = Arc::<StillClock>::clone(&shop.clock);
    let import = ImportProducts::new(shop.db.clone(), clock, Arc::new(SystemIds), currency);
    import.run_from(Cursor::new(csv), Path::new("test.csv"), &Nobody).await.unwrap();
    shop.ctx().catalog.refresh().await.unwrap();
    let mut variants = Vec::new();
    for n in 0..products {
        let product =
            catalog::find_product_by_handle(shop.db.read(), &format!("p{n}")).await.unwrap().unwrap();
        variants.push(catalog::products_by_ids(shop.db.read(), &[product]).await.unwrap()[0].variants[0].id);
    }
    variants
}

pub(super) fn id<T: From<Uuid>>(n: u128) -> T {
    Uuid::from_u128(n).into()
}

/// Writes something, which everybody has seen then.
pub(super) async fn write<T>(shop: &TestShop, work: impl AsyncFnOnce(&WriteTx) -> Result<T, Fault>) -> T {
    let tx = shop.db.write(Durability::Relaxed).await.unwrap();
    let done = work(&tx).await.unwrap();
    tx.commit().await.unwrap();
    shop.ctx().catalog.refresh().await.unwrap();
    done
}

/// A tenth off everything, for everybody.
pub(super) fn tenth(n: u128) -> StaffPromotion {
    let action = Action::PercentOff { rate: Rate::from_millionths(100_000), target: Target::All };
    with_action(n, Class::Product, action)
}

pub(super) fn with_action(n: u128, class: Class, action: Action) -> StaffPromotion {
    StaffPromotion {
        promotion: Promotion {
            id: id::<PromotionId>(n),
            title: format!("promotion {n}").into(),
            class,
            method: Method::Automatic,
            definition: Definition { conditions: Vec::new(), action, most_per_order: None },
            priority: 0,
            stacks: false,
            exclusive: false,
            starts_at: None,
            ends_at: None,
            per_buyer: None,
        },
        state: PromotionState::Active,
        limits: Limits::default(),
    }
}

/// Only for carts of so much at least.
pub(super) fn from_subtotal(least: i64) -> Condition {
    let least = MoneyTable { shop: least, others: [].into() };
    Condition::Subtotal { of: Target::All, bounds: MoneyBounds { least: Some(least), most: None } }
}

pub(super) async fn promote(shop: &TestShop, of: &StaffPromotion) {
    let now = shop.ctx().now();
    write(shop, async |tx| promotion::insert(tx, of, now).await).await;
}

/// The same, for whoever enters the code.
pub(super) async fn promote_by_code(shop: &TestShop, code: &str, mut of: StaffPromotion) {
    of.promotion.method = Method::Code;
    promote(shop, &of).await;
    let (now, code) = (shop.ctx().now(), EnteredCode::parse(code).unwrap());
    let codes = [NewCode { code, most: None }];
    write(shop, async |tx| promotion::add_codes(tx, of.promotion.id, &codes, now).await).await;
}

/// A gift card with so much on it, in minor units.
pub(super) async fn issue(shop: &TestShop, n: u128, code: &str, on: (i64, Currency)) -> GiftCardId {
    let code = GiftCardCode::normalise(code).unwrap();
    let hash = card_hash(shop.ctx(), &code).await.unwrap();
    let kind = GiftCardKind::Card { last: code.last().unwrap() };
    issued(shop, n, kind, Some(&hash), on).await
}

/// Store credit of a customer's.
pub(super) async fn credit(
    shop: &TestShop,
    n: u128,
    customer: CustomerId,
    on: (i64, Currency),
) -> GiftCardId {
    issued(shop, n, GiftCardKind::Credit { customer }, None, on).await
}

async fn issued(
    shop: &TestShop,
    n: u128,
    kind: GiftCardKind,
    hash: Option<&str>,
    (balance, currency): (i64, Currency),
) -> GiftCardId {
    let now = shop.ctx().now();
    let card = GiftCard {
        id: id(n),
        kind,
        currency,
        initial: balance,
        balance,
        state: GiftCardState::Enabled,
        expires_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    write(shop, async |tx| gift_card::insert(tx, &card, hash, (Uuid::from_u128(n), "test")).await).await;
    card.id
}

pub(super) fn guest() -> Caller {
    Caller { client: crate::testing::client(7), ..Caller::default() }
}

/// A guest's cart with so many of each.
pub(super) async fn cart(shop: &TestShop, lines: &[(VariantId, u32)]) -> CartId {
    cart_of(shop, &guest(), lines).await.cart.id
}

pub(super) async fn cart_of(shop: &TestShop, by: &Caller, lines: &[(VariantId, u32)]) -> CartView {
    let line = |(variant, quantity): &(VariantId, u32)| AddLine {
        variant: *variant,
        quantity: *quantity,
        attributes: Vec::new(),
    };
    let new = NewCart { lines: lines.iter().map(line).collect(), ..NewCart::default() };
    Box::pin(shop.services.create_cart.run(by, new)).await.unwrap().0
}

pub(super) async fn add(
    shop: &TestShop,
    cart: CartId,
    (variant, quantity): (VariantId, u32),
) -> (CartView, Vec<CartWarning>) {
    let line = AddLine { variant, quantity, attributes: Vec::new() };
    Box::pin(shop.services.cart_lines.add(&guest(), cart, vec![line])).await.unwrap()
}

pub(super) async fn enter(shop: &TestShop, cart: CartId, codes: &[&str]) -> (CartView, Vec<CartWarning>) {
    let codes: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
    Box::pin(shop.services.discount_codes.replace(&guest(), cart, &codes)).await.unwrap()
}

pub(super) async fn read(shop: &TestShop, cart: CartId) -> CartView {
    Box::pin(shop.services.read_cart.run(&guest().viewer, cart)).await.unwrap().unwrap()
}

/// Why each code takes nothing off.
pub(super) fn whys(view: &CartView) -> Vec<Option<Why>> {
    view.codes().iter().map(|code| code.why).collect()
}

/// The document as it is kept.
pub(super) async fn kept(shop: &TestShop, cart: CartId) -> Cart {
    let ctx = shop.ctx();
    ctx.ports.carts.load(cart, ctx.now()).await.unwrap().unwrap()
}

pub(super) fn country(code: &str) -> CountryCode {
    CountryCode::parse(code).unwrap()
}

pub(super) fn countries(codes: &[&str]) -> BTreeSet<CountryCode> {
    codes.iter().map(|code| country(code)).collect()
}

pub(super) fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

/// An address in Berlin.
pub(super) fn berlin() -> NewAddress {
    let text = |text: &str| Some(text.to_owned());
    let address = Address {
        first_name: text("Ada"),
        last_name: text("Lovelace"),
        address1: text("Unter den Linden 1"),
        city: text("Berlin"),
        zip: text("10117"),
        country: CountryCode::parse("DE"),
        ..Address::default()
    };
    NewAddress { address, selected: true, one_time_use: false, book_of: None }
}

/// Has a cart delivered there.
pub(super) async fn deliver(shop: &TestShop, cart: CartId) -> CartView {
    Box::pin(shop.services.delivery_addresses.add(&guest(), cart, &[berlin()])).await.unwrap().0
}
