//! How a balance transaction is written.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{Null, Show, raw};
use crate::{
    model::{BalanceTransaction, BalanceTransactionKind},
    money::Currency,
    store::Tx,
};

#[derive(Serialize)]
struct View<'a> {
    id: &'a str,
    object: &'static str,
    amount: i64,
    available_on: i64,
    balance_type: &'static str,
    created: i64,
    currency: Currency,
    description: Option<&'a str>,
    exchange_rate: Null,
    fee: i64,
    fee_details: Vec<Fee>,
    net: i64,
    reporting_category: &'static str,
    source: &'a str,
    status: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
struct Fee {
    amount: i64,
    application: Null,
    currency: Currency,
    description: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
}

impl Show for BalanceTransaction {
    fn show(&self, tx: &Tx<'_>) -> Box<RawValue> {
        let kind = match self.kind {
            BalanceTransactionKind::Charge => "charge",
            BalanceTransactionKind::Refund => "refund",
        };
        let fee = (self.fee != 0).then_some(Fee {
            amount: self.fee,
            application: (),
            currency: self.currency,
            description: "Stripe processing fees",
            kind: "stripe_fee",
        });
        raw(&View {
            id: &self.id,
            object: "balance_transaction",
            amount: self.amount,
            available_on: self.available_on(),
            balance_type: "payments",
            created: self.created,
            currency: self.currency,
            description: self.description.as_deref(),
            exchange_rate: (),
            fee: self.fee,
            fee_details: fee.into_iter().collect(),
            net: self.amount - self.fee,
            reporting_category: kind,
            source: &self.source,
            status: if tx.now < self.available_on() { "pending" } else { "available" },
            kind,
        })
    }
}
