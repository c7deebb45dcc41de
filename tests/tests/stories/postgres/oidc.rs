//! Everything that customers do with OpenID providers, through the very services: a shop at work, seen from outside.

use crate::{
    harness::{PASSWORD, Shop, refusals},
    oidc::{Browser, FakeProvider, Person},
};
use serde_json::json;

/// An account that a provider begins, one that is tied to it by mail, one whose owner connects it while they are signed in, and
/// disconnects it.
pub(super) async fn everything(shop: &Shop, fake: &FakeProvider) {
    let new = Person::with("new", "new@example.org");
    let browser = Browser::new(shop);
    for _ in 0..2 {
        assert_eq!(browser.signs_in("fake", fake, &new).await.why(), None);
    }
    shop.register("waiting@example.org").await;
    let waiting = Person::with("waiting", "waiting@example.org");
    assert_eq!(Browser::new(shop).signs_in("fake", fake, &waiting).await.why(), None);

    let known = Person::with("known", "known@example.org");
    shop.customer("known@example.org").await;
    let browser = Browser::new(shop);
    assert_eq!(browser.signs_in("fake", fake, &known).await.why().as_deref(), Some("link_mailed"));
    let token = shop.mailed_token("known@example.org", "link").await;
    let confirm = "mutation($token: String!) {
      customerIdentityConfirm(input: { token: $token, mode: COOKIE }) { userErrors { code } } }";
    let done = browser.asks(confirm, json!({ "token": token })).await;
    assert!(refusals(done.at("/customerIdentityConfirm")).is_empty());

    let unlink = "mutation($input: CustomerIdentityUnlinkInput!) { customerIdentityUnlink(input: $input) { userErrors { code } } }";
    let which = json!({ "input": { "issuer": fake.issuer(), "subject": "known", "password": PASSWORD } });
    let done = browser.asks(unlink, which).await;
    assert!(refusals(done.at("/customerIdentityUnlink")).is_empty());
    let link = "mutation($input: CustomerIdentityLinkInput!) { customerIdentityLink(input: $input) { url userErrors { code } } }";
    let which = json!({ "input": { "provider": "fake", "password": PASSWORD } });
    let begun = browser.asks(link, which).await;
    let url = begun.at("/customerIdentityLink/url").as_str().expect("a URL").parse().expect("a URL");
    let back = browser.finishes("fake", fake, &url, &known).await;
    assert_eq!(back.why().as_deref(), Some("linked"));
}
