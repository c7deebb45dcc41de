//! The objects that the sandbox keeps: what Stripe's objects say, without how they are written.
//!
//! Every one of them but the balance transaction is a row of the [store](crate::store) and a line in its journal;
//! [wire](crate::wire) turns them into Stripe's JSON.

mod balance_transaction;
mod charge;
mod contact;
mod customer;
mod dispute;
mod event;
mod metadata;
mod payment_intent;
mod payment_method;
mod refund;
mod saved_answer;

pub(crate) use balance_transaction::{BalanceTransaction, BalanceTransactionKind};
pub(crate) use charge::{Charge, ChargeState, Outcome};
pub(crate) use contact::{Address, BillingDetails, Shipping};
pub(crate) use customer::Customer;
pub(crate) use dispute::{Dispute, DisputeStatus};
pub(crate) use event::{Delivery, DeliveryState, Event};
pub(crate) use metadata::Metadata;
pub(crate) use payment_intent::{
    AcceptedMethods, CancellationReason, CaptureMethod, ConfirmationMethod, FutureUsage, NextAction,
    PaymentIntent, State, ThreeDSecureWish,
};
pub(crate) use payment_method::{Card, PaymentMethod};
pub(crate) use refund::{Refund, RefundReason, RefundStatus};
pub(crate) use saved_answer::SavedAnswer;
