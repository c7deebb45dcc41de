//! What a promotion would do to a cart.

use super::promotions::{coded, make, tenth};
use crate::{
    account::Caller,
    admin::{PreviewError, PromotionDraft, PromotionInQuestion, PromotionPreview},
    cart::NewCart,
    testing::{TestShop, client},
};
use chrono::TimeDelta;
use std::collections::BTreeSet;
use stoa_domain::{
    access::grants::{PromotionsRead, PromotionsWrite},
    cart::AddLine,
    catalog::{ProductInput, VariantInput},
    pricing::{Action, Class, Condition, MoneyBounds, MoneyTable, Target, Why},
    shared::{CartId, PromotionId, Rate, Timestamp, VariantId},
};
use stoa_persistence::promotion::Limits;
use uuid::Uuid;

/// A mug that is red, and costs 10.00.
async fn red_mug(shop: &TestShop) -> VariantId {
    let variant = VariantInput { price: 1_000, taxable: false, ..VariantInput::default() };
    let variant = VariantInput { requires_shipping: false, stock: super::shop::units(99, 0), ..variant };
    let mug = ProductInput {
        title: "Mug".into(),
        tags: vec!["Red".into()],
        variants: vec![variant],
        published_at: Some(shop.ctx().now()),
        ..ProductInput::default()
    };
    let products = &shop.services.admin.products;
    products.create(&shop.eve(), Some(&shop.eve()), &mug).await.unwrap().variants[0].id
}

async fn cart(shop: &TestShop, variant: VariantId, quantity: u32) -> CartId {
    let guest = Caller { client: client(7), ..Caller::default() };
    let line = AddLine { variant, quantity, attributes: Vec::new() };
    let new = NewCart { lines: vec![line], ..NewCart::default() };
    Box::pin(shop.services.create_cart.run(&guest, new)).await.unwrap().0.cart.id
}

async fn ask(
    shop: &TestShop,
    (cart, at): (CartId, Option<Timestamp>),
    question: PromotionInQuestion,
) -> Result<PromotionPreview, PreviewError> {
    let by = shop.eve::<PromotionsRead>();
    Box::pin(shop.services.admin.preview_promotion.run(&by, (cart, at), &question)).await
}

fn draft(of: PromotionDraft) -> PromotionInQuestion {
    PromotionInQuestion::Draft(None, Box::new(of))
}

fn totals(of: &PromotionPreview) -> (i64, i64) {
    (of.preview.before.total, of.preview.after.total)
}

fn whys(of: &PromotionPreview) -> Vec<Option<Why>> {
    of.verdicts.iter().map(|(verdict, _)| verdict.why).collect()
}

#[tokio::test]
async fn a_draft_is_held_against_a_cart_and_nothing_is_written() {
    let shop = TestShop::open().await;
    let mug = red_mug(&shop).await;
    let cart = cart(&shop, mug, 3).await;
    let log = shop.log_length().await;
    let seen = ask(&shop, (cart, None), draft(tenth())).await.unwrap();
    assert_eq!(totals(&seen), (3_000, 2_700));
    assert_eq!((whys(&seen), seen.verdicts[0].0.amount), (vec![None], 300));
    assert!(seen.verdicts[0].1.is_none(), "it is not there yet");
    assert_eq!(seen.lines.len(), 1);
    assert_eq!(seen.preview.after.steps.sum_total(), Ok(2_700));
    let seen = ask(&shop, (cart, None), draft(coded())).await.unwrap();
    assert_eq!(totals(&seen), (3_000, 2_700), "as if one of its codes were entered");
    assert!(seen.preview.after.codes.is_empty());
    assert_eq!(shop.log_length().await, log);
}

/// No rule of the shop asks for tags, groups or limits: what is asked for is read for the draft's sake.
#[tokio::test]
async fn a_draft_asks_for_what_no_rule_asks_for() {
    let shop = TestShop::open().await;
    let mug = red_mug(&shop).await;
    let cart = cart(&shop, mug, 1).await;
    let tagged = |tag: &str| {
        let target = Target::Of {
            products: BTreeSet::new(),
            variants: BTreeSet::new(),
            collections: BTreeSet::new(),
            tags: [Box::from(tag)].into(),
        };
        let mut of = tenth();
        of.definition.action = Action::PercentOff { rate: Rate::from_millionths(500_000), target };
        of
    };
    assert_eq!(totals(&ask(&shop, (cart, None), draft(tagged("red"))).await.unwrap()), (1_000, 500));
    let seen = ask(&shop, (cart, None), draft(tagged("blue"))).await.unwrap();
    assert_eq!((totals(&seen), whys(&seen)), ((1_000, 1_000), vec![Some(Why::NothingEntitled)]));
    let mut first = tenth();
    first.definition.conditions.push(Condition::FirstOrder);
    assert_eq!(whys(&ask(&shop, (cart, None), draft(first)).await.unwrap()), [Some(Why::SignInNeeded)]);
    let spent = PromotionDraft { limits: Limits { most: None, budget: Some(50) }, ..tenth() };
    let seen = ask(&shop, (cart, None), draft(spent)).await.unwrap();
    assert_eq!(whys(&seen), [Some(Why::BudgetSpent)], "its budget is less than it takes off");
}

#[tokio::test]
async fn each_promotion_that_does_nothing_says_why() {
    let shop = TestShop::open().await;
    let mug = red_mug(&shop).await;
    let cart = cart(&shop, mug, 2).await;
    let mut from_fifty = tenth();
    let bounds = MoneyBounds { least: Some(MoneyTable::of(5_000)), most: None };
    from_fifty.definition.conditions.push(Condition::Subtotal { of: Target::All, bounds });
    let by = shop.eve::<PromotionsWrite>();
    let promotions = &shop.services.admin.promotions;
    let (dear, plain) = (make(&shop, &from_fifty).await, make(&shop, &tenth()).await);
    for id in [dear, plain] {
        promotions.activate(&by, id, None).await.unwrap();
    }
    let mut fifth = PromotionDraft { class: Some(Class::Product), ..tenth() };
    fifth.definition.action =
        Action::PercentOff { rate: Rate::from_millionths(200_000), target: Target::All };
    let seen = ask(&shop, (cart, None), draft(fifth)).await.unwrap();
    assert_eq!(totals(&seen), (1_800, 1_600));
    let drafted = seen.preview.promotion;
    let expected =
        [Some(Why::SubtotalTooLow { least: 5_000, is: 2_000 }), Some(Why::Beaten { by: drafted }), None];
    assert_eq!(whys(&seen), expected);
    let known: Vec<Option<PromotionId>> =
        seen.verdicts.iter().map(|(_, kept)| kept.as_ref().map(|kept| kept.rule.promotion.id)).collect();
    assert_eq!(known, [Some(dear), Some(plain), None]);

    let seen = ask(&shop, (cart, None), PromotionInQuestion::Stored(plain)).await.unwrap();
    assert_eq!(totals(&seen), (2_000, 1_800), "with it and without it");
}

#[tokio::test]
async fn a_promotion_is_asked_about_at_a_moment() {
    let shop = TestShop::open().await;
    let mug = red_mug(&shop).await;
    let cart = cart(&shop, mug, 1).await;
    let later = shop.ctx().now() + TimeDelta::days(3);
    let id = make(&shop, &PromotionDraft { starts_at: Some(later), ..tenth() }).await;
    let stored = || PromotionInQuestion::Stored(id);
    let seen = ask(&shop, (cart, None), stored()).await.unwrap();
    assert_eq!((totals(&seen), whys(&seen)), ((1_000, 1_000), vec![Some(Why::NotBegun { at: later })]));
    assert_eq!(totals(&ask(&shop, (cart, Some(later)), stored()).await.unwrap()), (1_000, 900));
    let nobody = PromotionInQuestion::Stored(PromotionId::new(Uuid::from_u128(7)));
    assert!(matches!(ask(&shop, (cart, None), nobody).await, Err(PreviewError::NotFound)));
    let nowhere = CartId::new(Uuid::from_u128(7));
    assert!(matches!(ask(&shop, (nowhere, None), stored()).await, Err(PreviewError::NoCart)));
    let blank = draft(PromotionDraft { title: String::new(), ..tenth() });
    assert!(matches!(ask(&shop, (cart, None), blank).await, Err(PreviewError::Refused(_))));
}
