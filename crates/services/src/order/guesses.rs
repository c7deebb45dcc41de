//! How often somebody may guess which address belongs to which order.
//!
//! Order numbers follow each other and addresses are no secret, so whoever may try for ever learns what others bought. The link in
//! the confirmation mail asks for no guess, and always works.

use crate::limits::{Guess, GuessKind, Guesses, TooMany};
use stoa_domain::{
    limits::ClientAddress,
    order::OrderNumber,
    shared::{EmailAddress, Fault},
};

/// Takes what one guess at a pair costs: both halves are guarded, or whoever changes one could keep guessing at the other.
pub(super) async fn begin(
    guesses: &Guesses,
    client: Option<ClientAddress>,
    number: OrderNumber,
    email: &EmailAddress,
) -> Result<Result<Guess, TooMany>, Fault> {
    let (number, buyer) = (format!("number:{number}"), format!("buyer:{}", email.key()));
    guesses.begin(client, GuessKind::Order, &[&number, &buyer], None).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::ProcessLimiter;
    use std::sync::Arc;

    /// A client of a network of its own.
    fn client(n: u32) -> Option<ClientAddress> {
        Some(ClientAddress::new(std::net::Ipv4Addr::from_bits(0x0a00_0000 + n).into()))
    }

    async fn misses(guesses: &Guesses, from: u32, number: i64, name: &str) -> bool {
        let email = EmailAddress::parse(&format!("{name}@example.org")).unwrap();
        begin(guesses, client(from), number, &email).await.unwrap().is_ok()
    }

    #[tokio::test]
    async fn an_address_is_guarded_however_it_is_written() {
        let guesses = Guesses::new(Arc::new(ProcessLimiter::default()));
        for n in 0..200 {
            assert!(misses(&guesses, n, 5000 + i64::from(n), "ada").await);
        }
        for (number, name) in [(1001, "ADA"), (1002, "Ada"), (1003, "ada")] {
            assert!(misses(&guesses, 999, number, name).await, "a spare one");
        }
        assert!(!misses(&guesses, 999, 1004, "aDa").await);
    }

    #[tokio::test]
    async fn an_order_is_guarded_whoever_it_is_said_to_be() {
        let guesses = Guesses::new(Arc::new(ProcessLimiter::default()));
        for n in 0..200 {
            assert!(misses(&guesses, n, 1001, &format!("buyer-{n}")).await);
        }
        for name in ["ada", "bob", "cid"] {
            assert!(misses(&guesses, 999, 1001, name).await, "a spare one");
        }
        assert!(!misses(&guesses, 999, 1001, "eve").await);
        assert!(misses(&guesses, 999, 1002, "eve").await, "other orders are found");
    }
}
