//! `customerMarketingConsentUpdate`: what customers agree to.

use crate::graphql::{
    ApiError, Request,
    account::{AccountErrorCode, AccountUserError},
    cart::InputPath,
    customer::Customer,
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use stoa_graphql_http::Nullable;
use stoa_services::customer::ConsentError;

/// What is agreed to, and to what words.
#[derive(Clone, InputObject)]
pub struct CustomerMarketingConsentUpdateInput {
    /// Whether they want advertisements by mail.
    pub granted: bool,
    /// What they were shown when they said so. It is kept with it.
    pub text: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct CustomerMarketingConsentUpdatePayload {
    /// The customer; null if it was refused.
    pub customer: Option<Customer>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<AccountUserError>,
}

impl CustomerMarketingConsentUpdatePayload {
    fn refused(error: AccountUserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CustomerMarketingConsentUpdate;

/// Writes down what a customer agrees to.
#[Object]
impl CustomerMarketingConsentUpdate {
    /// Writes down that a customer wants advertisements by mail, or does not any more. Each change is kept, with when and how. An
    /// addition of this server to the vocabulary.
    async fn customer_marketing_consent_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is agreed to.")] input: CustomerMarketingConsentUpdateInput,
    ) -> Nullable<CustomerMarketingConsentUpdatePayload> {
        Nullable::run(async { update(ctx, &input).await.map(Some) }).await
    }
}

async fn update(
    ctx: &Context<'_>,
    input: &CustomerMarketingConsentUpdateInput,
) -> Result<CustomerMarketingConsentUpdatePayload, ApiError> {
    let Some(who) = ctx.signed_in() else {
        return Ok(CustomerMarketingConsentUpdatePayload::refused(AccountUserError::not_signed_in()));
    };
    let error = match ctx.services().consent.run(who, input.granted, input.text.as_deref()).await {
        Ok(()) => {
            let customer = Customer::read(ctx, who).await?;
            return Ok(CustomerMarketingConsentUpdatePayload { customer, user_errors: Vec::new() });
        }
        Err(ConsentError::Wording(_)) => {
            let path = InputPath::argument("input").field("text");
            AccountUserError::new(AccountErrorCode::TooLong, path, "The text is too long.")
        }
        Err(ConsentError::Unknown) => AccountUserError::not_signed_in(),
        Err(ConsentError::Fault(fault)) => return Err(fault.into()),
    };
    Ok(CustomerMarketingConsentUpdatePayload::refused(error))
}
