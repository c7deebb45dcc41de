//! What a buyer should know although the change was made.

use super::CartView;
use stoa_domain::{
    cart::CartDetail,
    pricing::Why,
    shared::{CartId, CartLineId, VariantId},
};

/// Something was not done as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CartWarning {
    /// Less is left than was wanted: the line was cut down to what there is.
    NotEnoughStock {
        /// The line that was cut.
        line: CartLineId,
        /// Of what.
        variant: VariantId,
        /// Units the cart has of it now, over all its lines.
        available: u32,
    },
    /// Nothing is left: the line was not added, or was taken out.
    OutOfStock {
        /// Of what.
        variant: VariantId,
    },
    /// Others have taken what this line no longer held: less can be had than it asks for. It was left as it is, to be seen.
    NoLongerHeld {
        /// A line of it.
        line: CartLineId,
        /// Of what.
        variant: VariantId,
        /// Units that can be had, over all lines.
        available: u32,
    },
    /// The cart that was merged into this one said something else: this one's counts.
    DetailKept {
        /// This one.
        cart: CartId,
        /// Of what.
        detail: CartDetail,
    },
    /// A discount code takes nothing off. It stays, and may be of use later.
    CodeOfNoUse {
        /// The cart.
        cart: CartId,
        /// Which of its codes, counted from 0.
        code: usize,
        /// Why.
        why: Why,
    },
}

impl CartWarning {
    /// One for each of a cart's codes that takes nothing off.
    pub(super) fn of_codes(view: &CartView) -> impl Iterator<Item = Self> {
        let cart = view.cart.id;
        let codes = view.codes().iter().enumerate();
        codes.filter_map(move |(code, outcome)| Some(Self::CodeOfNoUse { cart, code, why: outcome.why? }))
    }
}
