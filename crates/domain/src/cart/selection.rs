//! How what goes together is delivered, as buyers choose it.

use super::{Cart, cart_limits as limits};
use crate::{delivery::KeptQuote, shared::DeliveryGroupId};
use serde::{Deserialize, Deserializer, Serialize};

/// The delivery option that a buyer chose for what goes together. One whose group or option is gone counts for nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupSelection {
    /// For which group; [`DeliveryGroupId::NIL`]: for whichever has no choice of its own.
    pub group: DeliveryGroupId,
    /// The option's handle.
    pub option: String,
    /// What the carrier said of it, where a carrier does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<KeptQuote>,
}

impl GroupSelection {
    /// An option that needs no carrier to say what it costs.
    pub const fn new(group: DeliveryGroupId, option: String) -> Self {
        Self { group, option, quote: None }
    }
}

impl Cart {
    /// What was chosen for a group.
    pub fn selection(&self, group: DeliveryGroupId) -> Option<&GroupSelection> {
        let of = |group| self.deliveries.iter().find(move |chosen| chosen.group == group);
        of(group).or_else(|| of(DeliveryGroupId::NIL))
    }

    /// What carriers said of the options that were chosen: for which group, which option, and what.
    pub fn kept_quotes(&self) -> impl Iterator<Item = (DeliveryGroupId, &str, &KeptQuote)> {
        self.deliveries
            .iter()
            .filter_map(|chosen| Some((chosen.group, &*chosen.option, chosen.quote.as_ref()?)))
    }

    /// Chooses, in place of what was chosen for the group before.
    pub fn select_delivery(&mut self, chosen: GroupSelection) {
        self.deliveries.retain(|known| known.group != chosen.group);
        self.deliveries.push(chosen);
        let forgotten = self.deliveries.len().saturating_sub(limits::SELECTIONS);
        self.deliveries.drain(..forgotten);
    }
}

/// Reads what was chosen. A cart of before had one choice, for the one group it had.
pub(super) fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<GroupSelection>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Groups(Vec<GroupSelection>),
        One { option: String },
    }
    Ok(match Option::<Written>::deserialize(from)? {
        Some(Written::Groups(groups)) => groups,
        Some(Written::One { option }) => vec![GroupSelection::new(DeliveryGroupId::NIL, option)],
        None => Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::{CartId, Currency};
    use chrono::DateTime;
    use uuid::Uuid;

    fn group(n: u128) -> DeliveryGroupId {
        DeliveryGroupId::new(Uuid::from_u128(n))
    }

    fn chosen(n: u128, option: &str) -> GroupSelection {
        GroupSelection::new(group(n), option.into())
    }

    fn cart(deliveries: Vec<GroupSelection>) -> Cart {
        Cart { deliveries, ..Cart::new(CartId::NIL, Currency::USD, DateTime::UNIX_EPOCH) }
    }

    fn option(cart: &Cart, n: u128) -> Option<&str> {
        cart.selection(group(n)).map(|chosen| &*chosen.option)
    }

    #[test]
    fn each_group_has_one_choice() {
        let mut cart = cart(Vec::new());
        assert_eq!(option(&cart, 1), None);
        cart.select_delivery(chosen(1, "post"));
        cart.select_delivery(chosen(2, "van"));
        cart.select_delivery(chosen(1, "express"));
        assert_eq!(
            (option(&cart, 1), option(&cart, 2), option(&cart, 3)),
            (Some("express"), Some("van"), None)
        );
        (3..=60).for_each(|n| cart.select_delivery(chosen(n, "post")));
        assert_eq!(cart.deliveries.len(), limits::SELECTIONS);
        assert_eq!((option(&cart, 1), option(&cart, 60)), (None, Some("post")), "the oldest are forgotten");
    }

    #[test]
    fn what_carriers_said_is_kept_with_the_choice() {
        let quote = KeptQuote {
            title: "Express".into(),
            amount: 1_890,
            days: None,
            fingerprint: 7,
            until: DateTime::UNIX_EPOCH,
        };
        let express = GroupSelection { quote: Some(quote.clone()), ..chosen(2, "express") };
        let mut cart = cart(vec![chosen(1, "post"), express]);
        assert_eq!(cart.kept_quotes().collect::<Vec<_>>(), [(group(2), "express", &quote)]);
        cart.select_delivery(chosen(2, "post"));
        assert_eq!(cart.kept_quotes().count(), 0, "it was for the other option");
    }

    #[test]
    fn a_cart_of_before_keeps_its_choice() {
        let now = serde_json::to_value(cart(Vec::new())).unwrap();
        assert!(now.get("deliveries").is_none() && now.get("delivery").is_none(), "{now}");
        let mut before = now.clone();
        before["delivery"] = serde_json::json!({ "option": "standard" });
        let mut before: Cart = serde_json::from_value(before).unwrap();
        assert_eq!((option(&before, 1), option(&before, 2)), (Some("standard"), Some("standard")));
        before.select_delivery(chosen(1, "express"));
        assert_eq!((option(&before, 1), option(&before, 2)), (Some("express"), Some("standard")));
        let written = serde_json::to_string(&before).unwrap();
        assert_eq!(serde_json::from_str::<Cart>(&written).unwrap(), before);
        assert!(!written.contains("\"delivery\""), "{written}");
        let mut none = now;
        none["delivery"] = serde_json::Value::Null;
        assert_eq!(serde_json::from_value::<Cart>(none).unwrap(), cart(Vec::new()));
    }
}
