//! Files as merchants have them, good and bad, into a real database.

use super::*;
use crate::system::{SystemClock, SystemIds};
use std::{
    io::Cursor,
    path::Path,
    sync::{Arc, Mutex},
};
use stoa_domain::{
    catalog::{Product, ProductStatus},
    shared::{Currency, ProductId},
};
use stoa_persistence::{Db, DbConfig, catalog, inventory};

pub(super) struct TestShop {
    pub(super) db: Db,
    import: ImportProducts,
    _folder: tempfile::TempDir,
}

/// Keeps what it is told.
#[derive(Default)]
struct Watcher(Mutex<Vec<Refusal>>);

impl Progress for Watcher {
    fn at(&self, _: u64) {}
    fn refused(&self, refusal: &Refusal) {
        self.0.lock().unwrap().push(refusal.clone());
    }
}

impl TestShop {
    pub(super) async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::connect(&DbConfig::sqlite(folder.path().join("shop.db"))).await.unwrap();
        db.migrate().await.unwrap();
        let import =
            ImportProducts::new(db.clone(), Arc::new(SystemClock), Arc::new(SystemIds), Currency::USD);
        Self { db, import, _folder: folder }
    }

    pub(super) async fn import(&self, csv: &str) -> (ImportReport, Vec<Refusal>) {
        self.import_bytes(csv.as_bytes().to_vec()).await
    }

    async fn import_bytes(&self, csv: Vec<u8>) -> (ImportReport, Vec<Refusal>) {
        let watcher = Watcher::default();
        let report = self.import.run_from(Cursor::new(csv), Path::new("shop.csv"), &watcher).await.unwrap();
        (report, watcher.0.into_inner().unwrap())
    }

    pub(super) async fn product(&self, handle: &str) -> Option<Product> {
        let id: ProductId = catalog::find_product_by_handle(self.db.read(), handle).await.unwrap()?;
        catalog::products_by_ids(self.db.read(), &[id]).await.unwrap().into_iter().next()
    }
}

const HEADER: &str = "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,\
Option2 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,\
Variant Price,Variant Compare At Price,Variant Requires Shipping,Variant Taxable,Image Src,Image Position,\
Image Alt Text,Variant Image,Status,Cost per item";

fn file(rows: &[&str]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

const MUG: &str = "mug,Mug,<p>Blue</p>,Kiln,Cups,\"blue, clay\",TRUE,Size,Small,Colour,Blue,M-1,350.4,shopify,5,deny,\
12.50,15,TRUE,TRUE,https://example.org/1.jpg,2,A mug,,active,3";
const MUG_LARGE: &str =
    "mug,,,,,,,,Large,,,M-2,,,7,,14,,,,https://example.org/2.jpg,1,,https://example.org/3.jpg,,";
const MUG_PICTURE: &str = "mug,,,,,,,,,,,,,,,,,,,,https://example.org/4.jpg,3,Its handle,,,";

pub(super) const fn report(created: u64, updated: u64, unchanged: u64, refused: u64) -> ImportReport {
    ImportReport { created, updated, unchanged, refused }
}

#[tokio::test]
async fn several_rows_make_one_product_and_empty_cells_say_what_the_rows_above_say() {
    let shop = TestShop::open().await;
    assert_eq!(shop.import(&file(&[MUG, MUG_LARGE, MUG_PICTURE])).await, (report(1, 0, 0, 0), vec![]));

    let mug = shop.product("mug").await.unwrap();
    assert_eq!((mug.title.as_str(), mug.vendor.as_str(), mug.product_type.as_str()), ("Mug", "Kiln", "Cups"));
    assert_eq!(mug.tags, ["blue", "clay"]);
    assert_eq!(mug.status, ProductStatus::Active);
    assert!(mug.published_at.is_some());
    assert_eq!(mug.variants.len(), 2);
    let large = &mug.variants[1];
    assert_eq!((large.price, large.compare_at_price, large.weight_grams), (1400, None, 350));
    assert!(large.requires_shipping && large.taxable);
    assert_eq!(large.title, "Large / Blue", "the colour is inherited");
    let images: Vec<(&str, Option<&str>)> =
        mug.images.iter().map(|i| (i.url.as_str(), i.alt_text.as_deref())).collect();
    assert_eq!(
        images,
        [
            ("https://example.org/2.jpg", None),
            ("https://example.org/1.jpg", Some("A mug")),
            ("https://example.org/4.jpg", Some("Its handle")),
            ("https://example.org/3.jpg", None),
        ],
        "in the order of their positions"
    );
    let stock = inventory::snapshots(shop.db.read(), &[mug.variants[0].id, large.id]).await.unwrap();
    let mut sellable: Vec<_> = stock.iter().map(|s| s.sellable).collect();
    sellable.sort();
    assert_eq!(sellable, [Some(5), Some(7)], "tracking and policy are inherited, the count is not");
}

#[tokio::test]
async fn importing_twice_changes_nothing_and_a_changed_row_updates_its_product_alone() {
    let shop = TestShop::open().await;
    let bowl = "bowl,Bowl,,,,,TRUE,,,,,,,,,,9,,,,,,,,,";
    shop.import(&file(&[MUG, MUG_LARGE, bowl])).await;
    let before = (shop.product("mug").await.unwrap(), shop.product("bowl").await.unwrap());
    let version = catalog::version(shop.db.read()).await.unwrap();

    assert_eq!(shop.import(&file(&[MUG, MUG_LARGE, bowl])).await.0, report(0, 0, 2, 0));
    assert_eq!(catalog::version(shop.db.read()).await.unwrap(), version, "no write at all");

    let dearer = MUG_LARGE.replace(",14,", ",16,");
    assert_eq!(shop.import(&file(&[MUG, &dearer, bowl])).await.0, report(0, 1, 1, 0));
    let mug = shop.product("mug").await.unwrap();
    assert_eq!(mug.variants[1].price, 1600);
    assert_eq!(mug.variants[1].id, before.0.variants[1].id, "what stays keeps its id");
    assert_eq!(mug.published_at, before.0.published_at, "it has been on sale since it was first");
    assert_eq!(shop.product("bowl").await.unwrap(), before.1);
}

#[tokio::test]
async fn a_bad_row_refuses_its_product_alone_with_line_and_reason() {
    let shop = TestShop::open().await;
    let rows = [
        MUG,
        "mug,,,,,,,,Large,,,,,,,,twelve,,,,,,,,,",
        "bowl,Bowl,,,,,TRUE,,,,,,,,,,9,,,,,,,,,",
        "plate,,,,,,TRUE,,,,,,,,,,9,,,,,,,,,",
        "jug,Jug,,,,,TRUE,,,,,,,,,,,,,,,,,,,",
        "cup,Cup,,,,,maybe,,,,,,,,,,9,,,,,,,,,",
        "pan,Pan,,,,,TRUE,,,,,,,,,,9.999,,,,,,,,,",
        "pot,Pot,,,,,TRUE,Size,S,,,,,,,,9,,,,,,,,,",
        "pot,,,,,,,,S,,,,,,,,9,,,,,,,,,",
        "bowl,,,,,,,,,,,,,,,,,,,,https://example.org/b.jpg,,,,,",
        ",Nameless,,,,,TRUE,,,,,,,,,,9,,,,,,,,,",
        "lid,Lid,,,,,TRUE,,,,,,,,,,9,,,,,,,,,,too much",
    ];
    let (outcome, refused) = shop.import(&file(&rows)).await;
    assert_eq!(outcome, report(1, 0, 0, 9));
    let lines: Vec<(u64, &str)> = refused.iter().map(|r| (r.line, r.handle.as_str())).collect();
    let expected = [
        (3, "mug"),
        (5, "plate"),
        (6, "jug"),
        (7, "cup"),
        (8, "pan"),
        (9, "pot"),
        (11, "bowl"),
        (12, ""),
        (13, "lid"),
    ];
    for (line, handle) in expected {
        assert!(lines.contains(&(line, handle)), "{line} {handle} is not among {refused:#?}");
    }
    let reason = |line| refused.iter().find(|r| r.line == line).unwrap().reason.clone();
    assert_eq!(reason(3), "Variant Price must be an amount such as 12.50, not \"twelve\"");
    assert_eq!(reason(7), "Published must be TRUE or FALSE, not \"maybe\"");
    assert_eq!(reason(8), "Variant Price \"9.999\" has more than the 2 decimals of the shop's currency");
    assert!(reason(11).contains("was used at line 4 already"), "{}", reason(11));
    assert!(shop.product("mug").await.is_none() && shop.product("bowl").await.is_some());
}

#[tokio::test]
async fn a_missing_column_is_named() {
    let shop = TestShop::open().await;
    let watcher = Watcher::default();
    let bad = Cursor::new("Handle,Vendor\nmug,Kiln\n");
    let refused = shop.import.run_from(bad, Path::new("shop.csv"), &watcher).await.unwrap_err();
    assert_eq!(refused.to_string(), "the header has no column Title, Variant Price");
}

#[tokio::test]
async fn the_current_file_format_with_byte_order_mark_and_windows_line_ends() {
    let shop = TestShop::open().await;
    let csv = "\u{feff}Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,\
SKU,Option1 name,Option1 value,Price,Compare-at price,Charge tax,Inventory tracker,Inventory quantity,\
Continue selling when out of stock,Weight value (grams),Requires shipping,Product image URL\r\n\
Vase,vase,\"<p>Two\r\nlines</p>\",Kiln,,Vases,,TRUE,Active,V-1,Title,Default Title,20,,TRUE,shopify,-3,CONTINUE,900,TRUE,\r\n";
    assert_eq!(shop.import(csv).await, (report(1, 0, 0, 0), vec![]));
    let vase = shop.product("vase").await.unwrap();
    assert_eq!(vase.variants[0].sku.as_deref(), Some("V-1"));
    let stock = inventory::snapshots(shop.db.read(), &[vase.variants[0].id]).await.unwrap();
    assert_eq!(stock[0].sellable, None, "sold beyond the stock without limit");
}

#[tokio::test]
async fn text_that_is_not_utf8_refuses_its_product_alone() {
    let shop = TestShop::open().await;
    let mut csv = file(&["bowl,Bowl,,,,,TRUE,,,,,,,,,,9,,,,,,,,,"]).into_bytes();
    csv.extend(b"tasse,Tasse f\xfcr zwei,,,,,TRUE,,,,,,,,,,9,,,,,,,,,\n");
    csv.extend(b"plate,Plate,,,,,TRUE,,,,,,,,,,9,,,,,,,,,\n");
    let (outcome, refused) = shop.import_bytes(csv).await;
    assert_eq!(outcome.refused, 1);
    assert_eq!(refused[0].line, 3);
    assert!(refused[0].reason.contains("not UTF-8"), "{}", refused[0].reason);
    assert!(shop.product("plate").await.is_some());
}

#[tokio::test]
async fn a_hidden_product_is_not_published_and_html_is_made_harmless() {
    let shop = TestShop::open().await;
    let csv = file(&[
        "mask,Mask,<p onclick=\"x()\">Hi<script>alert(1)</script></p>,,,,FALSE,,,,,,,,,,9,,,,,,,,draft,",
    ]);
    shop.import(&csv).await;
    let mask = shop.product("mask").await.unwrap();
    assert_eq!((mask.status, mask.published_at), (ProductStatus::Draft, None));
    assert!(!format!("{mask:?}").contains("alert(1)") && !format!("{mask:?}").contains("onclick"));
}
