//! Delivery zones and ways of delivering, as staff see and write them.

mod error_code;
mod input;
mod method;
mod queries;
mod zone;

pub use error_code::{DeliveryErrorCode, DeliveryUserError};
pub(super) use error_code::{method_refusal, zone_refusal};
pub(super) use input::Unread;
pub use input::{
    DeliveryBoundsInput, DeliveryMethodCreateInput, DeliveryMethodUpdateInput, DeliveryPostalRangeInput,
    DeliveryRateInput, DeliveryZoneCreateInput, DeliveryZoneUpdateInput,
};
pub use method::{AdminDeliveryMethod, DeliveryBounds, DeliveryMeasure, DeliveryMethodKind, DeliveryRate};
pub use queries::DeliveryReads;
pub use zone::{AdminDeliveryZone, DeliveryPostalRange};
