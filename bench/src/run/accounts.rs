//! Accounts: how many sign in side by side and what memory that takes, and what it costs to check a token.

use super::{Bench, place::Place, server::Shop};
use crate::{
    load::Figures,
    report::{SignIns, TokenCheck},
    scenario,
};
use anyhow::{Context, bail, ensure};
use serde::Deserialize;
use std::{path::Path, time::Duration};

/// Customers who sign in at once, over and over.
const AT_ONCE: usize = 200;
/// For so long.
const LENGTH: Duration = Duration::from_secs(10);

/// Has customers sign in at an empty shop of its own: the memory that hashes take must not be counted as that of lists.
///
/// # Errors
/// The server does not answer as it should.
pub(super) fn sign_ins(bench: &Bench<'_>, scratch: &Path) -> anyhow::Result<SignIns> {
    eprintln!("accounts: {AT_ONCE} make one and sign in");
    let place = Place::embedded(scratch.join("accounts"));
    let shop = Shop::start_behind_proxy(bench, &["serve"], &place)?;
    let before = shop.memory()?.resident;
    let mails = place.data.join("mail");
    let mut crew = scenario::signing_in(&bench.runtime, shop.address(), &mails, AT_ONCE)?;
    crew.prepare(&bench.runtime, AT_ONCE)?;
    let slice = crew.slice(&bench.runtime, AT_ONCE, LENGTH)?;
    let peak = shop.memory()?.peak;
    shop.stop()?;
    Ok(SignIns { at_once: AT_ONCE, figures: Figures::of(&[slice]), before, peak })
}

/// What the example prints.
#[derive(Deserialize)]
struct Printed {
    first_us: f64,
    again_us: f64,
    mean_of_100_uses_us: f64,
}

/// Measures how long the check of an access token takes, by the program that stands beside the code that checks.
///
/// # Errors
/// It was not built, or fails.
pub(super) fn token_check(bench: &Bench<'_>) -> anyhow::Result<TokenCheck> {
    eprintln!("accounts: checking tokens");
    let program = &bench.args.token_check;
    if !program.exists() {
        let program = program.display();
        bail!(
            "{program} is not there: build it with `cargo build --release -p stoa-auth --example token_check`"
        );
    }
    let output =
        bench.cores.on_server_core(program).output().context("the check of tokens does not start")?;
    ensure!(output.status.success(), "the check of tokens: {}", String::from_utf8_lossy(&output.stderr));
    let printed: Printed = serde_json::from_slice(&output.stdout).context("the check of tokens")?;
    let micros = |us: f64| Duration::from_secs_f64(us / 1e6);
    Ok(TokenCheck {
        first: micros(printed.first_us),
        again: micros(printed.again_us),
        mixed: micros(printed.mean_of_100_uses_us),
    })
}
