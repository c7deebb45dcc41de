//! What the routes share.

use super::{
    graphs::Graphs, meters::HttpMeters, request_id::RequestIds, secure_headers::SecureHeaders,
    settings::AppSettings,
};
use http::Extensions;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use stoa_domain::shared::IdGenerator;
use stoa_graphql_http::Gql;
use stoa_services::Services;

/// The running application, for routes. Cloning is cheap.
#[derive(Clone)]
pub struct AppState {
    inner: Arc<Inner>,
}

struct Inner {
    services: Arc<Services>,
    graphs: Graphs,
    settings: AppSettings,
    request_ids: RequestIds,
    secure_headers: SecureHeaders,
    meters: Option<HttpMeters>,
    draining: AtomicBool,
}

impl AppState {
    /// Puts the application together. `ids` gives the ids of this process's requests their random start.
    pub fn new(
        services: Arc<Services>,
        graphs: impl Into<Graphs>,
        settings: AppSettings,
        ids: &dyn IdGenerator,
    ) -> Self {
        let graphs = graphs.into();
        let secure_headers = SecureHeaders::new(&services.context().settings().public_url);
        let request_ids = RequestIds::new(ids);
        let draining = AtomicBool::new(false);
        let meters = settings.metrics.then(HttpMeters::new);
        Self {
            inner: Arc::new(Inner {
                services,
                graphs,
                settings,
                request_ids,
                secure_headers,
                meters,
                draining,
            }),
        }
    }

    /// The use cases.
    pub fn services(&self) -> &Arc<Services> {
        &self.inner.services
    }

    /// The guarded schema for whoever buys.
    pub fn gql(&self) -> &Gql {
        self.inner.graphs.public()
    }

    /// The guarded schema for whoever has sent a request, once it is known who calls; `None`: it could not be built.
    pub(super) async fn gql_of(&self, extensions: &Extensions) -> Option<&Gql> {
        self.inner.graphs.of(extensions).await
    }

    /// The settings of the HTTP side.
    pub fn settings(&self) -> &AppSettings {
        &self.inner.settings
    }

    /// First step of a shutdown: `/readyz` fails from now on, so that no new requests are sent here. Those that come all
    /// the same are served, but for live connections, which would never end by themselves.
    pub fn begin_drain(&self) {
        self.inner.draining.store(true, Ordering::Relaxed);
        self.inner.graphs.close_live();
    }

    /// Last step of a shutdown, after the server has stopped to accept connections: waits for mutations that outlive theirs.
    pub async fn drained(&self) {
        self.inner.graphs.drain().await;
    }

    pub(super) fn is_draining(&self) -> bool {
        self.inner.draining.load(Ordering::Relaxed)
    }

    pub(super) fn request_ids(&self) -> &RequestIds {
        &self.inner.request_ids
    }

    pub(super) fn meters(&self) -> Option<&HttpMeters> {
        self.inner.meters.as_ref()
    }

    pub(super) fn secure_headers(&self) -> &SecureHeaders {
        &self.inner.secure_headers
    }
}
