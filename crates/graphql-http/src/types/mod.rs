//! A compact table of the schema's types, built once from its SDL: what the guards and the coercion of variables need
//! to know, and nothing else.

mod build;
mod type_ref;

use std::collections::HashMap;

use async_graphql_parser::types::OperationType;
use async_graphql_value::ConstValue;

pub use self::build::TypeTableError;
pub(crate) use self::type_ref::{Base, TypeId, TypeRef};

/// The types, root types and directives of one schema.
#[derive(Debug)]
pub(crate) struct TypeTable {
    types: Vec<TypeDef>,
    by_name: HashMap<Box<str>, TypeId>,
    query: TypeId,
    mutation: Option<TypeId>,
    subscription: Option<TypeId>,
    directives: HashMap<Box<str>, Vec<InputValue>>,
}

/// One named type.
#[derive(Debug)]
pub(crate) struct TypeDef {
    pub(crate) name: Box<str>,
    pub(crate) kind: TypeKind,
}

/// What a named type is made of.
#[derive(Debug)]
pub(crate) enum TypeKind {
    Scalar(ScalarKind),
    Enum { values: Vec<Box<str>> },
    Input { one_of: bool, fields: Vec<InputValue> },
    Object { fields: HashMap<Box<str>, OutputField>, implements: Vec<TypeId> },
    Interface { fields: HashMap<Box<str>, OutputField> },
    Union { members: Vec<TypeId> },
}

/// The scalars whose values the GraphQL specification defines; every other scalar judges its own values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScalarKind {
    Int,
    Float,
    String,
    Boolean,
    Id,
    /// async-graphql's placeholder for a multipart file: no JSON value stands for one.
    Upload,
    Custom,
}

/// A field of an object or interface.
#[derive(Debug)]
pub(crate) struct OutputField {
    pub(crate) ty: TypeRef,
    pub(crate) arguments: Vec<InputValue>,
}

/// An argument, or a field of an input object.
#[derive(Debug)]
pub(crate) struct InputValue {
    pub(crate) name: Box<str>,
    pub(crate) ty: TypeRef,
    pub(crate) default: Option<ConstValue>,
}

impl TypeTable {
    /// The definition behind an id.
    pub(crate) fn get(&self, id: TypeId) -> &TypeDef {
        &self.types[id.index()]
    }

    /// All types.
    pub(crate) fn ids(&self) -> impl Iterator<Item = TypeId> {
        (0..self.types.len()).map(TypeId::new)
    }

    /// Finds a type by its name.
    pub(crate) fn find(&self, name: &str) -> Option<TypeId> {
        self.by_name.get(name).copied()
    }

    /// The root type of a kind of operation, if the schema has one.
    pub(crate) fn root(&self, operation: OperationType) -> Option<TypeId> {
        match operation {
            OperationType::Query => Some(self.query),
            OperationType::Mutation => self.mutation,
            OperationType::Subscription => self.subscription,
        }
    }

    /// A field of an object or interface; the introspection entry points belong to the query root.
    pub(crate) fn field(&self, parent: TypeId, name: &str) -> Option<&OutputField> {
        match &self.get(parent).kind {
            TypeKind::Object { fields, .. } | TypeKind::Interface { fields } => fields.get(name),
            _ => None,
        }
    }

    /// The arguments of a directive, if it is known.
    pub(crate) fn directive(&self, name: &str) -> Option<&[InputValue]> {
        self.directives.get(name).map(Vec::as_slice)
    }

    /// The arguments of all directives.
    pub(crate) fn directive_arguments(&self) -> impl Iterator<Item = &InputValue> {
        self.directives.values().flatten()
    }

    /// Resolves the type written in a document, for example `[ID!]!`.
    pub(crate) fn resolve(&self, ty: &async_graphql_parser::types::Type) -> Option<TypeRef> {
        TypeRef::resolve(ty, &|name| self.find(name))
    }

    /// Whether a value of the object type `object` always satisfies the type condition `condition`.
    pub(crate) fn always_applies(&self, object: TypeId, condition: TypeId) -> bool {
        if object == condition {
            return true;
        }
        match (&self.get(object).kind, &self.get(condition).kind) {
            (TypeKind::Object { implements, .. }, TypeKind::Interface { .. }) => {
                implements.contains(&condition)
            }
            (TypeKind::Object { .. }, TypeKind::Union { members }) => members.contains(&object),
            _ => false,
        }
    }

    /// Whether values of this type are objects, so that a selection set belongs to them.
    pub(crate) fn is_composite(&self, id: TypeId) -> bool {
        matches!(
            self.get(id).kind,
            TypeKind::Object { .. } | TypeKind::Interface { .. } | TypeKind::Union { .. }
        )
    }

    /// Whether the type is an object type, not an abstract one.
    pub(crate) fn is_object(&self, id: TypeId) -> bool {
        matches!(self.get(id).kind, TypeKind::Object { .. })
    }

    /// Writes a type as GraphQL does, for messages.
    pub(crate) fn display(&self, ty: &TypeRef) -> String {
        ty.display(&|id| &self.get(id).name)
    }
}

impl OutputField {
    /// An argument by its name.
    pub(crate) fn argument(&self, name: &str) -> Option<&InputValue> {
        find_input(&self.arguments, name)
    }
}

/// Finds an argument or input field; the lists are short, so a scan beats a hash.
pub(crate) fn find_input<'a>(values: &'a [InputValue], name: &str) -> Option<&'a InputValue> {
    values.iter().find(|value| &*value.name == name)
}
