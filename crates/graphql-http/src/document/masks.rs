//! What a document names of fields and types that not every caller may use, and the document as it looks to who may not.
//!
//! A name that is hidden from somebody gets a mark that no name can have. Validation then finds it unknown, with everything that
//! follows from that: its arguments and what is selected below it are not looked at, a missing selection is not missed. The mark
//! is taken out of the messages again.

use async_graphql::ServerError;
use async_graphql_parser::types::{
    BaseType, DocumentOperations, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet,
    TypeCondition,
};
use async_graphql_value::Name;

use crate::{
    error_code::ErrorCode,
    refusal::Refusal,
    restrict::{Caller, Requirement, Restrictions},
    types::{TypeId, TypeTable},
};

/// Not in any name, and not in the text of a document (GraphQL specification, 2.1).
const MARK: char = '\u{1}';

/// What a document names of what is restricted. Mostly nothing, which takes no memory.
#[derive(Debug, Default)]
pub(crate) struct Touches {
    /// What its fields ask for, each once.
    requirements: Vec<Requirement>,
    /// The types it names that not everybody knows of.
    types: Vec<TypeId>,
}

impl Touches {
    /// Collects them from a document that was parsed, and neither validated nor changed.
    pub(crate) fn of(
        table: &TypeTable,
        restrictions: &Restrictions,
        document: &mut ExecutableDocument,
    ) -> Self {
        let mut touches = Self::default();
        if restrictions.is_empty() {
            return touches;
        }
        let mut note = |named: Named| {
            match named {
                Named::Field(requirement) if !touches.requirements.contains(&requirement) => {
                    touches.requirements.push(requirement);
                }
                Named::Type(ty) if !touches.types.contains(&ty) => touches.types.push(ty),
                Named::Field(_) | Named::Type(_) => {}
            }
            false
        };
        Walk { table, restrictions, is_hidden: &mut note }.document(document);
        touches
    }

    /// Whether all of it is there for this caller.
    pub(crate) fn are_allowed(&self, restrictions: &Restrictions, caller: Caller<'_>) -> bool {
        self.requirements.iter().all(|requirement| caller.may(*requirement))
            && self.types.iter().all(|ty| restrictions.knows_of(*ty, caller))
    }
}

/// Marks what is not there for this caller.
pub(crate) fn hide(
    table: &TypeTable,
    restrictions: &Restrictions,
    document: &mut ExecutableDocument,
    caller: Caller<'_>,
) {
    let mut is_hidden = |named: Named| match named {
        Named::Field(requirement) => !caller.may(requirement),
        Named::Type(ty) => !restrictions.knows_of(ty, caller),
    };
    Walk { table, restrictions, is_hidden: &mut is_hidden }.document(document);
}

/// What validation found wrong with a document in which something is hidden.
pub(crate) fn refusal(mut errors: Vec<ServerError>) -> Refusal {
    for error in &mut errors {
        error.message.retain(|letter| letter != MARK);
    }
    if errors.is_empty() {
        // Only an owner who answers one question in two ways within a request gets here; it must not run all the same.
        return Refusal::new(ErrorCode::ValidationFailed, "The document is not valid.");
    }
    Refusal::from_errors(ErrorCode::ValidationFailed, errors)
}

/// Something restricted that a document names.
#[derive(Clone, Copy)]
enum Named {
    Field(Requirement),
    Type(TypeId),
}

struct Walk<'a> {
    table: &'a TypeTable,
    restrictions: &'a Restrictions,
    /// Asked for each restricted name; those for which it says so are marked.
    is_hidden: &'a mut dyn FnMut(Named) -> bool,
}

impl Walk<'_> {
    fn document(&mut self, document: &mut ExecutableDocument) {
        match &mut document.operations {
            DocumentOperations::Single(operation) => self.operation(&mut operation.node),
            DocumentOperations::Multiple(operations) => {
                for operation in operations.values_mut() {
                    self.operation(&mut operation.node);
                }
            }
        }
        for fragment in document.fragments.values_mut() {
            let on = self.condition(&mut fragment.node.type_condition.node);
            self.selections(&mut fragment.node.selection_set.node, on);
        }
    }

    fn operation(&mut self, operation: &mut OperationDefinition) {
        for variable in &mut operation.variable_definitions {
            self.input_type(&mut variable.node.var_type.node.base);
        }
        self.selections(&mut operation.selection_set.node, self.table.root(operation.ty));
    }

    fn selections(&mut self, set: &mut SelectionSet, parent: Option<TypeId>) {
        for selection in &mut set.items {
            match &mut selection.node {
                Selection::Field(field) => self.field(&mut field.node, parent),
                Selection::InlineFragment(fragment) => {
                    let on = match &mut fragment.node.type_condition {
                        Some(condition) => self.condition(&mut condition.node),
                        None => parent,
                    };
                    self.selections(&mut fragment.node.selection_set.node, on);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn field(&mut self, field: &mut Field, parent: Option<TypeId>) {
        let name = field.name.node.as_str();
        let requirement = parent.and_then(|parent| self.restrictions.of_field(parent, name));
        let definition = parent.and_then(|parent| self.table.field(parent, name));
        let mut below = definition.map(|definition| definition.ty.named());
        if requirement.is_some_and(|requirement| (self.is_hidden)(Named::Field(requirement))) {
            // the key in the answer stays as it is, for the rule that fields of one key must be alike
            field.alias.get_or_insert_with(|| field.name.clone());
            field.name.node = marked(&field.name.node);
            below = None;
        }
        self.selections(&mut field.selection_set.node, below);
    }

    fn condition(&mut self, condition: &mut TypeCondition) -> Option<TypeId> {
        self.type_name(&mut condition.on.node)
    }

    fn input_type(&mut self, base: &mut BaseType) {
        match base {
            BaseType::Named(name) => {
                self.type_name(name);
            }
            BaseType::List(item) => self.input_type(&mut item.base),
        }
    }

    fn type_name(&mut self, name: &mut Name) -> Option<TypeId> {
        let ty = self.table.find(name)?;
        if self.restrictions.is_closed(ty) && (self.is_hidden)(Named::Type(ty)) {
            *name = marked(name);
            return None;
        }
        Some(ty)
    }
}

fn marked(name: &Name) -> Name {
    Name::new(format!("{MARK}{name}"))
}
