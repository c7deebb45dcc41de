//! Rules of gathering what is told of stock.

use super::{Buses, id, new_cart, saved};
use std::{sync::Arc, time::Duration};
use stoa_domain::{
    live::{Event, StockGatherer, ToldStock},
    shared::{OrderId, VariantId},
};

const NOTHING: ToldStock = ToldStock::These(Vec::new());

fn new_variant() -> VariantId {
    VariantId::new(id())
}

fn changed(variants: &[VariantId]) -> Event {
    Event::StockChanged { variants: variants.to_vec() }
}

/// Drains until something was told.
async fn next_of(gatherer: &mut Box<dyn StockGatherer>) -> ToldStock {
    loop {
        let told = gatherer.drain();
        if told != NOTHING {
            return told;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Drains until all of these have been told, and nothing else was.
async fn gathers(gatherer: &mut Box<dyn StockGatherer>, mut expected: Vec<VariantId>) {
    while !expected.is_empty() {
        let ToldStock::These(told) = next_of(gatherer).await else { panic!("it was not everything") };
        for variant in told {
            let at = expected.iter().position(|one| *one == variant);
            expected.remove(at.unwrap_or_else(|| panic!("{variant} was told too often, or never changed")));
        }
    }
}

/// What is told in one process is gathered there and in the other, by each who gathers, and once.
pub async fn what_is_told_of_stock_is_gathered_once_here_and_there(buses: Buses) {
    let mut gatherers = [buses.here.gather_stock(), buses.there.gather_stock(), buses.there.gather_stock()];
    let (one, other, third) = (new_variant(), new_variant(), new_variant());
    buses.here.publish(changed(&[one, other]));
    for gatherer in &mut gatherers {
        gathers(gatherer, vec![one, other]).await;
    }
    buses.here.publish(changed(&[third]));
    for gatherer in &mut gatherers {
        gathers(gatherer, vec![third]).await;
    }
    for gatherer in &mut gatherers {
        assert_eq!(gatherer.drain(), NOTHING);
    }
}

/// What was told to this process before it can be drained at once, and what came before the gatherer is not gathered.
pub async fn an_own_change_can_be_drained_at_once(buses: Buses) {
    let (before, since) = (new_variant(), new_variant());
    buses.here.publish(changed(&[before]));
    let mut gatherer = buses.here.gather_stock();
    assert_eq!(gatherer.drain(), NOTHING);
    for _ in 0..100 {
        buses.here.publish(changed(&[since]));
    }
    assert_eq!(gatherer.drain(), ToldStock::These(vec![since]), "each once, however often it was told");
    assert_eq!(gatherer.drain(), NOTHING);
}

/// Carts and orders are no stock.
pub async fn only_stock_is_gathered(buses: Buses) {
    let mut gatherers = [buses.here.gather_stock(), buses.there.gather_stock()];
    let (cart, variant) = (new_cart(), new_variant());
    buses.here.publish(saved(cart, 2));
    buses.here.publish(Event::OrderChanged { order: OrderId::new(id()) });
    buses.here.publish(changed(&[variant]));
    for gatherer in &mut gatherers {
        gathers(gatherer, vec![variant]).await;
    }
}

/// Who does not drain keeps no heap: beyond a bound it is everything, and then it goes on as before.
pub async fn a_flood_of_stock_is_everything(buses: Buses) {
    let mut gatherers = [buses.here.gather_stock(), buses.there.gather_stock()];
    let flood: Vec<VariantId> = (0..20_000).map(|_| new_variant()).collect();
    buses.here.publish(changed(&flood));
    assert_eq!(gatherers[0].drain(), ToldStock::Everything);
    while next_of(&mut gatherers[1]).await != ToldStock::Everything {}
    let variant = new_variant();
    let teller = {
        let bus = Arc::clone(&buses.here);
        // What is left of the flood may swallow the first of them.
        tokio::spawn(async move {
            loop {
                bus.publish(changed(&[variant]));
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
    };
    for gatherer in &mut gatherers {
        while next_of(gatherer).await != ToldStock::These(vec![variant]) {}
    }
    teller.abort();
}
