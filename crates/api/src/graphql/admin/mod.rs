//! The admin half: what staff and keys read and do.
//!
//! Everything that is read is under the one root field `admin`; mutations are flat, noun first. Who may use a field is said in one place
//! ([`restricted_fields`]) and by each field's guard, and shown by each service's permit. To whoever may not, a field is not there.

mod access;
mod api_key;
mod audit;
mod caller;
pub mod collections;
pub mod customers;
pub mod delivery;
mod error_code;
pub mod gift_cards;
pub mod inventory;
pub mod jobs;
mod me;
pub mod media;
mod moment;
mod mutations;
pub mod orders;
mod page;
mod place;
pub mod prices;
pub mod pricing_settings;
pub mod products;
pub mod promotions;
mod refusals;
mod restricted;
mod role;
mod root;
mod settings;
mod staff_member;
pub mod taxes;
mod user_error;

pub(crate) use access::Acting;
pub use api_key::ApiKey;
pub use audit::{AuditEntry, AuditFilter, AuditHead};
pub use caller::{AdminAccess, AdminCallerKind};
pub use error_code::{
    ApiKeyErrorCode, ApiKeyUserError, RoleErrorCode, RoleUserError, StaffAccountErrorCode,
    StaffAccountUserError, StaffMemberErrorCode, StaffMemberUserError,
};
pub use me::Me;
pub use moment::Moment;
pub use mutations::{
    AdminCustomerMutations, AdminCustomerPayload, AdminMutations, ApiKeyCreateInput, ApiKeyCreatePayload,
    ApiKeyMutations, ApiKeyRevokePayload, CollectionCreateInput, CollectionDeletePayload,
    CollectionMoveInput, CollectionMutations, CollectionPayload, CollectionUpdateInput,
    CustomerDataExportPayload, CustomerDetailsUpdateInput, CustomerGroupDeletePayload,
    CustomerGroupMembersPayload, CustomerGroupMutations, CustomerGroupPayload,
    CustomerRequestDataErasurePayload, DeliveryMethodDeletePayload, DeliveryMethodMutations,
    DeliveryMethodPayload, DeliveryZoneDeletePayload, DeliveryZoneMutations, DeliveryZonePayload,
    ExchangeRatesSetPayload, FulfillmentInput, FulfillmentLineItemInput, FulfillmentMutations,
    FulfillmentPayload, FulfillmentTrackingInput, GiftCardCreatePayload, GiftCardMutations, GiftCardPayload,
    InventoryAdjustQuantitiesInput, InventoryChangeInput, InventoryMutations, InventoryPayload,
    InventoryQuantityInput, InventorySetQuantitiesInput, JobMutations, JobPayload, MarketDeletePayload,
    MarketMutations, MarketPayload, MediaDeletePayload, MediaMutations, OrderAttentionClear,
    OrderAttentionClearPayload, OrderCancel, OrderCancelPayload, PriceListDeletePayload, PriceListMutations,
    PriceListPayload, PriceListPricesRemovePayload, PriceListPricesSetPayload, PricingSettingsPayload,
    PricingSettingsUpdate, ProductDeletePayload, ProductMutations, ProductPayload, PromotionCodeInput,
    PromotionCodeMutations, PromotionCodesAddPayload, PromotionCodesDisablePayload,
    PromotionCodesGenerateInput, PromotionCodesGeneratePayload, PromotionMutations, PromotionPayload,
    RefundCreate, RefundCreatePayload, RefundInput, RefundLineItemInput, RefundTenderInput,
    RoleDeletePayload, RoleInput, RoleMutations, RolePayload, StaffEntryMutations, StaffInvitationAccept,
    StaffInvitationAcceptInput, StaffInvitationAcceptPayload, StaffInvite, StaffInviteInput,
    StaffInvitePayload, StaffMemberMutations, StaffMemberPayload, StaffMemberRemovePayload,
    StaffMemberResetPayload, StaffMemberSessionsEndPayload, StaffOwnershipTransfer,
    StaffOwnershipTransferPayload, StaffPassword, StaffPasswordChangePayload, StaffPasswordRecoverPayload,
    StaffPasswordResetInput, StaffPasswordResetPayload, StaffProfile, StaffProfileUpdateInput,
    StaffProfileUpdatePayload, StaffRecoveryCodesPayload, StaffSecondFactor, StaffSessionRevokePayload,
    StaffSignIn, StaffSignInChallenge, StaffSignInInput, StaffSignInPayload, StaffSignInVerifyPayload,
    StaffSignOut, StaffSignOutEverywherePayload, StaffSignOutPayload, StaffStepUp, StaffStepUpInput,
    StaffStepUpPayload, StaffTokenRefresh, StaffTokenRefreshPayload, StaffTotpBeginPayload,
    StaffTotpDisablePayload, StaffTotpSecret, TaxCategoryDeletePayload, TaxCategoryMutations,
    TaxCategoryPayload, TaxRatesImportMutation, TaxRatesImportPayload, TaxZoneDeletePayload,
    TaxZoneMutations, TaxZonePayload,
};
pub use restricted::{Asked, restricted_fields};
pub(in crate::graphql) use restricted::{allows, close};
pub use role::Role;
pub use root::{Admin, AdminQueries, StaffReads};
pub use settings::{AdminSettings, SettingsReads};
pub use staff_member::{StaffMember, StaffMemberState};
pub use user_error::{AdminUserError, RefusalCode};
