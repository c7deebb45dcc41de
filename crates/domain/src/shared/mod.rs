//! What every feature speaks of: ids, money, time, addresses, faults.

mod address;
mod clock;
mod email;
mod fault;
mod id;
mod locale;
mod money;
pub mod page;
mod seal;
mod transition;

pub use address::{Address, AddressError, CountryCode};
pub use clock::{Clock, IdGenerator, Timestamp};
pub use email::{EmailAddress, InvalidEmail};
pub use fault::{Fault, FaultKind};
pub use id::{
    AccountTokenId, AddressId, ApiKeyId, CartId, CartLineId, ChallengeId, CollectionId, CustomerAddressId,
    CustomerGroupId, CustomerId, FulfillmentId, ImageId, JobId, LineItemId, LocationId, MediaId, OptionId,
    OptionValueId, OrderId, PaymentId, ProductId, RefundId, RoleId, SessionId, StaffId, VariantId,
};
pub use locale::{Locale, UnknownLocale};
pub use money::{Currency, InvalidMoney, Money, Rate, allocate, parse_minor};
pub use seal::{SEALED, Sealer, Unsealed, as_plain, from_plain};
pub use transition::InvalidTransition;
