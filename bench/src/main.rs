//! `stoa-bench`: the bench driver, and the plain route it compares with. `make bench` runs it.
//!
//! The server is a release build that is started as anybody would start it and asked over HTTP; nothing of it is linked in
//! here. See `run` for what happens in which order and `scenario` for what is asked.

mod catalogue;
mod cli;
mod client;
mod load;
mod plain;
mod process;
mod random;
mod report;
mod run;
mod scenario;

use catalogue::Catalogue;
use clap::Parser;
use cli::{Cli, Command};
use std::process::ExitCode;

// The server's allocator: the plain route is to have no other.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match act(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("stoa-bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn act(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Run(args) => run::run(&args),
        Command::Load(args) => run::load(&args),
        Command::Generate(args) => {
            let catalogue = Catalogue { ordinary: args.products, deep: args.deep };
            let bytes = catalogue::write(catalogue, &args.out)?;
            eprintln!("{}: {bytes} bytes", args.out.display());
            Ok(())
        }
        Command::Plain(args) => plain::serve(args.listen),
    }
}
