//! The demo shop keeps the rules of every shop.

use super::*;
use crate::system::{SystemClock, SystemIds};
use stoa_domain::{catalog::ProductStatus, shared::Currency};
use stoa_persistence::{Db, DbConfig, catalog, inventory};

async fn shop() -> (Db, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::connect(&DbConfig::sqlite(folder.path().join("shop.db"))).await.unwrap();
    db.migrate().await.unwrap();
    (db, folder)
}

#[tokio::test]
async fn a_second_start_finds_the_first_ones_shop() {
    let (db, _folder) = shop().await;
    let first = seed(&db, &SystemClock, &SystemIds, Currency::USD).await.unwrap();
    assert!(first.new);
    assert_eq!((first.products, first.collections), (40, 3));
    let version = catalog::version(db.read()).await.unwrap();
    let again = seed(&db, &SystemClock, &SystemIds, Currency::USD).await.unwrap();
    assert_eq!(again, Seeded { new: false, ..first });
    assert_eq!(catalog::version(db.read()).await.unwrap(), version, "nothing was written");
}

#[tokio::test]
async fn there_is_one_of_everything_and_every_picture_is_there() {
    let (db, _folder) = shop().await;
    seed(&db, &SystemClock, &SystemIds, Currency::parse("KWD").unwrap()).await.unwrap();
    let read = db.read();
    let product = async |handle: &str| {
        let id = catalog::find_product_by_handle(read, handle).await.unwrap().unwrap();
        catalog::products_by_ids(read, &[id]).await.unwrap().remove(0)
    };
    let mug = product("harbour-mug").await;
    assert_eq!(mug.variants.len(), 8);
    assert_eq!(mug.variants[0].price, 18_000, "as many dinars as dollars");
    let stock =
        inventory::snapshots(read, &mug.variants.iter().map(|v| v.id).collect::<Vec<_>>()).await.unwrap();
    assert_eq!(stock.iter().filter(|s| s.sellable == Some(0)).count(), 1, "one is sold out");
    let blanket = product("wool-blanket").await;
    let stock = inventory::snapshots(read, &[blanket.variants[0].id]).await.unwrap();
    assert_eq!(stock[0].sellable, Some(22), "two, and twenty to come");
    assert_eq!(product("salt-cellar").await.status, ProductStatus::Draft);
    assert!(!product("pottery-class").await.variants[0].requires_shipping);
    assert!(product("serving-bowl").await.variants[0].compare_at_price.is_some());

    for good in goods::Goods::read().unwrap().product {
        let handle = stoa_domain::catalog::Handle::from_title(&good.title);
        for image in &product(handle.as_str()).await.images {
            let name = image.url.strip_prefix("/media/demo/").unwrap();
            let svg = picture(name).unwrap_or_else(|| panic!("no picture {name}"));
            assert!(svg.starts_with("<svg") && svg.ends_with("</svg>"));
            assert!(!svg.contains("\"C\"") && !svg.contains("\"D\""), "every colour is filled in: {name}");
        }
    }
}

#[test]
fn what_is_no_picture_is_none() {
    for name in ["mug", "mug.png", "../mug.svg", "mug-pink.svg", "castle.svg", ".svg", "mug-.svg"] {
        assert!(picture(name).is_none(), "{name}");
    }
}
