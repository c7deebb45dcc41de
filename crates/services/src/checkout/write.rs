//! The transaction in which a locked cart becomes an order.

use super::{
    compose,
    locked::Locked,
    place::{PlaceOrderService, SCOPE},
    placed::PlaceOrderError,
    take::{Gone, Taken, take},
};
use crate::{
    account::Caller,
    cart::{CHECKOUT_LOCK, Unpaid},
    jobs,
    order::{sold, write_history},
};
use stoa_domain::{
    checkout::{PlaceOrder, PlaceOrderRefusal, fingerprint},
    inventory::{AllocateError, StockCause, StockSnapshot},
    order::Order,
    payment::Payment,
    shared::{Fault, Locale, Timestamp, VariantId},
};
use stoa_persistence::{
    Batch, Durability, catalog,
    db::retrying,
    inventory, order,
    order::{InsertOutcome, NewOrder},
    payment,
};

/// What the transaction came to.
pub(super) enum Written {
    New(Box<New>),
    /// Another request with the same key was faster.
    Known,
    /// Another order was faster, and there is no more of what this one is priced by.
    Gone(Gone),
}

/// An order that was written.
pub(super) struct New {
    pub order: Order,
    pub payment: Option<Payment>,
    pub stored: Vec<Payment>,
    pub stock: Vec<StockSnapshot>,
}

impl PlaceOrderService {
    /// Writes the order, if its network may have so much more to pay. After a fault nobody knows whether it was written.
    pub(super) async fn write_counted(
        &self,
        by: &Caller,
        request: &PlaceOrder,
        locked: &Locked,
    ) -> Result<Written, PlaceOrderError> {
        let units = locked.view.cart.total_quantity();
        let unpaid = Unpaid::take(&self.0, by, units).await.ok_or(PlaceOrderRefusal::TooMuchUnpaid)?;
        let written = self.write(request, by.client.locale, locked).await;
        match &written {
            Ok(Written::New(new)) if new.payment.is_some() => {}
            Err(PlaceOrderError::Fault(_)) => {}
            Ok(Written::New(_) | Written::Known | Written::Gone(_)) | Err(PlaceOrderError::Refused(_)) => {
                unpaid.give_back(&self.0).await;
            }
        }
        written
    }

    async fn write(
        &self,
        request: &PlaceOrder,
        locale: Option<Locale>,
        locked: &Locked,
    ) -> Result<Written, PlaceOrderError> {
        retrying(|| self.write_once(request, locale, locked)).await
    }

    async fn write_once(
        &self,
        request: &PlaceOrder,
        locale: Option<Locale>,
        locked: &Locked,
    ) -> Result<Written, PlaceOrderError> {
        let ctx = &self.0;
        let now = ctx.now();
        let mut placed =
            compose::order(ctx, &locked.view, (locked.email.clone(), locked.customer, locale), now);
        let payment = compose::payment(ctx, &placed, now);
        let demand: Vec<(VariantId, i64)> = locked
            .view
            .cart
            .demand()
            .into_iter()
            .map(|(variant, wanted)| (variant, i64::try_from(wanted).unwrap_or(i64::MAX)))
            .collect();

        let tx = ctx.db().write(Durability::Full).await?;
        self.still_locked(locked)?;
        let cause = StockCause { reference: Some(placed.id.uuid()), at: now };
        if payment.is_none() {
            // Paid as it is placed: products are locked before stock, by whoever locks both.
            catalog::record_sales(&tx, &sold(&placed)).await?;
        }
        let prefer = locked.sent_from();
        let allocated = inventory::allocate(&tx, &demand, &prefer, &cause).await.map_err(shortage)?;
        let taken = match Box::pin(take(ctx, &tx, (locked, &placed), now)).await? {
            Ok(taken) => taken,
            Err(gone) => return Ok(Written::Gone(gone)),
        };
        placed.number = order::next_number(&tx).await?;
        let new = NewOrder {
            order: &placed,
            terms: compose::terms(&locked.view),
            owned: &allocated.allocations,
            key: (SCOPE, &request.idempotency_key),
            fingerprint: fingerprint(request),
        };
        let mut beside = Batch::new();
        self.beside(&mut beside, &placed, (payment.as_ref(), &taken), now)?;
        match order::insert(&tx, new, |batch| batch.append(beside)).await? {
            InsertOutcome::Inserted => {}
            InsertOutcome::KeyTaken => return Ok(Written::Known),
            InsertOutcome::CartAlreadyOrdered => {
                drop(tx);
                return match self.known(request).await? {
                    Some(_) => Ok(Written::Known),
                    None => Err(PlaceOrderRefusal::AlreadyOrdered.into()),
                };
            }
        }
        self.still_locked(locked)?;
        tx.commit().await?;
        if payment.is_none() {
            // Otherwise the job is not due for long.
            ctx.jobs_waiting.notify_one();
        }
        let (stored, stock) = (taken.tendered.into_payments(), allocated.snapshots);
        Ok(Written::New(Box::new(New { order: placed, payment, stored, stock })))
    }

    /// Refuses to go on when the lock may have ended while we waited for our turn: somebody else may have changed the cart.
    fn still_locked(&self, locked: &Locked) -> Result<(), PlaceOrderError> {
        if self.0.now() < locked.since + CHECKOUT_LOCK / 2 {
            return Ok(());
        }
        Err(PlaceOrderRefusal::InProgress.into())
    }

    /// What is written with an order: what it has taken, its history, its payments, and the jobs that must follow.
    fn beside(
        &self,
        batch: &mut Batch,
        placed: &Order,
        (payment, taken): (Option<&Payment>, &Taken),
        now: Timestamp,
    ) -> Result<(), Fault> {
        let ctx = &self.0;
        write_history(ctx, batch, placed, ("buyer", "placed", ""), now);
        match payment {
            Some(payment) => {
                payment::insert(batch, payment);
                jobs::expire_order(ctx, batch, placed, now);
            }
            // Nothing to charge: paid as it is placed, with no gateway call.
            None => {
                write_history(ctx, batch, placed, ("system", "paid", ""), now);
                jobs::confirm_by_mail(ctx, batch, placed.id, now);
                jobs::issue_gift_cards(ctx, batch, placed, now);
            }
        }
        taken.write(ctx, batch, placed, now)
    }
}

fn shortage(error: AllocateError) -> PlaceOrderError {
    match error {
        AllocateError::NotEnough { variant, sellable, .. } => {
            let available = u32::try_from(sellable).unwrap_or(u32::MAX);
            PlaceOrderRefusal::NotEnoughStock { variant, available }.into()
        }
        AllocateError::UnknownVariant(variant) => PlaceOrderRefusal::NotForSale(variant).into(),
        AllocateError::Fault(fault) => fault.into(),
    }
}
