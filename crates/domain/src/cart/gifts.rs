//! Gifts: lines that promotions put in, and take out again with their reason.

use super::{Cart, CartLine, cart_limits as limits};
use crate::{
    pricing::GiftDue,
    shared::{CartLineId, PromotionId},
};

impl Cart {
    /// Makes the gifts in it those that are due: what is due and was not taken out by the buyer comes in, where there is room for it; what is due no more
    /// goes. True if any line has changed.
    pub fn settle_gifts(&mut self, due: &[GiftDue], mut next_id: impl FnMut() -> CartLineId) -> bool {
        let is_wanted = |gift: &&GiftDue| gift.quantity > 0 && !self.declined_gifts.contains(&gift.promotion);
        let wanted: Vec<GiftDue> = due.iter().filter(is_wanted).copied().collect();
        let before = self.lines.clone();
        let of = |line: &CartLine| {
            wanted.iter().find(|g| line.gift == Some(g.promotion) && line.variant == g.variant)
        };
        self.lines.retain(|line| line.gift.is_none() || of(line).is_some());
        for line in &mut self.lines {
            if let Some(gift) = of(line) {
                line.quantity = gift.quantity;
            }
        }
        for gift in &wanted {
            let is_in = self.lines.iter().any(|line| line.gift == Some(gift.promotion));
            if !is_in && self.lines.len() < limits::LINES {
                self.lines.push(CartLine {
                    id: next_id(),
                    variant: gift.variant,
                    quantity: gift.quantity,
                    attributes: Vec::new(),
                    gift: Some(gift.promotion),
                });
            }
        }
        self.lines != before
    }

    /// Remembers that these gifts are not wanted.
    pub(super) fn decline(&mut self, gifts: impl IntoIterator<Item = PromotionId>) {
        for gift in gifts {
            self.declined_gifts.retain(|known| *known != gift);
            self.declined_gifts.push(gift);
        }
        let forgotten = self.declined_gifts.len().saturating_sub(limits::DECLINED);
        self.declined_gifts.drain(..forgotten);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cart::{AddLine, LineChangeError, LineUpdate},
        shared::{CartId, Currency, VariantId},
    };
    use chrono::DateTime;
    use uuid::Uuid;

    fn line_id(n: u128) -> CartLineId {
        CartLineId::new(Uuid::from_u128(n))
    }

    fn variant(n: u128) -> VariantId {
        VariantId::new(Uuid::from_u128(n))
    }

    fn promotion(n: u128) -> PromotionId {
        PromotionId::new(Uuid::from_u128(n))
    }

    fn due(by: u128, of: u128, quantity: u32) -> GiftDue {
        GiftDue { promotion: promotion(by), variant: variant(of), quantity }
    }

    /// Two units of variant 7.
    fn cart() -> Cart {
        let mut cart = Cart::new(CartId::NIL, Currency::USD, DateTime::UNIX_EPOCH);
        add(&mut cart, 7, 2, 1);
        cart
    }

    fn add(cart: &mut Cart, of: u128, quantity: u32, id: u128) {
        let line = AddLine { variant: variant(of), quantity, attributes: Vec::new() };
        cart.add_lines(vec![line], || line_id(id)).unwrap();
    }

    fn lines(cart: &Cart) -> Vec<(u128, u32, bool)> {
        let of = |line: &CartLine| (line.variant.uuid().as_u128(), line.quantity, line.gift.is_some());
        cart.lines.iter().map(of).collect()
    }

    #[test]
    fn a_gift_comes_and_goes_with_its_reason() {
        let mut cart = cart();
        assert!(cart.settle_gifts(&[due(1, 7, 1)], || line_id(2)));
        assert_eq!(lines(&cart), [(7, 2, false), (7, 1, true)], "beside the line of the same variant");
        assert!(!cart.settle_gifts(&[due(1, 7, 1)], || panic!("it is there")));
        assert!(cart.settle_gifts(&[due(1, 7, 3), due(2, 8, 1)], || line_id(3)));
        assert_eq!(lines(&cart), [(7, 2, false), (7, 3, true), (8, 1, true)]);
        assert!(cart.settle_gifts(&[due(1, 9, 1)], || line_id(4)), "the promotion gives something else now");
        assert_eq!(lines(&cart), [(7, 2, false), (9, 1, true)]);
        assert!(cart.settle_gifts(&[], || panic!("nothing comes")));
        assert_eq!(lines(&cart), [(7, 2, false)]);
    }

    #[test]
    fn a_gift_that_was_taken_out_does_not_come_again() {
        let mut cart = cart();
        cart.settle_gifts(&[due(1, 8, 1)], || line_id(2));
        cart.remove_lines(&[line_id(2)]).unwrap();
        assert!(!cart.settle_gifts(&[due(1, 8, 1)], || panic!("it is not wanted")));
        assert_eq!(cart.declined_gifts, [promotion(1)]);
        assert!(cart.settle_gifts(&[due(2, 8, 1)], || line_id(3)), "another promotion's");
        cart.remove_lines(&[line_id(1)]).unwrap();
        assert_eq!(cart.declined_gifts, [promotion(1)], "the buyer's own line was no gift");
        cart.decline((0..200).map(promotion));
        assert_eq!(cart.declined_gifts.len(), limits::DECLINED);
    }

    #[test]
    fn a_gift_is_what_it_is() {
        let mut cart = cart();
        cart.settle_gifts(&[due(1, 8, 1)], || line_id(2));
        let update = |id, quantity, of: Option<u128>| LineUpdate {
            id: line_id(id),
            variant: of.map(variant),
            quantity,
            attributes: None,
        };
        let before = cart.clone();
        let refused = cart.update_lines(vec![update(1, Some(3), None), update(2, Some(5), None)]);
        assert_eq!(refused, Err(LineChangeError::GiftLine { index: 1 }));
        assert_eq!(cart, before);
        add(&mut cart, 8, 4, 3);
        assert_eq!(lines(&cart), [(7, 2, false), (8, 1, true), (8, 4, false)], "what is bought is no gift");
        cart.update_lines(vec![update(1, None, Some(8))]).unwrap();
        assert_eq!(lines(&cart), [(8, 1, true), (8, 6, false)], "joined with what is bought alone");
    }

    #[test]
    fn of_too_few_the_buyer_gets_what_is_paid_for() {
        let mut cart = cart();
        cart.settle_gifts(&[due(1, 8, 2)], || line_id(2));
        add(&mut cart, 8, 4, 3);
        assert_eq!(cart.clone().clamp(variant(8), 5), [line_id(2)]);
        assert_eq!(cart.clamp(variant(8), 3), [line_id(3), line_id(2)]);
        assert_eq!(lines(&cart), [(7, 2, false), (8, 3, false)]);
    }

    #[test]
    fn a_full_cart_has_no_room_for_gifts() {
        let mut cart = cart();
        (2..=500).for_each(|n| add(&mut cart, 100 + n, 1, n));
        assert!(!cart.settle_gifts(&[due(1, 8, 1)], || line_id(999)));
        assert_eq!(cart.lines.len(), limits::LINES);
    }
}
