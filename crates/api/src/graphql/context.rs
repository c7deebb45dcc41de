//! What a client says of its visitor with `@inContext`.

use async_graphql::{ID, InputObject};

/// Who buys.
#[derive(Clone, Debug, InputObject)]
pub(super) struct BuyerInput {
    /// The place of the company for which the buyer buys.
    pub company_location_id: Option<ID>,
    /// The token of the signed-in customer.
    pub customer_access_token: String,
}

/// What the visitor agreed to.
#[derive(Clone, Copy, Debug, InputObject)]
pub(super) struct VisitorConsent {
    /// To be counted.
    pub analytics: Option<bool>,
    /// To be advertised to.
    pub marketing: Option<bool>,
    /// To be remembered.
    pub preferences: Option<bool>,
    /// To have data about them sold or shared.
    pub sale_of_data: Option<bool>,
}
