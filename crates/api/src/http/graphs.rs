//! The schemas that are served, and which of them to whom.

use super::{caller::SocketCaller, settings::AppSettings, throttle::RequestQuotas};
use crate::graphql::Schemas;
use http::Extensions;
use std::{
    fmt,
    sync::{Arc, OnceLock},
};
use stoa_graphql_http::{BuildError, Gql, GqlBuilder};
use stoa_services::account::Caller;

type Build = Box<dyn Fn() -> Result<Gql, BuildError> + Send + Sync>;

/// The schemas that are served: one for whoever buys, and the full one for whoever acts for the shop. The full one is built when somebody
/// does for the first time, so that a shop without staff at work has no memory to spend on it.
pub struct Graphs {
    public: Gql,
    full: Option<Full>,
}

struct Full {
    build: Build,
    built: OnceLock<Option<Gql>>,
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
        let build: Build = Box::new(move || guarded(schemas.full()));
        Ok(Self { public, full: Some(Full { build, built: OnceLock::new() }) })
    }

    /// The one for whoever buys.
    pub(super) const fn public(&self) -> &Gql {
        &self.public
    }

    /// The one for whoever has sent a request; `None`: it could not be built.
    pub(super) fn of(&self, extensions: &Extensions) -> Option<&Gql> {
        let acts = extensions.get::<Arc<Caller>>().is_some_and(|caller| caller.actor.is_some());
        match self.full.as_ref().filter(|_| acts) {
            Some(full) => full.get(),
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
        let full = self.full.as_ref().and_then(|full| full.built.get()?.as_ref());
        std::iter::once(&self.public).chain(full)
    }
}

impl Full {
    fn get(&self) -> Option<&Gql> {
        let built = self.built.get_or_init(|| match (self.build)() {
            Ok(gql) => Some(gql),
            Err(error) => {
                tracing::error!(error = %error, "the schema of the admin half does not build");
                None
            }
        });
        built.as_ref()
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
