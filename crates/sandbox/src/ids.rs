//! Identifiers in Stripe's form: a prefix that names the kind of object and random letters and digits.

use rand::distr::{Alphanumeric, SampleString};

/// A new identifier such as `pi_` and 24 letters or digits (about 143 bits of chance).
pub(crate) fn fresh(prefix: &str) -> String {
    random_after(prefix, 24)
}

/// A new request id, `req_` and 14 letters or digits, as in Stripe's `Request-Id` header.
pub(crate) fn request() -> String {
    random_after("req_", 14)
}

/// The secret that lets a browser see and confirm one PaymentIntent: its id, `_secret_` and 25 characters.
pub(crate) fn client_secret(payment_intent: &str) -> String {
    let mut secret = String::with_capacity(payment_intent.len() + 33);
    secret.push_str(payment_intent);
    secret.push_str("_secret_");
    Alphanumeric.append_string(&mut rand::rng(), &mut secret, 25);
    secret
}

/// `prefix` followed by `length` random letters and digits.
pub(crate) fn random_after(prefix: &str, length: usize) -> String {
    let mut id = String::with_capacity(prefix.len() + length);
    id.push_str(prefix);
    Alphanumeric.append_string(&mut rand::rng(), &mut id, length);
    id
}
