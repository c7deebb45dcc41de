//! The processes that are measured: where they run, how they are started and ended, and what `/proc` tells of them.

mod child;
mod cores;
mod host;
mod machine;
mod procfs;

pub(crate) use child::{Running, free_address};
pub(crate) use cores::Cores;
pub(crate) use host::HostTime;
pub(crate) use machine::Machine;
pub(crate) use procfs::{Memory, cpu_time, memory};
