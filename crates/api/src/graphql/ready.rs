//! Objects that have their answers ready: no field waits, so there is nothing to poll, to box or to keep between polls.

use super::{
    Flat,
    flat::{Walk, field, is_a},
};
use async_graphql::{
    ContainerType, ContextSelectionSet, Name, ObjectType, OutputType, Positioned, ServerResult, Value,
    indexmap::IndexMap,
    parser::types::{Field, Selection, SelectionSet},
    registry::Registry,
};
use futures_util::FutureExt;
use std::borrow::Cow;

/// An object whose fields wait for nothing. On the wire it is the object inside.
///
/// Its resolvers run on the spot, like function calls. Should one of them wait after all, the object is resolved again as
/// [`Flat`] would: right, but twice the work, so such an object should be `Flat` to begin with.
#[derive(Clone, Copy, Debug)]
pub struct Ready<T>(
    /// The object.
    pub T,
);

impl<T: ObjectType> OutputType for Ready<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn qualified_type_name() -> String {
        T::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        match self.resolve_now(ctx) {
            Some(answer) => answer,
            None => Flat(&self.0).resolve(ctx, field).await,
        }
    }
}

impl<T: ContainerType> Ready<T> {
    /// The answer, if no field waits and nothing in the selection set is async-graphql's to do.
    pub(super) fn resolve_now(&self, ctx: &ContextSelectionSet<'_>) -> Option<ServerResult<Value>> {
        let mut answer = IndexMap::with_capacity(ctx.item.node.items.len());
        match fields(ctx, ctx.item, &self.0, &mut answer)? {
            Ok(Walk::Done) => Some(Ok(Value::Object(answer))),
            Ok(Walk::Unusual) => None,
            Err(error) => Some(Err(error)),
        }
    }
}

/// Answers a selection set; `None` if a field waits.
fn fields<T: ContainerType>(
    ctx: &ContextSelectionSet<'_>,
    set: &Positioned<SelectionSet>,
    object: &T,
    answer: &mut IndexMap<Name, Value>,
) -> Option<ServerResult<Walk>> {
    for selection in &set.node.items {
        match &selection.node {
            Selection::Field(selected) => {
                let value = match field(ctx, selected, object).now_or_never()? {
                    Ok(value) => value,
                    Err(error) => return Some(Err(error)),
                };
                if answer.insert(selected.node.response_key().node.clone(), value).is_some() {
                    return Some(Ok(Walk::Unusual));
                }
            }
            Selection::InlineFragment(fragment) if fragment.node.directives.is_empty() => {
                let condition = fragment.node.type_condition.as_ref().map(|c| c.node.on.node.as_str());
                if condition.is_none_or(|condition| is_a(ctx, object, condition)) {
                    match fields(ctx, &fragment.node.selection_set, object, answer)? {
                        Ok(Walk::Done) => {}
                        unusual => return Some(unusual),
                    }
                }
            }
            _ => return Some(Ok(Walk::Unusual)),
        }
    }
    Some(Ok(Walk::Done))
}

/// A list, resolved on the spot if it is said to be ready, and else as async-graphql does: its items side by side.
#[derive(Clone, Debug)]
pub struct List<T> {
    items: Vec<T>,
    ready: bool,
}

impl<T> List<T> {
    /// Items; `ready` if none of them waits for anything.
    pub const fn new(items: Vec<T>, ready: bool) -> Self {
        Self { items, ready }
    }
}

impl<T: OutputType> OutputType for List<T> {
    fn type_name() -> Cow<'static, str> {
        <Vec<T> as OutputType>::type_name()
    }

    fn qualified_type_name() -> String {
        <Vec<T> as OutputType>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Vec<T> as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        match if self.ready { resolve_now(ctx, field, &self.items) } else { None } {
            Some(answers) => answers.map(Value::List),
            None => self.items.resolve(ctx, field).await,
        }
    }
}

/// Answers a list; `None` if an item waits.
fn resolve_now<T: OutputType>(
    ctx: &ContextSelectionSet<'_>,
    field: &Positioned<Field>,
    items: &[T],
) -> Option<ServerResult<Vec<Value>>> {
    let mut answers = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let ctx = ctx.with_index(index);
        match item.resolve(&ctx, field).now_or_never()? {
            Ok(answer) => answers.push(answer),
            Err(error) => return Some(Err(ctx.set_error_path(error))),
        }
    }
    Some(Ok(answers))
}
