//! What is kept of a document that was found valid.

use std::collections::HashMap;

use async_graphql_parser::{
    Pos, Positioned,
    types::{
        DocumentOperations, ExecutableDocument, Field, OperationDefinition, OperationType, Selection,
        SelectionSet,
    },
};
use async_graphql_value::{ConstValue, Name, Value, Variables};

use super::{
    cost::{Amount, Cost},
    masks::Touches,
};
use crate::{
    error_code::ErrorCode,
    in_context::InContextTemplate,
    input::coerce,
    limits::Limits,
    refusal::Refusal,
    types::{TypeRef, TypeTable},
};

/// A valid document, one entry per operation.
#[derive(Debug)]
pub(crate) struct PreparedDocument {
    pub(crate) operations: Vec<PreparedOperation>,
    /// What not everybody may use of what it names.
    pub(crate) touches: Touches,
    /// Rough size in memory, for the cache.
    pub(crate) bytes: u32,
}

/// One operation, ready to be executed with variables.
#[derive(Debug)]
pub(crate) struct PreparedOperation {
    pub(crate) name: Option<Name>,
    pub(crate) kind: OperationType,
    pub(crate) variables: Vec<PreparedVariable>,
    pub(crate) in_context: InContextTemplate,
    pub(crate) cost: Cost,
    /// The normalised operation as async-graphql wants it. It changes its copy, so each request gets one.
    pub(crate) executable: Positioned<OperationDefinition>,
}

/// A declared variable.
#[derive(Debug)]
pub(crate) struct PreparedVariable {
    pub(crate) name: Name,
    pub(crate) pos: Pos,
    pub(crate) ty: TypeRef,
    pub(crate) default: Option<ConstValue>,
}

/// What one selection of an executable operation takes in memory, its names and arguments included, roughly.
const BYTES_PER_SELECTION: usize = 512;

impl PreparedDocument {
    pub(crate) fn new(operations: Vec<PreparedOperation>, touches: Touches, text_bytes: usize) -> Self {
        let selections: usize =
            operations.iter().map(|operation| count(&operation.executable.node.selection_set.node)).sum();
        let bytes = text_bytes.saturating_add(selections.saturating_mul(BYTES_PER_SELECTION));
        Self { operations, touches, bytes: u32::try_from(bytes).unwrap_or(u32::MAX) }
    }

    /// Chooses the operation to run (`GetOperation` of the GraphQL specification, 6.1).
    ///
    /// # Errors
    /// `OPERATION_RESOLUTION_FAILURE`.
    pub(crate) fn operation(&self, name: Option<&str>) -> Result<&PreparedOperation, Refusal> {
        let found = match name {
            Some(name) => self.operations.iter().find(|operation| operation.name.as_deref() == Some(name)),
            None if self.operations.len() == 1 => self.operations.first(),
            None => {
                let message = "The document has several operations; \"operationName\" must name one.";
                return Err(Refusal::new(ErrorCode::OperationResolutionFailure, message));
            }
        };
        found.ok_or_else(|| {
            let message = "\"operationName\" names no operation of the document.";
            Refusal::new(ErrorCode::OperationResolutionFailure, message)
        })
    }
}

impl PreparedOperation {
    /// Coerces the variables of a request: declared ones only, defaults filled in.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` with one error per variable that does not fit.
    pub(crate) fn coerce(&self, table: &TypeTable, mut given: Variables) -> Result<Variables, Refusal> {
        let mut coerced = Variables::default();
        let mut errors = Vec::new();
        for variable in &self.variables {
            let result = match given.remove(&variable.name) {
                Some(mut value) => {
                    coerce(table, &variable.ty, &variable.name, &mut value).map(|()| Some(value))
                }
                None => match &variable.default {
                    Some(default) => {
                        let mut value = default.clone();
                        coerce(table, &variable.ty, &variable.name, &mut value).map(|()| Some(value))
                    }
                    None if variable.ty.non_null => Err(format!(
                        "Variable \"${}\" of required type \"{}\" was not provided.",
                        variable.name,
                        table.display(&variable.ty)
                    )),
                    None => Ok(None),
                },
            };
            match result {
                Ok(Some(value)) => {
                    coerced.insert(variable.name.clone(), value);
                }
                Ok(None) => {}
                Err(message) => errors.push(async_graphql::ServerError::new(message, Some(variable.pos))),
            }
        }
        if errors.is_empty() {
            Ok(coerced)
        } else {
            Err(Refusal::from_errors(ErrorCode::BadUserInput, errors))
        }
    }

    /// Checks the cost with the variables of a request.
    ///
    /// # Errors
    /// `QUERY_TOO_COSTLY`.
    pub(crate) fn check_cost(&self, variables: &Variables, limits: &Limits) -> Result<Amount, Refusal> {
        let cost = self.cost.with(variables);
        let over = |count: u64, what: &str, limit: u64| {
            let message = format!("The operation may return {count} {what}; at most {limit} are allowed.");
            Err(Refusal::at(ErrorCode::QueryTooCostly, message, [self.executable.pos]))
        };
        if cost.objects > limits.cost {
            return over(cost.objects, "objects", limits.cost);
        }
        if cost.fields > limits.resolved_fields {
            return over(cost.fields, "fields", limits.resolved_fields);
        }
        Ok(cost)
    }

    /// A copy to execute with these variables.
    ///
    /// An argument whose variable has no value is an argument left out (GraphQL specification, 6.4.1), so it goes, and
    /// the schema's default applies; async-graphql would take it as undefined and forget the default.
    pub(crate) fn document(&self, variables: &Variables) -> ExecutableDocument {
        let mut operation = self.executable.clone();
        if variables.len() < self.variables.len() {
            drop_absent(&mut operation.node.selection_set.node, variables);
        }
        ExecutableDocument { operations: DocumentOperations::Single(operation), fragments: HashMap::new() }
    }
}

fn count(set: &SelectionSet) -> usize {
    set.items
        .iter()
        .map(|selection| match &selection.node {
            Selection::Field(field) => 1 + count(&field.node.selection_set.node),
            Selection::InlineFragment(fragment) => 1 + count(&fragment.node.selection_set.node),
            Selection::FragmentSpread(_) => 1,
        })
        .sum()
}

fn drop_absent(set: &mut SelectionSet, variables: &Variables) {
    for selection in &mut set.items {
        match &mut selection.node {
            Selection::Field(Positioned { node: Field { arguments, selection_set, .. }, .. }) => {
                arguments.retain(
                    |(_, value)| !matches!(&value.node, Value::Variable(name) if !variables.contains_key(name)),
                );
                drop_absent(&mut selection_set.node, variables);
            }
            Selection::InlineFragment(fragment) => {
                drop_absent(&mut fragment.node.selection_set.node, variables);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}
