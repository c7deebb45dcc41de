//! A reference to a type with its list and non-null wrappers.

use async_graphql_parser::types::{BaseType, Type};

/// The index of a named type in its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TypeId(u32);

impl TypeId {
    /// The id of the `index`th type. A schema with more than 2³² types cannot be written down in memory.
    pub(crate) fn new(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }

    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A type as written at a field, argument or variable, for example `[ID!]!`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TypeRef {
    pub(crate) non_null: bool,
    pub(crate) base: Base,
}

/// What remains of a type without its outermost `!`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    Named(TypeId),
    List(Box<TypeRef>),
}

impl TypeRef {
    /// Resolves a parsed type with a function from names to ids; `None` if a name is unknown.
    pub(crate) fn resolve(ty: &Type, find: &dyn Fn(&str) -> Option<TypeId>) -> Option<Self> {
        let base = match &ty.base {
            BaseType::Named(name) => Base::Named(find(name)?),
            BaseType::List(item) => Base::List(Box::new(Self::resolve(item, find)?)),
        };
        Some(Self { non_null: !ty.nullable, base })
    }

    /// The named type inside all wrappers.
    pub(crate) fn named(&self) -> TypeId {
        match &self.base {
            Base::Named(id) => *id,
            Base::List(item) => item.named(),
        }
    }

    /// Whether the outermost wrapper, `!` aside, is a list.
    pub(crate) fn is_list(&self) -> bool {
        matches!(self.base, Base::List(_))
    }

    /// Whether a value of this type can be used where `location` is expected: the same wrappers, non-null allowed
    /// where null would be (`AreTypesCompatible` of the GraphQL specification, 5.8.5).
    pub(crate) fn fits(&self, location: &Self) -> bool {
        if location.non_null && !self.non_null {
            return false;
        }
        match (&self.base, &location.base) {
            (Base::Named(own), Base::Named(wanted)) => own == wanted,
            (Base::List(own), Base::List(wanted)) => own.fits(wanted),
            _ => false,
        }
    }

    /// Writes the type as GraphQL does.
    pub(crate) fn display<'a>(&self, name: &dyn Fn(TypeId) -> &'a str) -> String {
        let mut text = match &self.base {
            Base::Named(id) => name(*id).to_owned(),
            Base::List(item) => format!("[{}]", item.display(name)),
        };
        if self.non_null {
            text.push('!');
        }
        text
    }
}
