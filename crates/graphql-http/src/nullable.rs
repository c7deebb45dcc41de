//! A nullable field whose resolver may fail.

use std::borrow::Cow;

use async_graphql::{
    ContextSelectionSet, Error, OutputType, Positioned, ServerResult, Value, parser::types::Field,
    registry::Registry,
};

/// The result of a resolver for a nullable field.
///
/// async-graphql nulls the *parent* when a resolver returns `Err` as `Result<Option<T>>`, though the specification (6.4.4)
/// wants the field itself `null` and its siblings kept. A resolver that returns `Nullable<T>` gets that:
///
/// ```
/// # use async_graphql::{Error, Object};
/// # use stoa_graphql_http::{Nullable, client_error};
/// # struct Book;
/// # fn lookup() -> Result<Option<f64>, Error> { Err(client_error("NOT_RATED", "nobody has rated this book")) }
/// #[Object]
/// impl Book {
///     async fn rating(&self) -> Nullable<f64> {
///         Nullable::from(lookup())
///     }
/// }
/// ```
///
/// Arguments that do not parse, validators and guards fail before the resolver is asked. Those of nullable fields with
/// arguments are looked after; see [`GqlBuilder::null_on_error`](crate::GqlBuilder::null_on_error) for the others.
#[derive(Debug)]
pub struct Nullable<T>(
    /// What the resolver came to.
    pub Result<Option<T>, Error>,
);

impl<T> Nullable<T> {
    /// Runs a resolver written with `?`.
    pub async fn run<E>(resolver: impl Future<Output = Result<Option<T>, E>>) -> Self
    where
        E: Into<Error>,
    {
        Self::from(resolver.await)
    }
}

impl<T, E: Into<Error>> From<Result<Option<T>, E>> for Nullable<T> {
    fn from(result: Result<Option<T>, E>) -> Self {
        Self(result.map_err(Into::into))
    }
}

impl<T: OutputType> OutputType for Nullable<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn qualified_type_name() -> String {
        T::type_name().into_owned()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Option<T> as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let error = match &self.0 {
            Ok(None) => return Ok(Value::Null),
            Ok(Some(value)) => match value.resolve(ctx, field).await {
                Ok(value) => return Ok(value),
                Err(error) => error,
            },
            Err(error) => ctx.set_error_path(error.clone().into_server_error(field.pos)),
        };
        ctx.add_error(error);
        Ok(Value::Null)
    }
}
