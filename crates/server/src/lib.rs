//! The program `stoa`, as a library, so that the tests start the very same server.

pub mod app;
pub mod cli;
pub mod commands;
pub mod config;
pub mod telemetry;
