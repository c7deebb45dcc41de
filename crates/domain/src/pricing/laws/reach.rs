//! The laws are tried where they could break: carts of any kind are of every kind.

use super::any_bought;
use crate::pricing::StepKind;
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use std::collections::HashSet;

#[test]
fn any_cart_has_every_kind_of_step_and_both_currencies() {
    let mut runner = TestRunner::deterministic();
    let (mut kinds, mut foreign, mut remainders) = (HashSet::new(), 0, 0);
    for _ in 0..400 {
        let priced = any_bought().new_tree(&mut runner).unwrap().current().price();
        kinds.extend(priced.steps.iter().map(|step| step.kind));
        foreign += u32::from(priced.shop.is_some());
        remainders += u32::from(priced.steps.iter().any(|step| step.remainder != 0));
    }
    for kind in [
        StepKind::BasePrice,
        StepKind::PriceList,
        StepKind::Promotion,
        StepKind::Delivery,
        StepKind::Tax,
        StepKind::TaxRemoved,
        StepKind::GiftCard,
    ] {
        assert!(kinds.contains(&kind), "no cart has a step of {kind:?}");
    }
    assert!(
        foreign > 20 && remainders > 20,
        "{foreign} in another currency, {remainders} with a rest to spread"
    );
}
