//! Objects that are resolved in one go.
//!
//! async-graphql puts every field of an object into a box of its own and polls them side by side, which is right when
//! fields wait for a database, and pure cost when they only read what their object holds: 0.2 µs a field, in a list of
//! products a good half of the whole request. [`Flat`] resolves the fields of an object one after the other, with one box
//! for all of them; [`Ready`](super::Ready) needs none.

use async_graphql::{
    ContainerType, ContextSelectionSet, Name, ObjectType, OutputType, Positioned, ServerResult, Value,
    indexmap::IndexMap,
    parser::types::{Field, Selection, SelectionSet},
    registry::Registry,
    resolver_utils::resolve_container,
};
use std::{borrow::Cow, future::Future, pin::Pin};

/// An object whose fields are resolved in order. On the wire it is the object inside.
///
/// A field may wait, for example for a service; its siblings wait with it.
#[derive(Clone, Copy, Debug)]
pub struct Flat<T>(
    /// The object.
    pub T,
);

impl<T: ObjectType> OutputType for Flat<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn qualified_type_name() -> String {
        T::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        // The box also ends the recursion of types: a variant has a product, which has variants.
        let resolution: BoxFuture<'_, Value> = Box::pin(resolve(ctx, &self.0));
        resolution.await
    }
}

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = ServerResult<T>> + Send + 'a>>;

async fn resolve<T: ContainerType>(ctx: &ContextSelectionSet<'_>, object: &T) -> ServerResult<Value> {
    let mut answer = IndexMap::with_capacity(ctx.item.node.items.len());
    match fields(ctx, ctx.item, object, &mut answer).await? {
        Walk::Done => Ok(Value::Object(answer)),
        Walk::Unusual => resolve_container(ctx, object).await,
    }
}

/// What came of walking through a selection set.
pub(super) enum Walk {
    /// All of it is answered.
    Done,
    /// Something in it is async-graphql's to do: a fragment that is spread or has a directive, or a response key that is
    /// selected twice.
    Unusual,
}

async fn fields<T: ContainerType>(
    ctx: &ContextSelectionSet<'_>,
    set: &Positioned<SelectionSet>,
    object: &T,
    answer: &mut IndexMap<Name, Value>,
) -> ServerResult<Walk> {
    for selection in &set.node.items {
        match &selection.node {
            Selection::Field(selected) => {
                let value = field(ctx, selected, object).await?;
                if answer.insert(selected.node.response_key().node.clone(), value).is_some() {
                    return Ok(Walk::Unusual);
                }
            }
            Selection::InlineFragment(fragment) if fragment.node.directives.is_empty() => {
                let condition = fragment.node.type_condition.as_ref().map(|c| c.node.on.node.as_str());
                if condition.is_none_or(|condition| is_a(ctx, object, condition)) {
                    let walk = fragment_fields(ctx, &fragment.node.selection_set, object, answer).await?;
                    if matches!(walk, Walk::Unusual) {
                        return Ok(Walk::Unusual);
                    }
                }
            }
            _ => return Ok(Walk::Unusual),
        }
    }
    Ok(Walk::Done)
}

/// The same, boxed: fragments nest.
fn fragment_fields<'a, T: ContainerType>(
    ctx: &'a ContextSelectionSet<'_>,
    set: &'a Positioned<SelectionSet>,
    object: &'a T,
    answer: &'a mut IndexMap<Name, Value>,
) -> BoxFuture<'a, Walk> {
    Box::pin(fields(ctx, set, object, answer))
}

/// Resolves one field of an object.
pub(super) async fn field<T: ContainerType>(
    ctx: &ContextSelectionSet<'_>,
    field: &Positioned<Field>,
    object: &T,
) -> ServerResult<Value> {
    if field.node.name.node == "__typename" {
        return Ok(Value::String(object.introspection_type_name().into_owned()));
    }
    let value = if field.node.directives.is_empty() {
        object.resolve_field(&ctx.with_field(field)).await?
    } else {
        directed(ctx, field, object).await?
    };
    Ok(value.unwrap_or_default())
}

/// Resolves a field through its directives, the first of them innermost, as async-graphql does. The transport puts one on
/// nullable fields with arguments, so that a refused argument nulls the field and not the object.
async fn directed<T: ContainerType>(
    ctx: &ContextSelectionSet<'_>,
    field: &Positioned<Field>,
    object: &T,
) -> ServerResult<Option<Value>> {
    let ctx_field = ctx.with_field(field);
    let mut resolution: BoxFuture<'_, Option<Value>> = Box::pin(object.resolve_field(&ctx_field));
    for directive in &field.node.directives {
        let Some(factory) = ctx.schema_env.custom_directives.get(directive.node.name.node.as_str()) else {
            continue;
        };
        let ctx_directive =
            ctx.query_env.create_context(ctx.schema_env, ctx_field.path_node, directive, ctx.execute_data);
        let directive = factory.create(&ctx_directive, &directive.node)?;
        let ctx_field = &ctx_field;
        resolution = Box::pin(async move { directive.resolve_field(ctx_field, &mut resolution).await });
    }
    resolution.await
}

/// Whether an object is of a type, or of an interface it implements.
pub(super) fn is_a<T: ContainerType>(ctx: &ContextSelectionSet<'_>, object: &T, condition: &str) -> bool {
    let name = object.introspection_type_name();
    let interfaces = &ctx.schema_env.registry.implements;
    name == condition || interfaces.get(&*name).is_some_and(|implemented| implemented.contains(condition))
}
