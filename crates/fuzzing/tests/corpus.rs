//! Every target holds for every file of the corpus, for what becomes of a file that is cut, changed and put together with another,
//! and for anything else.

use proptest::{
    prelude::*,
    sample::Index,
    test_runner::{Config, TestCaseError, TestRunner},
};
use std::{fs, io, path::Path};
use stoa_fuzzing::{TARGETS, Target};

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus");
/// How many inputs each kind of test makes up. The fuzzer tries thousands a second; here they need only not to be forgotten.
const CASES: u32 = 96;

type Corpus = Vec<(String, Vec<u8>)>;

/// The files of a target, by name.
fn corpus(target: &str) -> io::Result<Corpus> {
    let mut files = Vec::new();
    for file in fs::read_dir(Path::new(CORPUS).join(target))? {
        let file = file?;
        files.push((file.file_name().to_string_lossy().into_owned(), fs::read(file.path())?));
    }
    files.sort();
    Ok(files)
}

/// A change that a fuzzer would make.
#[derive(Clone, Debug)]
enum Edit {
    /// What lies between two places goes.
    Cut(Index, Index),
    /// A byte is another one.
    Put(Index, u8),
    /// These come in.
    Insert(Index, Vec<u8>),
    /// From here on it is another file, from there on.
    Splice(Index, Index, Index),
    /// What lies between two places comes twice.
    Repeat(Index, Index),
}

fn edit() -> impl Strategy<Value = Edit> {
    let at = any::<Index>;
    prop_oneof![
        (at(), at()).prop_map(|(from, to)| Edit::Cut(from, to)),
        (at(), any::<u8>()).prop_map(|(place, byte)| Edit::Put(place, byte)),
        (at(), tokens()).prop_map(|(place, bytes)| Edit::Insert(place, bytes)),
        (at(), at(), at()).prop_map(|(place, other, from)| Edit::Splice(place, other, from)),
        (at(), at()).prop_map(|(from, to)| Edit::Repeat(from, to)),
    ]
}

/// Signs that mean something to somebody, among others.
fn tokens() -> impl Strategy<Value = Vec<u8>> {
    let signs = prop::sample::select(vec![
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "\"",
        "\"\"\"",
        "\\u0000",
        "\\ud800",
        "\0",
        "@defer",
        "@include(if: true)",
        "...",
        "$",
        "!",
        ":",
        "*",
        "-",
        " OR ",
        " NOT ",
        "\"\"",
        ",",
        "\r\n",
        "\n",
        "\u{feff}",
        "=",
        ".",
        "-1",
        "9223372036854775808",
        "1e999",
        "null",
        "true",
        "gid://stoa/Cart/",
        "%",
        "%00",
        "\u{202e}",
        "'",
        ";--",
    ]);
    prop_oneof![
        4 => prop::collection::vec(signs, 1..4).prop_map(|signs| signs.concat().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..8),
    ]
}

fn apply(edit: &Edit, bytes: &mut Vec<u8>, files: &Corpus) {
    let place = |index: &Index, bytes: &[u8]| index.index(bytes.len() + 1);
    let between = |a: &Index, b: &Index, bytes: &[u8]| {
        let (a, b) = (place(a, bytes), place(b, bytes));
        (a.min(b), a.max(b))
    };
    match edit {
        Edit::Cut(a, b) => {
            let (from, to) = between(a, b, bytes);
            bytes.drain(from..to);
        }
        Edit::Put(at, byte) => {
            let at = place(at, bytes);
            if let Some(changed) = bytes.get_mut(at) {
                *changed = *byte;
            }
        }
        Edit::Insert(at, more) => {
            let at = place(at, bytes);
            bytes.splice(at..at, more.iter().copied());
        }
        Edit::Splice(at, other, from) => {
            bytes.truncate(place(at, bytes));
            let (_, other) = &files[other.index(files.len())];
            bytes.extend(&other[place(from, other)..]);
        }
        Edit::Repeat(a, b) => {
            let (from, to) = between(a, b, bytes);
            // Twice and not without end: what is long is tried elsewhere.
            let again: Vec<u8> = bytes[from..to].iter().take(1_000).copied().collect();
            bytes.splice(to..to, again);
        }
    }
}

/// Whether a target holds for a file: its own words where it does not, so that proptest can look for a smaller one.
fn holds(target: Target, input: &[u8]) -> Result<(), TestCaseError> {
    let outcome = std::panic::catch_unwind(|| target(input));
    outcome.map_err(|_| TestCaseError::fail(String::from_utf8_lossy(input).into_owned()))
}

fn target(name: &str) -> Target {
    let found = TARGETS.into_iter().find(|(target, _)| *target == name);
    found.unwrap_or_else(|| panic!("there is no target {name}")).1
}

/// Runs a target on its corpus, on what becomes of it, and on anything.
fn try_everything(name: &str) -> io::Result<()> {
    let (files, target) = (corpus(name)?, target(name));
    for (file, input) in &files {
        assert!(holds(target, input).is_ok(), "fuzz/corpus/{name}/{file}");
    }
    let mut runner = TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() });
    let changed = (any::<Index>(), prop::collection::vec(edit(), 1..6));
    let held = runner.run(&changed, |(file, edits)| {
        let mut input = files[file.index(files.len())].1.clone();
        edits.iter().for_each(|edit| apply(edit, &mut input, &files));
        holds(target, &input)
    });
    assert!(held.is_ok(), "{name}, changed: {held:?}");
    let anything = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..300),
        prop::collection::vec(tokens(), 0..20).prop_map(|tokens| tokens.concat()),
        any::<String>().prop_map(String::into_bytes),
    ];
    let held = runner.run(&anything, |input| holds(target, &input));
    assert!(held.is_ok(), "{name}, made up: {held:?}");
    Ok(())
}

#[test]
fn no_document_breaks_the_shop() -> io::Result<()> {
    try_everything("document")
}

#[test]
fn no_webhook_breaks_the_shop_or_is_believed_unsigned() -> io::Result<()> {
    try_everything("webhook")
}

#[test]
fn no_product_file_breaks_the_import() -> io::Result<()> {
    try_everything("csv")
}

#[test]
fn no_id_and_no_cursor_breaks_the_shop() -> io::Result<()> {
    try_everything("gid_cursor")
}

#[test]
fn no_token_breaks_the_shop_or_is_believed_unsigned() -> io::Result<()> {
    try_everything("jwt")
}

#[test]
fn no_search_breaks_the_shop() -> io::Result<()> {
    try_everything("search_query")
}

/// A file in a folder that is nobody's is never read, and a target without files begins with nothing.
#[test]
fn every_target_has_a_corpus_and_a_binary() -> io::Result<()> {
    let mut folders: Vec<String> = Vec::new();
    for folder in fs::read_dir(CORPUS)? {
        folders.push(folder?.file_name().to_string_lossy().into_owned());
    }
    folders.sort();
    assert_eq!(folders, TARGETS.map(|(name, _)| name));
    for (name, _) in TARGETS {
        assert!(corpus(name)?.len() >= 5, "{name} has a corpus");
        let binary = fs::read_to_string(Path::new(CORPUS).join(format!("../targets/{name}.rs")))?;
        assert!(binary.contains(&format!("stoa_fuzzing::{name}(input)")), "{binary}");
    }
    Ok(())
}

/// The net has no hole: a target that panics is one that does not hold.
#[test]
fn a_promise_that_is_broken_is_noticed() {
    let broken: Target = |input| assert!(input.len() < 3, "three bytes are too many");
    assert!(holds(broken, b"ab").is_ok());
    assert!(holds(broken, b"abc").is_err());
}
