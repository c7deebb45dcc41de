//! The values and variables of one operation against the types they are used for: every argument of every field and
//! directive, fragments included, and the defaults of the variables themselves.

use std::collections::{HashMap, HashSet};

use async_graphql::ServerError;
use async_graphql_parser::{
    Positioned,
    types::{
        Directive, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet,
        VariableDefinition,
    },
};
use async_graphql_value::{ConstValue, Name};

use crate::{
    error_code::ErrorCode,
    input::{Declared, LiteralCheck},
    refusal::Refusal,
    types::{InputValue, TypeId, TypeKind, TypeTable, find_input},
};

/// Resolves the declared variables of an operation.
///
/// # Errors
/// `GRAPHQL_VALIDATION_FAILED` for an unknown type, or one that is not an input type.
pub(crate) fn declared_variables(
    table: &TypeTable,
    operation: &OperationDefinition,
) -> Result<HashMap<Name, Declared>, Refusal> {
    let mut declared = HashMap::with_capacity(operation.variable_definitions.len());
    for definition in &operation.variable_definitions {
        let VariableDefinition { name, var_type, default_value, .. } = &definition.node;
        let ty = table.resolve(&var_type.node).filter(|ty| {
            matches!(
                table.get(ty.named()).kind,
                TypeKind::Scalar(_) | TypeKind::Enum { .. } | TypeKind::Input { .. }
            )
        });
        let Some(ty) = ty else {
            let message = format!("Variable \"${}\" cannot have the type \"{}\".", name.node, var_type.node);
            return Err(Refusal::at(ErrorCode::ValidationFailed, message, [definition.pos]));
        };
        let has_default = default_value.as_ref().is_some_and(|value| value.node != ConstValue::Null);
        declared.insert(name.node.clone(), Declared { ty, has_default });
    }
    Ok(declared)
}

/// Checks one operation.
///
/// # Errors
/// `GRAPHQL_VALIDATION_FAILED` with every misplaced value and variable.
pub(crate) fn check(
    table: &TypeTable,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &HashMap<Name, Declared>,
) -> Result<(), Refusal> {
    let mut usage =
        Usage { table, document, literals: LiteralCheck::new(table, variables), visited: HashSet::new() };
    for definition in &operation.variable_definitions {
        usage.default_value(definition, variables);
    }
    usage.directives(&operation.directives);
    usage.selection_set(&operation.selection_set.node, table.root(operation.ty));
    let errors: Vec<ServerError> = usage.literals.into_errors();
    if errors.is_empty() { Ok(()) } else { Err(Refusal::from_errors(ErrorCode::ValidationFailed, errors)) }
}

struct Usage<'a> {
    table: &'a TypeTable,
    document: &'a ExecutableDocument,
    literals: LiteralCheck<'a>,
    /// A fragment is checked once: its type condition, not its use, decides the types inside.
    visited: HashSet<&'a str>,
}

impl<'a> Usage<'a> {
    fn default_value(
        &mut self,
        definition: &Positioned<VariableDefinition>,
        variables: &HashMap<Name, Declared>,
    ) {
        let VariableDefinition { name, default_value, .. } = &definition.node;
        if let (Some(value), Some(declared)) = (default_value, variables.get(&name.node)) {
            let place =
                InputValue { name: name.node.as_str().into(), ty: declared.ty.clone(), default: None };
            self.literals.argument(&place, &value.node.clone().into_value(), value.pos);
        }
    }

    fn selection_set(&mut self, set: &'a SelectionSet, parent: Option<TypeId>) {
        for selection in &set.items {
            self.directives(selection.node.directives());
            match &selection.node {
                Selection::Field(field) => self.field(field, parent),
                Selection::InlineFragment(fragment) => {
                    let condition = match &fragment.node.type_condition {
                        Some(condition) => self.table.find(&condition.node.on.node),
                        None => parent,
                    };
                    self.selection_set(&fragment.node.selection_set.node, condition);
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if let Some(fragment) = self.document.fragments.get(name)
                        && self.visited.insert(name)
                    {
                        self.directives(&fragment.node.directives);
                        let condition = self.table.find(&fragment.node.type_condition.node.on.node);
                        self.selection_set(&fragment.node.selection_set.node, condition);
                    }
                }
            }
        }
    }

    fn field(&mut self, field: &'a Positioned<Field>, parent: Option<TypeId>) {
        let table = self.table;
        let definition = parent.and_then(|parent| table.field(parent, &field.node.name.node));
        if let Some(definition) = definition {
            for (name, value) in &field.node.arguments {
                if let Some(argument) = definition.argument(&name.node) {
                    self.literals.argument(argument, &value.node, value.pos);
                }
            }
        }
        let below = definition.map(|definition| definition.ty.named());
        self.selection_set(&field.node.selection_set.node, below);
    }

    fn directives(&mut self, directives: &[Positioned<Directive>]) {
        for directive in directives {
            let Some(arguments) = self.table.directive(&directive.node.name.node) else { continue };
            for (name, value) in &directive.node.arguments {
                if let Some(argument) = find_input(arguments, &name.node) {
                    self.literals.argument(argument, &value.node, value.pos);
                }
            }
        }
    }
}
