//! The stock of a variant, as it changes.

use crate::graphql::scalars::Gid;
use async_graphql::Object;
use stoa_domain::shared::VariantId;
use stoa_services::live::VariantUpdate;

/// What can be bought of a variant.
#[derive(Clone, Copy, Debug)]
pub struct VariantInventory(pub VariantUpdate);

/// What can be bought of a variant, after what others hold in their carts. Of a variant that the shop does not offer, nothing.
#[Object]
impl VariantInventory {
    /// Whether any can be bought now.
    fn available_for_sale(&self) -> bool {
        self.0.stock.available
    }

    /// How many can be bought; null where there is no limit.
    fn quantity_available(&self) -> Option<i32> {
        self.0.stock.quantity.map(|units| i32::try_from(units.max(0)).unwrap_or(i32::MAX))
    }

    /// The variant's global id.
    fn variant_id(&self) -> Gid<VariantId> {
        Gid(self.0.variant)
    }
}
