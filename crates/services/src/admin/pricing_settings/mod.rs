//! What a shop decides about money once, as staff say it. What they do not say is as the configuration says.

mod draft;
mod error;
mod read;
mod told;
mod update;

pub use draft::PricingSettingsPatch;
pub use error::PricingSettingsError;
pub use read::{DecidedSettings, PricingDecisions};
