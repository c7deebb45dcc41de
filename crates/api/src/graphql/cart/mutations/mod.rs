//! The mutations of carts, one file each: input, payload, mapping of refusals, resolver.

mod attributes_update;
mod buyer_identity_update;
mod create;
mod delivery_addresses_add;
mod delivery_addresses_remove;
mod delivery_addresses_replace;
mod delivery_addresses_update;
mod discount_codes_update;
mod gift_card_codes_add;
mod gift_card_codes_remove;
mod gift_card_codes_update;
mod lines_add;
mod lines_remove;
mod lines_update;
mod merge;
mod note_update;
mod selected_delivery_options_update;
mod store_credit_apply;

pub use attributes_update::CartAttributesUpdate;
pub use buyer_identity_update::CartBuyerIdentityUpdate;
pub use create::{CartCreate, CartDeliveryInput, CartInput, CartInputMetafieldInput};
pub use delivery_addresses_add::CartDeliveryAddressesAdd;
pub use delivery_addresses_remove::CartDeliveryAddressesRemove;
pub use delivery_addresses_replace::CartDeliveryAddressesReplace;
pub use delivery_addresses_update::CartDeliveryAddressesUpdate;
pub use discount_codes_update::CartDiscountCodesUpdate;
pub use gift_card_codes_add::CartGiftCardCodesAdd;
pub use gift_card_codes_remove::CartGiftCardCodesRemove;
pub use gift_card_codes_update::CartGiftCardCodesUpdate;
pub use lines_add::CartLinesAdd;
pub use lines_remove::CartLinesRemove;
pub use lines_update::CartLinesUpdate;
pub use merge::CartMerge;
pub use note_update::CartNoteUpdate;
pub use selected_delivery_options_update::{
    CartSelectedDeliveryOptionInput, CartSelectedDeliveryOptionsUpdate,
};
pub use store_credit_apply::CartStoreCreditApply;

use async_graphql::MergedObject;

/// All mutations of carts.
#[derive(Clone, Copy, Debug, Default, MergedObject)]
pub struct CartMutations(
    CartCreate,
    CartLinesAdd,
    CartLinesUpdate,
    CartLinesRemove,
    CartNoteUpdate,
    CartAttributesUpdate,
    CartBuyerIdentityUpdate,
    CartMerge,
    CartDeliveryAddressesAdd,
    CartDeliveryAddressesUpdate,
    CartDeliveryAddressesRemove,
    CartDeliveryAddressesReplace,
    CartSelectedDeliveryOptionsUpdate,
    CartDiscountCodesUpdate,
    CartGiftCardCodesAdd,
    CartGiftCardCodesRemove,
    CartGiftCardCodesUpdate,
    CartStoreCreditApply,
);
