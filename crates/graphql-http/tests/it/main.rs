//! The endpoint as a client sees it: one test a rule.

#![expect(clippy::unwrap_used, reason = "a test fails where its server does")]

mod client;
mod library;
mod live;
mod office;

mod audits;
mod cost;
mod directives;
mod equivalence;
mod events;
mod execution;
mod faults;
mod guards;
mod negotiation;
mod parameters;
mod persisted;
mod renewal;
mod restricted;
mod throttled;
mod together;
mod transports;
mod trusted;
mod variables;
mod websocket_bounds;
mod websocket_opening;
mod websocket_operations;
