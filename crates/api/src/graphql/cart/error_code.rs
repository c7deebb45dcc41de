//! The codes of cart errors: the whole vocabulary of storefront clients, of which this shop uses those that its rules need.

use async_graphql::Enum;

/// Why a mutation of a cart was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CartErrorCode {
    /// A part of the address contains emojis.
    AddressFieldContainsEmojis,
    /// A part of the address contains HTML tags.
    AddressFieldContainsHtmlTags,
    /// A part of the address contains a URL.
    AddressFieldContainsUrl,
    /// A part of the address is not of the form that it has in that country.
    AddressFieldDoesNotMatchExpectedPattern,
    /// A part of the address is missing.
    AddressFieldIsRequired,
    /// A part of the address is too long.
    AddressFieldIsTooLong,
    /// Bundles and add-ons cannot be in one line.
    BundlesAndAddonsCannotBeMixed,
    /// The buyer may not buy for this company location.
    BuyerCannotPurchaseForCompanyLocation,
    /// The cart would have too many lines.
    CartTooLarge,
    /// The recipient of a gift card is not valid.
    GiftCardRecipientInvalid,
    /// The value is not valid.
    Invalid,
    /// There is no such company location.
    InvalidCompanyLocation,
    /// The cart has no such delivery address.
    InvalidDeliveryAddressId,
    /// The cart has no such delivery group.
    InvalidDeliveryGroup,
    /// The delivery group cannot be delivered so.
    InvalidDeliveryOption,
    /// The quantity is not a multiple of the step the merchandise is sold in.
    InvalidIncrement,
    /// The cart has no such line.
    InvalidMerchandiseLine,
    /// The metafields are not valid.
    InvalidMetafields,
    /// The payment is not valid.
    InvalidPayment,
    /// The cart must be paid later.
    InvalidPaymentDeferredPaymentRequired,
    /// An empty cart cannot be paid.
    InvalidPaymentEmptyCart,
    /// The postal code is not one of that country.
    InvalidZipCodeForCountry,
    /// The postal code is not one of that province.
    InvalidZipCodeForProvince,
    /// The value must be less than the greatest one allowed.
    LessThan,
    /// The quantity is above the most that one line may have.
    MaximumExceeded,
    /// A rule of the shop for lines failed.
    MerchandiseLineTransformersRunError,
    /// The merchandise cannot be bought here.
    MerchandiseNotApplicable,
    /// The quantity is below the least that one line may have.
    MinimumNotMet,
    /// The customer's access token is missing.
    MissingCustomerAccessToken,
    /// The discount code is missing.
    MissingDiscountCode,
    /// The note is missing.
    MissingNote,
    /// The note is too long.
    NoteTooLong,
    /// Only one delivery address can be selected.
    OnlyOneDeliveryAddressCanBeSelected,
    /// The parent line cannot be referred to like this.
    ParentLineInvalidReference,
    /// Lines are nested too deeply.
    ParentLineNestingTooDeep,
    /// The parent line does not exist.
    ParentLineNotFound,
    /// The parent line cannot be changed like this.
    ParentLineOperationBlocked,
    /// The credit card has expired.
    PaymentsCreditCardBaseExpired,
    /// The gateway does not take credit cards.
    PaymentsCreditCardBaseGatewayNotSupported,
    /// The credit card was not accepted.
    PaymentsCreditCardGeneric,
    /// The credit card's month is none.
    PaymentsCreditCardMonthInclusion,
    /// The credit card's number is not valid.
    PaymentsCreditCardNumberInvalid,
    /// The credit card's number is not written like one.
    PaymentsCreditCardNumberInvalidFormat,
    /// The credit card's verification value is missing.
    PaymentsCreditCardVerificationValueBlank,
    /// The credit card's verification value does not fit the kind of card.
    PaymentsCreditCardVerificationValueInvalidForCardType,
    /// The credit card's year has passed.
    PaymentsCreditCardYearExpired,
    /// The credit card's year is none.
    PaymentsCreditCardYearInvalidExpiryYear,
    /// The payment method cannot be used for this cart.
    PaymentMethodNotApplicable,
    /// The payment method is not taken here.
    PaymentMethodNotSupported,
    /// The delivery groups are still being worked out.
    PendingDeliveryGroups,
    /// There is no such province.
    ProvinceNotFound,
    /// The merchandise is not sold under this selling plan.
    SellingPlanNotApplicable,
    /// The shop cannot do it right now; the same request may work in a moment.
    ServiceUnavailable,
    /// The cart would have too many delivery addresses.
    TooManyDeliveryAddresses,
    /// The address is not valid.
    UnspecifiedAddressError,
    /// A rule of the shop's own refuses the cart.
    ValidationCustom,
    /// The merchandise is sold under a selling plan only.
    VariantRequiresSellingPlan,
    /// The shop does not deliver to this postal code.
    ZipCodeNotSupported,
}
