//! Limits on introspection. Its lists have no page size, so a query that walks `types { fields { type { fields … } } }`
//! grows by the size of the schema at each step; what tools ask for nests two of them.

use async_graphql_parser::Positioned;
use async_graphql_parser::types::{OperationDefinition, Selection, SelectionSet};

use crate::{error_code::ErrorCode, limits::Limits, refusal::Refusal};

/// Lists that lead from types to types; graphql-js bounds the nesting of the same ones.
const WALKING_LISTS: [&str; 4] = ["fields", "interfaces", "possibleTypes", "inputFields"];
/// List fields of one introspection query in total; the query of GraphiQL and of code generators has 9.
const MAX_LISTS: usize = 30;

/// Checks a normalised operation.
///
/// # Errors
/// `INTROSPECTION_DISABLED`, `QUERY_TOO_DEEP` or `QUERY_TOO_COSTLY`.
pub(crate) fn check(operation: &OperationDefinition, limits: &Limits) -> Result<(), Refusal> {
    let mut walk = Walk { limits, lists: 0 };
    walk.root(&operation.selection_set.node)
}

struct Walk<'a> {
    limits: &'a Limits,
    lists: usize,
}

impl Walk<'_> {
    /// The entry points stand at the root, conditional fragments included.
    fn root(&mut self, set: &SelectionSet) -> Result<(), Refusal> {
        for Positioned { node: selection, pos } in &set.items {
            match selection {
                Selection::Field(field) if matches!(field.node.name.node.as_str(), "__schema" | "__type") => {
                    if !self.limits.introspection {
                        let message = "Introspection is switched off.";
                        return Err(Refusal::at(ErrorCode::IntrospectionDisabled, message, [*pos]));
                    }
                    self.lists += 1;
                    self.below(&field.node.selection_set.node, 0)?;
                }
                Selection::InlineFragment(fragment) => self.root(&fragment.node.selection_set.node)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn below(&mut self, set: &SelectionSet, nested: usize) -> Result<(), Refusal> {
        for Positioned { node: selection, pos } in &set.items {
            match selection {
                Selection::Field(field) => {
                    let name = field.node.name.node.as_str();
                    let walks = WALKING_LISTS.contains(&name);
                    self.lists +=
                        usize::from(walks || matches!(name, "types" | "args" | "enumValues" | "directives"));
                    let nested = nested + usize::from(walks);
                    if nested > self.limits.introspection_lists {
                        let message = "The introspection query nests too many lists.";
                        return Err(Refusal::at(ErrorCode::QueryTooDeep, message, [*pos]));
                    }
                    if self.lists > MAX_LISTS {
                        let message = "The introspection query asks for too many lists.";
                        return Err(Refusal::at(ErrorCode::QueryTooCostly, message, [*pos]));
                    }
                    self.below(&field.node.selection_set.node, nested)?;
                }
                Selection::InlineFragment(fragment) => {
                    self.below(&fragment.node.selection_set.node, nested)?;
                }
                Selection::FragmentSpread(_) => {}
            }
        }
        Ok(())
    }
}
