//! How a refund is written.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{Null, Show, raw};
use crate::{
    model::{Metadata, Refund, RefundReason, RefundStatus},
    money::Currency,
    store::Tx,
};

#[derive(Serialize)]
struct View<'a> {
    id: &'a str,
    object: &'static str,
    amount: i64,
    balance_transaction: Option<&'a str>,
    charge: &'a str,
    created: i64,
    currency: Currency,
    destination_details: Destination,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_reason: Option<&'static str>,
    metadata: &'a Metadata,
    payment_intent: &'a str,
    payment_method: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pending_reason: Option<&'static str>,
    reason: Option<RefundReason>,
    receipt_number: Null,
    source_transfer_reversal: Null,
    status: RefundStatus,
    transfer_reversal: Null,
}

#[derive(Serialize)]
struct Destination {
    card: DestinationCard,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
struct DestinationCard {
    reference_status: &'static str,
    reference_type: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
}

impl Show for Refund {
    fn show(&self, _: &Tx<'_>) -> Box<RawValue> {
        raw(&View {
            id: &self.id,
            object: "refund",
            amount: self.amount,
            balance_transaction: self.balance_transaction.as_deref(),
            charge: &self.charge,
            created: self.created,
            currency: self.currency,
            destination_details: Destination {
                card: DestinationCard {
                    reference_status: "pending",
                    reference_type: "acquirer_reference_number",
                    kind: "refund",
                },
                kind: "card",
            },
            failure_reason: (self.status == RefundStatus::Failed).then_some("lost_or_stolen_card"),
            metadata: &self.metadata,
            payment_intent: &self.payment_intent,
            payment_method: &self.payment_method,
            pending_reason: (self.status == RefundStatus::Pending).then_some("processing"),
            reason: self.reason,
            receipt_number: (),
            source_transfer_reversal: (),
            status: self.status,
            transfer_reversal: (),
        })
    }
}
