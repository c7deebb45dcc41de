//! How sessions live and end.

use super::*;
use chrono::DateTime;
use proptest::prelude::*;

const NOW: Timestamp = DateTime::UNIX_EPOCH;
const RULE: SessionRule = SessionRule { idle: TimeDelta::days(30), most: TimeDelta::days(180) };

fn after(days: i64) -> Timestamp {
    NOW + TimeDelta::days(days)
}

fn session(kind: SessionKind) -> Session {
    let new = NewSession {
        id: SessionId::new(Uuid::from_u128(1)),
        realm: Realm::Customer,
        subject: Uuid::from_u128(2),
        kind,
        salt: Salt::new(Uuid::from_u128(3)),
        mfa: false,
        user_agent: Some("Lynx\0 2.9".into()),
        network: None,
    };
    Session::begin(new, NOW, &RULE)
}

#[test]
fn it_ends_when_it_is_not_used_and_at_last_in_any_case() {
    let mut session = session(SessionKind::Cookie);
    assert_eq!(session.user_agent.as_deref(), Some("Lynx 2.9"));
    assert_eq!(session.standing(after(29)), Standing::Live);
    assert_eq!(session.standing(after(30)), Standing::Expired);
    for day in (20..180).step_by(20) {
        assert_eq!(session.standing(after(day)), Standing::Live, "day {day}");
        session.expires_at = session.slide(after(day), &RULE);
    }
    assert_eq!(session.expires_at, after(180));
    assert_eq!(session.standing(after(180)), Standing::Expired);
}

#[test]
fn what_is_over_does_not_come_back_by_being_used() {
    let idle = session(SessionKind::Cookie);
    assert_eq!(idle.slide(after(31), &RULE), after(30));
    let because = RevokedBecause::SignedOut;
    let revoked = Session { revoked: Some(Revoked { at: after(1), because }), ..idle };
    assert_eq!(revoked.standing(after(1)), Standing::Revoked);
    assert_eq!(revoked.slide(after(2), &RULE), after(30));
}

#[test]
fn a_reused_generation_is_told_from_an_old_session() {
    let session = Session { generation: 2, ..session(SessionKind::Tokens) };
    assert_eq!(session.refresh(2, after(1)), Refresh::Rotate { next: 3 });
    assert_eq!(session.refresh(1, after(1)), Refresh::Reused);
    assert_eq!(session.refresh(0, after(1)), Refresh::Reused);
    assert_eq!(session.refresh(3, after(1)), Refresh::Reused);
    // Whoever comes back after a month with whatever token has an old session, and is no thief.
    assert_eq!(session.refresh(2, after(30)), Refresh::Over);
    assert_eq!(session.refresh(1, after(30)), Refresh::Over);
    let because = RevokedBecause::Reuse;
    let revoked = Session { revoked: Some(Revoked { at: after(1), because }), ..session.clone() };
    assert_eq!(revoked.refresh(1, after(1)), Refresh::Over);
    let worn = Session { generation: u32::MAX, ..session };
    assert_eq!(worn.refresh(u32::MAX, after(1)), Refresh::Over);
}

#[test]
fn only_sessions_of_tokens_have_refresh_tokens() {
    for kind in [SessionKind::Cookie, SessionKind::Storefront] {
        assert_eq!(session(kind).refresh(0, NOW), Refresh::Over);
    }
}

#[test]
fn signing_in_is_no_step_up_and_nobody_reaches_a_log() {
    let new = NewSession {
        id: SessionId::new(Uuid::from_u128(1)),
        realm: Realm::Staff,
        subject: Uuid::from_u128(2),
        kind: SessionKind::Cookie,
        salt: Salt::new(Uuid::from_u128(3)),
        mfa: true,
        user_agent: Some("Lynx".into()),
        network: Some("192.0.2.7".into()),
    };
    let session = Session::begin(new, NOW, &RULE);
    assert_eq!((session.mfa, session.stepped_up_at), (true, None));
    let text = format!("{session:?}");
    assert!(!text.contains("192.0.2.7") && !text.contains("Lynx"), "{text}");
}

#[test]
fn names_are_read_back_and_fit_their_columns() {
    for kind in SessionKind::ALL {
        assert_eq!(SessionKind::from_name(kind.name()), Some(kind));
    }
    for because in RevokedBecause::ALL {
        assert_eq!(RevokedBecause::from_name(because.name()), Some(because));
        assert!(because.name().len() <= 32);
    }
    for realm in Realm::ALL {
        assert_eq!(Realm::from_name(realm.name()), Some(realm));
    }
    assert_eq!(Salt::stored(&[7; 15]), None);
    let salt = Salt::new(Uuid::from_u128(3));
    assert_eq!(Salt::stored(salt.bytes()), Some(salt));
    assert_eq!(format!("{salt:?}"), "Salt(…)");
}

proptest! {
    #[test]
    fn of_two_who_use_one_token_only_the_first_gets_another(rotations in 0u32..50, again in 0u32..50) {
        let mut session = session(SessionKind::Tokens);
        for generation in 0..rotations {
            let rotated = session.refresh(generation, NOW);
            prop_assert_eq!(rotated, Refresh::Rotate { next: generation + 1 });
            session.generation += 1;
        }
        let expected = if again == rotations { Refresh::Rotate { next: rotations + 1 } } else { Refresh::Reused };
        prop_assert_eq!(session.refresh(again, NOW), expected);
    }
}
