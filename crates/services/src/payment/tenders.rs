//! The payments of an order: that at the gateway, and those that gift cards and store credit have made.

use stoa_domain::{
    order::{Tender, TenderKind},
    payment::Payment,
    shared::{Fault, OrderId},
};
use stoa_persistence::{WriteTx, payment};

/// A payment of which something has come, and how much of that can still be given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Paid {
    pub(crate) payment: Payment,
    /// In minor units of the order's currency. Behind the payment's lock it stays true.
    pub(crate) left: i64,
}

impl Paid {
    /// The same as refunds ask for it.
    pub(crate) fn tender(&self) -> Tender {
        let kind = if self.payment.is_stored_value() { TenderKind::StoredValue } else { TenderKind::Gateway };
        Tender { payment: self.payment.id, kind, left: self.left }
    }
}

/// All payments of an order that the transaction has locked, locked as well, in the order in which they were made.
pub(crate) async fn locked_payments(tx: &WriteTx, order: OrderId) -> Result<Vec<Paid>, Fault> {
    let payments = payment::find_by_order_for_update(tx, order).await?;
    let ids: Vec<_> = payments.iter().map(|payment| payment.id).collect();
    let left = payment::refundable(tx, &ids).await?;
    let with_left = |payment: Payment| Paid { left: left.get(&payment.id).copied().unwrap_or(0), payment };
    Ok(payments.into_iter().map(with_left).collect())
}
