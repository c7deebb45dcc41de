//! What is sent to a server beside documents: bytes that are no text, headers that lie, paths that lead out, addresses to be called,
//! bodies that never come. A defined answer each time, and nothing has happened.

use crate::harness::{Event, PASSWORD, Setup, Shop, status};
use serde_json::{Value, json};
use std::time::Duration;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
/// Everywhere that something is posted to.
const POSTS: [&str; 7] = [
    "/graphql",
    "/api/unstable/graphql.json",
    "/webhooks/stripe",
    "/cart/lines",
    "/cart/note",
    "/orders",
    "/v1/payment_intents",
];

/// The header lines of an answer.
fn head(answer: &str) -> impl Iterator<Item = (String, &str)> {
    let lines = answer.split("\r\n").skip(1).take_while(|line| !line.is_empty());
    lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_lowercase(), value))
}

/// A client that goes nowhere by itself.
fn stays() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client")
}

/// Whatever the path to a file is, it leads to files of the store: not to the root key beside it, nor anywhere else.
#[tokio::test]
async fn no_path_leads_out_of_the_folder_of_files() {
    let shop = Shop::open().await;
    let key = std::fs::read_to_string(shop.folder.path().join("secret.key")).expect("it was made");
    let key = key.trim();
    assert!(key.len() > 20, "there is something to be stolen");
    let absolute = shop.folder.path().join("secret.key").display().to_string();
    let inside = [
        "media",
        "media/public",
        "media/private",
        "media/demo",
        "graphiql",
        "web",
        "orders",
        "account/archive",
    ];
    let ways = [
        "../secret.key",
        "../../secret.key",
        "../../../secret.key",
        "%2e%2e/secret.key",
        "%2e%2e%2fsecret.key",
        "..%2f..%2fsecret.key",
        "..%5csecret.key",
        "..%252fsecret.key",
        "./.././secret.key",
        "secret.key%00.jpg",
        "..;/secret.key",
        "%c0%ae%c0%ae/secret.key",
        "/etc/passwd",
        "%2fetc%2fpasswd",
    ];
    let mut paths: Vec<String> = vec!["/../secret.key".to_owned(), "/secret.key".to_owned()];
    for folder in inside {
        paths.extend(ways.map(|way| format!("/{folder}/{way}")));
        paths.push(format!("/{folder}/{absolute}"));
        paths.push(format!("/{folder}/{}", absolute.replace('/', "%2f")));
    }
    for path in paths {
        let answer = shop.get_raw(&path).await;
        assert!((300..500).contains(&status(&answer)), "{path}: {answer}");
        assert!(!answer.contains(key) && !answer.contains("root:"), "{path}");
    }
}

/// Bytes that are no text, in bodies, headers, paths and queries: a mistake of the client's, and never a fault.
#[tokio::test]
async fn bytes_that_are_no_text_are_refused_everywhere() {
    let shop = Shop::open().await;
    let bodies: [&[u8]; 5] = [
        b"\xff\xfe\xfd",
        b"{\"query\":\"{ shop { name } }\",\"x\":\"\xff\"}",
        b"{\"query\":\"\xed\xa0\x80\"}",
        b"{\"query\":\"{ product(handle: \\\"\\ud800\\\") { id } }\"}",
        b"note=\xff&product=%ff%fe&number=%ff&email=%ff",
    ];
    for path in POSTS {
        for body in bodies {
            for kind in [JSON, FORM, "application/json; charset=utf-16"] {
                let request =
                    shop.endpoint.http.post(format!("{}{path}", shop.base)).header("content-type", kind);
                let answer = request.body(body.to_vec()).send().await.expect("the server answers");
                assert!(answer.status().as_u16() < 500, "{path} {kind} {body:?}: {}", answer.status());
            }
        }
    }
    let headers = [
        "authorization",
        "x-shopify-access-token",
        "cookie",
        "origin",
        "referer",
        "user-agent",
        "accept",
        "accept-language",
        "accept-encoding",
        "if-none-match",
        "x-request-id",
        "x-forwarded-for",
        "sec-fetch-site",
        "traceparent",
        "stripe-signature",
    ];
    for name in headers {
        let value = reqwest::header::HeaderValue::from_bytes(b"\xff\xfe; a=\x80, b").expect("a header");
        for path in
            ["/graphql?query={shop{name}}", "/shop", "/cart", "/webhooks/stripe", "/media/x", "/readyz"]
        {
            let url = format!("{}{path}", shop.base);
            for request in [stays().get(&url), stays().post(&url)] {
                let answer = request.header(name, value.clone()).send().await.expect("the server answers");
                assert!(answer.status().as_u16() < 500, "{name} {path}: {}", answer.status());
            }
        }
    }
    for path in [
        "/%ff",
        "/products/%ff%fe",
        "/cart/%ff:1",
        "/orders/%ff",
        "/orders/%ff/pay",
        "/checkout/%ff",
        "/media/%ff",
        "/api/%ff/graphql.json",
        "/account/archive/%ff",
        "/graphql?query=%ff",
        "/graphql?query=%7Bshop%7Bname%7D%7D&variables=%ff",
        "/shop?q=%ff&after=%ff",
        "/products/mug?variant=%ff",
    ] {
        let answer = shop.get_raw(path).await;
        assert!(status(&answer) < 500, "{path}: {answer}");
    }
}

/// What a browser posts unasked is not read as a request, and what is no form is not read as one.
#[tokio::test]
async fn what_is_posted_as_something_else_is_not_read() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 2)]).await;
    let before = shopper.read_cart().await;
    let query = format!(
        "mutation {{ cartNoteUpdate(cartId: \"{}\", note: \"taken\") {{ cart {{ id }} }} }}",
        shopper.cart
    );
    let body = json!({ "query": query }).to_string();
    let url = &shop.endpoint.url;
    for kind in [
        "text/plain",
        FORM,
        "multipart/form-data; boundary=x",
        "text/json",
        "application/jsonp",
        "application/graphql",
        "",
    ] {
        let request = stays().post(url).header("content-type", kind).body(body.clone());
        let answer = request.send().await.expect("the server answers");
        assert_eq!(answer.status(), 415, "{kind:?}");
    }
    let unnamed = stays().post(url).body(body.clone()).send().await.expect("the server answers");
    assert_eq!(unnamed.status(), 415);
    let by_get = url::Url::parse_with_params(url, [("query", &query)]).expect("an address");
    let by_get = stays().get(by_get).send().await.expect("the server answers");
    assert_eq!(by_get.status(), 405);
    assert_eq!(shopper.read_cart().await, before);
    for path in ["/cart/lines", "/cart/note", "/orders"] {
        for kind in [JSON, "text/plain", "multipart/form-data; boundary=x"] {
            let request = stays().post(format!("{}{path}", shop.base)).header("content-type", kind);
            let answer = request.body("note=taken&product=mug").send().await.expect("the server answers");
            assert!((400..500).contains(&answer.status().as_u16()), "{path} {kind}: {}", answer.status());
        }
    }
}

/// The name that a client calls the server by is in no link, on no page and in no mail: where the shop is, its settings say.
#[tokio::test]
async fn a_host_that_somebody_names_is_in_no_link() {
    const EVIL: &str = "evil.example";
    let shop = Shop::open().await;
    let lies = [
        ("host", EVIL.to_owned()),
        ("x-forwarded-host", EVIL.to_owned()),
        ("x-forwarded-proto", "gopher".to_owned()),
        ("x-forwarded-server", EVIL.to_owned()),
        ("forwarded", format!("host={EVIL};proto=https")),
        ("x-original-url", format!("//{EVIL}/")),
        ("x-rewrite-url", format!("//{EVIL}/")),
    ];
    let ask = async |query: &str, variables: Value| {
        let (answer, headers) = shop.endpoint.ask_with(&lies, query, variables).await;
        assert!(!format!("{} {headers:?}", answer.body).contains(EVIL), "{query}: {:#}", answer.body);
        answer
    };
    let mug = shop.gid("mug").await;
    let made = ask(
        "mutation($mug: ID!) { cartCreate(input: { lines: [{ merchandiseId: $mug }], buyerIdentity: { email: \"ada@example.org\" } }) {
         cart { id checkoutUrl } } }",
        json!({ "mug": mug }),
    )
    .await;
    let checkout = made.at("/cartCreate/cart/checkoutUrl").as_str().expect("an address").to_owned();
    assert!(checkout.starts_with(&shop.base), "{checkout}");
    ask("{ shop { primaryDomain { url host } } }", json!({})).await;

    let register = "mutation($input: CustomerCreateInput!) { customerCreate(input: $input) { customerUserErrors { code } } }";
    ask(register, json!({ "input": { "email": "ada@example.org", "password": PASSWORD } })).await;
    let link = shop.mailed_token("ada@example.org", "activate").await;
    shop.activate(&link, PASSWORD).await;
    let recover = "mutation { customerRecover(email: \"ada@example.org\") { customerUserErrors { code } } }";
    ask(recover, json!({})).await;
    shop.mailed_token("ada@example.org", "reset").await;
    let mails = shop.mails();
    assert!(mails.len() >= 2);
    for mail in mails {
        // Lines are broken by quoted-printable anywhere.
        assert!(!mail.replace("=\r\n", "").replace("=\n", "").contains(EVIL), "{mail}");
    }

    let variant = mug.rsplit('/').next().expect("an id");
    let path = |address: &str| address.strip_prefix(&shop.base).unwrap_or(address).to_owned();
    for path in
        ["/", "/shop", "/products/mug", "/cart", &format!("/cart/{variant}:1"), &path(&checkout), "/nowhere"]
    {
        let mut request = stays().get(format!("{}{path}", shop.base)).header("accept", "text/html");
        for (name, value) in &lies {
            request = request.header(*name, value);
        }
        let answer = request.send().await.expect("the server answers");
        let headers = format!("{:?}", answer.headers());
        let page = answer.text().await.expect("text");
        assert!(!headers.contains(EVIL) && !page.contains(EVIL), "{path}: {headers}");
    }
}

/// Nothing in a path or a query leads to another site, or becomes a header.
#[tokio::test]
async fn no_address_leads_away_or_becomes_a_header() {
    let shop = Shop::open().await;
    let variant = shop.variant("mug").await;
    for path in [
        "//evil.example",
        "//evil.example/..",
        "/\\evil.example",
        "/%5c%5cevil.example",
        "/%2f%2fevil.example",
        "///evil.example/%2e%2e",
        "/?return_to=//evil.example&next=http://evil.example",
        "/shop/?next=//evil.example",
        "/cart/%2f%2fevil.example:1",
        &format!("/cart/{variant}:1?return_to=//evil.example"),
        &format!("/cart/{variant}:1,%0d%0ax-injected:%201:1"),
        "/checkout//evil.example",
        "/orders//evil.example/pay",
        "/orders/x/pay?return_url=http://evil.example",
        "/sandbox/pay/pi_none?return_url=http://evil.example/",
        "/account/archive/%2f%2fevil.example",
        "/%0d%0ax-injected:%201",
        "/products/%0d%0ax-injected:%201",
        "/orders/%0d%0ax-injected:%201/pay",
        "/graphql?query=%7Bshop%7Bname%7D%7D&operationName=%0d%0ax-injected:%201",
        "http://evil.example/shop",
    ] {
        let answer = shop.get_raw(path).await;
        assert!(status(&answer) < 500, "{path}: {answer}");
        for (name, value) in head(&answer) {
            assert!(name != "x-injected", "{path}: {answer}");
            let ours = value.starts_with(&shop.base)
                || (value.starts_with('/') && !value[1..].starts_with(['/', '\\']));
            assert!(name != "location" || ours, "{path} leads to {value}");
        }
    }
}

/// Addresses that anybody gives (of pictures, to come back to, in notes, in headers, in events) are kept or passed over: the server calls
/// none of them.
#[tokio::test]
async fn no_address_that_somebody_gives_is_called() {
    let trap = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&trap).await;
    let bait = format!("{}/caught.jpg", trap.uri());
    let shop = Shop::open().await;
    shop.import(&format!("Handle,Title,Variant Price,Image Src,Published\nbait,Bait,1.00,{bait},true")).await;
    let owner = shop.owner("olga@example.org").await;
    let create = "mutation($p: ProductCreateInput!) { productCreate(product: $p) { product { id images { url } } userErrors { code } } }";
    let product = json!({ "title": "Lure", "status": "ACTIVE", "descriptionHtml": format!("<img src=\"{bait}\">"), "images": [{ "url": bait }], "variants": [{ "price": "1.00" }] });
    let made = shop.ask_as(&owner, create, json!({ "p": product })).await;
    assert_eq!(made.at("/productCreate/product/images/0/url"), &json!(bait), "{:#}", made.body);

    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    shopper.change("cartNoteUpdate", &[("note", "String!", json!(bait))]).await;
    let attributes = json!([{ "key": "link", "value": bait }]);
    shopper.change("cartAttributesUpdate", &[("attributes", "[AttributeInput!]!", attributes)]).await;
    let placed = shopper.place_order("k").await;
    shopper.confirm(&placed.intent(), &placed.client_secret(), "4242424242424242", bait.clone()).await;
    shopper.pay(&placed, "4242424242424242").await;
    let lies = ["host", "origin", "referer", "x-forwarded-host", "x-wap-profile", "profile", "via"];
    for path in [
        "/graphql?query={products(first:9){nodes{images(first:9){nodes{url(transform:{maxWidth:9})}}}}}",
        "/shop",
        "/products/bait",
    ] {
        for name in lies {
            let request = stays().get(format!("{}{path}", shop.base)).header(name, &bait);
            request.send().await.expect("the server answers");
        }
        shop.get_raw(&bait).await;
    }
    let event = json!({ "id": "pi_9", "object": "payment_intent", "url": bait, "next_action": { "redirect_to_url": { "url": bait } } });
    assert_eq!(shop.webhook(&Event::intent("evt_9", "payment_intent.requires_action", &event)).await, 200);
    shop.settle().await;
    assert!(trap.received_requests().await.expect("they are kept").is_empty());

    // And whoever calls it is caught.
    reqwest::get(&bait).await.expect("the trap answers");
    assert_eq!(trap.received_requests().await.expect("they are kept").len(), 1);
    shop.books_balance().await;
}

/// A body that is announced and never comes is not waited for without end, wherever it is to go.
#[tokio::test]
async fn a_body_that_never_comes_is_not_waited_for() {
    let setup = Setup::default().config(|c| c.http.timeout = Duration::from_secs(2));
    let shop = Shop::with(setup).await;
    let host = shop.app.address();
    let wait = async |path: &str| {
        let kind = if path.contains("graphql") || path.contains("webhooks") { JSON } else { FORM };
        let begun = format!(
            "POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: {kind}\r\ncontent-length: 100\r\nconnection: close\r\n\r\n{{"
        );
        status(&shop.raw(begun.as_bytes()).await)
    };
    let (a, b, c, d) =
        tokio::join!(wait("/graphql"), wait("/webhooks/stripe"), wait("/cart/note"), wait("/orders"));
    for (path, status) in
        ["/graphql", "/webhooks/stripe", "/cart/note", "/orders"].into_iter().zip([a, b, c, d])
    {
        assert!([400, 408, 503].contains(&status), "{path}: {status}");
    }
    assert_eq!(shop.stock("mug").await.allocated, 0);
}
