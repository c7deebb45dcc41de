//! The store: changes are whole, and survive restarts, kills and time.

use std::{fs, io::Write, path::Path, sync::Arc};

use serde_json::value::RawValue;

use super::{Origin, Store};
use crate::{
    clock::Clock,
    config::{Keys, OpenError, SandboxConfig, WebhookTarget},
    error::ApiError,
    faults::Faults,
    model::{Customer, Delivery, DeliveryState, Event, Metadata, SavedAnswer},
};

const NOW: i64 = 1_795_132_800;
const DAY: i64 = 24 * 60 * 60;

fn open(folder: &Path, now: i64) -> Result<Store, OpenError> {
    let mut config = SandboxConfig::new("http://localhost".parse().unwrap(), Keys::generate());
    config.data_dir = Some(folder.to_owned());
    config.clock = Clock::fixed(now);
    config.webhook = Some(WebhookTarget::new("http://localhost/hook".parse().unwrap(), "whsec_test"));
    Store::open(Arc::new(config), Faults::default())
}

fn customer(id: &str, name: &str) -> Customer {
    Customer {
        id: id.into(),
        created: NOW,
        deleted: false,
        address: None,
        description: None,
        email: None,
        metadata: Metadata::default(),
        name: Some(name.into()),
        phone: None,
        preferred_locales: Vec::new(),
        shipping: None,
        default_payment_method: None,
    }
}

fn put(store: &mut Store, row: Customer) {
    store.transact(&Origin::default(), |tx| Ok(tx.put(row))).unwrap();
}

fn names(store: &mut Store) -> Vec<String> {
    let read = store.transact(&Origin::default(), |tx| {
        Ok(tx.table::<Customer>().rows().filter_map(|row| row.name.clone()).collect())
    });
    read.unwrap().0
}

fn journal(folder: &Path) -> String {
    fs::read_to_string(folder.join("sandbox.jsonl")).unwrap()
}

#[test]
fn the_last_record_of_an_id_wins_and_the_order_of_creation_stays() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path(), NOW).unwrap();
    put(&mut store, customer("cus_1", "old"));
    put(&mut store, customer("cus_2", "second"));
    put(&mut store, customer("cus_1", "new"));
    assert_eq!(journal(folder.path()).lines().count(), 3);
    drop(store);

    let mut store = open(folder.path(), NOW).unwrap();
    assert_eq!(names(&mut store), ["new", "second"]);
    assert_eq!(journal(folder.path()).lines().count(), 2, "opening compacts the journal");
}

#[test]
fn a_change_that_fails_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path(), NOW).unwrap();
    let failed = store.transact::<()>(&Origin::default(), |tx| {
        tx.put(customer("cus_1", "ghost"));
        assert!(tx.find::<Customer>("cus_1").is_some(), "a change sees its own writes");
        Err(ApiError::invalid("no"))
    });
    assert!(failed.is_err());
    assert!(names(&mut store).is_empty());
    assert_eq!(journal(folder.path()), "");
}

#[test]
fn a_line_torn_by_a_kill_is_cut_off_and_the_whole_change_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path(), NOW).unwrap();
    put(&mut store, customer("cus_1", "whole"));
    store
        .transact(&Origin::default(), |tx| {
            tx.put(customer("cus_2", "torn"));
            tx.put(customer("cus_3", "torn"));
            Ok(())
        })
        .unwrap();
    drop(store);
    let path = folder.path().join("sandbox.jsonl");
    let text = fs::read(&path).unwrap();
    for cut in 1..60 {
        fs::write(&path, &text[..text.len() - cut]).unwrap();
        let mut store = open(folder.path(), NOW).unwrap();
        assert_eq!(names(&mut store), ["whole"], "cut {cut} bytes");
        put(&mut store, customer("cus_4", "after"));
        drop(store);
        assert_eq!(names(&mut open(folder.path(), NOW).unwrap()), ["whole", "after"]);
    }
}

#[test]
fn damage_in_the_middle_is_an_error_and_not_a_loss() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path(), NOW).unwrap();
    put(&mut store, customer("cus_1", "one"));
    drop(store);
    let path = folder.path().join("sandbox.jsonl");
    let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(b"[{\"custo\n[]\n").unwrap();
    let before = fs::read(&path).unwrap();

    let Err(error @ OpenError::Journal { line: 2, .. }) = open(folder.path(), NOW) else {
        panic!("it opened")
    };
    assert_eq!(fs::read(&path).unwrap(), before, "the damaged journal is left as it is");
    assert!(error.to_string().contains("move the file away"), "{error}");

    fs::rename(&path, folder.path().join("away")).unwrap();
    assert!(names(&mut open(folder.path(), NOW).unwrap()).is_empty());
}

#[test]
#[cfg(unix)]
fn only_its_owner_reads_the_journal() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    for file in ["sandbox.jsonl", "sandbox.jsonl.new"] {
        let path = folder.path().join(file);
        fs::write(&path, "").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    }
    let _store = open(folder.path(), NOW).unwrap();
    let rights = fs::metadata(folder.path().join("sandbox.jsonl")).unwrap().permissions().mode();
    assert_eq!(rights & 0o777, 0o600);
}

#[test]
fn a_folder_has_one_owner() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), NOW).unwrap();
    assert!(matches!(open(folder.path(), NOW), Err(OpenError::InUse { .. })));
    drop(store);
    assert!(open(folder.path(), NOW).is_ok());
}

#[test]
fn events_answers_and_deliveries_go_when_their_time_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path(), NOW).unwrap();
    let ((), waiting) = store
        .transact(&Origin::default(), |tx| {
            tx.emit("customer.created", RawValue::NULL.to_owned(), None);
            tx.emit("customer.updated", RawValue::NULL.to_owned(), None);
            tx.put(SavedAnswer {
                key: "key".into(),
                created: tx.now,
                endpoint: "POST /v1/customers".into(),
                fingerprint: String::new(),
                request_id: "req_1".into(),
                status: 200,
                body: RawValue::NULL.to_owned(),
            });
            Ok(())
        })
        .unwrap();
    assert_eq!(waiting.len(), 2);
    let delivered = waiting[0].clone();
    store
        .transact(&Origin::default(), |tx| {
            Ok(tx.put(Delivery { event: delivered, state: DeliveryState::Delivered }))
        })
        .unwrap();
    drop(store);

    let count = |store: &mut Store| {
        store
            .transact(&Origin::default(), |tx| {
                Ok((tx.table::<Event>().rows().len(), tx.table::<SavedAnswer>().rows().len()))
            })
            .unwrap()
            .0
    };
    let mut store = open(folder.path(), NOW + DAY - 1).unwrap();
    assert_eq!(count(&mut store), (2, 1));
    assert_eq!(store.undelivered(), [waiting[1].clone()]);
    drop(store);
    let mut store = open(folder.path(), NOW + DAY).unwrap();
    assert_eq!(count(&mut store), (2, 0), "a key is kept for a day");
    drop(store);
    let mut store = open(folder.path(), NOW + 30 * DAY).unwrap();
    assert_eq!(count(&mut store), (1, 0), "an event is kept for 30 days, or until it is delivered");
    assert_eq!(store.undelivered(), [waiting[1].clone()]);
}

#[test]
fn the_oldest_events_go_when_there_are_too_many_but_not_before_they_are_delivered() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path(), NOW).unwrap();
    let emit = |store: &mut Store| {
        let ((), waiting) = store
            .transact(&Origin::default(), |tx| {
                tx.emit("customer.created", RawValue::NULL.to_owned(), None);
                Ok(())
            })
            .unwrap();
        waiting.into_iter().next().unwrap()
    };
    let deliver = |store: &mut Store, event: &str| {
        let row = Delivery { event: event.to_owned(), state: DeliveryState::Delivered };
        store.transact(&Origin::default(), |tx| Ok(tx.put(row))).unwrap();
    };
    let seen = |store: &mut Store| {
        let rows = store.transact(&Origin::default(), |tx| {
            let events = tx.table::<Event>().rows();
            Ok((events.len(), tx.table::<Delivery>().rows().len()))
        });
        rows.unwrap().0
    };
    let ids: Vec<String> = (0..10_005).map(|_| emit(&mut store)).collect();
    assert_eq!(seen(&mut store), (10_005, 10_005), "nothing undelivered is dropped");
    for id in &ids[..4] {
        deliver(&mut store, id);
    }
    let last = emit(&mut store);
    assert_eq!(seen(&mut store), (10_002, 10_002));
    let (found, _) = store
        .transact(&Origin::default(), |tx| {
            Ok([&ids[3], &ids[4], &last].map(|id| tx.find::<Event>(id).is_some()))
        })
        .unwrap();
    assert_eq!(found, [false, true, true]);
}
