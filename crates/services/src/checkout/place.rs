//! A cart becomes an order: once, whatever is repeated, raced or killed.
//!
//! 1. The key is looked up: a repeat gets the first answer.
//! 2. The cart is locked by compare-and-set, so that what is ordered is what was priced.
//! 3. Its holds are renewed: other buyers' holds are respected. A store that does not answer is passed over.
//!    What its network may have to pay is counted: of unpaid orders nobody empties a shelf.
//! 4. One transaction allocates the stock, takes what the order uses of promotions and of gift cards, takes a number, writes order,
//!    payments, key, history and the jobs that must follow. Stock, limits and balances are decided here and nowhere else.
//! 5. The cart is deleted and its holds let go. A process that dies before leaves a lock on the cart, behind which
//!    everybody finds the order.
//! 6. The gateway is asked for its payment object, with a key made from our payment's id: a repeat finds the same one.

use super::{
    buyer::Buyer,
    check::check,
    locked::Locked,
    placed::{PlaceOrderError, Placed},
    session::open_session,
    take::Gone,
    write::{New, Written},
};
use crate::{
    Context,
    account::Caller,
    cart::{CartView, Unlocked, back_off, drop_undue, load_with_clock, priced, save, unlocked},
    meters,
    order::OrderView,
    pricing::Rates,
};
use std::sync::Arc;
use stoa_domain::{
    access::Viewer,
    cart::{Cart, CheckoutLock, Saved},
    checkout::{PlaceOrder, PlaceOrderRefusal, fingerprint},
    order::{Order, OrderState},
    payment::Payment,
    shared::{Fault, Money, OrderId, Timestamp},
};
use stoa_persistence::{order, payment};

/// The scope of this use case's idempotency keys.
pub(super) const SCOPE: &str = "order.place";
/// The longest idempotency key, in characters (Stripe's bound).
const KEY_LENGTH: usize = 255;
/// How often a cart that others change is tried again.
const TRIES: u32 = 30;
/// The try from which a lock with the same key is taken over. Of a button that was pressed twice the first request is mostly done
/// by then; one that has died with its server keeps nobody waiting for longer.
const TAKES_OVER: u32 = 6;

/// Places orders.
pub struct PlaceOrderService(pub(crate) Arc<Context>);

impl PlaceOrderService {
    /// Turns a cart into an order, in the language that who calls reads. The same key with the same request gives the same order
    /// again, to whoever could have placed it.
    ///
    /// # Errors
    /// A refusal, with the cart as it was; or a fault, after which the same request may be repeated.
    #[tracing::instrument(name = "order.place", skip_all)]
    pub async fn run(&self, by: &Caller, request: PlaceOrder) -> Result<Placed, PlaceOrderError> {
        let key_length = request.idempotency_key.chars().count();
        if key_length == 0 || key_length > KEY_LENGTH || request.idempotency_key.contains('\0') {
            return Err(PlaceOrderRefusal::BadKey.into());
        }
        if let Some(order) = self.known(&request).await? {
            return self.resume_for(&by.viewer, order).await;
        }
        let Some(locked) = Box::pin(self.lock(&by.viewer, &request)).await? else {
            // Somebody with the same key has finished meanwhile.
            return match self.known(&request).await? {
                Some(order) => self.resume_for(&by.viewer, order).await,
                None => Err(PlaceOrderRefusal::AlreadyOrdered.into()),
            };
        };
        let placed = match locked.hold(&self.0).await {
            Ok(()) => Box::pin(self.write_counted(by, &request, &locked)).await,
            Err(refusal) => Err(refusal),
        };
        match placed {
            Ok(Written::New(new)) => {
                let New { order, payment, stored, stock } = *new;
                locked.tidy(&self.0, &stock).await;
                self.0.order_changed(order.id);
                self.0.stock_changed(&stock);
                meters::order_placed();
                tracing::info!(order.id = %order.id, order.number = order.number, "order placed");
                Ok(self.answer(order, payment, stored).await)
            }
            Ok(Written::Gone(gone)) => Box::pin(self.reprice(&request, locked, gone)).await,
            Ok(Written::Known) => match self.known(&request).await {
                Ok(Some(order)) => self.same_as(order, &locked).await,
                Ok(None) => Err(Fault::bug("order.place: a key that is taken belongs to no order").into()),
                Err(error) => self.undo(&request, locked, error).await,
            },
            Err(error) => self.undo(&request, locked, error).await,
        }
    }

    /// Gives the cart free after a refusal. After a fault nobody knows whether the order was written: the lock stays, and
    /// whoever comes next looks, or it ends by itself.
    ///
    /// Two requests with one key may both be at it, one having taken the lock over from the other: what one of them has got,
    /// such as the last unit there was, is what the other was refused.
    async fn undo(
        &self,
        request: &PlaceOrder,
        locked: Locked,
        error: PlaceOrderError,
    ) -> Result<Placed, PlaceOrderError> {
        let PlaceOrderError::Refused(refusal) = &error else { return Err(error) };
        if locked.taken_over
            && let Ok(Some(order)) = self.known(request).await
        {
            return self.same_as(order, &locked).await;
        }
        if *refusal == PlaceOrderRefusal::AlreadyOrdered {
            locked.drop_cart(&self.0).await;
        } else if !locked.unlock(&self.0).await
            && let Ok(Some(order)) = self.known(request).await
        {
            return self.same_as(order, &locked).await;
        }
        Err(error)
    }

    /// What the cart was priced by is gone: the buyer is told what it costs now, and may order it for that with the next request.
    async fn reprice(
        &self,
        request: &PlaceOrder,
        mut locked: Locked,
        gone: Gone,
    ) -> Result<Placed, PlaceOrderError> {
        let now = self.0.now();
        let cart = locked.view.cart.clone();
        let (view, _) = Box::pin(priced(&self.0, cart, &locked.whose, Rates::Chosen, now)).await?;
        let [total, charge] = [view.priced.total, view.priced.charge].map(|minor| view.priced.money(minor));
        // A gift that is due no more is in nobody's sight, and would be refused for ever.
        drop_undue(&mut locked.view.cart, &view.gifts.undue);
        // Noted as the lock is taken off.
        (locked.view.cart.told, locked.view.cart.told_charge) = told_by(&view);
        let refusal = match gone {
            Gone::Discount => PlaceOrderRefusal::DiscountUnavailable { actual: total },
            Gone::GiftCard => PlaceOrderRefusal::GiftCardUnavailable { actual: charge },
        };
        self.undo(request, locked, refusal.into()).await
    }

    /// Another request with this key was faster: its answer is ours, and what we have held since is let go.
    async fn same_as(&self, order: OrderId, locked: &Locked) -> Result<Placed, PlaceOrderError> {
        locked.tidy(&self.0, &[]).await;
        Ok(self.resume(order).await?)
    }

    /// The order this key has made.
    pub(super) async fn known(&self, request: &PlaceOrder) -> Result<Option<OrderId>, PlaceOrderError> {
        let known = order::find_key(self.0.db().read(), SCOPE, &request.idempotency_key).await?;
        match known {
            Some(known) if known.fingerprint != fingerprint(request) => {
                Err(PlaceOrderRefusal::KeyReused.into())
            }
            known => Ok(known.map(|k| k.order)),
        }
    }

    /// Locks the cart, after checking that it can become an order. `None`: it has become one.
    async fn lock(&self, viewer: &Viewer, request: &PlaceOrder) -> Result<Option<Locked>, PlaceOrderError> {
        let ctx = &self.0;
        for attempt in 0..TRIES {
            back_off(attempt).await;
            let now = ctx.now();
            let Some((mut cart, at)) = load_with_clock(ctx, viewer, request.cart, now).await? else {
                let ordered = order::is_ordered(ctx.db().read(), request.cart).await?;
                return if ordered { Ok(None) } else { Err(PlaceOrderRefusal::CartNotFound.into()) };
            };
            let mut taken_over = false;
            match unlocked(ctx, cart, None, now).await? {
                Unlocked::Ordered => return Ok(None),
                Unlocked::Merged => return Err(PlaceOrderRefusal::CartNotFound.into()),
                Unlocked::Yes(free) => cart = *free,
                Unlocked::Busy(busy) if attempt >= TAKES_OVER && is_ours(&busy, request) => {
                    (cart, taken_over) = (Cart { checkout: None, ..*busy }, true);
                }
                Unlocked::Busy(_) => continue,
            }
            let buyer = Buyer::of(ctx, viewer, &cart).await?;
            let whose = buyer.whose(viewer);
            let (view, merchandise) = Box::pin(priced(ctx, cart, &whose, Rates::Chosen, now)).await?;
            let email = match check(ctx, &view, &buyer, request) {
                Ok(email) => email,
                Err(refusal) => {
                    if !taken_over && tells_an_amount(&refusal) {
                        self.told(&view, now).await;
                    }
                    // What SQL says and the catalogue may not know yet, the cart shall show from now on.
                    if let Err(fault) = ctx.catalog.refresh().await {
                        tracing::warn!(error = %fault, "the catalogue did not look again after a refusal");
                    }
                    return Err(refusal.into());
                }
            };
            let mut locked = view.cart.clone();
            // A little older than it is: who finds it dead a moment too early finds a request that has given up long before.
            locked.checkout = Some(CheckoutLock { key: request.idempotency_key.clone(), at });
            if let Saved::Yes(_) = save(ctx, &mut locked, now).await? {
                let view = CartView { cart: locked, ..view };
                let customer = buyer.customer;
                return Ok(Some(Locked {
                    view,
                    merchandise,
                    whose,
                    email,
                    customer,
                    since: now,
                    taken_over,
                }));
            }
        }
        Err(PlaceOrderRefusal::InProgress.into())
    }

    /// Notes that the buyer is told what the cart costs now. A cart that another request has locked is left alone; so is one that
    /// somebody changes at this moment, who is told by that.
    async fn told(&self, view: &CartView, now: Timestamp) {
        let (told, told_charge) = told_by(view);
        let mut cart = Cart { told, told_charge, ..view.cart.clone() };
        drop_undue(&mut cart, &view.gifts.undue);
        if let Err(fault) = save(&self.0, &mut cart, now).await {
            tracing::warn!(error = %fault, "what the cart costs was not noted; the same request is refused again");
        }
    }

    /// The same for who may not be whoever placed it: another customer, to whom its cart was not there either.
    async fn resume_for(&self, viewer: &Viewer, id: OrderId) -> Result<Placed, PlaceOrderError> {
        let placed = self.resume(id).await?;
        match (placed.order.customer, viewer.customer()) {
            (Some(owner), Some(viewer)) if owner != viewer => Err(PlaceOrderRefusal::CartNotFound.into()),
            _ => Ok(placed),
        }
    }

    /// The answer for an order that was written before: the same however often it is asked for.
    async fn resume(&self, id: OrderId) -> Result<Placed, Fault> {
        let read = self.0.db().read();
        let order = order::find(read, id).await?.ok_or(Fault::bug("order.place: the order is gone"))?;
        let OrderView { order, payment, stored } =
            OrderView::new(order, payment::find_by_orders(read, &[id]).await?);
        Ok(self.answer(order, payment, stored).await)
    }

    async fn answer(&self, order: Order, payment: Option<Payment>, stored: Vec<Payment>) -> Placed {
        let session = match (&order.state, &payment) {
            (OrderState::AwaitingPayment { .. }, Some(payment)) => {
                open_session(&self.0, &order, payment).await.map(Some)
            }
            _ => Ok(None),
        };
        Placed { order, payment, stored, session }
    }
}

/// Whether the cart's lock has this request's key.
fn is_ours(cart: &Cart, request: &PlaceOrder) -> bool {
    cart.checkout.as_ref().is_some_and(|lock| lock.key == request.idempotency_key)
}

/// What a cart notes that its buyer was told: what it costs, and what of that is charged where gift cards pay the rest.
fn told_by(view: &CartView) -> (Option<Money>, Option<Money>) {
    let [total, charge] = [view.priced.total, view.priced.charge].map(|minor| view.priced.money(minor));
    (Some(total), Some(charge).filter(|charge| *charge != total))
}

/// Whether who is refused has read what the cart costs now.
const fn tells_an_amount(refusal: &PlaceOrderRefusal) -> bool {
    use PlaceOrderRefusal as Refusal;
    matches!(
        refusal,
        Refusal::TotalChanged { .. } | Refusal::ChargeChanged { .. } | Refusal::DiscountUnavailable { .. }
    )
}
