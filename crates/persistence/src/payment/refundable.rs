//! What of payments can still be given back, and when it was.

use super::entities::{payments, refunds};
use crate::db::{Conn, bind_chunks, fault};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::HashMap;
use stoa_domain::shared::{Fault, PaymentId, RefundId, Timestamp};
use uuid::Uuid;

/// How much of each payment can still be asked back, in minor units of its currency: what has come, without what went back and what
/// was asked for already. Behind a payment's lock it stays true. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn refundable(conn: &impl Conn, ids: &[PaymentId]) -> Result<HashMap<PaymentId, i64>, Fault> {
    use payments::Column as P;
    let mut found = HashMap::with_capacity(ids.len());
    for some in bind_chunks(ids, 1) {
        let rows: Vec<(Uuid, i64, i64, i64)> = payments::Entity::find()
            .select_only()
            .columns([P::Id, P::AmountReceived, P::AmountRefunded, P::RefundReserved])
            .filter(P::Id.is_in(some.iter().map(|id| id.uuid())))
            .into_tuple()
            .all(conn.raw())
            .await
            .map_err(fault("payment.refundable"))?;
        // As `request_refund` decides it: what was refunded at the gateway by hand counts as well.
        let left = |received: i64, refunded: i64, reserved: i64| (received - refunded.max(reserved)).max(0);
        found.extend(
            rows.into_iter().map(|(id, came, back, asked)| (PaymentId::new(id), left(came, back, asked))),
        );
    }
    Ok(found)
}

/// When each of these refunds was asked for. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn refund_moments(
    conn: &impl Conn,
    ids: &[RefundId],
) -> Result<HashMap<RefundId, Timestamp>, Fault> {
    let mut found = HashMap::with_capacity(ids.len());
    for some in bind_chunks(ids, 1) {
        let rows: Vec<(Uuid, Timestamp)> = refunds::Entity::find()
            .select_only()
            .columns([refunds::Column::Id, refunds::Column::CreatedAt])
            .filter(refunds::Column::Id.is_in(some.iter().map(|id| id.uuid())))
            .into_tuple()
            .all(conn.raw())
            .await
            .map_err(fault("refund.moments"))?;
        found.extend(rows.into_iter().map(|(id, at)| (RefundId::new(id), at)));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        order::tests as orders,
        payment::{Refund, RefundState, request_refund, settle_refund},
        testing::{TestShop, at},
    };
    use stoa_domain::{
        payment::PaymentState,
        shared::{IdGenerator, VariantId},
    };

    #[tokio::test]
    async fn what_was_asked_for_is_not_left_and_what_failed_is() {
        let shop = TestShop::open().await;
        let order = orders::order_of(&shop, &[(VariantId::new(shop.ids.id()), 3)]);
        orders::place(&shop, &order, &[]).await;
        // A thousand went back at the gateway, by hand, and is not in our books yet.
        let paid = orders::payment_of(&shop, &order, PaymentState::Succeeded, (3_000, 1_000));
        orders::add_payment(&shop, &paid).await;
        let left = async || refundable(shop.db.read(), &[paid.id]).await.unwrap()[&paid.id];
        assert_eq!(left().await, 2_000);
        let refund = Refund {
            id: RefundId::new(shop.ids.id()),
            payment: paid.id,
            amount: 1_500,
            reason: "test".to_owned(),
            gateway_refund: None,
            state: RefundState::Requested,
            shop_amount: None,
            parent: None,
        };
        assert!(shop.tx(async |tx| request_refund(tx, &refund, at(7)).await).await);
        assert_eq!(left().await, 1_500, "the larger of both counts, as it does where refunds are asked for");
        let moments = refund_moments(shop.db.read(), &[refund.id, RefundId::new(shop.ids.id())]).await;
        assert_eq!(moments.unwrap(), HashMap::from([(refund.id, at(7))]));
        let failed = RefundState::Failed;
        assert!(shop.tx(async |tx| settle_refund(tx, &refund, None, failed, at(8)).await).await);
        assert_eq!(left().await, 2_000);
        let unknown = PaymentId::new(shop.ids.id());
        assert!(refundable(shop.db.read(), &[unknown]).await.unwrap().is_empty());
    }
}
