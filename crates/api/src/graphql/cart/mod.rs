//! Carts: what a buyer means to buy.

mod addresses;
mod allocation;
pub mod attribute;
mod buyer;
mod caller;
mod cost;
mod delivery;
mod discounts;
mod error_code;
mod input_path;
pub mod inputs;
mod line;
mod mailing_address;
mod merchandise;
mod mutations;
mod nested_lines;
mod object;
mod payload;
mod queries;
pub mod refusals;
mod user_error;
mod warning;

pub use addresses::{CartAddress, CartDelivery, CartDeliveryAddress, CartSelectableAddress};
pub use allocation::Discounted;
pub use attribute::{Attribute, AttributeInput};
pub use buyer::{
    CartBuyerIdentity, CartDeliveryCoordinatesPreference, CartDeliveryPreference, CartPreferences,
    DeliveryAddress, PreferenceDeliveryMethodType,
};
pub use caller::{caller, caller_with};
pub use cost::{CartCost, CartLineCost};
pub use delivery::{CartDeliveryGroup, CartDeliveryOption, DeliveryMethodType};
pub use discounts::{
    AppliedGiftCard, CartAutomaticDiscountAllocation, CartCodeDiscountAllocation,
    CartCustomDiscountAllocation, CartDiscountAllocation, CartDiscountApplication, CartDiscountCode,
    DiscountApplicationAllocationMethod, DiscountApplicationTargetSelection, DiscountApplicationTargetType,
    PricingPercentageValue, PricingValue,
};
pub use error_code::CartErrorCode;
pub use input_path::InputPath;
pub use inputs::InputError;
pub use line::{BaseCartLine, CartLine};
pub use mailing_address::MailingAddress;
pub use merchandise::LineMerchandise;
pub use mutations::{
    CartAttributesUpdate, CartBuyerIdentityUpdate, CartCreate, CartDeliveryAddressesAdd,
    CartDeliveryAddressesRemove, CartDeliveryAddressesReplace, CartDeliveryAddressesUpdate,
    CartDeliveryInput, CartDiscountCodesUpdate, CartGiftCardCodesAdd, CartGiftCardCodesRemove,
    CartGiftCardCodesUpdate, CartInput, CartInputMetafieldInput, CartLinesAdd, CartLinesRemove,
    CartLinesUpdate, CartMerge, CartMutations, CartNoteUpdate, CartSelectedDeliveryOptionInput,
    CartSelectedDeliveryOptionsUpdate, CartStoreCreditApply,
};
pub use nested_lines::{CartLineParentRelationship, ComponentizableCartLine};
pub use object::Cart;
pub use payload::{CartMutation, CartPayload};
pub use queries::CartQueries;
pub use user_error::CartUserError;
pub use warning::{CartWarning, CartWarningCode};
