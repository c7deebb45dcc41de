//! Who asks again, and who asks at once.

use crate::{
    faults::taxes,
    kit::{config, impatient, tax_service, to_new_york},
    server::{Mood, Server},
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use stoa_domain::{
    shared::{CartLineId, OutsideError},
    tax::{TaxRequest, TaxService},
};
use stoa_outside::{Heard, HttpTaxService, MOST_AT_ONCE, Observer, ServiceConfig};
use uuid::Uuid;

type Diary = Arc<Mutex<Vec<&'static str>>>;

/// Notes what comes of questions, without the time it takes.
fn diary() -> (Diary, Observer) {
    let diary = Diary::default();
    let observer: Observer = Arc::new({
        let diary = Arc::clone(&diary);
        move |heard| {
            diary.lock().unwrap().push(match heard {
                Heard::Asked(Ok(()), _) => "answered",
                Heard::Asked(Err(_), _) => "failed",
                Heard::Kept => "kept",
                Heard::Resting => "resting",
            });
        }
    });
    (diary, observer)
}

/// A request that nobody has made before.
fn another(number: i64) -> TaxRequest {
    let mut request = to_new_york();
    request.lines[0].amount += number;
    request
}

#[tokio::test]
async fn what_was_answered_is_not_asked_again() {
    let server = Server::start(Mood::Says(taxes().to_string())).await;
    let (diary, observer) = diary();
    let service = tax_service(&server).observed(observer);
    let first = service.quote(&to_new_york()).await.unwrap();
    // A new cart with the same in it: its lines have other ids, and the answer is about those.
    let mut same = to_new_york();
    same.lines[0].id = CartLineId::new(Uuid::from_u128(77));
    let second = service.quote(&same).await.unwrap();
    assert_eq!((second.lines[0].id, second.fingerprint), (same.lines[0].id, same.fingerprint()));
    assert_eq!(second.lines[0].taxes, first.lines[0].taxes);
    assert_eq!(server.asked(), 1);
    service.quote(&another(1)).await.unwrap();
    assert_eq!(server.asked(), 2, "another amount is another question");
    assert_eq!(*diary.lock().unwrap(), ["answered", "kept", "answered"]);
}

#[tokio::test]
async fn without_a_time_to_keep_it_each_asks() {
    let server = Server::start(Mood::Says(taxes().to_string())).await;
    let config = ServiceConfig { keep_for: Duration::ZERO, ..config(&server.url) };
    let service = HttpTaxService::new(&config).unwrap();
    for _ in 0..3 {
        service.quote(&to_new_york()).await.unwrap();
    }
    assert_eq!(server.asked(), 3);
}

#[tokio::test]
async fn two_hundred_who_ask_at_once_ask_once() {
    let server = Server::start(Mood::Says(taxes().to_string())).await;
    let service = Arc::new(tax_service(&server));
    let askers: Vec<_> = (0..200)
        .map(|_| {
            let service = Arc::clone(&service);
            tokio::spawn(async move { service.quote(&to_new_york()).await })
        })
        .collect();
    for asker in askers {
        assert_eq!(asker.await.unwrap().unwrap().lines[0].taxes[0].amount, 100);
    }
    assert_eq!(server.asked(), 1);
}

#[tokio::test]
async fn two_hundred_who_meet_a_failure_at_once_fail_by_one_question() {
    let server = Server::start(Mood::Silent).await;
    let service = Arc::new(HttpTaxService::new(&impatient(&server.url)).unwrap());
    let askers: Vec<_> = (0..200)
        .map(|_| {
            let service = Arc::clone(&service);
            tokio::spawn(async move { service.quote(&to_new_york()).await })
        })
        .collect();
    for asker in askers {
        assert_eq!(asker.await.unwrap(), Err(OutsideError::Silent));
    }
    assert_eq!(server.asked(), 1);
}

#[tokio::test]
async fn a_crowd_with_questions_of_its_own_takes_turns() {
    let server = Server::start(Mood::Says(taxes().to_string())).await;
    let service = Arc::new(tax_service(&server));
    let askers: Vec<_> = (0..300)
        .map(|number| {
            let service = Arc::clone(&service);
            tokio::spawn(async move { service.quote(&another(number)).await })
        })
        .collect();
    for asker in askers {
        assert!(asker.await.unwrap().is_ok());
    }
    assert_eq!(server.asked(), 300);
    assert!((2..=MOST_AT_ONCE).contains(&server.crowd()), "{}", server.crowd());
}

#[tokio::test]
async fn a_failure_is_remembered() {
    for (mood, error) in [
        (Mood::Refuses(500, String::new()), OutsideError::Refused { status: 500 }),
        (Mood::Refuses(400, String::new()), OutsideError::Refused { status: 400 }),
        (
            Mood::Says("{}".to_owned()),
            OutsideError::Unreadable("it is not JSON of the form that was asked for"),
        ),
    ] {
        let server = Server::start(mood).await;
        let service = tax_service(&server);
        assert_eq!(service.quote(&to_new_york()).await, Err(error));
        server.feels(Mood::Says(taxes().to_string()));
        assert_eq!(service.quote(&to_new_york()).await, Err(error), "the same question is not asked");
        assert_eq!(server.asked(), 1);
        assert!(service.quote(&another(1)).await.is_ok(), "others are");
    }
}

#[tokio::test]
async fn a_service_that_is_down_is_given_a_rest() {
    let server = Server::start(Mood::Refuses(503, String::new())).await;
    let (diary, observer) = diary();
    let service = tax_service(&server).observed(observer);
    for number in 0..3 {
        assert_eq!(
            service.quote(&another(number)).await,
            Err(OutsideError::Refused { status: 503 }),
            "{number}"
        );
    }
    server.feels(Mood::Says(taxes().to_string()));
    assert_eq!(service.quote(&another(3)).await, Err(OutsideError::Silent));
    assert_eq!(server.asked(), 3);
    assert_eq!(*diary.lock().unwrap(), ["failed", "failed", "failed", "resting"]);
}

#[tokio::test]
async fn what_was_answered_is_good_while_the_service_rests() {
    let server = Server::start(Mood::Says(taxes().to_string())).await;
    let service = tax_service(&server);
    let answered = service.quote(&to_new_york()).await;
    server.feels(Mood::Refuses(503, String::new()));
    for number in 1..5 {
        assert!(service.quote(&another(number)).await.is_err());
    }
    assert_eq!(server.asked(), 4);
    assert_eq!(service.quote(&to_new_york()).await, answered);
}

#[tokio::test]
async fn a_question_that_is_refused_keeps_nobody_from_asking_others() {
    let server = Server::start(Mood::Refuses(422, String::new())).await;
    let service = tax_service(&server);
    for number in 0..10 {
        let refused = service.quote(&another(number)).await;
        assert_eq!(refused, Err(OutsideError::Refused { status: 422 }));
    }
    assert_eq!(server.asked(), 10);
}
