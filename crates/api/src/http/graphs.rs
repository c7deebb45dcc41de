//! The schemas that are served, and which of them to whom.

use super::{caller::SocketCaller, settings::AppSettings, throttle::RequestQuotas};
use crate::graphql::Schemas;
use http::Extensions;
use std::{fmt, sync::Arc};
use stoa_graphql_http::{BuildError, Gql, GqlBuilder};
use stoa_services::account::Caller;
use tokio::{sync::OnceCell, task::spawn_blocking};

type Build = Arc<dyn Fn() -> Result<Gql, BuildError> + Send + Sync>;

/// The schemas that are served: one for whoever buys, and the full one for whoever acts for the shop. The full one is built when somebody
/// does for the first time, so that a shop without staff at work has no memory to spend on it.
pub struct Graphs {
    public: Gql,
    full: Option<Full>,
}

struct Full {
    build: Build,
    built: OnceCell<Gql>,
}

impl Graphs {
    /// Both, guarded alike. That the full one builds a test sees to, since nobody else does before it is needed.
    ///
    /// # Errors
    /// The one for whoever buys cannot be guarded.
    pub fn build(schemas: &Schemas, settings: &AppSettings) -> Result<Self, BuildError> {
        let schemas = schemas.clone().requests_per_minute(RequestQuotas::of(settings));
        let guarded = {
            let (schemas, settings) = (schemas.clone(), settings.clone());
            move |schema: GqlBuilder| {
                let sockets = settings.websockets().connection_init(SocketCaller::new(schemas.services()));
                schema.limits(settings.limits.clone()).websockets(sockets).build()
            }
        };
        let public = guarded(schemas.public())?;
        // One server: what bounds it and what ends it is the same for both.
        let with = public.clone();
        let build: Build = Arc::new(move || guarded(schemas.full().together_with(&with)));
        Ok(Self { public, full: Some(Full { build, built: OnceCell::new() }) })
    }

    /// The one for whoever buys.
    pub(super) const fn public(&self) -> &Gql {
        &self.public
    }

    /// The one for whoever has sent a request; `None`: it could not be built.
    pub(super) async fn of(&self, extensions: &Extensions) -> Option<&Gql> {
        let acts = extensions.get::<Arc<Caller>>().is_some_and(|caller| caller.actor.is_some());
        match self.full.as_ref().filter(|_| acts) {
            Some(full) => Box::pin(full.get()).await,
            None => Some(&self.public),
        }
    }

    /// Ends live connections.
    pub(super) fn close_live(&self) {
        self.in_use().for_each(Gql::close_live);
    }

    /// Waits for mutations in flight.
    pub(super) async fn drain(&self) {
        for gql in self.in_use() {
            gql.drain().await;
        }
    }

    fn in_use(&self) -> impl Iterator<Item = &Gql> {
        let full = self.full.as_ref().and_then(|full| full.built.get());
        std::iter::once(&self.public).chain(full)
    }
}

impl Full {
    /// Built where it keeps nobody else waiting. After a failure the next who asks tries anew.
    async fn get(&self) -> Option<&Gql> {
        let built = self.built.get_or_try_init(|| async {
            let build = Arc::clone(&self.build);
            match spawn_blocking(move || build()).await {
                Ok(Ok(gql)) => Ok(gql),
                Ok(Err(error)) => Err(error.to_string()),
                Err(error) => Err(error.to_string()),
            }
        });
        match built.await {
            Ok(gql) => Some(gql),
            Err(error) => {
                tracing::error!(error, "the schema of the admin half does not build");
                None
            }
        }
    }
}

/// The one for whoever buys, alone.
impl From<Gql> for Graphs {
    fn from(public: Gql) -> Self {
        Self { public, full: None }
    }
}

impl fmt::Debug for Graphs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Graphs")
    }
}
