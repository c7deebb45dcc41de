//! What a topic is called on the bus.

use sha2::{Digest, Sha256};
use stoa_domain::live::Topic;
use uuid::Uuid;

/// The name of a topic. A cart's is made from its id and does not lead back to it: whoever knows a cart's id may read and change
/// the cart, and a bus is open to everybody who may connect to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Key {
    Cart(Uuid),
    Order(Uuid),
    Stock(Uuid),
}

impl From<Topic> for Key {
    fn from(topic: Topic) -> Self {
        match topic {
            Topic::Cart(id) => Self::Cart(digest(id.uuid())),
            Topic::Order(id) => Self::Order(id.uuid()),
            Topic::Stock(id) => Self::Stock(id.uuid()),
        }
    }
}

fn digest(id: Uuid) -> Uuid {
    let digest = Sha256::new().chain_update(b"stoa.cart.").chain_update(id.as_bytes()).finalize();
    let mut half = [0; 16];
    half.copy_from_slice(&digest[..16]);
    Uuid::from_bytes(half)
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_domain::shared::{CartId, OrderId};

    #[test]
    fn a_cart_is_named_the_same_everywhere_and_not_by_its_id() {
        let id = Uuid::from_u128(7);
        let Key::Cart(name) = Key::from(Topic::Cart(CartId::new(id))) else { panic!("a cart") };
        assert_ne!(name, id);
        assert_eq!(Key::from(Topic::Cart(CartId::new(id))), Key::Cart(name));
        assert_eq!(Key::from(Topic::Order(OrderId::new(id))), Key::Order(id));
    }
}
