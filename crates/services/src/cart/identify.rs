//! Who buys: what they say of themselves, and whose a cart becomes when they sign in.

use super::{
    DetailsRefusal, IdentityChange, MergeCartsRefusal, TooManyUnits,
    details::{rules_of, set_buyer},
    edit::{CartError, Edited, MerchandiseRefusal, edit},
    load::load,
    merge::merge,
};
use crate::{Context, account::Caller, pricing::ShopRules};
use std::sync::Arc;
use stoa_domain::{
    access::SignedIn,
    cart::{Cart, MergeRefusal},
    customer::Customer,
    shared::{CartId, CustomerId, Fault, VariantId},
};
use stoa_persistence::{Durability, customer, db::retrying};

/// How often a customer's cart may turn out to be gone, or another one, before we give up.
const TRIES: u32 = 5;

/// Why a cart does not get another buyer. Nothing has changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityRefusal {
    /// What is said of the buyer cannot be.
    Details(DetailsRefusal),
    /// The cart does not go into the one that the customer has.
    Merge(MergeCartsRefusal),
    /// The customer's account is gone since they were asked who they are.
    UnknownCustomer,
}

impl MerchandiseRefusal for IdentityRefusal {
    // Who buys touches no lines, so nothing is ever asked whether it is for sale, or counted.
    fn not_for_sale(_: VariantId) -> Self {
        Self::UnknownCustomer
    }

    fn too_many_units(why: TooManyUnits) -> Self {
        Self::Merge(MergeCartsRefusal::TooManyUnits(why))
    }
}

/// Says who buys.
pub struct IdentifyBuyer(pub(crate) Arc<Context>);

impl IdentifyBuyer {
    /// Changes what a cart knows of its buyer. Where a customer calls, it becomes theirs, with the same id; if they have a cart
    /// already it is merged into that, which is what is given then. Again changes nothing.
    ///
    /// # Errors
    /// No such cart for who calls, a refusal, or a fault.
    #[tracing::instrument(name = "cart.identify", skip_all)]
    pub async fn run(
        &self,
        by: &Caller,
        cart: CartId,
        change: &IdentityChange,
    ) -> Result<Edited, CartError<IdentityRefusal>> {
        match by.signed_in() {
            Some(who) => Box::pin(claim(&self.0, by, who, cart, change)).await,
            None => {
                let rules = rules_of(&self.0, change).await?;
                let details = |cart: &mut Cart| {
                    set_buyer(cart, change, rules.as_deref()).map_err(IdentityRefusal::Details)
                };
                edit(&self.0, by, cart, details).await
            }
        }
    }
}

/// Makes a cart a customer's.
pub(super) async fn claim(
    ctx: &Arc<Context>,
    by: &Caller,
    who: SignedIn,
    cart: CartId,
    change: &IdentityChange,
) -> Result<Edited, CartError<IdentityRefusal>> {
    let account = customer::find(ctx.db().read(), who.customer).await?;
    let account = account.ok_or(CartError::Refused(IdentityRefusal::UnknownCustomer))?;
    let Some(found) = load(ctx, &by.viewer, cart, ctx.now()).await? else {
        return merged_before(ctx, by, &account, cart, change).await;
    };
    let rules = rules_of(ctx, change).await?;
    let buyer = (&account, change, rules.as_deref());
    // Looked at before anything is written: after a refusal it is still nobody's.
    make_theirs(&mut found.clone(), buyer).map_err(CartError::Refused)?;
    for _ in 0..TRIES {
        let theirs = keep(ctx, who.customer, cart).await?;
        let theirs = theirs.ok_or(CartError::Refused(IdentityRefusal::UnknownCustomer))?;
        if theirs == cart {
            return edit(ctx, by, cart, |cart| make_theirs(cart, buyer)).await;
        }
        // A change that this very cart has taken can be taken by the other.
        let also = |theirs: &mut Cart| drop(make_theirs(theirs, buyer));
        match merge(ctx, by, (cart, theirs), also).await {
            // It has become an order, or was left alone for too long: this one takes its place.
            Err(CartError::NotFound) => drop(replace(ctx, who.customer, (theirs, cart)).await?),
            // Somebody has begun to merge it into this one, by hand.
            Err(CartError::Refused(MergeCartsRefusal::Rule(MergeRefusal::OtherWay))) => {
                let also = |cart: &mut Cart| drop(make_theirs(cart, buyer));
                merge(ctx, by, (theirs, cart), also).await.map_err(|e| e.map(IdentityRefusal::Merge))?;
                replace(ctx, who.customer, (theirs, cart)).await?;
            }
            Err(CartError::Refused(MergeCartsRefusal::NoSuchCart)) => return Err(CartError::NotFound),
            outcome => return outcome.map_err(|error| error.map(IdentityRefusal::Merge)),
        }
    }
    Err(CartError::Busy)
}

/// The cart is not there. A call whose answer was lost may have merged it into the customer's own.
async fn merged_before(
    ctx: &Arc<Context>,
    by: &Caller,
    account: &Customer,
    cart: CartId,
    change: &IdentityChange,
) -> Result<Edited, CartError<IdentityRefusal>> {
    let theirs = customer::cart_of(ctx.db().read(), account.id).await?.ok_or(CartError::NotFound)?;
    match load(ctx, &by.viewer, theirs, ctx.now()).await? {
        Some(found) if found.has_merged(cart) => {
            let rules = rules_of(ctx, change).await?;
            edit(ctx, by, theirs, |theirs| make_theirs(theirs, (account, change, rules.as_deref()))).await
        }
        _ => Err(CartError::NotFound),
    }
}

/// What the buyer says counts, then what the cart says. The account's own address is not written into it: a cart is shown to whoever has
/// its id, who need not be the customer. An order takes it from the account.
fn make_theirs(
    cart: &mut Cart,
    (account, change, rules): (&Customer, &IdentityChange, Option<&ShopRules>),
) -> Result<super::edit::Touched, IdentityRefusal> {
    cart.buyer.customer = Some(account.id);
    set_buyer(cart, change, rules).map_err(IdentityRefusal::Details)
}

/// The customer's cart, which this one becomes if they have none. `None`: there is no such customer.
async fn keep(ctx: &Context, of: CustomerId, cart: CartId) -> Result<Option<CartId>, Fault> {
    retrying(|| keep_once(ctx, of, cart)).await
}

async fn keep_once(ctx: &Context, of: CustomerId, cart: CartId) -> Result<Option<CartId>, Fault> {
    let tx = ctx.db().write(Durability::Relaxed).await?;
    let theirs = customer::keep_cart(&tx, of, cart, ctx.now()).await?;
    tx.commit().await?;
    Ok(theirs)
}

/// Gives a customer another cart in the place of one that is gone. Nothing happens if they have yet another by now.
async fn replace(ctx: &Context, of: CustomerId, (old, new): (CartId, CartId)) -> Result<bool, Fault> {
    retrying(|| replace_once(ctx, of, (old, new))).await
}

async fn replace_once(ctx: &Context, of: CustomerId, (old, new): (CartId, CartId)) -> Result<bool, Fault> {
    let tx = ctx.db().write(Durability::Relaxed).await?;
    let replaced = customer::replace_cart(&tx, of, (old, new), ctx.now()).await?;
    tx.commit().await?;
    Ok(replaced)
}
