//! Gift cards that are to pay for a cart.
//!
//! Whoever knows a code spends the card: so codes cannot be guessed at any speed, and of one that cannot be used nothing is said but that.

use super::{
    TooManyUnits,
    edit::{CartError, Edited, MerchandiseRefusal, Touched, edit},
    load::load,
};
use crate::{
    Context,
    account::Caller,
    limits::{Guess, GuessKind, Guesses, TooMany},
    pricing::card_hash,
};
use std::{collections::HashMap, sync::Arc, time::Duration};
use stoa_domain::{
    cart::{Cart, TooManyOnCart, cart_limits as limits},
    gift_card::{GiftCard, GiftCardCode},
    pricing,
    shared::{CartId, GiftCardId, Timestamp, VariantId},
};
use stoa_persistence::gift_card;

/// Why gift cards are not put on a cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardsRefusal {
    /// Nothing can be paid with it: there is no such card, nothing is on it, it is over, it was taken away, or it is of another currency. Which of
    /// them is not said.
    OfNoUse {
        /// Which code, counted from 0.
        index: usize,
    },
    /// More than a cart may have.
    TooMany {
        /// The most.
        max: usize,
    },
    /// Too many codes were tried that are none.
    TooManyGuesses {
        /// When to try again.
        retry_after: Duration,
    },
}

impl MerchandiseRefusal for CardsRefusal {
    // Cards touch no lines, so nothing is ever asked whether it is for sale, or counted.
    fn not_for_sale(_: VariantId) -> Self {
        Self::TooMany { max: limits::GIFT_CARDS }
    }

    fn too_many_units(_: TooManyUnits) -> Self {
        Self::TooMany { max: limits::GIFT_CARDS }
    }
}

impl From<TooManyOnCart> for CardsRefusal {
    fn from(TooManyOnCart { max }: TooManyOnCart) -> Self {
        Self::TooMany { max }
    }
}

/// Puts gift cards on carts.
pub struct GiftCardCodes(pub(crate) Arc<Context>);

impl GiftCardCodes {
    /// Puts cards behind those that are there, by their codes.
    ///
    /// # Errors
    /// No such cart, a refusal, or a fault. Nothing has changed then.
    pub async fn add(
        &self,
        by: &Caller,
        cart: CartId,
        codes: &[String],
    ) -> Result<Edited, CartError<CardsRefusal>> {
        self.put(by, cart, codes, |cart, cards| cart.add_gift_cards(cards)).await
    }

    /// Makes these the cards of a cart, by their codes, in their order.
    ///
    /// # Errors
    /// No such cart, a refusal, or a fault. Nothing has changed then.
    pub async fn replace(
        &self,
        by: &Caller,
        cart: CartId,
        codes: &[String],
    ) -> Result<Edited, CartError<CardsRefusal>> {
        self.put(by, cart, codes, |cart, cards| cart.replace_gift_cards(cards)).await
    }

    /// Takes cards off. What is not there is off already.
    ///
    /// # Errors
    /// No such cart, or a fault.
    pub async fn remove(
        &self,
        by: &Caller,
        cart: CartId,
        cards: &[GiftCardId],
    ) -> Result<Edited, CartError<CardsRefusal>> {
        edit(&self.0, by, cart, |cart| {
            cart.remove_gift_cards(cards);
            Ok(Touched::NOTHING)
        })
        .await
    }

    async fn put(
        &self,
        by: &Caller,
        id: CartId,
        codes: &[String],
        put: impl Fn(&mut Cart, &[GiftCardId]) -> Result<(), TooManyOnCart> + Send + Sync,
    ) -> Result<Edited, CartError<CardsRefusal>> {
        let ctx = &self.0;
        let now = ctx.now();
        // Or guesses could be counted at carts that nobody has.
        let found = load(ctx, &by.viewer, id, now).await?.ok_or(CartError::NotFound)?;
        let cards = look_up(ctx, by, &found, codes, now).await?;
        edit(ctx, by, id, |cart| {
            put(cart, &cards)?;
            Ok(Touched::NOTHING)
        })
        .await
    }
}

/// The cards that have these codes, if something can be paid with each on this cart. Each code is a guess, and one that can be used was none.
pub(super) async fn look_up(
    ctx: &Context,
    by: &Caller,
    cart: &Cart,
    codes: &[String],
    now: Timestamp,
) -> Result<Vec<GiftCardId>, CartError<CardsRefusal>> {
    if codes.len() > limits::GIFT_CARDS {
        return Err(CartError::Refused(CardsRefusal::TooMany { max: limits::GIFT_CARDS }));
    }
    let rules = ctx.shown_rules().await?;
    let currency = pricing::Context::of(&rules.rules, cart.buyer.country).currency;
    let at = cart.id.to_string();
    let guesses =
        Guesses::new(Arc::clone(&ctx.ports.limiter)).from_one_network(ctx.settings.gift_cards.guesses);
    let mut taken: Vec<Guess> = Vec::with_capacity(codes.len());
    let mut hashes: Vec<Option<String>> = Vec::with_capacity(codes.len());
    for code in codes {
        let guess = guesses.begin(by.client.address, GuessKind::GiftCard, &[&at], None).await?;
        match guess {
            Ok(guess) => taken.push(guess),
            Err(TooMany(retry_after)) => {
                return Err(CartError::Refused(CardsRefusal::TooManyGuesses { retry_after }));
            }
        }
        hashes.push(match GiftCardCode::normalise(code) {
            Ok(code) => Some(card_hash(ctx, &code).await?),
            Err(_) => None,
        });
    }
    let wanted: Vec<String> = hashes.iter().flatten().cloned().collect();
    let found: HashMap<String, GiftCard> = if wanted.is_empty() {
        HashMap::new()
    } else {
        gift_card::by_hashes(ctx.db().read(), &wanted).await?.into_iter().collect()
    };
    let card = |hash: &Option<String>| {
        found.get(hash.as_ref()?).filter(|card| card.usable(currency, now)).map(|card| card.id)
    };
    let cards: Vec<Option<GiftCardId>> = hashes.iter().map(card).collect();
    for (guess, _) in taken.into_iter().zip(&cards).filter(|(_, card)| card.is_some()) {
        guesses.forgive(guess).await;
    }
    match cards.iter().position(Option::is_none) {
        Some(index) => Err(CartError::Refused(CardsRefusal::OfNoUse { index })),
        None => Ok(cards.into_iter().flatten().collect()),
    }
}
