//! What tampering with a log looks like.

use super::*;
use crate::audit::{AuditActor, Changes, Subject};
use chrono::{DateTime, TimeDelta};
use proptest::prelude::*;
use std::hash::{DefaultHasher, Hasher};

/// No cryptography, but another code for another text or key: enough to see whether the chain asks for it.
fn mac(key: u64) -> impl Fn(&[u8]) -> [u8; 32] + Sync {
    move |text| {
        let mut code = [0; 32];
        for (part, bytes) in (0_u64..).zip(code.chunks_mut(8)) {
            let mut hasher = DefaultHasher::new();
            hasher.write_u64(key);
            hasher.write_u64(part);
            hasher.write(text);
            bytes.copy_from_slice(&hasher.finish().to_be_bytes());
        }
        code
    }
}

fn entry(seq: i64, title: &str) -> Entry {
    let changes = Changes::of(Subject::new("Product", seq)).field("title", None::<&str>, Some(title));
    let at = DateTime::UNIX_EPOCH + TimeDelta::seconds(seq);
    Entry::new(seq, at, AuditActor::system("test"), "product.update", &changes).unwrap()
}

fn append(log: &mut Vec<Chained>, title: &str, mac: Mac<'_>) {
    let Head { seq, hash: prev } = log.last().map_or(Head::START, Chained::head);
    let entry = entry(seq + 1, title);
    let hash = links(prev, &entry, mac);
    log.push(Chained { entry, prev, hash });
}

fn log(titles: &[String], mac: Mac<'_>) -> Vec<Chained> {
    let mut log = Vec::new();
    titles.iter().for_each(|title| append(&mut log, title, mac));
    log
}

fn head(log: &[Chained]) -> Head {
    log.last().map_or(Head::START, Chained::head)
}

proptest! {
    #[test]
    fn the_chain_notices_a_removed_a_changed_and_a_cut_row(
        titles in prop::collection::vec("[a-z]{0,6}", 1..20),
        place in any::<prop::sample::Index>(),
        kept in any::<prop::sample::Index>(),
    ) {
        let mac = mac(1);
        let whole = log(&titles, &mac);
        let end = head(&whole);
        prop_assert_eq!(verify(&whole, end, &mac), Ok(end));
        let at = place.index(whole.len());
        let seq = whole[at].entry.seq;

        let mut removed = whole.clone();
        removed.remove(at);
        let last = at + 1 == whole.len();
        let why = if last { Why::CutOff } else { Why::Missing };
        prop_assert_eq!(verify(&removed, end, &mac), Err(Broken { seq, why }));

        // Closing the gap by counting anew does not help.
        for (row, seq) in removed.iter_mut().zip(1..) {
            row.entry.seq = seq;
        }
        let broken = verify(&removed, head(&removed), &mac);
        prop_assert_eq!(broken.is_err(), !last, "{:?}", broken);

        let mut changed = whole.clone();
        changed[at].entry.action.push('x');
        prop_assert_eq!(verify(&changed, end, &mac), Err(Broken { seq, why: Why::Altered }));

        let cut = &whole[..kept.index(whole.len())];
        let first_lost = Broken { seq: head(cut).seq + 1, why: Why::CutOff };
        prop_assert_eq!(verify(cut, end, &mac), Err(first_lost));
    }

    #[test]
    fn pages_of_any_size_prove_the_same(count in 0usize..30, page in 1usize..12) {
        let mac = mac(1);
        let whole = log(&vec!["x".to_owned(); count], &mac);
        let mut verifier = Verifier::begin(Head::START, vec![&mac]);
        for rows in whole.chunks(page) {
            verifier.rows(rows).unwrap();
        }
        prop_assert_eq!(verifier.end(head(&whole)), Ok(head(&whole)));
    }
}

fn three() -> Vec<String> {
    ["a", "b", "c"].map(str::to_owned).to_vec()
}

#[test]
fn a_history_written_without_the_key_shows() {
    let (mac, guessed) = (mac(1), mac(2));
    let mut forged = log(&three(), &mac);
    forged.truncate(1);
    append(&mut forged, "something else", &guessed);
    assert_eq!(verify(&forged, head(&forged), &mac), Err(Broken { seq: 2, why: Why::Altered }));
}

#[test]
fn rows_in_another_order_show() {
    let mac = mac(1);
    let mut swapped = log(&three(), &mac);
    swapped.swap(1, 2);
    assert_eq!(verify(&swapped, head(&swapped), &mac), Err(Broken { seq: 2, why: Why::Missing }));
    let mut detached = log(&three(), &mac);
    detached[2].prev = Hash::ZERO;
    assert_eq!(verify(&detached, head(&detached), &mac), Err(Broken { seq: 3, why: Why::Detached }));
}

#[test]
fn a_head_that_was_put_back_shows() {
    let mac = mac(1);
    let whole = log(&three(), &mac);
    let earlier = whole[1].head();
    assert_eq!(verify(&whole, earlier, &mac), Err(Broken { seq: 3, why: Why::WrongHead }));
    let other = Head { seq: 3, hash: earlier.hash };
    assert_eq!(verify(&whole, other, &mac), Err(Broken { seq: 3, why: Why::WrongHead }));
    assert_eq!(verify(&[], Head::START, &mac), Ok(Head::START));
}

#[test]
fn while_the_key_changes_either_proves_a_row_and_a_known_head_is_a_beginning() {
    let (old, new) = (mac(1), mac(2));
    let mut mixed = log(&three(), &old);
    append(&mut mixed, "d", &new);
    append(&mut mixed, "e", &old);
    let mut verifier = Verifier::begin(Head::START, vec![&new, &old]);
    verifier.rows(&mixed).unwrap();
    assert_eq!(verifier.end(head(&mixed)), Ok(head(&mixed)));
    assert_eq!(verify(&mixed, head(&mixed), &old), Err(Broken { seq: 4, why: Why::Altered }));
    let mut rest = Verifier::begin(mixed[3].head(), vec![&old]);
    rest.rows(&mixed[4..]).unwrap();
    assert_eq!(rest.head(), head(&mixed));
}

#[test]
fn a_hash_is_64_digits() {
    let text = "0a".repeat(32);
    assert_eq!(Hash::parse(&text).unwrap().to_string(), text);
    assert_eq!(Hash::parse(&"0".repeat(64)), Some(Hash::ZERO));
    assert_eq!(Hash::parse("0a"), None);
    assert_eq!(Hash::parse(&"g".repeat(64)), None);
}

#[test]
fn a_retired_key_counts_for_what_stands_before_it_went_and_writes_nothing_anew() {
    let (old, new) = (mac(1), mac(2));
    let mut whole = Vec::new();
    append(&mut whole, "a", &old);
    append(&mut whole, "b", &old);
    append(&mut whole, "the key is changed", &new);
    append(&mut whole, "c", &new);
    let prove = |rows: &[Chained]| {
        let mut verifier = Verifier::begin(Head::START, vec![&new]).before(vec![(3, &old)]);
        verifier.rows(rows)?;
        verifier.end(head(rows))
    };
    assert_eq!(prove(&whole), Ok(head(&whole)));

    // Whoever has the old key writes the beginning anew: the row of the change does not follow it.
    let mut forged = Vec::new();
    append(&mut forged, "a", &old);
    append(&mut forged, "nothing", &old);
    forged.extend_from_slice(&whole[2..]);
    assert_eq!(prove(&forged), Err(Broken { seq: 3, why: Why::Detached }));
    // Or all of it.
    for title in ["the key is changed", "nothing"] {
        forged.truncate(2);
        append(&mut forged, title, &old);
    }
    assert_eq!(prove(&forged), Err(Broken { seq: 3, why: Why::Altered }));
}

#[test]
fn each_retired_key_counts_until_a_row_of_its_own() {
    let (first, second, third) = (mac(1), mac(2), mac(3));
    let mut whole = Vec::new();
    append(&mut whole, "a", &first);
    append(&mut whole, "the first key is changed", &second);
    append(&mut whole, "b", &second);
    append(&mut whole, "the second key is changed", &third);
    let prove = |rows: &[Chained]| {
        let mut verifier = Verifier::begin(Head::START, vec![&third]).before(vec![(2, &first), (4, &second)]);
        verifier.rows(rows)?;
        verifier.end(head(rows))
    };
    assert_eq!(prove(&whole), Ok(head(&whole)));

    // Whoever has the first key, and reaches the database once it was given up, writes what follows anew.
    let mut forged = whole[..2].to_vec();
    append(&mut forged, "nothing", &first);
    append(&mut forged, "the second key is changed", &third);
    assert_eq!(prove(&forged), Err(Broken { seq: 3, why: Why::Altered }));
}
