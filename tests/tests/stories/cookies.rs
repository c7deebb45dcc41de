//! Signing in with tokens and with a cookie: who is known by what, and what pages of others cannot do with it.

use crate::harness::{Events, PASSWORD, Setup, Shop, Socket, assert_guarded, refusals};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

const ADA: &str = "ada@example.org";
const SIGN_IN: &str = "mutation($input: CustomerSignInInput!) { customerSignIn(input: $input) {
  customer { email } device tokens { accessToken refreshToken } userErrors { code field } } }";
const VIEWER: &str =
    "{ viewer { customer { email } sessions(first: 10) { nodes { id current userAgent } } } }";

async fn sign_in(shop: &Shop, mode: &str) -> (Value, HeaderMap) {
    let input = json!({ "email": ADA, "password": PASSWORD, "mode": mode });
    let (answer, headers) = shop.endpoint.ask_with(&[], SIGN_IN, json!({ "input": input })).await;
    (answer.at("/customerSignIn").clone(), headers)
}

fn bearer(token: &Value) -> [(&'static str, String); 1] {
    [("authorization", format!("Bearer {}", token.as_str().expect("a token")))]
}

fn cookies(headers: &HeaderMap) -> Vec<&str> {
    headers.get_all("set-cookie").iter().map(|value| value.to_str().expect("text")).collect()
}

/// The cookie of somebody who has signed in with a page of the shop.
async fn cookie(shop: &Shop) -> String {
    let (_, headers) = sign_in(shop, "COOKIE").await;
    let set = cookies(&headers);
    let session = set.iter().find_map(|c| c.strip_prefix("__Host-stoa_session=")).expect("a session");
    format!("__Host-stoa_session={}", session.split(';').next().expect("a value"))
}

/// Tokens: the access token is a customer's until they sign out, and what is none is refused before anything runs.
#[tokio::test]
async fn an_access_token_is_its_owner_until_they_sign_out() {
    let shop = Shop::open().await;
    shop.customer(ADA).await;
    let (first, _) = sign_in(&shop, "TOKENS").await;
    let (second, _) = sign_in(&shop, "TOKENS").await;
    let (one, other) = (bearer(&first["tokens"]["accessToken"]), bearer(&second["tokens"]["accessToken"]));
    let (seen, _) = shop.endpoint.ask_with(&one, VIEWER, json!({})).await;
    assert_eq!(seen.at("/viewer/customer/email"), ADA);
    let sessions = seen.at("/viewer/sessions/nodes").as_array().expect("sessions");
    assert_eq!(sessions.len(), 3, "with the one that began the account");
    assert_eq!(sessions.iter().filter(|session| session["current"] == true).count(), 1);

    // Another one's sign-in is not there; one's own is ended from anywhere.
    let revoke =
        "mutation($id: ID!) { customerSessionRevoke(id: $id) { revokedSessionId userErrors { code } } }";
    let gone = json!({ "id": "gid://stoa/Session/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f" });
    let (refused, _) = shop.endpoint.ask_with(&one, revoke, gone).await;
    assert_eq!(refusals(refused.at("/customerSessionRevoke")), ["NOT_FOUND"]);

    let (out, _) = shop
        .endpoint
        .ask_with(
            &other,
            "mutation { customerSignOutEverywhere { endedSessions userErrors { code } } }",
            json!({}),
        )
        .await;
    assert_eq!(out.at("/customerSignOutEverywhere/endedSessions"), 3);
    for token in [one, other, bearer(&json!("nonsense"))] {
        let (refused, headers) = shop.endpoint.ask_with(&token, "{ shop { name } }", json!({})).await;
        assert_eq!((refused.status, refused.code()), (401, "UNAUTHENTICATED"));
        assert_eq!(headers["www-authenticate"], "Bearer");
    }
    let (guest, _) = shop.endpoint.ask_with(&[], VIEWER, json!({})).await;
    assert!(guest.at("/viewer").is_null());
    let basic = [("authorization", "Basic cHJveHk6eA==".to_owned())];
    let (proxied, _) = shop.endpoint.ask_with(&basic, VIEWER, json!({})).await;
    assert!(proxied.at("/viewer").is_null(), "what is a proxy's is not ours");
}

/// A refresh token gives the next one, once; whoever uses one again ends the sign-in, and with it the tokens that were given since.
#[tokio::test]
async fn a_refresh_token_used_twice_ends_its_family() {
    let shop = Shop::open().await;
    shop.customer(ADA).await;
    let (begun, _) = sign_in(&shop, "TOKENS").await;
    let refresh = "mutation($t: String!) { customerTokenRefresh(refreshToken: $t) {
      tokens { accessToken refreshToken } userErrors { code field } } }";
    let stolen = json!({ "t": begun["tokens"]["refreshToken"] });
    let next = shop.endpoint.ask(refresh, stolen.clone()).await.at("/customerTokenRefresh/tokens").clone();
    let (seen, _) = shop.endpoint.ask_with(&bearer(&next["accessToken"]), VIEWER, json!({})).await;
    assert_eq!(seen.at("/viewer/customer/email"), ADA);

    let again = shop.endpoint.ask(refresh, stolen).await;
    assert_eq!(refusals(again.at("/customerTokenRefresh")), ["TOKEN_INVALID"]);
    let (ended, _) = shop.endpoint.ask_with(&bearer(&next["accessToken"]), VIEWER, json!({})).await;
    assert_eq!(ended.code(), "UNAUTHENTICATED");
    let last = shop.endpoint.ask(refresh, json!({ "t": next["refreshToken"] })).await;
    assert_eq!(refusals(last.at("/customerTokenRefresh")), ["TOKEN_INVALID"]);
}

/// A cookie counts for pages of the shop alone, and is taken away when it is over.
#[tokio::test]
async fn a_cookie_counts_for_pages_of_the_shop() {
    let shop = Shop::open().await;
    shop.customer(ADA).await;
    let (begun, headers) = sign_in(&shop, "COOKIE").await;
    assert!(begun["tokens"].is_null() && begun["device"].is_null(), "scripts get nothing: {begun}");
    let set = cookies(&headers);
    assert_eq!(set.len(), 2, "{set:?}");
    for cookie in &set {
        assert!(cookie.starts_with("__Host-stoa_"), "{cookie}");
        assert!(cookie.contains("; Path=/;") && !cookie.contains("Domain"), "{cookie}");
        assert!(cookie.ends_with("; Secure; HttpOnly; SameSite=Lax"), "{cookie}");
    }
    let session = cookie(&shop).await;
    let with = |more: &[(&'static str, &str)]| -> Vec<(&'static str, String)> {
        let more = more.iter().map(|(name, value)| (*name, (*value).to_owned()));
        std::iter::once(("cookie", session.clone())).chain(more).collect()
    };
    let ask = async |headers: Vec<(&'static str, String)>| {
        shop.endpoint.ask_with(&headers, VIEWER, json!({})).await
    };

    let origin = shop.base.clone();
    for own in [with(&[("sec-fetch-site", "same-origin")]), with(&[("origin", origin.as_str())])] {
        let (seen, _) = ask(own).await;
        assert_eq!(seen.at("/viewer/customer/email"), ADA);
    }
    for foreign in [
        with(&[("sec-fetch-site", "cross-site")]),
        with(&[("sec-fetch-site", "same-site"), ("origin", "http://sister.example")]),
        with(&[("origin", "https://evil.example")]),
        with(&[("origin", "null")]),
    ] {
        let (refused, _) = ask(foreign).await;
        assert_eq!((refused.status, refused.code()), (403, "CROSS_ORIGIN_REQUEST"));
    }
    let (unsaid, _) = ask(with(&[])).await;
    assert!(unsaid.at("/viewer").is_null(), "without a word of who sends it, it is passed over");

    let own = with(&[("sec-fetch-site", "same-origin")]);
    let (out, headers) =
        shop.endpoint.ask_with(&own, "mutation { customerSignOut { userErrors { code } } }", json!({})).await;
    assert!(refusals(out.at("/customerSignOut")).is_empty());
    assert!(
        cookies(&headers).iter().any(|c| c.starts_with("__Host-stoa_session=;") && c.contains("Max-Age=0"))
    );
    // The browser that kept it all the same is a guest, and forgets it.
    let (guest, headers) = ask(own).await;
    assert!(guest.at("/viewer").is_null());
    assert!(cookies(&headers).iter().any(|c| c.contains("Max-Age=0")), "{headers:?}");
}

/// Over plain http on another machine browsers take no such cookie: that is said, and nobody is signed in.
#[tokio::test]
async fn without_tls_there_are_no_cookies() {
    let setup = crate::harness::Setup::default().config(|c| {
        c.settings.public_url = "http://shop.example".parse().expect("a URL");
        c.public_url_given = true;
    });
    let shop = Shop::with(setup).await;
    shop.customer(ADA).await;
    let (refused, headers) = sign_in(&shop, "COOKIE").await;
    assert_eq!(refusals(&refused), ["COOKIES_NOT_POSSIBLE"]);
    assert!(cookies(&headers).is_empty());
    let (tokens, _) = sign_in(&shop, "TOKENS").await;
    assert!(refusals(&tokens).is_empty());
}

/// Wherever the shop is reached, none of its cookies travels in the clear: neither the cart's, nor one that is taken away. (The
/// browsers of all other stories and of the pages' tests look at what they are given as well.)
#[tokio::test]
async fn every_cookie_is_for_tls_alone_wherever_the_shop_is_reached() {
    for address in ["http://shop.example", "https://shop.example", "http://localhost:3000"] {
        let shop = Shop::with(Setup::default().config(move |c| {
            c.settings.public_url = address.parse().expect("a URL");
            c.public_url_given = true;
        }))
        .await;
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
        let client = client.expect("a client");
        let post = async |path: &str, cookie: &str, form: &[(&str, &str)]| {
            let request = client.post(format!("{}{path}", shop.base)).header("sec-fetch-site", "same-origin");
            let request = request.header("cookie", cookie).form(form);
            request.send().await.expect("an answer").headers().clone()
        };
        let added = post("/cart/lines", "", &[("product", "mug"), ("quantity", "1")]).await;
        let [cart] = cookies(&added)[..] else { panic!("{address}: {added:?}") };
        assert!(cart.starts_with("__Host-stoa_cart="), "{cart}");
        assert_guarded(cart);

        let lost = "__Host-stoa_cart=7f0e4e39-9f6c-4e07-8d6a-0c8f7c1d2e3f";
        let page = client.get(format!("{}/cart", shop.base)).header("cookie", lost);
        let forgotten = page.send().await.expect("an answer").headers().clone();
        let out = post("/account/sign-out", cart, &[]).await;
        for headers in [forgotten, out] {
            let set = cookies(&headers);
            assert!(
                !set.is_empty() && set.iter().all(|set| set.contains("; Max-Age=0;")),
                "{address}: {set:?}"
            );
            set.into_iter().for_each(assert_guarded);
        }
    }
}

/// Other services check access tokens by the keys that the shop shows.
#[tokio::test]
async fn the_public_keys_are_shown() {
    let shop = Shop::open().await;
    shop.customer(ADA).await;
    let (begun, _) = sign_in(&shop, "TOKENS").await;
    let url = format!("{}/.well-known/jwks.json", shop.base);
    let keys: Value =
        shop.endpoint.http.get(url).send().await.expect("an answer").json().await.expect("JSON");
    let key = &keys["keys"][0];
    assert_eq!((&key["kty"], &key["crv"]), (&json!("OKP"), &json!("Ed25519")), "{keys}");
    assert!(key.get("d").is_none(), "the private part stays here");
    let token = begun["tokens"]["accessToken"].as_str().expect("a token");
    assert_eq!(token.split('.').count(), 3, "a JWT");
}

/// Who is signed in changes address and password with the password, agrees to mails, and can be taken out.
#[tokio::test]
async fn an_account_is_in_its_owner_s_hands() {
    let shop = Shop::open().await;
    shop.customer(ADA).await;
    let (begun, _) = sign_in(&shop, "TOKENS").await;
    let token = bearer(&begun["tokens"]["accessToken"]);
    let ask = async |query: &str| shop.endpoint.ask_with(&token, query, json!({})).await.0;
    let wrong = ask("mutation { customerEmailChange(input: { newEmail: \"a@example.org\", password: \"wrong one it is\" }) { userErrors { code field } } }").await;
    assert_eq!(refusals(wrong.at("/customerEmailChange")), ["UNIDENTIFIED"]);
    let agreed = ask("mutation { customerMarketingConsentUpdate(input: { granted: true, text: \"Write to me.\" }) { customer { acceptsMarketing } userErrors { code } } }").await;
    assert_eq!(agreed.at("/customerMarketingConsentUpdate/customer/acceptsMarketing"), true);
    let asked = ask("mutation { customerDataRequest { userErrors { code } } }").await;
    assert!(refusals(asked.at("/customerDataRequest")).is_empty());
    shop.mailed_token(ADA, "archive").await;
    let weak = ask(&format!("mutation {{ customerPasswordChange(input: {{ password: \"{PASSWORD}\", newPassword: \"short\" }}) {{ userErrors {{ code }} }} }}")).await;
    assert_eq!(refusals(weak.at("/customerPasswordChange")), ["PASSWORD_TOO_SHORT"]);
    let refused =
        ask("mutation { customerErase(input: { password: \"wrong one it is\" }) { userErrors { code } } }")
            .await;
    assert_eq!(refusals(refused.at("/customerErase")), ["UNIDENTIFIED"]);
    let erased = ask(&format!(
        "mutation {{ customerErase(input: {{ password: \"{PASSWORD}\" }}) {{ userErrors {{ code }} }} }}"
    ))
    .await;
    assert!(refusals(erased.at("/customerErase")).is_empty());
    assert_eq!(ask(VIEWER).await.code(), "UNAUTHENTICATED");
    let back = shop.sign_in(ADA, PASSWORD).await;
    assert_eq!(refusals(back.at("/customerAccessTokenCreate")), ["UNIDENTIFIED_CUSTOMER"]);
    let nobody = shop.endpoint.ask("mutation { customerSignOut { userErrors { code } } }", json!({})).await;
    assert_eq!(refusals(nobody.at("/customerSignOut")), ["NOT_SIGNED_IN"]);
}

/// Whatever a page of somebody else makes a browser send with the cookie, nothing comes of it: by no method, in no form, over no
/// connection.
#[tokio::test]
async fn a_foreign_page_does_nothing_with_a_cookie() {
    let shop = Shop::open().await;
    shop.customer(ADA).await;
    let cookie = cookie(&shop).await;
    let agree =
        "mutation { customerMarketingConsentUpdate(input: { granted: true }) { userErrors { code } } }";
    let mine = [("cookie", cookie.clone()), ("sec-fetch-site", "same-origin".to_owned())];
    let consents = async || {
        let seen =
            shop.endpoint.ask_with(&mine, "{ viewer { customer { acceptsMarketing } } }", json!({})).await.0;
        seen.at("/viewer/customer/acceptsMarketing").clone()
    };
    let foreign = [
        vec![("sec-fetch-site", "cross-site")],
        vec![("sec-fetch-site", "same-site"), ("origin", "https://blog.shop.example")],
        vec![("origin", "https://evil.example")],
        vec![("origin", "null")],
    ];
    let body = json!({ "query": agree }).to_string();
    let form = reqwest::Url::parse_with_params(&shop.endpoint.url, [("query", VIEWER)]).expect("an address");
    for from in &foreign {
        let with = |mut request: reqwest::RequestBuilder| {
            request = request.header("cookie", &cookie);
            from.iter().fold(request, |request, (name, value)| request.header(*name, *value))
        };
        let http = &shop.endpoint.http;
        for kind in
            ["application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
        {
            let posted = with(http.post(&shop.endpoint.url)).header("content-type", kind).body(body.clone());
            let answer = posted.send().await.expect("the server answers");
            assert_eq!(answer.status(), 403, "{from:?} {kind}");
        }
        let read = with(http.get(form.clone())).send().await.expect("the server answers");
        assert_eq!(read.status(), 403, "{from:?}");
        let mut headers = vec![("cookie", cookie.clone())];
        headers.extend(from.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let events = Events::post_with(&shop, &headers, agree, &json!({})).await;
        assert_eq!(events.status(), 403, "{from:?}");
        let (status, _) = Socket::open_with(&shop, &headers).await.err().expect("no socket");
        assert_eq!(status, 403, "{from:?}");
    }
    assert_eq!(consents().await, false, "nothing has come of any");

    // What a browser lets any page send unasked does not count even where it says that a page of ours has sent it.
    for kind in ["text/plain", "application/x-www-form-urlencoded"] {
        let mut posted = shop.endpoint.http.post(&shop.endpoint.url).header("content-type", kind);
        for (name, value) in &mine {
            posted = posted.header(*name, value);
        }
        let answer = posted.body(body.clone()).send().await.expect("the server answers");
        assert_eq!(answer.status(), 415, "{kind}");
    }
    let url = reqwest::Url::parse_with_params(&shop.endpoint.url, [("query", agree)]).expect("an address");
    let mut got = shop.endpoint.http.get(url);
    for (name, value) in &mine {
        got = got.header(*name, value);
    }
    assert_eq!(got.send().await.expect("the server answers").status(), 405, "nothing is changed by a link");
    assert_eq!(consents().await, false);
    let (done, _) = shop.endpoint.ask_with(&mine, agree, json!({})).await;
    assert!(refusals(done.at("/customerMarketingConsentUpdate")).is_empty());
    assert_eq!(consents().await, true, "a page of ours does it");
}

/// A page of the shop opens a socket with its cookie; over one nobody is given a cookie.
#[tokio::test]
async fn a_socket_of_our_own_page_is_of_who_has_the_cookie() {
    let shop = Shop::open().await;
    shop.customer(ADA).await;
    let own = [("cookie", cookie(&shop).await), ("origin", shop.base.clone())];
    let mut socket = Socket::open_with(&shop, &own).await.expect("a socket");
    socket.subscribe("1", VIEWER, &json!({})).await;
    assert_eq!(socket.receive().await["payload"]["data"]["viewer"]["customer"]["email"], ADA);
    assert_eq!(socket.receive().await["type"], "complete");

    let before = shop.letters(ADA).await.len();
    let input = json!({ "email": ADA, "password": PASSWORD, "mode": "COOKIE" });
    socket.subscribe("2", SIGN_IN, &json!({ "input": input })).await;
    let refused = socket.receive().await["payload"]["data"]["customerSignIn"].clone();
    assert_eq!(refusals(&refused), ["COOKIES_NOT_POSSIBLE"], "{refused}");
    assert_eq!(socket.receive().await["type"], "complete");
    socket.subscribe("3", VIEWER, &json!({})).await;
    let sessions = socket.receive().await["payload"]["data"]["viewer"]["sessions"]["nodes"].clone();
    assert_eq!(sessions.as_array().expect("sessions").len(), 2, "none was begun that nobody has");
    assert_eq!(shop.letters(ADA).await.len(), before);
}

/// A storefront of the same site signs in with a cookie if it is named; another that may call is nobody, whatever the browser sends.
#[tokio::test]
async fn a_storefront_of_the_same_site_has_the_cookie() {
    let (www, friend) = ("http://www.shop.example", "http://friend.example");
    let setup = crate::harness::Setup::default().config(move |config| {
        config.http.cookie_origins = vec![www.to_owned()];
        config.http.cors_origins = vec![friend.to_owned()];
    });
    let shop = Shop::with(setup).await;
    shop.customer(ADA).await;
    let cookie = cookie(&shop).await;
    let from = |site: &str, origin: &str| {
        [("cookie", cookie.clone()), ("sec-fetch-site", site.to_owned()), ("origin", origin.to_owned())]
    };
    let (seen, headers) = shop.endpoint.ask_with(&from("same-site", www), VIEWER, json!({})).await;
    assert_eq!(seen.at("/viewer/customer/email"), ADA);
    assert_eq!(headers["access-control-allow-origin"], www);
    assert_eq!(headers["access-control-allow-credentials"], "true");
    let mut socket = Socket::open_with(&shop, &from("same-site", www)).await.expect("a socket");
    socket.subscribe("1", VIEWER, &json!({})).await;
    assert_eq!(socket.receive().await["payload"]["data"]["viewer"]["customer"]["email"], ADA);

    let (guest, headers) = shop.endpoint.ask_with(&from("cross-site", friend), VIEWER, json!({})).await;
    assert!(guest.at("/viewer").is_null(), "it may call, as nobody");
    assert_eq!(headers["access-control-allow-origin"], friend);
    assert!(!headers.contains_key("access-control-allow-credentials"));
    let mut socket = Socket::open_with(&shop, &from("cross-site", friend)).await.expect("a socket");
    socket.subscribe("1", VIEWER, &json!({})).await;
    assert!(socket.receive().await["payload"]["data"]["viewer"].is_null());

    let (refused, headers) =
        shop.endpoint.ask_with(&from("same-site", "http://blog.shop.example"), VIEWER, json!({})).await;
    assert_eq!((refused.status, refused.code()), (403, "CROSS_ORIGIN_REQUEST"));
    assert!(!headers.contains_key("access-control-allow-origin"));
}

/// A sign-in on the pages is one of GraphQL as well, and the other way round: one cookie, of one session.
#[tokio::test]
async fn the_pages_and_graphql_know_the_same_sign_ins() {
    let shop = Shop::open().await;
    shop.customer(ADA).await;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
    let client = client.expect("a client");
    let page = |path: &str| format!("{}/account{path}", shop.base);
    let form = [("email", ADA), ("password", PASSWORD)];
    let signed_in = client.post(page("/sign-in")).header("sec-fetch-site", "same-origin").form(&form);
    let signed_in = signed_in.send().await.expect("an answer");
    assert_eq!(signed_in.status(), 303);
    let set = cookies(signed_in.headers());
    let session = set.iter().find_map(|c| c.strip_prefix("__Host-stoa_session=")).expect("a session");
    let session = format!("__Host-stoa_session={}", session.split(';').next().expect("a value"));
    assert!(set.iter().any(|c| c.starts_with("__Host-stoa_device=")), "{set:?}");
    let own = [("cookie", session), ("sec-fetch-site", "same-origin".to_owned())];
    let (seen, _) = shop.endpoint.ask_with(&own, VIEWER, json!({})).await;
    assert_eq!(seen.at("/viewer/customer/email"), ADA);

    let cookie = cookie(&shop).await;
    let show = async || client.get(page("")).header("cookie", &cookie).send().await.expect("an answer");
    let account = show().await;
    assert_eq!(account.status(), 200);
    assert!(account.text().await.expect("a page").contains(ADA));
    let all = "mutation { customerSignOutEverywhere { endedSessions userErrors { code } } }";
    let (out, _) = shop.endpoint.ask_with(&own, all, json!({})).await;
    assert!(refusals(out.at("/customerSignOutEverywhere")).is_empty());
    let asked = show().await;
    assert_eq!(
        (asked.status().as_u16(), &asked.headers()["location"]),
        (303, &"/account/sign-in".parse().expect("a path"))
    );
}
