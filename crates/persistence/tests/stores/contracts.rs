//! The rules every store of carts and holds obeys.

mod carts {
    stoa_contracts::cart_store_contract!(crate::scratch::carts);
}

mod holds {
    stoa_contracts::reservation_store_contract!(crate::scratch::holds);
}

#[tokio::test]
async fn carts_that_instances_share_have_one_clock_on_postgres() {
    let (store, _folder) = crate::scratch::carts().await;
    stoa_contracts::cart_store::the_clock_is_the_same_for_all(store).await;
}
