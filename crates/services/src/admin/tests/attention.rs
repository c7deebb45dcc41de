//! The mark of an order that somebody should look at.

use crate::testing::TestShop;
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
    let clear = async |seen| shop.services.admin.clear_attention.run(&shop.eve(), id, seen).await.unwrap();
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
