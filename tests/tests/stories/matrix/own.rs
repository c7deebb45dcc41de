//! What is one customer's and not another's: every field that everybody may use, asked for what ada really has, by ada, by another
//! customer, and by who is no customer at all.
//!
//! Whoever is not named in a field's row is told what they would be told of an id that nothing has, letter by letter; where no id is
//! said, they are told to sign in. Nobody else is told anything of ada's, and what they try changes nothing of it.

use super::{Received, TABLE, Tryer, received};
use crate::harness::{Answer, Events, PASSWORD, Shop, Staff};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use stoa_domain::shared::{Clock, EmailAddress};
use stoa_persistence::{
    Durability,
    customer::{self, NewIdentity},
};

const ADA: &str = "ada@example.org";
const BEN: &str = "ben@example.org";
const ISSUER: &str = "https://id.example";

/// What takes away what the others are asked about, in this order; after the last of them there is no account.
const LAST: [&str; 7] = [
    "customerAddressDelete",
    "customerIdentityUnlink",
    "customerSessionRevoke",
    "customerAccessTokenDelete",
    "customerSignOut",
    "customerSignOutEverywhere",
    "customerErase",
];

/// How somebody is told that they are no customer.
const NOT_SIGNED_IN: [&str; 3] = ["NOT_SIGNED_IN", "UNIDENTIFIED_CUSTOMER", "UNAUTHENTICATED"];
/// The same where a refusal has no code.
const TOKEN_IS_NOT_VALID: &str = "The customer access token is not valid, or is over.";

/// A row: a field, and what it is asked for.
struct Row {
    /// `Type.field`, perhaps with more words where a field is asked in several ways.
    name: String,
    /// Who finds what is asked for: `ada`; `ben`, who is another customer; `nobody`, `staff`, `key`.
    by: BTreeSet<String>,
    /// The field with arguments and selection. `{cart}`, `{address}` and so on are ada's; `{token}` and `{mycart}` are of whoever asks.
    ask: String,
}

impl Row {
    /// `Type.field`.
    fn field(&self) -> &str {
        self.name.split(' ').next().unwrap_or_default()
    }

    /// What the field is called in an answer.
    fn key(&self) -> &str {
        self.field().rsplit('.').next().unwrap_or_default()
    }

    /// When its turn comes: what takes something away waits for the others.
    fn turn(&self) -> usize {
        LAST.iter().position(|last| *last == self.key()).map_or(0, |at| at + 1)
    }

    fn names_something(&self, things: &[Thing]) -> bool {
        things.iter().any(|thing| self.ask.contains(&thing.placeholder))
    }
}

/// The part of the table that is about customers: its rows, and the fields that lead to nothing of anybody's.
fn own() -> (Vec<Row>, BTreeSet<String>) {
    let table: toml::Table = toml::from_str(TABLE).expect("who.toml is TOML");
    let text = |value: &toml::Value| value.as_str().expect("text").to_owned();
    let list = |value: &toml::Value| value.as_array().expect("a list").iter().map(text).collect();
    let rows = table["own"]["rows"].as_table().expect("rows");
    let row = |(name, row): (&String, &toml::Value)| Row {
        name: name.clone(),
        by: list(&row["by"]),
        ask: text(&row["ask"]),
    };
    let mut rows: Vec<Row> = rows.iter().map(row).collect();
    rows.sort_by_key(Row::turn);
    (rows, list(&table["own"]["nothing"]))
}

/// Something that ada has.
struct Thing {
    placeholder: String,
    id: String,
    /// An id of the same kind that nothing has.
    unknown: String,
}

impl Thing {
    fn new(name: &str, id: &str, unknown: &str) -> Self {
        Self { placeholder: format!("{{{name}}}"), id: id.to_owned(), unknown: unknown.to_owned() }
    }

    /// A thing with a global id.
    fn of(name: &str, gid: &Value) -> Self {
        let gid = gid.as_str().expect("a global id");
        let (kind, _) = gid.rsplit_once('/').expect("a global id");
        Self::new(name, gid, &format!("{kind}/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f"))
    }
}

/// Somebody who asks.
struct Asker {
    /// In the words of the table.
    word: &'static str,
    tryer: Tryer,
    /// A cart of theirs.
    cart: String,
}

impl Asker {
    async fn new(shop: &Shop, word: &'static str, token: &str) -> Self {
        let tryer = Tryer::new(word, token, &[]);
        let mug = shop.gid("mug").await;
        let make = format!(
            "mutation {{ cartCreate(input: {{ lines: [{{ merchandiseId: \"{mug}\", quantity: 1 }}] }}) {{ cart {{ id }} }} }}"
        );
        let made = tryer.ask(shop, &make).await;
        let cart = made.at("/cartCreate/cart/id").as_str().expect("a cart").to_owned();
        Self { word, tryer, cart }
    }

    /// Asks for what a row asks for, of ada's or of nobody's.
    async fn ask(&self, shop: &Shop, row: &Row, things: &[Thing], known: bool) -> Answer {
        let mut ask = row.ask.replace("{token}", &self.tryer.token).replace("{mycart}", &self.cart);
        for thing in things {
            ask = ask.replace(&thing.placeholder, if known { &thing.id } else { &thing.unknown });
        }
        let (root, _) = row.field().split_once('.').expect("Type.field");
        match root {
            "Subscription" => {
                first_event(shop, &self.tryer.token, &format!("subscription {{ {ask} }}")).await
            }
            "Mutation" => self.tryer.ask(shop, &format!("mutation {{ {ask} }}")).await,
            _ => self.tryer.ask(shop, &format!("query {{ {ask} }}")).await,
        }
    }

    /// Signs in anew, where a field may have ended the sign-in.
    async fn return_to(&mut self, shop: &Shop, email: &str) {
        let answer = shop.sign_in(email, PASSWORD).await;
        let token = answer.at("/customerAccessTokenCreate/customerAccessToken/accessToken").as_str();
        self.tryer.token = token.unwrap_or_else(|| panic!("{:#}", answer.body)).to_owned();
    }
}

/// The first thing that a subscription sends.
pub(super) async fn first_event(shop: &Shop, token: &str, query: &str) -> Answer {
    let shown = (!token.is_empty()).then(|| ("authorization", format!("Bearer {token}")));
    let shown: Vec<_> = shown.into_iter().collect();
    let mut events = Events::post_with(shop, &shown, query, &json!({})).await;
    let status = events.status();
    let body = events.receive().await.map(|mut event| event["payload"].take());
    Answer { status, body: body.unwrap_or_default() }
}

/// An answer as it would be had the question been about nothing.
fn of_nothing(answer: &Answer, things: &[Thing]) -> String {
    things.iter().fold(answer.body.to_string(), |text, thing| text.replace(&thing.id, &thing.unknown))
}

/// Whether somebody was told that they are no customer.
fn is_turned_away(answer: &Answer, key: &str) -> bool {
    if let Some(error) = answer.body.pointer("/errors/0") {
        return error["extensions"]["code"].as_str().is_some_and(|code| NOT_SIGNED_IN.contains(&code));
    }
    let value = &answer.body["data"][key];
    let refusals =
        ["customerUserErrors", "userErrors"].into_iter().find_map(|errors| value[errors].as_array());
    match refusals.and_then(|errors| errors.first()) {
        None => value.is_null(),
        Some(error) => match error["code"].as_str() {
            Some(code) => NOT_SIGNED_IN.contains(&code),
            None => error["message"] == TOKEN_IS_NOT_VALID,
        },
    }
}

/// Asks for ada's; gives what is wrong, in words.
async fn try_row(shop: &Shop, by: &Asker, row: &Row, things: &[Thing]) -> Option<String> {
    let may = row.by.contains(by.word);
    let wrong =
        |what: &str, answer: &Answer| Some(format!("{} at {}: {what}: {}", by.word, row.name, answer.body));
    if !row.names_something(things) {
        let answer = by.ask(shop, row, things, true).await;
        let told = by.word != "ada" && tells_of(&answer, things);
        return match (received(&answer), is_turned_away(&answer, row.key())) {
            (Received::Failed | Received::Unseen, _) => wrong("cannot be tried", &answer),
            (_, true) if may => wrong("is a customer, and turned away", &answer),
            (_, false) if !may => wrong("is no customer, and not turned away", &answer),
            _ if told => wrong("is told of ada's", &answer),
            _ => None,
        };
    }
    let unknown = by.ask(shop, row, things, false).await;
    let known = by.ask(shop, row, things, true).await;
    for answer in [&unknown, &known] {
        if matches!(received(answer), Received::Failed | Received::Unseen) {
            return wrong("cannot be tried", answer);
        }
    }
    let same = of_nothing(&known, things) == of_nothing(&unknown, things) && known.status == unknown.status;
    match (may, same) {
        (true, true) => wrong("does not find what is there for them", &known),
        (false, false) => wrong("is told more than of an id that nothing has", &known),
        (false, true) if tells_of(&unknown, things) => wrong("is told of ada's", &unknown),
        (true, false) | (false, true) => None,
    }
}

/// Whether an answer has anything of ada's in it.
fn tells_of(answer: &Answer, things: &[Thing]) -> bool {
    let text = answer.body.to_string();
    text.contains(ADA) || things.iter().any(|thing| text.contains(&thing.id))
}

/// Ada as she sees herself, but for her cart, which whoever knows its id may change.
async fn account(shop: &Shop, ada: &Asker) -> Value {
    let query = "{ viewer { identities { subject } sessions(first: 50) { nodes { id } } customer {
      email firstName lastName phone acceptsMarketing numberOfOrders defaultAddress { id }
      addresses(first: 50) { nodes { id city } } orders(first: 50) { nodes { id } } } } }";
    ada.tryer.ask(shop, query).await.at("/viewer").clone()
}

async fn cart(shop: &Shop, ada: &Asker) -> Value {
    let query = format!(
        "{{ cart(id: \"{}\") {{ note totalQuantity updatedAt attributes {{ key }} delivery {{ addresses {{ id }} }} }} }}",
        ada.cart
    );
    ada.tryer.ask(shop, &query).await.at("/cart").clone()
}

/// Ada with a cart, and everything that she has.
async fn ada(shop: &Shop) -> (Asker, Vec<Thing>) {
    let mut placed = shop.shopper_with_cart([("mug", 1)]).await.place_order("hers").await;
    let order_token = placed.token();
    let order = placed.answer.body["data"]["orderPlace"]["order"]["id"].take();
    let customer = shop.customer(ADA).await;
    // The sign-in that others try to end is not the one that she asks with.
    shop.sign_in(ADA, PASSWORD).await;
    link(shop, ADA, "ada-there").await;
    let ada = Asker::new(shop, "ada", &customer.token).await;
    let add = format!(
        "mutation {{ customerAddressCreate(customerAccessToken: \"{}\", address: {{ firstName: \"Ada\", lastName: \"Lovelace\",
          address1: \"12 Analytical Way\", city: \"Springfield\", province: \"IL\", zip: \"62701\", country: \"United States\" }}) {{
          customerAddress {{ id }} }} }}",
        customer.token
    );
    let added = ada.tryer.ask(shop, &add).await;
    let seen = "{ viewer { customer { id } sessions(first: 9) { nodes { id current } } } }";
    let seen = ada.tryer.ask(shop, seen).await;
    let mut sessions = seen.at("/viewer/sessions/nodes").as_array().expect("sign-ins").iter();
    let other = sessions.find(|session| session["current"] == false).expect("another sign-in");
    let things = vec![
        Thing::of("cart", &json!(ada.cart)),
        Thing::of("address", added.at("/customerAddressCreate/customerAddress/id")),
        Thing::of("session", &other["id"]),
        Thing::of("customer", seen.at("/viewer/customer/id")),
        Thing::of("order", &order),
        Thing::new("order token", &order_token, "a-token-that-no-order-has"),
        Thing::new("subject", "ada-there", "nobody-there"),
    ];
    (ada, things)
}

/// A provider knows the customer by this name.
async fn link(shop: &Shop, email: &str, subject: &str) {
    let email = EmailAddress::parse(email).expect("an address");
    let found = customer::find_by_email(shop.db().read(), &email).await.expect("SQL answers");
    let of = found.expect("a customer").id;
    let tx = shop.db().write(Durability::Relaxed).await.expect("a transaction");
    let new = NewIdentity { issuer: ISSUER, subject, email: None };
    let linked = customer::link(&tx, of, new, shop.clock.now()).await.expect("SQL answers");
    assert_eq!(linked, customer::Linked::Linked);
    tx.commit().await.expect("it is kept");
}

/// All who are not ada.
async fn others(shop: &Shop) -> (Asker, Vec<Asker>) {
    let owner = shop.owner("owner@example.org").await;
    let staff: Staff = shop.staff(&owner, "sam@example.org", &["customers:write", "customers:read"]).await;
    let key = shop.key(&owner, &["customers:write", "customers:read", "orders:read"]).await;
    let ben = shop.customer(BEN).await;
    let others = vec![
        Asker::new(shop, "nobody", "").await,
        Asker::new(shop, "staff", &staff.token).await,
        Asker::new(shop, "staff", &owner.token).await,
        Asker::new(shop, "key", &key.token).await,
    ];
    (Asker::new(shop, "ben", &ben.token).await, others)
}

/// Story 48, of customers: what is one's own is nobody else's.
#[tokio::test]
async fn what_is_a_customers_is_found_by_whom_the_table_names_and_by_nobody_else() {
    let shop = Shop::open().await;
    let (mut ada, things) = Box::pin(ada(&shop)).await;
    let (mut ben, others) = Box::pin(others(&shop)).await;
    let (rows, _) = own();
    let mut complaints = Vec::new();
    let before = (account(&shop, &ada).await, cart(&shop, &ada).await);

    for by in others.iter().chain([&ben]) {
        for row in rows.iter().filter(|row| !row.by.contains(by.word)) {
            complaints.extend(Box::pin(try_row(&shop, by, row, &things)).await);
        }
    }
    for row in rows.iter().filter(|row| row.by.contains("ben")) {
        if row.turn() > 0 {
            ben.return_to(&shop, BEN).await;
        }
        complaints.extend(Box::pin(try_row(&shop, &ben, row, &things)).await);
    }
    assert!(complaints.is_empty(), "{} of {}: {complaints:#?}", complaints.len(), rows.len());
    assert_eq!(
        (account(&shop, &ada).await, cart(&shop, &ada).await),
        before,
        "others have changed what is ada's"
    );

    for row in rows.iter().filter(|row| row.by.contains("ada")) {
        if row.turn() > 0 {
            ada.return_to(&shop, ADA).await;
        }
        complaints.extend(Box::pin(try_row(&shop, &ada, row, &things)).await);
    }
    for by in &others {
        for row in rows.iter().filter(|row| row.by.contains(by.word)) {
            complaints.extend(Box::pin(try_row(&shop, by, row, &things)).await);
        }
    }
    assert!(complaints.is_empty(), "{} of {}: {complaints:#?}", complaints.len(), rows.len());
}

/// Every field that everybody may use is asked for what is ada's, or leads to nothing of anybody's; and nothing else is.
#[test]
fn every_field_of_everybody_has_a_verdict_for_what_is_anothers() {
    let (rows, nothing) = own();
    let tried: BTreeSet<String> = rows.iter().map(|row| row.field().to_owned()).collect();
    let both: Vec<_> = tried.intersection(&nothing).collect();
    assert!(both.is_empty(), "both: {both:?}");
    let of_everybody: BTreeMap<String, Vec<String>> =
        super::table().into_iter().filter(|(_, row)| row.iter().any(|word| word == "everybody")).collect();
    let of_everybody: BTreeSet<String> = of_everybody.into_keys().collect();
    let known: BTreeSet<String> = tried.union(&nothing).cloned().collect();
    assert_eq!(known, of_everybody);
    for row in &rows {
        let words = ["ada", "ben", "nobody", "staff", "key"];
        assert!(row.by.iter().all(|word| words.contains(&word.as_str())), "{}: {:?}", row.name, row.by);
        assert!(row.ask.starts_with(row.key()), "{} asks for something else", row.name);
    }
}

/// The verdicts differ where answers do.
#[test]
fn who_is_turned_away_is_told_from_who_is_not() {
    let answer = |body: Value| Answer { status: 200, body };
    for turned_away in [
        json!({ "data": { "f": null } }),
        json!({ "data": { "f": { "userErrors": [{ "code": "NOT_SIGNED_IN" }] } } }),
        json!({ "data": { "f": { "customerUserErrors": [{ "code": "UNIDENTIFIED_CUSTOMER" }] } } }),
        json!({ "data": { "f": { "userErrors": [{ "message": TOKEN_IS_NOT_VALID }] } } }),
        json!({ "data": null, "errors": [{ "extensions": { "code": "UNAUTHENTICATED" } }] }),
    ] {
        assert!(is_turned_away(&answer(turned_away.clone()), "f"), "{turned_away}");
    }
    for looked_at in [
        json!({ "data": { "f": { "userErrors": [] } } }),
        json!({ "data": { "f": { "userErrors": [{ "code": "ORDERS_OPEN" }] } } }),
        json!({ "data": { "f": { "id": "1" } } }),
        json!({ "data": null, "errors": [{ "extensions": { "code": "BAD_USER_INPUT" } }] }),
    ] {
        assert!(!is_turned_away(&answer(looked_at.clone()), "f"), "{looked_at}");
    }
}
