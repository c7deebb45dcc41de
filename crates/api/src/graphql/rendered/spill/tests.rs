use super::*;
use crate::graphql::rendered::kept::SelectionNumber;
use stoa_domain::shared::ProductId;
use stoa_services::catalog::{Moment, StockPrint};
use uuid::Uuid;

const MOMENT: Moment = Moment::from_parts([3, 7]);

fn key(number: u128) -> Key {
    Key::Product(SelectionNumber::new(4), ProductId::new(Uuid::from_u128(number)))
}

/// Of about so many bytes, like no other.
fn record(number: u128, bytes: usize) -> Record {
    let product = ProductId::new(Uuid::from_u128(number));
    let packed: Vec<u8> =
        (0..bytes).map(|at| (number as usize).wrapping_mul(31).wrapping_add(at * 7) as u8).collect();
    Record {
        moment: MOMENT,
        prints: [(product, StockPrint::from_number(number as u64))].into(),
        dictionary: number as u64 % 5,
        length: 4_000,
        packed: packed.into(),
    }
}

fn spill(blocks: usize) -> (Spill, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (Spill::new(Some(folder.path().to_owned()), (blocks * BLOCK) as u64), folder)
}

fn found(spill: &Spill, number: u128) -> Option<Record> {
    spill.find(&key(number)).map(|(record, _)| record)
}

/// All of them, but for the few that have lost their places to others.
#[track_caller]
fn assert_found(spill: &Spill, numbers: std::ops::RangeInclusive<u128>, bytes: impl Fn(u128) -> usize) {
    let (mut lost, all) = (0, numbers.end() - numbers.start());
    for number in numbers {
        match found(spill, number) {
            Some(found) => assert_eq!(found, record(number, bytes(number))),
            None => lost += 1,
        }
    }
    assert!(lost <= all / 20, "{lost} of {all} are not found");
}

#[test]
fn what_was_put_in_is_found_before_and_after_it_is_written() {
    let (spill, folder) = spill(16);
    assert_eq!(found(&spill, 1), None);
    for number in 1..=1_000 {
        spill.put(&key(number), &record(number, 300));
        assert_eq!(found(&spill, number), Some(record(number, 300)));
    }
    assert_found(&spill, 1..=1_000, |_| 300);
    assert_eq!(found(&spill, 1_001), None);
    // Of another selection set, and of another kind, nothing is found.
    let product = ProductId::new(Uuid::from_u128(7));
    assert!(spill.find(&Key::Product(SelectionNumber::new(8), product)).is_none());
    assert!(spill.find(&Key::Nodes(SelectionNumber::new(4), [7, 0])).is_none());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the file has no name");
}

#[test]
fn the_newest_of_a_key_is_found() {
    let (spill, _folder) = spill(4);
    for bytes in [100, 900, 40, 40] {
        let newest = Record { length: bytes, ..record(9, bytes as usize) };
        spill.put(&key(9), &newest);
        assert_eq!(found(&spill, 9), Some(newest));
    }
}

#[test]
fn the_newest_stay_when_the_ring_goes_over_the_oldest() {
    let (spill, _folder) = spill(4);
    for number in 0..10_000 {
        spill.put(&key(number), &record(number, 100 + number as usize % 900));
        if let Some(found) = found(&spill, number / 2) {
            assert_eq!(found, record(number / 2, 100 + number as usize / 2 % 900));
        }
    }
    assert_eq!(found(&spill, 0), None);
    // Some 650 bytes each, in four blocks of which one is lost to what is being written.
    assert_found(&spill, 9_800..=9_999, |number| 100 + number as usize % 900);
}

#[test]
fn what_is_about_to_be_written_over_is_told_from_what_stays() {
    let (spill, _folder) = spill(4);
    spill.put(&key(1), &record(1, 1_000));
    let (_, filed) = spill.find(&key(1)).unwrap();
    assert!(spill.keeps(filed));
    for number in 100..300 {
        spill.put(&key(number), &record(number, 1_000));
    }
    assert!(!spill.keeps(filed));
}

#[test]
fn what_is_too_large_or_larger_than_a_block_is_left_out() {
    let (spill, _folder) = spill(4);
    for (number, bytes) in [(1, LARGEST), (2, 3 * BLOCK)] {
        spill.put(&key(number), &record(number, bytes));
        assert_eq!(found(&spill, number), None);
    }
    spill.put(&key(3), &record(3, LARGEST - 200));
    assert_eq!(found(&spill, 3), Some(record(3, LARGEST - 200)));
}

#[test]
fn bytes_that_are_not_a_whole_record_of_the_key_are_nothing() {
    let (hasher, mut bytes) = (RandomState::new(), Vec::new());
    record(5, 200).write(&key(5), &mut bytes, &hasher);
    assert_eq!(Record::read(&key(5), &bytes, &hasher), Some(record(5, 200)));
    assert_eq!(Record::read(&key(6), &bytes, &hasher), None);
    assert_eq!(Record::read(&key(5), &bytes, &RandomState::new()), None, "of another process");
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 0x40;
        assert_eq!(Record::read(&key(5), &changed, &hasher), None, "byte {at}");
        assert_eq!(Record::read(&key(5), &bytes[..at], &hasher), None, "the first {at} bytes");
    }
}

#[test]
fn without_a_folder_or_room_nothing_is_kept_and_nothing_fails() {
    let (folder, nowhere) = (tempfile::tempdir().unwrap(), "/proc/nowhere/at/all".into());
    for spill in [
        Spill::new(None, 1 << 20),
        Spill::new(Some(folder.path().to_owned()), BLOCK as u64),
        Spill::new(Some(nowhere), 1 << 20),
        // In memory, of which the system says on Linux that it cannot be asked not to wait.
        #[cfg(target_os = "linux")]
        Spill::new(Some("/dev/shm".into()), 1 << 20),
    ] {
        spill.put(&key(1), &record(1, 100));
        assert_eq!(found(&spill, 1), None);
        spill.put(&key(1), &record(1, 100));
    }
}

#[test]
fn many_at_once_find_what_was_put_in_or_nothing() {
    let (spill, _folder) = spill(4);
    std::thread::scope(|scope| {
        for thread in 0..4_u128 {
            let spill = &spill;
            scope.spawn(move || {
                for number in 0..3_000 {
                    spill.put(&key(number), &record(number, 200));
                    let other = (number * 7 + thread) % 3_000;
                    if let Some(found) = found(spill, other) {
                        assert_eq!(found, record(other, 200));
                    }
                }
            });
        }
    });
}
