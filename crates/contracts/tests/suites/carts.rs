//! Cart stores, sound and broken.

use crate::catches;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta};
use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};
use stoa_contracts::{cart_store as rules, model::CartModel};
use stoa_domain::{
    cart::{Cart, CartStore, Saved},
    shared::{CartId, Fault, Timestamp},
};

/// What a store may get wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    None,
    LastWriterWins,
    ChecksThenWrites,
    NeverExpires,
    DoesNotSlide,
    DeletesAnyVersion,
    ForgetsTheDeleted,
    DropsTheBuyer,
    DropsTheMark,
    ClockRunsBackwards,
}

#[derive(Debug)]
struct Drawer {
    flaw: Flaw,
    model: Mutex<CartModel>,
}

impl Drawer {
    fn with(flaw: Flaw) -> Arc<Self> {
        Arc::new(Self { flaw, model: Mutex::default() })
    }

    fn model(&self) -> MutexGuard<'_, CartModel> {
        self.model.lock().unwrap()
    }

    fn clock(&self, now: Timestamp) -> Timestamp {
        if self.flaw == Flaw::NeverExpires { now - TimeDelta::days(1) } else { now }
    }
}

#[async_trait]
impl CartStore for Drawer {
    async fn load(&self, id: CartId, now: Timestamp) -> Result<Option<Cart>, Fault> {
        Ok(self.model().load(id, self.clock(now)))
    }

    async fn save(&self, cart: &Cart, now: Timestamp, expires_at: Timestamp) -> Result<Saved, Fault> {
        let (now, mut cart, mut expires_at) = (self.clock(now), cart.clone(), expires_at);
        let stored = self.model().load(cart.id, now);
        let stored_version = stored.as_ref().map_or(0, |c| c.version);
        match self.flaw {
            Flaw::LastWriterWins => cart.version = stored_version,
            Flaw::DropsTheBuyer => cart.buyer.phone = None,
            Flaw::DropsTheMark => cart.merging_into = None,
            Flaw::DoesNotSlide if stored.is_some() => expires_at = cart.created_at + TimeDelta::hours(1),
            Flaw::ChecksThenWrites => {
                if stored_version != cart.version {
                    return Ok(Saved::Conflict);
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
                cart.version = self.model().load(cart.id, now).map_or(0, |c| c.version);
            }
            _ => {}
        }
        Ok(self.model().save(&cart, now, expires_at))
    }

    async fn delete(&self, id: CartId, version: u64) -> Result<Saved, Fault> {
        let mut model = self.model();
        match self.flaw {
            Flaw::DeletesAnyVersion => {
                let newest = (0..100).find(|v| model.clone().delete(id, *v) != Saved::Conflict);
                model.delete(id, newest.unwrap_or(version));
                Ok(Saved::Yes(version))
            }
            Flaw::ForgetsTheDeleted => {
                let deleted = model.delete(id, version);
                if deleted != Saved::Conflict {
                    *model = CartModel::default();
                }
                Ok(deleted)
            }
            _ => Ok(model.delete(id, version)),
        }
    }

    async fn clock(&self, _: CartId, now: Timestamp) -> Result<Timestamp, Fault> {
        let wrong = self.flaw == Flaw::ClockRunsBackwards;
        Ok(if wrong { DateTime::UNIX_EPOCH + (DateTime::UNIX_EPOCH - now) } else { now })
    }
}

mod a_sound_store_passes {
    use super::{Drawer, Flaw};

    async fn open() -> (std::sync::Arc<Drawer>, ()) {
        (Drawer::with(Flaw::None), ())
    }
    stoa_contracts::cart_store_contract!(open);
}

#[tokio::test]
async fn a_lost_update_is_caught() {
    let drawer = || Drawer::with(Flaw::LastWriterWins);
    assert!(catches(rules::a_stale_copy_is_refused_and_changes_nothing(drawer())).await);
    assert!(catches(rules::a_deleted_cart_cannot_be_saved_on(drawer())).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn checking_first_and_writing_later_is_caught() {
    let drawer = || Drawer::with(Flaw::ChecksThenWrites);
    assert!(catches(rules::fifty_writers_that_retry_lose_nothing(drawer())).await);
    assert!(catches(rules::one_of_many_makers_makes_the_cart(drawer())).await);
    assert!(catches(rules::one_of_many_writers_of_a_version_wins(drawer())).await);
}

#[tokio::test]
async fn a_time_to_live_that_stands_still_or_never_ends_is_caught() {
    let never = || Drawer::with(Flaw::NeverExpires);
    assert!(catches(rules::a_cart_is_gone_at_the_moment_its_time_is_up(never())).await);
    assert!(catches(rules::an_expired_cart_cannot_be_saved_on(never())).await);
    assert!(catches(rules::an_expired_cart_may_be_made_anew(never())).await);
    assert!(catches(rules::every_save_moves_the_expiry(Drawer::with(Flaw::DoesNotSlide))).await);
}

#[tokio::test]
async fn careless_deleting_is_caught() {
    let any = Drawer::with(Flaw::DeletesAnyVersion);
    assert!(catches(rules::deleting_a_stale_version_is_refused(any)).await);
    let forgets = Drawer::with(Flaw::ForgetsTheDeleted);
    assert!(catches(rules::a_deleted_cart_made_anew_is_safe_from_its_former_copies(forgets)).await);
}

#[tokio::test]
async fn a_lost_field_is_caught() {
    assert!(catches(rules::every_field_comes_back(Drawer::with(Flaw::DropsTheBuyer))).await);
    assert!(catches(rules::a_merge_mark_is_kept(Drawer::with(Flaw::DropsTheMark))).await);
    assert!(catches(rules::a_merge_mark_is_kept(Drawer::with(Flaw::LastWriterWins))).await);
}

#[tokio::test]
async fn a_clock_that_runs_backwards_or_goes_by_its_caller_is_caught() {
    let backwards = Drawer::with(Flaw::ClockRunsBackwards);
    assert!(catches(rules::the_clock_does_not_run_backwards(backwards)).await);
    assert!(catches(rules::the_clock_is_the_same_for_all(Drawer::with(Flaw::None))).await);
}
