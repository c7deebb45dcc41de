//! Property: rewriting a document changes how often resolvers run, never the answer. Random documents are answered by
//! async-graphql alone and by the guarded schema, and the two answers are compared as text, so order counts.

use std::fmt::Write as _;

use async_graphql::{Request, Variables};
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::json;

use crate::library::{self, Ledger};

/// A field and the type to go on with.
type Field = (&'static str, Option<&'static str>);

/// Fields of the library that do not fail: name, and the type to go on with.
const FIELDS: &[(&str, &[Field])] = &[
    (
        "Query",
        &[
            ("fast", None),
            ("page", None),
            ("place", Some("Place")),
            ("child", Some("Child")),
            ("books(first: 2)", Some("Books")),
            ("titled", Some("Titled")),
            ("items", Some("Item")),
        ],
    ),
    ("Place", &[("name", None), ("within", Some("Place"))]),
    (
        "Child",
        &[("ok", None), ("child", Some("Child")), ("brother", Some("Child")), ("children", Some("Child"))],
    ),
    ("Books", &[("nodes", Some("Book")), ("edges", Some("Edge"))]),
    ("Edge", &[("node", Some("Book"))]),
    (
        "Book",
        &[("id", None), ("title", None), ("author", Some("Author")), ("related(first: 1)", Some("Books"))],
    ),
    ("Magazine", &[("title", None), ("issue", None)]),
    ("Author", &[("name", None), ("birthplace", Some("Place"))]),
    ("Titled", &[("title", None), ("__typename", None)]),
    ("Item", &[("__typename", None)]),
];
const CONDITIONS: [&str; 6] = ["", "", "", " @include(if: $yes)", " @skip(if: $yes)", " @include(if: true)"];

/// One selection, as numbers that are read modulo what is possible where it ends up.
#[derive(Clone, Debug)]
enum Pick {
    Field { field: usize, alias: bool, condition: usize, below: Vec<Pick> },
    Fragment { on: usize, condition: usize, spread: bool, inside: Vec<Pick> },
}

fn picks() -> impl Strategy<Value = Vec<Pick>> {
    let leaf = (any::<usize>(), any::<bool>(), 0..CONDITIONS.len())
        .prop_map(|(field, alias, condition)| Pick::Field { field, alias, condition, below: Vec::new() });
    let pick = leaf.prop_recursive(5, 48, 5, |inner| {
        let inner = prop::collection::vec(inner, 1..5);
        prop_oneof![
            (any::<usize>(), any::<bool>(), 0..CONDITIONS.len(), inner.clone())
                .prop_map(|(field, alias, condition, below)| Pick::Field { field, alias, condition, below }),
            (any::<usize>(), 0..CONDITIONS.len(), any::<bool>(), inner)
                .prop_map(|(on, condition, spread, inside)| Pick::Fragment { on, condition, spread, inside }),
        ]
    });
    prop::collection::vec(pick, 1..6)
}

/// A document under construction: fragments are written beside the operation.
#[derive(Default)]
struct Writer {
    fragments: String,
    count: usize,
}

impl Writer {
    fn set(&mut self, ty: &str, picks: &[Pick]) -> String {
        let mut text = String::from("{");
        for pick in picks {
            match pick {
                Pick::Field { field, alias, condition, below } => {
                    let fields =
                        FIELDS.iter().find(|(name, _)| *name == ty).map_or(&[][..], |(_, fields)| fields);
                    let (name, goes_on) = fields[field % fields.len()];
                    // one alias per field, so that fields can always be merged
                    let bare = name.split('(').next().unwrap_or(name);
                    let alias = if *alias && bare != "title" { format!("a_{bare}: ") } else { String::new() };
                    let _ = write!(text, " {alias}{name}{}", CONDITIONS[*condition]);
                    if let Some(goes_on) = goes_on {
                        text.push_str(&self.set(goes_on, below));
                    }
                }
                Pick::Fragment { on, condition, spread, inside } => {
                    self.fragment(ty, *on, *condition, *spread, inside, &mut text);
                }
            }
        }
        text.push_str(" __typename }");
        text
    }

    fn fragment(
        &mut self,
        ty: &str,
        on: usize,
        condition: usize,
        spread: bool,
        inside: &[Pick],
        text: &mut String,
    ) {
        let possible: &[&str] = match ty {
            // no unions: async-graphql alone drops fragments on them
            "Titled" | "Item" => &["Book", "Magazine", "Titled"],
            "Book" => &["Book", "Titled"],
            _ => &[],
        };
        let on = if possible.is_empty() { ty } else { possible[on % possible.len()] };
        let inside = self.set(on, inside);
        let condition = CONDITIONS[condition];
        if spread {
            let name = format!("F{}", self.count);
            self.count += 1;
            let _ = write!(self.fragments, " fragment {name} on {on} {inside}");
            let _ = write!(text, " ...{name}{condition}");
        } else {
            let _ = write!(text, " ... on {on}{condition} {inside}");
        }
    }
}

#[test]
fn a_rewritten_document_is_answered_as_the_original() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let stock = library::schema(&Ledger::default()).finish();
    let guarded = library::gql(&Ledger::default()).build().unwrap();
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 1_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let outcome = runner.run(&(picks(), any::<bool>()), |(picks, yes)| {
        let mut writer = Writer::default();
        let operation = writer.set("Query", &picks);
        let document = format!("query($yes: Boolean!) {operation}{} ", writer.fragments)
            + "fragment Use on Query { fast @include(if: $yes) }";
        let document = document.replacen('{', "{ ...Use ", 1);
        let request = || Request::new(&document).variables(Variables::from_json(json!({ "yes": yes })));
        let (expected, answer) = runtime.block_on(async {
            (stock.execute(request()).await, async_graphql::Executor::execute(&guarded, request()).await)
        });
        prop_assert!(expected.errors.is_empty(), "{document}: {:?}", expected.errors);
        let text = |response| serde_json::to_string(&response).unwrap_or_default();
        prop_assert_eq!(text(answer), text(expected), "{}", document);
        Ok(())
    });
    outcome.unwrap();
}
