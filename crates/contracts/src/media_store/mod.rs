//! The rules of a [`MediaStore`].

mod addresses;
mod keeping;
mod races;

pub use addresses::*;
pub use keeping::*;
pub use races::*;

use futures_util::future::BoxFuture;
use std::sync::Arc;
use stoa_domain::{
    media::{FileName, MediaKey, MediaStore, MediaType, Stored, Visibility},
    shared::MediaId,
};
use uuid::Uuid;

/// The store under test, and what anybody sees of it.
#[derive(Clone)]
pub struct Shelf {
    /// The store.
    pub store: Arc<dyn MediaStore>,
    /// What a browser gets that asks for an address; `None` for a refusal, of whatever words.
    pub fetch: Arc<dyn Fn(String) -> BoxFuture<'static, Option<Stored>> + Send + Sync>,
}

/// Binds every rule of this suite to an implementation. `$open` names an async function without arguments that
/// gives `(Shelf, whatever must outlive it)`.
#[macro_export]
macro_rules! media_store_contract {
    ($open:path) => {
        $crate::__bind_rules!(media_store, $open,
            what_was_put_comes_back
            where_nothing_is_there_is_nothing
            the_same_file_again_changes_nothing
            what_is_deleted_is_gone_and_may_be_deleted_again
            what_was_deleted_may_be_put_again
            one_file_does_not_touch_another
            a_file_is_of_the_kind_that_its_name_says
            a_public_address_stays_and_anybody_may_use_it
            a_private_address_opens_one_file_and_only_as_it_was_given
            a_private_file_has_no_public_address
            an_address_is_given_whether_or_not_the_file_is_there
            no_address_lives_longer_than_a_week
            of_many_who_put_the_same_file_each_leaves_it_whole
            a_reader_meets_the_whole_file_or_none
            putting_and_deleting_at_once_leaves_the_file_or_nothing
        );
    };
}

#[expect(clippy::disallowed_methods, reason = "rules on one store must not share ids")]
fn new_key(visibility: Visibility, kind: MediaType) -> MediaKey {
    MediaKey { visibility, id: MediaId::new(Uuid::new_v4()), name: FileName::of("Blue Mug", kind) }
}

/// Bytes of every value, and not the same at each place.
fn bytes(length: usize, seed: usize) -> Vec<u8> {
    (0..length).map(|n| u8::try_from((n * 31 + n / 256 + seed * 7) % 256).unwrap()).collect()
}
