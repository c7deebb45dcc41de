//! Stock: the counters are the sum of the ledger, and what is promised is owned by an order.

use super::{Finding, examples};
use crate::Context;
use stoa_domain::shared::Fault;
use stoa_persistence::inventory;

pub(super) async fn counters(ctx: &Context) -> Result<Vec<Finding>, Fault> {
    let wrong = inventory::discrepancies(ctx.db().read()).await?;
    if wrong.is_empty() {
        return Ok(Vec::new());
    }
    let figures: Vec<String> = wrong
        .iter()
        .map(|d| {
            let ([a, b, c], [x, y, z]) = (d.on_hand, d.allocated);
            format!("{}: on hand {a}/{b}/{c}, allocated {x}/{y}/{z}", d.variant)
        })
        .collect();
    Ok(vec![Finding::new(
        "stock.ledger",
        format!(
            "{} variants whose totals, levels and ledger (in this order) differ: {}",
            wrong.len(),
            examples(&figures)
        ),
        "Somebody has written to the tables past the program, or there is a bug: count the goods, and set the stock of \
         each variant to what you counted. The ledger says what happened and when.",
    )])
}

pub(super) async fn allocations(ctx: &Context) -> Result<Vec<Finding>, Fault> {
    let wrong = inventory::unowned(ctx.db().read()).await?;
    if wrong.is_empty() {
        return Ok(Vec::new());
    }
    let figures: Vec<String> = wrong
        .iter()
        .map(|(variant, promised, owned)| format!("{variant}: {promised} allocated, {owned} in orders"))
        .collect();
    Ok(vec![Finding::new(
        "stock.allocations",
        format!("{} variants promise other numbers than orders own: {}", wrong.len(), examples(&figures)),
        "Somebody has written to the tables past the program, or there is a bug. Too much allocated keeps goods from being \
         sold; too little can sell them twice: stop selling these variants and report it with the ledger's rows.",
    )])
}
