//! The scalars of the schema, as they stand on the wire.

mod date_time;
mod decimal;
pub mod gid;
mod json;
mod text;
mod unsigned_int64;

pub use date_time::DateTime;
pub use decimal::Decimal;
pub use gid::{Gid, Identity};
pub use json::Json;
pub use text::{Color, Html, Url};
pub use unsigned_int64::UnsignedInt64;

use async_graphql::registry::MetaType;

/// Declares a type as the output side of a scalar: its name, what it is for, and how a value is written.
macro_rules! output_scalar {
    ($ty:ty, $name:literal, $description:literal, |$this:ident| $value:expr) => {
        impl async_graphql::OutputType for $ty {
            fn type_name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed($name)
            }

            fn create_type_info(registry: &mut async_graphql::registry::Registry) -> String {
                registry.create_output_type::<Self, _>(async_graphql::registry::MetaTypeId::Scalar, |_| {
                    $crate::graphql::scalars::meta($name, $description)
                })
            }

            async fn resolve(
                &self,
                _: &async_graphql::ContextSelectionSet<'_>,
                _: &async_graphql::Positioned<async_graphql::parser::types::Field>,
            ) -> async_graphql::ServerResult<async_graphql::Value> {
                let $this = self;
                Ok($value)
            }
        }
    };
}
use output_scalar;

fn meta(name: &str, description: &str) -> MetaType {
    MetaType::Scalar {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        is_valid: None,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        specified_by_url: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}
