//! Live events over Postgres, under the contract of every bus.

use crate::scratch::{postgres, with_own_schema};
use futures_util::FutureExt;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::{sync::Arc, time::Duration};
use stoa_contracts::event_bus::{Buses, Cuttable};
use stoa_domain::{
    live::{Event, EventBus, Notice, Topic},
    shared::CartId,
};
use stoa_live::{Pace, Relay};
use stoa_persistence::live::PgCarrier;

async fn relay(url: &str) -> Arc<Relay> {
    let pace = Pace { heartbeat: Duration::from_secs(1), ..Pace::default() };
    let relay = Relay::spawn(PgCarrier::new(url).unwrap(), pace);
    relay.listening().wait_for(|listening| *listening).await.unwrap();
    Arc::new(relay)
}

async fn shop() -> String {
    with_own_schema(&postgres().unwrap()).await
}

async fn buses(url: &str) -> Buses {
    Buses { here: relay(url).await, there: relay(url).await }
}

mod on_postgres {
    use super::*;

    async fn open() -> (Buses, ()) {
        (buses(&shop().await).await, ())
    }

    async fn cuttable() -> (Cuttable, ()) {
        let url = shop().await;
        let buses = buses(&url).await;
        let cut = move || {
            let url = url.clone();
            async move {
                let mut admin = PgConnection::connect(&url).await.unwrap();
                // Of this schema only: other tests have the same server.
                let listening = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE
                    'LISTEN \"stoa_' || md5(current_schema()) || '\"%' AND pid <> pg_backend_pid()";
                let cut = sqlx::query(AssertSqlSafe(listening)).execute(&mut admin).await.unwrap();
                assert_eq!(cut.rows_affected(), 2, "both lines are cut");
            }
            .boxed()
        };
        (Cuttable { buses, cut: Box::new(cut) }, ())
    }

    stoa_contracts::event_bus_contract!(open);

    mod cut {
        use super::cuttable;
        stoa_contracts::event_line_contract!(cuttable);
    }

    #[tokio::test]
    async fn shops_that_share_a_database_do_not_hear_each_other() {
        let (ours, theirs) = (shop().await, shop().await);
        let (ours, theirs) = (relay(&ours).await, relay(&theirs).await);
        let cart = CartId::new(crate::scratch::id());
        let mut listener = theirs.subscribe(&[Topic::Cart(cart)]);
        ours.publish(Event::CartChanged { cart, version: 1 });
        ours.stop().await;
        theirs.publish(Event::CartChanged { cart, version: 2 });
        assert_eq!(listener.next().await, Notice::Version(2));
    }
}
