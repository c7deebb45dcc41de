//! What becomes of two carts.

use super::*;
use crate::access::SignedIn;
use crate::cart::Attribute;
use crate::pricing::EnteredCode;
use crate::shared::{Address, AddressId, Currency, EmailAddress, GiftCardId, PromotionId, SessionId};
use chrono::DateTime;
use proptest::prelude::*;
use uuid::Uuid;

fn cart(n: u128) -> Cart {
    Cart::new(CartId::new(Uuid::from_u128(n)), Currency::USD, DateTime::UNIX_EPOCH)
}

fn line(id: u128, variant: u128, quantity: u32, engraving: &str) -> CartLine {
    let attributes = match engraving {
        "" => Vec::new(),
        text => vec![Attribute { key: "engraving".into(), value: text.into() }],
    };
    let (id, variant) = (CartLineId::new(Uuid::from_u128(id)), VariantId::new(Uuid::from_u128(variant)));
    CartLine { id, variant, quantity, attributes, gift: None }
}

fn filled(n: u128, lines: Vec<CartLine>) -> Cart {
    Cart { lines, ..cart(n) }
}

fn none() -> CartLineId {
    panic!("no id was taken")
}

fn customer(n: u128) -> CustomerId {
    CustomerId::new(Uuid::from_u128(n))
}

fn owned(mut cart: Cart, n: u128) -> Cart {
    cart.buyer.customer = Some(customer(n));
    cart
}

fn address(n: u128, city: &str, selected: bool) -> SelectableAddress {
    let address = Address { city: Some(city.into()), ..Address::default() };
    SelectableAddress {
        id: AddressId::new(Uuid::from_u128(n)),
        address,
        selected,
        one_time_use: false,
        book_of: None,
    }
}

fn chosen(group: u128, option: &str) -> GroupSelection {
    GroupSelection::new(DeliveryGroupId::new(Uuid::from_u128(group)), option.into())
}

fn cities(cart: &Cart) -> Vec<(&str, bool)> {
    cart.addresses.iter().map(|a| (a.address.city.as_deref().unwrap(), a.selected)).collect()
}

#[test]
fn what_is_alike_adds_up_and_the_rest_stays_apart() {
    let mut into = filled(1, vec![line(1, 7, 2, ""), line(2, 8, 1, "Ada")]);
    let from = filled(2, vec![line(3, 7, 3, ""), line(4, 8, 1, "Eve"), line(5, 9, 1, "")]);
    let absorbed = into.absorb(&from, none).unwrap();
    let expected = vec![line(1, 7, 5, ""), line(2, 8, 1, "Ada"), line(4, 8, 1, "Eve"), line(5, 9, 1, "")];
    assert_eq!(into.lines, expected);
    assert_eq!(absorbed.variants, [7, 8, 9].map(|n| VariantId::new(Uuid::from_u128(n))));
}

#[test]
fn the_same_cart_is_taken_up_once() {
    let mut into = filled(1, vec![line(1, 7, 2, "")]);
    let from = filled(2, vec![line(2, 7, 3, "")]);
    into.absorb(&from, none).unwrap();
    let once = into.clone();
    assert_eq!(into.absorb(&from, none), Ok(Absorbed::default()));
    assert_eq!(into, once);
    for n in 3..=22 {
        into.absorb(&cart(n), none).unwrap();
    }
    assert_eq!(into.merged_from.len(), limits::MERGED);
    assert_eq!(into.merged_from.last().map(|merged| merged.id), Some(cart(22).id));
}

#[test]
fn what_comes_into_a_cart_after_it_was_taken_up_is_taken_up_as_well() {
    let mut into = filled(1, vec![line(1, 7, 2, "")]);
    let from = Cart { version: 4, ..filled(2, vec![line(2, 7, 3, "")]) };
    into.absorb(&from, none).unwrap();
    let since = Cart { version: 6, ..filled(2, vec![line(3, 8, 1, "")]) };
    assert!(into.has_merged(since.id) && !into.has_taken_up(&since));
    into.absorb(&since, none).unwrap();
    assert_eq!(into.demand().iter().map(|(_, units)| units).sum::<u64>(), 6);
    assert_eq!(into.merged_from.len(), 1, "each cart once");
    into.absorb(&since, none).unwrap();
    assert_eq!(into.total_quantity(), 6);
}

#[test]
fn a_line_whose_id_is_taken_gets_another() {
    let mut into = filled(1, vec![line(1, 7, 2, "")]);
    let other = CartLineId::new(Uuid::from_u128(99));
    into.absorb(&filled(2, vec![line(1, 8, 1, "")]), || other).unwrap();
    assert_eq!(into.lines[1], line(99, 8, 1, ""));
}

#[test]
fn what_the_cart_says_stays_and_what_it_does_not_is_taken() {
    let key = |key: &str, value: &str| Attribute { key: key.into(), value: value.into() };
    let mut into = owned(cart(1), 5);
    into.note = Some("ours".into());
    into.attributes = vec![key("gift", "no")];
    into.addresses = vec![address(1, "Rome", true)];
    let mut from = cart(2);
    from.note = Some("theirs".into());
    from.attributes = vec![key("gift", "yes"), key("source", "mail")];
    from.deliveries = vec![chosen(2, "standard")];
    from.buyer.email = Some(EmailAddress::parse("ada@example.org").unwrap());
    from.addresses = vec![address(2, "Oslo", true), address(3, "Rome", false)];
    let absorbed = into.absorb(&from, none).unwrap();
    assert_eq!(absorbed.disputed, [CartDetail::Note, CartDetail::Attributes], "and that is told");
    assert_eq!(into.note.as_deref(), Some("ours"));
    assert_eq!(into.attributes, [key("gift", "no"), key("source", "mail")]);
    assert_eq!((&into.deliveries, &into.buyer.email), (&from.deliveries, &from.buyer.email));
    assert_eq!(into.buyer.customer, Some(customer(5)));
    assert_eq!(cities(&into), [("Rome", true), ("Oslo", false)]);
}

#[test]
fn a_choice_goes_with_its_address() {
    let mut into = cart(1);
    into.addresses = vec![address(1, "Rome", true)];
    let mut from = cart(2);
    from.addresses = vec![address(7, "Rome", true), address(8, "Oslo", false)];
    from.deliveries = vec![chosen(7, "express"), chosen(8, "van")];
    assert_eq!(into.clone().absorb(&from, none).unwrap().disputed, []);
    let mut free = into.clone();
    free.absorb(&from, none).unwrap();
    assert_eq!(free.deliveries, [chosen(1, "express"), chosen(8, "van")], "Rome has another id here");
    into.deliveries = vec![chosen(1, "post")];
    assert_eq!(into.absorb(&from, none).unwrap().disputed, [CartDetail::Delivery]);
    assert_eq!(into.deliveries, [chosen(1, "post"), chosen(8, "van")]);
}

#[test]
fn codes_and_cards_come_behind_those_that_are_there() {
    let card = |n: u128| GiftCardId::new(Uuid::from_u128(n));
    let code = |text: &str| EnteredCode::parse(text).unwrap();
    let mut into = cart(1);
    (into.codes, into.gift_cards) = (vec![code("ten")], vec![card(1)]);
    into.buyer.tax_number = Some("DE136695976".into());
    let mut from = cart(2);
    (from.codes, from.gift_cards) = (vec![code("free"), code("TEN")], vec![card(2), card(1)]);
    from.buyer.tax_number = Some("DE 136 695 976".into());
    assert_eq!(into.absorb(&from, none).unwrap().disputed, [CartDetail::TaxNumber]);
    assert_eq!((&into.codes, &into.gift_cards), (&vec![code("ten"), code("free")], &vec![card(1), card(2)]));
    let mut more = cart(3);
    more.codes = (0..9).map(|n| code(&format!("code-{n}"))).collect();
    more.gift_cards = (10..18).map(card).collect();
    assert_eq!(into.absorb(&more, none).unwrap().disputed, [CartDetail::Codes]);
    assert_eq!((into.codes.len(), into.gift_cards.len()), (10, 10));
    assert_eq!(into.codes[0], code("ten"), "its own stay");
}

#[test]
fn gifts_are_not_taken_up() {
    let gift = |id| CartLine { gift: Some(PromotionId::NIL), ..line(id, 7, 1, "") };
    let mut into = filled(1, vec![gift(1)]);
    let from = filled(
        2,
        vec![line(2, 7, 3, ""), gift(3), CartLine { variant: line(0, 8, 1, "").variant, ..gift(4) }],
    );
    let other = PromotionId::new(Uuid::from_u128(5));
    let from = Cart { declined_gifts: vec![other], ..from };
    let absorbed = into.absorb(&from, none).unwrap();
    assert_eq!(into.lines, [gift(1), line(2, 7, 3, "")]);
    assert_eq!(into.declined_gifts, [other], "what was taken out stays out");
    assert_eq!(absorbed.variants, [VariantId::new(Uuid::from_u128(7))]);
}

#[test]
fn what_both_carts_say_alike_is_no_dispute() {
    let mut into = cart(1);
    into.note = Some("as a gift".into());
    into.attributes = vec![Attribute { key: "gift".into(), value: "yes".into() }];
    into.buyer.email = Some(EmailAddress::parse("ada@example.org").unwrap());
    let mut from = Cart { id: cart(2).id, ..into.clone() };
    assert_eq!(into.clone().absorb(&from, none).unwrap().disputed, []);
    from.buyer.email = Some(EmailAddress::parse("eve@example.org").unwrap());
    from.buyer.phone = Some("+44 20 7946 0001".into());
    assert_eq!(into.absorb(&from, none).unwrap().disputed, [CartDetail::Email]);
    assert_eq!(into.buyer.phone, from.buyer.phone);
}

#[test]
fn a_place_chosen_there_is_chosen_where_nothing_is() {
    let mut into = cart(1);
    into.addresses = vec![address(1, "Rome", false)];
    let mut from = cart(2);
    from.addresses = vec![address(2, "Oslo", false), address(3, "Rome", true)];
    into.absorb(&from, none).unwrap();
    assert_eq!(cities(&into), [("Rome", true), ("Oslo", false)]);
}

#[test]
fn nothing_is_left_out_in_silence() {
    let mut into = filled(1, (0..300).map(|n| line(n, n, 1, "")).collect());
    let before = into.clone();
    let many = filled(2, (300..600).map(|n| line(n, n, 1, "")).collect());
    let too_many = LineChangeError::TooManyLines { max: limits::LINES };
    assert_eq!(into.absorb(&many, none), Err(MergeRefusal::Lines(too_many)));
    let much = filled(2, vec![line(999, 7, limits::QUANTITY, "")]);
    let too_high = LineChangeError::QuantityTooHigh { index: 0, max: limits::QUANTITY };
    assert_eq!(into.absorb(&much, none), Err(MergeRefusal::Lines(too_high)));
    let mut places = cart(2);
    places.addresses = (0..51).map(|n| address(n, &n.to_string(), false)).collect();
    assert_eq!(into.absorb(&places, none), Err(MergeRefusal::TooManyAddresses { max: 50 }));
    let mut wordy = cart(2);
    let attribute = |n: usize| Attribute { key: n.to_string(), value: "x".repeat(limits::ATTRIBUTE_TEXT) };
    wordy.attributes = (0..60).map(attribute).collect();
    let too_much = LineChangeError::TooMuchText { max: limits::TEXT };
    assert_eq!(into.absorb(&wordy, none), Err(MergeRefusal::Lines(too_much)));
    wordy.attributes = (0..251).map(|n| Attribute { key: n.to_string(), value: String::new() }).collect();
    assert_eq!(into.absorb(&wordy, none), Err(MergeRefusal::TooManyAttributes { max: 250 }));
    assert_eq!(into, before);
}

#[test]
fn a_customers_cart_goes_into_nobody_elses() {
    let mut guest = cart(1);
    let theirs = owned(cart(2), 5);
    assert_eq!(guest.absorb(&theirs, none), Err(MergeRefusal::OtherCustomer));
    let mut others = owned(cart(3), 6);
    assert_eq!(others.absorb(&theirs, none), Err(MergeRefusal::OtherCustomer));
    assert!(owned(cart(4), 5).absorb(&theirs, none).is_ok());
    let itself = guest.clone();
    assert_eq!(guest.absorb(&itself, none), Err(MergeRefusal::SameCart));
}

#[test]
fn a_cart_goes_into_one_other() {
    let mut going = cart(2);
    going.begin_merge(cart(1).id).unwrap();
    going.begin_merge(cart(1).id).unwrap();
    assert_eq!(going.begin_merge(cart(3).id), Err(MergeRefusal::MergingElsewhere));
    assert_eq!(cart(3).begin_merge(cart(3).id), Err(MergeRefusal::SameCart));
    assert_eq!(going.merging_into, Some(cart(1).id));
    assert_eq!(going.absorb(&cart(3), none), Err(MergeRefusal::MergingElsewhere));
}

#[test]
fn two_that_go_into_each_other_come_to_one() {
    let (mut one, mut two) = (filled(1, vec![line(1, 7, 2, "")]), filled(2, vec![line(2, 7, 3, "")]));
    one.begin_merge(two.id).unwrap();
    two.begin_merge(one.id).unwrap();
    assert_eq!(two.absorb(&one, none), Err(MergeRefusal::OtherWay));
    one.absorb(&two, none).unwrap();
    assert_eq!((one.merging_into, one.total_quantity()), (None, 5));
}

#[test]
fn signing_in_as_someone_else_gives_neither_cart_away() {
    let signed_in = |n| {
        let session = SessionId::new(Uuid::from_u128(9));
        Viewer::Customer(SignedIn { customer: customer(n), session })
    };
    let (guests, adas) = (cart(1), owned(cart(2), 5));
    for (viewer, sees) in [(Viewer::Anonymous, true), (signed_in(5), true), (signed_in(6), false)] {
        assert!(guests.is_there_for(&viewer));
        assert_eq!(adas.is_there_for(&viewer), sees, "{viewer:?}");
    }
    assert_eq!(adas.customer_for(&Viewer::Anonymous), None);
    assert_eq!(adas.customer_for(&signed_in(6)), None);
    assert_eq!(adas.customer_for(&signed_in(5)), Some(customer(5)));
    assert_eq!(guests.customer_for(&signed_in(5)), None);
}

#[test]
fn a_cart_of_before_has_no_marks_and_one_without_any_is_written_as_before() {
    let text = serde_json::to_string(&cart(1)).unwrap();
    assert!(!text.contains("merg"), "{text}");
    assert_eq!(serde_json::from_str::<Cart>(&text).unwrap(), cart(1));
    let mut marked = cart(1);
    marked.begin_merge(cart(2).id).unwrap();
    marked.merged_from.push(MergedCart { id: cart(3).id, version: 7 });
    let text = serde_json::to_string(&marked).unwrap();
    assert_eq!(serde_json::from_str::<Cart>(&text).unwrap(), marked);
}

/// Lines as a cart has them: no two alike.
fn lines(first_id: u128) -> impl Strategy<Value = Vec<CartLine>> {
    prop::collection::btree_map((0u128..6, 0usize..3), 1u32..1_000, 0..12).prop_map(move |wanted| {
        let named = wanted.into_iter().zip(first_id..);
        named.map(|(((v, e), quantity), id)| line(id, v, quantity, ["", "Ada", "Eve"][e])).collect()
    })
}

proptest! {
    #[test]
    fn absorbing_adds_up_what_is_alike_and_nothing_is_lost(ours in lines(100), theirs in lines(200)) {
        let (mut into, from) = (filled(1, ours), filled(2, theirs));
        let before = into.clone();
        let absorbed = into.absorb(&from, none).unwrap();
        prop_assert_eq!(into.total_quantity(), before.total_quantity() + from.total_quantity());
        let units = |cart: &Cart, like: &CartLine| -> u64 {
            let alike = |l: &&CartLine| l.variant == like.variant && l.attributes == like.attributes;
            cart.lines.iter().filter(alike).map(|l| u64::from(l.quantity)).sum()
        };
        for like in &into.lines {
            prop_assert_eq!(u64::from(like.quantity), units(&before, like) + units(&from, like));
            let grown = units(&before, like) != u64::from(like.quantity);
            prop_assert!(!grown || absorbed.variants.contains(&like.variant));
        }
        let kept = before.lines.iter().zip(&into.lines).all(|(was, is)| was.id == is.id);
        prop_assert!(kept, "lines that were there keep their ids and places");
    }
}
