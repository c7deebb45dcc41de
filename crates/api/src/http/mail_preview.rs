//! `GET /admin/mail/{kind}?locale=de&format=html`: mails as they would look.

use super::{
    acting::{Door, LetIn, READING},
    answer, request_id,
};
use axum::{
    extract::{Path, Request, State, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};
use std::borrow::Cow;
use stoa_domain::{access::grants::SettingsRead, shared::Locale};
use stoa_services::mail::{MailKind, preview as write};

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
/// A mail is a page of nobody's: it loads nothing, runs nothing, and sends no form.
const LOCKED: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox",
);

/// What a mail is to be shown as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Html,
    /// With its subject above it.
    Text,
}

/// A mail of this kind with made-up values, in the shop's language unless another is asked for.
pub(super) async fn preview(
    State(door): State<Door>,
    kind: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let LetIn { standing, request, .. } =
        match Box::pin(door.permitted::<SettingsRead>(&READING, request)).await {
            Ok(let_in) => let_in,
            Err(refused) => return *refused,
        };
    let settings = door.app.services().context().settings();
    let kind = kind.ok().and_then(|Path(kind)| MailKind::from_name(&kind));
    let Some(kind) = kind else { return door.unknown.answer(request).await };
    let (locale, format) = match asked(request.uri().query().unwrap_or_default(), settings.language) {
        Ok(asked) => asked,
        Err(message) => return answer::error(StatusCode::BAD_REQUEST, "BAD_USER_INPUT", message),
    };
    let mail = match write(settings, kind, locale) {
        Ok(mail) => mail,
        Err(fault) => {
            tracing::error!(error = %fault, "a mail cannot be written");
            return answer::internal(request_id::of(request.headers()));
        }
    };
    let (content_type, body) = match format {
        Format::Html => (HTML, mail.html),
        Format::Text => (TEXT, format!("{}\n\n{}", mail.subject, mail.text)),
    };
    let language = HeaderValue::from_static(locale.code());
    let headers: [(HeaderName, HeaderValue); 3] = [
        (header::CONTENT_TYPE, content_type),
        (header::CONTENT_LANGUAGE, language),
        (header::CONTENT_SECURITY_POLICY, LOCKED),
    ];
    let mut response = answer::uncached((headers, body).into_response());
    standing.tell(response.headers_mut());
    response
}

/// What a query asks for.
fn asked(query: &str, language: Locale) -> Result<(Locale, Format), &'static str> {
    let value = |name: &str| -> Option<Cow<'_, str>> {
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs.find_map(|(key, value)| (key == name).then_some(value))
    };
    let locale = match value("locale") {
        None => language,
        Some(tag) => Locale::parse(&tag).ok_or("A language is one of en, de, fr, es and ja.")?,
    };
    let format = match value("format").as_deref() {
        None | Some("html") => Format::Html,
        Some("text") => Format::Text,
        Some(_) => return Err("A format is html or text."),
    };
    Ok((locale, format))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_says_the_language_and_the_format() {
        assert_eq!(asked("", Locale::Fr), Ok((Locale::Fr, Format::Html)));
        assert_eq!(asked("format=text&locale=de-CH", Locale::En), Ok((Locale::De, Format::Text)));
        assert_eq!(asked("locale=ja&format=html&x", Locale::En), Ok((Locale::Ja, Format::Html)));
        assert!(asked("locale=nl", Locale::En).is_err());
        assert!(asked("format=pdf", Locale::En).is_err());
    }
}
