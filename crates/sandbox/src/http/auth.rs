//! Who calls: the key in `Authorization: Bearer …` or as the user name of `Authorization: Basic …`.

use axum::http::{HeaderMap, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use subtle::ConstantTimeEq;

use crate::{
    config::{Keys, live_prefix},
    error::ApiError,
    ops::Caller,
};

/// The caller behind a request's key.
pub(super) fn caller(headers: &HeaderMap, keys: &Keys) -> Result<Caller, ApiError> {
    let Some(key) = key(headers) else {
        return Err(ApiError::unauthorized(
            "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer \
             auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
        ));
    };
    if same(&key, &keys.secret) {
        return Ok(Caller::Server);
    }
    if same(&key, &keys.publishable) {
        return Ok(Caller::Browser);
    }
    if let Some(prefix) = live_prefix(&key) {
        return Err(ApiError::unauthorized(format!(
            "A live key ({prefix}…) was sent to the sandbox, which moves no money. Check which server the key was \
             meant for."
        )));
    }
    Err(ApiError::unauthorized(format!("Invalid API Key provided: {}", masked(&key))))
}

/// Refuses everything but the secret key.
pub(super) fn server_only(headers: &HeaderMap, keys: &Keys) -> Result<(), ApiError> {
    match caller(headers, keys)? {
        Caller::Server => Ok(()),
        Caller::Browser => Err(secret_key_required()),
    }
}

/// The error for a publishable key where it is not enough.
pub(super) fn secret_key_required() -> ApiError {
    ApiError::unauthorized(
        "This API call cannot be made with a publishable API key. Please use a secret API key.",
    )
    .code("secret_key_required")
}

fn key(headers: &HeaderMap) -> Option<String> {
    let header = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, value) = header.split_once(' ')?;
    let value = value.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return (!value.is_empty()).then(|| value.to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(value).ok()?).ok()?;
    let (user, _) = decoded.split_once(':')?;
    (!user.is_empty()).then(|| user.to_owned())
}

fn same(given: &str, known: &str) -> bool {
    bool::from(given.as_bytes().ct_eq(known.as_bytes()))
}

/// A key that can be recognised by its owner and used by nobody: kind and last four characters.
fn masked(key: &str) -> String {
    let kind: String = key.chars().take(8).collect();
    let tail: Vec<char> = key.chars().skip(8).collect();
    let shown: String = tail.iter().skip(tail.len().saturating_sub(4)).collect();
    format!("{kind}{}{shown}", "*".repeat(tail.len().saturating_sub(4)))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};

    use super::caller;
    use crate::{config::Keys, ops::Caller};

    fn ask(header: Option<&'static str>) -> Result<Caller, String> {
        let keys = Keys { secret: "sk_test_secret".into(), publishable: "pk_test_public".into() };
        let mut headers = HeaderMap::new();
        if let Some(header) = header {
            headers.insert("authorization", HeaderValue::from_static(header));
        }
        caller(&headers, &keys).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn both_schemes_are_understood() {
        assert_eq!(ask(Some("Bearer sk_test_secret")), Ok(Caller::Server));
        assert_eq!(ask(Some("bearer pk_test_public")), Ok(Caller::Browser));
        // "sk_test_secret:"
        assert_eq!(ask(Some("Basic c2tfdGVzdF9zZWNyZXQ6")), Ok(Caller::Server));
    }

    #[test]
    fn no_key_a_wrong_key_and_a_live_key_are_refused() {
        assert!(ask(None).unwrap_err().starts_with("You did not provide"));
        assert!(ask(Some("Bearer ")).unwrap_err().starts_with("You did not provide"));
        assert!(ask(Some("Basic !!!")).unwrap_err().starts_with("You did not provide"));
        let wrong = ask(Some("Bearer sk_test_other9999")).unwrap_err();
        assert_eq!(wrong, "Invalid API Key provided: sk_test_*****9999");
        let live = ask(Some("Bearer sk_live_verysecret")).unwrap_err();
        assert!(live.contains("sk_live_…") && !live.contains("verysecret"), "{live}");
    }
}
