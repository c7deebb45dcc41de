//! What a browser may and may not find on the page.

use super::*;
use crate::asset::{ASSETS, available};

const SPITEFUL: PageOptions<'_> = PageOptions {
    title: "</title><script>alert(1)</script>",
    base: "/graphiql",
    endpoint: "/graphql?a=1&b=\"><script>",
    headers: &[("x-quote", "say \"hi\" \\ \u{1}")],
};

/// The opening tags of one kind, attributes included.
fn tags<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    html.split(&format!("<{name}")).skip(1).filter_map(|rest| rest.split('>').next()).collect()
}

#[test]
fn every_script_comes_from_an_address_of_ours_and_none_is_inline() {
    let html = graphiql_page(&PageOptions::default());
    let scripts = tags(&html, "script");
    assert_eq!(scripts.len(), 6);
    for script in scripts {
        assert!(script.starts_with(" defer src=\"/graphiql/"), "{script}");
    }
    assert_eq!(html.matches("></script>").count(), 6, "nothing stands between a script's tags");
    for forbidden in ["javascript:", " onload=", " onclick=", "<style", " style=", "://"] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn every_address_on_the_page_is_an_asset_of_this_build() {
    let html = page(&PageOptions { base: "/tools/ide", ..PageOptions::default() });
    let addresses: Vec<&str> = html.split('"').filter(|part| part.starts_with("/tools/ide/")).collect();
    assert!(addresses.len() >= 2);
    for address in addresses {
        let (path, version) = address.strip_prefix("/tools/ide/").unwrap().split_once("?v=").unwrap();
        let asset = ASSETS.iter().find(|asset| asset.path == path);
        assert_eq!(asset.map(|asset| asset.version), Some(version), "{path}");
    }
}

#[test]
fn options_are_text_and_never_markup() {
    let html = graphiql_page(&SPITEFUL);
    assert!(!html.contains("<script>"));
    assert!(html.contains("<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;</title>"));
    assert!(html.contains("data-endpoint=\"/graphql?a=1&amp;b=&quot;&gt;&lt;script&gt;\""));
}

#[test]
fn default_headers_become_one_json_object() {
    let parsed: serde_json::Value = serde_json::from_str(&headers_object(SPITEFUL.headers)).unwrap();
    assert_eq!(parsed, serde_json::json!({ "x-quote": "say \"hi\" \\ \u{1}" }));
    assert_eq!(headers_object(&[]), "", "no headers leave the editor empty");
}

#[test]
fn the_policy_allows_this_origin_and_no_inline_script() {
    let directive = |name: &str| {
        let directives = CSP.split(';').map(str::trim);
        directives
            .filter_map(|text| text.split_once(' '))
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value)
    };
    assert_eq!(directive("default-src"), Some("'none'"));
    assert_eq!(directive("script-src"), Some("'self'"));
    assert_eq!(directive("connect-src"), Some("'self'"));
    assert_eq!(directive("frame-ancestors"), Some("'none'"));
    assert_eq!(directive("base-uri"), Some("'none'"));
    assert!(!CSP.contains("unsafe-eval") && !CSP.contains("http") && !CSP.contains('*'));
}

#[test]
fn a_build_shows_graphiql_exactly_when_it_has_it() {
    assert_eq!(page(&PageOptions::default()).contains("id=\"graphiql\""), available());
}
