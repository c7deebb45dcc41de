//! Who buys, as far as rules ask.

use super::ShopRules;
use crate::Context;
use stoa_domain::{
    access::Viewer,
    cart::Cart,
    pricing::BuyerFacts,
    shared::{CustomerId, EmailAddress, Fault},
    tax::VatNumber,
};
use stoa_persistence::customer::{self, PricingAccount};

/// Whose prices a cart has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Whose {
    /// The account.
    pub(crate) customer: Option<CustomerId>,
    /// Where they are written to.
    pub(crate) email: Option<EmailAddress>,
    /// Whether that account may spend its store credit: who has a cart's id need not be whose it is.
    pub(crate) may_spend: bool,
}

impl Whose {
    /// The buyer's own, whoever asks: as far as the cart says who they are.
    pub(crate) fn buyer_of(cart: &Cart) -> Self {
        let customer = cart.buyer.customer;
        Self { customer, email: cart.buyer.email.clone(), may_spend: customer.is_some() }
    }

    /// Of whoever looks at a cart: their account's, or else that of the customer whose it is. Whose an order is to be is decided again when it is
    /// placed.
    pub(crate) fn of(viewer: &Viewer, cart: &Cart) -> Self {
        let viewer = viewer.customer();
        Self {
            customer: viewer.or(cart.buyer.customer),
            email: cart.buyer.email.clone(),
            may_spend: viewer.is_some(),
        }
    }
}

/// What is known of the account, where some rule asks for it: one statement.
pub(super) async fn account(
    ctx: &Context,
    rules: &ShopRules,
    whose: &Whose,
) -> Result<Option<PricingAccount>, Fault> {
    let needs = rules.rules.needs();
    let is_taxed = rules.taxes_anything() || ctx.ports.outside.taxes.is_some();
    let asks = needs.groups || needs.by_buyer || needs.first_order || is_taxed;
    match whose.customer.filter(|_| asks) {
        Some(id) => customer::pricing_account(ctx.db().read(), id).await,
        None => Ok(None),
    }
}

/// Who it is that uses something up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    /// The account.
    pub(crate) customer: Option<CustomerId>,
    /// Where they are written to, and the account's own address.
    pub(crate) addresses: Vec<EmailAddress>,
}

/// Who is counted where something is limited for each buyer: whose prices a cart has; and where those are nobody's, the customer who has said
/// that the cart is theirs. Whoever has its id alone gets none of their prices, and uses up what is theirs all the same.
pub(super) async fn counted(
    ctx: &Context,
    rules: &ShopRules,
    (whose, account): (&Whose, Option<&PricingAccount>),
    cart: &Cart,
) -> Result<Counted, Fault> {
    let needs = rules.rules.needs();
    let customer = whose.customer.or(cart.buyer.customer);
    let of_account = match customer.filter(|_| needs.by_buyer || needs.first_order) {
        Some(id) if whose.customer.is_none() => {
            customer::pricing_account(ctx.db().read(), id).await?.and_then(|named| named.email)
        }
        _ => account.and_then(|account| account.email.clone()),
    };
    Ok(Counted { customer, addresses: whose.email.iter().cloned().chain(of_account).collect() })
}

/// What rules ask of a buyer, but for what they have ordered before.
pub(super) fn facts(cart: &Cart, whose: &Whose, account: Option<&PricingAccount>) -> BuyerFacts {
    let of_account = account.and_then(|account| account.tax_number.as_deref());
    let tax_number = cart.buyer.tax_number.as_deref().or(of_account);
    BuyerFacts {
        customer: whose.customer,
        groups: account.map(|account| account.groups.clone()).unwrap_or_default(),
        is_known: whose.customer.is_some() || whose.email.is_some(),
        first_order: None,
        tax_exempt: account.is_some_and(|account| account.tax_exempt),
        // One that is none is no reason not to charge tax.
        tax_number: tax_number.and_then(|text| VatNumber::parse(text).ok()),
    }
}
