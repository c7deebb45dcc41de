//! What every feature speaks of: ids, money, time, addresses, faults.

mod address;
mod clock;
mod email;
mod fault;
mod id;
mod money;
pub mod page;

pub use address::{Address, AddressError, CountryCode};
pub use clock::{Clock, IdGenerator, Timestamp};
pub use email::{EmailAddress, InvalidEmail};
pub use fault::{Fault, FaultKind};
pub use id::{
    AddressId, CartId, CartLineId, CollectionId, CustomerId, ImageId, JobId, LineItemId, LocationId,
    OptionId, OptionValueId, OrderId, PaymentId, ProductId, RefundId, VariantId,
};
pub use money::{Currency, InvalidMoney, Money, Rate, allocate, parse_minor};
