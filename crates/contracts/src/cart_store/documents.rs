//! Rules of what is kept: a cart comes back as it was given.

use super::{Desk, Store};
use crate::sample::{cart_id, full_cart, line, new_cart};
use stoa_domain::cart::{Attribute, Cart, CartLine, MergedCart, Saved, cart_limits};

async fn comes_back(store: Store, cart: impl FnOnce(&Desk) -> Cart) {
    let desk = Desk::open(store);
    let cart = desk.saved(cart(&desk)).await;
    assert_eq!(desk.load(cart.id).await.as_ref(), Some(&cart));
    // And once more over the row that is there now.
    let cart = desk.saved(cart).await;
    assert_eq!(desk.load(cart.id).await, Some(cart));
}

/// Nothing a cart can say is lost.
pub async fn every_field_comes_back(store: Store) {
    comes_back(store, |desk| full_cart(desk.now)).await;
}

/// A merge that broke off goes on from its marks: of the cart that goes, and of the one that stays. A copy from before the mark
/// cannot take it off.
pub async fn a_merge_mark_is_kept(store: Store) {
    let desk = Desk::open(store);
    let (goes, stays) = (desk.saved(new_cart(desk.now)).await, desk.saved(new_cart(desk.now)).await);
    let unmarked = goes.clone();
    let goes = desk.saved(Cart { merging_into: Some(stays.id), ..goes }).await;
    let merged = |id| MergedCart { id, version: 1 };
    let merged_from = (1..cart_limits::MERGED).map(|_| cart_id()).chain([goes.id]).map(merged).collect();
    let stays = desk.saved(Cart { merged_from, ..stays }).await;

    assert_eq!(desk.save(&unmarked).await, Saved::Conflict);
    assert_eq!(desk.load(goes.id).await, Some(goes.clone()));
    assert_eq!(desk.load(stays.id).await, Some(stays));
    let free = desk.saved(Cart { merging_into: None, ..goes }).await;
    assert_eq!(desk.load(free.id).await, Some(free));
}

/// The largest cart there is, in its order.
pub async fn five_hundred_lines_come_back(store: Store) {
    comes_back(store, |desk| Cart {
        lines: (1..=u32::try_from(cart_limits::LINES).unwrap()).map(line).collect(),
        ..new_cart(desk.now)
    })
    .await;
}

/// Quotes, control characters and what lies outside the basic plane are data like any other.
pub async fn text_of_any_script_comes_back(store: Store) {
    let texts =
        ["'; DROP TABLE carts; --", "\"\\/\u{8}\t\r\n", "\0", "Ünïcødé", "漢字", "🏺", "\u{202e}rtl", ""];
    comes_back(store, |desk| {
        let attributes =
            texts.iter().map(|t| Attribute { key: (*t).into(), value: (*t).into() }).collect::<Vec<_>>();
        Cart {
            note: Some(texts.concat()),
            lines: vec![CartLine { attributes: attributes.clone(), ..line(1) }],
            attributes,
            ..new_cart(desk.now)
        }
    })
    .await;
}

/// A note and attributes as long as they may be.
pub async fn the_longest_texts_come_back(store: Store) {
    comes_back(store, |desk| Cart {
        note: Some("ß".repeat(cart_limits::NOTE)),
        attributes: (0..cart_limits::ATTRIBUTES)
            .map(|n| Attribute { key: format!("key {n}"), value: "€".repeat(cart_limits::ATTRIBUTE_TEXT) })
            .collect(),
        ..new_cart(desk.now)
    })
    .await;
}
