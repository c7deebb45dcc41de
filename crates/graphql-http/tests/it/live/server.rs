//! The newsroom behind an endpoint on a port of its own.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_graphql::Request;
use http::{header, request::Parts};
use stoa_graphql_http::{Gql, GqlBuilder, Limits, LiveLimits, Operation, WebSockets};
use tokio::{net::TcpListener, task::AbortHandle};

use super::newsroom::{Newsroom, Viewer};

/// More than anything takes that works.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Live {
    pub(crate) gql: Gql,
    pub(crate) newsroom: Newsroom,
    pub(crate) address: SocketAddr,
    task: AbortHandle,
}

impl Live {
    pub(crate) async fn new() -> Self {
        Self::with_limits(LiveLimits::default()).await
    }

    pub(crate) async fn with_limits(live: LiveLimits) -> Self {
        Self::configured(live, WebSockets::default(), |builder| builder).await
    }

    pub(crate) async fn with_sockets(websockets: WebSockets) -> Self {
        Self::configured(LiveLimits::default(), websockets, |builder| builder).await
    }

    /// Serves; who asks is read from `authorization`.
    pub(crate) async fn configured(
        live: LiveLimits,
        websockets: WebSockets,
        configure: impl FnOnce(GqlBuilder) -> GqlBuilder,
    ) -> Self {
        let newsroom = Newsroom::new();
        let schema = newsroom.clone();
        let builder = Gql::builder(move || schema.schema())
            .limits(Limits { live, timeout: PATIENCE, ..Limits::default() })
            .websockets(websockets)
            .request_data(viewer);
        let gql = configure(builder).build().unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = axum::Router::new().route("/graphql", gql.endpoint());
        let task = tokio::spawn(async move { axum::serve(listener, router).await }).abort_handle();
        Self { gql, newsroom, address, task }
    }

    /// Waits until so many streams of resolvers are open.
    pub(crate) async fn streams(&self, expected: usize) {
        reaches(&self.newsroom.open, expected).await;
    }

    /// Waits until so many resolvers wait for the gate.
    pub(crate) async fn waiting(&self, expected: usize) {
        reaches(&self.newsroom.waiting, expected).await;
    }

    /// Waits until so many connections are open.
    pub(crate) async fn connections(&self, expected: usize) {
        until(|| self.gql.live_connections() == expected).await;
    }

    pub(crate) fn publish(&self, number: i32) {
        self.newsroom.wire.send(number).unwrap();
    }

    pub(crate) async fn drained(&self) {
        tokio::time::timeout(PATIENCE, self.gql.drain()).await.unwrap();
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn viewer(parts: &Parts, _: &Operation<'_>, request: Request) -> Request {
    match parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) {
        Some(viewer) => request.data(Viewer(viewer.to_owned())),
        None => request,
    }
}

async fn reaches(count: &Arc<AtomicUsize>, expected: usize) {
    until(|| count.load(Ordering::SeqCst) == expected).await;
}

/// Waits until something is so.
pub(crate) async fn until(is_so: impl Fn() -> bool) {
    let waited = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waited).await.unwrap();
}
