//! Live events: the bus of one process, and what makes one bus of many processes.
//!
//! [`Hub`] is the whole bus where there is one process: a listener is woken by its own topics and no others. [`Relay`] is a hub
//! whose events also go to other processes, and come from them, by whatever [`Carrier`] there is (Postgres, Redis). What a
//! carrier loses makes every listener read again, so that losing is allowed.

mod carrier;
mod hub;
mod key;
mod relay;
mod wire;

pub use carrier::{Carrier, Line, LineError};
pub use hub::Hub;
pub use relay::{Pace, Relay};
pub use wire::MESSAGE_BYTES;
