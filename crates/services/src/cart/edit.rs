//! The one way a cart changes.

use super::{
    CartView, CartWarning, gifts,
    load::{Unlocked, load, save, unlocked},
    priced::{shelf, view},
    units::{Share, TooManyUnits, Units, bought, check_buyer},
};
use crate::{
    Context,
    account::Caller,
    catalog::Shelf,
    meters,
    pricing::{Inputs, Rates, Whose},
};
use std::{sync::Arc, time::Duration};
use stoa_domain::{
    cart::{Cart, CartDetail, Saved},
    inventory::{Grant, HeldBefore, HoldRequest, HoldTicket, HoldTiming},
    shared::{CartId, Fault, Timestamp, VariantId},
};

/// How often a change is tried again when somebody else was faster. Each try that loses means that another one won.
const TRIES: u32 = 30;

/// Why a cart was not changed.
#[derive(Debug, thiserror::Error)]
pub enum CartError<R> {
    /// No such cart, or it has become an order.
    #[error("no such cart")]
    NotFound,
    /// An order is being placed from it, or too many others change it: ask again.
    #[error("the cart is busy")]
    Busy,
    /// The change itself is refused.
    #[error("refused")]
    Refused(R),
    /// Something broke.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl<R> CartError<R> {
    /// The same with the refusal in other words.
    pub(crate) fn map<S>(self, words: impl FnOnce(R) -> S) -> CartError<S> {
        match self {
            Self::NotFound => CartError::NotFound,
            Self::Busy => CartError::Busy,
            Self::Refused(refusal) => CartError::Refused(words(refusal)),
            Self::Fault(fault) => CartError::Fault(fault),
        }
    }
}

/// What a change asks for, beyond what it wrote into the cart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Touched {
    /// Variants whose lines grew or came in: they must be for sale, and are cut down to what can be had.
    pub(crate) variants: Vec<VariantId>,
    /// Whether any line changed at all.
    pub(crate) lines: bool,
    /// Whether they come from another cart: what is no longer for sale comes along and is there to be seen, as it was before.
    pub(crate) moved: bool,
    /// Of what the other cart said something else, which does not count.
    pub(crate) disputed: Vec<CartDetail>,
    /// Whether a way of delivering was chosen, which carriers may have to be asked about.
    pub(crate) delivery: bool,
}

impl Touched {
    /// Lines are as they were.
    pub(crate) const NOTHING: Self =
        Self { variants: Vec::new(), lines: false, moved: false, disputed: Vec::new(), delivery: false };
}

/// A change that cannot be made because of what it puts in.
pub(crate) trait MerchandiseRefusal: Sized {
    /// The variant does not exist or is not for sale.
    fn not_for_sale(variant: VariantId) -> Self;
    /// More units than one buyer or one network may have.
    fn too_many_units(why: TooManyUnits) -> Self;
}

/// A cart after its change.
pub type Edited = (CartView, Vec<CartWarning>);

/// Loads, changes, holds, saves; again while somebody else is faster. `change` may run several times and must
/// do the same each time.
pub(crate) async fn edit<R: MerchandiseRefusal>(
    ctx: &Arc<Context>,
    by: &Caller,
    id: CartId,
    change: impl Fn(&mut Cart) -> Result<Touched, R> + Send,
) -> Result<Edited, CartError<R>> {
    edit_beside(ctx, by, (id, None), change).await
}

/// The same of a change that can be judged only by what the cart costs with it, such as a way of delivering: `check` sees it before it is saved.
pub(super) async fn edit_checked<R: MerchandiseRefusal>(
    ctx: &Arc<Context>,
    by: &Caller,
    id: CartId,
    change: impl Fn(&mut Cart) -> Result<Touched, R> + Send,
    check: impl Fn(&CartView) -> Result<(), R> + Send,
) -> Result<Edited, CartError<R>> {
    try_again(ctx, by, (id, None), &Change { change, check }).await
}

/// The same for a cart that another one is merged into. That the two were marked the other way round as well does not stop it.
pub(super) async fn edit_beside<R: MerchandiseRefusal>(
    ctx: &Arc<Context>,
    by: &Caller,
    (id, other): (CartId, Option<CartId>),
    change: impl Fn(&mut Cart) -> Result<Touched, R> + Send,
) -> Result<Edited, CartError<R>> {
    try_again(ctx, by, (id, other), &Change { change, check: |_: &CartView| Ok(()) }).await
}

/// A change, and what is to be true of the cart once it is made.
struct Change<C, K> {
    change: C,
    check: K,
}

async fn try_again<R: MerchandiseRefusal>(
    ctx: &Arc<Context>,
    by: &Caller,
    (id, other): (CartId, Option<CartId>),
    change: &Change<
        impl Fn(&mut Cart) -> Result<Touched, R> + Send,
        impl Fn(&CartView) -> Result<(), R> + Send,
    >,
) -> Result<Edited, CartError<R>> {
    for attempt in 0..TRIES {
        back_off(attempt).await;
        let now = ctx.now();
        let Some(cart) = load(ctx, &by.viewer, id, now).await? else {
            // It may have become somebody's who is not asking: what is held for it is theirs now.
            let is_there = attempt > 0 && ctx.ports.carts.load(id, now).await?.is_some();
            return if is_there { Err(CartError::NotFound) } else { gone(ctx, id, attempt).await };
        };
        match unlocked(ctx, cart, other, now).await? {
            Unlocked::Yes(cart) => {
                // On the heap: all that a price depends on is too much for the stacks of those who change carts.
                let attempt = Box::pin(attempt_edit(ctx, by, *cart, change, attempt, now));
                if let Some(edited) = attempt.await? {
                    return Ok(edited);
                }
            }
            Unlocked::Ordered | Unlocked::Merged => return gone(ctx, id, attempt).await,
            Unlocked::Busy(_) => {}
        }
    }
    Err(CartError::Busy)
}

/// The cart is gone. Whatever an earlier try has held for it must not stay held beside the order it has become.
async fn gone<R>(ctx: &Context, id: CartId, attempt: u32) -> Result<Edited, CartError<R>> {
    if attempt > 0 {
        ctx.ports.holds.release(id, &[]).await?;
    }
    Err(CartError::NotFound)
}

/// Fills and saves a cart that nobody knows yet.
pub(crate) async fn first_save<R: MerchandiseRefusal>(
    ctx: &Arc<Context>,
    by: &Caller,
    cart: Cart,
    now: Timestamp,
    change: impl Fn(&mut Cart) -> Result<Touched, R> + Send,
) -> Result<Edited, CartError<R>> {
    // Its id is random throughout: nobody can have been faster.
    let change = Change { change, check: |_: &CartView| Ok(()) };
    Box::pin(attempt_edit(ctx, by, cart, &change, 0, now)).await?.ok_or(CartError::Busy)
}

/// One try. `None`: somebody else was faster.
async fn attempt_edit<R: MerchandiseRefusal>(
    ctx: &Arc<Context>,
    by: &Caller,
    mut cart: Cart,
    change: &Change<
        impl Fn(&mut Cart) -> Result<Touched, R> + Send,
        impl Fn(&CartView) -> Result<(), R> + Send,
    >,
    attempt: u32,
    now: Timestamp,
) -> Result<Option<Edited>, CartError<R>> {
    // What an earlier try has held stands in the store in place of what the cart says.
    let before = if attempt == 0 { Held::by(&cart, now) } else { Held::nothing() };
    // Where it did not hold all it wanted it has held some of it.
    let (had, held_until, before) = (cart.total_quantity(), cart.held_until, [before, Held::wanted(&cart)]);
    let had_bought = bought(&cart);
    let mut touched = (change.change)(&mut cart).map_err(CartError::Refused)?;
    let too_many = |why| CartError::Refused(R::too_many_units(why));
    check_buyer(&ctx.settings.units, had_bought, &cart).map_err(too_many)?;
    let (merchandise, rules) = shelf(ctx, &cart, now).await?;
    let off_sale = |v: &&VariantId| !merchandise.get(v).is_some_and(|m| m.for_sale);
    if !touched.moved
        && let Some(variant) = touched.variants.iter().find(off_sale)
    {
        return Err(CartError::Refused(R::not_for_sale(*variant)));
    }
    let mut warnings = let_go(&mut cart, &merchandise);
    touched.lines |= !warnings.is_empty();
    let kept = |detail| CartWarning::DetailKept { cart: cart.id, detail };
    warnings.extend(touched.disputed.drain(..).map(kept));
    let whose = Whose::of(&by.viewer, &cart);
    let on_shelf: Vec<VariantId> = merchandise.keys().copied().collect();
    let inputs = Inputs::read(ctx, &cart, rules, (&whose, &on_shelf), now).await?;
    gifts::settle(ctx, &mut cart, (&merchandise, &inputs), (&mut touched, had), now)?;
    // What comes from another cart was counted when it came into that one.
    let wanted = cart.total_quantity();
    let units = Units { had: if touched.moved { wanted } else { had }, wanted, held_until };
    let share = Share::take(ctx, by, units, now).await.map_err(too_many)?;
    // An earlier try has called for the cart since.
    let call = cart.hold_ticket.filter(|_| attempt == 0);
    let tried = Tried { cart, touched, before, call, until: share.until(), warnings };
    let outcome = Box::pin(tried.hold_and_save(ctx, &merchandise, (inputs, &change.check), now)).await;
    // Nobody knows whether it was saved, or somebody else has saved another: what it took is given back at once.
    let kept = outcome.as_ref().ok().and_then(Option::as_ref).map(|(view, _)| view.cart.total_quantity());
    share.settle(ctx, kept).await;
    Ok(outcome?.map(|(view, warnings)| (view.shown_to(&by.viewer), warnings)))
}

/// A cart that was changed, and is to be held and saved.
struct Tried {
    cart: Cart,
    touched: Touched,
    before: [Held; 2],
    /// The call that has held all of it until now.
    call: Option<HoldTicket>,
    /// Until when it may be held.
    until: Option<Timestamp>,
    warnings: Vec<CartWarning>,
}

impl Tried {
    async fn hold_and_save<R>(
        self,
        ctx: &Context,
        merchandise: &Shelf,
        (inputs, check): (Inputs, &(impl Fn(&CartView) -> Result<(), R> + Send)),
        now: Timestamp,
    ) -> Result<Option<Edited>, CartError<R>> {
        let Self { mut cart, touched, before, call, until, mut warnings } = self;
        let [_, wanted_before] = &before;
        let held_before = call.map(|ticket| HeldBefore { ticket, units: &wanted_before.0 });
        let held = hold(ctx, &mut cart, &touched, merchandise, (held_before, until, now)).await;
        if ctx.settings.hold_timing == HoldTiming::Cart {
            // At once, and whatever comes of it: holds stay, though the cart may not be saved, or nobody knows whether they were made.
            ctx.stock_held(&Held::wanted(&cart).changed_since_either(&before));
        }
        warnings.extend(held?);
        cart.updated_at = now;
        let rates = if touched.delivery { Rates::Wanted } else { Rates::Chosen };
        // Priced before it is saved: a cart that cannot be priced is not kept.
        let mut view = view(ctx, cart, merchandise, (inputs, rates), now).await?;
        if !view.gifts.undue.is_empty() {
            // What was cut for want of stock was their reason. The rest costs what it does without them.
            gifts::take_out(&mut view);
        }
        check(&view).map_err(CartError::Refused)?;
        let (total, charge) = (view.priced.total, view.priced.charge);
        view.cart.told = Some(view.priced.money(total));
        view.cart.told_charge = Some(view.priced.money(charge)).filter(|_| charge != total);
        match save(ctx, &mut view.cart, now).await? {
            Saved::Conflict => Ok(None),
            Saved::Yes(_) => {
                ctx.cart_changed(&view.cart);
                warnings.extend(CartWarning::of_codes(&view));
                Ok(Some((view, warnings)))
            }
        }
    }
}

/// What a cart holds, as far as it can tell itself: only to know whose stock may have changed for others.
pub(crate) struct Held(Vec<(VariantId, u64)>);

impl Held {
    /// What it held before a change; nothing if it did not hold all it wanted.
    pub(crate) fn by(cart: &Cart, now: Timestamp) -> Self {
        if cart.held_until.is_some_and(|until| until > now) { Self::wanted(cart) } else { Self::nothing() }
    }

    /// What it wants to hold.
    pub(crate) fn wanted(cart: &Cart) -> Self {
        Self(cart.demand())
    }

    const fn nothing() -> Self {
        Self(Vec::new())
    }

    /// Variants of which more or fewer units may be held now than either of two accounts of before says.
    fn changed_since_either(&self, [one, other]: &[Self; 2]) -> Vec<VariantId> {
        let mut changed = self.changed_since(one);
        changed.extend(self.changed_since(other));
        changed.sort_unstable();
        changed.dedup();
        changed
    }

    /// Variants of which more or fewer units are held now.
    pub(crate) fn changed_since(&self, before: &Self) -> Vec<VariantId> {
        let differs = |one: &Self, other: &Self| -> Vec<VariantId> {
            one.0.iter().filter(|held| !other.0.contains(held)).map(|(variant, _)| *variant).collect()
        };
        let mut changed = differs(self, before);
        changed.extend(differs(before, self));
        changed.sort_unstable();
        changed.dedup();
        changed
    }
}

/// The holds a cart asks for: one a variant, over all its lines.
pub(crate) fn hold_requests(cart: &Cart, merchandise: &Shelf) -> Vec<HoldRequest> {
    let request = |(variant, wanted): (VariantId, u64)| {
        let quantity = u32::try_from(wanted).unwrap_or(u32::MAX);
        merchandise.get(&variant).map(|m| HoldRequest { quantity, snapshot: m.snapshot })
    };
    cart.demand().into_iter().filter_map(request).collect()
}

/// Takes out what does not exist any more. Nobody can be shown such a line, so nobody could take it out, and it would keep the
/// cart from being ordered.
fn let_go(cart: &mut Cart, merchandise: &Shelf) -> Vec<CartWarning> {
    let mut gone: Vec<VariantId> =
        cart.lines.iter().map(|line| line.variant).filter(|v| !merchandise.contains_key(v)).collect();
    gone.sort_unstable();
    gone.dedup();
    cart.lines.retain(|line| merchandise.contains_key(&line.variant));
    gone.into_iter().map(|variant| CartWarning::OutOfStock { variant }).collect()
}

/// Holds stock for what is in the cart until then, if it may be held, and cuts lines that asked for more than can be had.
async fn hold(
    ctx: &Context,
    cart: &mut Cart,
    touched: &Touched,
    merchandise: &Shelf,
    (before, until, now): (Option<HeldBefore<'_>>, Option<Timestamp>, Timestamp),
) -> Result<Vec<CartWarning>, Fault> {
    let until = until.filter(|_| ctx.settings.hold_timing == HoldTiming::Cart);
    let requests = hold_requests(cart, merchandise);
    let mut ticket: Option<HoldTicket> = None;
    let available: Vec<(VariantId, u32)> = match until {
        // Nobody has known it before, and it wants nothing.
        Some(_) if cart.version == 0 && requests.is_empty() => Vec::new(),
        // A hold that has lapsed is taken anew: what the cart says of it must be true.
        Some(until) if touched.lines || cart.held_until.is_none_or(|until| until <= now) => {
            // Until when all of it is held is the same moment for a while.
            let before = before.filter(|_| cart.held_until == Some(until));
            let (held, call) = ctx.ports.holds.rehold(cart.id, &requests, before, now, until).await?;
            ticket = call;
            if !held.grants.iter().all(Grant::is_full) {
                meters::hold_refused();
            }
            held.grants.iter().map(|g| (g.variant, g.available)).collect()
        }
        // Moved there already, a moment ago.
        Some(until) if cart.held_until == Some(until) => {
            ticket = cart.hold_ticket;
            Vec::new()
        }
        Some(until) => {
            ctx.ports.holds.extend(cart.id, now, until).await?;
            Vec::new()
        }
        // Nothing is promised before checkout, but nobody is let put in what is not there.
        None => requests.iter().map(|r| (r.snapshot.variant, r.snapshot.grantable(r.quantity, 0))).collect(),
    };
    let mut warnings = Vec::new();
    let mut short = false;
    for (variant, available) in available {
        // Only what this request asked for is cut: a line that lost its stock to others meanwhile stays to be seen.
        if touched.variants.contains(&variant) {
            cut(cart, variant, available, &mut warnings);
        } else if let Some(line) = cart.lines.iter().find(|line| line.variant == variant)
            && wanted(cart, variant) > u64::from(available)
        {
            short = true;
            warnings.push(CartWarning::NoLongerHeld { line: line.id, variant, available });
        }
    }
    // Until when *all* of it is held: part of it is no promise.
    let held = !short && !cart.lines.is_empty();
    cart.held_until = until.filter(|_| held);
    cart.hold_ticket = ticket.filter(|_| held);
    Ok(warnings)
}

fn wanted(cart: &Cart, variant: VariantId) -> u64 {
    cart.lines.iter().filter(|l| l.variant == variant).map(|l| u64::from(l.quantity)).sum()
}

fn cut(cart: &mut Cart, variant: VariantId, available: u32, warnings: &mut Vec<CartWarning>) {
    if wanted(cart, variant) <= u64::from(available) {
        return;
    }
    let touched = cart.clamp(variant, available);
    if available == 0 {
        warnings.push(CartWarning::OutOfStock { variant });
        return;
    }
    let survivor = touched.into_iter().find(|id| cart.lines.iter().any(|l| l.id == *id));
    let any_line = || cart.lines.iter().find(|l| l.variant == variant).map(|l| l.id);
    if let Some(line) = survivor.or_else(any_line) {
        warnings.push(CartWarning::NotEnoughStock { line, variant, available });
    }
}

/// Waits a little before another try, longer each time and never quite the same, so that writers spread out.
pub(crate) async fn back_off(attempt: u32) {
    if attempt == 0 {
        return;
    }
    let most = (1_u64 << attempt.min(6)).min(50);
    tokio::time::sleep(Duration::from_millis(rand::random_range(1..=most))).await;
}
