//! Completes the path of an error. On its way out async-graphql overwrites an error's path at each list and at each
//! field resolved without `async`, so the path ends there. What is left is a prefix, and the error still knows its place in the
//! document: the fields between the two are the rest of the path.

use async_graphql::{PathSegment, Pos, ServerError};
use async_graphql_parser::types::{Field, Selection, SelectionSet};

use crate::{
    document::PreparedOperation,
    types::{TypeId, TypeTable},
};

/// Appends the missing fields to an error's path. Where a list lies between, its index is lost; the path then ends at
/// the list.
pub(crate) fn complete(error: &mut ServerError, table: &TypeTable, operation: &PreparedOperation) {
    let [pos, ..] = error.locations[..] else { return };
    if error.path.is_empty() {
        return;
    }
    let root = &operation.executable.node.selection_set.node;
    let mut reached = vec![Reached { set: root, parent: table.root(operation.kind) }];
    let mut last_pos = None;
    for segment in &error.path {
        let PathSegment::Field(key) = segment else { continue };
        let fields: Vec<_> = reached.iter().flat_map(|each| each.fields(table, key)).collect();
        last_pos = fields.first().map(|(field, _)| *field);
        reached = fields
            .into_iter()
            .map(|(field, parent)| Reached { set: &field.selection_set.node, parent })
            .collect();
    }
    if last_pos.is_some_and(|field| is_at(field, field.name.pos, pos)) {
        return;
    }
    let mut rest = Vec::new();
    for each in &reached {
        if each.find(table, pos, &mut rest) {
            error.path.extend(rest);
            return;
        }
        rest.clear();
    }
}

/// A selection set that the path leads to, with the type it is on.
struct Reached<'a> {
    set: &'a SelectionSet,
    parent: Option<TypeId>,
}

impl<'a> Reached<'a> {
    /// The fields with this response key, fragments looked through.
    fn fields(&self, table: &TypeTable, key: &str) -> Vec<(&'a Field, Option<TypeId>)> {
        let mut found = Vec::new();
        for selection in &self.set.items {
            match &selection.node {
                Selection::Field(field) if field.node.response_key().node == key => {
                    let ty = self.parent.and_then(|parent| table.field(parent, &field.node.name.node));
                    found.push((&field.node, ty.map(|field| field.ty.named())));
                }
                Selection::InlineFragment(fragment) => {
                    found.extend(self.inside(table, &fragment.node).fields(table, key));
                }
                _ => {}
            }
        }
        found
    }

    fn inside(&self, table: &TypeTable, fragment: &'a async_graphql_parser::types::InlineFragment) -> Self {
        let parent = match &fragment.type_condition {
            Some(condition) => table.find(&condition.node.on.node),
            None => self.parent,
        };
        Self { set: &fragment.selection_set.node, parent }
    }

    /// Looks for the field at a place of the document and collects the response keys on the way to it.
    fn find(&self, table: &TypeTable, pos: Pos, path: &mut Vec<PathSegment>) -> bool {
        for selection in &self.set.items {
            let found = match &selection.node {
                Selection::Field(field) => {
                    let ty = self.parent.and_then(|parent| table.field(parent, &field.node.name.node));
                    path.push(PathSegment::Field(field.node.response_key().node.to_string()));
                    if is_at(&field.node, field.pos, pos) {
                        return true;
                    }
                    let depth = path.len();
                    let below = Reached {
                        set: &field.node.selection_set.node,
                        parent: ty.map(|field| field.ty.named()),
                    };
                    if below.find(table, pos, path) {
                        if ty.is_some_and(|field| field.ty.is_list()) {
                            path.truncate(depth);
                        }
                        return true;
                    }
                    path.pop();
                    false
                }
                Selection::InlineFragment(fragment) => {
                    self.inside(table, &fragment.node).find(table, pos, path)
                }
                Selection::FragmentSpread(_) => false,
            };
            if found {
                return true;
            }
        }
        false
    }
}

/// Whether a place is that of a field or of one of its arguments.
fn is_at(field: &Field, start: Pos, pos: Pos) -> bool {
    start == pos
        || field.alias.as_ref().is_some_and(|alias| alias.pos == pos)
        || field.arguments.iter().any(|(_, value)| value.pos == pos)
}
