//! `stoa demo`: a shop to look around in.

mod owner;

use super::serve::{StopSignal, until_told};
use crate::{
    app::{App, Options, open_shop},
    config::Config,
    telemetry,
};
use anyhow::Context;
use owner::DemoOwner;
use secrecy::ExposeSecret;
use std::{io::Write, process::ExitCode};
use stoa_services::catalog::demo::{self, Seeded};

pub(super) async fn run(config: Config) -> anyhow::Result<ExitCode> {
    let traces = telemetry::init_server(&config)?;
    let stop = StopSignal::listen()?;
    let data_dir = config.data_dir.display().to_string();
    let db = open_shop(&config).await?;
    let mut options = Options::new(config);
    let currency = options.config.settings.currency;
    let seeded = demo::seed(&db, &*options.clock, &*options.ids, currency)
        .await
        .context("the demo catalogue cannot be loaded")?;
    options.db = Some(db);
    let app = Box::pin(App::start(options)).await?;
    let owner = owner::find_or_make(&app, seeded.new).await.context("the demo shop gets no owner")?;
    greet(&app, &seeded, &owner, &data_dir)?;
    until_told(app, stop, traces).await
}

fn greet(app: &App, seeded: &Seeded, owner: &DemoOwner, data_dir: &str) -> std::io::Result<()> {
    let base = app.public_url().as_str().trim_end_matches('/');
    let Seeded { products, collections, new, show } = seeded;
    let found = if *new { "new" } else { "found again" };
    let mut out = std::io::stdout().lock();
    writeln!(out, "A demo shop: {products} products in {collections} collections ({found} in {data_dir})\n")?;
    writeln!(out, "  GraphQL    {base}/graphql")?;
    writeln!(out, "  GraphiQL   {base}/graphiql")?;
    writeln!(out, "  A product  {base}/products/{show}   put it into the cart and buy it")?;
    match owner {
        DemoOwner::New(password) => {
            writeln!(out, "\nThe owner signs in (staffSignIn) with this, which is shown this once:\n")?;
            writeln!(out, "  Address    {}", owner::EMAIL)?;
            writeln!(out, "  Password   {}", password.expose_secret())?;
        }
        DemoOwner::Known => {
            writeln!(out, "\nThe owner is {0}; `stoa staff reset {0}` gives a new password.", owner::EMAIL)?;
        }
        DemoOwner::Another => {}
    }
    if app.sandbox().is_some() {
        writeln!(out, "\nNo money moves: card 4242 4242 4242 4242 pays, 4000 0000 0000 0002 is declined.")?;
    }
    if app.public_url().scheme() == "http" {
        writeln!(
            out,
            "Safari keeps no cart here: use another browser, or set tls.certificate (its cookies need https)."
        )?;
    }
    writeln!(out, "Ctrl-C stops.")?;
    out.flush()
}
