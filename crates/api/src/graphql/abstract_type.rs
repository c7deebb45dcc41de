//! Interfaces and unions.
//!
//! async-graphql's derives ask every member for every field of the interface, as an owned value, and resolve the answer
//! field by field. Here a value of an abstract type is resolved as the object it is: the document was validated, so every
//! field it selects is the object's own.

use async_graphql::{
    OutputType,
    indexmap::{IndexMap, IndexSet},
    registry::{MetaField, MetaType, Registry},
};

/// A field of an interface: its name, how its type is registered and named, its description.
pub(crate) struct InterfaceField {
    pub(crate) name: &'static str,
    pub(crate) ty: fn(&mut Registry) -> String,
    pub(crate) description: &'static str,
}

/// A member of an abstract type: its name, and how it is registered.
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) register: fn(&mut Registry) -> String,
}

/// A member, or an interface that refines another.
pub(crate) fn member<T: OutputType>() -> Member {
    Member { name: T::type_name().into_owned(), register: T::create_type_info }
}

/// Describes an interface and registers its members, and the interfaces that refine it.
pub(crate) fn describe_interface(
    registry: &mut Registry,
    (name, rust_typename): (&str, &'static str),
    description: &str,
    fields: &[InterfaceField],
    members: &[Member],
    refinements: &[Member],
) -> MetaType {
    let fields: IndexMap<String, MetaField> = fields
        .iter()
        .map(|field| {
            let mut meta = MetaField::new(field.name, (field.ty)(registry));
            meta.description = Some(field.description.to_owned());
            (field.name.to_owned(), meta)
        })
        .collect();
    for member in members.iter().chain(refinements) {
        (member.register)(registry);
        registry.add_implements(&member.name, name);
    }
    MetaType::Interface {
        name: name.to_owned(),
        description: Some(description.trim().to_owned()),
        fields,
        possible_types: names(members),
        extends: false,
        inaccessible: false,
        tags: Vec::new(),
        keys: None,
        visible: None,
        rust_typename: Some(rust_typename),
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}

/// Describes a union and registers its members.
pub(crate) fn describe_union(
    registry: &mut Registry,
    (name, rust_typename): (&str, &'static str),
    description: &str,
    members: &[Member],
) -> MetaType {
    for member in members {
        (member.register)(registry);
    }
    MetaType::Union {
        name: name.to_owned(),
        description: Some(description.trim().to_owned()),
        possible_types: names(members),
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: Some(rust_typename),
        directive_invocations: Vec::new(),
    }
}

fn names(members: &[Member]) -> IndexSet<String> {
    members.iter().map(|member| member.name.clone()).collect()
}

/// Declares an enum of objects as an interface: `enum Name { fields { … } members { … } }`, with `refined_by { … }` where
/// other interfaces implement it. A member's fields are its own; those of the interface are listed for the schema only.
macro_rules! interface {
    (
        $(#[doc = $doc:literal])*
        pub enum $name:ident {
            fields { $($field:literal: $ty:ty = $description:literal,)* }
            members { $($member:ident($object:ty),)* }
            $(refined_by { $($refinement:ty,)* })?
        }
    ) => {
        $crate::graphql::abstract_type::abstract_enum! {
            $(#[doc = $doc])*
            pub enum $name { $($member($object),)* }
            Interface, |registry, members| {
                let fields = [$($crate::graphql::abstract_type::InterfaceField {
                    name: $field,
                    ty: <$ty as async_graphql::OutputType>::create_type_info,
                    description: $description,
                },)*];
                let names = (stringify!($name), std::any::type_name::<$name>());
                let refinements: &[$crate::graphql::abstract_type::Member] =
                    &[$($($crate::graphql::abstract_type::member::<$refinement>(),)*)?];
                $crate::graphql::abstract_type::describe_interface(
                    registry, names, concat!($($doc),*), &fields, &members, refinements,
                )
            }
        }
    };
}
pub(crate) use interface;

/// Declares an enum of objects as a union.
macro_rules! union {
    (
        $(#[doc = $doc:literal])*
        pub enum $name:ident { $($member:ident($object:ty),)* }
    ) => {
        $crate::graphql::abstract_type::abstract_enum! {
            $(#[doc = $doc])*
            pub enum $name { $($member($object),)* }
            Union, |registry, members| {
                let names = (stringify!($name), std::any::type_name::<$name>());
                $crate::graphql::abstract_type::describe_union(registry, names, concat!($($doc),*), &members)
            }
        }
    };
}
pub(crate) use union;

/// What interfaces and unions have in common.
macro_rules! abstract_enum {
    (
        $(#[doc = $doc:literal])*
        pub enum $name:ident { $($member:ident($object:ty),)* }
        $kind:ident, |$registry:ident, $members:ident| $meta:expr
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug)]
        pub enum $name {
            $(#[doc = concat!("A `", stringify!($member), "`.")] $member($object),)*
        }

        impl async_graphql::OutputType for $name {
            fn type_name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed(stringify!($name))
            }

            fn introspection_type_name(&self) -> std::borrow::Cow<'static, str> {
                match self {
                    $(Self::$member(_) => <$object as async_graphql::OutputType>::type_name(),)*
                }
            }

            fn create_type_info(registry: &mut async_graphql::registry::Registry) -> String {
                registry.create_output_type::<Self, _>(async_graphql::registry::MetaTypeId::$kind, |$registry| {
                    let $members = [$($crate::graphql::abstract_type::member::<$object>(),)*];
                    $meta
                })
            }

            async fn resolve(
                &self,
                ctx: &async_graphql::ContextSelectionSet<'_>,
                field: &async_graphql::Positioned<async_graphql::parser::types::Field>,
            ) -> async_graphql::ServerResult<async_graphql::Value> {
                match self {
                    $(Self::$member(object) => {
                        async_graphql::OutputType::resolve(&$crate::graphql::Flat(object), ctx, field).await
                    })*
                }
            }
        }

        $(
            impl From<$object> for $name {
                fn from(object: $object) -> Self {
                    Self::$member(object)
                }
            }
        )*
    };
}
pub(crate) use abstract_enum;
