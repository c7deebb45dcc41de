//! Where a payer may be sent back to.

use url::{Host, Url};

use crate::model::PaymentIntent;

/// The address, if the page may redirect to it: http(s), and either this machine or the origin of the sandbox itself.
/// Anything else would make the page an open redirect.
pub(super) fn allowed(return_url: &str, public_url: &Url) -> Option<Url> {
    let url = Url::parse(return_url).ok()?;
    if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    (is_this_machine(&url) || url.origin() == public_url.origin()).then_some(url)
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The return address with what Stripe adds to it.
pub(super) fn with_result(mut url: Url, intent: &PaymentIntent, redirect_status: &str) -> Url {
    url.query_pairs_mut()
        .append_pair("payment_intent", &intent.id)
        .append_pair("payment_intent_client_secret", &intent.client_secret)
        .append_pair("redirect_status", redirect_status);
    url
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::allowed;

    #[test]
    fn only_this_machine_and_our_own_origin_are_returned_to() {
        let public = Url::parse("https://shop.example/").unwrap();
        for good in [
            "http://localhost:3000/done",
            "http://shop.localhost/done",
            "http://127.0.0.1:8080/",
            "http://[::1]:8080/",
            "https://shop.example/thanks?order=1",
        ] {
            assert!(allowed(good, &public).is_some(), "{good}");
        }
        for bad in [
            "https://evil.example/",
            "http://shop.example/",
            "https://shop.example:444/",
            "https://shop.example.evil.example/",
            "https://localhost.evil.example/",
            "https://localhost@evil.example/",
            "https://evil.example@localhost/",
            "javascript:alert(1)",
            "data:text/html,x",
            "//evil.example",
            "/done",
            "",
        ] {
            assert!(allowed(bad, &public).is_none(), "{bad}");
        }
    }
}
