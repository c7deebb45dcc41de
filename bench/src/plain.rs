//! The yardstick: the least a route of axum can do that still answers 4 kB of JSON.
//!
//! The same runtime, the same allocator and the same `axum::serve` with `TCP_NODELAY` as the server that is measured; no
//! middleware, no database. The body is serialised anew for every request, as an API would.

use anyhow::Context;
use axum::{
    Json, Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
    serve::ListenerExt,
};
use serde::Serialize;
use std::{io::Write, net::SocketAddr, sync::Arc};
use tokio::net::TcpListener;

/// Where the route is.
pub(crate) const PATH: &str = "/plain";

/// Items that make up 4 kB.
const ITEMS: u32 = 20;

/// What the route answers: a page of a shop, about as long as a real one.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Shelf {
    products: Vec<Item>,
    has_next_page: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    id: String,
    handle: String,
    title: String,
    available_for_sale: bool,
    image: Image,
    price: Price,
}

#[derive(Debug, Serialize)]
struct Image {
    url: String,
    width: u32,
    height: u32,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Price {
    amount: String,
    currency_code: &'static str,
}

impl Shelf {
    fn new() -> Self {
        Self { products: (0..ITEMS).map(Item::new).collect(), has_next_page: true }
    }
}

impl Item {
    fn new(number: u32) -> Self {
        Self {
            id: format!("{number:08}"),
            handle: format!("p-{number:04}"),
            title: format!("Plain {number:04}"),
            available_for_sale: !number.is_multiple_of(7),
            image: Image { url: format!("https://img.example/{number:04}.jpg"), width: 1200, height: 1600 },
            price: Price { amount: format!("{}.50", 10 + number), currency_code: "USD" },
        }
    }
}

/// Serves the route until the process is ended. The address goes to standard output once it is listened on.
///
/// # Errors
/// The address cannot be listened on.
pub(crate) fn serve(listen: SocketAddr) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime does not start")?;
    runtime.block_on(async {
        let listener =
            TcpListener::bind(listen).await.with_context(|| format!("{listen} cannot be listened on"))?;
        let mut out = std::io::stdout();
        writeln!(out, "{}", listener.local_addr()?)?;
        out.flush()?;
        let listener = listener.tap_io(|socket| {
            // A socket that refuses is slower, and nothing else.
            let _ = socket.set_nodelay(true);
        });
        axum::serve(listener, router()).await.context("the plain route ended")
    })
}

fn router() -> Router {
    Router::new().route(PATH, get(shelf)).with_state(Arc::new(Shelf::new()))
}

async fn shelf(State(shelf): State<Arc<Shelf>>) -> Response {
    Json(&*shelf).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_four_kilobytes() {
        let length = serde_json::to_string(&Shelf::new()).unwrap().len();
        assert_eq!(length, 4_096);
    }
}
