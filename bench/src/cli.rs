//! What can be typed after `stoa-bench`.

use crate::scenario::Scenario;
use clap::{Args, Parser, Subcommand};
use std::{net::SocketAddr, path::PathBuf};

/// Measures a release build of stoa beside a plain route, and writes the figures down.
#[derive(Debug, Parser)]
#[command(version, about)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Measure everything and write the report.
    Run(RunArgs),
    /// Send one kind of request to a server that is running already, to look at it with a profiler.
    Load(LoadArgs),
    /// Write the made-up catalogue as a Shopify product CSV.
    Generate(GenerateArgs),
    /// Serve the plain route that everything is compared with.
    Plain(PlainArgs),
}

/// What to measure.
#[derive(Args, Debug)]
pub(crate) struct RunArgs {
    /// The server's program, a release build.
    #[arg(long, value_name = "FILE", default_value = "target/release/stoa")]
    pub(crate) stoa: PathBuf,
    /// What measures the check of a token: an example of the crate that checks, a release build.
    #[arg(long, value_name = "FILE", default_value = "target/release/examples/token_check")]
    pub(crate) token_check: PathBuf,
    /// Where criterion has put down what pricing a cart costs.
    #[arg(long, value_name = "FOLDER", default_value = "target/criterion")]
    pub(crate) pricing: PathBuf,
    /// Where the report goes; without it, to standard output.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Sizes of the catalogue, in products of 3 variants. The import of the largest is reported.
    #[arg(long, value_delimiter = ',', default_value = "1000,100000")]
    pub(crate) sizes: Vec<u32>,
    /// Only some of what shoppers do.
    #[arg(long, value_delimiter = ',', value_name = "SCENARIO")]
    pub(crate) only: Vec<Scenario>,
    /// Connections at once.
    #[arg(long, default_value_t = 16)]
    pub(crate) connections: usize,
    /// Slices of each kind, one in each round.
    #[arg(long, default_value_t = 5)]
    pub(crate) rounds: usize,
    /// Seconds of each slice; the slice of the plain route beside it is half as long.
    #[arg(long, default_value_t = 2.0)]
    pub(crate) seconds: f64,
    /// A Postgres to measure as well, beside a Redis: the URL of a database that is empty, `{size}` in it standing for the
    /// number of products.
    #[arg(long, value_name = "URL", requires = "redis")]
    pub(crate) postgres: Option<String>,
    /// That Redis.
    #[arg(long, value_name = "URL", requires = "postgres")]
    pub(crate) redis: Option<String>,
    /// Keep the imported catalogues in this folder and use those that are there already: their import is then not measured.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) keep: Option<PathBuf>,
}

/// What to send.
#[derive(Args, Debug)]
pub(crate) struct LoadArgs {
    /// What shoppers do.
    pub(crate) scenario: Scenario,
    /// Where the server listens.
    #[arg(long, default_value = "127.0.0.1:3000")]
    pub(crate) address: SocketAddr,
    /// Where a sandbox listens that runs by itself; without it, the server's own takes the payments.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) pays_at: Option<SocketAddr>,
    /// Sign in, each connection to an account of its own: the folder into which the server puts its mails. It has to believe
    /// 127.0.0.1 as a proxy (`server.trusted_proxies`).
    #[arg(long, value_name = "FOLDER", required_if_eq("scenario", "sign-in"))]
    pub(crate) mails: Option<PathBuf>,
    /// Products of 3 variants that it has imported from `generate`.
    #[arg(long, default_value_t = 1_000)]
    pub(crate) products: u32,
    /// Products of 10 variants, imported after those.
    #[arg(long, default_value_t = crate::catalogue::DEEP)]
    pub(crate) deep: u32,
    /// Connections at once.
    #[arg(long, default_value_t = 16)]
    pub(crate) connections: usize,
    /// Seconds.
    #[arg(long, default_value_t = 10.0)]
    pub(crate) seconds: f64,
}

/// What to write.
#[derive(Args, Debug)]
pub(crate) struct GenerateArgs {
    /// Products of 3 variants.
    #[arg(long, default_value_t = 1_000)]
    pub(crate) products: u32,
    /// Products of 10 variants.
    #[arg(long, default_value_t = 0)]
    pub(crate) deep: u32,
    /// The file.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

/// Where to serve.
#[derive(Args, Debug)]
pub(crate) struct PlainArgs {
    /// Address and port; port 0 takes any, and the address is printed.
    #[arg(long, default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
}
