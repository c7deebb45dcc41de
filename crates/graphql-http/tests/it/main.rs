//! The endpoint as a client sees it: one test a rule.

mod client;
mod library;

mod guards;
mod negotiation;
mod parameters;
mod variables;
