//! The mark of an order that somebody should look at.

use crate::{
    admin::{ClearAttentionError, SeenMark},
    testing::TestShop,
};
use chrono::TimeDelta;
use stoa_domain::{order::Attention, payment::Payment};
use stoa_persistence::{Durability, order, payment};

/// A dispute has a deadline: neither what goes wrong beside it hides it, nor whoever has seen that.
#[tokio::test]
async fn a_dispute_is_seen_whatever_else_an_order_is_marked_for() {
    let shop = TestShop::open().await;
    let mug = super::archives::on_sale(&shop).await;
    let id = shop.paid(&[(mug, 1)]).await.id;
    let mark = async |attention| {
        let tx = shop.db.write(Durability::Full).await.unwrap();
        order::set_attention(&tx, id, Some(attention), shop.ctx().now()).await.unwrap();
        tx.commit().await.unwrap();
    };
    let clear = async |attention| {
        let seen = SeenMark { attention, version: None };
        shop.services.admin.clear_attention.run(&shop.eve(), id, seen).await.unwrap();
    };
    mark(Attention::RefundFailed).await;
    let paid = payment::find_by_order(shop.db.read(), id).await.unwrap().unwrap();
    let tx = shop.db.write(Durability::Full).await.unwrap();
    payment::save(&tx, &Payment { disputed: true, ..paid }).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(shop.order(id).await.attention, Some(Attention::RefundFailed), "one mark has room");
    clear(Attention::RefundFailed).await;
    assert_eq!(shop.order(id).await.attention, Some(Attention::Disputed));
    mark(Attention::RefundFailed).await;
    assert_eq!(shop.order(id).await.attention, Some(Attention::Disputed), "nothing takes its place");
    clear(Attention::Disputed).await;
    assert_eq!(shop.order(id).await.attention, None);
}

/// Two refunds that fail leave marks of the same name: whoever has looked at the first has not seen the second.
#[tokio::test]
async fn a_mark_that_came_while_somebody_looked_at_the_one_before_stays() {
    let shop = TestShop::open().await;
    let mug = super::archives::on_sale(&shop).await;
    let id = shop.paid(&[(mug, 1)]).await.id;
    let mark = async |attention| {
        shop.wait(TimeDelta::seconds(1));
        let tx = shop.db.write(Durability::Full).await.unwrap();
        order::set_attention(&tx, id, Some(attention), shop.ctx().now()).await.unwrap();
        tx.commit().await.unwrap();
        shop.order(id).await.attention_version().unwrap()
    };
    let clear = async |attention, version: &str| {
        let seen = SeenMark { attention, version: Some(version) };
        shop.services.admin.clear_attention.run(&shop.eve(), id, seen).await
    };
    assert_eq!(shop.order(id).await.attention_version(), None);
    let first = mark(Attention::RefundFailed).await;
    let second = mark(Attention::RefundFailed).await;
    let before = shop.log_length().await;
    let late = clear(Attention::RefundFailed, &first).await;
    assert!(matches!(late, Err(ClearAttentionError::Changed)), "{late:?}");
    let still = (shop.order(id).await.attention, shop.log_length().await);
    assert_eq!(still, (Some(Attention::RefundFailed), before), "nothing has changed");
    clear(Attention::RefundFailed, &second).await.unwrap();
    assert_eq!(shop.order(id).await.attention, None);
    clear(Attention::RefundFailed, &second).await.unwrap();

    // A dispute stays the mark where a refund fails beside it; that one did is seen all the same.
    let disputed = mark(Attention::Disputed).await;
    let beside = mark(Attention::RefundFailed).await;
    assert_eq!(shop.order(id).await.attention, Some(Attention::Disputed));
    let late = clear(Attention::Disputed, &disputed).await;
    assert!(matches!(late, Err(ClearAttentionError::Changed)), "{late:?}");
    clear(Attention::Disputed, &beside).await.unwrap();
    assert_eq!(shop.order(id).await.attention, None);
}
