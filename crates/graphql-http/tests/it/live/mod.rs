//! A schema with subscriptions behind a real socket, and clients of it.

pub(crate) mod event_stream;
pub(crate) mod newsroom;
pub(crate) mod server;
pub(crate) mod socket;
