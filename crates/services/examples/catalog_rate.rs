//! How fast a large catalogue goes in and comes out: `cargo run --profile quick -p stoa-services --example catalog_rate -- 100000`.
//!
//! Makes a product file of so many products with three variants each on the fly, imports it into a new SQLite file, imports
//! it again, and reads lists and products through the catalogue, cold and warm. Figures of one run: wall clock, processor
//! time of all threads and peak memory (on Linux), so that a busy machine shows. Nothing is asserted.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench, run by hand")]

use std::{
    future::Future,
    io::Read,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use stoa_domain::{
    catalog::{ProductListing, search::SearchQuery, sort::ProductSort},
    shared::{Currency, page::PageRequest},
};
use stoa_persistence::{Db, DbConfig, SqlReservationStore};
use stoa_services::{
    catalog::{
        Catalog,
        import::{ImportProducts, Progress},
    },
    system::{SystemClock, SystemIds},
};

const HEADER: &str = "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,\
                      Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,\
                      Variant Price,Variant Compare At Price,Variant Requires Shipping,Variant Taxable,Image Src,\
                      Image Position,Image Alt Text\n";
const WORDS: [&str; 16] = [
    "harbour", "linen", "copper", "oak", "wool", "slate", "amber", "juniper", "granite", "willow", "cotton",
    "brass", "cedar", "ivory", "saffron", "indigo",
];

/// A product file that is made while it is read.
struct Generated {
    products: usize,
    next: usize,
    rest: std::io::Cursor<Vec<u8>>,
}

impl Generated {
    fn new(products: usize) -> Self {
        Self { products, next: 0, rest: std::io::Cursor::new(HEADER.as_bytes().to_vec()) }
    }

    fn rows(n: usize) -> String {
        let word = |k: usize| WORDS[(n / WORDS.len().pow(u32::try_from(k % 4).unwrap()) + k) % WORDS.len()];
        let (a, b, c) = (word(0), word(1), word(2));
        let (vendor, kind, price) = (n % 97, n % 31, 5 + n % 200);
        let mut rows = format!(
            "{a}-{b}-{n},{a} {b} {c} {n},\"<p>A {a} thing with a {b} finish, made for the {c} season &amp; beyond.</p>\
             <p>Number {n} of its kind, it comes in three sizes.</p>\",Vendor {vendor},Type {kind},\"{a}, {c}\",TRUE,\
             Size,S,SKU-{n}-1,250,shopify,{stock},deny,{price}.50,,TRUE,TRUE,https://img.example/{n}.jpg,1,A {a} {b}\n",
            stock = n % 50,
        );
        for (size, k) in [("M", 2), ("L", 3)] {
            rows += &format!(
                "{a}-{b}-{n},,,,,,,,{size},SKU-{n}-{k},300,shopify,{k},deny,{}.00,,TRUE,TRUE,,,\n",
                price + k
            );
        }
        rows
    }
}

impl Read for Generated {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        loop {
            let read = self.rest.read(buffer)?;
            if read > 0 || self.next == self.products {
                return Ok(read);
            }
            self.rest = std::io::Cursor::new(Self::rows(self.next).into_bytes());
            self.next += 1;
        }
    }
}

struct Quiet;

impl Progress for Quiet {
    fn at(&self, _: u64) {}
    fn refused(&self, refusal: &stoa_services::catalog::import::Refusal) {
        println!("refused: {refusal:?}");
    }
}

/// Processor time of all threads of this process, and its peak memory in MB. Zero where there is no `/proc`.
fn used() -> (Duration, u64) {
    const TICKS_PER_SECOND: u64 = 100;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<u64> =
        stat.rsplit(") ").next().unwrap_or_default().split(' ').map(|f| f.parse().unwrap_or(0)).collect();
    let ticks = fields.get(11).unwrap_or(&0) + fields.get(12).unwrap_or(&0);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap_or_default();
    let kilobytes: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap_or(0);
    (Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND), kilobytes / 1_024)
}

/// Does something `times` times and tells how long each took.
async fn rate<F: Future>(what: &str, db: &Db, times: u32, mut work: impl FnMut(u32) -> F) {
    let (began, (processor, _), statements) = (Instant::now(), used(), db.statements());
    for n in 0..times {
        work(n).await;
    }
    let wall = began.elapsed();
    let (after, peak) = used();
    println!(
        "{what:<44} {:>10.1} µs each, {:>6.2} statements, {:>6.2} s of processor, peak {peak} MB",
        wall.as_secs_f64() * 1e6 / f64::from(times),
        (db.statements() - statements) as f64 / f64::from(times),
        (after - processor).as_secs_f64(),
    );
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let products: usize = std::env::args().nth(1).map_or(10_000, |n| n.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let db = Db::connect(&DbConfig::sqlite(folder.path().join("shop.db"))).await.unwrap();
    db.migrate().await.unwrap();
    let import = ImportProducts::new(db.clone(), Arc::new(SystemClock), Arc::new(SystemIds), Currency::USD);
    for what in ["import", "the same again"] {
        rate(what, &db, 1, |_| async {
            let report = import.run_from(Generated::new(products), Path::new("made"), &Quiet).await.unwrap();
            println!("{report:?}");
        })
        .await;
    }
    let size = std::fs::metadata(folder.path().join("shop.db")).unwrap().len();
    println!("the file has {} MB", size >> 20);

    let holds = Arc::new(SqlReservationStore::new(db.clone()));
    let catalog = Catalog::new(db.clone(), holds, Arc::new(SystemClock));
    catalog.refresh().await.unwrap();
    for sort in [ProductSort::Title, ProductSort::BestSelling, ProductSort::Price] {
        let listing = ProductListing { sort, ..ProductListing::default() };
        for what in ["cold", "warm"] {
            let times = if what == "cold" { 1 } else { 20_000 };
            let ask = |_| async {
                let page = catalog.products(listing.clone(), PageRequest::first(20)).await.unwrap();
                catalog.stock_of(page.nodes().map(|p| &**p)).await.unwrap();
            };
            rate(&format!("20 products by {sort:?} with stock, {what}"), &db, times, ask).await;
        }
    }
    let mut next = PageRequest::first(50);
    let listing = ProductListing { sort: ProductSort::Title, ..ProductListing::default() };
    let began = Instant::now();
    let mut pages = 0_u32;
    while pages < 200 {
        let page = catalog.products(listing.clone(), next.clone()).await.unwrap();
        pages += 1;
        let Some(last) = page.rows.last().filter(|_| page.info.has_next) else { break };
        next.after = Some(last.cursor.clone());
    }
    println!(
        "paging on by 50, cold: {:.1} µs a page",
        began.elapsed().as_secs_f64() * 1e6 / f64::from(pages)
    );
    for text in ["harbour", "harbour linen", "ceda*", "tag:amber", "vendor:\"vendor 7\"", "sku:sku-77-2"] {
        for sort in [ProductSort::Relevance, ProductSort::Title] {
            let query = SearchQuery::parse(text, 2).unwrap();
            let listing = ProductListing { sort, reverse: false, query };
            rate(&format!("search {text} by {sort:?}, cold"), &db, 5, |n| {
                let page = PageRequest::first(20 + n);
                let listing = listing.clone();
                async { catalog.products(listing, page).await.unwrap().rows.len() }
            })
            .await;
        }
    }
}
