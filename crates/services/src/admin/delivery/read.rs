//! Showing zones and ways of delivering.

use crate::Context;
use std::sync::Arc;
use stoa_domain::{
    access::{Permit, grants::DeliveryRead},
    delivery::{DeliveryMethod, DeliveryZone},
    shared::{
        DeliveryMethodId, DeliveryZoneId, Fault,
        page::{Page, PageRequest},
    },
};
use stoa_persistence::{
    db::ListError,
    delivery,
    pricing::{Kept, Switched},
};

/// Zones, for people: how they are made, changed and taken away stands in the files beside this one.
pub struct DeliveryZones(pub(crate) Arc<Context>);

impl DeliveryZones {
    /// A page of them, in the order in which they were made. One statement.
    ///
    /// # Errors
    /// A cursor is not of this list.
    #[tracing::instrument(name = "delivery_zone.list", skip_all)]
    pub async fn list(
        &self,
        _by: &Permit<DeliveryRead>,
        request: &PageRequest,
    ) -> Result<Page<DeliveryZoneId>, ListError> {
        delivery::list_zones(self.0.db().read(), request).await
    }

    /// Those with these ids that there are, in the order of the ids. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_all(
        &self,
        _by: &Permit<DeliveryRead>,
        ids: &[DeliveryZoneId],
    ) -> Result<Vec<Kept<DeliveryZone>>, Fault> {
        delivery::find_zones(self.0.db().read(), ids).await
    }
}

/// Ways of delivering, for people: how they are made, changed and taken away stands in the files beside this one.
pub struct DeliveryMethods(pub(crate) Arc<Context>);

impl DeliveryMethods {
    /// A page of them, in the order in which buyers are offered them. One statement.
    ///
    /// # Errors
    /// A cursor is not of this list.
    #[tracing::instrument(name = "delivery_method.list", skip_all)]
    pub async fn list(
        &self,
        _by: &Permit<DeliveryRead>,
        request: &PageRequest,
    ) -> Result<Page<DeliveryMethodId>, ListError> {
        delivery::list_methods(self.0.db().read(), request).await
    }

    /// Those with these ids that there are, in the order of the ids. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_all(
        &self,
        _by: &Permit<DeliveryRead>,
        ids: &[DeliveryMethodId],
    ) -> Result<Vec<Kept<Switched<DeliveryMethod>>>, Fault> {
        delivery::find_methods(self.0.db().read(), ids).await
    }
}
