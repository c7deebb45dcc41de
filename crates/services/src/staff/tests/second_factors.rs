//! Authenticators, the codes for whoever loses one, and proving once more who one is.

use super::hands::{EVE, OWNER, command, signed_in, waiting};
use crate::{
    account::SignInError,
    doctor::Treatment,
    staff::{SecondFactorError, StepUpError, StepUpProof, VerifyError},
    testing::{OTHER_PASSWORD, PASSWORD, TestShop, client},
};
use chrono::TimeDelta;
use secrecy::ExposeSecret;
use stoa_domain::access::{
    Denied, Permission, Permissions,
    grants::{Enrolment, Oneself, OrdersRefund, OwnCredentials, Ownership, StaffRead},
};
use stoa_persistence::audit;

/// The next code of an authenticator.
const NEXT: TimeDelta = TimeDelta::seconds(30);

#[tokio::test]
async fn a_sign_in_waits_for_the_second_factor() {
    let shop = TestShop::open().await;
    let first = shop.owner().await;
    let second = signed_in(shop.signs_in(OWNER, PASSWORD, &client(2)).await);
    let (secret, _) = shop.enrolled(&first).await;
    assert!(shop.actor(&second).await.is_none(), "a sign-in that has shown no second factor ends");
    assert!(shop.actor(&first).await.is_some());

    shop.wait(NEXT);
    let services = &shop.services.staff_sign_in;
    let challenge = waiting(shop.signs_in(OWNER, PASSWORD, &client(3)).await);
    let code = shop.code(&secret);
    let from = client(3);
    let (a, b) =
        tokio::join!(services.verify(&challenge, &code, &from), services.verify(&challenge, &code, &from));
    assert_eq!([&a, &b].into_iter().filter(|one| one.is_ok()).count(), 1, "{a:?} {b:?}");
    let other = waiting(shop.signs_in(OWNER, PASSWORD, &client(3)).await);
    let again = services.verify(&other, &code, &from).await;
    assert!(matches!(again, Err(VerifyError::WrongCode)), "a code works once: {again:?}");
    let done = services.verify(&challenge, &code, &from).await;
    assert!(matches!(done, Err(VerifyError::Over)), "and so does a sign-in that waits: {done:?}");
    shop.wait(NEXT);
    assert!(services.verify(&other, &shop.code(&secret), &from).await.is_ok());
}

#[tokio::test]
async fn guessing_codes_is_stopped() {
    let shop = TestShop::open().await;
    let shown = shop.owner().await;
    let (secret, _) = shop.enrolled(&shown).await;
    shop.wait(NEXT);
    let services = &shop.services.staff_sign_in;
    let mut from = 10;
    for _ in 0..2 {
        let challenge = waiting(shop.signs_in(OWNER, PASSWORD, &client(from)).await);
        for n in 0..5 {
            from += 1;
            let wrong = services.verify(&challenge, &format!("00000{n}"), &client(from)).await;
            assert!(matches!(wrong, Err(VerifyError::WrongCode)), "{wrong:?}");
        }
        let right = services.verify(&challenge, &shop.code(&secret), &client(from)).await;
        assert!(matches!(right, Err(VerifyError::Over)), "five of a challenge: {right:?}");
    }
    // Enrolling gave back what its code had taken: ten were wrong.
    let challenge = waiting(shop.signs_in(OWNER, PASSWORD, &client(99)).await);
    let right = services.verify(&challenge, &shop.code(&secret), &client(99)).await;
    assert!(matches!(right, Err(VerifyError::TooManyGuesses { .. })), "ten an hour: {right:?}");
}

/// What the log says of codes that were guessed at: by whom, of whom, from where.
async fn guesses_told(shop: &TestShop) -> Vec<(String, Option<String>, Option<String>)> {
    let rows = audit::rows_after(shop.db.read(), 0, 999).await.unwrap();
    let told =
        rows.into_iter().map(|row| row.entry).filter(|row| row.action == "staff.second_factor_guessed");
    told.map(|row| (row.actor.kind, row.subject.id, row.actor.network)).collect()
}

#[tokio::test]
async fn whoever_has_a_password_and_no_code_is_told_of() {
    let shop = TestShop::open().await;
    let shown = shop.owner().await;
    let (secret, _) = shop.enrolled(&shown).await;
    shop.wait(NEXT);
    let services = &shop.services.staff_sign_in;
    let wrong = async |challenge: &str, times: u32, from: u32| {
        for n in 0..times {
            let wrong = services.verify(challenge, &format!("00000{n}"), &client(from)).await;
            assert!(wrong.is_err(), "{wrong:?}");
        }
    };
    // Who mistypes and gets it right in the end is nobody else.
    let challenge = waiting(shop.signs_in(OWNER, PASSWORD, &client(2)).await);
    wrong(&challenge, 4, 2).await;
    services.verify(&challenge, &shop.code(&secret), &client(2)).await.unwrap();
    let before = shop.subjects(OWNER).await;
    assert_eq!(guesses_told(&shop).await, []);

    // Two used up; of the second the last codes are not even looked at any more.
    for from in [10, 11] {
        let challenge = waiting(shop.signs_in(OWNER, PASSWORD, &client(from)).await);
        wrong(&challenge, 4, from).await;
        assert_eq!(guesses_told(&shop).await.len(), usize::try_from(from).unwrap() - 10, "it takes one more");
        wrong(&challenge, 3, from).await;
    }
    let told = |from| ("system".to_owned(), Some(shown.subject.to_string()), client(from).network());
    assert_eq!(
        guesses_told(&shop).await,
        [told(10), told(11)],
        "a row each, and none for a sign-in that is over"
    );
    let after = shop.subjects(OWNER).await;
    assert_eq!(after.len(), before.len() + 1, "one mail a day: {after:?}");
    let found = shop.services.doctor.examine(&command(), Treatment::default()).await.unwrap();
    assert_eq!(found, [], "the log among the rest");
}

/// The same of somebody who has a session that was left open, and the password.
#[tokio::test]
async fn whoever_has_a_session_and_a_password_and_no_code_is_told_of() {
    let shop = TestShop::open().await;
    let shown = shop.owner().await;
    let (secret, _) = shop.enrolled(&shown).await;
    shop.wait(NEXT);
    let by = shop.permit::<Enrolment>(&shop.actor(&shown).await.unwrap());
    let wrong = async |times: u32, from: u32| {
        for n in 0..times {
            let code = format!("00000{n}");
            let proof = StepUpProof { password: PASSWORD, code: Some(&code) };
            let wrong = shop.services.step_up.run(&by, proof, &client(from)).await;
            assert!(
                matches!(wrong, Err(StepUpError::WrongCode | StepUpError::TooManyGuesses { .. })),
                "{wrong:?}"
            );
        }
    };
    // Who mistypes and gets it right in the end is nobody else.
    wrong(4, 2).await;
    shop.step_up(&shown, Some(&shop.code(&secret))).await;
    shop.settle().await;
    let before = shop.subjects(OWNER).await;
    assert_eq!(guesses_told(&shop).await, []);

    wrong(4, 10).await;
    assert_eq!(guesses_told(&shop).await, [], "it takes one more");
    wrong(1, 10).await;
    let told = |from| ("system".to_owned(), Some(shown.subject.to_string()), client(from).network());
    assert_eq!(guesses_told(&shop).await, [told(10)]);
    shop.settle().await;
    let after = shop.subjects(OWNER).await;
    assert_eq!(after.len(), before.len() + 1, "{after:?}");
    // What is not even looked at any more is wrong as well; the mail of the day is there.
    wrong(5, 11).await;
    assert_eq!(guesses_told(&shop).await, [told(10), told(11)]);
    shop.settle().await;
    assert_eq!(shop.subjects(OWNER).await, after, "one mail a day");
    let found = shop.services.doctor.examine(&command(), Treatment::default()).await.unwrap();
    assert_eq!(found, [], "the log among the rest");
}

#[tokio::test]
async fn a_waiting_sign_in_is_worth_nothing_after_a_new_password_and_after_its_time() {
    let shop = TestShop::open().await;
    let shown = shop.owner().await;
    let (secret, codes) = shop.enrolled(&shown).await;
    shop.wait(NEXT);
    let owner = shop.step_up(&shown, Some(&shop.code(&secret))).await;
    let challenge = waiting(shop.signs_in(OWNER, PASSWORD, &client(3)).await);
    shop.wait(NEXT);
    let change = &shop.services.change_staff_password;
    change.run(&shop.permit::<OwnCredentials>(&owner), OTHER_PASSWORD, &client(2)).await.unwrap();
    let late = shop.services.staff_sign_in.verify(&challenge, &shop.code(&secret), &client(3)).await;
    assert!(matches!(late, Err(VerifyError::Over)), "{late:?}");
    let challenge = waiting(shop.signs_in(OWNER, OTHER_PASSWORD, &client(3)).await);
    shop.wait(TimeDelta::minutes(5));
    let late = shop.services.staff_sign_in.verify(&challenge, codes[0].expose_secret(), &client(3)).await;
    assert!(matches!(late, Err(VerifyError::Over)), "{late:?}");
}

#[tokio::test]
async fn a_recovery_code_stands_in_for_an_authenticator_once() {
    let shop = TestShop::open().await;
    let shown = shop.owner().await;
    let (secret, codes) = shop.enrolled(&shown).await;
    let left = async |actor| shop.services.staff_members.me(&actor).await.unwrap().recovery_codes;
    let verify = async |code: &str| {
        let challenge = waiting(shop.signs_in(OWNER, PASSWORD, &client(3)).await);
        shop.services.staff_sign_in.verify(&challenge, code, &client(3)).await
    };
    assert_eq!(
        (codes.len(), left(shop.permit::<Enrolment>(&shop.actor(&shown).await.unwrap())).await),
        (10, 10)
    );
    let typed = codes[3].expose_secret().to_uppercase();
    assert!(verify(&typed).await.is_ok());
    assert!(matches!(verify(&typed).await, Err(VerifyError::WrongCode)), "once");
    assert_eq!(left(shop.permit::<Enrolment>(&shop.actor(&shown).await.unwrap())).await, 9);

    shop.wait(NEXT);
    let owner = shop.step_up(&shown, Some(&shop.code(&secret))).await;
    let new = shop.services.second_factor.new_codes(&shop.permit::<OwnCredentials>(&owner)).await.unwrap();
    assert!(matches!(verify(codes[4].expose_secret()).await, Err(VerifyError::WrongCode)), "those of before");
    assert!(verify(new[0].expose_secret()).await.is_ok());
}

#[tokio::test]
async fn a_refund_asks_who_you_are_again() {
    let shop = TestShop::open().await;
    let shown = shop.owner().await;
    let owner = shop.actor(&shown).await.unwrap();
    assert_eq!(
        shop.try_permit::<OrdersRefund>(&owner).unwrap_err(),
        Denied::StepUp,
        "signing in is no proof"
    );
    let by = shop.permit::<Enrolment>(&owner);
    let step_up = async |password, code| {
        shop.services.step_up.run(&by, StepUpProof { password, code }, &client(2)).await
    };
    let wrong = step_up(OTHER_PASSWORD, None).await;
    assert!(matches!(wrong, Err(StepUpError::SignIn(SignInError::Unidentified))), "{wrong:?}");
    let until = step_up(PASSWORD, None).await.unwrap();
    let proven = shop.actor(&shown).await.unwrap();
    assert!(shop.try_permit::<OrdersRefund>(&proven).is_ok());
    let elsewhere = signed_in(shop.signs_in(OWNER, PASSWORD, &client(2)).await);
    let elsewhere = shop.actor(&elsewhere).await.unwrap();
    assert_eq!(
        shop.try_permit::<OrdersRefund>(&elsewhere).unwrap_err(),
        Denied::StepUp,
        "in this sign-in alone"
    );
    shop.wait(until - shop.ctx().now());
    assert_eq!(shop.try_permit::<OrdersRefund>(&proven).unwrap_err(), Denied::StepUp, "and not for ever");

    let (secret, _) = shop.enrolled(&shown).await;
    shop.wait(TimeDelta::minutes(11));
    let without = step_up(PASSWORD, None).await;
    assert!(matches!(without, Err(StepUpError::CodeNeeded)), "{without:?}");
    let wrong = step_up(PASSWORD, Some("000000")).await;
    assert!(matches!(wrong, Err(StepUpError::WrongCode)), "{wrong:?}");
    let code = shop.code(&secret);
    step_up(PASSWORD, Some(&code)).await.unwrap();
    let used = step_up(PASSWORD, Some(&code)).await;
    assert!(matches!(used, Err(StepUpError::WrongCode)), "{used:?}");
    assert!(shop.try_permit::<OrdersRefund>(&shop.actor(&shown).await.unwrap()).is_ok());
}

#[tokio::test]
async fn a_shop_that_wants_a_second_factor_lets_nobody_do_anything_before_they_have_one() {
    let shop = TestShop::with(|s| s.accounts.staff_access.require_totp = true).await;
    let shown = shop.owner().await;
    let owner = shop.actor(&shown).await.unwrap();
    assert_eq!(shop.try_permit::<StaffRead>(&owner).unwrap_err(), Denied::EnrolTotp);
    assert_eq!(shop.try_permit::<Oneself>(&owner).unwrap_err(), Denied::EnrolTotp);
    assert_eq!(shop.try_permit::<Ownership>(&owner).unwrap_err(), Denied::EnrolTotp);
    assert!(shop.try_permit::<Ownership>(&command()).is_ok(), "the machine has none to show");
    let (_, _) = shop.enrolled(&shown).await;
    let owner = shop.actor(&shown).await.unwrap();
    assert!(shop.try_permit::<StaffRead>(&owner).is_ok());
    // Given up, it all begins again: no sign-in has shown one.
    shop.services.second_factor.disable(&shop.permit::<OwnCredentials>(&owner)).await.unwrap();
    assert!(shop.actor(&shown).await.is_none());
    let anew = signed_in(shop.signs_in(OWNER, PASSWORD, &client(2)).await);
    let anew = shop.actor(&anew).await.unwrap();
    assert_eq!(shop.try_permit::<StaffRead>(&anew).unwrap_err(), Denied::EnrolTotp);
}

#[tokio::test]
async fn whoever_finds_a_sign_in_open_does_not_make_it_theirs() {
    let shop = TestShop::open().await;
    let owner = shop.proven_owner().await;
    let eve = shop.hired(&owner, EVE, Permissions::of(&[Permission::OrdersRead])).await;
    let open = shop.permit::<Enrolment>(&shop.actor(&eve).await.unwrap());
    let begun = shop.services.second_factor.begin(&open, OTHER_PASSWORD, &client(2)).await;
    assert!(matches!(begun, Err(SecondFactorError::SignIn(SignInError::Unidentified))), "{begun:?}");
    let confirmed = shop.services.second_factor.confirm(&open, "123456", &client(2)).await;
    assert!(matches!(confirmed, Err(SecondFactorError::NotEnrolled)), "{confirmed:?}");
    shop.enrolled(&eve).await;
    let twice = shop.services.second_factor.begin(&open, PASSWORD, &client(2)).await;
    assert!(matches!(twice, Err(SecondFactorError::Enrolled)), "{twice:?}");
    // A sign-in that was ended meanwhile does nothing more, though its permit was given before.
    assert!(shop.services.staff_sessions.end_own(&open, eve.session).await.unwrap());
    let ended = shop.services.staff_sessions.end_own(&open, eve.session).await.unwrap();
    assert!(!ended, "it is over");
    let proof = StepUpProof { password: PASSWORD, code: Some("000000") };
    assert!(shop.services.step_up.run(&open, proof, &client(2)).await.is_err());
}
