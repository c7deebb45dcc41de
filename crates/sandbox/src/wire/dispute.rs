//! How a dispute is written.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{Nothing, Null, Show, raw};
use crate::{
    cards::Brand,
    model::{Dispute, DisputeStatus, Metadata},
    money::Currency,
    store::Tx,
};

/// A merchant has a week to answer.
const ANSWER_WITHIN: i64 = 7 * 24 * 60 * 60;

#[derive(Serialize)]
struct View<'a> {
    id: &'a str,
    object: &'static str,
    amount: i64,
    balance_transactions: [Null; 0],
    charge: &'a str,
    created: i64,
    currency: Currency,
    enhanced_eligibility_types: [Null; 0],
    evidence: Evidence<'a>,
    evidence_details: EvidenceDetails,
    is_charge_refundable: bool,
    livemode: bool,
    metadata: &'a Metadata,
    network_reason_code: &'static str,
    payment_intent: &'a str,
    payment_method_details: Method,
    reason: &'a str,
    status: DisputeStatus,
}

#[derive(Serialize)]
struct Evidence<'a> {
    access_activity_log: Null,
    billing_address: Null,
    cancellation_policy: Null,
    cancellation_policy_disclosure: Null,
    cancellation_rebuttal: Null,
    customer_communication: Null,
    customer_email_address: Null,
    customer_name: Null,
    customer_purchase_ip: Null,
    customer_signature: Null,
    duplicate_charge_documentation: Null,
    duplicate_charge_explanation: Null,
    duplicate_charge_id: Null,
    enhanced_evidence: Nothing,
    product_description: Null,
    receipt: Null,
    refund_policy: Null,
    refund_policy_disclosure: Null,
    refund_refusal_explanation: Null,
    service_date: Null,
    service_documentation: Null,
    shipping_address: Null,
    shipping_carrier: Null,
    shipping_date: Null,
    shipping_documentation: Null,
    shipping_tracking_number: Null,
    uncategorized_file: Null,
    uncategorized_text: Option<&'a str>,
}

#[derive(Serialize)]
struct EvidenceDetails {
    due_by: Option<i64>,
    enhanced_eligibility: Nothing,
    has_evidence: bool,
    past_due: bool,
    submission_count: u32,
}

#[derive(Serialize)]
struct Method {
    card: MethodCard,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
struct MethodCard {
    brand: Brand,
    case_type: &'static str,
    network: Brand,
    network_reason_code: &'static str,
}

impl Show for Dispute {
    fn show(&self, tx: &Tx<'_>) -> Box<RawValue> {
        let due_by = self.created + ANSWER_WITHIN;
        // Visa's reason codes for "other fraud, card absent" and "merchandise not received".
        let network_reason_code = if self.reason == "fraudulent" { "10.4" } else { "13.1" };
        raw(&View {
            id: &self.id,
            object: "dispute",
            amount: self.amount,
            balance_transactions: [],
            charge: &self.charge,
            created: self.created,
            currency: self.currency,
            enhanced_eligibility_types: [],
            evidence: Evidence {
                access_activity_log: (),
                billing_address: (),
                cancellation_policy: (),
                cancellation_policy_disclosure: (),
                cancellation_rebuttal: (),
                customer_communication: (),
                customer_email_address: (),
                customer_name: (),
                customer_purchase_ip: (),
                customer_signature: (),
                duplicate_charge_documentation: (),
                duplicate_charge_explanation: (),
                duplicate_charge_id: (),
                enhanced_evidence: Nothing {},
                product_description: (),
                receipt: (),
                refund_policy: (),
                refund_policy_disclosure: (),
                refund_refusal_explanation: (),
                service_date: (),
                service_documentation: (),
                shipping_address: (),
                shipping_carrier: (),
                shipping_date: (),
                shipping_documentation: (),
                shipping_tracking_number: (),
                uncategorized_file: (),
                uncategorized_text: self.evidence_text.as_deref(),
            },
            evidence_details: EvidenceDetails {
                due_by: (!self.is_closed()).then_some(due_by),
                enhanced_eligibility: Nothing {},
                has_evidence: self.evidence_text.is_some(),
                past_due: !self.is_closed() && tx.now > due_by,
                submission_count: self.submissions,
            },
            is_charge_refundable: self.inquiry && !self.is_closed(),
            livemode: false,
            metadata: &self.metadata,
            network_reason_code,
            payment_intent: &self.payment_intent,
            payment_method_details: Method {
                card: MethodCard {
                    brand: self.brand,
                    case_type: if self.inquiry { "inquiry" } else { "chargeback" },
                    network: self.brand,
                    network_reason_code,
                },
                kind: "card",
            },
            reason: &self.reason,
            status: self.status,
        })
    }
}
