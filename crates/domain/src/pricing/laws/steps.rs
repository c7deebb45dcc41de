//! An explanation explains all of it, and nothing else.

use super::any_bought;
use crate::pricing::StepKind;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_024))]

    /// Law 1, as far as steps are concerned: of the cart, of each line, of each delivery, of each tax, of each card.
    #[test]
    fn steps_sum_to_what_they_explain(bought in any_bought()) {
        let priced = bought.price();
        let steps = &priced.steps;
        let sum = |is: &dyn Fn(&crate::pricing::Step) -> bool| -> i64 {
            steps.iter().filter(|step| is(step)).map(|step| step.amount).sum()
        };
        prop_assert_eq!(steps.sum_total(), Ok(priced.total));
        prop_assert_eq!(steps.sum_charge(), Ok(priced.charge));
        let is_tax = |kind| matches!(kind, StepKind::Tax | StepKind::TaxRemoved);
        for (n, line) in priced.lines.iter().enumerate() {
            let net = line.subtotal - line.line_discount - line.order_discount;
            prop_assert_eq!(steps.sum_of_line(n), Ok(net));
            let on_top = if priced.tax_inside { 0 } else { line.tax };
            prop_assert_eq!(sum(&|s| s.line == Some(n) && is_tax(s.kind)), on_top - line.removed_tax);
        }
        for (n, group) in priced.groups.iter().enumerate() {
            let net = group.price - group.discount;
            prop_assert_eq!(sum(&|s| s.group == Some(n) && !is_tax(s.kind)), net);
            let on_top = if priced.tax_inside { 0 } else { group.tax };
            prop_assert_eq!(sum(&|s| s.group == Some(n) && is_tax(s.kind)), on_top - group.removed_tax);
        }
        let contained: i64 = steps.iter().map(|step| step.contained).sum();
        prop_assert_eq!(contained, if priced.tax_inside { priced.tax } else { 0 });
        let cards: i64 = priced.stored.iter().map(|part| part.amount).sum();
        prop_assert_eq!(sum(&|s| s.kind == StepKind::GiftCard), -cards);
        // Each belongs to one thing.
        prop_assert!(steps.iter().all(|step| step.line.is_none() || step.group.is_none()));
        let whole = |step: &crate::pricing::Step| step.line.is_none() && step.group.is_none();
        prop_assert!(steps.iter().filter(|step| whole(step)).all(|step| step.kind == StepKind::GiftCard));
    }

    /// Gift cards pay no more than is on them, than there is to pay, or than goods that are no gift cards cost.
    #[test]
    fn cards_pay_what_they_can_and_no_more(bought in any_bought()) {
        let priced = bought.price();
        let step = priced.currency.charge_step();
        prop_assert_eq!(priced.stored.len(), bought.stored.len());
        let mut paid = std::collections::BTreeMap::new();
        for (card, part) in bought.stored.iter().zip(&priced.stored) {
            prop_assert_eq!(card.id, part.id);
            prop_assert!(part.amount >= 0 && part.amount <= card.balance && part.amount % step == 0);
            prop_assert!(card.usable || part.amount == 0);
            *paid.entry(card.id).or_insert(0) += part.amount;
        }
        for (card, paid) in &paid {
            let most = bought.stored.iter().filter(|c| c.id == *card).map(|c| c.balance).max();
            prop_assert!(Some(*paid) <= most, "a card that is named twice is spent once");
        }
        let sold = bought.lines.iter().zip(&priced.lines).filter(|(sold, _)| sold.goods.gift_card);
        let cards: i64 = sold.map(|(_, line)| line.subtotal).sum();
        prop_assert_eq!(priced.charge, priced.total - paid.values().sum::<i64>());
        prop_assert!(priced.charge >= cards);
        // Nothing is left to be charged that a card could have paid.
        let payable = priced.charge - cards;
        for card in bought.stored.iter().filter(|card| card.usable) {
            let first = bought.stored.iter().find(|c| c.id == card.id && c.usable).map(|c| c.balance);
            let left = first.unwrap_or(0) - paid[&card.id];
            prop_assert!(left.min(payable) < step || bought.stored.iter().filter(|c| c.id == card.id).count() > 1);
        }
    }
}
