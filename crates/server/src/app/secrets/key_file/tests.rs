//! What becomes of the file, whoever asks for it, and however many.

use super::*;
use std::{
    os::unix::fs::{MetadataExt, PermissionsExt},
    sync::Barrier,
};

/// The proofs of the keys: equal for equal keys.
fn proofs(roots: &RootKeys) -> Vec<String> {
    roots.proofs().map(|(_, proof)| proof.to_owned()).collect()
}

#[test]
fn it_is_made_once_and_is_its_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(find(&data).unwrap().is_none() && !data.exists(), "who only looks makes nothing");
    let made = find_or_make(&data).unwrap();
    assert_eq!(proofs(&made), proofs(&find_or_make(&data).unwrap()));
    assert_eq!(proofs(&made), proofs(&find(&data).unwrap().unwrap()));
    assert_eq!(std::fs::metadata(place(&data)).unwrap().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(&data).unwrap().count(), 1, "no draft is left");
}

#[test]
fn of_many_first_starts_at_once_all_get_one_key() {
    for _ in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let ready = Barrier::new(8);
        let all: Vec<_> = std::thread::scope(|scope| {
            let start = || {
                ready.wait();
                proofs(&find_or_make(folder.path()).unwrap())
            };
            let starts: Vec<_> = (0..8).map(|_| scope.spawn(start)).collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect()
        });
        assert!(all.iter().all(|one| *one == all[0]), "{all:?}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

#[test]
fn a_newer_key_is_put_above_the_older() {
    let folder = tempfile::tempdir().unwrap();
    let older = find_or_make(folder.path()).unwrap();
    let text = std::fs::read_to_string(place(folder.path())).unwrap();
    let (newer, added) = RootKeys::generate().unwrap();
    std::fs::write(place(folder.path()), format!("{}\n\n{text}", added.expose_secret())).unwrap();
    let both = find(folder.path()).unwrap().unwrap();
    assert_eq!(proofs(&both), [proofs(&newer), proofs(&older)].concat());
}

#[test]
fn one_that_is_broken_or_everybodys_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = place(folder.path());
    let refused = |text: &str, mode: u32| {
        std::fs::write(&file, text).unwrap();
        std::fs::set_permissions(&file, PermissionsExt::from_mode(mode)).unwrap();
        let error = format!("{:#}", find_or_make(folder.path()).unwrap_err());
        assert!(error.contains("secret.key") && !error.contains("hunter2"), "{error}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
        error
    };
    assert!(refused("hunter2", 0o600).contains("base64"));
    assert!(refused("", 0o600).contains("empty"));
    assert!(refused("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n", 0o644).contains("chmod 600"));
}
