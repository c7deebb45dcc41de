//! Names and shapes: what existing storefronts ask for is there, exactly as they expect it.
//!
//! `expected.txt` lists, a line each, the types, fields, arguments, inputs, enum values and directives of the vocabulary
//! that this server speaks. A field of our own beside them is listed in `additions.txt`, and the admin half in `admin.txt`, so that
//! nothing appears by accident either. `STOA_UPDATE_SNAPSHOTS=1` writes `admin.txt` anew: whatever the other two do not list.

use async_graphql::Positioned;
use async_graphql::parser::{
    parse_schema,
    types::{
        DirectiveDefinition, FieldDefinition, InputValueDefinition, ServiceDocument, TypeDefinition,
        TypeKind, TypeSystemDefinition,
    },
};
use std::collections::BTreeSet;

const EXPECTED: &str = include_str!("expected.txt");
const ADDITIONS: &str = include_str!("additions.txt");
const ADMIN: &str = include_str!("admin.txt");

#[test]
fn the_schema_has_the_shapes_that_storefronts_expect() {
    let mut ours = lines(&parse_schema(stoa_api::graphql::sdl()).unwrap());
    for (name, value) in ADDITIONS.lines().filter_map(|line| line.strip_prefix("enum ")?.split_once(" += ")) {
        take_out(&mut ours, name, value);
    }
    if std::env::var_os("STOA_UPDATE_SNAPSHOTS").is_some() {
        write_admin(&ours);
        return;
    }
    let wanted: BTreeSet<&str> = EXPECTED
        .lines()
        .chain(ADDITIONS.lines())
        .chain(ADMIN.lines())
        .filter(|line| !line.starts_with('#') && !line.is_empty() && !line.contains(" += "))
        .collect();
    let ours: BTreeSet<&str> = ours.iter().map(String::as_str).collect();
    let missing: Vec<_> = wanted.difference(&ours).collect();
    let surplus: Vec<_> = ours.difference(&wanted).collect();
    assert!(missing.is_empty() && surplus.is_empty(), "missing: {missing:#?}\nnot listed: {surplus:#?}");
}

/// Takes a value of our own out of an enum of the vocabulary.
fn take_out(ours: &mut BTreeSet<String>, name: &str, value: &str) {
    let is_it = |line: &&String| line.starts_with(&format!("enum {name} = "));
    let line = ours.iter().find(is_it).cloned().unwrap_or_else(|| panic!("there is no enum {name}"));
    let rest: Vec<&str> = line.split(' ').filter(|word| *word != value).collect();
    assert_ne!(rest.len(), line.split(' ').count(), "{name} has no {value}");
    ours.remove(&line);
    ours.insert(rest.join(" "));
}

/// Writes down what is neither the vocabulary nor an addition to it.
fn write_admin(ours: &BTreeSet<String>) {
    let storefront: BTreeSet<&str> = EXPECTED.lines().chain(ADDITIONS.lines()).collect();
    let head = ADMIN.lines().take_while(|line| line.starts_with('#')).collect::<Vec<_>>().join("\n");
    let admin: String = ours
        .iter()
        .filter(|line| !storefront.contains(line.as_str()))
        .map(|line| format!("{line}\n"))
        .collect();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schema/admin.txt");
    std::fs::write(file, format!("{head}\n\n{admin}")).unwrap();
}

#[test]
fn everything_has_a_description() {
    let sdl = parse_schema(stoa_api::graphql::sdl()).unwrap();
    let mut bare = Vec::new();
    for definition in &sdl.definitions {
        match definition {
            TypeSystemDefinition::Schema(_) => {}
            TypeSystemDefinition::Type(ty) => undescribed_type(&ty.node, &mut bare),
            TypeSystemDefinition::Directive(directive) => undescribed_directive(&directive.node, &mut bare),
        }
    }
    assert!(bare.is_empty(), "without description: {bare:#?}");
}

fn undescribed_type(ty: &TypeDefinition, bare: &mut Vec<String>) {
    let name = &ty.name.node;
    let mut check = |described: bool, what: String| {
        if !described {
            bare.push(what);
        }
    };
    check(ty.description.is_some(), name.to_string());
    match &ty.kind {
        TypeKind::Object(object) => undescribed_fields(name, &object.fields, bare),
        TypeKind::Interface(interface) => undescribed_fields(name, &interface.fields, bare),
        TypeKind::Enum(values) => {
            for value in &values.values {
                check(value.node.description.is_some(), format!("{name}.{}", value.node.value.node));
            }
        }
        TypeKind::InputObject(input) => {
            for field in &input.fields {
                check(field.node.description.is_some(), format!("{name}.{}", field.node.name.node));
            }
        }
        TypeKind::Scalar | TypeKind::Union(_) => {}
    }
}

fn undescribed_fields(name: &str, fields: &[Positioned<FieldDefinition>], bare: &mut Vec<String>) {
    for Positioned { node: field, .. } in fields {
        let path = format!("{name}.{}", field.name.node);
        let arguments = field.arguments.iter().filter(|a| a.node.description.is_none());
        bare.extend(arguments.map(|a| format!("{path}({})", a.node.name.node)));
        if field.description.is_none() {
            bare.push(path);
        }
    }
}

fn undescribed_directive(directive: &DirectiveDefinition, bare: &mut Vec<String>) {
    /// What async-graphql declares for every schema.
    const BUILT_IN: [&str; 5] = ["deprecated", "include", "oneOf", "skip", "specifiedBy"];
    let name = &directive.name.node;
    if BUILT_IN.contains(&name.as_str()) {
        return;
    }
    // Their arguments have descriptions too, which introspection shows and async-graphql's SDL leaves out.
    if directive.description.is_none() {
        bare.push(format!("@{name}"));
    }
}

/// A schema, a line for each thing in it.
fn lines(sdl: &ServiceDocument) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for definition in &sdl.definitions {
        match definition {
            TypeSystemDefinition::Schema(_) => {}
            TypeSystemDefinition::Type(ty) => type_lines(&ty.node, &mut lines),
            TypeSystemDefinition::Directive(directive) => {
                let DirectiveDefinition { name, arguments, .. } = &directive.node;
                if matches!(name.node.as_str(), "defer" | "inContext") {
                    lines.insert(format!("directive @{}{}", name.node, arguments_of(arguments)));
                }
            }
        }
    }
    lines
}

fn type_lines(ty: &TypeDefinition, lines: &mut BTreeSet<String>) {
    let name = &ty.name.node;
    match &ty.kind {
        TypeKind::Scalar => {
            lines.insert(format!("scalar {name}"));
        }
        TypeKind::Object(object) => {
            lines.insert(format!("type {name}{}", implementing(&object.implements)));
            lines.extend(field_lines(name, &object.fields));
        }
        TypeKind::Interface(interface) => {
            lines.insert(format!("interface {name}{}", implementing(&interface.implements)));
            lines.extend(field_lines(name, &interface.fields));
        }
        TypeKind::Union(union) => {
            lines.insert(format!(
                "union {name} = {}",
                sorted(union.members.iter().map(|m| m.node.to_string()))
            ));
        }
        TypeKind::Enum(values) => {
            let values = values.values.iter().map(|v| v.node.value.node.to_string());
            lines.insert(format!("enum {name} = {}", sorted(values)));
        }
        TypeKind::InputObject(input) => {
            lines.insert(format!("input {name}"));
            lines.extend(input.fields.iter().map(|field| format!("{name}.{}", input_value(&field.node))));
        }
    }
}

fn implementing(interfaces: &[Positioned<async_graphql::Name>]) -> String {
    if interfaces.is_empty() {
        return String::new();
    }
    format!(" implements {}", sorted(interfaces.iter().map(|i| i.node.to_string())))
}

fn field_lines(name: &str, fields: &[Positioned<FieldDefinition>]) -> Vec<String> {
    let line = |field: &Positioned<FieldDefinition>| {
        let FieldDefinition { name: field_name, arguments, ty, directives, .. } = &field.node;
        let deprecated = directives.iter().any(|d| d.node.name.node == "deprecated");
        let mark = if deprecated { " @deprecated" } else { "" };
        format!("{name}.{}{}: {}{mark}", field_name.node, arguments_of(arguments), ty.node)
    };
    fields.iter().map(line).collect()
}

fn arguments_of(arguments: &[Positioned<InputValueDefinition>]) -> String {
    if arguments.is_empty() {
        return String::new();
    }
    let mut arguments: Vec<String> = arguments.iter().map(|argument| input_value(&argument.node)).collect();
    arguments.sort();
    format!("({})", arguments.join(", "))
}

fn input_value(value: &InputValueDefinition) -> String {
    format!("{}: {}", value.name.node, value.ty.node)
}

fn sorted(names: impl Iterator<Item = String>) -> String {
    let names: BTreeSet<String> = names.collect();
    names.into_iter().collect::<Vec<_>>().join(" ")
}
