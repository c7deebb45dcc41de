//! Gets GraphiQL for this build: three packages from the npm registry by name, version and checksum, unpacked,
//! compressed and written to `OUT_DIR` as the table of assets that `src/asset.rs` includes.
//!
//! A build without npm, or without a network, goes on without them and says so: once as a warning here, and on the
//! page that is served in their place. Nothing is fetched twice: what was unpacked stays in `OUT_DIR`, and this
//! script runs again only when its own files or `STOA_GRAPHIQL` change.

#![expect(clippy::print_stdout, reason = "standard output is how a build script talks to cargo")]

mod embed;
mod npm;
mod packages;

use std::path::{Path, PathBuf};
use std::{env, fs};

/// The switch: `auto` (the default) tries and goes on without, `off` does not try, `require` fails the build.
const SWITCH: &str = "STOA_GRAPHIQL";

/// What we wrote ourselves and serve beside the packages: (path under `src/`, name it is served by).
const OWN: &[(&str, &str)] = &[
    ("assets/boot.js", "boot.js"),
    ("assets/events.js", "events.js"),
    ("assets/guide.js", "guide.js"),
    ("assets/page.css", "page.css"),
    ("assets/icon.svg", "icon.svg"),
    ("buy.graphql", "buy.graphql"),
    ("buy.variables.json", "buy.variables.json"),
];

/// Why the packages are not in this build; the reasons that the page can give, without this machine's details.
#[derive(Debug)]
enum Missing {
    SwitchedOff,
    NoNpm,
    Unreachable(String),
    WrongChecksum(String),
}

impl From<std::io::Error> for Missing {
    fn from(error: std::io::Error) -> Self {
        Self::Unreachable(error.to_string())
    }
}

impl Missing {
    /// The variant of `crate::Fetched` that stands for this reason.
    fn variant(&self) -> &'static str {
        match self {
            Self::SwitchedOff => "SwitchedOff",
            Self::NoNpm => "NoNpm",
            Self::Unreachable(_) => "Unreachable",
            Self::WrongChecksum(_) => "WrongChecksum",
        }
    }

    fn explain(&self) -> String {
        match self {
            Self::SwitchedOff => format!("{SWITCH}=off"),
            Self::NoNpm => "npm is not on the PATH (it comes with Node.js)".to_owned(),
            Self::Unreachable(why) => format!("npm could not fetch them: {why}"),
            Self::WrongChecksum(package) => format!("{package} is not the file whose checksum is pinned"),
        }
    }
}

fn main() -> std::io::Result<()> {
    println!("cargo:rerun-if-changed=build");
    println!("cargo:rerun-if-env-changed={SWITCH}");
    for (path, _) in OWN {
        println!("cargo:rerun-if-changed=src/{path}");
    }

    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let switch = env::var(SWITCH).unwrap_or_default();
    if !["", "auto", "off", "require"].contains(&switch.as_str()) {
        stop(&format!("{SWITCH} is auto, off or require, not {switch:?}"));
    }
    let fetched = if switch == "off" { Err(Missing::SwitchedOff) } else { fetch(&out.join("npm")) };

    let mut table = embed::Table::new(&out)?;
    for (path, name) in OWN {
        table.add(name, &fs::read(Path::new("src").join(path))?)?;
    }
    match fetched {
        Ok(folder) => {
            for name in packages::served_names() {
                table.add(name, &fs::read(folder.join(name))?)?;
            }
            table.finish("Embedded")
        }
        Err(missing) => {
            if switch == "require" {
                stop(&format!("{SWITCH}=require, and GraphiQL is missing: {}", missing.explain()));
            }
            if !matches!(missing, Missing::SwitchedOff) {
                println!("cargo:warning=built without GraphiQL: {}", missing.explain());
                println!(
                    "cargo:warning=/graphiql will say how to get it; {SWITCH}=require tries again, =off is quiet"
                );
            }
            table.finish(missing.variant())
        }
    }
}

/// Fails the build with a reason.
fn stop(reason: &str) -> ! {
    println!("cargo:error={reason}");
    std::process::exit(1);
}

/// The folder with the unpacked files: the one of an earlier run when it is complete, otherwise fetched now.
fn fetch(folder: &Path) -> Result<PathBuf, Missing> {
    let stamp = folder.join("complete");
    let recipe = packages::recipe();
    if fs::read_to_string(&stamp).is_ok_and(|found| found == recipe) {
        return Ok(folder.to_owned());
    }
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    npm::pack(folder)?;
    for package in packages::ALL {
        package.unpack(folder)?;
    }
    packages::write_licenses(folder)?;
    fs::write(stamp, recipe)?;
    Ok(folder.to_owned())
}
