//! Who shows a picture.

use crate::catalog::entities::{collection, image};
use crate::db::{Conn, fault};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use stoa_domain::shared::Fault;
use uuid::Uuid;

/// Whether a product or a collection shows the picture that lies at one of these addresses. Two statements at most, each of which may
/// look at every picture there is: for an act of staff, and not for shoppers.
///
/// # Errors
/// The database does not answer.
pub async fn shows_picture(conn: &impl Conn, addresses: &[String]) -> Result<bool, Fault> {
    let of_product: Option<Uuid> = image::Entity::find()
        .select_only()
        .column(image::Column::Id)
        .filter(image::Column::Url.is_in(addresses.iter().map(String::as_str)))
        .into_tuple()
        .one(conn.raw())
        .await
        .map_err(fault("looking for a picture among those of products"))?;
    if of_product.is_some() {
        return Ok(true);
    }
    let of_collection: Option<Uuid> = collection::Entity::find()
        .select_only()
        .column(collection::Column::Id)
        .filter(collection::Column::ImageUrl.is_in(addresses.iter().map(String::as_str)))
        .into_tuple()
        .one(conn.raw())
        .await
        .map_err(fault("looking for a picture among those of collections"))?;
    Ok(of_collection.is_some())
}
