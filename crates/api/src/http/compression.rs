//! Compressing answers for clients that ask for it.

use http::{HeaderMap, header};
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer, Predicate,
        predicate::{NotForContentType, SizeAbove},
    },
};

/// Bytes below which an answer is sent as it is: it travels in one packet either way.
const LEAST: u64 = 1_400;

/// How hard to try. Answers are made once and read once, and level 1 is where both encodings stop paying: a list of
/// 33 kB becomes 2.9 kB in 50 µs by gzip (level 6: 2.5 kB in 290 µs), 2.4 kB in 100 µs by Brotli (level 4: 2.3 kB in 860 µs).
const QUALITY: CompressionLevel = CompressionLevel::Precise(1);

/// Compresses text of more than one packet.
pub(super) fn layer() -> CompressionLayer<impl Predicate> {
    let worthwhile = SizeAbove::new(LEAST).and(NotForContentType::IMAGES).and(NotForContentType::SSE);
    CompressionLayer::new().quality(QUALITY).compress_when(worthwhile)
}

/// Takes away an `accept-encoding` that asks for nothing we have. What is left never makes the layer above answer 406,
/// which it would only do after the request has been served: a mutation would have run and look refused.
pub(super) fn drop_foreign_encodings(headers: &mut HeaderMap) {
    if headers.contains_key(header::ACCEPT_ENCODING) && !accepts(headers, "br") && !accepts(headers, "gzip") {
        headers.remove(header::ACCEPT_ENCODING);
    }
}

/// Whether an encoding is among those that the client wants (RFC 9110, 12.5.3).
pub(super) fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|coding| {
        let (name, parameter) = coding.split_once(';').unwrap_or((coding, ""));
        let refused = parameter
            .split_once('=')
            .and_then(|(_, quality)| quality.trim().parse::<f32>().ok())
            .is_some_and(|quality| quality <= 0.0);
        !refused && name.trim().eq_ignore_ascii_case(encoding)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(accept_encoding: &'static str) -> bool {
        let accept_encoding = (header::ACCEPT_ENCODING, http::HeaderValue::from_static(accept_encoding));
        let mut headers = HeaderMap::from_iter([accept_encoding]);
        drop_foreign_encodings(&mut headers);
        headers.contains_key(header::ACCEPT_ENCODING)
    }

    #[test]
    fn what_we_have_is_left_to_be_chosen_from() {
        for wanted in
            ["gzip", "br", "gzip, deflate, br, zstd", "GZIP;q=0.5", "identity;q=0, gzip", "br;q=1.0"]
        {
            assert!(kept(wanted), "{wanted}");
        }
    }

    #[test]
    fn what_we_have_not_is_answered_plainly() {
        for wanted in ["", "identity", "zstd", "*;q=0", "identity;q=0", "gzip;q=0", "gzip;q=0, br;q=0.000"] {
            assert!(!kept(wanted), "{wanted}");
        }
    }
}
