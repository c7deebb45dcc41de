//! How often somebody may guess which address belongs to which order.
//!
//! Order numbers follow each other and addresses are no secret, so whoever may try for ever learns what others bought.
//! Only misses count, and both halves are counted: many addresses for one number, many numbers for one address. Each
//! process counts for itself.

use moka::sync::Cache;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use stoa_domain::{order::OrderNumber, shared::EmailAddress};

/// Misses that are let pass in a [`SPAN`].
const MISSES: u32 = 10;
/// How long misses count, from the first on.
const SPAN: Duration = Duration::from_mins(10);
/// Numbers and addresses that are remembered.
const ROOM: u64 = 100_000;

#[derive(Clone, PartialEq, Eq, Hash)]
enum Half {
    Number(OrderNumber),
    Address(Box<str>),
}

/// The misses of the last minutes.
pub(crate) struct Guesses(Cache<Half, Arc<AtomicU32>>);

impl Guesses {
    pub(crate) fn new() -> Self {
        Self(Cache::builder().max_capacity(ROOM).time_to_live(SPAN).build())
    }

    /// Whether nobody may ask for this pair now.
    pub(crate) fn are_used_up(&self, number: OrderNumber, email: &EmailAddress) -> bool {
        let used_up = |half: &Half| self.0.get(half).is_some_and(|n| n.load(Ordering::Relaxed) >= MISSES);
        halves(number, email).iter().any(used_up)
    }

    /// Counts a miss.
    pub(crate) fn missed(&self, number: OrderNumber, email: &EmailAddress) {
        for half in halves(number, email) {
            self.0.get_with(half, Arc::default).fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn halves(number: OrderNumber, email: &EmailAddress) -> [Half; 2] {
    [Half::Number(number), Half::Address(email.as_str().to_lowercase().into())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misses_of_a_number_and_of_an_address_are_counted() {
        let email = |name: usize| EmailAddress::parse(&format!("buyer-{name}@example.org")).unwrap();
        let guesses = Guesses::new();
        for n in 0..10 {
            assert!(!guesses.are_used_up(1001, &email(n)));
            guesses.missed(1001, &email(n));
        }
        assert!(guesses.are_used_up(1001, &email(99)), "nobody guesses on");
        assert!(!guesses.are_used_up(1002, &email(99)), "other orders are found");
        for number in 2000..2010 {
            guesses.missed(number, &email(50));
        }
        assert!(guesses.are_used_up(3000, &email(50)));
        let shouted = EmailAddress::parse("BUYER-50@example.org").unwrap();
        assert!(guesses.are_used_up(3000, &shouted));
    }
}
