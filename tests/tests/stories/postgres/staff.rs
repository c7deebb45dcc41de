//! Everything that staff do to a shop at work, transaction by transaction: parcels, refunds by line, jobs, files, the log; and what
//! becomes of orders when their customer comes or goes.

use crate::harness::Shop;
use chrono::TimeDelta;
use std::sync::OnceLock;
use stoa_auth::{Mac, RootKeys};
use stoa_domain::{
    audit::{AuditActor, Changes, Head, Subject},
    customer::{Customer, CustomerState},
    inventory::StockCause,
    media::{FileName, MediaFile, MediaKey, MediaType, Visibility},
    order::{FulfillmentLine, Order, Tracking, Wanted, fulfillment_status, plan_fulfillment},
    shared::{
        Clock, CustomerId, Fault, FulfillmentId, IdGenerator, JobId, MediaId, RefundId, Timestamp, VariantId,
        page::PageRequest,
    },
};
use stoa_persistence::{
    Batch, Db, Durability, WriteTx,
    audit::{self, Act},
    catalog::{self, WriteContext},
    customer::{self, NewCustomer},
    fulfillment::{self, NewFulfillment},
    inventory, media,
    order::{self, OrdersListing},
    outbox::{self, NewJob},
    payment::{self, Refund, RefundLine, RefundMemo, RefundState},
};
use stoa_services::system::{SystemClock, SystemIds};

/// One transaction.
async fn tx<T: Send>(db: &Db, work: impl AsyncFn(&WriteTx) -> Result<T, Fault>) -> T {
    let tx = db.write(Durability::Full).await.expect("a transaction");
    let outcome = work(&tx).await.expect("nobody else is there");
    tx.commit().await.expect("it is kept");
    outcome
}

fn now() -> Timestamp {
    SystemClock.now()
}

fn cause(order: &Order) -> StockCause {
    StockCause { reference: Some(order.id.uuid()), at: now() }
}

/// The shop's own, so that its use cases go on with the same log.
static LOG_KEY: OnceLock<Mac> = OnceLock::new();

fn mac(part: &[u8]) -> [u8; 32] {
    LOG_KEY.get().expect("it is read first").sign(&[part])
}

fn log_key(shop: &Shop) -> Mac {
    let text = std::fs::read_to_string(shop.folder.path().join("secret.key")).expect("the shop has made it");
    let roots = RootKeys::parse(&[text.trim().to_owned().into()]).expect("a root key");
    Mac::new(&roots, "audit log").expect("a key")
}

/// The last thing of every act of staff.
async fn log(tx: &WriteTx, action: &str, subject: Subject) -> Result<(), Fault> {
    let changes = Changes::of(subject);
    let act = Act { by: AuditActor::system("test"), action, changes: &changes, at: now() };
    audit::append(tx, act, &mac).await.map(|head| assert!(head.is_some()))
}

pub(super) async fn everything(shop: &Shop) {
    let db = shop.db();
    LOG_KEY.get_or_init(|| log_key(shop));
    let paid = OrdersListing { state: Some("paid"), ..OrdersListing::default() };
    let page = order::list_orders(db.read(), &paid, &PageRequest::first(9)).await.expect("a list");
    let orders: Vec<_> = page.nodes().copied().collect();
    let orders = order::find_all(db.read(), &orders).await.expect("SQL answers");
    let bought = orders.iter().find(|o| o.figures.total > 0 && o.lines.len() == 2).expect("one was bought");
    refund(db, bought).await;
    send(db, bought).await;
    persons(db, bought).await;
    jobs(db).await;
    files(db).await;
    product(db).await;
    let proved = audit::verify(db.read(), Head::START, vec![&mac]).await.expect("SQL answers");
    assert!(proved.expect("it is whole").seq >= 3);
}

async fn refund(db: &Db, order: &Order) {
    let paid = payment::find_by_order(db.read(), order.id).await.expect("SQL answers").expect("it was paid");
    let refund = Refund {
        id: RefundId::new(SystemIds.id()),
        payment: paid.id,
        amount: 1,
        reason: "returned".to_owned(),
        gateway_refund: None,
        state: RefundState::Requested,
        shop_amount: None,
        parent: None,
    };
    tx(db, async |tx| {
        let order = order::find_for_update(tx, order.id).await?.expect("it is there");
        let line = &order.lines[0];
        let lines = vec![RefundLine { line: line.id, quantity: 1, restocked: true }];
        let memo = RefundMemo { created_by: Some("Eve".to_owned()), lines, ..RefundMemo::default() };
        assert!(payment::request_refund_for(tx, &refund, &memo, now()).await?);
        let taken = order::take_part(tx, order.id, &[(line.variant, 1)], order::TakeFirst::Owed).await?;
        inventory::give_back(tx, &taken, &cause(&order)).await?;
        log(tx, "order.refund", Subject::new("Order", order.id)).await
    })
    .await;
    // The gateway knows nothing of it: the money stays, and the unit is back.
    let settled = tx(db, async |tx| {
        payment::find_for_update(tx, paid.id).await?;
        payment::settle_refund(tx, &refund, None, RefundState::Failed, now()).await
    })
    .await;
    assert!(settled);
}

async fn send(db: &Db, order: &Order) {
    let id = FulfillmentId::new(SystemIds.id());
    tx(db, async |tx| {
        let order = order::find_for_update(tx, order.id).await?.expect("it is there");
        let mut lines = fulfillment::standings(tx, order.id).await?;
        let planned =
            plan_fulfillment(&order.state, &lines, &Wanted::Everything).expect("there is something");
        let units: Vec<(VariantId, i64)> = planned.iter().map(|sent| units(&order, sent)).collect();
        let taken = order::take_part(tx, order.id, &units, order::TakeFirst::Lying).await?;
        for sent in &planned {
            let line = lines.iter_mut().find(|line| line.line == sent.line).expect("a line of it");
            line.fulfilled += sent.quantity;
        }
        let new = NewFulfillment {
            id,
            order: order.id,
            lines: planned,
            tracking: Tracking::default(),
            created_by: "Eve".to_owned(),
            status: fulfillment_status(&lines),
        };
        assert!(fulfillment::insert(tx, new, now()).await?.is_some());
        inventory::fulfil(tx, &taken, &cause(&order)).await.expect("it is all there");
        log(tx, "fulfillment.create", Subject::new("Order", order.id)).await
    })
    .await;
    let tracking = Tracking::try_new(Some("DHL"), &["123"], &[]).expect("a number");
    assert!(tx(db, async |tx| fulfillment::set_tracking(tx, id, &tracking).await).await.is_some());
}

fn units(order: &Order, sent: &FulfillmentLine) -> (VariantId, i64) {
    let line = order.lines.iter().find(|line| line.id == sent.line).expect("a line of it");
    (line.variant, i64::from(sent.quantity))
}

/// Whoever ordered as a guest proves their address, and is erased in the end.
async fn persons(db: &Db, order: &Order) {
    let id = CustomerId::new(SystemIds.id());
    let (first_name, last_name) = (None, None);
    let new =
        NewCustomer { id, email: order.email.clone(), first_name, last_name, phone: None, locale: None };
    tx(db, async |tx| customer::insert_pending(tx, &new, now()).await).await;
    let claimed = tx(db, async |tx| {
        let before = customer::find_for_update(tx, id).await?.expect("they are there");
        let state = CustomerState::Enabled { verified_at: now() };
        let after = Customer { state, ..before.clone() };
        customer::save(tx, &before, &after, now()).await?;
        order::claim(tx, id, &order.email).await
    })
    .await;
    assert!(claimed >= 1);
    let last = SystemIds.id();
    tx(db, async |tx| {
        assert!(customer::erase(tx, id, last, "customer", now()).await?);
        assert!(order::erase(tx, id, 0, &SystemIds, now()).await? >= 1);
        Ok(())
    })
    .await;
    let much_later = now() + TimeDelta::days(20_000);
    assert!(tx(db, async |tx| order::forget_persons(tx, much_later, 100).await).await >= 1);
}

async fn jobs(db: &Db) {
    let id = JobId::new(SystemIds.id());
    // Nobody knows how to do it, and nobody takes it before its time.
    let run_at = now() + TimeDelta::days(20_000);
    let job = NewJob { id, kind: "of.the.future", payload: String::new(), run_at, dedup_key: None };
    tx(db, async |tx| {
        let mut batch = Batch::new();
        outbox::enqueue(&mut batch, job.clone(), now());
        batch.write(tx).await
    })
    .await;
    assert!(!tx(db, async |tx| outbox::revive(tx, id, now()).await).await, "it lives");
    assert!(tx(db, async |tx| outbox::discard(tx, id, now()).await).await.is_none());
}

async fn files(db: &Db) {
    let name = FileName::of("mug", MediaType::Png);
    let id = MediaId::new(SystemIds.id());
    let file = MediaFile {
        key: MediaKey { visibility: Visibility::Public, id, name },
        digest: "0".repeat(64),
        kind: MediaType::Png,
        bytes: 1,
        size: Some((1, 1)),
        alt_text: None,
        created_by: "Eve".to_owned(),
        created_at: now(),
    };
    tx(db, async |tx| media::insert(tx, &file).await).await;
    tx(db, async |tx| {
        assert!(media::set_alt_text(tx, id, Some("A mug")).await?);
        log(tx, "media.update", Subject::new("MediaFile", id)).await
    })
    .await;
    assert!(tx(db, async |tx| media::remove(tx, id).await).await.is_some());
}

/// A product that nobody has ordered goes.
async fn product(db: &Db) {
    let found = catalog::find_product_by_handle(db.read(), "shirt").await.expect("SQL answers");
    let locations = inventory::locations(db.read()).await.expect("SQL answers");
    let context = WriteContext { ids: &SystemIds, now: now(), location: locations[0].id, reference: None };
    tx(db, async |tx| {
        let gone = catalog::delete_product(tx, found.expect("it was imported"), &context).await;
        assert_eq!(gone.expect("nothing of it is promised").len(), 3);
        log(tx, "product.delete", Subject::only("Product")).await
    })
    .await;
}
