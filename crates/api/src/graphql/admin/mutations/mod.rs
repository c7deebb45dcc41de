//! The mutations of the admin half, flat in the root beside those of storefronts: input, payload, resolver.
//!
//! Those that let somebody in are there for everybody ([`StaffEntryMutations`]); the others for whoever may use them
//! ([`AdminMutations`]).

mod api_key;
mod collection;
mod customer;
mod customer_group;
mod delivery_method;
mod delivery_zone;
mod fulfillment;
mod gift_card;
mod inventory;
mod invitation_accept;
mod invite;
mod job;
mod market;
mod media;
mod member;
mod order_attention;
mod order_cancel;
mod ownership_transfer;
mod password;
mod price_list;
mod pricing_settings;
mod product;
mod profile;
mod promotion;
mod promotion_codes;
mod refund_create;
mod role;
mod second_factor;
mod sign_in;
mod sign_out;
mod step_up;
mod tax_category;
mod tax_rates_import;
mod tax_zone;
mod token_refresh;

pub use api_key::{ApiKeyCreateInput, ApiKeyCreatePayload, ApiKeyMutations, ApiKeyRevokePayload};
pub use collection::{
    CollectionCreateInput, CollectionDeletePayload, CollectionMoveInput, CollectionMutations,
    CollectionPayload, CollectionUpdateInput,
};
pub use customer::{
    AdminCustomerMutations, AdminCustomerPayload, CustomerDataExportPayload, CustomerDetailsUpdateInput,
    CustomerRequestDataErasurePayload,
};
pub use customer_group::{
    CustomerGroupDeletePayload, CustomerGroupMembersPayload, CustomerGroupMutations, CustomerGroupPayload,
};
pub use delivery_method::{DeliveryMethodDeletePayload, DeliveryMethodMutations, DeliveryMethodPayload};
pub use delivery_zone::{DeliveryZoneDeletePayload, DeliveryZoneMutations, DeliveryZonePayload};
pub use fulfillment::{
    FulfillmentInput, FulfillmentLineItemInput, FulfillmentMutations, FulfillmentPayload,
    FulfillmentTrackingInput,
};
pub use gift_card::{GiftCardCreatePayload, GiftCardMutations, GiftCardPayload};
pub use inventory::{
    InventoryAdjustQuantitiesInput, InventoryChangeInput, InventoryMutations, InventoryPayload,
    InventoryQuantityInput, InventorySetQuantitiesInput,
};
pub use invitation_accept::{
    StaffInvitationAccept, StaffInvitationAcceptInput, StaffInvitationAcceptPayload,
};
pub use invite::{StaffInvite, StaffInviteInput, StaffInvitePayload};
pub use job::{JobMutations, JobPayload};
pub use market::{ExchangeRatesSetPayload, MarketDeletePayload, MarketMutations, MarketPayload};
pub use media::{MediaDeletePayload, MediaMutations};
pub use member::{
    StaffMemberMutations, StaffMemberPayload, StaffMemberRemovePayload, StaffMemberResetPayload,
    StaffMemberSessionsEndPayload,
};
pub use order_attention::{OrderAttentionClear, OrderAttentionClearPayload};
pub use order_cancel::{OrderCancel, OrderCancelPayload};
pub use ownership_transfer::{StaffOwnershipTransfer, StaffOwnershipTransferPayload};
pub use password::{
    StaffPassword, StaffPasswordRecoverPayload, StaffPasswordResetInput, StaffPasswordResetPayload,
};
pub use price_list::{
    PriceListDeletePayload, PriceListMutations, PriceListPayload, PriceListPricesRemovePayload,
    PriceListPricesSetPayload,
};
pub use pricing_settings::{PricingSettingsPayload, PricingSettingsUpdate};
pub use product::{ProductDeletePayload, ProductMutations, ProductPayload};
pub use profile::{
    StaffPasswordChangePayload, StaffProfile, StaffProfileUpdateInput, StaffProfileUpdatePayload,
};
pub use promotion::{PromotionMutations, PromotionPayload};
pub use promotion_codes::{
    PromotionCodeInput, PromotionCodeMutations, PromotionCodesAddPayload, PromotionCodesDisablePayload,
    PromotionCodesGenerateInput, PromotionCodesGeneratePayload,
};
pub use refund_create::{
    RefundCreate, RefundCreatePayload, RefundInput, RefundLineItemInput, RefundTenderInput,
};
pub use role::{RoleDeletePayload, RoleInput, RoleMutations, RolePayload};
pub use second_factor::{
    StaffRecoveryCodesPayload, StaffSecondFactor, StaffTotpBeginPayload, StaffTotpDisablePayload,
    StaffTotpSecret,
};
pub use sign_in::{
    StaffSignIn, StaffSignInChallenge, StaffSignInInput, StaffSignInPayload, StaffSignInVerifyPayload,
};
pub use sign_out::{
    StaffSessionRevokePayload, StaffSignOut, StaffSignOutEverywherePayload, StaffSignOutPayload,
};
pub use step_up::{StaffStepUp, StaffStepUpInput, StaffStepUpPayload};
pub use tax_category::{TaxCategoryDeletePayload, TaxCategoryMutations, TaxCategoryPayload};
pub use tax_rates_import::{TaxRatesImportMutation, TaxRatesImportPayload};
pub use tax_zone::{TaxZoneDeletePayload, TaxZoneMutations, TaxZonePayload};
pub use token_refresh::{StaffTokenRefresh, StaffTokenRefreshPayload};

use async_graphql::MergedObject;

/// The mutations by which staff come in. They are there for everybody.
#[derive(Clone, Copy, Debug, Default, MergedObject)]
pub struct StaffEntryMutations(StaffSignIn, StaffTokenRefresh, StaffInvitationAccept, StaffPassword);

/// The mutations of whoever acts for the shop.
#[derive(Clone, Copy, Debug, Default, MergedObject)]
pub struct AdminMutations(
    StaffSignOut,
    StaffStepUp,
    StaffSecondFactor,
    StaffProfile,
    StaffInvite,
    StaffMemberMutations,
    StaffOwnershipTransfer,
    RoleMutations,
    ApiKeyMutations,
    RefundCreate,
    OrderCancel,
    OrderAttentionClear,
    FulfillmentMutations,
    InventoryMutations,
    ProductMutations,
    CollectionMutations,
    AdminCustomerMutations,
    CustomerGroupMutations,
    JobMutations,
    MediaMutations,
    PromotionMutations,
    PromotionCodeMutations,
    PriceListMutations,
    MarketMutations,
    DeliveryZoneMutations,
    DeliveryMethodMutations,
    TaxCategoryMutations,
    TaxRatesImportMutation,
    TaxZoneMutations,
    GiftCardMutations,
    PricingSettingsUpdate,
);
