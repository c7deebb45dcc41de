//! A selection set as text that says everything its answer depends on: fields, aliases, arguments with the values of their
//! variables, conditions, directives. Two sets with one fingerprint answer alike.

use crate::graphql::catalog::Prices;
use async_graphql::{
    Name, Positioned, Variables,
    parser::types::{Directive, Selection, SelectionSet},
};
use async_graphql_value::Value;
use std::fmt::Write as _;

/// The fingerprint of a set that is answered by these prices; `None` where it spreads fragments by name, whose text lies elsewhere.
pub(super) fn of(set: &SelectionSet, variables: &Variables, prices: &Prices) -> Option<Box<str>> {
    let mut text = String::with_capacity(256);
    if let Some(prices) = prices {
        let _ = write!(text, "@{};", prices.key());
    }
    write_set(&mut text, set, variables)?;
    Some(text.into())
}

// Writing to a String cannot fail, so the results of `write!` say nothing.
fn write_set(text: &mut String, set: &SelectionSet, variables: &Variables) -> Option<()> {
    text.push('{');
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => {
                let field = &field.node;
                if let Some(alias) = &field.alias {
                    let _ = write!(text, "{}:", alias.node);
                }
                text.push_str(&field.name.node);
                write_arguments(text, &field.arguments, variables);
                write_directives(text, &field.directives, variables);
                if !field.selection_set.node.items.is_empty() {
                    write_set(text, &field.selection_set.node, variables)?;
                }
                text.push(' ');
            }
            Selection::InlineFragment(fragment) => {
                text.push_str("...");
                if let Some(condition) = &fragment.node.type_condition {
                    text.push_str(&condition.node.on.node);
                }
                write_directives(text, &fragment.node.directives, variables);
                write_set(text, &fragment.node.selection_set.node, variables)?;
            }
            Selection::FragmentSpread(_) => return None,
        }
    }
    text.push('}');
    Some(())
}

fn write_directives(text: &mut String, directives: &[Positioned<Directive>], variables: &Variables) {
    for directive in directives {
        let _ = write!(text, "@{}", directive.node.name.node);
        write_arguments(text, &directive.node.arguments, variables);
    }
}

fn write_arguments(
    text: &mut String,
    arguments: &[(Positioned<Name>, Positioned<Value>)],
    variables: &Variables,
) {
    if arguments.is_empty() {
        return;
    }
    text.push('(');
    for (name, value) in arguments {
        let _ = write!(text, "{}:", name.node);
        write_value(text, &value.node, variables);
        text.push(',');
    }
    text.push(')');
}

fn write_value(text: &mut String, value: &Value, variables: &Variables) {
    match value {
        Value::Variable(name) => {
            // As values are quoted where they need be, none of them looks like this mark.
            text.push('$');
            if let Some(value) = variables.get(name) {
                let _ = write!(text, "{value}");
            }
        }
        Value::List(items) => {
            text.push('[');
            for item in items {
                write_value(text, item, variables);
                text.push(',');
            }
            text.push(']');
        }
        Value::Object(fields) => {
            text.push('{');
            for (name, field) in fields {
                let _ = write!(text, "{name}:");
                write_value(text, field, variables);
                text.push(',');
            }
            text.push('}');
        }
        plain => {
            let _ = write!(text, "{plain}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::{parser::parse_query, parser::types::DocumentOperations, value};
    use std::collections::BTreeSet;

    fn print(set: &str, variables: async_graphql::Value) -> Option<Box<str>> {
        let document = parse_query(format!("query($a: Int, $b: Int) {set}")).unwrap();
        let DocumentOperations::Single(operation) = document.operations else { panic!("one operation") };
        let variables = Variables::from_value(variables);
        of(&operation.node.selection_set.node, &variables, &None)
    }

    #[test]
    fn sets_that_answer_differently_have_different_fingerprints() {
        let nothing = || value!({});
        let sets = [
            ("{ a }", nothing()),
            ("{ a b }", nothing()),
            ("{ b a }", nothing()),
            ("{ ab }", nothing()),
            ("{ b: a }", nothing()),
            ("{ a { b } }", nothing()),
            ("{ a { b } c }", nothing()),
            ("{ a { b c } }", nothing()),
            ("{ ... on A { b } }", nothing()),
            ("{ ... on B { b } }", nothing()),
            ("{ ... { b } }", nothing()),
            ("{ a @x }", nothing()),
            ("{ a @x(n: 1) }", nothing()),
            ("{ a(n: 1) }", nothing()),
            ("{ a(n: \"1\") }", nothing()),
            ("{ a(n: [1]) }", nothing()),
            ("{ a(n: [1, 1]) }", nothing()),
            ("{ a(n: 1.5) }", nothing()),
            ("{ a(n: null) }", nothing()),
            ("{ a(n: ONE) }", nothing()),
            ("{ a(n: \"ONE\") }", nothing()),
            ("{ a(n: \"ONE,m:1\") }", nothing()),
            ("{ a(n: { x: 1 }) }", nothing()),
            ("{ a(n: $a) }", nothing()),
            ("{ a(n: $a) }", value!({ "a": 2 })),
            ("{ a(n: $a) }", value!({ "a": "2" })),
            ("{ a(n: [$a, $b]) }", value!({ "a": 1, "b": 2 })),
            ("{ a(n: [$a, $b]) }", value!({ "a": 2, "b": 1 })),
            ("{ a(n: { x: $a }) }", value!({ "a": 1 })),
            ("{ a(n: { y: $a }) }", value!({ "a": 1 })),
        ];
        let count = sets.len();
        let prints: BTreeSet<_> =
            sets.into_iter().map(|(set, variables)| print(set, variables).unwrap()).collect();
        assert_eq!(prints.len(), count, "{prints:#?}");
    }

    #[test]
    fn names_of_variables_and_other_variables_do_not_matter() {
        let one = print("{ a(n: $a) }", value!({ "a": 5, "b": 1 }));
        assert_eq!(one, print("{ a(n: $b) }", value!({ "a": 2, "b": 5 })));
        assert_eq!(one, print("{ a ( n : $a ) }", value!({ "a": 5 })));
    }

    #[test]
    fn fragments_by_name_have_no_fingerprint() {
        assert_eq!(print("{ ...F }", value!({})), None);
    }
}
