//! The doors of the admin half, one behind the other: what is restricted, what is guarded, and what introspection hides are the same.

use crate::office::Office;
use async_graphql::{
    Executor, Positioned, Request,
    parser::{
        parse_schema,
        types::{InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition},
    },
};
use std::collections::{BTreeSet, HashMap};
use stoa_api::graphql::{JsonLimits, Schemas, admin::restricted_fields};

/// Mutations by which staff come in: they are there for everybody.
const ENTRIES: [&str; 6] = [
    "staffInvitationAccept",
    "staffPasswordRecover",
    "staffPasswordReset",
    "staffSignIn",
    "staffSignInVerify",
    "staffTokenRefresh",
];

/// The fields of an object type of some SDL.
fn fields(sdl: &str, of: &str) -> BTreeSet<String> {
    let document = parse_schema(sdl).unwrap();
    let types = document.definitions.iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(ty) if ty.node.name.node == of => Some(&ty.node.kind),
        _ => None,
    });
    let objects = types.filter_map(|kind| match kind {
        TypeKind::Object(object) => Some(object.fields.iter().map(|field| field.node.name.node.to_string())),
        _ => None,
    });
    objects.flatten().collect()
}

async fn sdls() -> (String, String) {
    let office = Office::open().await;
    let schemas = Schemas::new(office.shop.app.services(), JsonLimits::default());
    (schemas.public().build().unwrap().sdl().to_owned(), schemas.full().build().unwrap().sdl().to_owned())
}

#[tokio::test]
async fn both_schemas_build_and_differ_by_what_is_restricted_alone() {
    let (public, full) = sdls().await;
    for (root, of) in [("QueryRoot", "QueryRoot."), ("Mutation", "Mutation.")] {
        let (few, all) = (fields(&public, root), fields(&full, root));
        assert!(few.is_subset(&all), "{:?}", few.difference(&all));
        let more: BTreeSet<String> = all.difference(&few).map(|field| format!("{of}{field}")).collect();
        let restricted: BTreeSet<String> = restricted_fields()
            .keys()
            .filter(|name| name.starts_with(of))
            .map(|name| (*name).to_owned())
            .collect();
        assert_eq!(more, restricted);
    }
    let admin: BTreeSet<String> =
        fields(&full, "Admin").into_iter().map(|field| format!("Admin.{field}")).collect();
    let restricted: BTreeSet<String> = restricted_fields()
        .keys()
        .filter(|name| name.starts_with("Admin."))
        .map(|name| (*name).to_owned())
        .collect();
    assert_eq!(admin, restricted, "whatever is added to Admin says who may use it");
    assert!(fields(&public, "Admin").is_empty(), "the public schema has no such type");
    let entries: BTreeSet<String> = ENTRIES.map(str::to_owned).into();
    let of_staff = |name: &&String| name.starts_with("staff");
    assert_eq!(
        fields(&public, "Mutation").iter().filter(of_staff).cloned().collect::<BTreeSet<_>>(),
        entries
    );
}

/// The smallest document that asks for a field, whatever its arguments are.
fn document(sdl: &str, name: &str) -> String {
    let (parent, field) = name.split_once('.').unwrap();
    let document = parse_schema(sdl).unwrap();
    let types = document.definitions.iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(ty) => Some((ty.node.name.node.to_string(), &ty.node)),
        _ => None,
    });
    let types: Types<'_> = types.collect();
    let TypeKind::Object(object) = &types[parent].kind else { panic!("{parent} has no fields") };
    let field = object.fields.iter().find(|known| known.node.name.node == field).unwrap();
    let arguments = values(&types, &field.node.arguments);
    let arguments = if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
    format!("{}{arguments} {{ __typename }}", field.node.name.node)
}

type Types<'a> = HashMap<String, &'a TypeDefinition>;

/// What has to be said, as `name: value`.
fn values(types: &Types<'_>, inputs: &[Positioned<InputValueDefinition>]) -> Vec<String> {
    let needed =
        inputs.iter().filter(|input| !input.node.ty.node.nullable && input.node.default_value.is_none());
    said(types, needed)
}

fn said<'a>(
    types: &Types<'_>,
    inputs: impl Iterator<Item = &'a Positioned<InputValueDefinition>>,
) -> Vec<String> {
    let said = inputs.map(|input| {
        let ty = input.node.ty.node.to_string();
        let defined = types.get(ty.trim_end_matches('!'));
        let one_of = defined.is_some_and(|ty| ty.directives.iter().any(|d| d.node.name.node == "oneOf"));
        let value = match (ty.starts_with('['), defined.map(|ty| &ty.kind)) {
            (true, _) => "[]".to_owned(),
            // None of its fields has to be said, and one has.
            (_, Some(TypeKind::InputObject(input))) if one_of => {
                format!("{{ {} }}", said(types, input.fields.iter().take(1)).join(", "))
            }
            (_, Some(TypeKind::InputObject(input))) => {
                format!("{{ {} }}", values(types, &input.fields).join(", "))
            }
            (_, Some(TypeKind::Enum(values))) => values.values[0].node.value.node.to_string(),
            _ => match ty.trim_end_matches('!') {
                "ID" => "\"0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f\"".to_owned(),
                "Boolean" => "false".to_owned(),
                "Int" => "1".to_owned(),
                "Decimal" => "\"1.00\"".to_owned(),
                "String" => "\"x\"".to_owned(),
                other => panic!("no value for {other}"),
            },
        };
        format!("{}: {value}", input.node.name.node)
    });
    said.collect()
}

#[tokio::test]
async fn a_guard_stands_behind_each_restriction() {
    let office = Office::open().await;
    let schemas = Schemas::new(office.shop.app.services(), JsonLimits::default());
    let gql = schemas.full().build().unwrap();
    let sdl = gql.sdl().to_owned();
    // In the process nobody is asked what they may use, and nobody acts: only the guards are left.
    for name in restricted_fields().keys() {
        let query = match name.split_once('.').unwrap() {
            ("QueryRoot", _) => "{ admin { __typename } }".to_owned(),
            ("Mutation", _) => format!("mutation {{ {} }}", document(&sdl, name)),
            // Nobody comes to it but by `admin`, which is closed already.
            _ => continue,
        };
        let answer = serde_json::to_value(gql.execute(Request::new(&query)).await).unwrap();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{query}: {answer:#}");
    }
}
