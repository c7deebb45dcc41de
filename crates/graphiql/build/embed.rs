//! Writes each asset and its compressed form to `OUT_DIR`, and the Rust table that embeds them.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha512};

/// The generated source, while it grows.
pub(crate) struct Table<'a> {
    out: &'a Path,
    entries: String,
}

impl<'a> Table<'a> {
    pub(crate) fn new(out: &'a Path) -> std::io::Result<Self> {
        fs::create_dir_all(out.join("embedded"))?;
        Ok(Self { out, entries: String::new() })
    }

    /// Takes one asset in: its bytes, a gzip of them when that is smaller, and a version made of its content.
    pub(crate) fn add(&mut self, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        let version: String =
            Sha512::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let folder = self.out.join("embedded");
        fs::write(folder.join(name), bytes)?;

        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes)?;
        let gzip = encoder.finish()?;
        let gzip = if gzip.len() < bytes.len() {
            fs::write(folder.join(format!("{name}.gz")), gzip)?;
            format!("Some(include_bytes!(concat!(env!(\"OUT_DIR\"), \"/embedded/{name}.gz\")))")
        } else {
            "None".to_owned()
        };
        let entry = format!(
            "    Asset {{\n        path: {name:?},\n        bytes: include_bytes!(concat!(env!(\"OUT_DIR\"), \
             \"/embedded/{name}\")),\n        gzip: {gzip},\n        content_type: {:?},\n        version: \
             {version:?},\n        etag: \"W/\\\"{version}\\\"\",\n    }},\n",
            content_type(name)
        );
        self.entries.push_str(&entry);
        Ok(())
    }

    /// Writes the table, with what became of the fetch.
    pub(crate) fn finish(self, fetched: &str) -> std::io::Result<()> {
        let mut source = String::new();
        let _ = writeln!(source, "pub(crate) const FETCHED: Fetched = Fetched::{fetched};");
        let _ = writeln!(source, "pub(crate) static ASSETS: &[Asset] = &[\n{}];", self.entries);
        fs::write(self.out.join("assets.rs"), source)
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        // the registered type application/graphql is not shown by browsers; this file is there to be read
        _ => "text/plain; charset=utf-8",
    }
}
