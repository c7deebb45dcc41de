//! The rules of an [`EventBus`].

mod crossing;
mod cut;
mod draining;
mod keeping;

pub use crossing::*;
pub use cut::*;
pub use draining::*;
pub use keeping::*;

use futures_util::future::BoxFuture;
use std::{sync::Arc, time::Duration};
use stoa_domain::{
    live::{Event, EventBus, Listener, Notice},
    shared::CartId,
};
use tokio::task::JoinHandle;
use uuid::Uuid;

/// The bus under test, as two processes see it. Both hear each other already.
#[derive(Clone)]
pub struct Buses {
    /// One process.
    pub here: Arc<dyn EventBus>,
    /// Another; the same where the bus has one process only.
    pub there: Arc<dyn EventBus>,
}

/// Two processes whose bus can be cut.
pub struct Cuttable {
    /// The bus.
    pub buses: Buses,
    /// Cuts the lines of both, as a network or a restart of the server between them would. They may mend at once.
    pub cut: Box<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>,
}

/// Binds every rule of this suite to an implementation. `$open` names an async function without arguments that gives
/// `(Buses, whatever must outlive them)`.
#[macro_export]
macro_rules! event_bus_contract {
    ($open:path) => {
        $crate::__bind_rules!(event_bus, $open,
            every_kind_of_event_is_heard_here_and_there
            many_listeners_of_one_topic_all_hear
            a_listener_of_many_topics_hears_of_each
            who_listens_to_something_else_sleeps_on
            both_sides_tell_and_hear_at_once
            a_version_never_goes_back
            a_listener_that_does_not_ask_still_learns_of_the_last_version
            a_flood_of_other_topics_drowns_nobody
            what_came_before_the_listener_asked_is_kept
            a_wait_that_is_given_up_loses_nothing
            what_is_told_of_stock_is_gathered_once_here_and_there
            an_own_change_can_be_drained_at_once
            only_stock_is_gathered
            a_flood_of_stock_is_everything
        );
    };
}

/// Binds the rules of a bus that can be cut. `$open` gives `(Cuttable, whatever must outlive it)`.
#[macro_export]
macro_rules! event_line_contract {
    ($open:path) => {
        $crate::__bind_rules!(event_bus, $open,
            after_a_cut_everybody_reads_again
            after_a_cut_events_are_heard_again
            after_a_cut_everything_may_have_changed
        );
    };
}

/// A cart nobody else speaks of.
fn new_cart() -> CartId {
    CartId::new(id())
}

#[expect(clippy::disallowed_methods, reason = "rules on one server must not share ids")]
fn id() -> Uuid {
    Uuid::new_v4()
}

fn saved(cart: CartId, version: u64) -> Event {
    Event::CartChanged { cart, version }
}

/// Tells of one version after the other, until it is aborted.
fn goes_on_telling(buses: &Buses, cart: CartId, from: u64) -> JoinHandle<()> {
    let bus = Arc::clone(&buses.here);
    tokio::spawn(async move {
        for version in from.. {
            bus.publish(saved(cart, version));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
}

/// Listens until a version, or one after it, is heard of.
async fn hears_of(listener: &mut Box<dyn Listener>, version: u64) {
    while !matches!(listener.next().await, Notice::Version(heard) if heard >= version) {}
}
