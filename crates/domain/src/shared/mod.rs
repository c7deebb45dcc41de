//! What every feature speaks of: ids, money, time, addresses, faults.

mod address;
mod clock;
mod email;
mod fault;
mod fraction;
mod id;
mod locale;
mod money;
mod outside;
pub mod page;
mod place;
mod seal;
mod subdivision;
mod transition;

pub use address::{Address, AddressError, CountryCode};
pub use clock::{Clock, IdGenerator, Timestamp};
pub use email::{EmailAddress, InvalidEmail};
pub use fault::{Fault, FaultKind};
pub use fraction::Fraction;
pub use id::{
    AccountTokenId, AddressId, ApiKeyId, CartId, CartLineId, ChallengeId, CodeBatchId, CollectionId,
    CustomerAddressId, CustomerGroupId, CustomerId, DeliveryGroupId, DeliveryMethodId, DeliveryZoneId,
    FulfillmentId, GiftCardId, ImageId, JobId, LineItemId, LocationId, MarketId, MediaId, OptionId,
    OptionValueId, OrderId, PaymentId, PriceListId, ProductId, PromotionId, RefundId, RoleId, SessionId,
    StaffId, TaxCategoryId, TaxRateId, TaxZoneId, VariantId,
};
pub use locale::{Locale, UnknownLocale};
pub(crate) use money::round_div;
pub use money::{Currency, InvalidMoney, Money, Rate, allocate, parse_minor};
pub use outside::{Fallback, OutsideError};
pub use place::Place;
pub use seal::{SEALED, Sealer, Unsealed, as_plain, from_plain};
pub use subdivision::subdivision;
pub use transition::InvalidTransition;
