//! Taking the mark off an order that somebody has looked at.

use super::{subject, told};
use crate::{Context, audit::AuditedTx};
use std::sync::Arc;
use stoa_domain::{
    access::{Permit, grants::OrdersWrite},
    audit::Changes,
    order::Attention,
    shared::{Fault, OrderId},
};
use stoa_persistence::{Batch, db::retrying, order, payment};

/// Why a mark stays. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum ClearAttentionError {
    /// There is no such order.
    #[error("there is no such order")]
    NotFound,
    /// It has another mark by now, which nobody has looked at.
    #[error("the order is marked for another reason by now")]
    Other(Attention),
    /// It was marked once more for the same reason, or has changed otherwise, since somebody looked at it.
    #[error("the order has changed since it was looked at")]
    Changed,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
crate::staff::may_fault!(ClearAttentionError);

/// The mark that somebody has looked at.
#[derive(Clone, Copy, Debug)]
pub struct SeenMark<'a> {
    /// What it says.
    pub attention: Attention,
    /// Which one of those that say so ([`Order::attention_version`](stoa_domain::order::Order::attention_version)). `None`: any of them.
    pub version: Option<&'a str>,
}

/// Takes marks off orders.
pub struct ClearAttention(pub(crate) Arc<Context>);

impl ClearAttention {
    /// Says that somebody has looked at an order for the reason that was seen. Again changes nothing. What comes later marks it anew, and a dispute
    /// that came while it was marked for another reason marks it now.
    ///
    /// # Errors
    /// There is no such order, or its mark is not the one that was seen.
    #[tracing::instrument(name = "order.clear_attention", skip_all)]
    pub async fn run(
        &self,
        by: &Permit<OrdersWrite>,
        id: OrderId,
        seen: SeenMark<'_>,
    ) -> Result<(), ClearAttentionError> {
        if retrying(|| self.clear_once(by, id, seen)).await? {
            self.0.order_changed(id);
        }
        Ok(())
    }

    /// False if there is no mark.
    async fn clear_once(
        &self,
        by: &Permit<OrdersWrite>,
        id: OrderId,
        seen: SeenMark<'_>,
    ) -> Result<bool, ClearAttentionError> {
        let (ctx, now) = (&self.0, self.0.now());
        let audited = AuditedTx::begin(ctx, by).await?;
        let tx = audited.tx();
        let before = order::find_for_update(tx, id).await?.ok_or(ClearAttentionError::NotFound)?;
        match before.attention {
            None => return Ok(false),
            Some(other) if other != seen.attention => return Err(ClearAttentionError::Other(other)),
            Some(_)
                if seen
                    .version
                    .is_some_and(|version| before.attention_version().as_deref() != Some(version)) =>
            {
                return Err(ClearAttentionError::Changed);
            }
            Some(_) => {}
        }
        let seen = seen.attention;
        let payment = payment::find_by_order(tx, id).await?;
        // One mark has room: a dispute that came while another stood there is seen once that is gone.
        let next = payment.filter(|paid| paid.disputed && seen != Attention::Disputed);
        let next = next.map(|_| Attention::Disputed);
        order::set_attention(tx, id, next, now).await?;
        let mut batch = Batch::new();
        told::note(ctx, &mut batch, &before, by, ("attention_cleared", seen.name()), now);
        batch.write(tx).await?;
        let changes = Changes::of(subject(id)).field("attention", seen.name(), next.map(Attention::name));
        audited.commit("order.clear_attention", &changes).await?;
        Ok(true)
    }
}
