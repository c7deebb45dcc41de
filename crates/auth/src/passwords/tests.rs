//! What the hashing of passwords promises.

use super::*;
use proptest::prelude::*;
use std::{future::Future, task::Poll};

fn cost() -> PasswordCost {
    PasswordCost { memory_kib: 7_168, passes: 5, at_once: 2, waiting: 8 }
}

fn passwords() -> Passwords {
    Passwords::new(&cost()).unwrap()
}

const YES: Verified = Verified::Yes { needs_rehash: false };
const YES_BUT_OLD: Verified = Verified::Yes { needs_rehash: true };

/// Polls a future once.
async fn begin<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    std::future::poll_fn(|cx| Poll::Ready(std::pin::Pin::new(&mut *future).poll(cx))).await
}

#[tokio::test]
async fn a_password_is_right_for_its_hash_and_no_other_is() {
    let passwords = passwords();
    let hash = passwords.hash("correct horse battery staple").await.unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=7168,t=5,p=1$"), "{hash}");
    assert_eq!(passwords.verify("correct horse battery staple", Some(&hash)).await.unwrap(), YES);
    for wrong in
        ["correct horse battery stapl", "correct horse battery staple ", "Correct horse battery staple", ""]
    {
        assert_eq!(passwords.verify(wrong, Some(&hash)).await.unwrap(), Verified::No, "{wrong}");
    }
    assert_ne!(passwords.hash("correct horse battery staple").await.unwrap(), hash, "each has its own salt");
}

#[tokio::test]
async fn a_hash_of_another_program_is_verified() {
    // From the test suite of argon2's reference implementation (phc-winner-argon2, src/test.c).
    let of_the_reference = [
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
        "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA",
    ];
    let passwords = passwords();
    for hash in of_the_reference {
        assert_eq!(passwords.verify("password", Some(hash)).await.unwrap(), YES_BUT_OLD, "{hash}");
        assert_eq!(passwords.verify("differentpassword", Some(hash)).await.unwrap(), Verified::No, "{hash}");
    }
}

#[tokio::test]
async fn a_hash_is_made_anew_when_the_cost_has_risen_and_only_then() {
    let of = |memory_kib, passes| Passwords::new(&PasswordCost { memory_kib, passes, ..cost() }).unwrap();
    let (cheap, dear) = (of(7_168, 5), of(8_192, 6));
    let (old, new) = (cheap.hash("a password").await.unwrap(), dear.hash("a password").await.unwrap());
    assert_eq!(dear.verify("a password", Some(&old)).await.unwrap(), YES_BUT_OLD);
    assert_eq!(dear.verify("a password", Some(&new)).await.unwrap(), YES);
    assert_eq!(cheap.verify("a password", Some(&new)).await.unwrap(), YES, "what is dearer stays");
    for dearer in [of(7_168, 6), of(7_169, 5)] {
        assert_eq!(dearer.verify("a password", Some(&old)).await.unwrap(), YES_BUT_OLD, "{dearer:?}");
    }
}

/// Accounts that nobody has signed in to since the cost was raised are not told by the time from those that are not there.
#[tokio::test]
async fn a_wrong_password_is_as_much_work_for_an_older_hash_as_for_none() {
    let today = Passwords::new(&PasswordCost { memory_kib: 19_456, passes: 3, ..cost() }).unwrap();
    let work = async |password: &str, hash: Option<&str>| {
        let before = today.memory.worked();
        today.verify(password, hash).await.unwrap();
        today.memory.worked() - before
    };
    let whole = work("wrong", None).await;
    assert_eq!(whole, 19_456 * 3);
    for (memory_kib, passes) in [(7_168, 5), (9_216, 4), (12_288, 3), (19_456, 2), (47_104, 1), (19_456, 3)] {
        let older = Passwords::new(&PasswordCost { memory_kib, passes, ..cost() }).unwrap();
        let hash = older.hash("a password").await.unwrap();
        let wrong = work("wrong", Some(&hash)).await;
        assert!(whole - wrong < 3, "{memory_kib} KiB {passes} times: {wrong} of {whole}");
        // Who has the right one is told so anyway.
        assert_eq!(work("a password", Some(&hash)).await, u64::from(memory_kib) * u64::from(passes));
    }
    let dearer = Passwords::new(&PasswordCost { memory_kib: 47_104, passes: 2, ..cost() }).unwrap();
    let hash = dearer.hash("a password").await.unwrap();
    assert_eq!(work("wrong", Some(&hash)).await, 47_104 * 2, "and no more than it takes");
}

#[tokio::test]
async fn unknown_and_known_cost_one_hash_each() {
    let passwords = passwords();
    let hash = passwords.hash("a password").await.unwrap();
    let before = passwords.count();
    passwords.verify("a password", Some(&hash)).await.unwrap();
    assert_eq!(passwords.count(), before + 1);
    passwords.verify("wrong", Some(&hash)).await.unwrap();
    assert_eq!(passwords.count(), before + 2);
    assert_eq!(passwords.verify("a password", None).await.unwrap(), Verified::No);
    assert_eq!(passwords.count(), before + 3);

    // The same work, not only the same number: what it is held against has the cost of what would be made today.
    assert!(passwords.dummy.starts_with("$argon2id$v=19$m=7168,t=5,p=1$"), "{}", passwords.dummy);
    assert_eq!(passwords.dummy.len(), hash.len());
    assert_ne!(Passwords::new(&cost()).unwrap().dummy, passwords.dummy);
}

#[tokio::test]
async fn accents_are_right_however_they_are_sent() {
    let passwords = passwords();
    let hash = passwords.hash("Cre\u{300}me bru\u{302}le\u{301}e").await.unwrap();
    assert_eq!(passwords.verify("Cr\u{e8}me br\u{fb}l\u{e9}e", Some(&hash)).await.unwrap(), YES);
    assert_eq!(passwords.verify("Creme brulee", Some(&hash)).await.unwrap(), Verified::No);
    // Composed, not compatible: a ligature is not its letters.
    let hash = passwords.hash("o\u{fb00}ice").await.unwrap();
    assert_eq!(passwords.verify("office", Some(&hash)).await.unwrap(), Verified::No);
}

#[tokio::test]
async fn a_row_that_is_no_hash_or_costs_too_much_is_a_fault() {
    let passwords = passwords();
    let before = passwords.count();
    let rest = "c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
    for row in [
        String::new(),
        "password".to_owned(),
        "$argon2id$v=19$m=7168,t=5,p=1".to_owned(),
        "$argon2id$v=19$m=7168,t=5,p=1$c29tZXNhbHQ".to_owned(),
        format!("$argon2id$v=19$m=4194304,t=1,p=1${rest}"),
        format!("$argon2id$v=19$m=7168,t=1000000,p=1${rest}"),
        format!("$argon2id$v=19$m=7168,t=5,p=200${rest}"),
    ] {
        assert!(matches!(passwords.verify("password", Some(&row)).await, Err(HashError::Fault(_))), "{row}");
    }
    assert_eq!(passwords.count(), before, "none of them was tried");
    let bcrypt = "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW";
    assert!(matches!(passwords.verify("password", Some(bcrypt)).await, Err(HashError::Fault(_))));
}

#[tokio::test]
async fn more_than_may_wait_are_told_so() {
    let passwords = Passwords::new(&PasswordCost { at_once: 1, waiting: 2, ..cost() }).unwrap();
    // Whoever is at work, the test holds the only turn meanwhile.
    let turn = passwords.at_work.clone().acquire_owned().await.unwrap();
    let mut waiting: Vec<_> = (0..3).map(|_| Box::pin(passwords.verify("a password", None))).collect();
    for one in &mut waiting {
        assert!(begin(one).await.is_pending());
    }
    assert!(matches!(passwords.verify("a password", None).await, Err(HashError::Busy)));
    assert!(matches!(passwords.hash("a password").await, Err(HashError::Busy)));
    assert!(matches!(passwords.is_common("a password", &[]).await, Err(HashError::Busy)));
    assert_eq!(passwords.count(), 0, "nobody was at work");

    drop(waiting.pop());
    let mut late = Box::pin(passwords.hash("a password"));
    assert!(begin(&mut late).await.is_pending(), "whoever gives up leaves room for another");

    drop(turn);
    for one in waiting {
        assert_eq!(one.await.unwrap(), Verified::No);
    }
    assert!(late.await.is_ok());
    assert_eq!(passwords.count(), 3);
    assert!(passwords.hash("a password").await.is_ok(), "and everybody has left");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_more_are_at_work_than_may_be() {
    let passwords = Arc::new(Passwords::new(&PasswordCost { at_once: 2, waiting: 64, ..cost() }).unwrap());
    let (now, most) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let tasks: Vec<_> = (0..32)
        .map(|_| {
            let (passwords, now, most) = (passwords.clone(), now.clone(), most.clone());
            tokio::spawn(async move {
                let work = move |_: &str| {
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::yield_now();
                    now.fetch_sub(1, Ordering::SeqCst);
                };
                passwords.in_line("", work).await.unwrap();
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert!((1..=2).contains(&most.load(Ordering::SeqCst)), "{most:?}");
}

#[tokio::test]
async fn whoever_gives_up_while_at_work_keeps_the_place_until_it_is_done() {
    let passwords = Passwords::new(&PasswordCost { at_once: 1, waiting: 0, ..cost() }).unwrap();
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let mut at_work = Box::pin(passwords.in_line("", move |_| wait.recv()));
    assert!(begin(&mut at_work).await.is_pending());
    drop(at_work);
    assert!(matches!(passwords.hash("a password").await, Err(HashError::Busy)), "its thread still works");
    go.send(()).unwrap();
    // A thread ends when it ends: ask until it has.
    let hashed = async {
        loop {
            match passwords.hash("a password").await {
                Err(HashError::Busy) => tokio::task::yield_now().await,
                done => break done,
            }
        }
    };
    assert!(tokio::time::timeout(std::time::Duration::from_secs(60), hashed).await.unwrap().is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn memory_is_used_again() {
    let passwords = Arc::new(Passwords::new(&PasswordCost { at_once: 3, waiting: 64, ..cost() }).unwrap());
    let hash = passwords.hash("a password").await.unwrap();
    for _ in 0..4 {
        passwords.verify("a password", Some(&hash)).await.unwrap();
        assert_eq!(passwords.memory.pieces(), 1, "one after the other want one piece");
    }
    let tasks: Vec<_> = (0..24)
        .map(|_| {
            let (passwords, hash) = (passwords.clone(), hash.clone());
            tokio::spawn(async move {
                // In memory that others have left behind, each is right or wrong as in fresh one.
                assert_eq!(passwords.verify("a password", Some(&hash)).await.unwrap(), YES);
                assert_eq!(passwords.verify("another", Some(&hash)).await.unwrap(), Verified::No);
                assert!(passwords.memory.pieces() <= 3);
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert!((1..=3).contains(&passwords.memory.pieces()));
}

#[test]
fn any_length_of_the_line_can_be_asked_for() {
    for (at_once, waiting) in [(0, 0), (1, usize::MAX), (usize::MAX, usize::MAX)] {
        assert!(Passwords::new(&PasswordCost { at_once, waiting, ..cost() }).is_ok(), "{at_once} {waiting}");
    }
}

#[tokio::test]
async fn work_that_panics_is_a_fault_and_leaves_the_line() {
    let passwords = Passwords::new(&PasswordCost { at_once: 1, waiting: 0, ..cost() }).unwrap();
    let outcome = passwords.in_line("", |_| panic!("the library has a bug")).await;
    assert!(matches!(outcome, Err::<(), _>(HashError::Fault(_))));
    assert!(passwords.hash("a password").await.is_ok());
}

#[tokio::test]
async fn what_everybody_tries_first_is_common() {
    let passwords = passwords();
    let context = ["Mug & Mane", "anna.nguyen@example.org", "anna.nguyen", "Anna", ""];
    for common in [
        "password",
        "123456789012345",
        "password1234567",
        "Passw0rdPassw0rd",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "qwertyuiopasdfgh",
        "iloveyouiloveyou",
        "abcdefghijklmnop",
        "mug & mane",
        "Anna.Nguyen@example.org",
        "gro.elpmaxe@neyugn.anna",
        "anna.nguyenanna.nguyen",
        // Many ways of writing it, but the one word still.
        "aNNa.NguYeN@eXamPLe.OrG",
        "",
    ] {
        assert!(passwords.is_common(common, &context).await.unwrap(), "{common}");
    }
    for good in [
        "correct horse battery staple",
        "wool teapot kelvin",
        "kV9#qfT2",
        "Donaudampfschifffahrtskapitän 7",
        "雪が降る夜の静かな庭に一人",
    ] {
        assert!(!passwords.is_common(good, &context).await.unwrap(), "{good}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn no_text_makes_weighing_panic(password in ".{0,64}", word in ".{0,20}") {
        let alone = common::is_common(&password, &[]);
        let in_context = common::is_common(&password, &[word]);
        // A word more to try never makes a password less common.
        prop_assert!(in_context || !alone);
    }

    #[test]
    fn no_text_makes_reading_a_hash_panic(row in "(\\$argon2id)?(\\$v=19)?(\\$m=[0-9]{1,12},t=[0-9]{1,12},p=[0-9]{1,12})?(\\$[A-Za-z0-9+/]{0,100}){0,3}|.*") {
        // What is read can be told from what would be made today, whatever it is.
        if let Ok(kept) = Kept::parse(&row) {
            let _either = kept.is_weaker_than(&passwords().params);
        }
    }
}
