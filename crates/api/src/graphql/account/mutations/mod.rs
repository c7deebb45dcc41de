//! The mutations of whoever is signed in, or wants to be: input, payload, mapping of refusals, resolver.

mod email_change;
mod identity;
mod identity_redeem;
mod marketing_consent_update;
mod password_change;
mod personal_data;
mod sign_in;
mod sign_out;
mod token_refresh;

pub use email_change::{
    CustomerEmailChange, CustomerEmailChangeInput, CustomerEmailChangePayload, CustomerEmailConfirmPayload,
};
pub use identity::{
    CustomerIdentities, CustomerIdentityConfirmInput, CustomerIdentityConfirmPayload,
    CustomerIdentityLinkInput, CustomerIdentityLinkPayload, CustomerIdentityUnlinkInput,
    CustomerIdentityUnlinkPayload,
};
pub use identity_redeem::{
    CustomerIdentityRedeem, CustomerIdentityRedeemInput, CustomerIdentityRedeemPayload,
};
pub use marketing_consent_update::{
    CustomerMarketingConsentUpdate, CustomerMarketingConsentUpdateInput,
    CustomerMarketingConsentUpdatePayload,
};
pub use password_change::{
    CustomerPasswordChange, CustomerPasswordChangeInput, CustomerPasswordChangePayload,
};
pub use personal_data::{
    CustomerDataRequestPayload, CustomerEraseInput, CustomerErasePayload, CustomerPersonalData,
};
pub use sign_in::{CustomerSignIn, CustomerSignInInput, CustomerSignInPayload};
pub use sign_out::{
    CustomerSessionRevokePayload, CustomerSignOut, CustomerSignOutEverywherePayload, CustomerSignOutPayload,
};
pub use token_refresh::{CustomerTokenRefresh, CustomerTokenRefreshPayload};

use async_graphql::MergedObject;

/// All mutations of accounts that are this server's own.
#[derive(Clone, Copy, Debug, Default, MergedObject)]
pub struct AccountMutations(
    CustomerSignIn,
    CustomerTokenRefresh,
    CustomerSignOut,
    CustomerEmailChange,
    CustomerPasswordChange,
    CustomerMarketingConsentUpdate,
    CustomerPersonalData,
    CustomerIdentities,
    CustomerIdentityRedeem,
);
