//! Rules of a bus whose line was cut.

use super::{Cuttable, goes_on_telling, hears_of, new_cart, saved};
use std::time::Duration;
use stoa_domain::live::{Notice, ToldStock, Topic};

/// Nobody knows what was told while the line was cut: every listener is told to read again, on both sides, though nothing is
/// told any more.
pub async fn after_a_cut_everybody_reads_again(cuttable: Cuttable) {
    let Cuttable { buses, cut } = cuttable;
    let topic = [Topic::Cart(new_cart())];
    let mut listeners = [buses.here.subscribe(&topic), buses.there.subscribe(&topic)];
    cut().await;
    for listener in &mut listeners {
        assert_eq!(listener.next().await, Notice::ReRead);
    }
}

/// The line mends itself, and then carries what it is given.
pub async fn after_a_cut_events_are_heard_again(cuttable: Cuttable) {
    let Cuttable { buses, cut } = cuttable;
    let cart = new_cart();
    let mut listener = buses.there.subscribe(&[Topic::Cart(cart)]);
    buses.here.publish(saved(cart, 1));
    hears_of(&mut listener, 1).await;
    cut().await;
    // Some of them come to nothing, as long as the line is cut.
    let teller = goes_on_telling(&buses, cart, 2);
    hears_of(&mut listener, 2).await;
    teller.abort();
}

/// Nobody knows whose stock was told to have changed while the line was cut; afterwards it is known again.
pub async fn after_a_cut_everything_may_have_changed(cuttable: Cuttable) {
    let Cuttable { buses, cut } = cuttable;
    let mut gatherers = [buses.here.gather_stock(), buses.there.gather_stock()];
    for gatherer in &mut gatherers {
        assert_eq!(gatherer.drain(), ToldStock::These(Vec::new()));
    }
    cut().await;
    for gatherer in &mut gatherers {
        while gatherer.drain() != ToldStock::Everything {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        while gatherer.drain() == ToldStock::Everything {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}
