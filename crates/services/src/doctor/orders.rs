//! Orders: lines, taxes and totals agree, and a paid order was paid.

use super::{EXAMPLES, Finding, examples};
use crate::Context;
use stoa_domain::shared::Fault;
use stoa_persistence::order::{self, Contradiction};

const BY_HAND: &str = "An order's figures never change once it is placed: somebody has written to the tables past the program, or \
                       there is a bug. Compare with the mail the buyer got and with the payment, and keep the row as it is.";

pub(super) async fn contradictions(ctx: &Context) -> Result<Vec<Finding>, Fault> {
    let mut findings = Vec::new();
    for what in Contradiction::ALL {
        let wrong = order::contradictions(ctx.db().read(), what, EXAMPLES + 1).await?;
        if wrong.is_empty() {
            continue;
        }
        let names: Vec<String> = wrong.iter().map(|number| format!("#{number}")).collect();
        let (check, problem, remedy) = explain(what);
        findings.push(Finding::new(check, format!("{problem}: {}", examples(&names)), remedy));
    }
    Ok(findings)
}

const fn explain(what: Contradiction) -> (&'static str, &'static str, &'static str) {
    match what {
        Contradiction::Line => ("order.lines", "Lines that are not quantity times price, in orders", BY_HAND),
        Contradiction::Subtotal => {
            ("order.subtotal", "Orders whose lines do not sum to the subtotal", BY_HAND)
        }
        Contradiction::Tax => ("order.tax", "Orders whose taxes do not sum to the tax", BY_HAND),
        Contradiction::Discount => {
            ("order.discount", "Orders whose lines do not sum to the discount", BY_HAND)
        }
        Contradiction::Taxes => ("order.taxes", "Orders whose taxes by rate do not sum to the tax", BY_HAND),
        Contradiction::Total => {
            ("order.total", "Orders whose subtotal, delivery and tax are not the total", BY_HAND)
        }
        Contradiction::CancelledOwns => (
            "order.allocations",
            "Cancelled orders that still own stock",
            "There is a bug: their units cannot be sold. Report it with the orders' history.",
        ),
        Contradiction::Owns => (
            "order.allocations",
            "Orders that own other units than their lines say",
            "There is a bug, or somebody has written to the tables past the program. Check the goods before you ship.",
        ),
        Contradiction::OwnsNothing => (
            "order.allocations",
            "Orders that own nothing of goods that they were promised",
            "There is a bug, or somebody has written to the tables past the program: the same units may have been sold twice. Check the \
             goods before you ship.",
        ),
        Contradiction::FulfilledTooMuch => (
            "order.fulfilled",
            "Lines of which more was sent or refunded than was sold, or another number than their parcels hold, in orders",
            BY_HAND,
        ),
        Contradiction::PaidByNothing => (
            "order.payment",
            "Orders that are paid, but by no payment that has succeeded",
            "Look for the payment at the gateway before you ship.",
        ),
        Contradiction::OtherPayment => (
            "order.payment",
            "Orders whose payment is over another amount or currency",
            "Compare with the gateway: the buyer has agreed to what the order charges.",
        ),
        Contradiction::OtherStoredValue => (
            "order.gift_cards",
            "Orders of which gift cards have paid another part than the order says",
            BY_HAND,
        ),
        Contradiction::LedgerDiffers => (
            "gift_cards.ledger",
            "Orders of which gift cards have paid another amount than was spent on it by their ledgers",
            BY_HAND,
        ),
        Contradiction::UsesDiffer => (
            "promotions.uses",
            "Orders from which other amounts were taken off than promotions took",
            BY_HAND,
        ),
        Contradiction::CancelledUses => (
            "promotions.uses",
            "Cancelled orders whose uses of promotions still count",
            "There is a bug, or an older version of the program has cancelled them: their promotions may be used less often than they should.",
        ),
    }
}
