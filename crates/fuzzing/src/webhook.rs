//! What a gateway tells, or somebody in its place.

use crate::{
    answer::Answer,
    gateway::SECRET,
    shop::{Shop, now, shop, to},
};
use axum::http::{HeaderName, HeaderValue};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// A call: a line that is the signature's header, and the body. It is sent as it is; then the body again, rightly signed, and with a
/// signature that is another body's.
///
/// # Panics
/// What was not signed is believed, what was is not, or the shop answers with a fault.
pub fn webhook(input: &[u8]) {
    let (header, body) = match input.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&input[..end], &input[end + 1..]),
        None => (&[][..], input),
    };
    let shop = shop();
    if let Ok(value) = HeaderValue::from_bytes(header) {
        let answer = send(&shop, value, body.to_vec());
        let said = String::from_utf8_lossy(header);
        assert!(answer.status >= 400 || is_signed(&said, body), "{said:?} is believed");
    }
    let at = now().timestamp().to_string();
    let right = format!("t={at},v1={}", signature(&at, body));
    let Ok(right) = HeaderValue::from_str(&right) else { panic!("{right} is no header") };
    let answer = send(&shop, right.clone(), body.to_vec());
    assert!(["", "MALFORMED_EVENT", "PAYLOAD_TOO_LARGE"].contains(&answer.code().as_str()), "{answer:?}");
    let another = [body, b" "].concat();
    let answer = send(&shop, right, another);
    assert!(["BAD_SIGNATURE", "PAYLOAD_TOO_LARGE"].contains(&answer.code().as_str()), "{answer:?}");
}

fn send(shop: &Shop, signature: HeaderValue, body: Vec<u8>) -> Answer {
    let name = HeaderName::from_static("stripe-signature");
    let answer = shop.send(to("/webhooks/stripe", &[(name, signature)], body));
    answer.is_no_fault();
    answer
}

/// Whether any signature in a header is that of the body at any time in it: as the gateway's manual has it, written down anew.
fn is_signed(header: &str, body: &[u8]) -> bool {
    let parts: Vec<(&str, &str)> = header.split(',').filter_map(|part| part.trim().split_once('=')).collect();
    let of = |name: &'static str| parts.iter().filter(move |(n, _)| *n == name).map(|(_, value)| *value);
    of("t").any(|at| {
        let right = signature(at, body);
        of("v1").any(|shown| shown.eq_ignore_ascii_case(&right))
    })
}

fn signature(at: &str, body: &[u8]) -> String {
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()) else { panic!("any length will do") };
    let mac = mac.chain_update(at).chain_update(b".").chain_update(body);
    hex::encode(mac.finalize().into_bytes())
}
