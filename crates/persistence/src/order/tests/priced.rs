//! What orders keep of how they were priced.

use super::{
    proofs::{by_hand, wrong},
    *,
};
use stoa_domain::{
    delivery::DeliveryDays,
    market::ExchangeRate,
    order::ShopMoney,
    pricing::{AppliedPromotion, Class, CodeKey, OffValue, ShopFigures, Source, Step, StepKind},
    shared::{DeliveryGroupId, LocationId, MarketId, PromotionId},
};

/// One in which no figure is nothing.
fn full_order(shop: &TestShop) -> Order {
    let mut order = order_of(shop, &[(VariantId::new(shop.ids.id()), 2), (VariantId::new(shop.ids.id()), 1)]);
    order.lines[0] = LineItem { discount: 100, tax: 30, removed_tax: 7, ..order.lines[0].clone() };
    let gift_of = Some(PromotionId::new(shop.ids.id()));
    order.lines[1] = LineItem { discount: 1_000, gift_of, gift_card: true, ..order.lines[1].clone() };
    order.figures = OrderFigures {
        currency: Currency::USD,
        subtotal: 3_000,
        discount: 1_100,
        delivery: 500,
        delivery_discount: 200,
        delivery_tax: 12,
        removed_tax: 9,
        tax: 42,
        total: 2_191,
        charge: 191,
        shop: Some(ShopMoney {
            currency: Currency::parse("EUR").unwrap(),
            rate: ExchangeRate::parse("1.08").unwrap(),
            figures: ShopFigures {
                subtotal: 2_778,
                discount: 1_019,
                delivery: 463,
                delivery_discount: 185,
                removed_tax: 8,
                tax: 39,
                total: 2_029,
            },
        }),
        reverse_charge: true,
        tax_rate: Rate::from_millionths(190_000),
        prices_include_tax: true,
        tax_rounding: TaxRounding::Total,
    };
    order
}

#[tokio::test]
async fn an_order_keeps_its_figures() {
    let shop = TestShop::open().await;
    let order = full_order(&shop);
    place(&shop, &order, &[]).await;
    let read = find(shop.db.read(), order.id).await.unwrap().unwrap();
    assert_eq!(read, order);
    let on_top = {
        let mut order = full_order(&shop);
        let figures = &mut order.figures;
        (figures.prices_include_tax, figures.total) = (false, 2_233);
        let shop = figures.shop.as_mut().unwrap();
        shop.figures.total += shop.figures.tax;
        order
    };
    place(&shop, &on_top, &[]).await;
    assert_eq!(find(shop.db.read(), on_top.id).await.unwrap().unwrap().figures, on_top.figures);
}

/// As a program wrote it that knew nothing of any of this.
#[tokio::test]
async fn orders_of_before_are_read_as_they_were() {
    let shop = TestShop::open().await;
    let mug = shop.add_stocked("Mug", units(9)).await;
    let order = paid(&shop, &[(mug, 2)]).await;
    let unset = [
        "UPDATE orders SET charge = NULL, market_id = NULL, shop_currency = NULL, exchange_rate = NULL, tax_number = NULL",
        "UPDATE order_lines SET gift_of = NULL, tax_category = NULL",
    ];
    for sql in unset {
        by_hand(&shop, sql).await;
    }
    assert_eq!(find(shop.db.read(), order.id).await.unwrap().unwrap(), order);
    assert_eq!(terms_of(shop.db.read(), order.id).await.unwrap(), Some(OrderTerms::default()));
    assert_eq!(wrong(&shop).await, []);
}

#[tokio::test]
async fn an_order_keeps_its_market_and_the_buyers_tax_number() {
    let shop = TestShop::open().await;
    let order = full_order(&shop);
    let terms =
        OrderTerms { market: Some(MarketId::new(shop.ids.id())), tax_number: Some("DE136695976".to_owned()) };
    let new = || NewOrder {
        order: &order,
        terms: terms.clone(),
        owned: &[],
        key: ("test", "terms"),
        fingerprint: String::new(),
    };
    assert_eq!(shop.tx(async |tx| insert(tx, new(), |_| {}).await).await, InsertOutcome::Inserted);
    assert_eq!(terms_of(shop.db.read(), order.id).await.unwrap(), Some(terms));
    assert_eq!(terms_of(shop.db.read(), OrderId::new(shop.ids.id())).await.unwrap(), None);
}

#[tokio::test]
async fn how_a_price_came_about_is_read_as_it_was_written() {
    let shop = TestShop::open().await;
    let (order, plain) = (full_order(&shop), full_order(&shop));
    place(&shop, &order, &[]).await;
    place(&shop, &plain, &[]).await;
    let promotion = PromotionId::new(shop.ids.id());
    let applied = |value, code: Option<&str>, shares| AppliedPromotion {
        promotion,
        title: "Ten off".into(),
        code: code.and_then(CodeKey::of),
        class: Class::Order,
        value,
        amount: 100,
        shares,
    };
    let step = Step {
        line: Some(0),
        source: Some(Source::Promotion(promotion)),
        ..Step::new(StepKind::Promotion, "Ten off".into(), -100)
    };
    let delivery = OrderDelivery {
        group: DeliveryGroupId::new(shop.ids.id()),
        location: Some(LocationId::new(shop.ids.id())),
        handle: "post".to_owned(),
        title: "Post".to_owned(),
        kind: DeliveryKind::Shipping,
        price: 500,
        discount: 200,
        removed_tax: 2,
        tax: 12,
        days: DeliveryDays::try_new(1, 3),
        lines: vec![order.lines[0].id],
    };
    let kept = OrderPricing {
        steps: [step].into_iter().collect(),
        applied: vec![
            applied(OffValue::Percent(Rate::from_millionths(100_000)), Some("ten"), vec![(0, 60), (1, 40)]),
            applied(OffValue::Amount(100), None, Vec::new()),
        ],
        rules: 7,
        taxes: vec![OrderTax {
            name: "VAT".to_owned(),
            zone: "Germany".to_owned(),
            rate: Rate::from_millionths(190_000),
            compound: true,
            base: 1_900,
            amount: 42,
            inside: true,
        }],
        deliveries: vec![delivery.clone(), OrderDelivery { days: None, location: None, ..delivery }],
    };
    shop.tx(async |tx| {
        let mut batch = Batch::new();
        write_pricing(&mut batch, order.id, &kept, at(1))?;
        batch.write(tx).await
    })
    .await;
    assert_eq!(pricing_of(shop.db.read(), order.id).await.unwrap(), Some(kept));
    assert_eq!(pricing_of(shop.db.read(), plain.id).await.unwrap(), None);
}

/// The form in which promotions were ever kept with orders.
#[tokio::test]
async fn what_was_written_is_read() {
    use crate::db::Raw;
    use sea_orm::{ConnectionTrait, sea_query::Query};
    let shop = TestShop::open().await;
    let order = full_order(&shop);
    place(&shop, &order, &[]).await;
    let written = concat!(
        r#"[{"promotion":"00000000-0000-0000-0000-000000000007","title":"Ten","code":"TEN","class":"product","#,
        r#""percent":100000,"amount":100,"shares":[[0,100]]},"#,
        r#"{"promotion":"00000000-0000-0000-0000-000000000008","title":"Less","class":"delivery","off":50,"amount":50}]"#,
    );
    let tx = shop.write().await;
    let row = Query::insert()
        .into_table("order_pricing")
        .columns(["order_id", "steps", "applications", "rules", "explained_at"])
        .values_panic([order.id.uuid().into(), "[]".into(), written.into(), 3_i64.into(), at(0).into()])
        .take();
    tx.raw().execute(&row).await.unwrap();
    tx.commit().await.unwrap();
    let kept = pricing_of(shop.db.read(), order.id).await.unwrap().unwrap();
    let values: Vec<_> = kept.applied.iter().map(|of| (of.value, of.shares.len())).collect();
    assert_eq!(values, [(OffValue::Percent(Rate::from_millionths(100_000)), 1), (OffValue::Amount(50), 0)]);
}
