//! The smallest document that asks for a field, made from what introspection tells the owner.

use crate::harness::Answer;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const INTROSPECTION: &str = "{ __schema { types { kind name isOneOf
  fields { name args { name defaultValue type { ...Ref } } type { ...Ref } }
  inputFields { name defaultValue type { ...Ref } } enumValues { name } } } }
fragment Ref on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// An id that nothing has.
const ID: &str = "\"0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f\"";
/// Asked for last: who asks is nobody from then on.
const LAST: [&str; 2] = ["SignOut", "SignOutEverywhere"];

/// The types of which every field is tried, and the operation that asks for one.
const ROOTS: [(&str, &str); 4] =
    [("QueryRoot", "query"), ("Admin", "query"), ("Mutation", "mutation"), ("Subscription", "subscription")];

/// What the owner is shown of the schema.
pub(super) struct Schema(BTreeMap<String, Value>);

/// A field, and how it is asked for.
pub(super) struct Field {
    /// `Type.field`.
    pub(super) name: String,
    pub(super) document: String,
    /// The names that are not there for whoever may not use it, the innermost first.
    pub(super) hidden: Vec<String>,
    /// Whether who asks is nobody from then on.
    pub(super) signs_out: bool,
}

impl Schema {
    pub(super) fn of(answer: &Answer) -> Self {
        let types = answer.at("/__schema/types").as_array().expect("types").iter();
        Self(types.map(|ty| (text(&ty["name"]), ty.clone())).collect())
    }

    /// Every field of the roots and of `Admin`, in the order in which they can be tried.
    pub(super) fn fields(&self) -> Vec<Field> {
        let mut fields = Vec::new();
        for (root, operation) in ROOTS {
            for field in self.0[root]["fields"].as_array().expect("fields") {
                let name = text(&field["name"]);
                let asked = self.asked(field);
                let (document, hidden) = match root {
                    "Admin" => {
                        let hidden = vec![name.clone(), "admin".to_owned()];
                        (format!("{operation} {{ admin {{ {asked} }} }}"), hidden)
                    }
                    // Of no things nothing is ever told.
                    "Subscription" => (
                        format!("{operation} {{ {} }}", asked.replace("[]", &format!("[{ID}]"))),
                        vec![name.clone()],
                    ),
                    _ => (format!("{operation} {{ {asked} }}"), vec![name.clone()]),
                };
                let signs_out = LAST.iter().any(|last| name.ends_with(last));
                fields.push(Field { name: format!("{root}.{name}"), document, hidden, signs_out });
            }
        }
        // Stable: the others stay as they are. Customers' own come last, since they end what a customer tries the staff's with.
        fields.sort_by_key(|field| (field.signs_out, field.name.starts_with("Mutation.customer")));
        fields
    }

    /// What is not there for whoever is shown these, of types that both are shown and whose fields have no row each.
    pub(super) fn hidden_from(&self, shown: &Self) -> BTreeSet<String> {
        let fields = |schema: &Self, ty: &str| -> BTreeSet<String> {
            let fields = schema.0[ty]["fields"].as_array().into_iter().flatten();
            fields.map(|field| format!("{ty}.{}", text(&field["name"]))).collect()
        };
        let both = self.0.keys().filter(|ty| shown.has(ty) && !is_root(ty));
        both.flat_map(|ty| &fields(self, ty) - &fields(shown, ty)).collect()
    }

    pub(super) fn has(&self, ty: &str) -> bool {
        self.0.contains_key(ty)
    }

    /// The types that mutations give back.
    pub(super) fn payloads(&self) -> BTreeSet<String> {
        let fields = self.0["Mutation"]["fields"].as_array().expect("fields").iter();
        fields.map(|field| named(&field["type"])).collect()
    }

    /// Every type that can be read from this one on.
    pub(super) fn reach(&self, from: &str) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut next = vec![from.to_owned()];
        while let Some(ty) = next.pop() {
            let fields = self.0[&ty]["fields"].as_array().into_iter().flatten();
            next.extend(fields.map(|field| named(&field["type"])).filter(|ty| !reached.contains(ty)));
            reached.insert(ty);
        }
        reached
    }

    fn asked(&self, field: &Value) -> String {
        let arguments = self.values(&field["args"]);
        let arguments =
            if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
        let selection = match self.0[&named(&field["type"])]["kind"].as_str() {
            Some("SCALAR" | "ENUM") => "",
            _ => " { __typename }",
        };
        format!("{}{arguments}{selection}", text(&field["name"]))
    }

    /// What has to be said, as `name: value`; and how many of a list, which has no end otherwise.
    fn values(&self, inputs: &Value) -> Vec<String> {
        let inputs = inputs.as_array().into_iter().flatten();
        let said = inputs.filter(|input| {
            let needed = input["type"]["kind"] == "NON_NULL" && input["defaultValue"].is_null();
            needed || (input["name"] == "first" && input["type"]["name"] == "Int")
        });
        said.map(|input| format!("{}: {}", text(&input["name"]), self.value(&input["type"]))).collect()
    }

    fn value(&self, ty: &Value) -> String {
        match ty["kind"].as_str() {
            Some("NON_NULL") => self.value(&ty["ofType"]),
            Some("LIST") => "[]".to_owned(),
            Some("ENUM") => text(&self.0[&text(&ty["name"])]["enumValues"][0]["name"]),
            Some("INPUT_OBJECT") => {
                let input = &self.0[&text(&ty["name"])];
                if input["isOneOf"] == true {
                    let one = &input["inputFields"][0];
                    return format!("{{ {}: {} }}", text(&one["name"]), self.value(&one["type"]));
                }
                format!("{{ {} }}", self.values(&input["inputFields"]).join(", "))
            }
            _ => match ty["name"].as_str() {
                Some("ID") => ID.to_owned(),
                Some("Int") => "1".to_owned(),
                Some("Boolean") => "false".to_owned(),
                Some("Decimal") => "\"1.00\"".to_owned(),
                Some("DateTime") => "\"2026-11-22T00:00:00Z\"".to_owned(),
                _ => "\"x\"".to_owned(),
            },
        }
    }
}

/// Whether every field of the type has a row of its own, and is tried.
pub(super) fn is_root(ty: &str) -> bool {
    ROOTS.iter().any(|(root, _)| *root == ty)
}

fn named(ty: &Value) -> String {
    if ty["ofType"].is_null() { text(&ty["name"]) } else { named(&ty["ofType"]) }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a name").to_owned()
}
