//! Who may do what: every root field of the schema and every field of `Admin`, tried by everybody, held against the written table
//! `who.toml`. What everybody may use leads to what is one customer's: of that `own.rs` asks.
//!
//! To whoever may not use a field the answer is, letter by letter, the one that a made-up name gets. A field that is missing from the
//! table fails, and so does a row of a field that is gone.

mod beside;
mod documents;
mod own;

use crate::harness::{Answer, Setup, Shop, Staff};
use chrono::TimeDelta;
use documents::{Field, Schema};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use stoa_domain::access::Permission;

const TABLE: &str = include_str!("who.toml");

/// The table: of each field, who may use it.
type Table = BTreeMap<String, Vec<String>>;

/// In a row: people have to have proved lately who they are.
const STEP_UP: &str = "step_up";

/// Somebody who tries everything.
struct Tryer {
    /// In words, for what went wrong.
    name: String,
    token: String,
    /// What they are, in the words of the table.
    is: BTreeSet<String>,
    /// Of people some fields want a recent proof of who they are, which none of them has given but the owner.
    person: bool,
    /// A second sign-in, for what comes when the first is over.
    spare: Option<String>,
}

impl Tryer {
    fn new(name: &str, token: &str, is: &[&str]) -> Self {
        let is = is.iter().map(|word| (*word).to_owned()).collect();
        Self { name: name.to_owned(), token: token.to_owned(), is, person: false, spare: None }
    }

    fn may(&self, row: &[String]) -> bool {
        row.iter().any(|word| word == "everybody" || self.is.contains(word))
    }

    /// Whether they are to be asked first who they are: of all people only the owner has told lately.
    fn has_to_prove(&self, row: &[String]) -> bool {
        self.person && !self.is.contains("owner") && row.iter().any(|word| word == STEP_UP)
    }

    async fn ask(&self, shop: &Shop, query: &str) -> Answer {
        self.ask_by(shop, &self.token, query).await
    }

    async fn ask_by(&self, shop: &Shop, token: &str, query: &str) -> Answer {
        if query.starts_with("subscription") {
            return own::first_event(shop, token, query).await;
        }
        if token.is_empty() {
            return shop.endpoint.ask(query, Value::Null).await;
        }
        shop.ask_as(&Staff { token: token.to_owned() }, query, json!({})).await
    }
}

fn table() -> Table {
    let mut table: toml::Table = toml::from_str(TABLE).expect("who.toml is TOML");
    table.remove("own");
    table.try_into().expect("a list of words for each field")
}

/// Everybody there is: nobody, two customers, a member of staff for each permission alone and one without any, the owner, and a key for
/// each scope.
async fn everybody(shop: &Shop) -> (Tryer, Vec<Tryer>) {
    let owner = shop.owner("owner@example.org").await;
    let mut all = vec![Tryer::new("nobody", "", &[])];
    for email in ["ada@example.org", "ben@example.org"] {
        all.push(Tryer::new(email, &shop.customer(email).await.token, &["customer"]));
    }
    for permission in Permission::ALL {
        let name = permission.name();
        let email = format!("{}@example.org", name.replace([':', '_'], "-"));
        let staff = shop.staff(&owner, &email, &[name]).await;
        let tryer = Tryer::new(&format!("staff with {name}"), &staff.token, &["staff", "acting", name]);
        // One of them is enough, and too many passwords from one place are refused.
        let spare = match permission {
            Permission::ProductsRead => Some(shop.signed_in(&email).await.token),
            _ => None,
        };
        all.push(Tryer { person: true, spare, ..tryer });
        if permission.fits_keys() {
            let key = shop.key(&owner, &[name]).await;
            all.push(Tryer::new(&format!("key with {name}"), &key.token, &["key", "acting", name]));
        }
    }
    let permissions: Vec<&str> = Permission::ALL.iter().map(|p| p.name()).collect();
    let is: Vec<&str> = ["staff", "acting", "owner"].into_iter().chain(permissions).collect();
    let spare = Some(shop.signed_in("owner@example.org").await.token);
    (Tryer { person: true, spare, ..Tryer::new("the owner", &owner.token, &is) }, all)
}

/// The first word of an answer: how it was received.
#[derive(Debug, PartialEq)]
enum Received {
    /// As if there were no such field.
    Unseen,
    /// By a guard.
    Refused,
    /// The field was looked at: it has a value, or its arguments make no sense.
    LetIn,
    /// By nobody: what went wrong says nothing of who may.
    Failed,
}

/// Codes of answers that no handler has given, or none that was in order.
const FAILURES: [&str; 6] =
    ["GRAPHQL_PARSE_FAILED", "INTERNAL", "QUERY_TOO_COSTLY", "SERVICE_UNAVAILABLE", "THROTTLED", "TIMEOUT"];

fn received(answer: &Answer) -> Received {
    match answer.body.pointer("/errors/0/extensions/code").and_then(Value::as_str) {
        Some("GRAPHQL_VALIDATION_FAILED") => Received::Unseen,
        Some("FORBIDDEN" | "STEP_UP_REQUIRED" | "TOTP_ENROLLMENT_REQUIRED") => Received::Refused,
        Some(code) if FAILURES.contains(&code) => Received::Failed,
        _ if answer.status == 401 => Received::Refused,
        Some(_) => Received::LetIn,
        None if answer.body["data"].is_object() => Received::LetIn,
        None => Received::Failed,
    }
}

/// Tries a field; gives what is wrong, in words.
async fn try_field(shop: &Shop, by: &Tryer, field: &Field, row: &[String]) -> Option<String> {
    let everywhere = field.name == "Mutation.staffSignOutEverywhere";
    let token = by.spare.as_ref().filter(|_| everywhere).unwrap_or(&by.token);
    let answer = by.ask_by(shop, token, &field.document).await;
    let wrong = |what: &str| Some(format!("{} at {}: {what}: {}", by.name, field.name, answer.body));
    if by.may(row) {
        // What takes a proof is refused to who has given none, and nothing else is.
        let proves = by.has_to_prove(row);
        return match received(&answer) {
            Received::LetIn if !proves => None,
            Received::Refused if proves && answer.code() == "STEP_UP_REQUIRED" => None,
            // The field before was one of the same kind.
            Received::Refused
                if field.signs_out && answer.status == 401 && !(everywhere && by.spare.is_some()) =>
            {
                None
            }
            Received::LetIn => wrong("has to prove who they are, and is let in without"),
            Received::Refused | Received::Unseen | Received::Failed => wrong("may use it, and is not let in"),
        };
    }
    if received(&answer) != Received::Unseen {
        return wrong("may not use it, and learns of it");
    }
    let hidden = if by.is.contains("acting") { &field.hidden[..1] } else { &field.hidden[..] };
    let rename = |text: &str| hidden.iter().fold(text.to_owned(), |text, name| renamed(&text, name));
    let wanted = by.ask(shop, &rename(&field.document)).await;
    // Only what is said has names: the answer's own keys may be spelt like a field.
    let mut told = answer.body.clone();
    for error in told["errors"].as_array_mut().into_iter().flatten() {
        error["message"] = json!(rename(error["message"].as_str().unwrap_or_default()));
    }
    let (told, wanted) = (told.to_string(), wanted.body.to_string());
    (told != wanted).then(|| format!("{} at {}: {told}, not {wanted}", by.name, field.name))
}

/// Looks for fields of other types that are not there for somebody who is shown the type; gives what is wrong, in words. A key is shown
/// what people with its scopes are.
async fn try_nested(shop: &Shop, schema: &Schema, others: &[Tryer], nested: &Table) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut found = BTreeSet::new();
    for by in others.iter().filter(|by| !by.is.contains("key")) {
        let shown = Schema::of(&by.ask(shop, documents::INTROSPECTION).await);
        let hidden = schema.hidden_from(&shown);
        for (name, row) in nested {
            let is_there = name.split('.').next().is_some_and(|ty| shown.has(ty)) && !hidden.contains(name);
            if is_there && !by.may(row) {
                complaints.push(format!("{} is shown {name}", by.name));
            }
        }
        for name in &hidden {
            match nested.get(name) {
                None => complaints.push(format!("{name} has no row, and is hidden from {}", by.name)),
                Some(row) if by.may(row) => complaints.push(format!("{} is not shown {name}", by.name)),
                Some(_) => {}
            }
        }
        found.extend(hidden);
    }
    let gone = nested.keys().filter(|name| !found.contains(*name));
    complaints.extend(gone.map(|name| format!("{name} has a row, and is hidden from nobody")));
    complaints
}

/// The same text with a name spelt backwards, which is as long, wherever it is a word of its own.
fn renamed(text: &str, name: &str) -> String {
    let other: String = name.chars().rev().collect();
    let words = text.split_inclusive(|c: char| !c.is_alphanumeric() && c != '_');
    let word = |word: &str| match word.strip_prefix(name) {
        Some(rest) if rest.chars().all(|c| !c.is_alphanumeric() && c != '_') => format!("{other}{rest}"),
        _ => word.to_owned(),
    };
    words.map(word).collect()
}

#[test]
fn a_name_is_spelt_backwards_and_words_that_contain_it_are_not() {
    assert_eq!(renamed("{ me(a: 1) { name me } meme }", "me"), "{ em(a: 1) { name em } meme }");
}

/// Story 48: what one may not do is not there, whoever one is.
#[tokio::test]
async fn everybody_may_do_what_the_table_says_and_nothing_else() {
    // It takes minutes, and nobody's token or proof is to be over before the end.
    let patient = Setup::default().config(|config| {
        config.settings.accounts.access_lives = TimeDelta::hours(2);
        config.settings.accounts.staff_access.step_up = TimeDelta::hours(2);
    });
    let shop = Shop::with(patient).await;
    let (owner, others) = Box::pin(everybody(&shop)).await;
    let table = table();
    let schema = Schema::of(&owner.ask(&shop, documents::INTROSPECTION).await);
    let fields = schema.fields();
    let (addresses, table): (Table, Table) =
        table.into_iter().partition(|(name, _)| beside::is_address(name));
    let (table, nested): (Table, Table) =
        table.into_iter().partition(|(name, _)| name.split('.').next().is_some_and(documents::is_root));
    let named: BTreeSet<&str> = table.keys().map(String::as_str).collect();
    let there: BTreeSet<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    let missing: Vec<_> = there.difference(&named).collect();
    let gone: Vec<_> = named.difference(&there).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "who.toml has no row for {missing:#?}, and rows for nothing: {gone:#?}"
    );

    let mut complaints = beside::too_open(&schema);
    complaints.extend(Box::pin(try_nested(&shop, &schema, &others, &nested)).await);
    for by in others.iter().chain([&owner]) {
        for (address, row) in &addresses {
            complaints.extend(Box::pin(beside::try_address(&shop, by, address, row)).await);
        }
        for argument in &beside::ARGUMENTS {
            let field = fields.iter().find(|field| field.name == argument.field).expect("it is a field");
            complaints.extend(Box::pin(beside::try_argument(&shop, by, &field.document, argument)).await);
        }
    }
    for field in &fields {
        let row = &table[&field.name];
        // What is everybody's is tried by one of each kind: the others would be told the same.
        let open = row.iter().any(|word| word == "everybody");
        for by in &others {
            let first = ["nobody", "ada@example.org", "staff with products:read", "key with products:read"];
            if !open || first.contains(&by.name.as_str()) {
                complaints.extend(Box::pin(try_field(&shop, by, field, row)).await);
            }
        }
        complaints.extend(Box::pin(try_field(&shop, &owner, field, row)).await);
    }
    assert!(complaints.is_empty(), "{} of {}: {complaints:#?}", complaints.len(), fields.len());
}

/// The table names nothing but permissions and kinds of callers.
#[test]
fn the_table_knows_its_words() {
    for (field, row) in table() {
        assert!(!row.is_empty(), "{field} is for nobody");
        for word in row {
            let known = ["everybody", "customer", "staff", "key", "acting", "owner", STEP_UP];
            let known = known.contains(&word.as_str());
            assert!(known || Permission::from_name(&word).is_some(), "{field}: {word}");
        }
    }
}
