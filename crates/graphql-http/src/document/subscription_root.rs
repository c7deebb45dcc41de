//! A subscription has one root field, and it is not of introspection (GraphQL specification, 5.2.4.1), since an event is
//! one field's. async-graphql would run several side by side and mix their events.

use async_graphql_parser::types::{OperationDefinition, OperationType, Selection};

use crate::{error_code::ErrorCode, refusal::Refusal};

/// Checks a normalised operation, in which every field stands once and fragments are spread out.
///
/// # Errors
/// `GRAPHQL_VALIDATION_FAILED`.
pub(super) fn check(operation: &OperationDefinition) -> Result<(), Refusal> {
    if operation.ty != OperationType::Subscription {
        return Ok(());
    }
    let refused = |message: &str, pos| Err(Refusal::at(ErrorCode::ValidationFailed, message, [pos]));
    let mut found = None;
    for selection in &operation.selection_set.node.items {
        let Selection::Field(field) = &selection.node else {
            return refused("A subscription selects its one field directly.", selection.pos);
        };
        if found.replace(field).is_some() {
            return refused("A subscription has one root field.", selection.pos);
        }
        if field.node.name.node.starts_with("__") {
            return refused("The root field of a subscription is not of introspection.", selection.pos);
        }
        let conditional = |name: &str| matches!(name, "skip" | "include");
        if field.node.directives.iter().any(|directive| conditional(&directive.node.name.node)) {
            return refused("The root field of a subscription has no condition.", selection.pos);
        }
    }
    Ok(())
}
