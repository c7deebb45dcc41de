//! Why settings stay as they are.

use crate::admin::InputRefusal;
use stoa_domain::shared::Fault;

/// Why what a shop has decided stays as it is. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum PricingSettingsError {
    /// Something of it cannot be so.
    #[error(transparent)]
    Refused(#[from] InputRefusal),
    /// Somebody else has changed it since it was read.
    #[error("it was changed by somebody else; look again")]
    Stale,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
crate::staff::may_fault!(PricingSettingsError);
