//! Codes in bulk.

use super::*;
use crate::{system::SystemIds, testing::TestShop};
use stoa_domain::{
    pricing::{Action, Class, Definition, Method, Promotion, Target},
    shared::{CodeBatchId, Rate},
};
use stoa_persistence::promotion::{Limits, PromotionState, StaffPromotion, standing};
use uuid::Uuid;

fn batch(wanted: i64) -> CodeBatch {
    CodeBatch {
        id: CodeBatchId::new(Uuid::from_u128(1)),
        promotion: Uuid::from_u128(2).into(),
        wanted,
        made: 0,
        prefix: "SUMMER-".to_owned(),
        length: 12,
        most: Some(1),
        created_by: "Eve".to_owned(),
    }
}

#[test]
fn a_code_has_its_prefix_and_its_length() {
    for length in [8, 12, 32] {
        let made = code(&SystemIds, &CodeBatch { length, ..batch(1) });
        let random = made.strip_prefix("SUMMER-").unwrap();
        assert_eq!(random.len(), usize::try_from(length).unwrap());
        assert!(random.bytes().all(|c| ALPHABET.contains(&c)), "{random}");
        assert_ne!(code(&SystemIds, &CodeBatch { length, ..batch(1) }), made);
    }
}

/// Whoever runs the job, and however often it is broken off between two transactions.
#[tokio::test]
async fn codes_are_made_as_many_as_were_wanted() {
    let shop = TestShop::open().await;
    let now = shop.ctx().now();
    let promotion = StaffPromotion {
        promotion: Promotion {
            id: Uuid::from_u128(2).into(),
            title: "Summer".into(),
            class: Class::Product,
            method: Method::Code,
            definition: Definition {
                conditions: Vec::new(),
                action: Action::PercentOff { rate: Rate::from_millionths(100_000), target: Target::All },
                most_per_order: None,
            },
            priority: 0,
            stacks: false,
            exclusive: false,
            starts_at: None,
            ends_at: None,
            per_buyer: None,
        },
        state: PromotionState::Active,
        limits: Limits::default(),
    };
    let wanted = batch(2_300);
    let tx = shop.db.write(Durability::Full).await.unwrap();
    promotion::insert(&tx, &promotion, now).await.unwrap();
    promotion::insert_batch(&tx, &wanted, now).await.unwrap();
    tx.commit().await.unwrap();

    assert!(!make_some(shop.ctx(), wanted.id).await.unwrap(), "a thousand of them");
    let elsewhere = shop.beside().await;
    let (a, b) = tokio::join!(make_codes(shop.ctx(), wanted.id), make_codes(elsewhere.context(), wanted.id));
    assert!(a.unwrap() && b.unwrap());
    assert!(make_codes(shop.ctx(), wanted.id).await.unwrap(), "again there is nothing to do");
    let codes = promotion::codes_of_batch(shop.db.read(), wanted.id).await.unwrap();
    assert_eq!(codes.len(), 2_300);
    let some: Vec<_> =
        codes.iter().take(3).filter_map(|code| stoa_domain::pricing::CodeKey::of(code)).collect();
    let standing = standing(shop.db.read(), &some, &[]).await.unwrap();
    assert!(standing.codes.values().all(|code| (code.used, code.most, code.disabled) == (0, Some(1), false)));
    assert_eq!(standing.codes.len(), 3);
}
