//! Every transaction begins anew when the database has undone it for another's sake: what begins one runs in `retrying`.

use std::path::{Path, PathBuf};

/// Where transactions are begun.
const CRATES: [&str; 3] = ["persistence", "services", "server"];

/// The program's own sources, without those of tests.
fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for name in CRATES {
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates").join(name).join("src"), &mut found);
    }
    found
}

fn collect(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).expect("sources") {
        let path = entry.expect("a file").path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if name.contains("test") {
            continue;
        }
        if path.is_dir() {
            collect(&path, found);
        } else if name.ends_with(".rs") {
            let text = std::fs::read_to_string(&path).expect("a source");
            found.push((path, text));
        }
    }
}

/// What begins those of whoever acts for the shop, once for all of them: its callers are looked at instead.
const AUDITED: &str = "services/src/audit/tx.rs";
/// Where everything that is written says in the audit log what it was.
const ROOMS_OF_STAFF: [&str; 4] =
    ["services/src/staff/", "services/src/admin/", "services/src/media/", "services/src/doctor/"];
/// What is not done by anybody on the staff: links that strangers ask for, and sign-ins that still wait.
const OF_STRANGERS: [&str; 2] = ["services/src/staff/recover.rs", "services/src/staff/sign_in.rs"];

/// The functions that begin a transaction with nobody to begin it anew, as `file: function`.
fn left_alone(sources: &[(PathBuf, String)]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in sources.iter().filter(|(path, _)| !path.ends_with(AUDITED)) {
        let (mut function, mut in_retrying) = ("", false);
        for line in text.lines() {
            if let Some((_, rest)) = line.split_once("fn ") {
                function = rest.split(['(', '<']).next().unwrap_or_default();
                in_retrying = false;
            }
            in_retrying |= line.contains("retrying(|| async {");
            let begins = line.contains(".write(Durability::")
                || line.contains(".write_one(Durability::")
                || line.contains("AuditedTx::begin");
            let retried = [format!("retrying(|| {function}("), format!("retrying(|| self.{function}(")];
            // A name is its file's own.
            if begins && !in_retrying && !retried.iter().any(|call| text.contains(call)) {
                found.push(format!("{}: {function}", path.display()));
            }
        }
    }
    found
}

#[test]
fn every_transaction_begins_anew_when_it_must() {
    let sources = sources();
    let transactions = sources.iter().map(|(_, text)| text.matches("(Durability::").count()).sum::<usize>();
    assert!(transactions > 20, "they are where they are looked for: {transactions}");
    assert_eq!(left_alone(&sources), Vec::<String>::new());
}

/// Transactions of staff of which the audit log would say nothing.
fn unaudited(sources: &[(PathBuf, String)]) -> Vec<String> {
    let is_in = |path: &Path, places: &[&str]| {
        let path = path.display().to_string();
        places.iter().any(|place| path.contains(place))
    };
    let of_staff = sources
        .iter()
        .filter(|(path, _)| is_in(path, &ROOMS_OF_STAFF) && !is_in(path, &OF_STRANGERS))
        .filter(|(_, text)| text.contains("(Durability::"));
    of_staff.map(|(path, _)| path.display().to_string()).collect()
}

#[test]
fn whatever_staff_write_is_audited() {
    let sources = sources();
    let audited = sources.iter().map(|(_, text)| text.matches("AuditedTx::begin").count()).sum::<usize>();
    assert!(audited > 20, "they are where they are looked for: {audited}");
    assert_eq!(unaudited(&sources), Vec::<String>::new());
    let past = "let tx = db.write(Durability::Full).await?;".to_owned();
    let file = PathBuf::from("crates/services/src/admin/refund.rs");
    assert_eq!(unaudited(&[(file, past)]), ["crates/services/src/admin/refund.rs"]);
}

/// An import writes in many transactions, so what it says of itself is beside them: whoever starts one has to say who they are.
#[test]
fn whoever_imports_is_in_the_log() {
    let sources = sources();
    let imports: Vec<_> = sources.iter().filter(|(_, text)| text.contains("ImportProducts::new(")).collect();
    assert!(!imports.is_empty(), "they are where they are looked for");
    for (path, text) in imports {
        assert!(text.contains(".witnessed("), "{}", path.display());
    }
}

#[test]
fn one_that_does_not_is_noticed() {
    let file = |text: &str| vec![(PathBuf::from("a.rs"), text.to_owned())];
    let alone = "async fn pay() {\n let tx = db.write(Durability::Full).await?;\n}";
    assert_eq!(left_alone(&file(alone)), ["a.rs: pay"]);
    let audited = "async fn refund() {\n let audited = AuditedTx::begin(&self.0, by).await?;\n}";
    assert_eq!(left_alone(&file(audited)), ["a.rs: refund"]);
    assert_eq!(
        left_alone(&file(&format!("{alone}\nfn run() {{ retrying(|| pay()).await }}"))),
        Vec::<String>::new()
    );
    let inline = "fn run() {\n retrying(|| async {\n let tx = db.write(Durability::Full).await?;\n";
    assert_eq!(left_alone(&file(inline)), Vec::<String>::new());
}
