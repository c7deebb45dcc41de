//! A mutation field must run once. Whatever is left of repeated response keys at the root after normalisation depends
//! on conditions (`@include(if: $x)`), and async-graphql would run such a field twice: refused.

use std::collections::HashSet;

use async_graphql_parser::{
    Positioned,
    types::{OperationDefinition, OperationType, Selection, SelectionSet},
};

use crate::{error_code::ErrorCode, refusal::Refusal};

/// Checks the root of a normalised operation.
///
/// # Errors
/// `REPEATED_MUTATION_FIELD` if two fields of a mutation's root share a response key.
pub(crate) fn check(operation: &OperationDefinition) -> Result<(), Refusal> {
    if operation.ty == OperationType::Mutation {
        unique_keys(&operation.selection_set.node, &mut HashSet::new())
    } else {
        Ok(())
    }
}

fn unique_keys<'a>(set: &'a SelectionSet, keys: &mut HashSet<&'a str>) -> Result<(), Refusal> {
    for Positioned { node: selection, pos } in &set.items {
        match selection {
            Selection::Field(field) => {
                let key = field.node.response_key().node.as_str();
                if !keys.insert(key) && key != "__typename" {
                    let message =
                        format!("The mutation would run \"{key}\" more than once; use different aliases.");
                    return Err(Refusal::at(ErrorCode::RepeatedMutationField, message, [*pos]));
                }
            }
            Selection::InlineFragment(fragment) => unique_keys(&fragment.node.selection_set.node, keys)?,
            Selection::FragmentSpread(_) => {}
        }
    }
    Ok(())
}
