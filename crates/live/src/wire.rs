//! The messages that go between processes.

use crate::key::Key;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use stoa_domain::live::Notice;
use uuid::Uuid;

/// The longest message there is. Postgres takes less than 8,000 bytes.
pub const MESSAGE_BYTES: usize = 7_900;

/// Topics in one message: the longest entry has 60 letters.
const TOPICS: usize = 100;

/// Some changes, from one process to all.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Message {
    /// Which process: it hears its own messages, too, and knows by them that it hears at all.
    pub(crate) from: u64,
    /// Whether more has changed than could be told.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) everything: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    carts: Vec<(Uuid, Option<u64>)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    orders: Vec<Uuid>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    stock: Vec<Uuid>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

impl Message {
    /// A sign of life.
    pub(crate) fn heartbeat(from: u64) -> Self {
        Self { from, ..Self::default() }
    }

    /// The messages it takes to tell of all this.
    pub(crate) fn of(from: u64, changes: &HashMap<Key, Notice>, everything: bool) -> Vec<Self> {
        if everything {
            return vec![Self { everything, ..Self::heartbeat(from) }];
        }
        let changes: Vec<(Key, Notice)> = changes.iter().map(|(key, notice)| (*key, *notice)).collect();
        let message = |part: &[(Key, Notice)]| {
            let mut message = Self::heartbeat(from);
            for (key, notice) in part {
                match (key, notice) {
                    (Key::Cart(cart), Notice::Version(version)) => {
                        message.carts.push((*cart, Some(*version)));
                    }
                    (Key::Cart(cart), Notice::ReRead) => message.carts.push((*cart, None)),
                    (Key::Order(order), _) => message.orders.push(*order),
                    (Key::Stock(variant), _) => message.stock.push(*variant),
                }
            }
            message
        };
        changes.chunks(TOPICS).map(message).collect()
    }

    pub(crate) fn changes(&self) -> impl Iterator<Item = (Key, Notice)> + '_ {
        let carts = self
            .carts
            .iter()
            .map(|(cart, version)| (Key::Cart(*cart), version.map_or(Notice::ReRead, Notice::Version)));
        let orders = self.orders.iter().map(|order| (Key::Order(*order), Notice::ReRead));
        let stock = self.stock.iter().map(|variant| (Key::Stock(*variant), Notice::ReRead));
        carts.chain(orders).chain(stock)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_it_arrives_in_messages_that_postgres_takes() {
        let changes: HashMap<Key, Notice> = (0..1_000_u128)
            .map(|n| {
                let id = Uuid::from_u128(u128::MAX - n);
                match n % 4 {
                    0 => (Key::Cart(id), Notice::Version(u64::MAX)),
                    1 => (Key::Cart(id), Notice::ReRead),
                    2 => (Key::Order(id), Notice::ReRead),
                    _ => (Key::Stock(id), Notice::ReRead),
                }
            })
            .collect();
        let messages = Message::of(u64::MAX, &changes, false);
        let texts: Vec<String> = messages.iter().map(|m| serde_json::to_string(m).unwrap()).collect();
        assert!(texts.iter().all(|text| text.len() < MESSAGE_BYTES), "{}", texts[0].len());
        let heard: HashMap<Key, Notice> = texts
            .iter()
            .map(|text| serde_json::from_str::<Message>(text).unwrap())
            .flat_map(|message| message.changes().collect::<Vec<_>>())
            .collect();
        assert_eq!(heard, changes);
    }

    #[test]
    fn too_much_is_one_short_message() {
        let messages = Message::of(1, &HashMap::new(), true);
        assert_eq!(serde_json::to_string(&messages).unwrap(), r#"[{"from":1,"everything":true}]"#);
    }
}
