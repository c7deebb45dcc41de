//! The way of a document from text to something that can be executed, cheapest checks first.

use std::collections::HashMap;

use async_graphql_parser::{
    Positioned, parse_query,
    types::{ExecutableDocument, OperationDefinition},
};
use async_graphql_value::Name;

use super::{
    cost::{Cost, Unpaged},
    expansion, introspection, lexical,
    masks::{self, Touches},
    mutation_root,
    normalise::normalise,
    overlap,
    prepared::{PreparedDocument, PreparedOperation, PreparedVariable},
    subscription_root, usage,
};
use crate::{
    error_code::ErrorCode,
    in_context::InContextTemplate,
    limits::Limits,
    null_on_error::NullOnError,
    refusal::Refusal,
    restrict::{Caller, Restrictions},
    schema::ErasedSchema,
    types::TypeTable,
};

/// What documents are judged by.
#[derive(Clone, Copy)]
pub(crate) struct Rules<'a> {
    pub(crate) table: &'a TypeTable,
    /// Knows the rules of async-graphql and executes nothing.
    pub(crate) validator: &'a dyn ErasedSchema,
    pub(crate) limits: &'a Limits,
    pub(crate) null_on_error: &'a NullOnError,
    pub(crate) restrictions: &'a Restrictions,
    pub(crate) unpaged: &'a Unpaged,
}

/// Guards, parses, validates and rewrites a document. What comes of it is the same for everybody who may use what is in it; to
/// others it is refused, as by a schema that does not have what they may not use.
///
/// # Errors
/// Any code about documents; see [`ErrorCode`].
pub(crate) async fn prepare(
    text: &str,
    rules: Rules<'_>,
    caller: Caller<'_>,
) -> Result<PreparedDocument, Refusal> {
    let Rules { table, validator, limits, restrictions, .. } = rules;
    lexical::check(text, limits)?;
    let mut document = parse_query(text).map_err(|error| syntax_error(&error))?;
    expansion::check(&document, limits)?;
    let touches = Touches::of(table, restrictions, &mut document);
    let something_hidden = !touches.are_allowed(restrictions, caller);
    if something_hidden {
        masks::hide(table, restrictions, &mut document, caller);
    }
    // async-graphql forgets operations once it has chosen one; here the whole document must be valid
    let mut request = async_graphql::Request::new(String::new());
    request.operation_name =
        document.operations.iter().next().and_then(|(name, _)| name.map(ToString::to_string));
    request.set_parsed_query(document.clone());
    let mut errors = validator.execute(request).await.errors;
    // rules that keep names in sets report in another order each time; the document's is the same for everybody
    errors.sort_by_key(|error| error.locations.first().map(|pos| (pos.line, pos.column)));
    if something_hidden {
        return Err(masks::refusal(errors));
    }
    if !errors.is_empty() {
        return Err(Refusal::from_errors(ErrorCode::ValidationFailed, errors));
    }
    let operations = document
        .operations
        .iter()
        .map(|(name, operation)| prepare_operation(name, operation, &document, rules))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(PreparedDocument::new(operations, touches, text.len()))
}

fn prepare_operation(
    name: Option<&Name>,
    operation: &Positioned<OperationDefinition>,
    document: &ExecutableDocument,
    rules: Rules<'_>,
) -> Result<PreparedOperation, Refusal> {
    let Rules { table, limits, .. } = rules;
    let declared = usage::declared_variables(table, &operation.node)?;
    usage::check(table, document, &operation.node, &declared)?;
    overlap::check(table, document, &operation.node)?;
    let executable = normalise(rules, document, &operation.node)?;
    mutation_root::check(&executable)?;
    subscription_root::check(&executable)?;
    introspection::check(&executable, limits)?;
    Ok(PreparedOperation {
        name: name.cloned(),
        kind: operation.node.ty,
        variables: variables(&operation.node, declared),
        in_context: InContextTemplate::of(&operation.node.directives),
        cost: Cost::of(table, &executable, limits.assumed_page, rules.unpaged),
        executable: Positioned::new(executable, operation.pos),
    })
}

fn variables(
    operation: &OperationDefinition,
    mut declared: HashMap<Name, crate::input::Declared>,
) -> Vec<PreparedVariable> {
    operation
        .variable_definitions
        .iter()
        .filter_map(|definition| {
            let name = definition.node.name.node.clone();
            let ty = declared.remove(&name)?.ty;
            let default = definition.node.default_value.as_ref().map(|value| value.node.clone());
            Some(PreparedVariable { name, pos: definition.pos, ty, default })
        })
        .collect()
}

/// The parser draws a picture of the source; one line is enough, the place is in `locations`.
fn syntax_error(error: &async_graphql_parser::Error) -> Refusal {
    let text = error.to_string();
    let expected = text.lines().rev().find_map(|line| line.trim_start().strip_prefix("= "));
    let message = match expected {
        Some(expected) => format!("Syntax error: {expected}."),
        None => format!("Syntax error: {}.", text.trim_end_matches('.')),
    };
    Refusal::at(ErrorCode::ParseFailed, message, error.positions())
}
