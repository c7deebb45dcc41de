//! The guard against documents that are small on the wire and huge when fragments are expanded. Each fragment is
//! measured once and remembered, so the work is linear in the size of the document; async-graphql's own limits expand
//! fragments again at every use, which takes minutes for a document of one kilobyte.

use std::collections::HashMap;

use async_graphql_parser::{
    Pos, Positioned,
    types::{ExecutableDocument, Selection, SelectionSet},
};

use crate::{error_code::ErrorCode, limits::Limits, refusal::Refusal};

/// What a selection set amounts to once its fragments are expanded.
#[derive(Clone, Copy, Default)]
struct Size {
    selections: usize,
    aliases: usize,
    directives: usize,
    /// Levels of fields.
    depth: usize,
    /// Levels of selection sets, fragments included.
    nesting: usize,
}

impl Size {
    fn beside(self, other: Self) -> Self {
        Self {
            selections: self.selections.saturating_add(other.selections),
            aliases: self.aliases.saturating_add(other.aliases),
            directives: self.directives.saturating_add(other.directives),
            depth: self.depth.max(other.depth),
            nesting: self.nesting.max(other.nesting),
        }
    }
}

/// Checks every operation of a parsed document against the limits.
///
/// # Errors
/// A fragment that contains itself, or one of the limits: `GRAPHQL_VALIDATION_FAILED`, `QUERY_TOO_COSTLY`,
/// `QUERY_TOO_DEEP`, `TOO_MANY_ALIASES`, `TOO_MANY_DIRECTIVES`.
pub(crate) fn check(document: &ExecutableDocument, limits: &Limits) -> Result<(), Refusal> {
    let mut measure = Measure { document, limits, level: 0, fragments: HashMap::new() };
    for (name, fragment) in &document.fragments {
        measure.fragment(name, fragment.pos)?;
    }
    let mut sum = Size::default();
    for (_, operation) in document.operations.iter() {
        let mut size = measure.selection_set(&operation.node.selection_set)?;
        size.directives = size.directives.saturating_add(operation.node.directives.len());
        sum = sum.beside(size);
        within(sum, limits, operation.pos)?;
    }
    Ok(())
}

fn within(size: Size, limits: &Limits, pos: Pos) -> Result<(), Refusal> {
    let over = |code, what: &str, limit: usize| {
        Err(Refusal::at(code, format!("The operation has more than {limit} {what}."), [pos]))
    };
    if size.depth > limits.depth {
        return over(ErrorCode::QueryTooDeep, "levels of fields", limits.depth);
    }
    if size.nesting > limits.selection_nesting {
        return over(ErrorCode::QueryTooDeep, "levels of selection sets", limits.selection_nesting);
    }
    if size.aliases > limits.aliases {
        return over(ErrorCode::TooManyAliases, "aliases", limits.aliases);
    }
    if size.directives > limits.directives {
        return over(ErrorCode::TooManyDirectives, "directives", limits.directives);
    }
    if size.selections > limits.expanded_selections {
        return over(ErrorCode::QueryTooCostly, "selections, fragments expanded", limits.expanded_selections);
    }
    Ok(())
}

struct Measure<'a> {
    document: &'a ExecutableDocument,
    limits: &'a Limits,
    /// Selection sets that are open, so that a long chain of fragments ends before the stack does.
    level: usize,
    /// `None` while a fragment is being measured: to meet it again then is a cycle.
    fragments: HashMap<&'a str, Option<Size>>,
}

impl<'a> Measure<'a> {
    fn fragment(&mut self, name: &'a str, pos: Pos) -> Result<Size, Refusal> {
        match self.fragments.get(name) {
            Some(Some(size)) => return Ok(*size),
            Some(None) => {
                let message = format!("The fragment \"{name}\" contains itself.");
                return Err(Refusal::at(ErrorCode::ValidationFailed, message, [pos]));
            }
            None => {}
        }
        let Some(fragment) = self.document.fragments.get(name) else {
            return Ok(Size::default()); // validation names the unknown fragment
        };
        self.fragments.insert(name, None);
        let mut size = self.selection_set(&fragment.node.selection_set)?;
        size.directives = size.directives.saturating_add(fragment.node.directives.len());
        self.fragments.insert(name, Some(size));
        Ok(size)
    }

    fn selection_set(&mut self, set: &'a Positioned<SelectionSet>) -> Result<Size, Refusal> {
        self.level += 1;
        if self.level > self.limits.selection_nesting {
            return within(Size { nesting: self.level, ..Size::default() }, self.limits, set.pos)
                .map(|()| Size::default());
        }
        let mut sum = Size::default();
        for selection in &set.node.items {
            sum = sum.beside(self.selection(selection)?);
        }
        self.level -= 1;
        sum.nesting += 1;
        if sum.nesting > self.limits.selection_nesting {
            return within(sum, self.limits, set.pos).map(|()| sum);
        }
        Ok(sum)
    }

    fn selection(&mut self, selection: &'a Positioned<Selection>) -> Result<Size, Refusal> {
        let mut size = match &selection.node {
            Selection::Field(field) if field.node.selection_set.node.items.is_empty() => {
                Size { depth: 1, aliases: usize::from(field.node.alias.is_some()), ..Size::default() }
            }
            Selection::Field(field) => {
                let below = self.selection_set(&field.node.selection_set)?;
                Size {
                    depth: below.depth + 1,
                    aliases: below.aliases.saturating_add(usize::from(field.node.alias.is_some())),
                    ..below
                }
            }
            Selection::InlineFragment(fragment) => self.selection_set(&fragment.node.selection_set)?,
            Selection::FragmentSpread(spread) => {
                self.fragment(&spread.node.fragment_name.node, selection.pos)?
            }
        };
        size.selections = size.selections.saturating_add(1);
        size.directives = size.directives.saturating_add(selection.node.directives().len());
        Ok(size)
    }
}
