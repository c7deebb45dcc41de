//! How often somebody may do something: quotas, who is counted, and the port of what counts.

mod client;
mod limiter;
mod quota;

pub use client::ClientAddress;
pub use limiter::{LimitKey, RateLimiter};
pub use quota::{Decision, Quota};
