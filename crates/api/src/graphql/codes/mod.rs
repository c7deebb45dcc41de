//! The three long lists of codes: countries, currencies, languages.
//!
//! They are GraphQL enums, so that a code that does not exist is refused before anything runs. async-graphql's derive
//! looks an enum value up by a scan of all items and allocates its name each time it is printed; with hundreds of items
//! and a currency on every price that is too slow. Here a name is an index into a table and one reference count.

mod country;
mod currency;
mod language;

pub use country::CountryCode;
pub use currency::CurrencyCode;
pub use language::LanguageCode;

use async_graphql::{
    indexmap::IndexMap,
    registry::{MetaEnumValue, MetaType},
};

/// Declares an enum of codes, sorted, each with its English name, as a GraphQL input and output type.
macro_rules! codes {
    (
        $(#[doc = $doc:literal])*
        pub enum $name:ident {
            $($code:ident = $english:literal,)*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        #[allow(non_camel_case_types, reason = "language codes with a region have an underscore")]
        pub enum $name {
            $(#[doc = $english] $code,)*
        }

        impl $name {
            /// Every code, in alphabetical order.
            pub const EVERY: &[Self] = &[$(Self::$code),*];
            const CODES: &[&str] = &[$(stringify!($code)),*];
            const NAMES: &[&str] = &[$($english),*];
            const DESCRIPTION: &str = concat!($($doc),*);

            /// Reads a code, in upper case.
            pub fn parse(code: &str) -> Option<Self> {
                Self::CODES.binary_search(&code).ok().map(|at| Self::EVERY[at])
            }

            /// The code.
            pub const fn as_str(self) -> &'static str {
                Self::CODES[self as usize]
            }

            /// What it stands for, in English.
            pub const fn english(self) -> &'static str {
                Self::NAMES[self as usize]
            }

            /// The code as a value of an answer.
            fn value(self) -> async_graphql::Value {
                static VALUES: std::sync::LazyLock<Vec<async_graphql::Name>> =
                    std::sync::LazyLock::new(|| $name::CODES.iter().map(async_graphql::Name::new).collect());
                async_graphql::Value::Enum(VALUES[self as usize].clone())
            }

            fn register(registry: &mut async_graphql::registry::Registry) -> String {
                registry.create_input_type::<Self, _>(async_graphql::registry::MetaTypeId::Enum, |_| {
                    let names = (stringify!($name), std::any::type_name::<Self>());
                    super::meta(names, Self::DESCRIPTION, Self::CODES, Self::NAMES)
                })
            }
        }

        impl async_graphql::InputType for $name {
            type RawValueType = Self;

            fn type_name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed(stringify!($name))
            }

            fn create_type_info(registry: &mut async_graphql::registry::Registry) -> String {
                Self::register(registry)
            }

            fn parse(value: Option<async_graphql::Value>) -> async_graphql::InputValueResult<Self> {
                let value = value.unwrap_or_default();
                let code = match &value {
                    async_graphql::Value::Enum(code) => Self::parse(code),
                    async_graphql::Value::String(code) => Self::parse(code),
                    _ => None,
                };
                code.ok_or_else(|| async_graphql::InputValueError::expected_type(value))
            }

            fn to_value(&self) -> async_graphql::Value {
                self.value()
            }

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }
        }

        impl async_graphql::OutputType for $name {
            fn type_name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed(stringify!($name))
            }

            fn create_type_info(registry: &mut async_graphql::registry::Registry) -> String {
                Self::register(registry)
            }

            async fn resolve(
                &self,
                _: &async_graphql::ContextSelectionSet<'_>,
                _: &async_graphql::Positioned<async_graphql::parser::types::Field>,
            ) -> async_graphql::ServerResult<async_graphql::Value> {
                Ok(self.value())
            }
        }
    };
}
use codes;

fn meta(
    (name, rust_typename): (&str, &'static str),
    description: &str,
    codes: &[&str],
    english: &[&str],
) -> MetaType {
    let enum_values: IndexMap<String, MetaEnumValue> = codes
        .iter()
        .zip(english)
        .map(|(code, english)| {
            let mut value = MetaEnumValue::new(*code);
            value.description = Some(format!("{english}."));
            ((*code).to_owned(), value)
        })
        .collect();
    MetaType::Enum {
        name: name.to_owned(),
        description: Some(description.trim().to_owned()),
        enum_values,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: Some(rust_typename),
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}

/// The code of the shop's currency; `XXX` for the few that ISO 4217 has and this vocabulary has not.
impl From<stoa_domain::shared::Currency> for CurrencyCode {
    fn from(currency: stoa_domain::shared::Currency) -> Self {
        Self::parse(currency.code()).unwrap_or(Self::XXX)
    }
}

/// A country of an address; `ZZ` for two letters that are no country.
impl From<stoa_domain::shared::CountryCode> for CountryCode {
    fn from(country: stoa_domain::shared::CountryCode) -> Self {
        Self::parse(country.as_str()).unwrap_or(Self::ZZ)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::{InputType, Value};

    #[test]
    fn the_lists_are_sorted_so_that_every_code_is_found() {
        assert!(CountryCode::EVERY.iter().all(|c| CountryCode::parse(c.as_str()) == Some(*c)));
        assert!(CurrencyCode::EVERY.iter().all(|c| CurrencyCode::parse(c.as_str()) == Some(*c)));
        assert!(LanguageCode::EVERY.iter().all(|c| LanguageCode::parse(c.as_str()) == Some(*c)));
    }

    #[test]
    fn a_code_that_does_not_exist_is_no_value() {
        assert!(<CurrencyCode as InputType>::parse(Some(Value::from("EUR"))).is_ok());
        for wrong in [Value::from("ZZZ"), Value::from("eur"), Value::from(1), Value::Null] {
            assert!(<CurrencyCode as InputType>::parse(Some(wrong)).is_err());
        }
    }

    #[test]
    fn a_language_may_have_a_region() {
        assert_eq!(LanguageCode::parse("PT_BR").map(LanguageCode::english), Some("Portuguese (Brazil)"));
    }
}
