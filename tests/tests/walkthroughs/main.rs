//! The walkthroughs of docs/architecture.md say how many SQL statements each step costs; here they are counted.
//!
//! Beside the requests the server looks now and then whether the catalogue has changed and whether a job is due, a statement
//! each time. So every step is taken several times, and its least cost is the one that counts.

mod shop;

use shop::Shop;

#[tokio::test]
async fn explore() {
    let shop = Shop::open().await;
    for handle in ["harbour-mug", "espresso-cup", "milk-jug"] {
        for _ in 0..3 {
            let n = shop.cost(shop.product_page(handle)).await;
            println!("{handle}: {n}");
        }
    }
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    println!("after a second: {}", shop.cost(shop.product_page("milk-jug")).await);
    for _ in 0..3 {
        let v = shop.purchase().await;
        println!("{v:?}");
    }
}
