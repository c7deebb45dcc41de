//! Directives that this crate answers itself and that the schema only has to know of, so that documents using them
//! validate and introspection and SDL list them.

use std::borrow::Cow;

use async_graphql::{
    ContextDirective, CustomDirective, CustomDirectiveFactory, InputType, ServerError, ServerResult,
    registry::{__DirectiveLocation as Location, MetaDirective, MetaInputValue, Registry},
};
use async_graphql_parser::types::Directive;

use crate::in_context::InContextTemplate;

/// The declaration of a directive for operations or fragments.
#[derive(Clone, Debug)]
pub struct DirectiveDeclaration {
    name: &'static str,
    description: &'static str,
    place: Place,
    arguments: Vec<Argument>,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    Operations,
    Fragments,
}

impl Place {
    fn locations(self) -> Vec<Location> {
        match self {
            Self::Operations => vec![Location::QUERY, Location::MUTATION],
            Self::Fragments => vec![Location::FRAGMENT_SPREAD, Location::INLINE_FRAGMENT],
        }
    }
}

#[derive(Clone, Debug)]
struct Argument {
    name: &'static str,
    description: &'static str,
    /// Registers the type and gives its name as SDL writes it.
    register: fn(&mut Registry) -> String,
}

impl DirectiveDeclaration {
    /// `@defer(if: Boolean, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT`, answered in one piece.
    #[must_use]
    pub fn defer() -> Self {
        Self {
            name: "defer",
            description: "Marks a fragment as not urgent. This server answers it together with the rest.",
            place: Place::Fragments,
            arguments: Vec::new(),
        }
        .argument::<Option<bool>>("if", "Whether the fragment may be deferred.")
        .argument::<Option<String>>("label", "A name for the fragment, unique in the document.")
    }

    /// `@inContext(…) on QUERY | MUTATION` without arguments: add those that the schema has types for, under the names
    /// that [`InContext`](crate::InContext) lists.
    #[must_use]
    pub fn in_context() -> Self {
        Self {
            name: InContextTemplate::DIRECTIVE,
            description: "Asks for the operation to be answered for a country, a language or a buyer.",
            place: Place::Operations,
            arguments: Vec::new(),
        }
    }

    /// Adds an argument of the input type `T`, which becomes part of the schema if it was not; `Option<T>` makes the
    /// argument nullable.
    #[must_use]
    pub fn argument<T: InputType>(mut self, name: &'static str, description: &'static str) -> Self {
        fn register<T: InputType>(registry: &mut Registry) -> String {
            T::create_type_info(registry);
            T::qualified_type_name()
        }
        self.arguments.push(Argument { name, description, register: register::<T> });
        self
    }
}

impl CustomDirectiveFactory for DirectiveDeclaration {
    fn name(&self) -> Cow<'static, str> {
        Cow::Borrowed(self.name)
    }

    fn register(&self, registry: &mut Registry) {
        let args = self
            .arguments
            .iter()
            .map(|argument| {
                let ty = (argument.register)(registry);
                let mut value = MetaInputValue::new(argument.name, ty);
                value.description = Some(argument.description.to_owned());
                (argument.name.to_owned(), value)
            })
            .collect();
        registry.add_directive(MetaDirective {
            name: self.name.to_owned(),
            description: Some(self.description.to_owned()),
            locations: self.place.locations(),
            args,
            is_repeatable: false,
            visible: None,
            composable: None,
        });
    }

    fn create(
        &self,
        _ctx: &ContextDirective<'_>,
        directive: &Directive,
    ) -> ServerResult<Box<dyn CustomDirective>> {
        // validation keeps these directives away from fields, and the document is executed without them
        Err(ServerError::new(format!("@{} does not act on fields", directive.name), None))
    }
}
