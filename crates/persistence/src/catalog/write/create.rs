//! Making products.

use super::{
    WriteContext,
    matching::{Kept, Matched},
    parts::PartRows,
    rows,
};
use crate::catalog::{
    entities::{document, product},
    version,
};
use crate::db::{Raw, Violation, WriteTx, fault, stored, violation};
use crate::inventory::{NewStock, insert_items};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, Set, sea_query::ExprTrait};
use std::collections::HashSet;
use stoa_domain::{
    catalog::{DraftVariant, Handle, ProductDraft},
    shared::{Fault, ProductId, VariantId},
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
    let ids = products.iter().map(|product| batch.add(product, context)).collect::<Result<_, _>>()?;
    version::raise(tx).await?;
    batch.write(tx, context).await?;
    Ok(ids)
}

/// The rows of some products, table by table.
#[derive(Default)]
struct Batch {
    products: Vec<product::ActiveModel>,
    parts: PartRows,
    documents: Vec<document::ActiveModel>,
    stock: Vec<NewStock>,
}

impl Batch {
    fn add(&mut self, new: &NewProduct<'_>, context: &WriteContext<'_>) -> Result<ProductId, DbErr> {
        let draft = new.draft;
        let id = ProductId::new(context.ids.id());
        let ids = Matched::new(&Kept::default(), draft, context.ids);
        self.products.push(product::ActiveModel {
            sales: Set(0),
            import_hash: Set(new.import_hash.map(Vec::from)),
            created_at: Set(stored(context.now)),
            ..rows::product(id, draft, context.now)
        });
        self.parts.add(id, draft, &ids);
        self.documents.push(rows::document(&ids.product(id, draft, context.now, context.now))?);
        self.stock.extend(
            ids.variants.iter().zip(draft.variants()).map(|(ids, variant)| new_stock(ids.id, variant)),
        );
        Ok(id)
    }

    async fn write(self, tx: &WriteTx, context: &WriteContext<'_>) -> Result<(), DbErr> {
        let connection = tx.raw();
        rows::insert_all(connection, self.products).await?;
        rows::insert_all(connection, self.parts.options).await?;
        rows::insert_all(connection, self.parts.values).await?;
        rows::insert_all(connection, self.parts.images).await?;
        rows::insert_all(connection, self.parts.variants).await?;
        rows::insert_all(connection, self.parts.tags).await?;
        rows::insert_all(connection, self.parts.terms).await?;
        rows::insert_all(connection, self.documents).await?;
        insert_items(connection, &self.stock, context.location, &context.cause()).await
    }
}

/// The stock of a variant that is new.
pub(super) fn new_stock(id: VariantId, variant: &DraftVariant) -> NewStock {
    let stock = variant.stock;
    NewStock {
        variant: id,
        tracked: stock.tracked,
        backorder_limit: stock.backorder_limit,
        on_hand: stock.on_hand.unwrap_or(0),
    }
}
