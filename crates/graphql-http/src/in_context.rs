//! The context a client asks to be answered in: the arguments of `@inContext` on its operation.

use async_graphql_parser::{Positioned, types::Directive};
use async_graphql_value::{ConstValue, Value, Variables};

/// The arguments of `@inContext(country:, language:, buyer:, preferredLocationId:, visitorConsent:)`, literals and variables
/// resolved. Every request carries one in its data, so a resolver reads it with `ctx.data::<InContext>()`; without the
/// directive all members are `None`. Values are valid for the types that the schema declares for the directive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct InContext {
    /// The country to answer for, as the schema's enum writes it, for example `DE`.
    pub country: Option<String>,
    /// The language to answer in, as the schema's enum writes it, for example `EN`.
    pub language: Option<String>,
    /// Who is buying: an input object of the schema.
    pub buyer: Option<ConstValue>,
    /// The id of the location that pickup and stock are asked for.
    pub preferred_location_id: Option<String>,
    /// What the visitor consented to: an input object of the schema.
    pub visitor_consent: Option<ConstValue>,
}

/// The directive as written on an operation, kept with the prepared document.
#[derive(Debug, Default)]
pub(crate) struct InContextTemplate {
    arguments: Vec<(Argument, Value)>,
}

#[derive(Clone, Copy, Debug)]
enum Argument {
    Country,
    Language,
    Buyer,
    PreferredLocationId,
    VisitorConsent,
}

impl InContextTemplate {
    /// The name of the directive.
    pub(crate) const DIRECTIVE: &'static str = "inContext";

    /// Takes the arguments from an operation's directives. Arguments this crate does not know were either refused by
    /// validation or are the schema's own and stay unused.
    pub(crate) fn of(directives: &[Positioned<Directive>]) -> Self {
        let arguments = directives
            .iter()
            .filter(|directive| directive.node.name.node == Self::DIRECTIVE)
            .flat_map(|directive| &directive.node.arguments)
            .filter_map(|(name, value)| {
                let argument = match name.node.as_str() {
                    "country" => Argument::Country,
                    "language" => Argument::Language,
                    "buyer" => Argument::Buyer,
                    "preferredLocationId" => Argument::PreferredLocationId,
                    "visitorConsent" => Argument::VisitorConsent,
                    _ => return None,
                };
                Some((argument, value.node.clone()))
            })
            .collect();
        Self { arguments }
    }

    /// Fills in the variables of one request; they are coerced already.
    pub(crate) fn with(&self, variables: &Variables) -> InContext {
        let mut context = InContext::default();
        for (argument, value) in &self.arguments {
            let Ok(value) = value.clone().into_const_with(|name| {
                Ok::<_, std::convert::Infallible>(variables.get(&name).cloned().unwrap_or_default())
            });
            match argument {
                Argument::Country => context.country = text(value),
                Argument::Language => context.language = text(value),
                Argument::Buyer => context.buyer = not_null(value),
                Argument::PreferredLocationId => context.preferred_location_id = text(value),
                Argument::VisitorConsent => context.visitor_consent = not_null(value),
            }
        }
        context
    }
}

fn text(value: ConstValue) -> Option<String> {
    match value {
        ConstValue::String(text) => Some(text),
        ConstValue::Enum(name) => Some(name.as_str().to_owned()),
        ConstValue::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn not_null(value: ConstValue) -> Option<ConstValue> {
    (value != ConstValue::Null).then_some(value)
}
