//! Promotions, as staff make, change and switch them.

use super::shop::change;
use crate::{
    admin::{InputPlace, InputRefusal, PromotionDraft, PromotionError, Unfit},
    testing::TestShop,
};
use futures_util::future::join_all;
use serde_json::json;
use std::collections::BTreeSet;
use stoa_domain::{
    access::grants::{PromotionsRead, PromotionsWrite},
    pricing::{Action, Condition, Definition, Method, Target},
    shared::{CustomerGroupId, MarketId, PromotionId, Rate, VariantId, page::PageRequest},
};
use stoa_persistence::{
    Durability,
    pricing::Kept,
    promotion::{self, Limits, PromotionState, PromotionsListing, StaffPromotion},
};
use uuid::Uuid;

/// A tenth off everything, for everybody.
pub(super) fn tenth() -> PromotionDraft {
    let action = Action::PercentOff { rate: Rate::from_millionths(100_000), target: Target::All };
    PromotionDraft {
        title: "Ten off".into(),
        class: None,
        method: Method::Automatic,
        definition: Definition { conditions: Vec::new(), action, most_per_order: None },
        priority: 0,
        stacks: false,
        exclusive: false,
        starts_at: None,
        ends_at: None,
        per_buyer: None,
        limits: Limits::default(),
    }
}

/// The same for whoever enters a code.
pub(super) fn coded() -> PromotionDraft {
    PromotionDraft { method: Method::Code, ..tenth() }
}

pub(super) async fn make(shop: &TestShop, draft: &PromotionDraft) -> PromotionId {
    shop.services.admin.promotions.create(&shop.eve(), draft).await.unwrap().rule.promotion.id
}

async fn read(shop: &TestShop, id: PromotionId) -> Kept<StaffPromotion> {
    promotion::find(shop.db.read(), id).await.unwrap().unwrap()
}

async fn rules(shop: &TestShop) -> i64 {
    stoa_persistence::pricing::version(shop.db.read()).await.unwrap()
}

#[tokio::test]
async fn a_promotion_is_made_switched_changed_and_put_away() {
    let shop = TestShop::open().await;
    let promotions = &shop.services.admin.promotions;
    let by = shop.eve::<PromotionsWrite>();
    let before = rules(&shop).await;
    let id = make(&shop, &tenth()).await;
    assert_eq!(read(&shop, id).await.rule.state, PromotionState::Draft, "nobody has switched it on");
    for _ in 0..2 {
        let on = promotions.activate(&by, id, None).await.unwrap();
        assert_eq!((on.rule.state, on.version), (PromotionState::Active, 2));
    }
    let other = PromotionDraft { title: "Summer".into(), priority: 3, ..tenth() };
    for version in [2, 2] {
        // The second time it is so already.
        let changed = promotions.update(&by, (id, version), &other).await.unwrap();
        assert_eq!((&*changed.rule.promotion.title, changed.version), ("Summer", 3));
        assert_eq!(changed.rule.state, PromotionState::Active, "it stays in use");
    }
    assert_eq!(promotions.deactivate(&by, id, Some(3)).await.unwrap().rule.state, PromotionState::Draft);
    for _ in 0..2 {
        assert_eq!(promotions.archive(&by, id, None).await.unwrap().rule.state, PromotionState::Archived);
    }
    let kept = read(&shop, id).await;
    for refused in [
        promotions.activate(&by, id, None).await,
        promotions.deactivate(&by, id, None).await,
        promotions.update(&by, (id, kept.version), &tenth()).await,
    ] {
        assert!(matches!(refused, Err(PromotionError::Archived)), "{refused:?}");
    }
    assert_eq!(read(&shop, id).await, kept);
    assert!(rules(&shop).await >= before + 5, "every change raises the number of the rules");
    let log = shop.log(id).await;
    let acts: Vec<&str> = log.iter().map(|(act, _)| act.as_str()).collect();
    let expected = [
        "promotion.create",
        "promotion.activate",
        "promotion.update",
        "promotion.deactivate",
        "promotion.archive",
    ];
    assert_eq!(acts, expected);
    assert_eq!(change(&log[1].1, "state"), Some((&json!("draft"), &json!("active"))));
    assert_eq!(change(&log[2].1, "title"), Some((&json!("Ten off"), &json!("Summer"))));
    assert_eq!(change(&log[2].1, "action"), None, "it is what it was");
}

#[tokio::test]
async fn who_has_read_an_older_version_changes_nothing() {
    let shop = TestShop::open().await;
    let promotions = &shop.services.admin.promotions;
    let by = shop.eve::<PromotionsWrite>();
    let id = make(&shop, &tenth()).await;
    let titled = |title: &str| PromotionDraft { title: title.into(), ..tenth() };
    promotions.update(&by, (id, 1), &titled("Summer")).await.unwrap();
    let (kept, log) = (read(&shop, id).await, shop.log_length().await);
    for refused in [
        promotions.update(&by, (id, 1), &titled("Winter")).await,
        promotions.activate(&by, id, Some(1)).await,
        promotions.archive(&by, id, Some(7)).await,
    ] {
        assert!(matches!(refused, Err(PromotionError::Stale)), "{refused:?}");
    }
    let nobody = PromotionId::new(Uuid::from_u128(7));
    let refused = promotions.update(&by, (nobody, 1), &tenth()).await;
    assert!(matches!(refused, Err(PromotionError::NotFound)), "{refused:?}");
    assert_eq!((read(&shop, id).await, shop.log_length().await), (kept, log));
}

#[tokio::test]
async fn of_many_who_change_one_at_once_one_does() {
    let shop = TestShop::open().await;
    let promotions = &shop.services.admin.promotions;
    let by = shop.eve::<PromotionsWrite>();
    let id = make(&shop, &tenth()).await;
    let wanted: Vec<PromotionDraft> = (1..=6).map(|n| PromotionDraft { priority: n, ..tenth() }).collect();
    let done = join_all(wanted.iter().map(|to| promotions.update(&by, (id, 1), to))).await;
    assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 1, "{done:?}");
    let stale = done.iter().filter(|one| matches!(one, Err(PromotionError::Stale))).count();
    assert_eq!((stale, read(&shop, id).await.version), (5, 2));
    assert_eq!(shop.acts(id).await, ["promotion.create", "promotion.update"]);
}

#[tokio::test]
async fn what_a_promotion_names_is_there() {
    let shop = TestShop::open().await;
    let promotions = &shop.services.admin.promotions;
    let by = shop.eve::<PromotionsWrite>();
    let mug = shop.mugs(1).await;
    let missing = Uuid::from_u128(99);
    let of = |variants: &[VariantId]| Target::Of {
        products: BTreeSet::new(),
        variants: variants.iter().copied().collect(),
        collections: BTreeSet::new(),
        tags: BTreeSet::new(),
    };
    let acting = |action| {
        let mut draft = tenth();
        draft.definition.action = action;
        draft
    };
    let percent = |target| Action::PercentOff { rate: Rate::from_millionths(100_000), target };
    let when = |condition| {
        let mut draft = tenth();
        draft.definition.conditions.push(condition);
        draft
    };
    let log = shop.log_length().await;
    let cases: [(PromotionDraft, &[&'static str]); 4] = [
        (
            acting(percent(of(&[mug, VariantId::new(missing)]))),
            &["action", "percentOff", "target", "variantIds"],
        ),
        (
            acting(Action::Gift { variant: VariantId::new(missing), quantity: 1 }),
            &["action", "gift", "variantId"],
        ),
        (
            when(Condition::Groups([CustomerGroupId::new(missing)].into())),
            &["conditions", "customerGroupIds"],
        ),
        (when(Condition::Markets([MarketId::new(missing)].into())), &["conditions", "marketIds"]),
    ];
    for (draft, place) in cases {
        match promotions.create(&by, &draft).await {
            Err(PromotionError::Refused(InputRefusal { at, why })) => {
                assert_eq!((at, why), (InputPlace::fields(place), Unfit::NotThere(missing)));
            }
            other => panic!("{place:?}: {other:?}"),
        }
    }
    assert_eq!(shop.log_length().await, log);
    promotions.create(&by, &acting(percent(of(&[mug])))).await.unwrap();
}

#[tokio::test]
async fn as_many_are_in_use_as_a_cart_can_be_weighed_by() {
    let shop = TestShop::open().await;
    let promotions = &shop.services.admin.promotions;
    let by = shop.eve::<PromotionsWrite>();
    let draft = read(&shop, make(&shop, &tenth()).await).await.rule;
    let tx = shop.db.write(Durability::Relaxed).await.unwrap();
    for n in 0..999_u128 {
        let mut active = StaffPromotion { state: PromotionState::Active, ..draft.clone() };
        active.promotion.id = PromotionId::new(Uuid::from_u128(1_000 + n));
        promotion::insert(&tx, &active, shop.ctx().now()).await.unwrap();
    }
    tx.commit().await.unwrap();
    let (last, more) = (make(&shop, &tenth()).await, make(&shop, &tenth()).await);
    let (a, b) = tokio::join!(promotions.activate(&by, last, None), promotions.activate(&by, more, None));
    let refused = [&a, &b].into_iter().filter(|one| one.is_err()).count();
    assert_eq!(refused, 1, "{a:?} {b:?}");
    assert!(
        [a, b].iter().any(|one| matches!(one, Err(PromotionError::TooManyActive { most: 1_000 }))),
        "two at once are not one too many"
    );
    assert_eq!(promotion::count_active(shop.db.read()).await.unwrap(), 1_000);
}

#[tokio::test]
async fn staff_find_promotions() {
    let shop = TestShop::open().await;
    let promotions = &shop.services.admin.promotions;
    let first = make(&shop, &tenth()).await;
    let second = make(&shop, &PromotionDraft { title: "Winter".into(), ..tenth() }).await;
    let read = shop.eve::<PromotionsRead>();
    let listing = PromotionsListing { title: Some("WINT".into()), ..PromotionsListing::default() };
    let page = promotions.list(&read, &listing, &PageRequest::first(9)).await.unwrap();
    assert_eq!(page.nodes().copied().collect::<Vec<_>>(), [second]);
    let found = promotions.find_all(&read, &[second, first]).await.unwrap();
    assert_eq!(found.iter().map(|kept| kept.rule.promotion.id).collect::<Vec<_>>(), [second, first]);
}
