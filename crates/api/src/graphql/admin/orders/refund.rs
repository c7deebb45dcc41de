//! Money that went back, or is to.

use crate::graphql::{
    MoneyV2, PriceCurrency,
    scalars::{DateTime, Gid},
};
use async_graphql::{Enum, Object, SimpleObject};
use stoa_domain::shared::{Currency, LineItemId, PaymentId, RefundId, Timestamp};
use stoa_persistence::payment::{Refund, RefundLine, RefundMemo, RefundState};

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AdminRefundState {
    /// The gateway has it.
    Accepted,
    /// The gateway will not; the amount can be asked for again.
    Failed,
    /// Asked for; the gateway has not answered yet.
    Requested,
}

/// Units of a line that were refunded.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct AdminRefundLine {
    /// The global id of the order's line.
    pub line_item_id: Gid<LineItemId>,
    /// How many.
    pub quantity: u32,
    /// Whether they are back in the stock.
    pub restocked: bool,
}

/// Money that went back, or is to.
#[derive(Clone, Debug)]
pub struct AdminRefund {
    pub(crate) refund: Refund,
    pub(crate) memo: RefundMemo,
    pub(crate) created_at: Timestamp,
    pub(crate) currency: Currency,
}

/// Money that went back, or is to.
#[Object]
impl AdminRefund {
    /// How much.
    async fn amount(&self) -> MoneyV2 {
        PriceCurrency::from(self.currency).of(self.refund.amount)
    }

    /// When it was asked for.
    async fn created_at(&self) -> DateTime {
        self.created_at.into()
    }

    /// Who on the staff gave it; null: it came about by itself.
    async fn created_by(&self) -> Option<&str> {
        self.memo.created_by.as_deref()
    }

    /// The global id.
    async fn id(&self) -> Gid<RefundId> {
        Gid(self.refund.id)
    }

    /// For which units; none: for money alone.
    async fn lines(&self) -> Vec<AdminRefundLine> {
        let line = |line: &RefundLine| AdminRefundLine {
            line_item_id: Gid(line.line),
            quantity: line.quantity,
            restocked: line.restocked,
        };
        self.memo.lines.iter().map(line).collect()
    }

    /// What the staff noted of it.
    async fn note(&self) -> Option<&str> {
        self.memo.note.as_deref()
    }

    /// The global id of the payment over which it goes back.
    async fn payment_id(&self) -> Gid<PaymentId> {
        Gid(self.refund.payment)
    }

    /// Why, as our books say it.
    async fn reason(&self) -> &str {
        &self.refund.reason
    }

    /// Where it stands.
    async fn state(&self) -> AdminRefundState {
        match self.refund.state {
            RefundState::Requested => AdminRefundState::Requested,
            RefundState::Accepted => AdminRefundState::Accepted,
            RefundState::Failed => AdminRefundState::Failed,
        }
    }
}
