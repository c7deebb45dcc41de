//! Which way the arrows run, as `cargo metadata` sees it.
//!
//! `domain` <- `persistence`, `payments`, `mail`, `auth`, `oidc`, `media`, `outside` <- `services` <- `api`, `web` <- `server`; no arrow runs back. What belongs to
//! one room (SeaORM, async-stripe, GraphQL, axum) is a direct dependency of that room alone.

#![allow(clippy::expect_used, reason = "a story that cannot go on should say why, and end")]

mod transactions;

use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

/// Our crates and what of ours each may depend on. A crate that is missing here fails the test: say where it stands.
const ARROWS: &[(&str, &[&str])] = &[
    ("stoa-domain", &[]),
    ("stoa-migrations", &[]),
    ("stoa-live", &["stoa-domain"]),
    ("stoa-persistence", &["stoa-domain", "stoa-live", "stoa-migrations"]),
    ("stoa-redis", &["stoa-domain", "stoa-live"]),
    ("stoa-payments", &["stoa-domain"]),
    ("stoa-mail", &["stoa-domain"]),
    ("stoa-auth", &["stoa-domain"]),
    ("stoa-oidc", &["stoa-domain"]),
    ("stoa-media", &["stoa-domain"]),
    ("stoa-outside", &["stoa-domain"]),
    ("stoa-sandbox", &[]),
    ("stoa-services", &["stoa-domain", "stoa-persistence", "stoa-auth", "stoa-oidc", "stoa-media"]),
    ("stoa-graphql-http", &[]),
    ("stoa-graphiql", &[]),
    ("stoa-api", &["stoa-domain", "stoa-persistence", "stoa-services", "stoa-graphql-http", "stoa-graphiql"]),
    ("stoa-web", &["stoa-domain", "stoa-persistence", "stoa-services"]),
    (
        "stoa",
        &[
            "stoa-domain",
            "stoa-live",
            "stoa-migrations",
            "stoa-persistence",
            "stoa-redis",
            "stoa-payments",
            "stoa-mail",
            "stoa-auth",
            "stoa-oidc",
            "stoa-media",
            "stoa-outside",
            "stoa-sandbox",
            "stoa-services",
            "stoa-api",
            "stoa-web",
        ],
    ),
    ("stoa-contracts", &["stoa-domain"]),
    // It stands beside the server, not in it: a shop put together to be attacked.
    (
        "stoa-fuzzing",
        &[
            "stoa-domain",
            "stoa-live",
            "stoa-persistence",
            "stoa-payments",
            "stoa-auth",
            "stoa-media",
            "stoa-services",
            "stoa-api",
        ],
    ),
    ("stoa-tests", &[]),
    ("stoa-bench", &[]),
];

/// Libraries that only these crates may name. A trailing `*` stands for anything.
const ROOMS: &[(&str, &[&str])] = &[
    ("sea-orm*", &["stoa-persistence", "stoa-migrations"]),
    ("sqlx", &["stoa-persistence"]),
    ("redis", &["stoa-redis"]),
    ("async-stripe*", &["stoa-payments"]),
    ("async-graphql*", &["stoa-api", "stoa-graphql-http"]),
    (
        "axum*",
        &["stoa-api", "stoa-graphql-http", "stoa-web", "stoa-sandbox", "stoa", "stoa-fuzzing", "stoa-bench"],
    ),
    ("reqwest", &["stoa-payments", "stoa-oidc", "stoa-media", "stoa-outside", "stoa-sandbox", "stoa-bench"]),
    ("lettre", &["stoa-mail"]),
    ("tokio-rustls", &["stoa"]),
    ("argon2", &["stoa-auth"]),
    ("jsonwebtoken", &["stoa-auth"]),
    ("ring", &["stoa-auth", "stoa-oidc"]),
    ("openidconnect", &["stoa-oidc"]),
    ("totp-rs", &["stoa-auth"]),
    ("zxcvbn", &["stoa-auth"]),
    ("image", &["stoa-media"]),
    ("moxcms", &["stoa-media"]),
    ("object_store", &["stoa-media"]),
    // Who counts names the facade; who records, renders and exports is the program alone.
    ("metrics", &["stoa-services", "stoa-api", "stoa"]),
    ("metrics-*", &["stoa"]),
    ("opentelemetry*", &["stoa"]),
    ("tracing-opentelemetry", &["stoa"]),
];

/// Crates that do no IO and know no runtime.
const PURE: &[&str] = &["stoa-domain"];
const IMPURE: &[&str] = &[
    "tokio",
    "sea-orm*",
    "sqlx",
    "axum*",
    "hyper*",
    "reqwest",
    "async-graphql*",
    "rand",
    "tracing",
    "metrics*",
];

type Dependencies = BTreeMap<String, BTreeSet<String>>;

/// The direct dependencies of each of our crates, without those of tests and build scripts.
fn dependencies() -> Dependencies {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo metadata runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let packages = metadata["packages"].as_array().expect("packages");
    packages
        .iter()
        .map(|package| {
            let normal =
                package["dependencies"].as_array().into_iter().flatten().filter(|d| d["kind"].is_null());
            (text(&package["name"]), normal.map(|d| text(&d["name"])).collect())
        })
        .collect()
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => name == pattern,
    }
}

/// Every breach, in words.
fn breaches(dependencies: &Dependencies) -> Vec<String> {
    let mut found = Vec::new();
    for (name, uses) in dependencies {
        let Some((_, allowed)) = ARROWS.iter().find(|(crate_name, _)| crate_name == name) else {
            found.push(format!("{name} stands nowhere in the house"));
            continue;
        };
        for used in uses {
            let ours = dependencies.contains_key(used);
            if ours && !allowed.contains(&used.as_str()) {
                found.push(format!("{name} must not depend on {used}"));
            }
            for (library, rooms) in ROOMS {
                if matches(library, used) && !rooms.contains(&name.as_str()) {
                    found.push(format!("{name} must not name {used}: it belongs to {rooms:?}"));
                }
            }
            if PURE.contains(&name.as_str()) && IMPURE.iter().any(|p| matches(p, used)) {
                found.push(format!("{name} is pure and must not depend on {used}"));
            }
        }
    }
    found
}

#[test]
fn no_arrow_runs_back_and_every_library_stays_in_its_room() {
    assert_eq!(breaches(&dependencies()), Vec::<String>::new());
}

#[test]
fn the_rule_notices_a_breach() {
    let mut dependencies = dependencies();
    let domain = dependencies.get_mut("stoa-domain").expect("domain is there");
    domain.extend(["tokio".to_owned(), "stoa-services".to_owned(), "sea-orm".to_owned()]);
    dependencies.insert("stoa-utils".to_owned(), BTreeSet::new());
    // tokio and sea-orm are impure, sea-orm is another's, services is an arrow back, and utils stands nowhere.
    assert_eq!(breaches(&dependencies).len(), 5);
}
