//! The buying document hangs together: every variable a step needs is given or learned before it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;

/// The operations' texts, each from its own line to the next one's.
fn operations() -> Vec<(&'static str, String)> {
    let mut texts: Vec<(&str, String)> = Vec::new();
    for line in BUY_DOCUMENT.lines() {
        if let Some(name) = operation_name(line) {
            texts.push((name, String::new()));
        }
        if let Some((_, text)) = texts.last_mut().filter(|_| !line.starts_with('#')) {
            text.push_str(line);
            text.push('\n');
        }
    }
    texts
}

/// The names after a dollar sign.
fn variables(text: &str) -> BTreeSet<&str> {
    let names = text.split('$').skip(1);
    names.filter_map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next()).collect()
}

fn given() -> serde_json::Map<String, Value> {
    match serde_json::from_str(BUY_VARIABLES).unwrap() {
        Value::Object(given) => given,
        other => panic!("not an object: {other}"),
    }
}

#[test]
fn the_steps_are_numbered_in_the_order_they_are_run() {
    let steps = steps(BUY_DOCUMENT);
    assert_eq!(steps.len(), 7);
    for (index, step) in steps.iter().enumerate() {
        assert!(step.name.starts_with(&format!("Step{}_", index + 1)), "{}", step.name);
    }
}

#[test]
fn every_variable_has_a_value_to_start_with_and_none_is_idle() {
    let texts = operations();
    let used: BTreeSet<&str> = texts.iter().flat_map(|(_, text)| variables(text)).collect();
    let given = given();
    assert_eq!(used, given.keys().map(String::as_str).collect());
}

#[test]
fn what_a_step_fills_in_is_used_only_after_it() {
    let texts = operations();
    for (index, step) in steps(BUY_DOCUMENT).iter().enumerate() {
        for lesson in &step.lessons {
            let users: Vec<usize> = (0..texts.len())
                .filter(|user| variables(&texts[*user].1).contains(lesson.variable))
                .collect();
            assert!(!users.is_empty() && users.iter().all(|user| *user > index), "{}", lesson.variable);
        }
    }
}

#[test]
fn a_placeholder_says_which_step_fills_it_in() {
    let given = given();
    for (index, step) in steps(BUY_DOCUMENT).iter().enumerate() {
        for lesson in step.lessons.iter().filter(|lesson| lesson.variable != "expectedTotal") {
            assert_eq!(given[lesson.variable], format!("(from step {})", index + 1), "{}", lesson.variable);
        }
    }
}

#[test]
fn a_pointer_starts_at_the_field_its_own_operation_selects() {
    let texts = operations();
    for (step, (_, text)) in steps(BUY_DOCUMENT).iter().zip(&texts) {
        for pointer in step.lessons.iter().map(|lesson| lesson.pointer).chain(step.opens) {
            for key in pointer.strip_prefix("/data/").unwrap().split('/') {
                assert!(key.parse::<usize>().is_ok() || text.contains(key), "{}: {pointer}", step.name);
            }
        }
    }
}

#[test]
fn rules_are_read_leniently_in_space_and_strictly_in_form() {
    let read = steps(
        "#>  $a  =  /data/x \n#> open /data/u\n#> nonsense\n# $b = /data/y\nquery Q($a: ID) { x }\n{ y }",
    );
    assert_eq!(
        read,
        [Step {
            name: "Q",
            lessons: vec![Lesson { variable: "a", pointer: "/data/x" }],
            opens: Some("/data/u")
        }]
    );
}
