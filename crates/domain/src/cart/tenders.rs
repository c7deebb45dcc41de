//! Discount codes and gift cards of a cart: which, and in which order.

use super::{Cart, cart_limits as limits};
use crate::{pricing::EnteredCode, shared::GiftCardId};

/// More codes or gift cards than a cart may have. It is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a cart has at most {max} of them")]
pub struct TooManyOnCart {
    /// The most.
    pub max: usize,
}

impl Cart {
    /// Makes these the codes of the cart, each once, in their order.
    ///
    /// # Errors
    /// More than [`cart_limits::CODES`](limits::CODES) different ones.
    pub fn replace_codes(&mut self, codes: Vec<EnteredCode>) -> Result<(), TooManyOnCart> {
        let mut kept: Vec<EnteredCode> = Vec::new();
        for code in codes {
            if kept.iter().all(|known| known.key != code.key) {
                kept.push(code);
            }
        }
        self.codes = bounded(kept, limits::CODES)?;
        Ok(())
    }

    /// Puts gift cards behind those that are there; what is there stays where it is.
    ///
    /// # Errors
    /// More than [`cart_limits::GIFT_CARDS`](limits::GIFT_CARDS).
    pub fn add_gift_cards(&mut self, cards: &[GiftCardId]) -> Result<(), TooManyOnCart> {
        self.gift_cards = bounded(each_once(self.gift_cards.iter().chain(cards)), limits::GIFT_CARDS)?;
        Ok(())
    }

    /// Makes these the gift cards of the cart, each once, in their order.
    ///
    /// # Errors
    /// More than [`cart_limits::GIFT_CARDS`](limits::GIFT_CARDS).
    pub fn replace_gift_cards(&mut self, cards: &[GiftCardId]) -> Result<(), TooManyOnCart> {
        self.gift_cards = bounded(each_once(cards), limits::GIFT_CARDS)?;
        Ok(())
    }

    /// Takes gift cards off. What is not there is off already.
    pub fn remove_gift_cards(&mut self, cards: &[GiftCardId]) {
        self.gift_cards.retain(|card| !cards.contains(card));
    }

    /// Takes up the codes and gift cards of another cart behind its own, as far as there is room. Whether codes, and whether cards, were left out.
    pub(super) fn join_tenders(&mut self, from: &Self) -> (bool, bool) {
        for code in &from.codes {
            if self.codes.iter().all(|known| known.key != code.key) {
                self.codes.push(code.clone());
            }
        }
        self.gift_cards = each_once(self.gift_cards.iter().chain(&from.gift_cards));
        self.use_credit |= from.use_credit;
        let too_many = (self.codes.len() > limits::CODES, self.gift_cards.len() > limits::GIFT_CARDS);
        self.codes.truncate(limits::CODES);
        self.gift_cards.truncate(limits::GIFT_CARDS);
        too_many
    }
}

fn each_once<'c>(cards: impl IntoIterator<Item = &'c GiftCardId>) -> Vec<GiftCardId> {
    let mut kept = Vec::new();
    for card in cards {
        if !kept.contains(card) {
            kept.push(*card);
        }
    }
    kept
}

fn bounded<T>(these: Vec<T>, max: usize) -> Result<Vec<T>, TooManyOnCart> {
    if these.len() > max { Err(TooManyOnCart { max }) } else { Ok(these) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::{CartId, Currency};
    use chrono::DateTime;
    use uuid::Uuid;

    fn cart() -> Cart {
        Cart::new(CartId::NIL, Currency::USD, DateTime::UNIX_EPOCH)
    }

    fn codes(texts: &[&str]) -> Vec<EnteredCode> {
        texts.iter().filter_map(|text| EnteredCode::parse(text)).collect()
    }

    fn cards(numbers: impl IntoIterator<Item = u128>) -> Vec<GiftCardId> {
        numbers.into_iter().map(|n| GiftCardId::new(Uuid::from_u128(n))).collect()
    }

    /// Story 26: the same code three times in one list is one.
    #[test]
    fn a_code_that_is_typed_again_is_the_same_code() {
        let mut cart = cart();
        cart.replace_codes(codes(&["ten", "TEN", " Ten ", "free", "ten"])).unwrap();
        let texts: Vec<&str> = cart.codes.iter().map(|code| &*code.text).collect();
        assert_eq!(texts, ["ten", "free"], "as it was typed first");
        cart.replace_codes(codes(&["other"])).unwrap();
        assert_eq!(cart.codes, codes(&["other"]), "the list is replaced");
        let many: Vec<String> = (0..11).map(|n| format!("code-{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(cart.replace_codes(codes(&many)), Err(TooManyOnCart { max: 10 }));
        assert_eq!(cart.codes, codes(&["other"]));
        cart.replace_codes(codes(&many[..10])).unwrap();
        cart.replace_codes(Vec::new()).unwrap();
        assert_eq!(cart.codes, []);
    }

    #[test]
    fn gift_cards_pay_in_the_order_in_which_they_came() {
        let mut cart = cart();
        cart.add_gift_cards(&cards([3, 1, 3])).unwrap();
        cart.add_gift_cards(&cards([2, 1])).unwrap();
        assert_eq!(cart.gift_cards, cards([3, 1, 2]));
        cart.remove_gift_cards(&cards([1, 9]));
        assert_eq!(cart.gift_cards, cards([3, 2]));
        assert_eq!(cart.add_gift_cards(&cards(10..19)), Err(TooManyOnCart { max: 10 }));
        assert_eq!(cart.gift_cards, cards([3, 2]));
        cart.replace_gift_cards(&cards([2, 3, 2])).unwrap();
        assert_eq!(cart.gift_cards, cards([2, 3]));
        assert_eq!(cart.replace_gift_cards(&cards(0..11)), Err(TooManyOnCart { max: 10 }));
    }

    #[test]
    fn of_two_carts_the_one_that_stays_comes_first() {
        let mut stays = cart();
        stays.replace_codes(codes(&["a", "b"])).unwrap();
        stays.add_gift_cards(&cards([1, 2])).unwrap();
        let mut goes = cart();
        goes.replace_codes(codes(&["B", "c"])).unwrap();
        goes.add_gift_cards(&cards([2, 3])).unwrap();
        goes.use_credit = true;
        assert_eq!(stays.join_tenders(&goes), (false, false));
        assert_eq!((&stays.codes, &stays.gift_cards), (&codes(&["a", "b", "c"]), &cards([1, 2, 3])));
        assert!(stays.use_credit);
        goes.replace_gift_cards(&cards(10..20)).unwrap();
        assert_eq!(stays.join_tenders(&goes), (false, true));
        assert_eq!(stays.gift_cards, cards([1, 2, 3, 10, 11, 12, 13, 14, 15, 16]));
    }
}
