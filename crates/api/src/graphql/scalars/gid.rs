//! Global ids: `gid://stoa/<Type>/<uuid>`, read and written in this one place.
//!
//! On the way in any namespace is accepted (`gid://shopify/Cart/…`), a query part is passed over (`…?key=1`), and a
//! UUID may stand alone. What comes of an id that names nothing of ours has three defined answers:
//!
//! | id | answer |
//! |---|---|
//! | no global id and no UUID; a global id of another type | request error `INVALID_ID` |
//! | a global id of the right type whose last part is no UUID, as other shops' ids have | nothing: a lookup reads null |
//! | a UUID that nothing has | nothing: a lookup reads null |

use crate::graphql::ApiError;
use async_graphql::Value;
use std::{borrow::Cow, fmt};
use stoa_domain::shared::{
    AddressId, ApiKeyId, CartId, CartLineId, CodeBatchId, CollectionId, CustomerAddressId, CustomerGroupId,
    CustomerId, DeliveryGroupId, DeliveryMethodId, DeliveryZoneId, FulfillmentId, GiftCardId, ImageId, JobId,
    LineItemId, LocationId, MarketId, MediaId, OptionId, OptionValueId, OrderId, PaymentId, PriceListId,
    ProductId, PromotionId, RefundId, RoleId, SessionId, StaffId, TaxCategoryId, TaxRateId, TaxZoneId,
    VariantId,
};
use uuid::Uuid;

/// The scheme of global ids.
const SCHEME: &str = "gid://";
/// The namespace of the ids this server makes.
const NAMESPACE: &str = "stoa";
/// A UUID with hyphens, in bytes.
const UUID_LENGTH: usize = 36;
/// How much of a wrong id an error message repeats, in characters.
const EXCERPT: usize = 60;

/// An identifier of the domain, with the name its thing has in the schema.
pub trait Identity: Copy + fmt::Debug + Send + Sync + 'static {
    /// The type's name in a global id.
    const TYPE: &'static str;
    /// Other names accepted on the way in.
    const ALIASES: &'static [&'static str] = &[];
    /// Wraps a UUID.
    fn from_uuid(id: Uuid) -> Self;
    /// The UUID inside.
    fn to_uuid(self) -> Uuid;
}

macro_rules! identities {
    ($($id:ident = $name:literal $(or $alias:literal)*;)*) => {$(
        impl Identity for $id {
            const TYPE: &'static str = $name;
            const ALIASES: &'static [&'static str] = &[$($alias),*];
            fn from_uuid(id: Uuid) -> Self { Self::new(id) }
            fn to_uuid(self) -> Uuid { self.uuid() }
        }
    )*};
}

identities! {
    ProductId = "Product";
    VariantId = "ProductVariant";
    OptionId = "ProductOption";
    OptionValueId = "ProductOptionValue";
    ImageId = "MediaImage" or "ProductImage" or "Image";
    CollectionId = "Collection";
    LocationId = "Location";
    CartId = "Cart";
    CartLineId = "CartLine" or "ComponentizableCartLine";
    AddressId = "CartSelectableAddress" or "MailingAddress";
    DeliveryGroupId = "CartDeliveryGroup";
    GiftCardId = "AppliedGiftCard" or "GiftCard";
    CustomerId = "Customer";
    CustomerAddressId = "MailingAddress" or "CustomerAddress";
    SessionId = "Session";
    OrderId = "Order";
    StaffId = "StaffMember" or "Staff";
    RoleId = "Role";
    ApiKeyId = "ApiKey";
    LineItemId = "LineItem";
    FulfillmentId = "Fulfillment";
    RefundId = "Refund";
    JobId = "Job";
    CustomerGroupId = "CustomerGroup";
    MediaId = "Media";
    PromotionId = "Promotion";
    CodeBatchId = "PromotionCodeBatch";
    PriceListId = "PriceList";
    MarketId = "Market";
    PaymentId = "Payment";
    TaxCategoryId = "TaxCategory";
    DeliveryZoneId = "DeliveryZone";
    DeliveryMethodId = "DeliveryMethod";
    TaxRateId = "TaxRate";
    TaxZoneId = "TaxZone";
}

/// An id on its way out. In the schema it is an `ID`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gid<T>(
    /// The identifier.
    pub T,
);

impl<T: Identity> Gid<T> {
    /// The global id.
    pub fn text(self) -> String {
        text(T::TYPE, self.0.to_uuid())
    }
}

/// Writes the global id of a thing that has no identifier type of its own.
pub fn text(type_name: &str, id: Uuid) -> String {
    let mut buffer = [0; UUID_LENGTH];
    let id = id.hyphenated().encode_lower(&mut buffer);
    let mut text = String::with_capacity(SCHEME.len() + NAMESPACE.len() + type_name.len() + id.len() + 2);
    for part in [SCHEME, NAMESPACE, "/", type_name, "/", id] {
        text.push_str(part);
    }
    text
}

impl<T: Identity> async_graphql::OutputType for Gid<T> {
    fn type_name() -> Cow<'static, str> {
        <async_graphql::ID as async_graphql::OutputType>::type_name()
    }

    fn create_type_info(registry: &mut async_graphql::registry::Registry) -> String {
        <async_graphql::ID as async_graphql::OutputType>::create_type_info(registry)
    }

    async fn resolve(
        &self,
        _: &async_graphql::ContextSelectionSet<'_>,
        _: &async_graphql::Positioned<async_graphql::parser::types::Field>,
    ) -> async_graphql::ServerResult<Value> {
        Ok(Value::String(self.text()))
    }
}

/// An id as it came in, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parsed<'a> {
    /// The type it names; `None` for a UUID that stands alone.
    pub type_name: Option<&'a str>,
    /// The identifier; `None` where the last part is no UUID, so that nothing of ours can have it.
    pub id: Option<Uuid>,
}

impl Parsed<'_> {
    /// The identifier, if the id names this type or none.
    pub fn as_a<T: Identity>(&self) -> Option<T> {
        let fits = self.type_name.is_none_or(|name| name == T::TYPE || T::ALIASES.contains(&name));
        self.id.filter(|_| fits).map(T::from_uuid)
    }
}

/// Takes an id apart.
///
/// # Errors
/// [`ApiError::INVALID_ID`] if it is neither a global id nor a UUID.
pub fn parse(text: &str) -> Result<Parsed<'_>, ApiError> {
    let Some(rest) = text.strip_prefix(SCHEME) else {
        return match Uuid::try_parse(text) {
            Ok(id) => Ok(Parsed { type_name: None, id: Some(id) }),
            Err(_) => Err(malformed(text)),
        };
    };
    let path = rest.split(['?', '#']).next().unwrap_or(rest);
    let mut parts = path.split('/');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(namespace), Some(type_name), Some(id), None)
            if !namespace.is_empty() && !type_name.is_empty() && !id.is_empty() =>
        {
            Ok(Parsed { type_name: Some(type_name), id: Uuid::try_parse(id).ok() })
        }
        _ => Err(malformed(text)),
    }
}

/// Reads the id of a thing of a known type; `None` when no thing of ours can have it.
///
/// # Errors
/// [`ApiError::INVALID_ID`] if it is malformed or another type's.
pub fn decode<T: Identity>(text: &str) -> Result<Option<T>, ApiError> {
    let parsed = parse(text)?;
    match parsed.type_name {
        Some(name) if name != T::TYPE && !T::ALIASES.contains(&name) => Err(ApiError::invalid_id(format!(
            "\"{}\" is the id of a {}; the id of a {} is needed.",
            excerpt(text),
            excerpt(name),
            T::TYPE
        ))),
        _ => Ok(parsed.id.map(T::from_uuid)),
    }
}

fn malformed(text: &str) -> ApiError {
    ApiError::invalid_id(format!(
        "\"{}\" is not an id; an id looks like gid://{NAMESPACE}/Product/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f.",
        excerpt(text)
    ))
}

/// The start of what a client sent, for a message.
fn excerpt(text: &str) -> &str {
    text.char_indices().nth(EXCERPT).map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f";

    fn product() -> ProductId {
        ID.parse().unwrap()
    }

    fn refused(text: &str) -> bool {
        matches!(decode::<ProductId>(text), Err(ApiError::Request { code: ApiError::INVALID_ID, .. }))
    }

    #[test]
    fn what_goes_out_comes_in_again() {
        let text = Gid(product()).text();
        assert_eq!(text, format!("gid://stoa/Product/{ID}"));
        assert_eq!(decode(&text).unwrap(), Some(product()));
    }

    #[test]
    fn any_namespace_a_query_part_and_a_bare_uuid_are_accepted() {
        for text in [
            format!("gid://shopify/Product/{ID}"),
            format!("gid://shopify/Product/{ID}?key=1"),
            format!("gid://stoa/Product/{}", ID.to_uppercase()),
            ID.to_owned(),
        ] {
            assert_eq!(decode(&text).unwrap(), Some(product()), "{text}");
        }
    }

    #[test]
    fn another_shop_s_id_is_well_formed_and_names_nothing() {
        assert_eq!(decode::<ProductId>("gid://shopify/Product/632910392").unwrap(), None);
        assert_eq!(decode::<CartId>("gid://shopify/Cart/Z2NwLXVz?key=1").unwrap(), None);
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in [
            "",
            "5",
            "mug",
            "gid://",
            "gid://stoa/Product",
            "gid://stoa/Product/",
            "gid:///Product/1",
            "gid://stoa//1",
            "gid://stoa/Product/1/2",
            "http://stoa/Product/1",
            "gid://stoa/Product/?key=1",
        ] {
            assert!(refused(text), "{text}");
        }
        assert!(refused(&"é".repeat(1_000)));
    }

    #[test]
    fn the_id_of_another_thing_is_refused() {
        assert!(refused(&format!("gid://stoa/Cart/{ID}")));
        assert!(decode::<ImageId>(&format!("gid://shopify/ProductImage/{ID}")).unwrap().is_some());
    }
}
