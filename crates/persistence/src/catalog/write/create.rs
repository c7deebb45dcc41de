//! Making products.

use super::{WriteContext, rows, terms};
use crate::catalog::{entities::product, version};
use crate::db::{Raw, Violation, WriteTx, fault, stored, violation};
use crate::inventory::{NewStock, insert_items};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, Set, sea_query::ExprTrait};
use std::collections::HashSet;
use stoa_domain::{
    catalog::{Handle, ProductDraft},
    shared::{Fault, ImageId, OptionId, OptionValueId, ProductId, VariantId},
};

/// A product to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewProduct<'a> {
    /// What it is.
    pub draft: &'a ProductDraft,
    /// Fingerprint of the file rows it comes from.
    pub import_hash: Option<[u8; 32]>,
}

/// Why a product cannot be made. The transaction must then be dropped.
#[derive(Debug, thiserror::Error)]
pub enum CreateProductError {
    /// Another product has the handle that was chosen for it.
    #[error("another product has the handle {0}")]
    HandleTaken(Handle),
    /// The database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Makes a product. A handle made of the title gives way with a number when it is taken.
///
/// # Errors
/// The chosen handle is taken.
pub async fn create_product(
    tx: &WriteTx,
    draft: &ProductDraft,
    context: &WriteContext<'_>,
) -> Result<ProductId, CreateProductError> {
    let numbered;
    let draft = if draft.handle_chosen() {
        draft
    } else {
        numbered = draft.clone().with_handle(free_handle(tx, draft.handle()).await?);
        &numbered
    };
    let made = insert(tx, &[NewProduct { draft, import_hash: None }], context).await;
    match made {
        Ok(ids) => ids.first().copied().ok_or_else(|| Fault::bug("creating a product made none").into()),
        Err(error) if violation(&error) == Some(Violation::Unique("uq_products_handle".to_owned())) => {
            Err(CreateProductError::HandleTaken(draft.handle().clone()))
        }
        Err(error) => Err(fault("creating a product")(error).into()),
    }
}

/// Makes many products at once, whose handles must be free. Gives their ids in order.
///
/// # Errors
/// A handle is taken after all, or the database does not answer.
pub async fn insert_products(
    tx: &WriteTx,
    products: &[NewProduct<'_>],
    context: &WriteContext<'_>,
) -> Result<Vec<ProductId>, Fault> {
    insert(tx, products, context).await.map_err(fault("creating products"))
}

/// The handle itself, or with the lowest number from 1 that makes it free.
async fn free_handle(tx: &WriteTx, wanted: &Handle) -> Result<Handle, Fault> {
    // `wanted-` up to, not including, `wanted.`: '.' follows '-' and stands in no handle.
    let numbered = product::Column::Handle
        .gte(format!("{wanted}-"))
        .and(product::Column::Handle.lt(format!("{wanted}.")));
    let taken: Vec<String> = product::Entity::find()
        .select_only()
        .column(product::Column::Handle)
        .filter(product::Column::Handle.eq(wanted.as_str()).or(numbered))
        .into_tuple()
        .all(tx.raw())
        .await
        .map_err(fault("looking for a free handle"))?;
    let taken: HashSet<&str> = taken.iter().map(String::as_str).collect();
    if !taken.contains(wanted.as_str()) {
        return Ok(wanted.clone());
    }
    (1..)
        .map(|number| wanted.numbered(number))
        .find(|handle| !taken.contains(handle.as_str()))
        .ok_or_else(|| Fault::bug("every number behind a handle is taken"))
}

async fn insert(
    tx: &WriteTx,
    products: &[NewProduct<'_>],
    context: &WriteContext<'_>,
) -> Result<Vec<ProductId>, DbErr> {
    let mut batch = Batch::default();
    let ids = products.iter().map(|product| batch.add(product, context)).collect();
    batch.write(tx, context).await?;
    version::raise(tx).await?;
    Ok(ids)
}

/// The rows of some products, table by table.
#[derive(Default)]
struct Batch {
    products: Vec<product::ActiveModel>,
    options: Vec<crate::catalog::entities::option::ActiveModel>,
    values: Vec<crate::catalog::entities::option_value::ActiveModel>,
    images: Vec<crate::catalog::entities::image::ActiveModel>,
    variants: Vec<crate::catalog::entities::variant::ActiveModel>,
    tags: Vec<crate::catalog::entities::tag::ActiveModel>,
    terms: Vec<crate::catalog::entities::term::ActiveModel>,
    stock: Vec<NewStock>,
}

impl Batch {
    fn add(&mut self, new: &NewProduct<'_>, context: &WriteContext<'_>) -> ProductId {
        let draft = new.draft;
        let id = ProductId::new(context.ids.id());
        self.products.push(product::ActiveModel {
            sales: Set(0),
            import_hash: Set(new.import_hash.map(Vec::from)),
            created_at: Set(stored(context.now)),
            ..rows::product(id, draft, context.now)
        });
        for (n, option) in draft.options().iter().enumerate() {
            let option_id = OptionId::new(context.ids.id());
            self.options.push(rows::option(option_id, id, n, &option.name));
            for (v, value) in option.values.iter().enumerate() {
                let key = (OptionValueId::new(context.ids.id()), number(v));
                self.values.push(rows::option_value(key, id, option_id, v, value));
            }
        }
        let images: Vec<ImageId> = draft.images().iter().map(|_| ImageId::new(context.ids.id())).collect();
        self.images.extend(
            images
                .iter()
                .zip(draft.images())
                .enumerate()
                .map(|(n, (image, input))| rows::image(*image, id, n, input)),
        );
        for (n, variant) in draft.variants().iter().enumerate() {
            let variant_id = VariantId::new(context.ids.id());
            let mut options = [0; 3];
            for (slot, (_, value)) in options.iter_mut().zip(draft.options().iter().zip(variant.values)) {
                *slot = number(usize::from(value));
            }
            let image = variant.image.and_then(|n| images.get(n)).copied();
            self.variants.push(rows::variant(variant_id, id, n, variant, options, image));
            self.stock.push(new_stock(variant_id, variant));
        }
        self.tags.extend(rows::tags(id, draft));
        self.terms.extend(terms::rows(id, draft));
        id
    }

    async fn write(self, tx: &WriteTx, context: &WriteContext<'_>) -> Result<(), DbErr> {
        let connection = tx.raw();
        rows::insert_all(connection, self.products).await?;
        rows::insert_all(connection, self.options).await?;
        rows::insert_all(connection, self.values).await?;
        rows::insert_all(connection, self.images).await?;
        rows::insert_all(connection, self.variants).await?;
        rows::insert_all(connection, self.tags).await?;
        rows::insert_all(connection, self.terms).await?;
        insert_items(connection, &self.stock, context.location, &context.cause()).await
    }
}

/// A new product's values are numbered by their place, from 1.
fn number(index: usize) -> i16 {
    rows::small(index + 1)
}

/// The stock of a variant that is new.
pub(super) fn new_stock(id: VariantId, variant: &stoa_domain::catalog::DraftVariant) -> NewStock {
    let stock = variant.stock;
    NewStock {
        variant: id,
        tracked: stock.tracked,
        backorder_limit: stock.backorder_limit,
        on_hand: stock.on_hand.unwrap_or(0),
    }
}
