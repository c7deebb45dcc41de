//! The fuzzer's binaries, compiled here as the tests are: a target that is renamed or takes something else does not leave them behind.
//!
//! They are of a workspace of their own, `fuzz/`, with counters in every branch: to build that takes everything anew and minutes. So their
//! sources are read here, with a macro in the place of libFuzzer's that makes a function of each. What that does not see is libFuzzer
//! itself, which `fuzz/Cargo.lock` holds still.

use std::{fs, io, path::Path};
use stoa_fuzzing::TARGETS;

extern crate self as libfuzzer_sys;

/// What libFuzzer makes a program of.
#[macro_export]
macro_rules! fuzz_target {
    (|$input:ident: &[u8]| $call:expr) => {
        pub(crate) fn run($input: &[u8]) {
            $call;
        }
    };
}

macro_rules! binaries {
    ($($name:ident: $path:literal,)+) => {
        $(
            #[allow(unused_attributes, reason = "there it is a program's")]
            #[path = $path]
            mod $name;
        )+

        /// Every binary, by its target.
        const BINARIES: &[(&str, fn(&[u8]))] = &[$((stringify!($name), $name::run)),+];
    };
}

binaries! {
    csv: "../../../fuzz/targets/csv.rs",
    document: "../../../fuzz/targets/document.rs",
    gid_cursor: "../../../fuzz/targets/gid_cursor.rs",
    jwt: "../../../fuzz/targets/jwt.rs",
    search_query: "../../../fuzz/targets/search_query.rs",
    webhook: "../../../fuzz/targets/webhook.rs",
}

#[test]
fn every_target_has_a_binary_that_compiles_and_runs() -> io::Result<()> {
    let names: Vec<&str> = BINARIES.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, TARGETS.map(|(name, _)| name));
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/Cargo.toml");
    let manifest = fs::read_to_string(manifest)?;
    for (name, run) in BINARIES {
        assert!(manifest.contains(&format!("path = \"targets/{name}.rs\"")), "{name} is built");
        run(b"");
    }
    Ok(())
}
