//! What the shop of a story sells, brought in by the import that merchants use.

use std::{io::Cursor, path::Path, sync::Arc};
use stoa_domain::shared::{Currency, VariantId};
use stoa_persistence::{Db, catalog};
use stoa_services::{
    catalog::import::{ImportProducts, Progress, Refusal},
    system::{SystemClock, SystemIds},
};

/// What happens when nothing is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Policy {
    /// It is sold out.
    Deny,
    /// It is sold all the same.
    Continue,
    /// It is not counted.
    Untracked,
}

/// A product with one variant.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) handle: &'static str,
    /// Decimal, as in the file.
    pub(crate) price: &'static str,
    pub(crate) stock: i64,
    pub(crate) policy: Policy,
    pub(crate) ships: bool,
    pub(crate) published: bool,
}

impl Item {
    pub(crate) const fn new(handle: &'static str, price: &'static str, stock: i64) -> Self {
        Self { handle, price, stock, policy: Policy::Deny, ships: true, published: true }
    }
}

const HEADER: &str = "Handle,Title,Published,Option1 Name,Option1 Value,Variant Inventory Tracker,Variant Inventory Qty,\
Variant Inventory Policy,Variant Price,Variant Requires Shipping,Variant Taxable";

struct Nobody;
impl Progress for Nobody {
    fn at(&self, _: u64) {}
    fn refused(&self, refusal: &Refusal) {
        panic!("a story's own goods were refused: {refusal:?}");
    }
}

/// Imports the goods, or changes them.
pub(crate) async fn stock_up(db: &Db, currency: Currency, items: &[Item]) {
    let mut csv = HEADER.to_owned();
    for Item { handle, price, stock, policy, ships, published } in items {
        let tracker = if *policy == Policy::Untracked { "" } else { "shopify" };
        let policy = if *policy == Policy::Continue { "continue" } else { "deny" };
        csv += &format!(
            "\n{handle},{handle},{published},Title,Default Title,{tracker},{stock},{policy},{price},{ships},true"
        );
    }
    import(db, currency, csv).await;
}

/// Imports a file as a merchant has it.
pub(crate) async fn import(db: &Db, currency: Currency, csv: String) {
    let import = ImportProducts::new(db.clone(), Arc::new(SystemClock), Arc::new(SystemIds), currency);
    import.run_from(Cursor::new(csv), Path::new("story.csv"), &Nobody).await.expect("the goods come in");
}

/// The only variant of a product.
pub(crate) async fn variant(db: &Db, handle: &str) -> VariantId {
    let id = catalog::find_product_by_handle(db.read(), handle)
        .await
        .expect("SQL answers")
        .expect("it is sold here");
    let products = catalog::products_by_ids(db.read(), &[id]).await.expect("SQL answers");
    products[0].variants[0].id
}
