//! Taking a customer out, for good. What the tax office asks for stays, for as long as it does.

use crate::{
    Context,
    account::{Client, Proved, Reproof, SignInError, prove_again, still_proved},
    cart::discard_erased,
    jobs,
};
use std::sync::Arc;
use stoa_domain::{
    access::SignedIn,
    account::{Realm, TokenKind},
    customer::ErasureObstacle,
    shared::{CartId, CustomerId, Fault},
};
use stoa_persistence::{
    Batch, Durability, WriteTx, account, customer,
    db::{MayFault, retrying},
    order,
};

/// Why a customer is not taken out.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// They still have to pay or to be sent something.
    #[error(transparent)]
    Obstacle(#[from] ErasureObstacle),
    /// The password is wrong, was guessed at too often, or the sign-in is too old to do without.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl MayFault for EraseError {
    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Fault(fault) => Some(fault),
            Self::SignIn(error) => error.fault(),
            Self::Obstacle(_) => None,
        }
    }
}

/// Takes customers out.
pub struct EraseCustomer(pub(crate) Arc<Context>);

impl EraseCustomer {
    /// Takes out whoever proves once more who they are: the account is empty, every sign-in ended, every archive gone, and the cart.
    /// Orders keep their figures, and for as many years as the shop must keep them the name and address they were sent to.
    ///
    /// # Errors
    /// An order stands in the way, the proof is none, or the database does not answer.
    #[tracing::instrument(name = "customer.erase", skip_all)]
    pub async fn run(&self, who: SignedIn, by: Reproof<'_>, client: &Client) -> Result<(), EraseError> {
        let ctx = &self.0;
        let proved = prove_again(ctx, who, by, client).await?;
        let cart = retrying(|| self.erase_once(&proved)).await?;
        ctx.jobs_waiting.notify_one();
        remove_cart(ctx, who.customer, cart).await;
        Ok(())
    }

    async fn erase_once(&self, proved: &Proved) -> Result<Option<CartId>, EraseError> {
        let tx = self.0.db().write(Durability::Full).await?;
        if !still_proved(&self.0, &tx, proved).await? {
            return Err(SignInError::Unidentified.into());
        }
        let cart = erase(&self.0, &tx, proved.who.subject.into(), "customer").await?;
        tx.commit().await?;
        Ok(cart)
    }
}

/// Takes a customer out whose account is locked, and gives their cart, which is to go when that is kept ([`remove_cart`]). Orders of
/// theirs that were placed without signing in go the same way, but for those that nobody has paid: anybody can place them with
/// anybody's address, and would keep its owner here. They end by themselves.
pub(crate) async fn erase(
    ctx: &Context,
    tx: &WriteTx,
    id: CustomerId,
    actor: &str,
) -> Result<Option<CartId>, EraseError> {
    let now = ctx.now();
    let customer = customer::find_for_update(tx, id).await?.ok_or(SignInError::Unidentified)?;
    let archives = account::tokens_of(tx, (Realm::Customer, id.uuid()), TokenKind::Archive).await?;
    let cart = customer::cart_of(tx, id).await?;
    // Sign-ins and links are locked before orders, and nothing of it is kept if an order stands in the way.
    customer::erase(tx, id, ctx.ports.ids.id(), actor, now).await?;
    if customer.state.verified_at().is_some() {
        order::claim_decided(tx, id, &customer.email).await?;
    }
    if let Some(obstacle) = order::erasure_obstacle(tx, id, now).await? {
        return Err(obstacle.into());
    }
    order::erase(tx, id, ctx.settings.privacy.keep_orders_years, &*ctx.ports.ids, now).await?;
    // Nothing but these jobs knows the files from now on.
    let mut batch = Batch::new();
    archives.iter().for_each(|link| jobs::remove_archive(ctx, &mut batch, link.id, now));
    batch.write(tx).await?;
    Ok(cart)
}

/// Takes the cart of somebody away who was erased. If that fails, it goes by itself when its time is over.
pub(crate) async fn remove_cart(ctx: &Context, of: CustomerId, cart: Option<CartId>) {
    let Some(cart) = cart else { return };
    if let Err(fault) = discard_erased(ctx, cart, of).await {
        tracing::error!(error = %fault, "the cart of an erased customer stays until nobody has used it for a while");
    }
}
