//! What counts where there is no Redis, and while it is silent; and what is counted for more than one use case.

mod asked_mail;
mod elsewhere;
mod fallback;
mod guesses;
mod hashings;
mod place;
mod process;

pub use asked_mail::AskedMail;
pub(crate) use elsewhere::Elsewhere;
pub use fallback::FallbackLimiter;
pub use guesses::{Guess, GuessKind, Guesses, TooMany};
pub(crate) use hashings::Hashings;
pub(crate) use place::Place;
pub use process::ProcessLimiter;

/// Who asks if that is not known: all of them are one.
const UNKNOWN: &str = "unknown";
