//! The client against providers: one that a test makes up, which lies as it is told to, and a real one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should say why, and end"
)]

mod apple;
mod browser;
mod callbacks;
mod directory;
mod issuer;
mod limits;
mod person;
mod real;
mod tokens;
mod world;
