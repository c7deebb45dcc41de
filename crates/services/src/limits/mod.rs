//! What counts where there is no Redis, and while it is silent.

mod fallback;
mod process;

pub use fallback::FallbackLimiter;
pub use process::ProcessLimiter;
