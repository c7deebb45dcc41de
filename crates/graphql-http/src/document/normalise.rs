//! Rewrites an operation into an equal one that executes once what the client wrote several times.
//!
//! async-graphql resolves a field again for each time its response key is selected, so `{ a { x } a { y } }` runs `a`
//! twice — with two effects if it is a mutation — and merges the answers afterwards. Here fragments that always apply are
//! put where they are spread, and fields with one response key become one field (`CollectFields` and `MergeSelectionSets`
//! of the GraphQL specification, 6.3.2 and 6.4.3). What depends on a condition, on `@skip` or `@include`, stays a fragment,
//! or becomes one inside the field that is there anyway: `a { x } a @include(if: $y) { y }` is
//! `a { x ... @include(if: $y) { y } }`. Response keys keep the order that `CollectFields` gives them, so a field is not
//! moved before a fragment that may select it too. `@defer` is dropped: an answer in one piece is a valid answer to it.

use std::{cell::Cell, collections::HashMap};

use async_graphql_parser::{
    Pos, Positioned,
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
/// The directives that a fragment can carry in a field's stead.
const CONDITIONS: [&str; 2] = ["skip", "include"];

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
    let items = normaliser
        .selections(&[Piece::always(&operation.selection_set.node)], rules.table.root(operation.ty))?;
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

/// A selection set and the directives that decide whether it applies; mostly none.
#[derive(Clone, Copy)]
struct Piece<'a> {
    set: &'a SelectionSet,
    directives: &'a [Positioned<Directive>],
    pos: Pos,
}

impl<'a> Piece<'a> {
    fn always(set: &'a SelectionSet) -> Self {
        Self { set, directives: &[], pos: Pos::default() }
    }

    fn is_conditional(&self) -> bool {
        kept_directives(self.directives).next().is_some()
    }
}

/// What one selection set becomes, in the order of the answer.
enum Part<'a> {
    /// One field with all selection sets that were written for it.
    Field { field: &'a Positioned<Field>, pieces: Vec<Piece<'a>> },
    /// A fragment that may not apply, because of its directives or of its type.
    Conditional { piece: Piece<'a>, on: Option<TypeId> },
}

/// The parts of one selection set, and where a response key was selected last.
#[derive(Default)]
struct Parts<'a> {
    parts: Vec<Part<'a>>,
    /// By response key: the field that later ones of that key join, if the last mention of it is one that always applies.
    last: HashMap<&'a str, Option<usize>>,
}

impl<'a> Parts<'a> {
    /// Adds a field, or its selection set to the same field if that one always applies.
    fn field(&mut self, field: &'a Positioned<Field>) {
        let key = field.node.response_key().node.as_str();
        let piece =
            Piece { set: &field.node.selection_set.node, directives: &field.node.directives, pos: field.pos };
        if let Some(Some(known)) = self.last.get(key)
            && let Some(Part::Field { pieces, .. }) = self.parts.get_mut(*known)
            && kept_directives(piece.directives)
                .all(|directive| CONDITIONS.contains(&directive.node.name.node.as_str()))
        {
            if !piece.set.items.is_empty() {
                pieces.push(piece);
            }
            return;
        }
        self.last.insert(key, (!piece.is_conditional()).then_some(self.parts.len()));
        self.parts.push(Part::Field { field, pieces: vec![Piece::always(piece.set)] });
    }

    /// Adds a fragment that may not apply.
    fn conditional(&mut self, piece: Piece<'a>, on: Option<TypeId>, document: &'a ExecutableDocument) {
        self.mention(piece.set, document);
        self.parts.push(Part::Conditional { piece, on });
    }

    /// Remembers that the keys of a fragment have been selected, maybe.
    fn mention(&mut self, set: &'a SelectionSet, document: &'a ExecutableDocument) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    self.last.insert(field.node.response_key().node.as_str(), None);
                }
                Selection::InlineFragment(fragment) => {
                    self.mention(&fragment.node.selection_set.node, document);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                        self.mention(&fragment.node.selection_set.node, document);
                    }
                }
            }
        }
    }
}

impl<'a> Normaliser<'a> {
    fn selections(
        &self,
        pieces: &[Piece<'a>],
        parent: Option<TypeId>,
    ) -> Result<Vec<Positioned<Selection>>, Refusal> {
        let mut parts = Parts::default();
        for piece in pieces {
            if piece.is_conditional() {
                parts.conditional(*piece, None, self.document);
            } else {
                self.collect(piece.set, parent, &mut parts);
            }
        }
        parts.parts.into_iter().map(|part| self.rebuild(part, parent)).collect()
    }

    fn collect(&self, set: &'a SelectionSet, parent: Option<TypeId>, parts: &mut Parts<'a>) {
        for selection in &set.items {
            let (set, condition, directives) = match &selection.node {
                Selection::Field(field) => {
                    parts.field(field);
                    continue;
                }
                Selection::InlineFragment(fragment) => (
                    &fragment.node.selection_set.node,
                    fragment.node.type_condition.as_ref(),
                    &fragment.node.directives,
                ),
                Selection::FragmentSpread(spread) => {
                    match self.document.fragments.get(&spread.node.fragment_name.node) {
                        Some(fragment) => (
                            &fragment.node.selection_set.node,
                            Some(&fragment.node.type_condition),
                            &spread.node.directives,
                        ),
                        None => continue,
                    }
                }
            };
            let piece = Piece { set, directives, pos: selection.pos };
            let on = condition.and_then(|condition| self.table.find(&condition.node.on.node));
            match on.filter(|on| !parent.is_some_and(|parent| self.table.always_applies(parent, *on))) {
                Some(on) => self.conditional(piece, on, parts),
                None if piece.is_conditional() => parts.conditional(piece, None, self.document),
                None => self.collect(set, parent, parts),
            }
        }
    }

    /// A fragment on a type that not every value has. The executor never finds an object to be of a union, so a fragment
    /// on a union becomes one on each of its members.
    fn conditional(&self, piece: Piece<'a>, on: TypeId, parts: &mut Parts<'a>) {
        match &self.table.get(on).kind {
            TypeKind::Union { members } => {
                for member in members {
                    parts.conditional(piece, Some(*member), self.document);
                }
            }
            _ => parts.conditional(piece, Some(on), self.document),
        }
    }

    fn rebuild(&self, part: Part<'a>, parent: Option<TypeId>) -> Result<Positioned<Selection>, Refusal> {
        let Some(left) = self.left.get().checked_sub(1) else {
            let message = "The operation has too many selections once its fragments are expanded.";
            return Err(Refusal::new(ErrorCode::QueryTooCostly, message));
        };
        self.left.set(left);
        match part {
            Part::Field { field, pieces } => {
                let ty = parent.and_then(|parent| self.table.field(parent, &field.node.name.node));
                let items = self.selections(&pieces, ty.map(|field| field.ty.named()))?;
                let rebuilt = Field {
                    alias: field.node.alias.clone(),
                    name: field.node.name.clone(),
                    arguments: field.node.arguments.clone(),
                    directives: self.directives(&field.node, parent, ty),
                    selection_set: Positioned::new(SelectionSet { items }, field.node.selection_set.pos),
                };
                Ok(Positioned::new(Selection::Field(Positioned::new(rebuilt, field.pos)), field.pos))
            }
            Part::Conditional { piece: Piece { set, directives, pos }, on } => {
                let type_condition = on.map(|on| {
                    let name = Name::new(&self.table.get(on).name);
                    Positioned::new(TypeCondition { on: Positioned::new(name, pos) }, pos)
                });
                let items = self.selections(&[Piece::always(set)], on.or(parent))?;
                let fragment = InlineFragment {
                    type_condition,
                    directives: kept_directives(directives).cloned().collect(),
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

fn kept_directives(directives: &[Positioned<Directive>]) -> impl Iterator<Item = &Positioned<Directive>> {
    directives.iter().filter(|directive| directive.node.name.node != DEFER)
}
