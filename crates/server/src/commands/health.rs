//! `stoa health`: does the server on this machine answer that it is ready? For a container's health check.

use crate::{app::own_door, cli::HealthArgs, config::Config};
use anyhow::{Context, bail};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::ExitCode,
    time::Duration,
};

/// How long each step may take: `/readyz` itself gives up after two seconds.
const PATIENCE: Duration = Duration::from_secs(3);
/// The longest status line that is read, in bytes.
const LONGEST: u64 = 256;

pub(super) fn run(config: &Config, args: &HealthArgs) -> anyhow::Result<ExitCode> {
    let path = if args.live { "/healthz" } else { "/readyz" };
    let address = own_door(config.listen);
    let mut server = TcpStream::connect_timeout(&address, PATIENCE)
        .with_context(|| format!("nobody answers at {address}"))?;
    server.set_read_timeout(Some(PATIENCE))?;
    server.set_write_timeout(Some(PATIENCE))?;
    write!(server, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
    let mut status = String::new();
    BufReader::new(server.take(LONGEST))
        .read_line(&mut status)
        .with_context(|| format!("{address} does not answer"))?;
    if status.split(' ').nth(1) != Some("200") {
        bail!("{address}{path} answers {}", status.trim_end());
    }
    Ok(ExitCode::SUCCESS)
}
