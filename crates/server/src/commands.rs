//! What each command does.

mod config;
mod demo;
mod doctor;
mod health;
mod import;
mod jobs;
mod migrate;
mod reconcile;
mod sandbox;
mod schema;
mod secrets;
mod serve;
mod staff;

use crate::{
    cli::{Cli, Command, SecretsArgs, SecretsCommand},
    config::{Config, read},
};
use anyhow::Context;
use std::process::ExitCode;

/// Does what was typed.
///
/// # Errors
/// It could not be done; the text is for the person who typed.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match &cli.command {
        // These need no configuration, so a broken one does not keep anybody from reading about it.
        Command::Config => return config::run(),
        Command::Schema => return schema::run(),
        _ => {}
    }
    let configuration = configuration(&cli)?;
    if let Command::Health(args) = &cli.command {
        return health::run(&configuration, args);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        // Debug builds of deep GraphQL documents need more than the 2 MiB a thread gets by default.
        .thread_stack_size(8 << 20)
        .build()
        .context("the runtime does not start")?;
    runtime.block_on(async {
        match cli.command {
            Command::Demo(_) => Box::pin(demo::run(configuration)).await,
            Command::Serve(_) => Box::pin(serve::run(configuration)).await,
            Command::Migrate(args) => migrate::run(&configuration, &args).await,
            Command::Import(files) => import::run(&configuration, &files.files).await,
            Command::Reconcile => reconcile::run(&configuration).await,
            Command::Doctor(args) => doctor::run(&configuration, &args).await,
            Command::Jobs => jobs::run(&configuration).await,
            Command::Secrets(SecretsArgs { command: SecretsCommand::Reseal }) => {
                secrets::reseal(&configuration).await
            }
            Command::Staff(args) => Box::pin(staff::run(&configuration, &args.command)).await,
            Command::Sandbox(args) => sandbox::run(&configuration, *args).await,
            Command::Config | Command::Schema | Command::Health(_) => Ok(ExitCode::SUCCESS),
        }
    })
}

fn configuration(cli: &Cli) -> anyhow::Result<Config> {
    let mut raw = read(cli.config.as_deref()).context("the configuration cannot be read")?;
    if let Some(folder) = &cli.data_dir {
        raw.server.data_dir.clone_from(folder);
    }
    if let Command::Demo(args) | Command::Serve(args) = &cli.command
        && let Some(listen) = &args.listen
    {
        raw.server.listen.clone_from(listen);
    }
    Ok(Config::try_from(raw)?)
}
