//! Guessers are stopped, and cannot stop others.

use super::*;
use crate::limits::ProcessLimiter;

const SIGN_IN: GuessKind = GuessKind::SignIn(Realm::Customer);
const CODE: GuessKind = GuessKind::Code(Realm::Staff);

fn guesses() -> Guesses {
    Guesses::new(Arc::new(ProcessLimiter::default()))
}

/// A client of a network of its own.
fn client(n: u32) -> Option<ClientAddress> {
    Some(ClientAddress::new(std::net::Ipv4Addr::from_bits(0x0a00_0000 + n).into()))
}

const LAPTOP: Option<Uuid> = Some(Uuid::from_u128(1));
const PHONE: Option<Uuid> = Some(Uuid::from_u128(2));

impl Guesses {
    async fn misses(&self, from: u32, kind: GuessKind, at: &str, device: Option<Uuid>) -> bool {
        self.begin(client(from), kind, &[at], device).await.unwrap().is_ok()
    }

    async fn knows(&self, from: u32, kind: GuessKind, at: &str, device: Option<Uuid>) -> bool {
        match self.begin(client(from), kind, &[at], device).await.unwrap() {
            Ok(guess) => {
                self.forgive(guess).await;
                true
            }
            Err(TooMany(_)) => false,
        }
    }

    /// Thirty networks with ten guesses each; tells how many were let through.
    async fn attack(&self, kind: GuessKind, at: &str) -> u32 {
        let mut made = 0;
        for n in 0..300 {
            made += u32::from(self.misses(1_000 + n / 10, kind, at, None).await);
        }
        made
    }
}

#[tokio::test]
async fn who_guesses_is_stopped_and_nobody_else() {
    let guesses = guesses();
    for n in 0..10 {
        assert!(guesses.misses(1, SIGN_IN, &format!("buyer-{n}"), None).await);
    }
    let TooMany(wait) = guesses.begin(client(1), SIGN_IN, &["ada"], None).await.unwrap().err().unwrap();
    assert!(wait > Duration::ZERO && wait <= Duration::from_mins(1), "{wait:?}");
    assert!(!guesses.misses(1, SIGN_IN, "eve", None).await, "at no other account either");
    assert!(guesses.misses(2, SIGN_IN, "ada", None).await, "the owner is somewhere else");
}

#[tokio::test]
async fn one_kind_says_nothing_of_another() {
    let guesses = guesses();
    let kinds =
        [GuessKind::Order, SIGN_IN, GuessKind::SignIn(Realm::Staff), CODE, GuessKind::Code(Realm::Customer)];
    for kind in kinds {
        for _ in 0..10 {
            assert!(guesses.misses(1, kind, "ada", None).await, "{kind:?}");
        }
        assert!(!guesses.misses(1, kind, "ada", None).await, "{kind:?}");
    }
}

#[tokio::test]
async fn what_is_right_is_no_guess() {
    let guesses = guesses();
    for device in [None, LAPTOP] {
        for _ in 0..500 {
            assert!(guesses.knows(1, SIGN_IN, "ada", device).await);
        }
    }
}

#[tokio::test]
async fn many_networks_are_bounded_and_do_not_lock_the_owner_out() {
    for (kind, bound) in [(SIGN_IN, 100), (GuessKind::Order, 200)] {
        let guesses = guesses();
        let made = guesses.attack(kind, "ada").await;
        // The bound, and three for each network that came too late; the machine may have given a few back.
        let late = 3 * ((300 - bound) / 10);
        assert!((bound + late..=bound + late + 2).contains(&made), "{kind:?}: {made} guesses");
        for _ in 0..10 {
            assert!(guesses.knows(99, kind, "ada", None).await, "whoever knows is let in from anywhere");
        }
        for _ in 0..3 {
            assert!(guesses.misses(98, kind, "ada", None).await, "who knows may mistype");
        }
        assert!(!guesses.misses(98, kind, "ada", None).await, "three guesses there, and not four");
        assert!(guesses.misses(98, kind, "eve", None).await, "others are not guarded");
    }
}

/// Accounts that a guesser has used up: a site's colleagues mistype each at their own.
#[tokio::test]
async fn who_mistypes_leaves_their_colleagues_their_guesses() {
    let guesses = guesses();
    guesses.attack(SIGN_IN, "ada").await;
    for n in 0..110 {
        guesses.misses(2_000 + n, SIGN_IN, "ben", None).await;
    }
    while guesses.misses(98, SIGN_IN, "ada", None).await {}
    assert!(guesses.knows(98, SIGN_IN, "ben", None).await, "the same house, another account");
    assert!(!guesses.knows(98, SIGN_IN, "ada", None).await);
}

/// Of several targets each is guarded: whoever changes one keeps guessing at the other.
#[tokio::test]
async fn each_target_is_guarded() {
    let guesses = guesses();
    let at = async |from, targets: &[&str]| {
        guesses.begin(client(from), GuessKind::Order, targets, None).await.unwrap().is_ok()
    };
    for n in 0..200 {
        assert!(at(n, &[&n.to_string(), "ada"]).await);
    }
    for n in 0..3 {
        assert!(at(999, &[&format!("{}", 1001 + n), "ada"]).await, "the spare ones");
    }
    assert!(!at(999, &["1005", "ada"]).await);
    assert!(at(999, &["1003", "eve"]).await);
}

#[tokio::test]
async fn a_known_browser_is_let_in_whatever_others_have_used_up() {
    for kind in [SIGN_IN, CODE] {
        let guesses = guesses();
        guesses.attack(kind, "ada").await;
        // Whoever attacks sits in the same house, and has used up what the site had to spare.
        while guesses.misses(1, kind, "ada", None).await {}
        assert!(!guesses.knows(1, kind, "ada", None).await);
        for _ in 0..20 {
            assert!(guesses.knows(1, kind, "ada", LAPTOP).await, "{kind:?}");
        }
    }
}

#[tokio::test]
async fn a_known_browser_that_guesses_is_a_stranger_in_the_end() {
    let guesses = guesses();
    let mut made = 0;
    while guesses.misses(1, SIGN_IN, "ada", LAPTOP).await {
        made += 1;
    }
    // Ten as what it is and ten as anybody; a device that is stolen is worth no more than that.
    assert!((20..=21).contains(&made), "{made} guesses");
    assert!(guesses.misses(1, SIGN_IN, "ada", PHONE).await, "another one is not touched");
}

/// Who has the password tries codes from everywhere: there is no guess to spare.
#[tokio::test]
async fn codes_are_not_guessed_from_ever_new_places() {
    let guesses = guesses();
    let made = guesses.attack(CODE, "owner").await;
    assert!((10..=11).contains(&made), "{made} guesses");
    let TooMany(wait) = guesses.begin(client(5), CODE, &["owner"], None).await.unwrap().err().unwrap();
    assert!(wait > Duration::ZERO && wait <= HOUR / 10, "{wait:?}");
}

#[tokio::test]
async fn guesses_at_the_same_moment_are_counted_one_by_one() {
    let guesses = Arc::new(guesses());
    let tasks = (0..64).map(|_| {
        let guesses = Arc::clone(&guesses);
        tokio::spawn(async move { guesses.misses(1, SIGN_IN, "ada", None).await })
    });
    let mut made = 0;
    for task in tasks.collect::<Vec<_>>() {
        made += u32::from(task.await.unwrap());
    }
    assert_eq!(made, 10);
}

#[tokio::test]
async fn of_whom_nothing_is_known_all_are_one() {
    let guesses = guesses();
    for n in 0..10 {
        assert!(guesses.begin(None, SIGN_IN, &[&n.to_string()], None).await.unwrap().is_ok());
    }
    assert!(guesses.begin(None, SIGN_IN, &["ada"], None).await.unwrap().is_err());
    assert!(guesses.misses(1, SIGN_IN, "ada", None).await);
}

#[test]
fn who_is_guessed_at_is_not_kept() {
    assert_eq!(hashed("ada@example.org").len(), 32);
    assert_ne!(hashed("ada@example.org"), hashed("eve@example.org"));
}

/// A site that has nothing to spare any more waits for the target's own guesses, which come back sooner.
#[tokio::test]
async fn who_is_refused_is_told_when_the_first_of_the_limits_lets_them_in() {
    let guesses = guesses();
    guesses.attack(SIGN_IN, "ada").await;
    while guesses.misses(98, SIGN_IN, "ada", None).await {}
    let refused = guesses.begin(client(98), SIGN_IN, &["ada"], None).await.unwrap();
    let Err(TooMany(wait)) = refused else { panic!("it is used up") };
    // A hundred a day.
    assert!(wait <= DAY / 100, "{wait:?}");
}

#[tokio::test]
async fn what_is_refused_takes_nothing_from_the_network() {
    let guesses = guesses();
    guesses.attack(SIGN_IN, "ada").await;
    while guesses.misses(98, SIGN_IN, "ada", None).await {}
    for _ in 0..500 {
        assert!(!guesses.misses(98, SIGN_IN, "ada", None).await);
    }
    assert!(guesses.knows(98, SIGN_IN, "ben", None).await, "the same house, another account");
}
