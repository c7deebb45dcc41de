//! `stoa schema`: the SDL.

use std::{io::Write, process::ExitCode};

pub(super) fn run() -> anyhow::Result<ExitCode> {
    std::io::stdout().write_all(stoa_api::graphql::sdl().as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
