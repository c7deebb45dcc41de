//! Closed-loop load: so many connections, each sending its next request when the last answer has come.

mod crew;
mod figures;
mod worker;

pub(crate) use crew::{Crew, Measured};
pub(crate) use figures::{Figures, Slice, median};
pub(crate) use worker::Worker;
