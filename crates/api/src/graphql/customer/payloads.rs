//! What the mutations of customers answer: what there is now, and why something was refused. A refused mutation changes nothing.

use super::{Customer, CustomerAccessToken, CustomerUserError, UserError};
use crate::graphql::cart::MailingAddress;
use async_graphql::SimpleObject;

/// What came of `customerAccessTokenCreate`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerAccessTokenCreatePayload {
    /// The token of the sign-in that has begun; null if none has.
    pub customer_access_token: Option<CustomerAccessToken>,
    /// Why it was refused; empty if it was done.
    pub customer_user_errors: Vec<CustomerUserError>,
}

impl CustomerAccessTokenCreatePayload {
    /// A refusal.
    pub fn refused(error: CustomerUserError) -> Self {
        Self { customer_user_errors: vec![error], ..Self::default() }
    }
}

/// What came of `customerActivate`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerActivatePayload {
    /// The customer; null if it was refused.
    pub customer: Option<Customer>,
    /// The token of the sign-in that has begun; null if none has.
    pub customer_access_token: Option<CustomerAccessToken>,
    /// Why it was refused; empty if it was done.
    pub customer_user_errors: Vec<CustomerUserError>,
}

impl CustomerActivatePayload {
    /// A refusal.
    pub fn refused(error: CustomerUserError) -> Self {
        Self { customer_user_errors: vec![error], ..Self::default() }
    }
}

/// What came of `customerAddressCreate`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerAddressCreatePayload {
    /// The address; null if it was refused.
    pub customer_address: Option<MailingAddress>,
    /// Why it was refused; empty if it was done.
    pub customer_user_errors: Vec<CustomerUserError>,
}

impl CustomerAddressCreatePayload {
    /// A refusal.
    pub fn refused(error: CustomerUserError) -> Self {
        Self { customer_user_errors: vec![error], ..Self::default() }
    }
}

/// What came of `customerAddressDelete`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerAddressDeletePayload {
    /// The global id of the address that is gone; null if it was refused.
    pub deleted_customer_address_id: Option<String>,
    /// Why it was refused; empty if it was done.
    pub customer_user_errors: Vec<CustomerUserError>,
}

impl CustomerAddressDeletePayload {
    /// A refusal.
    pub fn refused(error: CustomerUserError) -> Self {
        Self { customer_user_errors: vec![error], ..Self::default() }
    }
}

/// What came of `customerAddressUpdate`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerAddressUpdatePayload {
    /// The address; null if it was refused.
    pub customer_address: Option<MailingAddress>,
    /// Why it was refused; empty if it was done.
    pub customer_user_errors: Vec<CustomerUserError>,
}

impl CustomerAddressUpdatePayload {
    /// A refusal.
    pub fn refused(error: CustomerUserError) -> Self {
        Self { customer_user_errors: vec![error], ..Self::default() }
    }
}

/// What came of `customerCreate`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerCreatePayload {
    /// Always null: an account begins once its address is proved.
    pub customer: Option<Customer>,
    /// Why it was refused; empty if it was done.
    pub customer_user_errors: Vec<CustomerUserError>,
}

impl CustomerCreatePayload {
    /// A refusal.
    pub fn refused(error: CustomerUserError) -> Self {
        Self { customer_user_errors: vec![error], ..Self::default() }
    }
}

/// What came of `customerDefaultAddressUpdate`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerDefaultAddressUpdatePayload {
    /// The customer; null if it was refused.
    pub customer: Option<Customer>,
    /// Why it was refused; empty if it was done.
    pub customer_user_errors: Vec<CustomerUserError>,
}

impl CustomerDefaultAddressUpdatePayload {
    /// A refusal.
    pub fn refused(error: CustomerUserError) -> Self {
        Self { customer_user_errors: vec![error], ..Self::default() }
    }
}

/// What came of `customerRecover`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerRecoverPayload {
    /// Why it was refused; empty if it was done.
    pub customer_user_errors: Vec<CustomerUserError>,
}

/// What came of `customerReset`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerResetPayload {
    /// The customer; null if it was refused.
    pub customer: Option<Customer>,
    /// The token of the sign-in that has begun; null if none has.
    pub customer_access_token: Option<CustomerAccessToken>,
    /// Why it was refused; empty if it was done.
    pub customer_user_errors: Vec<CustomerUserError>,
}

impl CustomerResetPayload {
    /// A refusal.
    pub fn refused(error: CustomerUserError) -> Self {
        Self { customer_user_errors: vec![error], ..Self::default() }
    }
}

/// What came of `customerUpdate`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerUpdatePayload {
    /// The customer as they are now, with whatever was changed before a refusal; null if nobody is known by the token.
    pub customer: Option<Customer>,
    /// The token that counts from now on, after a new password; null where the old one goes on.
    pub customer_access_token: Option<CustomerAccessToken>,
    /// Why it was refused; empty if it was done.
    pub customer_user_errors: Vec<CustomerUserError>,
}

impl CustomerUpdatePayload {
    /// A refusal.
    pub fn refused(error: CustomerUserError) -> Self {
        Self { customer_user_errors: vec![error], ..Self::default() }
    }
}

/// What came of `customerAccessTokenDelete`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerAccessTokenDeletePayload {
    /// The token that is worth nothing any more; null if it was refused.
    pub deleted_access_token: Option<String>,
    /// The global id of the sign-in that is over; null if it was refused.
    pub deleted_customer_access_token_id: Option<String>,
    /// Why it was refused; empty if it was done.
    pub user_errors: Vec<UserError>,
}

/// What came of `customerAccessTokenRenew`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerAccessTokenRenewPayload {
    /// The same token, with its new end; null if it was refused.
    pub customer_access_token: Option<CustomerAccessToken>,
    /// Why it was refused; empty if it was done.
    pub user_errors: Vec<UserError>,
}
