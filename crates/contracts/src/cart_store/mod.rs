//! The rules of a [`CartStore`].

mod clock;
mod deleting;
mod documents;
mod expiry;
mod races;
mod saving;

pub use clock::*;
pub use deleting::*;
pub use documents::*;
pub use expiry::*;
pub use races::*;
pub use saving::*;

use crate::sample::{minutes, start};
use std::sync::Arc;
use stoa_domain::{
    cart::{Cart, CartStore, Saved},
    shared::{CartId, Timestamp},
};

/// The store under test.
pub type Store = Arc<dyn CartStore>;

/// Binds every rule of this suite to an implementation. `$open` names an async function without arguments that
/// gives `(Arc<impl CartStore>, whatever must outlive it)`.
#[macro_export]
macro_rules! cart_store_contract {
    ($open:path) => {
        $crate::__bind_rules!(cart_store, $open,
            a_new_cart_has_version_1_and_reads_back
            each_save_adds_one_to_the_version
            a_cart_that_nobody_saved_is_unknown
            a_stale_copy_is_refused_and_changes_nothing
            a_new_cart_never_overwrites_one_that_exists
            a_version_the_store_never_gave_is_refused
            one_cart_does_not_touch_another
            every_field_comes_back
            a_merge_mark_is_kept
            five_hundred_lines_come_back
            text_of_any_script_comes_back
            the_longest_texts_come_back
            a_cart_is_gone_at_the_moment_its_time_is_up
            every_save_moves_the_expiry
            an_expired_cart_cannot_be_saved_on
            an_expired_cart_may_be_made_anew
            a_deleted_cart_is_gone
            deleting_a_stale_version_is_refused
            deleting_what_is_gone_already_is_fine
            a_deleted_cart_cannot_be_saved_on
            a_deleted_cart_made_anew_is_safe_from_its_former_copies
            fifty_writers_that_retry_lose_nothing
            one_of_many_makers_makes_the_cart
            one_of_many_writers_of_a_version_wins
            a_save_and_a_delete_at_once_leave_one_truth
            a_reader_never_sees_half_a_write
            the_clock_does_not_run_backwards
            a_cart_comes_with_the_clock
        );
    };
}

/// A store and a moment: what most rules need.
struct Desk {
    store: Store,
    now: Timestamp,
}

impl Desk {
    fn open(store: Store) -> Self {
        Self { store, now: start() }
    }

    fn in_an_hour(&self) -> Timestamp {
        self.now + minutes(60)
    }

    async fn load(&self, id: CartId) -> Option<Cart> {
        self.store.load(id, self.now).await.unwrap()
    }

    async fn save(&self, cart: &Cart) -> Saved {
        self.store.save(cart, self.now, self.in_an_hour()).await.unwrap()
    }

    /// Saves, and gives the cart as the store has it now. Panics on a conflict.
    async fn saved(&self, cart: Cart) -> Cart {
        match self.save(&cart).await {
            Saved::Yes(version) => Cart { version, ..cart },
            Saved::Conflict => panic!("nobody else writes this cart"),
        }
    }

    async fn delete(&self, id: CartId, version: u64) -> Saved {
        self.store.delete(id, version).await.unwrap()
    }
}
