//! Gift cards and promotions: balances are the sum of their ledgers, and counters count the uses that there are.

use super::{Finding, examples};
use crate::Context;
use stoa_domain::shared::Fault;
use stoa_persistence::{gift_card, promotion};

/// How many examples are read.
const MOST: u64 = 20;

pub(super) async fn gift_cards(ctx: &Context) -> Result<Vec<Finding>, Fault> {
    let wrong = gift_card::out_of_balance(ctx.db().read(), MOST).await?;
    if wrong.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<String> = wrong.iter().map(ToString::to_string).collect();
    Ok(vec![Finding::new(
        "gift_cards.ledger",
        format!("Gift cards with something else on them than their ledger sums to: {}", examples(&ids)),
        "Somebody has written to the tables past the program, or there is a bug. The ledger says what happened and when: adjust the card to it.",
    )])
}

pub(super) async fn promotions(ctx: &Context) -> Result<Vec<Finding>, Fault> {
    Ok(counters(ctx).await?.into_iter().chain(codes(ctx).await?).collect())
}

async fn codes(ctx: &Context) -> Result<Option<Finding>, Fault> {
    let wrong = promotion::miscounted_codes(ctx.db().read(), MOST).await?;
    if wrong.is_empty() {
        return Ok(None);
    }
    let keys: Vec<String> = wrong.iter().map(ToString::to_string).collect();
    Ok(Some(Finding::new(
        "promotions.codes",
        format!("Codes that are on another number of orders than they count: {}", examples(&keys)),
        "An older version of the program has taken or given back orders beside this one, or there is a bug: a code with a limit may be used more or \
         less often than it says. Switch it off and give its promotion another one.",
    )))
}

async fn counters(ctx: &Context) -> Result<Option<Finding>, Fault> {
    let wrong = promotion::miscounted(ctx.db().read(), MOST).await?;
    if wrong.is_empty() {
        return Ok(None);
    }
    let figures: Vec<String> = wrong
        .iter()
        .map(|of| {
            let ([counted, used], [spent, given]) = (of.used, of.spent);
            format!("{}: {counted}/{used} uses, {spent}/{given} given away", of.promotion)
        })
        .collect();
    Ok(Some(Finding::new(
        "promotions.uses",
        format!("Promotions whose counters and uses (in this order) differ: {}", examples(&figures)),
        "An older version of the program has taken or given back orders beside this one, or there is a bug. Take the promotion's limits off and \
         put them on again: then it is counted anew.",
    )))
}
