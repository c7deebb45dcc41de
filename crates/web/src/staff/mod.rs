//! Where the mails to staff lead: joining, and a password that was forgotten. Staff work through the API; there are no pages for that.

mod accept;
mod recover;
mod reset;

pub(crate) use accept::{accept, show_accept};
pub(crate) use recover::{recover, show_recover};
pub(crate) use reset::{reset, show_reset};

/// What is said of a link that does not work.
const DEAD: &str = "This link does not work";
