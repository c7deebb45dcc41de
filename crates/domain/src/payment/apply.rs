//! Moving a payment by what the gateway says, in whatever order it says it.

use super::{DisputeStatus, GatewayFact, IntentFacts, Payment, PaymentState};
use crate::shared::Timestamp;

/// What a fact did to a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applied {
    /// Nothing new.
    Nothing,
    /// The payment moved, but its order does not.
    Moved(Payment),
    /// All of the order's money has come: the order is to be paid.
    Succeeded(Payment),
    /// The gateway took another amount or currency than ours: somebody must look, nothing is paid.
    AmountDiffers {
        /// The payment, which has ended.
        payment: Payment,
        /// What the gateway says it took, in its words: `1750 EUR` in minor units.
        took: String,
    },
    /// The payment will never come.
    Canceled(Payment),
    /// The bank disputes it, or a dispute ended.
    Disputed(Payment, DisputeStatus),
    /// The event alone does not tell: ask the gateway and apply that.
    InDoubt,
}

/// Applies a fact. The same fact again gives [`Applied::Nothing`]; an older one never undoes a newer one, because a
/// payment only moves forwards: what has come is only added to, `succeeded` and `canceled` are ends.
///
/// `at` is when it happened, by the gateway's clock; `now` is ours.
pub fn apply(payment: &Payment, fact: &GatewayFact, at: Timestamp, now: Timestamp) -> Applied {
    let moved = Payment { updated_at: now, ..payment.clone() };
    match fact {
        GatewayFact::Ignored => Applied::Nothing,
        GatewayFact::Intent(facts) => apply_intent(moved, facts),
        GatewayFact::Refunded { total } if *total == payment.amount_refunded => Applied::Nothing,
        // The sum goes up with each refund and down again when one fails, days later perhaps; so of two events neither
        // figure is the newer one, and only the gateway's list says what has gone back.
        GatewayFact::Refunded { .. } | GatewayFact::RefundMoved => Applied::InDoubt,
        GatewayFact::Dispute { status } => apply_dispute(moved, *status, at),
    }
}

fn apply_intent(payment: Payment, facts: &IntentFacts) -> Applied {
    if payment.state == PaymentState::Succeeded {
        return Applied::Nothing;
    }
    let Some(state) = facts.state else { return Applied::InDoubt };
    match (payment.state, state) {
        // Money that came after all, whatever was said before.
        (_, PaymentState::Succeeded) => {
            // What came in another currency cannot be counted in ours.
            let ours = facts.currency == payment.currency.code();
            let amount_received = if ours { facts.amount_received } else { 0 };
            let received = Payment { state, amount_received, last_error: None, ..payment };
            if ours && amount_received == received.amount {
                return Applied::Succeeded(received);
            }
            let took = format!("{} {}", facts.amount_received, facts.currency);
            Applied::AmountDiffers { payment: received, took }
        }
        (PaymentState::Canceled, _) => Applied::Nothing,
        (_, PaymentState::Canceled) => Applied::Canceled(Payment { state, ..payment }),
        // Between the open states there is no order to trust: the gateway goes back and forth between them itself, and
        // nothing of ours depends on which it is. The latest heard is shown.
        (from, to) if from == to && facts.last_error == payment.last_error => Applied::Nothing,
        _ => Applied::Moved(Payment { state, last_error: facts.last_error.clone(), ..payment }),
    }
}

/// What was said last counts, whenever it is heard. The gateway's clock shows whole seconds: within one, an end follows a
/// beginning.
fn apply_dispute(payment: Payment, status: DisputeStatus, at: Timestamp) -> Applied {
    let opens = status == DisputeStatus::Open;
    if payment.dispute_at.is_some_and(|known| at < known || (at == known && opens)) {
        return Applied::Nothing;
    }
    let disputed = status != DisputeStatus::Won;
    Applied::Disputed(Payment { disputed, dispute_at: Some(at), ..payment }, status)
}
