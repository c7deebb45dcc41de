//! Negotiation, case by case.

use super::*;

fn negotiated(accept: &[&str]) -> Option<ResponseMedia> {
    let mut headers = HeaderMap::new();
    for value in accept {
        headers.append(header::ACCEPT, value.parse().unwrap());
    }
    negotiate(&headers).ok()
}

#[test]
fn the_closest_range_and_the_highest_quality_win() {
    use ResponseMedia::{EventStream, GraphqlResponse, Json};
    let cases: &[(&[&str], Option<ResponseMedia>)] = &[
        (&[], Some(Json)),
        (&[""], Some(Json)),
        (&["*/*"], Some(Json)),
        (&["application/*"], Some(Json)),
        (&["application/json"], Some(Json)),
        (&["Application/JSON"], Some(Json)),
        (&["application/graphql-response+json"], Some(GraphqlResponse)),
        (&["application/graphql-response+json, application/json;q=0.9"], Some(GraphqlResponse)),
        (
            &["application/graphql-response+json; charset=utf-8, application/json; charset=utf-8"],
            Some(GraphqlResponse),
        ),
        (&["application/json, application/graphql-response+json"], Some(Json)),
        (&["application/json;q=0.5, application/graphql-response+json;q=0.6"], Some(GraphqlResponse)),
        (&["application/json", "application/graphql-response+json;q=0.1"], Some(Json)),
        (&["application/graphql-response+json;q=0.1, */*"], Some(Json)),
        (&["application/json;q=0, */*"], Some(GraphqlResponse)),
        (&["*/*;q=0.1, application/graphql-response+json"], Some(GraphqlResponse)),
        (&["text/html, */*;q=0.8"], Some(Json)),
        (&["application/json; charset=\"UTF-8\""], Some(Json)),
        (&["application/json; charset=utf-16"], None),
        (&["application/json;q=0"], None),
        (&["application/json;q=nonsense"], None),
        (&["text/html"], None),
        (&["text/event-stream"], Some(EventStream)),
        (&["Text/Event-Stream"], Some(EventStream)),
        (&["text/*"], Some(EventStream)),
        (&["text/event-stream, application/json"], Some(EventStream)),
        (&["application/json, text/event-stream"], Some(Json)),
        (&["text/event-stream;q=0.9, */*;q=0.1"], Some(EventStream)),
        (&["text/event-stream;q=0"], None),
        (&["text/event-stream; charset=utf-16"], None),
        (&["nonsense"], None),
    ];
    for (accept, expected) in cases {
        assert_eq!(negotiated(accept), *expected, "{accept:?}");
    }
}

#[test]
fn only_json_in_utf8_is_taken() {
    let taken = |content_type: &str| {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, content_type.parse().unwrap());
        check_request(&headers).is_ok()
    };
    for good in [
        "application/json",
        "application/json; charset=utf-8",
        "APPLICATION/JSON;charset=\"UTF-8\"",
        "application/json; x=y",
    ] {
        assert!(taken(good), "{good}");
    }
    for bad in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/jsonp",
        "application/json; charset=latin1",
        "text/plain; application/json",
    ] {
        assert!(!taken(bad), "{bad}");
    }
    assert!(check_request(&HeaderMap::new()).is_err(), "a missing content type is not JSON");
}

#[test]
fn two_content_types_or_a_compressed_body_are_refused() {
    let mut headers = HeaderMap::new();
    headers.append(header::CONTENT_TYPE, "application/json".parse().unwrap());
    assert!(check_request(&headers).is_ok());
    headers.insert(header::CONTENT_ENCODING, "gzip".parse().unwrap());
    assert!(check_request(&headers).is_err());
    headers.remove(header::CONTENT_ENCODING);
    headers.append(header::CONTENT_TYPE, "text/plain".parse().unwrap());
    assert!(check_request(&headers).is_err());
}
