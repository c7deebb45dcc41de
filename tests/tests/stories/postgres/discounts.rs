//! What staff, jobs and buyers do to promotions of which there is only so much.

use super::admin::by;
use crate::harness::{Item, Shop};
use chrono::TimeDelta;
use serde_json::json;
use stoa_domain::{
    pricing::{Action, Definition, Method, Target},
    shared::{PromotionId, Rate},
};
use stoa_persistence::promotion::{CodesToDisable, Limits};
use stoa_services::admin::{Admin, CodeToAdd, CodesWanted, PromotionDraft};

/// A tenth off for whoever has a code, each once.
fn tenth(limits: Limits) -> PromotionDraft {
    let action = Action::PercentOff { rate: Rate::from_millionths(100_000), target: Target::All };
    PromotionDraft {
        title: "Ten off".to_owned(),
        class: None,
        method: Method::Code,
        definition: Definition { conditions: Vec::new(), action, most_per_order: None },
        priority: 0,
        stacks: false,
        exclusive: false,
        starts_at: None,
        ends_at: None,
        per_buyer: Some(1),
        limits,
    }
}

async fn limited(admin: &Admin) -> PromotionId {
    let promotions = &admin.promotions;
    let made = promotions.create(&by(), &tenth(Limits::default())).await.expect("a promotion");
    let id = made.rule.promotion.id;
    let some = tenth(Limits { most: Some(5), budget: Some(100_000) });
    promotions.update(&by(), (id, made.version), &some).await.expect("there are five of it");
    promotions.activate(&by(), id, None).await.expect("it is on");
    id
}

/// Somebody orders with a code, and never pays.
pub(super) async fn everything(shop: &Shop) {
    let admin = &shop.app.services().admin;
    shop.restock(&[Item::new("teapot", "30.00", 5)]).await;
    let (id, codes) = (limited(admin).await, &admin.promotion_codes);
    let one = CodeToAdd { code: "TEN".to_owned(), uses: Some(3) };
    codes.add(&by(), id, &[one]).await.expect("it has a code");
    let wanted = CodesWanted {
        count: 3,
        prefix: "MANY-".to_owned(),
        length: 12,
        uses: Some(1),
        key: "many".to_owned(),
    };
    let batch = codes.generate(&by(), id, &wanted).await.expect("and more").batch.id;

    let shopper = shop.shopper_with_cart([("teapot", 1)]).await;
    shopper.says_who(json!({ "email": "grace@example.org" })).await;
    shopper.enter(&["ten"]).await;
    let placed = shopper.place_order("ten").await;
    assert!(placed.is_placed(), "{placed:?}");
    assert_eq!(shop.order(placed.order_id()).await.figures.discount, 300);
    shop.clock.advance(TimeDelta::minutes(61));
    shop.until("the codes are made, the uses counted, and what was taken given back", || async {
        shop.run_jobs().await;
        let made = codes.batches(&by(), id).await.expect("SQL answers").iter().all(|b| b.batch.made == 3);
        made && shop.order(placed.order_id()).await.state.name() == "cancelled"
    })
    .await;
    codes.disable(&by(), id, &CodesToDisable::Batch(batch)).await.expect("nobody gets those");
}
