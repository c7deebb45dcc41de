//! What an import says of itself in the audit log, however it ends.

use super::*;
use crate::{audit::Witness, doctor::Treatment, system::SystemIds, testing::StillClock, testing::TestShop};
use std::{
    io::{self, Cursor, Read},
    path::Path,
    sync::Arc,
};
use stoa_domain::{
    access::Actor,
    audit::{AuditValue, Changes, Entry},
};
use stoa_persistence::audit;

struct Silent;

impl Progress for Silent {
    fn at(&self, _: u64) {}
    fn refused(&self, _: &Refusal) {}
}

/// Ends its task when the first batch is written, as whoever kills the program does.
struct Killer;

impl Progress for Killer {
    fn at(&self, _: u64) {
        panic!("killed here");
    }
    fn refused(&self, _: &Refusal) {}
}

/// A disk that fails.
struct BadDisk;

impl Read for BadDisk {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("a bad block"))
    }
}

/// So many mugs, and one that is refused where `bad`.
fn mugs(count: usize, bad: bool) -> Vec<u8> {
    let mut csv = "Handle,Title,Variant Price\n".to_owned();
    for n in 0..count {
        csv += &format!("mug-{n},Mug {n},12.50\n");
    }
    if bad {
        csv += "lamp,Lamp,a lot\n";
    }
    csv.into_bytes()
}

fn import(shop: &TestShop) -> ImportProducts {
    let clock = Arc::<StillClock>::clone(&shop.clock);
    let currency = shop.ctx().settings().currency;
    let witness = Witness::new(&Actor::command("root".into()), shop.roots()).unwrap();
    ImportProducts::new(shop.db.clone(), clock, Arc::new(SystemIds), currency).witnessed(witness)
}

async fn log(shop: &TestShop) -> Vec<Entry> {
    let rows = audit::rows_after(shop.db.read(), 0, 100).await.unwrap();
    rows.into_iter().map(|row| row.entry).collect()
}

/// The values after, by name.
fn said(entry: &Entry) -> Vec<(String, AuditValue)> {
    Changes::read(&entry.changes).unwrap().into_iter().map(|change| (change.field, change.after)).collect()
}

fn end(file: &str, figures: [i64; 4], completed: bool) -> Vec<(String, AuditValue)> {
    let names = ["created", "updated", "unchanged", "refused"];
    let mut all = vec![("file".to_owned(), AuditValue::from(file))];
    all.extend(names.into_iter().zip(figures).map(|(name, n)| (name.to_owned(), AuditValue::from(n))));
    all.push(("completed".to_owned(), completed.into()));
    all
}

async fn the_log_is_whole(shop: &TestShop) {
    let found = shop.services.doctor.examine(&Actor::command("root".into()), Treatment::default()).await;
    assert_eq!(found.unwrap(), []);
}

#[tokio::test]
async fn an_import_is_in_the_log_with_who_what_and_how_many() {
    let shop = TestShop::open().await;
    let place = Path::new("/home/ada/secret-plans/spring.csv");
    import(&shop).run_from(Cursor::new(mugs(2, true)), place, &Silent).await.unwrap();
    import(&shop).run_from(Cursor::new(mugs(3, false)), place, &Silent).await.unwrap();

    let rows = log(&shop).await;
    let actions: Vec<&str> = rows.iter().map(|row| row.action.as_str()).collect();
    assert_eq!(actions, ["import.begin", "import.end", "import.begin", "import.end"]);
    assert!(rows.iter().all(|row| (row.actor.kind.as_str(), row.actor.name.as_str()) == ("command", "root")));
    assert!(rows.iter().all(|row| row.subject.kind == "Import"));
    assert_eq!(rows[0].subject, rows[1].subject, "an end says whose beginning it ends");
    assert_ne!(rows[1].subject, rows[2].subject);
    assert_eq!(
        said(&rows[0]),
        [("file".to_owned(), AuditValue::from("spring.csv"))],
        "and no folder of anybody's"
    );
    assert_eq!(said(&rows[1]), end("spring.csv", [2, 0, 0, 1], true));
    assert_eq!(said(&rows[3]), end("spring.csv", [1, 0, 2, 0], true));
    the_log_is_whole(&shop).await;
}

#[tokio::test]
async fn a_file_that_is_no_product_file_writes_nothing_and_is_in_no_log() {
    let shop = TestShop::open().await;
    let csv = Cursor::new(b"Name,Phone\nAda,123\n".to_vec());
    let refused = import(&shop).run_from(csv, Path::new("people.csv"), &Silent).await;
    assert!(matches!(refused, Err(ImportError::Header(_))), "{refused:?}");
    assert_eq!(log(&shop).await, []);
}

#[tokio::test]
async fn an_import_that_breaks_off_says_how_far_it_came() {
    let shop = TestShop::open().await;
    let source = Cursor::new(mugs(300, false)).chain(BadDisk);
    let broken = import(&shop).run_from(source, Path::new("mugs.csv"), &Silent).await;
    assert!(matches!(broken, Err(ImportError::Unreadable(_))), "{broken:?}");

    let rows = log(&shop).await;
    assert_eq!(rows.len(), 2, "{rows:?}");
    // Of whole batches: what was read of the next is not written.
    assert_eq!(said(&rows[1]), end("mugs.csv", [250, 0, 0, 0], false));
    the_log_is_whole(&shop).await;
}

#[tokio::test]
async fn an_import_that_is_killed_leaves_a_beginning_without_an_end() {
    let shop = TestShop::open().await;
    let killed = import(&shop);
    let task = tokio::spawn(async move {
        killed.run_from(Cursor::new(mugs(300, false)), Path::new("mugs.csv"), &Killer).await
    });
    assert!(task.await.unwrap_err().is_panic());

    let actions: Vec<String> = log(&shop).await.into_iter().map(|row| row.action).collect();
    assert_eq!(actions, ["import.begin"], "products came in, and the log says by whom");
    // Again goes on where it was killed.
    let report = import(&shop).run_from(Cursor::new(mugs(300, false)), Path::new("mugs.csv"), &Silent).await;
    let expected = ImportReport { created: 50, updated: 0, unchanged: 250, refused: 0 };
    assert_eq!(report.unwrap(), expected);
    the_log_is_whole(&shop).await;
}
