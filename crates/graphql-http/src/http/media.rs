//! Content negotiation: what the client accepts, and what it sent.

use http::{HeaderMap, HeaderValue, header};

use crate::{error_code::ErrorCode, refusal::Refusal};

/// The media types of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResponseMedia {
    /// `application/json`: statuses other than 200 mean that this was not a GraphQL request.
    Json,
    /// `application/graphql-response+json`: the status tells how the request went.
    GraphqlResponse,
    /// `text/event-stream`: any number of answers.
    EventStream,
}

impl ResponseMedia {
    /// In order of preference where a client has none.
    const ALL: [Self; 3] = [Self::Json, Self::GraphqlResponse, Self::EventStream];

    pub(super) fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::EventStream => "text/event-stream; charset=utf-8",
        })
    }

    /// The type of an answer that refuses the request: a stream of events only begins where there is an operation.
    pub(super) fn of_refusals(self) -> Self {
        match self {
            Self::EventStream => Self::Json,
            other => other,
        }
    }

    fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Json => ("application", "json"),
            Self::GraphqlResponse => ("application", "graphql-response+json"),
            Self::EventStream => ("text", "event-stream"),
        }
    }

    /// How closely a range of the `Accept` header names this type; 0 if it does not match.
    fn specificity(self, range: &Range<'_>) -> u8 {
        let (kind, subtype) = self.name();
        match (range.kind, range.subtype) {
            (named, other) if named == kind && other.eq_ignore_ascii_case(subtype) => 3,
            (named, "*") if named == kind => 2,
            ("*", "*") => 1,
            _ => 0,
        }
    }
}

/// One range of an `Accept` header.
struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    /// Quality in thousandths.
    quality: u16,
}

/// Chooses the media type of the answer (RFC 9110, 12.5.1): the closest range decides the quality of a type, the highest
/// quality wins, then the closer range, then the one listed first. No header, or `*/*`, means `application/json`.
///
/// # Errors
/// `NOT_ACCEPTABLE`.
pub(super) fn negotiate(headers: &HeaderMap) -> Result<ResponseMedia, Refusal> {
    let values: Vec<&str> =
        headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    let ranges: Vec<Range<'_>> =
        values.iter().flat_map(|value| value.split(',')).filter_map(parse_range).collect();
    if values.iter().all(|value| value.trim().is_empty()) {
        return Ok(ResponseMedia::Json);
    }
    let offers = ResponseMedia::ALL.into_iter().filter_map(|media| {
        let (place, range) = ranges
            .iter()
            .enumerate()
            .filter(|(_, range)| media.specificity(range) > 0)
            .max_by_key(|(place, range)| (media.specificity(range), std::cmp::Reverse(*place)))?;
        let rank = (range.quality, media.specificity(range), std::cmp::Reverse(place));
        (range.quality > 0).then_some((rank, media))
    });
    // `max_by_key` keeps the last of equals, so the preferred type goes last
    let best = offers.collect::<Vec<_>>().into_iter().rev().max_by_key(|(rank, _)| *rank);
    best.map(|(_, media)| media).ok_or_else(|| {
        let message =
            "Answers are application/json, application/graphql-response+json or text/event-stream, in UTF-8.";
        Refusal::new(ErrorCode::NotAcceptable, message)
    })
}

/// Reads one range; one that asks for another charset than UTF-8 asks for something we do not have.
fn parse_range(text: &str) -> Option<Range<'_>> {
    let mut parameters = text.split(';');
    let (kind, subtype) = parameters.next()?.trim().split_once('/')?;
    let mut quality = 1000;
    for parameter in parameters {
        let Some((name, value)) = parameter.split_once('=') else { continue };
        let (name, value) = (name.trim(), value.trim());
        if name.eq_ignore_ascii_case("q") {
            quality = parse_quality(value)?;
        } else if name.eq_ignore_ascii_case("charset") && !is_utf8(value) {
            return None;
        }
    }
    let known = ["application", "text"].into_iter().find(|known| kind.eq_ignore_ascii_case(known));
    let kind = known.unwrap_or(kind);
    Some(Range { kind, subtype, quality })
}

/// `0`, `0.75`, `1.000` in thousandths.
fn parse_quality(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole: u16 = whole.parse().ok()?;
    let fraction: u16 = format!("{fraction:0<3}").parse().ok()?;
    (whole <= 1).then(|| (whole * 1000 + fraction).min(1000))
}

fn is_utf8(charset: &str) -> bool {
    let charset = charset.trim_matches('"');
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

/// Checks that a POST body is JSON in UTF-8 and not compressed. No other type is taken: a browser sends `text/plain` and
/// forms to other sites without asking them first, which would make mutations forgeable.
///
/// # Errors
/// `UNSUPPORTED_MEDIA_TYPE`.
pub(super) fn check_request(headers: &HeaderMap) -> Result<(), Refusal> {
    let unsupported = |message: &str| Err(Refusal::new(ErrorCode::UnsupportedMediaType, message));
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (types.next(), types.next()) else {
        return unsupported("POST needs one content-type: application/json.");
    };
    let mut parameters = value.to_str().unwrap_or_default().split(';');
    let essence = parameters.next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return unsupported("POST takes application/json only.");
    }
    for parameter in parameters {
        if let Some((name, value)) = parameter.split_once('=')
            && name.trim().eq_ignore_ascii_case("charset")
            && !is_utf8(value.trim())
        {
            return unsupported("POST takes UTF-8 only.");
        }
    }
    let encoding = headers.get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok());
    if encoding.is_some_and(|encoding| !encoding.eq_ignore_ascii_case("identity")) {
        return unsupported("Compressed requests are not taken.");
    }
    Ok(())
}

#[cfg(test)]
#[path = "media_tests.rs"]
mod tests;
