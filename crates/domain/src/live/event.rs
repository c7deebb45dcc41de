//! What is told, and what is heard of it.

use crate::shared::{CartId, OrderId, VariantId};

/// Something has changed and is committed. Ids and versions only: what they stand for is read anew by those who may see it,
/// so that nothing personal travels, and nobody is shown what another may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A cart was saved.
    CartChanged {
        /// Which.
        cart: CartId,
        /// Its version now.
        version: u64,
    },
    /// A cart is no more: it was deleted or has become an order.
    CartGone {
        /// Which.
        cart: CartId,
    },
    /// An order, its payment or its refunds have moved.
    OrderChanged {
        /// Which.
        order: OrderId,
    },
    /// More or fewer units of these variants can be bought.
    StockChanged {
        /// Which.
        variants: Vec<VariantId>,
    },
}

/// What can be listened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// One cart.
    Cart(CartId),
    /// One order.
    Order(OrderId),
    /// The stock of one variant.
    Stock(VariantId),
}

/// What a listener hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// There is this version, or a newer one. Whoever has it already need not read.
    Version(u64),
    /// Something has changed, or something may have been missed: read again.
    ReRead,
}

/// What was told of stock in some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToldStock {
    /// That of these variants has changed, each named once, and of no others.
    These(Vec<VariantId>),
    /// Any may have changed: there was more than is kept, or something may have been missed, or nothing is heard at the moment.
    Everything,
}

impl Notice {
    /// What two notices come to that nobody has heard yet: the later version, or to read again whatever is known.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        match (self, other) {
            (Self::Version(one), Self::Version(two)) => Self::Version(one.max(two)),
            _ => Self::ReRead,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_notices_neither_is_lost() {
        let version = Notice::Version;
        assert_eq!(version(3).merge(version(2)), version(3));
        assert_eq!(version(2).merge(version(3)), version(3));
        assert_eq!(version(3).merge(Notice::ReRead), Notice::ReRead);
        assert_eq!(Notice::ReRead.merge(version(3)), Notice::ReRead);
    }
}
