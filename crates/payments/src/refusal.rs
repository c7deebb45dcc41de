//! Stripe's error answers, in the words of the port.

use crate::lean::{Failure, Problem};
use reqwest::StatusCode;
use stoa_domain::payment::GatewayError;

/// Reads an answer that is final and not a success.
///
/// Only what Stripe itself explains with an error object is a refusal. The rest says nothing about what we
/// asked for: failures (5xx), collisions and limits (409, 424, 429) that outlasted the retries, keys that are
/// not (or no longer) accepted (401, 403) and must be mended by the operator before the same call is made
/// again, and answers of somebody who is not Stripe.
pub(crate) fn refusal(status: StatusCode, body: &[u8], request_id: &str) -> GatewayError {
    let problem = problem(body);
    let code = problem.as_ref().and_then(|p| p.code.as_deref().or(p.kind.as_deref()));
    let message = describe(status, problem.as_ref(), request_id);
    match (status.as_u16(), code) {
        (400..500, Some("resource_missing")) => GatewayError::NotFound,
        // A 404 of another kind is a path that Stripe does not serve: the base address is wrong, the object
        // may be there.
        (401 | 403 | 404 | 409 | 424 | 429, _) => GatewayError::Unknown(message),
        (400..500, Some(code)) => GatewayError::Refused { code: code.to_owned(), message },
        _ => GatewayError::Unknown(message),
    }
}

/// An answer that is not a success, in one line for the log.
pub(crate) fn explain(status: StatusCode, body: &[u8], request_id: &str) -> String {
    describe(status, problem(body).as_ref(), request_id)
}

fn problem(body: &[u8]) -> Option<Problem> {
    serde_json::from_slice::<Failure>(body).ok()?.error
}

fn describe(status: StatusCode, problem: Option<&Problem>, request_id: &str) -> String {
    let said = problem.and_then(|p| p.message.as_deref()).unwrap_or("no explanation");
    format!("{said} (status {}, request {request_id})", status.as_u16())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, body: &str) -> GatewayError {
        refusal(StatusCode::from_u16(status).unwrap(), body.as_bytes(), "req_1")
    }

    #[test]
    fn a_no_is_told_with_its_code() {
        let body = r#"{"error":{"code":"charge_already_refunded","type":"invalid_request_error","message":"Already."}}"#;
        let GatewayError::Refused { code, message } = read(400, body) else { panic!("not refused") };
        assert_eq!(code, "charge_already_refunded");
        assert_eq!(message, "Already. (status 400, request req_1)");
    }

    #[test]
    fn a_no_without_a_code_is_told_by_its_type() {
        let body = r#"{"error":{"type":"idempotency_error","message":"Keys …"}}"#;
        assert!(matches!(read(400, body), GatewayError::Refused { code, .. } if code == "idempotency_error"));
    }

    #[test]
    fn a_missing_object_is_not_found_wherever_it_was_named() {
        let body = r#"{"error":{"code":"resource_missing"}}"#;
        assert!(matches!(read(404, body), GatewayError::NotFound));
        assert!(matches!(read(400, body), GatewayError::NotFound));
    }

    #[test]
    fn what_says_nothing_about_the_request_is_unknown() {
        for (status, body) in [
            (500, r#"{"error":{"type":"api_error","code":"x"}}"#),
            (401, r#"{"error":{"type":"invalid_request_error"}}"#),
            (403, r#"{"error":{"type":"invalid_request_error"}}"#),
            (429, r#"{"error":{"code":"rate_limit"}}"#),
            (409, r#"{"error":{"code":"idempotency_key_in_use"}}"#),
            (404, r#"{"error":{"type":"invalid_request_error","message":"Unrecognized request URL"}}"#),
            (400, "<html>Bad gateway</html>"),
            (400, "[]"),
            (400, ""),
            (302, ""),
        ] {
            assert!(matches!(read(status, body), GatewayError::Unknown(_)), "{status} {body}");
        }
    }
}
