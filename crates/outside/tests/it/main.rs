//! The adapters over real HTTP, against a server of our own in every mood, and against the sample service.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say why, and end")]

mod docs;
mod faults;
mod flights;
mod kit;
mod sample;
mod secrets;
mod server;

/// The sample service, as an example runs it.
#[path = "../../examples/service/app.rs"]
mod service;
