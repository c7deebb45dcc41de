//! Ways of delivering, and the parts of the world they are for, as staff make and change them.

mod error;
mod method_create;
mod method_delete;
mod method_draft;
mod method_update;
mod rates_draft;
mod read;
mod told;
mod zone_create;
mod zone_delete;
mod zone_draft;
mod zone_update;

#[cfg(test)]
mod method_draft_tests;

pub use error::{DeliveryMethodError, DeliveryZoneError};
pub use method_draft::{DeliveryKind, DeliveryMethodDraft, DeliveryMethodPatch};
pub use rates_draft::{Figure, RateDraft};
pub use read::{DeliveryMethods, DeliveryZones};
pub use zone_draft::{DeliveryZoneDraft, DeliveryZonePatch};

/// Zones that a shop has at most: all are read with the rules.
const ZONES: u64 = 1_000;
/// Ways of delivering that a shop has at most.
const METHODS: u64 = 1_000;
/// The lowest and the highest priority and position.
const PLACES: std::ops::RangeInclusive<i32> = -1_000_000..=1_000_000;
