//! `/metrics`, on a listener of its own: what was counted, and what can be looked up when somebody asks.

mod gateway;
mod outside;
mod sample;

pub(super) use gateway::MeteredGateway;
pub(super) use outside::outside;
pub(super) use sample::Sampler;

use super::serve::{Clients, HttpServer};
use crate::telemetry::{process, recorder};
use anyhow::Context;
use axum::{Router, routing::get};
use http::header;
use metrics_exporter_prometheus::PrometheusHandle;
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How often what was measured is put into its buckets, so that it does not pile up where nobody asks.
const TIDY_EVERY: Duration = Duration::from_secs(5);
/// The text exposition format of Prometheus.
const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// A place where metrics will be served.
pub(super) struct MetricsDoor {
    listener: TcpListener,
    address: SocketAddr,
    recorded: PrometheusHandle,
}

/// Where metrics are served.
pub(super) struct MetricsServer {
    address: SocketAddr,
    http: HttpServer,
}

impl MetricsDoor {
    /// Begins to record. Before anything is made that counts: what is made earlier would count into nothing.
    pub(super) async fn open(listen: SocketAddr) -> anyhow::Result<Self> {
        let recorded = recorder::install()?;
        gateway::register();
        sample::register();
        let listener = TcpListener::bind(listen).await.with_context(|| {
            format!("metrics.listen: {listen} cannot be listened on; is another server running there?")
        })?;
        let address = listener.local_addr().context("the metrics' listener has no address")?;
        Ok(Self { listener, address, recorded })
    }

    pub(super) fn serve(self, sampler: Sampler) -> MetricsServer {
        let sampler = Arc::new(sampler);
        let scrape = move || {
            let (sampler, recorded) = (Arc::clone(&sampler), self.recorded.clone());
            async move {
                sampler.sample().await;
                ([(header::CONTENT_TYPE, FORMAT)], recorded.render() + &process::render())
            }
        };
        let router = Router::new().route("/metrics", get(scrape));
        let http = HttpServer::spawn(self.listener, router, 0, Clients::default());
        MetricsServer { address: self.address, http }
    }

    /// Keeps what was measured small, until told to stop.
    pub(super) fn tidy(&self) -> impl FnOnce(CancellationToken) -> TidyTask + use<> {
        let recorded = self.recorded.clone();
        move |stop| {
            Box::pin(async move {
                while stop.run_until_cancelled(tokio::time::sleep(TIDY_EVERY)).await.is_some() {
                    recorded.run_upkeep();
                }
            })
        }
    }
}

type TidyTask = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

impl MetricsServer {
    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) async fn stop(self) {
        self.http.stop().await;
    }
}
