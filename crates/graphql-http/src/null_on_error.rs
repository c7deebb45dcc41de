//! Keeps the siblings of a nullable field whose arguments or guard are refused.
//!
//! async-graphql reads arguments and asks guards before it knows the type of the field, and a refusal there nulls the
//! parent even if the field is nullable. It does let directives wrap a field's resolution, so the executing half of the
//! schema gets one that turns an error into `null` and a reported error, and prepared documents carry it where it is
//! needed: on nullable fields that take arguments, and on those named by
//! [`GqlBuilder::null_on_error`](crate::GqlBuilder::null_on_error). It is in no SDL, no introspection and no valid client
//! document. A wrapped field costs about 0.1 µs more.

use std::{borrow::Cow, collections::HashSet};

use async_graphql::{
    Context, ContextDirective, CustomDirective, CustomDirectiveFactory, ResolveFut, ServerResult, Value,
    registry::Registry,
};
use async_graphql_parser::{Pos, Positioned, types::Directive};
use async_graphql_value::Name;

use crate::types::{OutputField, TypeTable};

const NAME: &str = "nullOnError";

/// Which fields are wrapped, and the directive itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct NullOnError {
    /// `Type.field` of nullable fields without arguments that have a guard.
    named: HashSet<Box<str>>,
}

impl NullOnError {
    pub(crate) fn name(&mut self, field: &str) {
        self.named.insert(field.into());
    }

    /// Checks that every named field is there and nullable; gives the first that is not.
    pub(crate) fn check(&self, table: &TypeTable) -> Result<(), Box<str>> {
        let nullable = |name: &str| {
            let (parent, field) = name.split_once('.')?;
            Some(!table.field(table.find(parent)?, field)?.ty.non_null)
        };
        match self.named.iter().find(|name| nullable(name) != Some(true)) {
            Some(name) => Err(name.clone()),
            None => Ok(()),
        }
    }

    /// Whether a field of a type is to be wrapped.
    pub(crate) fn wraps(&self, type_name: &str, field_name: &str, field: &OutputField) -> bool {
        !field.ty.non_null
            && (!field.arguments.is_empty()
                || (!self.named.is_empty() && self.named.contains(&*format!("{type_name}.{field_name}"))))
    }

    /// The directive as a prepared document carries it.
    pub(crate) fn directive(pos: Pos) -> Positioned<Directive> {
        let name = Positioned::new(Name::new(NAME), pos);
        Positioned::new(Directive { name, arguments: Vec::new() }, pos)
    }
}

impl CustomDirectiveFactory for NullOnError {
    fn name(&self) -> Cow<'static, str> {
        Cow::Borrowed(NAME)
    }

    fn register(&self, _: &mut Registry) {}

    fn create(&self, _: &ContextDirective<'_>, _: &Directive) -> ServerResult<Box<dyn CustomDirective>> {
        Ok(Box::new(Self::default()))
    }
}

#[async_graphql::async_trait::async_trait]
impl CustomDirective for NullOnError {
    async fn resolve_field(&self, ctx: &Context<'_>, resolve: ResolveFut<'_>) -> ServerResult<Option<Value>> {
        match resolve.await {
            Err(error) => {
                ctx.add_error(error);
                Ok(Some(Value::Null))
            }
            resolved => resolved,
        }
    }
}
