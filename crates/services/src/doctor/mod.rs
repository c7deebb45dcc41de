//! Looking for what cannot be: figures that contradict each other, money the gateway knows and we do not, work left lying.
//!
//! Each check explains what it found and how to mend it. Nothing here is needed for a shop to run; what it finds is a bug, a
//! hand in the tables, or something outside that has been away for long.

mod accounts;
mod gateway;
mod noted;
mod orders;
mod pricing;
mod rules;
mod stock;
mod work;

use self::noted::{Treated, note};
use crate::Context;
use std::sync::Arc;
use stoa_domain::{
    access::Actor,
    audit::{AuditActor, Head},
    shared::Fault,
};

/// How many examples a finding names.
const EXAMPLES: u64 = 10;

/// What is wrong, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which check: a stable name for scripts and alerts.
    pub check: &'static str,
    /// What is wrong, in a sentence.
    pub problem: String,
    /// How to mend it.
    pub remedy: &'static str,
    /// Whether it has been mended just now.
    pub mended: bool,
}

impl Finding {
    fn new(check: &'static str, problem: String, remedy: &'static str) -> Self {
        Self { check, problem, remedy, mended: false }
    }
}

/// What is as it may be, and what somebody should know of all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Which check: a stable name for scripts.
    pub check: &'static str,
    /// What there is, in a sentence.
    pub text: String,
    /// What one may do.
    pub advice: &'static str,
}

/// What to do besides looking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Treatment {
    /// Mend what can be mended without a person's judgement.
    pub fix: bool,
    /// How many payments, the latest, are compared with the gateway's.
    pub payments: u64,
}

/// Examines a shop.
pub struct Doctor(pub(crate) Arc<Context>);

impl Doctor {
    /// Every check there is, in the order in which one explains another. Reads the whole of the stock and the orders: for
    /// now and then. What `by` has mended is in the audit log, a row for each kind of thing; where nothing was, there is none.
    ///
    /// # Errors
    /// The database does not answer; a gateway that does not is a finding.
    pub async fn examine(&self, by: &Actor, treatment: Treatment) -> Result<Vec<Finding>, Fault> {
        let (ctx, by) = (&self.0, AuditActor::from(by));
        let mut findings = stock::counters(ctx).await?;
        findings.extend(stock::allocations(ctx).await?);
        findings.extend(orders::contradictions(ctx).await?);
        findings.extend(pricing::gift_cards(ctx).await?);
        findings.extend(pricing::promotions(ctx).await?);
        findings.extend(rules::unreadable(ctx).await?);
        findings.extend(gateway::payments(ctx, &by, treatment).await?);
        findings.extend(work::jobs(ctx).await?);
        findings.extend(work::carts(ctx, &by, treatment).await?);
        findings.extend(accounts::audit_chain(ctx).await?);
        findings.extend(accounts::keys(ctx).await?);
        findings.extend(accounts::owner(ctx).await?);
        Ok(findings)
    }

    /// What is not wrong, and should be known: nothing is left to mend by it.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn notices(&self) -> Result<Vec<Notice>, Fault> {
        let keys = accounts::keys_of_the_gone(&self.0).await?;
        let rules = [rules::old_rates(&self.0).await?, rules::old_tax_data(&self.0).await?];
        Ok(keys.into_iter().chain(rules.into_iter().flatten()).collect())
    }

    /// Writes down that `by` had so many steps applied that the tables lacked, before they could be examined.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn migrated(&self, by: &Actor, steps: usize) -> Result<(), Fault> {
        let treated =
            Treated { kind: "Database", figure: "pendingMigrations", before: steps, after: 0, mended: &[] };
        note(&self.0, &by.into(), &treated).await
    }

    /// Whether the audit log still has this row, which it once ended with.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn audit_end(&self, known: Head) -> Result<Option<Finding>, Fault> {
        accounts::audit_end(&self.0, known).await
    }
}

/// A few of many, for a sentence.
fn examples<T: std::fmt::Display>(all: &[T]) -> String {
    let shown = usize::try_from(EXAMPLES).unwrap_or(usize::MAX);
    let mut text = all.iter().take(shown).map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if all.len() > shown {
        text.push_str(", …");
    }
    text
}
