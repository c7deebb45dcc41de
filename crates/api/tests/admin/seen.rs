//! What introspection shows: to each caller what they may use, and nothing else. The files in `seen/` hold it, a line each;
//! `STOA_UPDATE_SNAPSHOTS=1` writes them anew.

use crate::office::{Hand, Office};
use serde_json::{Value, json};
use std::{collections::BTreeSet, path::PathBuf};

const INTROSPECTION: &str =
    "{ __schema { types { name fields(includeDeprecated: true) { name } inputFields { name }
  enumValues(includeDeprecated: true) { name } } } }";

/// Everything that a caller is shown: types, and their fields and values.
async fn shown(office: &Office, by: &Hand) -> BTreeSet<String> {
    let answer = office.ask(by, INTROSPECTION, Value::Null).await;
    let mut lines = BTreeSet::new();
    for ty in answer["types"].as_array().unwrap() {
        let name = ty["name"].as_str().unwrap();
        lines.insert(name.to_owned());
        for members in ["fields", "inputFields", "enumValues"] {
            let members = ty[members].as_array().into_iter().flatten();
            lines.extend(members.map(|member| format!("{name}.{}", member["name"].as_str().unwrap())));
        }
    }
    lines
}

/// Compares with what is written down.
fn written(name: &str, lines: &BTreeSet<String>) {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/admin/seen/{name}.txt"));
    let now: String = lines.iter().map(|line| format!("{line}\n")).collect();
    if std::env::var_os("STOA_UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&file, &now).unwrap();
    }
    let before = std::fs::read_to_string(&file).unwrap_or_default();
    let before: BTreeSet<String> = before.lines().map(str::to_owned).collect();
    let gone: Vec<_> = before.difference(lines).collect();
    let new: Vec<_> = lines.difference(&before).collect();
    assert!(gone.is_empty() && new.is_empty(), "{name}: not shown any more {gone:#?}, shown now {new:#?}");
}

#[tokio::test]
async fn a_caller_sees_what_they_may_use() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let nobody = Hand { token: String::new(), refresh: String::new() };
    let anonymous = shown(&office, &nobody).await;
    let roots = |line: &&String| line.starts_with("Mutation.") || line.starts_with("QueryRoot.");
    written("anonymous", &anonymous.iter().filter(roots).cloned().collect());
    assert!(!anonymous.iter().any(|line| line.starts_with("Admin") || line.contains("ApiKey")));

    let (reader, _) = office.hired(&owner, "roles@example.org", &["roles:read"]).await;
    let (idle, _) = office.hired(&owner, "idle@example.org", &[]).await;
    let (key, _) = office.key(&owner, &["staff:read"]).await;
    let (useless, _) = office.key(&owner, &["audit:export"]).await;
    let mut before = BTreeSet::new();
    for (name, by) in [
        ("key_for_nothing_here", &useless),
        ("key_that_reads_staff", &key),
        ("staff_without_roles", &idle),
        ("staff_who_reads_roles", &reader),
        ("owner", &owner),
    ] {
        let seen = shown(&office, by).await;
        assert!(anonymous.is_subset(&seen), "whoever acts for the shop loses nothing");
        let more: BTreeSet<String> = seen.difference(&anonymous).cloned().collect();
        written(name, &more);
        if name == "staff_who_reads_roles" {
            let gained: Vec<_> = more.difference(&before).map(String::as_str).collect();
            assert!(
                gained.contains(&"Admin.roles") && gained.iter().all(|line| line.contains("ole")),
                "{gained:?}"
            );
        }
        before = more;
    }
}

#[tokio::test]
async fn what_is_not_shown_is_answered_as_what_is_not_there() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let (key, _) = office.key(&owner, &["products:read"]).await;
    let nobody = Hand { token: String::new(), refresh: String::new() };
    let answer = async |by: &Hand, query: &str| office.answer(by, query, json!({})).await.to_string();
    for (by, hidden, made_up) in [
        (&nobody, "{ admin { roles { name } } }", "{ nimda { roles { name } } }"),
        (&key, "{ admin { roles { name } } }", "{ admin { selor { name } } }"),
        (
            &key,
            "{ admin { staffMembers(first: 1) { nodes { id } } } }",
            "{ admin { staffSrebmem(first: 1) { nodes { id } } } }",
        ),
        (
            &nobody,
            "mutation { staffSignOut { userErrors { code } } }",
            "mutation { staffTuoNgis { userErrors { code } } }",
        ),
        (
            &key,
            "mutation { roleDelete(id: 5) { deletedRoleId } }",
            "mutation { roleEteled(id: 5) { deletedRoleId } }",
        ),
        (
            &key,
            "mutation($i: RoleInput!) { roleCreate(input: $i) { role { id } } }",
            "mutation($i: RoleTupni!) { roleEtaerc(input: $i) { role { id } } }",
        ),
    ] {
        let (hidden_name, made_up_name) = different(hidden, made_up);
        let (mut told, wanted) = (answer(by, hidden).await, answer(by, made_up).await);
        for (hidden_name, made_up_name) in hidden_name.iter().zip(&made_up_name) {
            told = told.replace(hidden_name, made_up_name);
        }
        assert!(told.contains("GRAPHQL_VALIDATION_FAILED"), "{hidden}: {told}");
        assert_eq!(told, wanted, "{hidden}");
    }
}

/// The words in which two documents differ.
fn different<'a>(one: &'a str, other: &'a str) -> (Vec<&'a str>, Vec<&'a str>) {
    let words = |text: &'a str| -> Vec<&'a str> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect()
    };
    words(one).into_iter().zip(words(other)).filter(|(one, other)| one != other).unzip()
}
