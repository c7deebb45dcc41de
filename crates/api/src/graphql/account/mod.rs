//! What the Storefront API has no words for: signing in for tokens or a cookie, sign-ins, another address or password, and what is known
//! of a customer. Who asks is known by the request's credential, not by an argument.

mod consent;
mod credentials;
mod error_code;
mod identity;
mod mutations;
mod session;
mod user_error;
mod viewer;

pub use consent::{CustomerConsent, CustomerConsentKind, CustomerConsentSource};
pub use credentials::{AccountTokens, Given, SignInMode, give, take_back};
pub use error_code::AccountErrorCode;
pub use identity::{CustomerIdentity, SignInProvider};
pub use mutations::{
    AccountMutations, CustomerDataRequestPayload, CustomerEmailChange, CustomerEmailChangeInput,
    CustomerEmailChangePayload, CustomerEmailConfirmPayload, CustomerEraseInput, CustomerErasePayload,
    CustomerIdentities, CustomerIdentityConfirmInput, CustomerIdentityConfirmPayload,
    CustomerIdentityLinkInput, CustomerIdentityLinkPayload, CustomerIdentityRedeem,
    CustomerIdentityRedeemInput, CustomerIdentityRedeemPayload, CustomerIdentityUnlinkInput,
    CustomerIdentityUnlinkPayload, CustomerMarketingConsentUpdate, CustomerMarketingConsentUpdateInput,
    CustomerMarketingConsentUpdatePayload, CustomerPasswordChange, CustomerPasswordChangeInput,
    CustomerPasswordChangePayload, CustomerPersonalData, CustomerSessionRevokePayload, CustomerSignIn,
    CustomerSignInInput, CustomerSignInPayload, CustomerSignOut, CustomerSignOutEverywherePayload,
    CustomerSignOutPayload, CustomerTokenRefresh, CustomerTokenRefreshPayload,
};
pub use session::Session;
pub use user_error::AccountUserError;
pub use viewer::{AccountQueries, Viewer};
