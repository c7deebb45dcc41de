//! `stoa reconcile`, typed by an operator of whose payments not one word has come.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, Executor, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
};

/// Ended whatever becomes of the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn stoa(folder: &Path, settings: &HashMap<String, String>, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stoa"));
    for (key, _) in std::env::vars_os() {
        if key.to_string_lossy().starts_with("STOA_") {
            command.env_remove(key);
        }
    }
    command.args(words).arg("--data-dir").arg(folder).envs(settings);
    command
}

/// What stands for Stripe, and how a shop is told of it. It posts its webhooks to a port at which nobody listens.
fn sandbox(folder: &Path) -> (Running, HashMap<String, String>) {
    let words = ["sandbox", "--listen", "127.0.0.1:0", "--webhook", "http://127.0.0.1:9/hook"];
    let mut command = stoa(folder, &HashMap::new(), &words);
    let mut running = Running(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    let said = BufReader::new(running.0.stdout.take().unwrap()).lines().map(Result::unwrap);
    let settings = said.take_while(|line| !line.starts_with("Ctrl-C")).filter_map(|line| {
        line.trim().split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()))
    });
    let settings = settings.collect();
    (running, settings)
}

/// The shop, and where it listens.
fn serve(folder: &Path, settings: &HashMap<String, String>) -> (Running, String) {
    let mut command = stoa(folder, settings, &["serve", "--listen", "127.0.0.1:0"]);
    let mut running = Running(command.stderr(Stdio::piped()).spawn().unwrap());
    let mut lines = BufReader::new(running.0.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("listening") {
        assert!(lines.read_line(&mut said).unwrap() > 0, "it ended: {said}");
    }
    // Whoever writes to a pipe that nobody reads stops in the end.
    std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
    let address = said.split("address=").nth(1).and_then(|rest| rest.split_whitespace().next());
    let address = address.unwrap().to_owned();
    (running, address)
}

fn post(address: &str, path: &str, headers: &str, body: &str) -> Value {
    let mut line = TcpStream::connect(address).unwrap();
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"
    );
    line.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap()
}

fn graphql(address: &str, query: &str, variables: &Value) -> Value {
    let body = json!({ "query": query, "variables": variables }).to_string();
    let answer = post(address, "/graphql", "content-type: application/json\r\n", &body);
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"].clone()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

/// Something to read: nothing of it has to be sent anywhere.
const BOOKS: &str =
    "Handle,Title,Published,Option1 Name,Option1 Value,Variant Inventory Tracker,Variant Inventory Qty,\
Variant Inventory Policy,Variant Price,Variant Requires Shipping,Variant Taxable
book,Book,true,Title,Default Title,shopify,3,deny,12.50,false,true
";

const CART: &str = "mutation ($variant: ID!) { cartCreate(input: {
        lines: [{ merchandiseId: $variant, quantity: 1 }], buyerIdentity: { email: \"ada@example.com\", countryCode: GB }
    }) { cart { id cost { totalAmount { amount currencyCode } } } userErrors { code message } } }";
const ORDER: &str = "mutation ($cart: ID!, $total: MoneyInput!) {
        orderPlace(cartId: $cart, idempotencyKey: \"a-purchase-of-a-book\", expectedTotal: $total) {
            order { token } paymentSession { clientSecret publishableKey } userErrors { code message }
        } }";
const STATUS: &str = "query ($token: String!) { order(lookup: { token: $token }) { financialStatus } }";

/// Buys a book and pays for it; gives the order's token.
fn buy(shop: &str, gateway: &str) -> String {
    let first = "{ products(first: 1) { nodes { selectedOrFirstAvailableVariant { id } } } }";
    let product = graphql(shop, first, &Value::Null)["products"]["nodes"][0].clone();
    let variant = text(&product["selectedOrFirstAvailableVariant"]["id"]);
    let cart = graphql(shop, CART, &json!({ "variant": variant }))["cartCreate"].clone();
    assert_eq!(cart["userErrors"], json!([]), "{cart}");
    let total = &cart["cart"]["cost"]["totalAmount"];
    let wish = json!({ "cart": cart["cart"]["id"], "total": total });
    let placed = graphql(shop, ORDER, &wish)["orderPlace"].clone();
    assert_eq!(placed["userErrors"], json!([]), "{placed}");

    let secret = text(&placed["paymentSession"]["clientSecret"]);
    let (intent, _) = secret.split_once("_secret_").unwrap();
    let key = text(&placed["paymentSession"]["publishableKey"]);
    let card = "payment_method_data[type]=card&payment_method_data[card][number]=4242424242424242\
                &payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=2040&payment_method_data[card][cvc]=123";
    let paid = post(
        gateway,
        &format!("/v1/payment_intents/{intent}/confirm"),
        &format!("authorization: Bearer {key}\r\ncontent-type: application/x-www-form-urlencoded\r\n"),
        &format!("client_secret={secret}&{card}"),
    );
    assert_eq!(paid["status"], "succeeded", "{paid}");
    text(&placed["order"]["token"]).to_owned()
}

async fn by_hand(data: &Path, sql: &str) {
    let options = SqliteConnectOptions::new().filename(data.join("stoa.db"));
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    connection.execute(AssertSqlSafe(sql.to_owned())).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn what_the_gateway_has_and_no_webhook_told_is_made_good_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("books.csv"));
    std::fs::write(&file, BOOKS).unwrap();
    let (_gateway, settings) = sandbox(&folder.path().join("gateway"));
    let run = |words: &[&str]| {
        let output = stoa(&data, &settings, words).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    assert_eq!(run(&["import", file.to_str().unwrap()]).0, Some(0));
    let (_shop, shop) = serve(&data, &settings);
    let gateway = settings["STOA_STRIPE__API_BASE"].strip_prefix("http://").unwrap().trim_end_matches('/');

    let token = buy(&shop, gateway);
    let status = || graphql(&shop, STATUS, &json!({ "token": token }))["order"]["financialStatus"].clone();
    assert_eq!(status(), "PENDING", "nobody has told the shop");

    let (code, told) = run(&["reconcile"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.starts_with("0 open payments"), "a payment of this minute may still be told: {told}");

    let earlier =
        "UPDATE payments SET created_at = strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now', '-11 minutes')";
    by_hand(&data, earlier).await;
    let (code, told) = run(&["reconcile"]);
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(told, "1 open payments were read from the gateway: 1 had moved, 0 could not be read.\n");
    assert_eq!(status(), "PAID");

    let (code, told) = run(&["reconcile"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.starts_with("0 open payments"), "it has been made good once: {told}");
    let (code, told) = run(&["doctor"]);
    assert_eq!(code, Some(0), "{told}");
}
