//! "Field Selection Merging" (GraphQL specification, 5.3.2), in full: async-graphql compares fields of one selection set
//! only and accepts `{ a { x: b } a { x: c } }`.
//!
//! Both halves of the rule are equivalences within a group of fields, so each field is compared with the first of its
//! group instead of with all others.

use async_graphql::ServerError;
use async_graphql_parser::{
    Positioned,
    types::{ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet},
};
use async_graphql_value::indexmap::IndexMap;

use crate::{
    error_code::ErrorCode,
    refusal::Refusal,
    types::{Base, TypeId, TypeRef, TypeTable},
};

/// Comparisons before the document is refused as too costly. A field under an abstract type is compared once per
/// concrete type beside it, at every level, which documents can be written to abuse.
const MAX_COMPARISONS: usize = 200_000;

/// Checks one operation whose fragments are known not to be cyclic and to expand to a bounded size.
///
/// # Errors
/// `GRAPHQL_VALIDATION_FAILED` with the conflicting places, or `QUERY_TOO_COSTLY`.
pub(crate) fn check(
    table: &TypeTable,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
) -> Result<(), Refusal> {
    let mut overlap = Overlap { table, document, comparisons: 0, errors: Vec::new() };
    let mut uses = Vec::new();
    overlap.collect(&operation.selection_set.node, table.root(operation.ty), &mut uses);
    overlap.same_shape(&uses)?;
    overlap.same_field(&uses)?;
    if overlap.errors.is_empty() {
        Ok(())
    } else {
        Err(Refusal::from_errors(ErrorCode::ValidationFailed, overlap.errors))
    }
}

/// A field as selected somewhere, with the type it was selected on.
#[derive(Clone, Copy)]
struct FieldUse<'a> {
    field: &'a Positioned<Field>,
    parent: Option<TypeId>,
    ty: Option<&'a TypeRef>,
}

impl<'a> FieldUse<'a> {
    fn key(&self) -> &'a str {
        self.field.node.response_key().node.as_str()
    }
}

struct Overlap<'a> {
    table: &'a TypeTable,
    document: &'a ExecutableDocument,
    comparisons: usize,
    errors: Vec<ServerError>,
}

impl<'a> Overlap<'a> {
    /// All fields that a selection set selects, fragments expanded.
    fn collect(&self, set: &'a SelectionSet, parent: Option<TypeId>, uses: &mut Vec<FieldUse<'a>>) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let ty = parent.and_then(|parent| self.table.field(parent, &field.node.name.node));
                    uses.push(FieldUse { field, parent, ty: ty.map(|field| &field.ty) });
                }
                Selection::InlineFragment(fragment) => {
                    let condition = match &fragment.node.type_condition {
                        Some(condition) => self.table.find(&condition.node.on.node),
                        None => parent,
                    };
                    self.collect(&fragment.node.selection_set.node, condition, uses);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.node.fragment_name.node) {
                        let condition = self.table.find(&fragment.node.type_condition.node.on.node);
                        self.collect(&fragment.node.selection_set.node, condition, uses);
                    }
                }
            }
        }
    }

    /// The fields that a group selects below itself, taken together.
    fn below(&self, group: &[FieldUse<'a>]) -> Vec<FieldUse<'a>> {
        let mut uses = Vec::new();
        for each in group {
            let parent = each.ty.map(TypeRef::named);
            self.collect(&each.field.node.selection_set.node, parent, &mut uses);
        }
        uses
    }

    /// Fields with one response key have one shape, whatever types they are selected on.
    fn same_shape(&mut self, uses: &[FieldUse<'a>]) -> Result<(), Refusal> {
        for group in by_key(uses) {
            self.spend(group.len())?;
            let [first, rest @ ..] = group.as_slice() else { continue };
            for other in rest {
                if let (Some(a), Some(b)) = (first.ty, other.ty)
                    && !self.shapes_agree(a, b)
                {
                    self.report(first, other, "they return different types");
                }
            }
            let below = self.below(&group);
            self.same_shape(&below)?;
        }
        Ok(())
    }

    /// Fields with one response key that can meet in one object are the same field with the same arguments.
    fn same_field(&mut self, uses: &[FieldUse<'a>]) -> Result<(), Refusal> {
        for group in by_key(uses) {
            let mut objects: Vec<TypeId> = group
                .iter()
                .filter_map(|each| each.parent)
                .filter(|parent| self.table.is_object(*parent))
                .collect();
            objects.sort_unstable_by_key(|id| id.index());
            objects.dedup();
            if objects.len() < 2 {
                self.same_field_in(&group)?;
            } else {
                for object in objects {
                    let meeting: Vec<_> = group
                        .iter()
                        .filter(|each| {
                            each.parent.is_none_or(|parent| parent == object || !self.table.is_object(parent))
                        })
                        .copied()
                        .collect();
                    self.same_field_in(&meeting)?;
                }
            }
        }
        Ok(())
    }

    fn same_field_in(&mut self, group: &[FieldUse<'a>]) -> Result<(), Refusal> {
        self.spend(group.len())?;
        let [first, rest @ ..] = group else { return Ok(()) };
        for other in rest {
            if first.field.node.name.node != other.field.node.name.node {
                self.report(first, other, "they are different fields");
            } else if !same_arguments(&first.field.node, &other.field.node) {
                self.report(first, other, "they have different arguments");
            }
        }
        let below = self.below(group);
        self.same_field(&below)
    }

    fn shapes_agree(&self, a: &TypeRef, b: &TypeRef) -> bool {
        if a.non_null != b.non_null {
            return false;
        }
        match (&a.base, &b.base) {
            (Base::List(a), Base::List(b)) => self.shapes_agree(a, b),
            (Base::Named(a), Base::Named(b)) => {
                a == b || (self.table.is_composite(*a) && self.table.is_composite(*b))
            }
            _ => false,
        }
    }

    fn spend(&mut self, comparisons: usize) -> Result<(), Refusal> {
        self.comparisons += comparisons;
        if self.comparisons > MAX_COMPARISONS {
            let message = "The document selects the same fields in too many ways to check.";
            return Err(Refusal::new(ErrorCode::QueryTooCostly, message));
        }
        Ok(())
    }

    fn report(&mut self, first: &FieldUse<'_>, other: &FieldUse<'_>, reason: &str) {
        let key = first.key();
        let mut error = ServerError::new(
            format!("Fields \"{key}\" conflict because {reason}. Use different aliases to fetch both."),
            None,
        );
        error.locations = vec![first.field.pos, other.field.pos];
        self.errors.push(error);
    }
}

fn by_key<'a>(uses: &[FieldUse<'a>]) -> Vec<Vec<FieldUse<'a>>> {
    let mut groups: IndexMap<&str, Vec<FieldUse<'a>>> = IndexMap::new();
    for each in uses {
        groups.entry(each.key()).or_default().push(*each);
    }
    groups.into_values().collect()
}

fn same_arguments(a: &Field, b: &Field) -> bool {
    a.arguments.len() == b.arguments.len()
        && a.arguments
            .iter()
            .all(|(name, value)| b.get_argument(&name.node).is_some_and(|other| other.node == value.node))
}
