//! Writes the page and its assets to a folder, with the policy they are to be served under beside them: for looking
//! at the page without the shop. `cargo run -p stoa-graphiql --example export -- FOLDER [ENDPOINT]`

use std::path::PathBuf;
use std::{env, fs, io};

use stoa_graphiql::{CSP, PageOptions, assets, page};

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let folder = arguments.next().map(PathBuf::from);
    let folder = folder.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "which folder?"))?;
    let endpoint = arguments.next().unwrap_or_else(|| "/graphql".to_owned());

    let below = folder.join("graphiql");
    fs::create_dir_all(&below)?;
    fs::write(
        below.join("index.html"),
        page(&PageOptions { endpoint: &endpoint, ..PageOptions::default() }),
    )?;
    for asset in assets() {
        fs::write(below.join(asset.path), asset.bytes)?;
    }
    fs::write(folder.join("content-security-policy.txt"), CSP)
}
