//! Stores of files, sound and broken.

use crate::catches;
use async_trait::async_trait;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use stoa_contracts::media_store::{self as rules, Shelf};
use stoa_domain::{
    media::{MediaKey, MediaStore, MediaType, Stored, Visibility},
    shared::Fault,
};

/// What a store may get wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    None,
    CutsLargeFiles,
    RefusesWhatIsThere,
    MissesWhatIsNotThere,
    NeverForgets,
    GoesByTheName,
    DeletesTheWholeFolder,
    BelievesTheCaller,
    ShowsPrivateFiles,
    SignsNothing,
    AsksForTheFile,
    SignsForEver,
    SignsPublicAddresses,
    WritesInPieces,
}

struct Drawer {
    flaw: Flaw,
    files: Mutex<HashMap<String, Stored>>,
}

impl Drawer {
    fn place(&self, key: &MediaKey) -> String {
        if self.flaw == Flaw::GoesByTheName { key.name.to_string() } else { key.path() }
    }

    /// What a browser gets. The signature of a private address is the address, backwards.
    fn fetch(&self, url: &str) -> Option<Stored> {
        let path = url.strip_prefix("http://shelf/")?;
        let (path, signature) = path.split_once('?').unwrap_or((path, ""));
        let is_signed = signature == format!("by={}", signed(path)) || self.flaw == Flaw::SignsNothing;
        let may = path.starts_with("public/") || is_signed || self.flaw == Flaw::ShowsPrivateFiles;
        may.then(|| self.files.lock().unwrap().get(path).cloned())?
    }
}

fn signed(path: &str) -> String {
    path.chars().rev().filter(char::is_ascii_alphanumeric).collect()
}

#[async_trait]
impl MediaStore for Drawer {
    async fn put(&self, key: &MediaKey, kind: MediaType, mut body: Vec<u8>) -> Result<(), Fault> {
        if key.name.kind() != kind && self.flaw != Flaw::BelievesTheCaller {
            return Err(Fault::bug("another kind"));
        }
        let place = self.place(key);
        if self.flaw == Flaw::RefusesWhatIsThere && self.files.lock().unwrap().contains_key(&place) {
            return Err(Fault::bug("there is one"));
        }
        if self.flaw == Flaw::CutsLargeFiles {
            body.truncate(65_536);
        }
        if self.flaw == Flaw::WritesInPieces {
            let half = body[..body.len() / 2].to_vec();
            self.files.lock().unwrap().insert(place.clone(), Stored { kind, body: half });
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        self.files.lock().unwrap().insert(place, Stored { kind, body });
        Ok(())
    }

    async fn get(&self, key: &MediaKey) -> Result<Option<Stored>, Fault> {
        Ok(self.files.lock().unwrap().get(&self.place(key)).cloned())
    }

    async fn delete(&self, key: &MediaKey) -> Result<(), Fault> {
        let (place, mut files) = (self.place(key), self.files.lock().unwrap());
        match self.flaw {
            Flaw::NeverForgets => {}
            Flaw::MissesWhatIsNotThere if !files.contains_key(&place) => {
                return Err(Fault::bug("nothing there"));
            }
            Flaw::DeletesTheWholeFolder => files.retain(|path, _| !path.contains(&key.id.to_string())),
            _ => drop(files.remove(&place)),
        }
        Ok(())
    }

    async fn url(&self, key: &MediaKey, lifetime: Duration) -> Result<String, Fault> {
        let path = key.path();
        if self.flaw == Flaw::AsksForTheFile && !self.files.lock().unwrap().contains_key(&path) {
            return Err(Fault::bug("nothing there"));
        }
        match key.visibility {
            Visibility::Private
                if lifetime > Duration::from_secs(604_800) && self.flaw != Flaw::SignsForEver =>
            {
                Err(Fault::bug("too long"))
            }
            Visibility::Public if self.flaw == Flaw::SignsPublicAddresses => {
                Ok(format!("http://shelf/{path}?for={}", lifetime.as_secs()))
            }
            Visibility::Public => Ok(format!("http://shelf/{path}")),
            Visibility::Private => Ok(format!("http://shelf/{path}?by={}", signed(&path))),
        }
    }
}

fn with(flaw: Flaw) -> Shelf {
    let drawer = Arc::new(Drawer { flaw, files: Mutex::default() });
    let seen = drawer.clone();
    let fetch = move |url: String| {
        let found = seen.fetch(&url);
        Box::pin(std::future::ready(found)) as futures_util::future::BoxFuture<'static, _>
    };
    Shelf { store: drawer, fetch: Arc::new(fetch) }
}

mod a_sound_store_passes {
    use super::{Flaw, with};

    async fn open() -> (stoa_contracts::media_store::Shelf, ()) {
        (with(Flaw::None), ())
    }
    stoa_contracts::media_store_contract!(open);
}

#[tokio::test]
async fn files_that_are_lost_or_changed_are_noticed() {
    assert!(catches(rules::what_was_put_comes_back(with(Flaw::CutsLargeFiles))).await);
    assert!(catches(rules::the_same_file_again_changes_nothing(with(Flaw::RefusesWhatIsThere))).await);
    assert!(catches(rules::one_file_does_not_touch_another(with(Flaw::GoesByTheName))).await);
    assert!(catches(rules::one_file_does_not_touch_another(with(Flaw::DeletesTheWholeFolder))).await);
    assert!(catches(rules::a_file_is_of_the_kind_that_its_name_says(with(Flaw::BelievesTheCaller))).await);
}

#[tokio::test]
async fn files_that_stay_are_noticed() {
    assert!(catches(rules::what_is_deleted_is_gone_and_may_be_deleted_again(with(Flaw::NeverForgets))).await);
    assert!(
        catches(rules::what_is_deleted_is_gone_and_may_be_deleted_again(with(Flaw::MissesWhatIsNotThere)))
            .await
    );
    assert!(catches(rules::what_was_deleted_may_be_put_again(with(Flaw::NeverForgets))).await);
}

#[tokio::test]
async fn addresses_that_open_too_much_or_too_little_are_noticed() {
    let public = rules::a_public_address_stays_and_anybody_may_use_it;
    assert!(catches(public(with(Flaw::SignsPublicAddresses))).await);
    assert!(
        catches(rules::a_private_address_opens_one_file_and_only_as_it_was_given(with(Flaw::SignsNothing)))
            .await
    );
    assert!(catches(rules::a_private_file_has_no_public_address(with(Flaw::ShowsPrivateFiles))).await);
    assert!(
        catches(rules::an_address_is_given_whether_or_not_the_file_is_there(with(Flaw::AsksForTheFile)))
            .await
    );
    assert!(catches(rules::no_address_lives_longer_than_a_week(with(Flaw::SignsForEver))).await);
}

#[tokio::test]
async fn half_a_file_is_noticed() {
    assert!(catches(rules::a_reader_meets_the_whole_file_or_none(with(Flaw::WritesInPieces))).await);
}
