//! Guessers are stopped, and cannot stop others.

use super::*;
use crate::limits::ProcessLimiter;

fn guesses() -> Guesses {
    Guesses::new(Arc::new(ProcessLimiter::default()))
}

/// A client of a network of its own.
fn client(n: u32) -> Option<ClientAddress> {
    Some(ClientAddress::new(std::net::Ipv4Addr::from_bits(0x0a00_0000 + n).into()))
}

fn buyer(name: &str) -> EmailAddress {
    EmailAddress::parse(&format!("{name}@example.org")).unwrap()
}

async fn misses(guesses: &Guesses, client: Option<ClientAddress>, number: i64, name: &str) -> bool {
    guesses.begin(client, number, &buyer(name)).await.unwrap().is_ok()
}

#[tokio::test]
async fn who_guesses_is_stopped_and_nobody_else() {
    let guesses = guesses();
    for n in 0..10 {
        assert!(misses(&guesses, client(1), 1001, &format!("buyer-{n}")).await);
    }
    let TooMany(wait) = guesses.begin(client(1), 1001, &buyer("ada")).await.unwrap().err().unwrap();
    assert!(wait > Duration::ZERO && wait <= Duration::from_mins(1), "{wait:?}");
    assert!(!misses(&guesses, client(1), 2002, "eve").await, "at no other order either");
    assert!(misses(&guesses, client(2), 1001, "ada").await, "the buyer is somewhere else");
}

#[tokio::test]
async fn what_is_right_is_no_guess() {
    let guesses = guesses();
    for _ in 0..1_000 {
        let knows = guesses.begin(client(1), 1001, &buyer("ada")).await.unwrap().ok().unwrap();
        guesses.forgive(knows).await;
    }
}

#[tokio::test]
async fn many_networks_are_bounded_and_do_not_lock_the_buyer_out() {
    let guesses = guesses();
    let mut made = 0;
    // Thirty networks with ten guesses each, at one order.
    for n in 0..30 {
        for guess in 0..10 {
            made += u32::from(misses(&guesses, client(n), 1001, &format!("buyer-{n}-{guess}")).await);
        }
    }
    // 200, and one for each of the ten networks that came too late; the machine may have given a few back.
    assert!((210..=212).contains(&made), "{made} guesses");
    for _ in 0..10 {
        let knows = guesses.begin(client(99), 1001, &buyer("ada")).await.unwrap();
        guesses.forgive(knows.ok().unwrap()).await;
    }
    assert!(misses(&guesses, client(98), 1001, "ada").await);
    assert!(!misses(&guesses, client(98), 1001, "ada").await, "one guess there, and not two");
    assert!(misses(&guesses, client(98), 1002, "eve").await, "other orders are found");
}

#[tokio::test]
async fn an_address_is_guarded_however_it_is_written() {
    let guesses = guesses();
    for n in 0..200 {
        assert!(misses(&guesses, client(n), 5000 + i64::from(n), "ada").await);
    }
    assert!(misses(&guesses, client(999), 1001, "ADA").await, "the spare one");
    assert!(!misses(&guesses, client(999), 1002, "Ada").await);
}
