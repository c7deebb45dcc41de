//! Files that do not say everything: what has no column stays as it is; and files whose lines are hard to count.

use super::tests::{TestShop, report};
use stoa_domain::catalog::Product;
use stoa_persistence::inventory;

const WHOLE: &str = "Handle,Title,Body (HTML),Vendor,Type,Tags,Option1 Name,Option1 Value,Variant SKU,Variant Barcode,\
Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,\
Variant Compare At Price,Variant Requires Shipping,Variant Taxable,Image Src,Image Alt Text,SEO Title,Status,Published
knife,Knife,<p>Sharp</p>,Forge,Blades,steel,Size,Long,K-1,4006381333931,120,shopify,3,deny,10,12,FALSE,FALSE,https://example.org/k.jpg,A knife,Buy it,active,TRUE
";

async fn sellable(shop: &TestShop, product: &Product) -> Vec<Option<i64>> {
    let ids: Vec<_> = product.variants.iter().map(|v| v.id).collect();
    inventory::snapshots(shop.db.read(), &ids).await.unwrap().iter().map(|s| s.sellable).collect()
}

#[tokio::test]
async fn a_file_of_prices_changes_prices_and_nothing_else() {
    let shop = TestShop::open().await;
    assert_eq!(shop.import(WHOLE).await, (report(1, 0, 0, 0), vec![]));
    let before = shop.product("knife").await.unwrap();

    let prices = "Handle,Title,Variant Price\nknife,Knife,12.50\n";
    assert_eq!(shop.import(prices).await, (report(0, 1, 0, 0), vec![]));
    let after = shop.product("knife").await.unwrap();
    assert_eq!(after.variants[0].price, 1_250);
    assert_eq!(sellable(&shop, &after).await, [Some(3)], "three are there, not any number");
    let unchanged = |mut product: Product| {
        product.variants[0].price = 0;
        (product.price, product.updated_at) = (before.price, before.updated_at);
        // Options are written anew, under the same names.
        product.options.iter_mut().for_each(|o| o.id = before.options[0].id);
        product
    };
    assert_eq!(unchanged(after), unchanged(before.clone()));
    assert_eq!(
        shop.import(prices).await,
        (report(0, 0, 1, 0), vec![]),
        "the second time it says nothing new"
    );
}

#[tokio::test]
async fn a_column_that_is_there_and_empty_empties() {
    let shop = TestShop::open().await;
    shop.import(WHOLE).await;
    let emptied = "Handle,Title,Body (HTML),Vendor,Tags,Image Src,Variant Price\nknife,Knife,,,,,10\n";
    assert_eq!(shop.import(emptied).await, (report(0, 1, 0, 0), vec![]));
    let knife = shop.product("knife").await.unwrap();
    assert_eq!((knife.description.html.as_str(), knife.vendor.as_str()), ("", ""));
    assert!(knife.tags.is_empty() && knife.images.is_empty());
    assert_eq!(knife.product_type, "Blades", "of which the file did not speak");
}

#[tokio::test]
async fn variants_are_told_apart_by_their_options_or_not_at_all() {
    let shop = TestShop::open().await;
    let header = "Handle,Title,Option1 Name,Option1 Value,Variant Inventory Tracker,Variant Inventory Qty,Variant Price";
    shop.import(&format!("{header}\nmug,Mug,Size,S,shopify,4,10\nmug,,,M,shopify,5,11\n")).await;
    let (done, refused) = shop.import("Handle,Title,Variant Price\nmug,Mug,9\n").await;
    assert_eq!(done, report(0, 0, 0, 1));
    assert!(refused[0].reason.contains("cannot be told apart"), "{}", refused[0].reason);
    assert_eq!(shop.product("mug").await.unwrap().variants.len(), 2, "nothing has changed");

    let prices = "Handle,Title,Option1 Name,Option1 Value,Variant Price\nmug,Mug,Size,M,8\nmug,,,s,7\n";
    assert_eq!(shop.import(prices).await.0, report(0, 1, 0, 0));
    let mug = shop.product("mug").await.unwrap();
    let mut stock = sellable(&shop, &mug).await;
    stock.sort_unstable();
    assert_eq!(stock, [Some(4), Some(5)]);
    let mut prices: Vec<_> = mug.variants.iter().map(|v| v.price).collect();
    prices.sort_unstable();
    assert_eq!(prices, [700, 800]);
}

#[tokio::test]
async fn who_counts_units_tracks_them() {
    let shop = TestShop::open().await;
    shop.import("Handle,Title,Variant Price,Variant Inventory Qty\ncup,Cup,10,2\n").await;
    let cup = shop.product("cup").await.unwrap();
    assert_eq!(sellable(&shop, &cup).await, [Some(2)]);
    shop.import("Handle,Title,Variant Price\nbell,Bell,10\n").await;
    let bell = shop.product("bell").await.unwrap();
    assert_eq!(sellable(&shop, &bell).await, [None], "of which nobody says anything");
}

#[tokio::test]
async fn two_spellings_of_a_handle_are_one_however_often_the_file_comes() {
    let shop = TestShop::open().await;
    let file = "Handle,Title,Variant Price\nBlue Mug,Mug,10\nblue-mug,Other,20\n";
    for expected in [report(1, 0, 0, 1), report(0, 0, 1, 1), report(0, 0, 1, 1)] {
        let (done, refused) = shop.import(file).await;
        assert_eq!(done, expected);
        assert_eq!((refused[0].line, refused[0].handle.as_str()), (3, "blue-mug"));
        assert_eq!(shop.product("blue-mug").await.unwrap().price.min, 1_000);
    }
}

#[tokio::test]
async fn the_same_cells_under_another_header_say_something_else() {
    let shop = TestShop::open().await;
    shop.import("Handle,Title,Variant Price,Variant Compare At Price\nk,K,10,20\n").await;
    let swapped = "Handle,Title,Variant Compare At Price,Variant Price\nk,K,10,20\n";
    assert_eq!(shop.import(swapped).await.0, report(0, 1, 0, 0));
    assert_eq!(shop.product("k").await.unwrap().price.min, 2_000);
}

#[tokio::test]
async fn refusals_name_the_line_however_lines_end() {
    let lines = [
        "Handle,Title,Body (HTML),Variant Price",
        "a,A,\"two\nlines\",10",
        "b,B,,ten",
        "",
        "c,C,,10",
        "d,D,,\"1\n0\"",
        "e,E,,ten",
    ];
    for end in ["\n", "\r\n", "\r"] {
        let shop = TestShop::open().await;
        let file = lines.map(|line| line.replace('\n', end)).join(end);
        let (done, refused) = shop.import(&file).await;
        assert_eq!(done, report(2, 0, 0, 3), "{end:?}");
        let places: Vec<_> = refused.iter().map(|r| (r.line, r.handle.as_str())).collect();
        assert_eq!(places, [(4, "b"), (7, "d"), (9, "e")], "{end:?}");
    }
}
