//! Which packages, at which version, with which checksum, and which of their files are served under which name.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha512};

use crate::Missing;

/// One package of the npm registry.
pub(crate) struct Package {
    name: &'static str,
    version: &'static str,
    /// Subresource-integrity form of the tarball's checksum, as `npm view NAME@VERSION dist.integrity` prints it.
    integrity: &'static str,
    /// (path inside the tarball's `package/` folder, name it is served by)
    files: &'static [(&'static str, &'static str)],
}

/// GraphiQL 4 is the last line with a build that runs from plain script tags and needs no worker; React 18 is
/// the last with such a build. Later ones want a bundler, and with it hundreds of packages in our build.
pub(crate) const ALL: &[Package] = &[
    Package {
        name: "graphiql",
        version: "4.1.2",
        integrity: "sha512-rNlzQIAzm6i2KBXmVQWBgLvt0TloxFVB2d18bukvdsvjEuFDHsKx5IVOomL1W1o5WW+tE54+ioHb2AEKzO2cUg==",
        files: &[
            ("graphiql.min.js", "graphiql.js"),
            ("graphiql.min.css", "graphiql.css"),
            ("LICENSE", "graphiql.LICENSE"),
        ],
    },
    Package {
        name: "react",
        version: "18.3.1",
        integrity: "sha512-wS+hAgJShR0KhEvPJArfuPVN1+Hz1t0Y6n5jLrGQbkb4urgPE/0Rve+1kMB1v/oWgHgm4WIcV+i7F2pTVj+2iQ==",
        files: &[("umd/react.production.min.js", "react.js"), ("LICENSE", "react.LICENSE")],
    },
    Package {
        name: "react-dom",
        version: "18.3.1",
        integrity: "sha512-5m4nQKp+rZRb09LNH59GM4BxTh9251/ylbKIbpe7TpGxfJ+9kv6BLkLBXIjjspbgbnIBNqlI23tRnTWT0snUIw==",
        files: &[("umd/react-dom.production.min.js", "react-dom.js"), ("LICENSE", "react-dom.LICENSE")],
    },
];

/// Their licences in one file: whoever serves the code must hand on the notice.
const LICENSES: &str = "licenses.txt";

impl Package {
    /// `name@version`, as npm's command line takes it.
    pub(crate) fn spec(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }

    /// Checks the tarball that npm left in `folder` and writes the files we serve beside it.
    pub(crate) fn unpack(&self, folder: &Path) -> Result<(), Missing> {
        let path = folder.join(format!("{}-{}.tgz", self.name, self.version));
        let tarball = fs::read(&path)?;
        if self.integrity != format!("sha512-{}", STANDARD.encode(Sha512::digest(&tarball))) {
            return Err(Missing::WrongChecksum(self.spec()));
        }
        let mut wanted: BTreeMap<_, _> = self.files.iter().copied().collect();
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(tarball.as_slice()));
        for entry in archive.entries()? {
            if wanted.is_empty() {
                break;
            }
            let mut entry = entry?;
            let inner = entry.path()?.to_string_lossy().replace('\\', "/");
            let Some(served) = inner.strip_prefix("package/").and_then(|file| wanted.remove(file)) else {
                continue;
            };
            let mut text = String::new();
            entry.read_to_string(&mut text)?;
            fs::write(folder.join(served), without_source_map(&text))?;
        }
        if let Some(file) = wanted.keys().next() {
            return Err(Missing::Unreachable(format!("{} holds no {file}", self.spec())));
        }
        fs::remove_file(path)?;
        Ok(())
    }
}

/// The names under which the packages' files are served.
pub(crate) fn served_names() -> impl Iterator<Item = &'static str> {
    let files = ALL.iter().flat_map(|package| package.files).map(|(_, served)| *served);
    files.filter(|name| !name.ends_with(".LICENSE")).chain([LICENSES])
}

/// What decides the outcome of a fetch, as text: a changed pin or file list makes an earlier outcome stale.
pub(crate) fn recipe() -> String {
    ALL.iter()
        .map(|package| format!("{} {} {:?}\n", package.spec(), package.integrity, package.files))
        .collect()
}

/// Puts the packages' licences into one file.
pub(crate) fn write_licenses(folder: &Path) -> std::io::Result<()> {
    let mut all = String::from("This page is made of these packages of the npm registry.\n");
    for package in ALL {
        let text = fs::read_to_string(folder.join(format!("{}.LICENSE", package.name)))?;
        all.push_str(&format!("\n---- {}\n\n{text}", package.spec()));
    }
    fs::write(folder.join(LICENSES), all)
}

/// Drops the trailing pointer to a source map that is not served, so that no browser asks for it.
fn without_source_map(text: &str) -> &str {
    match text.trim_end().rsplit_once('\n') {
        Some((code, last)) if last.starts_with("//# sourceMappingURL=") => code,
        _ => text,
    }
}
