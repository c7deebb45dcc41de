//! Identifiers: one type a thing, over UUIDs, so that a cart id cannot be handed where an order id belongs.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The name of the thing this identifies, as it stands in a `gid://stoa/<Type>/<id>`.
            pub const TYPE: &'static str = {
                // "ProductId" -> "Product"; the suffix is the same in every name.
                let name = stringify!($name);
                name.split_at(name.len() - 2).0
            };
            /// What has no row: the market, the zone or the method that the configuration speaks of.
            pub const NIL: Self = Self(Uuid::nil());
            /// Wraps a UUID.
            pub const fn new(id: Uuid) -> Self { Self(id) }
            /// The UUID inside.
            pub const fn uuid(self) -> Uuid { self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { fmt::Display::fmt(&self.0, f) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
        impl From<Uuid> for $name { fn from(id: Uuid) -> Self { Self(id) } }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> { Uuid::parse_str(s).map(Self) }
        }
    )*};
}

ids! {
    /// A product.
    ProductId;
    /// A variant of a product: what is bought.
    VariantId;
    /// An option of a product, such as its size.
    OptionId;
    /// One value of an option, such as "L".
    OptionValueId;
    /// A picture.
    ImageId;
    /// A collection of products.
    CollectionId;
    /// A place that holds stock.
    LocationId;
    /// A cart. Random throughout, because whoever knows it may read and change the cart.
    CartId;
    /// A line of a cart.
    CartLineId;
    /// A delivery address on a cart.
    AddressId;
    /// A customer account.
    CustomerId;
    /// An address in a customer's book.
    CustomerAddressId;
    /// A group of customers.
    CustomerGroupId;
    /// A member of staff.
    StaffId;
    /// A role of staff: a name for permissions.
    RoleId;
    /// A key that a program signs in with.
    ApiKeyId;
    /// A sign-in of a customer or of a member of staff.
    SessionId;
    /// A link in a mail, that works once.
    AccountTokenId;
    /// A sign-in that waits for its second half.
    ChallengeId;
    /// A placed order.
    OrderId;
    /// A line of a placed order.
    LineItemId;
    /// A payment of an order.
    PaymentId;
    /// A refund of a payment.
    RefundId;
    /// A part of an order that was sent.
    FulfillmentId;
    /// A file that was uploaded.
    MediaId;
    /// A job of the outbox.
    JobId;
    /// A promotion.
    PromotionId;
    /// Many codes of a promotion, made in one go.
    CodeBatchId;
    /// A list of prices.
    PriceListId;
    /// A market: countries that see the same prices.
    MarketId;
    /// A kind of goods that is taxed alike.
    TaxCategoryId;
    /// A part of the world with its own taxes.
    TaxZoneId;
    /// A tax, at one rate.
    TaxRateId;
    /// A part of the world with its own ways of delivering.
    DeliveryZoneId;
    /// A way of delivering.
    DeliveryMethodId;
    /// What of a cart is delivered together.
    DeliveryGroupId;
    /// A gift card, or a customer's store credit.
    GiftCardId;
}
