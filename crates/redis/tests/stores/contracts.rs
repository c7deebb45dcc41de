//! The rules every store of carts and holds obeys, and every counter of limits.

mod carts {
    stoa_contracts::cart_store_contract!(crate::scratch::carts);
}

mod holds {
    stoa_contracts::reservation_store_contract!(crate::scratch::holds);
}

mod carts_on_cluster {
    stoa_contracts::cart_store_contract!(crate::scratch::carts_on_cluster);
}

mod holds_on_cluster {
    stoa_contracts::reservation_store_contract!(crate::scratch::holds_on_cluster);
}

mod limits {
    stoa_contracts::rate_limiter_contract!(crate::scratch::limits);
}

mod limits_on_cluster {
    stoa_contracts::rate_limiter_contract!(crate::scratch::limits_on_cluster);
}

#[tokio::test]
async fn carts_that_instances_share_have_one_clock() {
    stoa_contracts::cart_store::the_clock_is_the_same_for_all(crate::scratch::carts().await.0).await;
    stoa_contracts::cart_store::the_clock_is_the_same_for_all(crate::scratch::carts_on_cluster().await.0)
        .await;
}
