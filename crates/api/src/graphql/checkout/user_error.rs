//! Why no order was placed.

use crate::graphql::{MoneyV2, cart::InputPath, scalars::Gid};
use async_graphql::{Enum, Object};
use std::borrow::Cow;
use stoa_domain::{
    checkout::PlaceOrderRefusal,
    shared::{Money, VariantId},
};

/// Why no order was placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OrderPlaceErrorCode {
    /// The cart has become an order already, by a request with another idempotency key.
    AlreadyOrdered,
    /// The cart's total is larger than any that can be charged.
    AmountTooLarge,
    /// The total is smaller than any that can be charged.
    AmountTooSmall,
    /// The total is finer than what can be charged in its currency.
    AmountUneven,
    /// There is nothing in the cart.
    CartEmpty,
    /// There is no such cart.
    CartNotFound,
    /// The cart costs what was expected, and more of it would be charged: gift cards pay less.
    ChargeChanged,
    /// A part of the delivery address is missing.
    DeliveryAddressIncomplete,
    /// Nobody said where to deliver.
    DeliveryAddressRequired,
    /// Nobody said how to deliver.
    DeliveryOptionRequired,
    /// What a carrier asked for the delivery is good no more: choose how to deliver again.
    DeliveryUnavailable,
    /// A promotion that lowers what the cart costs was used up at this moment.
    DiscountUnavailable,
    /// Nobody said where the confirmation goes.
    EmailRequired,
    /// A gift card or store credit that was to pay was spent elsewhere, or is over.
    GiftCardUnavailable,
    /// The idempotency key was used for another request.
    IdempotencyKeyReused,
    /// The expected total is no amount of its currency.
    InvalidExpectedTotal,
    /// The idempotency key is empty or too long.
    InvalidIdempotencyKey,
    /// From one network no more may be ordered that is not paid yet: later again.
    MaximumExceeded,
    /// There is less left than the cart wants.
    MerchandiseNotEnoughStock,
    /// Something in the cart is no longer for sale.
    MerchandiseNotForSale,
    /// Another request is placing this cart's order at this moment: ask again.
    OrderInProgress,
    /// The order is placed, but the payment gateway does not answer: the same request again asks it again.
    PaymentUnavailable,
    /// The tax cannot be worked out at this moment: ask again.
    TaxUnavailable,
    /// The cart's total is not the expected one.
    TotalChanged,
}

/// A refusal to place an order.
#[derive(Clone, Debug)]
pub struct OrderPlaceUserError {
    code: OrderPlaceErrorCode,
    message: Cow<'static, str>,
    path: InputPath,
    about: About,
}

/// What a refusal is about, beyond the input.
#[derive(Clone, Copy, Debug, Default)]
struct About {
    actual_total: Option<Money>,
    merchandise: Option<VariantId>,
    available: Option<u32>,
}

impl OrderPlaceUserError {
    fn new(
        code: OrderPlaceErrorCode,
        argument: &'static str,
        message: impl Into<Cow<'static, str>>,
        about: About,
    ) -> Self {
        Self { code, message: message.into(), path: InputPath::argument(argument), about }
    }

    /// An expected total that is no amount.
    pub fn invalid_expected(argument: &'static str) -> Self {
        let message = format!("{argument} is no amount of its currency.");
        Self::new(OrderPlaceErrorCode::InvalidExpectedTotal, argument, message, About::default())
    }

    /// The order stands, and cannot be paid at this moment.
    pub fn payment_unavailable() -> Self {
        let message = "The order is placed. The payment gateway does not answer right now: send the same request, with the \
                       same idempotency key, to pay it.";
        let code = OrderPlaceErrorCode::PaymentUnavailable;
        Self { code, message: Cow::Borrowed(message), path: InputPath::default(), about: About::default() }
    }

    /// No cart has this id.
    pub fn no_such_cart() -> Self {
        PlaceOrderRefusal::CartNotFound.into()
    }
}

/// What the buyer sees of each refusal. There is no `_` arm: a new refusal does not compile until somebody decides.
impl From<PlaceOrderRefusal> for OrderPlaceUserError {
    fn from(refusal: PlaceOrderRefusal) -> Self {
        use OrderPlaceErrorCode as Code;
        let nothing = About::default();
        let cart = |code, message: &'static str| Self::new(code, "cartId", message, nothing);
        let key = |code, message: &'static str| Self::new(code, "idempotencyKey", message, nothing);
        match refusal {
            PlaceOrderRefusal::CartNotFound => cart(Code::CartNotFound, "The specified cart does not exist."),
            PlaceOrderRefusal::AlreadyOrdered => {
                cart(Code::AlreadyOrdered, "The cart has been ordered already.")
            }
            PlaceOrderRefusal::InProgress => {
                cart(Code::OrderInProgress, "The cart is being ordered at this moment. Ask again.")
            }
            PlaceOrderRefusal::KeyReused => {
                key(Code::IdempotencyKeyReused, "This idempotency key was used for another request.")
            }
            PlaceOrderRefusal::BadKey => {
                key(Code::InvalidIdempotencyKey, "An idempotency key has 1 to 255 characters.")
            }
            PlaceOrderRefusal::Empty => cart(Code::CartEmpty, "There is nothing in the cart."),
            PlaceOrderRefusal::EmailMissing => cart(
                Code::EmailRequired,
                "The cart lacks the buyer's e-mail address: cartBuyerIdentityUpdate sets it.",
            ),
            PlaceOrderRefusal::AddressMissing => cart(
                Code::DeliveryAddressRequired,
                "The cart lacks a selected delivery address: cartDeliveryAddressesAdd adds one.",
            ),
            PlaceOrderRefusal::AddressIncomplete(part) => {
                let message =
                    format!("The delivery address lacks its {part}: cartDeliveryAddressesUpdate changes it.");
                Self::new(Code::DeliveryAddressIncomplete, "cartId", message, nothing)
            }
            PlaceOrderRefusal::DeliveryMissing => cart(
                Code::DeliveryOptionRequired,
                "The cart lacks a delivery option: cartSelectedDeliveryOptionsUpdate chooses one.",
            ),
            PlaceOrderRefusal::NotForSale(variant) => {
                let about = About { merchandise: Some(variant), ..nothing };
                let message = "Something in the cart is no longer for sale.";
                Self::new(Code::MerchandiseNotForSale, "cartId", message, about)
            }
            PlaceOrderRefusal::NotEnoughStock { variant, available } => {
                let about = About { merchandise: Some(variant), available: Some(available), ..nothing };
                let message = match available {
                    0 => Cow::Borrowed("Something in the cart is sold out."),
                    left => Cow::Owned(format!("Only {left} left of something in the cart.")),
                };
                Self::new(Code::MerchandiseNotEnoughStock, "cartId", message, about)
            }
            PlaceOrderRefusal::TooMuchUnpaid => cart(
                Code::MaximumExceeded,
                "From your network no more can be ordered that is not paid yet. Try again later.",
            ),
            PlaceOrderRefusal::TotalChanged { actual } => {
                let about = About { actual_total: Some(actual), ..nothing };
                let total = format!("{} {}", actual.to_decimal(), actual.currency.code());
                let message = format!("The cart's total is {total} now.");
                Self::new(Code::TotalChanged, "expectedTotal", message, about)
            }
            PlaceOrderRefusal::ChargeChanged { actual } => {
                let charge = format!("{} {}", actual.to_decimal(), actual.currency.code());
                let message = format!("{charge} would be charged now: gift cards pay less than before.");
                Self::new(Code::ChargeChanged, "expectedCharge", message, nothing)
            }
            PlaceOrderRefusal::DiscountUnavailable { actual } => {
                let about = About { actual_total: Some(actual), ..nothing };
                let total = format!("{} {}", actual.to_decimal(), actual.currency.code());
                let message = format!("A discount has been used up. The cart's total is {total} now.");
                Self::new(Code::DiscountUnavailable, "cartId", message, about)
            }
            PlaceOrderRefusal::GiftCardUnavailable { actual } => {
                let charge = format!("{} {}", actual.to_decimal(), actual.currency.code());
                let message = format!("A gift card can pay no more. {charge} would be charged now.");
                Self::new(Code::GiftCardUnavailable, "cartId", message, nothing)
            }
            PlaceOrderRefusal::TaxUnavailable => {
                cart(Code::TaxUnavailable, "The tax cannot be worked out right now. Ask again.")
            }
            PlaceOrderRefusal::DeliveryUnavailable => cart(
                Code::DeliveryUnavailable,
                "The delivery costs something else now: cartSelectedDeliveryOptionsUpdate chooses again.",
            ),
            PlaceOrderRefusal::AmountTooLarge => {
                cart(Code::AmountTooLarge, "The cart's total is larger than any that can be charged.")
            }
            PlaceOrderRefusal::AmountTooSmall { least } => {
                let least = format!("{} {}", least.to_decimal(), least.currency.code());
                Self::new(
                    Code::AmountTooSmall,
                    "cartId",
                    format!("The least that can be charged is {least}."),
                    nothing,
                )
            }
            PlaceOrderRefusal::AmountUneven { step } => {
                let step = format!("{} {}", step.to_decimal(), step.currency.code());
                Self::new(
                    Code::AmountUneven,
                    "cartId",
                    format!("Only multiples of {step} can be charged."),
                    nothing,
                )
            }
        }
    }
}

/// Why no order was placed, or why it cannot be paid right now.
#[Object]
impl OrderPlaceUserError {
    /// The cart's total as it is now, where that is the reason.
    fn actual_total(&self) -> Option<MoneyV2> {
        self.about.actual_total.map(Into::into)
    }

    /// The reason, for programs.
    fn code(&self) -> OrderPlaceErrorCode {
        self.code
    }

    /// The place in the input that it is about, from the argument inwards; null if it is about none.
    fn field(&self) -> Option<Vec<&str>> {
        let segments = self.path.segments();
        (!segments.is_empty()).then(|| segments.iter().map(AsRef::as_ref).collect())
    }

    /// The merchandise that is the reason.
    fn merchandise_id(&self) -> Option<Gid<VariantId>> {
        self.about.merchandise.map(Gid)
    }

    /// The reason, for people.
    fn message(&self) -> &str {
        &self.message
    }

    /// How many units of the merchandise could be had.
    fn quantity_available(&self) -> Option<u32> {
        self.about.available
    }
}
