//! Whose an order is to be, and where its mails go.

use crate::{Context, pricing::Whose};
use stoa_domain::{
    access::Viewer,
    cart::Cart,
    customer::Customer,
    shared::{Address, CustomerId, EmailAddress, Fault},
};
use stoa_persistence::customer;

/// Who buys what is in a cart.
pub(super) struct Buyer {
    /// Whose the order is to be; none: a guest's.
    pub(super) customer: Option<CustomerId>,
    /// Where its mails go, if that is known.
    pub(super) email: Option<EmailAddress>,
    /// Where it is to be delivered, if that is said: an address out of the book of somebody who is not asking was not said by who is.
    pub(super) address: Option<Address>,
}

impl Buyer {
    /// Whoever is signed in buys for themselves, and is written to at the account's address unless the cart says another. A customer's
    /// cart that nobody signed in orders from is theirs only if it is they who are written to: whoever has a cart's id can say an
    /// address, and must not write into another's history. A guest costs no statement.
    pub(super) async fn of(ctx: &Context, viewer: &Viewer, cart: &Cart) -> Result<Self, Fault> {
        let (said, address) = (cart.buyer.email.clone(), cart.selected_address());
        let address =
            address.filter(|chosen| chosen.is_there_for(viewer)).map(|chosen| chosen.address.clone());
        let account = match viewer.customer().or(cart.buyer.customer) {
            Some(id) => customer::find(ctx.db().read(), id).await?,
            None => None,
        };
        let Some(account) = account else { return Ok(Self { customer: None, email: said, address }) };
        if viewer.customer().is_none() && !is_written_to(&account, said.as_ref()) {
            return Ok(Self { customer: None, email: said, address });
        }
        Ok(Self { customer: Some(account.id), email: said.or(Some(account.email)), address })
    }
}

impl Buyer {
    /// Whose prices the order has: those of whose it is to be. Store credit is spent by whoever is signed in, and by nobody else.
    pub(super) fn whose(&self, viewer: &Viewer) -> Whose {
        let may_spend = self.customer.is_some() && viewer.customer() == self.customer;
        Whose { customer: self.customer, email: self.email.clone(), may_spend }
    }
}

fn is_written_to(account: &Customer, at: Option<&EmailAddress>) -> bool {
    at.is_some_and(|at| at.key() == account.email.key())
}
