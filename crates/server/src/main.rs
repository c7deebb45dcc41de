//! The program `stoa`.

use clap::Parser;
use std::process::ExitCode;
use stoa::{cli::Cli, commands};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // A shop's server is small: in pages of 2 MB it would take nearly twice the memory that it uses.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
    let cli = Cli::parse();
    // Every TLS connection of the process uses it. It fails only when one is installed already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match commands::run(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("stoa: {error:#}");
            ExitCode::FAILURE
        }
    }
}
