//! The two faces of one schema: one validates and never executes, the other executes and hardly validates.

use std::sync::Arc;

use async_graphql::{
    Data, ObjectType, Request, Response, Schema, SchemaBuilder, SubscriptionType, ValidationMode,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute},
};
use futures_util::{future::BoxFuture, stream::BoxStream};

use crate::{directives::DirectiveDeclaration, limits::Limits, null_on_error::NullOnError};

/// A schema without its type parameters.
pub(crate) trait ErasedSchema: Send + Sync {
    fn execute(&self, request: Request) -> BoxFuture<'_, Response>;
    fn execute_stream(&self, request: Request, session: Arc<Data>) -> BoxStream<'static, Response>;
    fn sdl(&self) -> String;
}

impl<Q, M, S> ErasedSchema for Schema<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    fn execute(&self, request: Request) -> BoxFuture<'_, Response> {
        Box::pin(Schema::execute(self, request))
    }

    fn execute_stream(&self, request: Request, session: Arc<Data>) -> BoxStream<'static, Response> {
        Schema::execute_stream_with_session_data(self, request, session)
    }

    fn sdl(&self) -> String {
        Schema::sdl(self)
    }
}

/// The pair built from one description of the types.
pub(crate) struct TwinSchemas {
    /// All rules of async-graphql; stops before execution.
    pub(crate) validator: Box<dyn ErasedSchema>,
    /// Executes documents that were validated before.
    pub(crate) executor: Box<dyn ErasedSchema>,
}

impl TwinSchemas {
    /// Builds both. `builder` is called twice and must describe the same types each time.
    pub(crate) fn build<Q, M, S>(
        builder: &dyn Fn() -> SchemaBuilder<Q, M, S>,
        directives: &[DirectiveDeclaration],
        limits: &Limits,
    ) -> Self
    where
        Q: ObjectType + 'static,
        M: ObjectType + 'static,
        S: SubscriptionType + 'static,
    {
        let configured = || {
            directives
                .iter()
                .cloned()
                .fold(builder(), SchemaBuilder::directive)
                .disable_suggestions()
                .limit_recursive_depth(limits.selection_nesting)
        };
        Self {
            validator: Box::new(
                configured().validation_mode(ValidationMode::Strict).extension(ValidateOnly).finish(),
            ),
            executor: Box::new(
                configured().directive(NullOnError::default()).validation_mode(ValidationMode::Fast).finish(),
            ),
        }
    }
}

/// Ends every request where its execution would begin. async-graphql offers no way to validate and stop.
struct ValidateOnly;

impl ExtensionFactory for ValidateOnly {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for ValidateOnly {
    async fn execute(&self, _: &ExtensionContext<'_>, _: Option<&str>, _: NextExecute<'_>) -> Response {
        Response::default()
    }
}
