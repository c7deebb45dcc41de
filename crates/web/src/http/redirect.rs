//! "Look there instead."

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use stoa_domain::shared::Fault;
use url::form_urlencoded;

/// Sends the browser on with a `GET`, whatever it came with.
///
/// `to` is a [`path`] of ours or a page that the payment gateway named: never an address that a visitor sent.
///
/// # Errors
/// `to` cannot stand in a header.
pub(crate) fn see_other(to: &str) -> Result<Response, Fault> {
    let location = HeaderValue::try_from(to).map_err(|e| Fault::internal("web.redirect", e))?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
}

/// A path on this server, made of its parts. It begins with a slash and a part that is not empty, so that no part can
/// turn it into another site's address; handles in any script are written in ASCII.
pub(crate) fn path(parts: &[&str], query: &[(&str, &str)]) -> String {
    let mut path = String::with_capacity(64);
    for part in parts.iter().filter(|part| !part.is_empty()) {
        path.push('/');
        // What a form calls a space is a plus sign in a path.
        path.extend(
            form_urlencoded::byte_serialize(part.as_bytes()).map(|p| if p == "+" { "%20" } else { p }),
        );
    }
    if path.is_empty() {
        path.push('/');
    }
    if !query.is_empty() {
        path.push('?');
        path.push_str(&form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish());
    }
    path
}

/// Adds a `Set-Cookie`.
pub(crate) fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(value) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_leads_to_another_site() {
        assert_eq!(path(&["", "evil.example"], &[]), "/evil.example");
        assert_eq!(path(&["/evil.example"], &[]), "/%2Fevil.example");
        assert_eq!(path(&["\\evil.example"], &[]), "/%5Cevil.example");
        assert_eq!(path(&[""], &[]), "/");
    }

    #[test]
    fn parts_and_questions_are_written_in_ascii() {
        assert_eq!(
            path(&["products", "青"], &[("Größe", "L & M")]),
            "/products/%E9%9D%92?Gr%C3%B6%C3%9Fe=L+%26+M"
        );
        assert_eq!(path(&["a b", "c"], &[]), "/a%20b/c");
        assert_eq!(path(&["a\r\nb"], &[]), "/a%0D%0Ab");
    }

    #[test]
    fn a_line_break_never_reaches_a_header() {
        assert!(see_other("/a\r\nset-cookie: b").is_err());
    }
}
