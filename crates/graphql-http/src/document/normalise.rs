//! Rewrites an operation into an equal one that executes once what the client wrote several times.
//!
//! async-graphql resolves a field again for each time its response key is selected, so `{ a { x } a { y } }` runs `a`
//! twice — with two effects if it is a mutation — and merges the answers afterwards. Here fragments that always apply are
//! put where they are spread, and fields with one response key become one field (`CollectFields` and `MergeSelectionSets`
//! of the GraphQL specification, 6.3.2 and 6.4.3). What depends on a condition, on `@skip` or `@include`, stays a fragment.
//! `@defer` is dropped: an answer in one piece is a valid answer to it.

use async_graphql_parser::{
    Positioned,
    types::{
        Directive, ExecutableDocument, Field, InlineFragment, OperationDefinition, Selection, SelectionSet,
        TypeCondition,
    },
};
use async_graphql_value::Name;

use crate::{
    null_on_error::NullOnError,
    types::{OutputField, TypeId, TypeTable},
};

/// The directive that this server answers by not deferring.
const DEFER: &str = "defer";

/// Gives the operation without directives of its own and without fragment spreads.
///
/// The document must be valid: known fragments, no cycles, mergeable fields.
pub(crate) fn normalise(
    table: &TypeTable,
    null_on_error: &NullOnError,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
) -> OperationDefinition {
    let normaliser = Normaliser { table, null_on_error, document };
    let items = normaliser.selections(&[&operation.selection_set.node], table.root(operation.ty));
    OperationDefinition {
        ty: operation.ty,
        variable_definitions: operation.variable_definitions.clone(),
        directives: Vec::new(),
        selection_set: Positioned::new(SelectionSet { items }, operation.selection_set.pos),
    }
}

struct Normaliser<'a> {
    table: &'a TypeTable,
    null_on_error: &'a NullOnError,
    document: &'a ExecutableDocument,
}

/// What one selection set becomes, in the order of the answer.
enum Part<'a> {
    /// One field with all selection sets that were written for it.
    Field { field: &'a Positioned<Field>, sets: Vec<&'a SelectionSet> },
    /// A fragment that may not apply.
    Conditional {
        selection: &'a Positioned<Selection>,
        set: &'a SelectionSet,
        condition: Option<&'a Positioned<TypeCondition>>,
    },
}

impl<'a> Normaliser<'a> {
    fn selections(&self, sets: &[&'a SelectionSet], parent: Option<TypeId>) -> Vec<Positioned<Selection>> {
        let mut parts = Vec::new();
        for set in sets {
            self.collect(set, parent, &mut parts);
        }
        parts.into_iter().map(|part| self.rebuild(part, parent)).collect()
    }

    fn collect(&self, set: &'a SelectionSet, parent: Option<TypeId>, parts: &mut Vec<Part<'a>>) {
        for selection in &set.items {
            let (set, condition) = match &selection.node {
                Selection::Field(field) => {
                    add_field(field, parts);
                    continue;
                }
                Selection::InlineFragment(fragment) => {
                    (&fragment.node.selection_set.node, fragment.node.type_condition.as_ref())
                }
                Selection::FragmentSpread(spread) => {
                    match self.document.fragments.get(&spread.node.fragment_name.node) {
                        Some(fragment) => {
                            (&fragment.node.selection_set.node, Some(&fragment.node.type_condition))
                        }
                        None => continue,
                    }
                }
            };
            let unconditional = kept_directives(selection.node.directives()).next().is_none();
            if unconditional && self.always_applies(parent, condition) {
                self.collect(set, parent, parts);
            } else {
                parts.push(Part::Conditional { selection, set, condition });
            }
        }
    }

    fn always_applies(&self, parent: Option<TypeId>, condition: Option<&Positioned<TypeCondition>>) -> bool {
        let Some(condition) = condition else { return true };
        let condition = self.table.find(&condition.node.on.node);
        matches!((parent, condition), (Some(parent), Some(condition)) if self.table.always_applies(parent, condition))
    }

    fn rebuild(&self, part: Part<'a>, parent: Option<TypeId>) -> Positioned<Selection> {
        match part {
            Part::Field { field, sets } => {
                let ty = parent.and_then(|parent| self.table.field(parent, &field.node.name.node));
                let below = self.selections(&sets, ty.map(|field| field.ty.named()));
                let rebuilt = Field {
                    alias: field.node.alias.clone(),
                    name: field.node.name.clone(),
                    arguments: field.node.arguments.clone(),
                    directives: self.directives(&field.node, parent, ty),
                    selection_set: Positioned::new(
                        SelectionSet { items: below },
                        field.node.selection_set.pos,
                    ),
                };
                Positioned::new(Selection::Field(Positioned::new(rebuilt, field.pos)), field.pos)
            }
            Part::Conditional { selection, set, condition } => {
                let inner = match condition {
                    Some(condition) => self.table.find(&condition.node.on.node),
                    None => parent,
                };
                let fragment = InlineFragment {
                    type_condition: condition.cloned(),
                    directives: kept_directives(selection.node.directives()).cloned().collect(),
                    selection_set: Positioned::new(
                        SelectionSet { items: self.selections(&[set], inner) },
                        selection.pos,
                    ),
                };
                Positioned::new(
                    Selection::InlineFragment(Positioned::new(fragment, selection.pos)),
                    selection.pos,
                )
            }
        }
    }
}

impl Normaliser<'_> {
    /// The directives that a field is executed with.
    fn directives(
        &self,
        field: &Field,
        parent: Option<TypeId>,
        definition: Option<&OutputField>,
    ) -> Vec<Positioned<Directive>> {
        let mut directives: Vec<_> = kept_directives(&field.directives).cloned().collect();
        if let (Some(parent), Some(definition)) = (parent, definition)
            && self.null_on_error.wraps(&self.table.get(parent).name, &field.name.node, definition)
        {
            directives.push(NullOnError::directive(field.name.pos));
        }
        directives
    }
}

/// Adds a field, or its selection set to the same unconditional field.
fn add_field<'a>(field: &'a Positioned<Field>, parts: &mut Vec<Part<'a>>) {
    let set = &field.node.selection_set.node;
    let unconditional = |field: &Field| kept_directives(&field.directives).next().is_none();
    if unconditional(&field.node) {
        let key: &Name = &field.node.response_key().node;
        for part in parts.iter_mut() {
            if let Part::Field { field: known, sets } = part
                && known.node.response_key().node == *key
                && unconditional(&known.node)
            {
                sets.push(set);
                return;
            }
        }
    }
    parts.push(Part::Field { field, sets: vec![set] });
}

fn kept_directives(directives: &[Positioned<Directive>]) -> impl Iterator<Item = &Positioned<Directive>> {
    directives.iter().filter(|directive| directive.node.name.node != DEFER)
}
