//! What is said of promotions: steps, allocations, and why the others take nothing off.

use super::{
    Why,
    candidate::{Candidate, Effect},
    cut::Cut,
    judged::{Behind, Judged},
    plan::{Of, Plan, Taken},
};
use crate::{
    pricing::{
        AppliedPromotion, CodeOutcome, GiftDue, LineIndex, OffValue, Source, Step, StepKind, working::Working,
    },
    shared::Rate,
};
use std::sync::Arc;

/// Notes what was chosen: a step for each thing that is taken off, each promotion with its parts, the outcome of each code, and gifts.
pub(super) fn write(w: &mut Working<'_>, judged: &Judged<'_>, plan: &Plan) {
    for taken in &plan.taken {
        let step = step(w, &judged.candidates[taken.by], taken);
        w.steps.push(step);
        note(w, &judged.candidates[taken.by], taken);
    }
    for applied in &mut w.applied {
        applied.shares.sort_unstable();
    }
    for member in &plan.members {
        let candidate = &judged.candidates[*member];
        if let Effect::Gift { variant, quantity } = candidate.effect {
            w.gifts_due.push(GiftDue { promotion: candidate.promotion.id, variant, quantity });
        }
    }
    w.gifts_due.sort_by_key(|gift| gift.promotion);

    let mut refused = judged.refused.clone();
    for (n, candidate) in judged.candidates.iter().enumerate() {
        refused.extend(why_not(judged, plan, n).map(|why| (candidate.at, why)));
    }
    refused.sort_by_key(|(at, _)| *at);
    let why = |at: usize| refused.iter().find(|(refused, _)| *refused == at).map(|(_, why)| *why);
    let promotions = &w.input.rules.data().promotions;
    let outcome = |behind: &Behind| match *behind {
        Behind::Nothing(why) => Some(why),
        Behind::Promotion(at) => why(at),
        Behind::Again(at) => why(at).or(Some(Why::Beaten { by: promotions[at].id })),
    };
    let codes = w.input.codes.iter().zip(&judged.codes);
    w.codes = codes.map(|(code, behind)| CodeOutcome { code: code.clone(), why: outcome(behind) }).collect();
    w.refused = refused.into_iter().map(|(at, why)| (promotions[at].id, why)).collect();
}

fn step(w: &Working<'_>, by: &Candidate<'_>, taken: &Taken) -> Step {
    let (line, group) = match taken.of {
        Of::Line(n) | Of::Order(n) => (Some(w.lines[n].at), None),
        Of::Group(n) => (None, Some(n)),
    };
    let rate = match value(by) {
        OffValue::Percent(rate) => Some(rate),
        OffValue::Amount(_) => None,
    };
    Step {
        line,
        group,
        source: Some(Source::Promotion(by.promotion.id)),
        code: by.code.map(|code| w.input.codes[code].key.clone()),
        base: Some(taken.base),
        rate,
        remainder: taken.remainder,
        ..Step::new(StepKind::Promotion, Arc::clone(&by.promotion.title), -taken.amount)
    }
}

/// Adds to what a promotion took off.
fn note(w: &mut Working<'_>, by: &Candidate<'_>, taken: &Taken) {
    let id = by.promotion.id;
    let at = w.applied.iter().position(|applied| applied.promotion == id).unwrap_or_else(|| {
        w.applied.push(AppliedPromotion {
            promotion: id,
            title: Arc::clone(&by.promotion.title),
            code: by.code.map(|code| w.input.codes[code].key.clone()),
            class: by.class(),
            value: value(by),
            amount: 0,
            shares: Vec::new(),
        });
        w.applied.len() - 1
    });
    let line: Option<LineIndex> = match taken.of {
        Of::Line(n) | Of::Order(n) => Some(w.lines[n].at),
        Of::Group(_) => None,
    };
    let applied = &mut w.applied[at];
    applied.amount += taken.amount;
    let Some(line) = line else { return };
    match applied.shares.iter_mut().find(|(known, _)| *known == line) {
        Some((_, share)) => *share += taken.amount,
        None => applied.shares.push((line, taken.amount)),
    }
}

/// What a promotion says it takes off.
fn value(by: &Candidate<'_>) -> OffValue {
    match &by.effect {
        Effect::Lines { cut, .. } | Effect::Order(cut) | Effect::Delivery { cut, .. } => cut.value(),
        Effect::Set(terms) => Cut::Percent(terms.off).value(),
        Effect::Gift { .. } => OffValue::Percent(Rate::from_millionths(1_000_000)),
    }
}

/// Why a candidate took nothing off; `None`: it did, or it puts something in.
fn why_not(judged: &Judged<'_>, plan: &Plan, n: usize) -> Option<Why> {
    let candidate = &judged.candidates[n];
    let is_gift = matches!(candidate.effect, Effect::Gift { .. });
    let is_in = plan.members.contains(&n);
    if (is_in && is_gift) || plan.taken.iter().any(|taken| taken.by == n) {
        return None;
    }
    if plan.overspent.contains(&n) {
        return Some(Why::BudgetSpent);
    }
    let of = |other: usize| &judged.candidates[other];
    if let [alone] = plan.members[..]
        && of(alone).promotion.exclusive
    {
        return Some(Why::Excluded { by: of(alone).promotion.id });
    }
    let others = || plan.taken.iter().map(|taken| of(taken.by));
    let same = |other: &&Candidate<'_>| other.class() == candidate.class();
    let on_its_lines = |other: &&Candidate<'_>| other.lines.iter().any(|line| candidate.lines.contains(line));
    let winner =
        others().filter(same).find(on_its_lines).or_else(|| others().find(same)).or_else(|| others().next());
    Some(winner.map_or(Why::NothingEntitled, |other| Why::Beaten { by: other.promotion.id }))
}
