//! Rewrites an operation into an equal one that executes once what the client wrote several times.
//!
//! async-graphql resolves a field again for each time its response key is selected, so `{ a { x } a { y } }` runs `a`
//! twice — with two effects if it is a mutation — and merges the answers afterwards. Here fragments that always apply are
//! put where they are spread, and fields with one response key become one field (`CollectFields` and `MergeSelectionSets`
//! of the GraphQL specification, 6.3.2 and 6.4.3). What depends on a condition, on `@skip` or `@include`, stays a fragment.
//! `@defer` is dropped: an answer in one piece is a valid answer to it.

use std::cell::Cell;

use async_graphql_parser::{
    Positioned,
    types::{
        Directive, ExecutableDocument, Field, InlineFragment, OperationDefinition, Selection, SelectionSet,
        TypeCondition,
    },
};
use async_graphql_value::Name;

use super::prepare::Rules;
use crate::{
    error_code::ErrorCode,
    null_on_error::NullOnError,
    refusal::Refusal,
    types::{OutputField, TypeId, TypeKind, TypeTable},
};

/// The directive that this server answers by not deferring.
const DEFER: &str = "defer";

/// Gives the operation without directives of its own and without fragment spreads.
///
/// The document must be valid: known fragments, no cycles, mergeable fields.
///
/// # Errors
/// `QUERY_TOO_COSTLY` if the result would have more selections than documents may expand to.
pub(crate) fn normalise(
    rules: Rules<'_>,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
) -> Result<OperationDefinition, Refusal> {
    let normaliser = Normaliser {
        table: rules.table,
        null_on_error: rules.null_on_error,
        document,
        left: Cell::new(rules.limits.expanded_selections),
    };
    let items = normaliser.selections(&[&operation.selection_set.node], rules.table.root(operation.ty))?;
    Ok(OperationDefinition {
        ty: operation.ty,
        variable_definitions: operation.variable_definitions.clone(),
        directives: Vec::new(),
        selection_set: Positioned::new(SelectionSet { items }, operation.selection_set.pos),
    })
}

struct Normaliser<'a> {
    table: &'a TypeTable,
    null_on_error: &'a NullOnError,
    document: &'a ExecutableDocument,
    /// Selections that may still be written. Only fragments on unions can make more than the document expands to.
    left: Cell<usize>,
}

/// What one selection set becomes, in the order of the answer.
enum Part<'a> {
    /// One field with all selection sets that were written for it.
    Field { field: &'a Positioned<Field>, sets: Vec<&'a SelectionSet> },
    /// A fragment that may not apply, because of its directives or of its type.
    Conditional { selection: &'a Positioned<Selection>, set: &'a SelectionSet, on: Option<TypeId> },
}

impl<'a> Normaliser<'a> {
    fn selections(
        &self,
        sets: &[&'a SelectionSet],
        parent: Option<TypeId>,
    ) -> Result<Vec<Positioned<Selection>>, Refusal> {
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
            let on = condition.and_then(|condition| self.table.find(&condition.node.on.node));
            match on.filter(|on| !parent.is_some_and(|parent| self.table.always_applies(parent, *on))) {
                Some(on) => self.conditional(selection, set, on, parts),
                None if kept_directives(selection.node.directives()).next().is_none() => {
                    self.collect(set, parent, parts);
                }
                None => parts.push(Part::Conditional { selection, set, on: None }),
            }
        }
    }

    /// A fragment on a type that not every value has. The executor never finds an object to be of a union, so a fragment
    /// on a union becomes one on each of its members.
    fn conditional(
        &self,
        selection: &'a Positioned<Selection>,
        set: &'a SelectionSet,
        on: TypeId,
        parts: &mut Vec<Part<'a>>,
    ) {
        match &self.table.get(on).kind {
            TypeKind::Union { members } => {
                parts.extend(members.iter().map(|member| Part::Conditional {
                    selection,
                    set,
                    on: Some(*member),
                }));
            }
            _ => parts.push(Part::Conditional { selection, set, on: Some(on) }),
        }
    }

    fn rebuild(&self, part: Part<'a>, parent: Option<TypeId>) -> Result<Positioned<Selection>, Refusal> {
        let Some(left) = self.left.get().checked_sub(1) else {
            let message = "The operation has too many selections once its fragments are expanded.";
            return Err(Refusal::new(ErrorCode::QueryTooCostly, message));
        };
        self.left.set(left);
        match part {
            Part::Field { field, sets } => {
                let ty = parent.and_then(|parent| self.table.field(parent, &field.node.name.node));
                let items = self.selections(&sets, ty.map(|field| field.ty.named()))?;
                let rebuilt = Field {
                    alias: field.node.alias.clone(),
                    name: field.node.name.clone(),
                    arguments: field.node.arguments.clone(),
                    directives: self.directives(&field.node, parent, ty),
                    selection_set: Positioned::new(SelectionSet { items }, field.node.selection_set.pos),
                };
                Ok(Positioned::new(Selection::Field(Positioned::new(rebuilt, field.pos)), field.pos))
            }
            Part::Conditional { selection, set, on } => {
                let pos = selection.pos;
                let type_condition = on.map(|on| {
                    let name = Name::new(&self.table.get(on).name);
                    Positioned::new(TypeCondition { on: Positioned::new(name, pos) }, pos)
                });
                let items = self.selections(&[set], on.or(parent))?;
                let fragment = InlineFragment {
                    type_condition,
                    directives: kept_directives(selection.node.directives()).cloned().collect(),
                    selection_set: Positioned::new(SelectionSet { items }, pos),
                };
                Ok(Positioned::new(Selection::InlineFragment(Positioned::new(fragment, pos)), pos))
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
