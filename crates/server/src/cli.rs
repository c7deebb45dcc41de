//! What can be typed after `stoa`.

use clap::{Args, Parser, Subcommand};
use std::{net::SocketAddr, path::PathBuf};
use stoa_domain::audit::{Hash, Head};
use url::Url;

/// A self-hosted shop: one program, one GraphQL endpoint.
#[derive(Debug, Parser)]
#[command(
    version,
    about,
    after_help = "\
To look around:        stoa demo              (a shop with a catalogue and play money)
To sell in earnest:    stoa import products.csv
                       STOA_STRIPE__SECRET_KEY=sk_… STOA_STRIPE__PUBLISHABLE_KEY=pk_… \\
                       STOA_STRIPE__WEBHOOK_SECRETS=whsec_… stoa serve
To see every setting:  stoa config

Settings come from defaults, then --config FILE, then the environment: STOA_SECTION__KEY,
such as STOA_SERVER__LISTEN=0.0.0.0:8080 or STOA_SHOP__CURRENCY=EUR."
)]
pub struct Cli {
    /// A settings file in TOML; `stoa config` prints one to begin with.
    #[arg(long, global = true, env = "STOA_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The folder for what is kept in files (default: stoa-data).
    #[arg(long, global = true, value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start a shop with a demo catalogue and play money; a second start finds its data again.
    Demo(ServeArgs),
    /// Start the server. Migrates the database first.
    Serve(ServeArgs),
    /// Bring the database's tables up to this version.
    Migrate(MigrateArgs),
    /// Print the GraphQL schema (SDL).
    Schema,
    /// Import products from Shopify product CSV files.
    ///
    /// Rows of one product share a handle; further rows add variants and images. A product that cannot be taken is refused
    /// alone, with file, line and reason, and the exit code is then 1. Importing a file twice changes nothing.
    Import(ImportArgs),
    /// List the jobs (mails, refunds, expiries) that failed too often and were given up.
    Jobs,
    /// Ask the gateway about payments that have been open for long, as the server does every ten minutes.
    Reconcile,
    /// Look for what is wrong: configuration, database, stock, orders, payments, jobs. Exits with 1 if anything is.
    ///
    /// Every finding says what it means and how to mend it. May be run beside a server, and reads a whole shop: minutes for a
    /// large one.
    Doctor(DoctorArgs),
    /// What is kept sealed: telephone numbers and addresses of customers, secrets of second factors, links on their way.
    Secrets(SecretsArgs),
    /// Who owns the shop, and what helps whoever cannot get in any more. May be run beside a server.
    Staff(StaffArgs),
    /// Ask the server on this machine whether it is ready, by the address of the configuration. Exits with 1 if it is not.
    Health(HealthArgs),
    /// Print every setting with its default, as a file to begin with.
    Config,
    /// Start the sandbox by itself: Stripe's stand-in for several servers, or for programs of your own. No money moves.
    ///
    /// It says which settings make a server use it. A server without Stripe keys has a sandbox of its own and needs none of this. Who
    /// pays by hand does so at /sandbox/pay/PAYMENT_INTENT?client_secret=…&return_url=… of this address: the shop's own page of payment
    /// loads Stripe's script, which pays at Stripe only.
    Sandbox(Box<SandboxArgs>),
}

/// How to start the server.
#[derive(Args, Debug)]
pub struct ServeArgs {
    /// Address and port to listen on (default: 127.0.0.1:3000).
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<String>,
}

/// How to start the sandbox.
#[derive(Args, Debug)]
pub struct SandboxArgs {
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4242")]
    pub listen: SocketAddr,
    /// Where it posts its events.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:3000/webhooks/stripe")]
    pub webhook: Url,
    /// What it signs them with, beginning with whsec_; without it something new at each start, which it says.
    #[arg(long, value_name = "SECRET")]
    pub webhook_secret: Option<String>,
    /// Where servers and browsers reach it, if not by the address it listens on.
    #[arg(long, value_name = "URL")]
    pub public_url: Option<Url>,
}

/// How to migrate.
#[derive(Args, Debug)]
pub struct MigrateArgs {
    /// Change nothing: name the steps that are missing, and exit with 1 if there are any.
    #[arg(long)]
    pub check: bool,
    /// Undo so many steps, the last ones: before an older program that cannot live with them is started again, by the program that
    /// applied them. Stop whoever uses them first.
    #[arg(long, value_name = "NUMBER", conflicts_with = "check", value_parser = clap::value_parser!(u32).range(1..))]
    pub down: Option<u32>,
    /// Undo them also where that loses what nothing brings back.
    #[arg(long, requires = "down")]
    pub lose_data: bool,
}

/// How to examine.
#[derive(Args, Debug)]
pub struct DoctorArgs {
    /// Mend what can be mended without a person's judgement.
    #[arg(long)]
    pub fix: bool,
    /// How many payments, the latest, are compared with the gateway's.
    #[arg(long, value_name = "NUMBER", default_value_t = 200)]
    pub payments: u64,
    /// An end of the audit log that was printed earlier and kept elsewhere: the log must still have that row. Only so it shows that the
    /// newest rows were taken away together with what the database says of its end.
    #[arg(long, value_name = "ROW:HASH", value_parser = audit_end)]
    pub audit_end: Option<Head>,
}

fn audit_end(text: &str) -> Result<Head, String> {
    let head = text.split_once(':').and_then(|(seq, hash)| {
        Some(Head { seq: seq.parse().ok().filter(|seq| *seq > 0)?, hash: Hash::parse(hash)? })
    });
    head.ok_or_else(|| "an end of the audit log is ROW:HASH, as `stoa doctor` prints it".to_owned())
}

/// What to do with what is sealed.
#[derive(Args, Debug)]
pub struct SecretsArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: SecretsCommand,
}

/// What to do with what is sealed.
#[derive(Debug, Subcommand)]
pub enum SecretsCommand {
    /// Seal anew, by the first of secrets.root_keys, what an older one has sealed, or what never was. Exits with 1 if anything is left.
    ///
    /// Once nothing is left and every instance has the new key as its first, the older ones may go. May be run beside a server, and
    /// again.
    Reseal,
}

/// What to do with the staff.
#[derive(Args, Debug)]
pub struct StaffArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: StaffCommand,
}

/// What to do with the staff.
#[derive(Debug, Subcommand)]
pub enum StaffCommand {
    /// Make somebody the shop's owner: print the link by which they choose a password.
    ///
    /// Whoever opens the link first has the shop. Again prints another link, and the one before works no more. Somebody who is on the staff
    /// already needs no link, and signs in as before.
    CreateOwner {
        /// Their e-mail address.
        #[arg(value_name = "EMAIL")]
        email: String,
        /// Give them the shop though it has an owner, who stays on the staff.
        #[arg(long)]
        replace: bool,
    },
    /// Print a link by which somebody on the staff chooses a new password, and which takes their second factor off. Ends their sign-ins.
    Reset {
        /// Their e-mail address.
        #[arg(value_name = "EMAIL")]
        email: String,
    },
    /// List who is on the staff.
    List,
}

/// What to ask.
#[derive(Args, Debug)]
pub struct HealthArgs {
    /// Only whether it is alive, which it is without its database.
    #[arg(long)]
    pub live: bool,
}

/// What to import.
#[derive(Args, Debug)]
pub struct ImportArgs {
    /// Product CSV files, as Shopify exports them.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}
