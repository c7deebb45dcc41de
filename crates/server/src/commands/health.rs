//! `stoa health`: does the server on this machine answer that it is ready? For a container's health check.

mod any_certificate;

use crate::{app::own_door, cli::HealthArgs, config::Config};
use anyhow::{Context, bail};
use rustls::{ClientConnection, StreamOwned};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
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
    let server = TcpStream::connect_timeout(&address, PATIENCE)
        .with_context(|| format!("nobody answers at {address}"))?;
    server.set_read_timeout(Some(PATIENCE))?;
    server.set_write_timeout(Some(PATIENCE))?;
    let status = match config.tls {
        None => ask(server, address, path),
        Some(_) => ask(encrypted(server, address)?, address, path),
    }
    .with_context(|| format!("{address} does not answer"))?;
    if status.split(' ').nth(1) != Some("200") {
        bail!("{address}{path} answers {}", status.trim_end());
    }
    Ok(ExitCode::SUCCESS)
}

/// The first line of the answer.
fn ask(mut server: impl Read + Write, address: SocketAddr, path: &str) -> std::io::Result<String> {
    write!(server, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
    server.flush()?;
    let mut status = String::new();
    BufReader::new(server.take(LONGEST)).read_line(&mut status)?;
    Ok(status)
}

/// Its certificate is of the shop's name, and may be a moment older than the one in the file. Nothing is told that a stranger might not
/// hear, and nothing is believed but that somebody answers, as without TLS.
fn encrypted(
    server: TcpStream,
    address: SocketAddr,
) -> anyhow::Result<StreamOwned<ClientConnection, TcpStream>> {
    let client = ClientConnection::new(any_certificate::config()?, address.ip().into())?;
    Ok(StreamOwned::new(client, server))
}
