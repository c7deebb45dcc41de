//! The stories a shop must survive, told over real HTTP against the very server that ships: its own database file, the sandbox
//! as card network, a clock that can be moved.

mod harness;

mod bad_input;
mod cart;
mod jobs;
mod orders;
mod payment;
mod stock;
