//! `inventoryAdjustQuantities`, `inventorySetQuantities`: counting and correcting stock.

use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        inventory::{AdminInventoryLevel, InventoryErrorCode as Code, InventoryUserError},
        refusals::sentence,
    },
    cart::{InputPath, inputs::bounded},
    scalars::gid,
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use stoa_domain::{
    access::grants::InventoryWrite,
    inventory::SetStockError,
    shared::{LocationId, VariantId},
};
use stoa_graphql_http::Nullable;
use stoa_services::admin::{StockAdjustment, StockCount, StockError, StockWritten};

/// Units that are added somewhere, or taken away.
#[derive(Clone, Debug, InputObject)]
pub struct InventoryChangeInput {
    /// How many units there were when it was decided; null: it does not matter, which takes an `idempotencyKey`.
    pub change_from_quantity: Option<i64>,
    /// How many; negative: taken away.
    pub delta: i64,
    /// The global id of the location.
    pub location_id: ID,
    /// The global id of the variant.
    pub variant_id: ID,
}

/// What is added and taken away: all of it, or nothing.
#[derive(Clone, Debug, InputObject)]
pub struct InventoryAdjustQuantitiesInput {
    /// The changes, 250 at most.
    pub changes: Vec<InventoryChangeInput>,
    /// Makes it safe to ask again: the same key moves nothing a second time. At most 255 characters. Each member of staff and each program has
    /// keys of their own. Needed where a change does not say how many units there were.
    pub idempotency_key: Option<String>,
}

/// Units that were counted somewhere.
#[derive(Clone, Debug, InputObject)]
pub struct InventoryQuantityInput {
    /// How many there were when it was counted. It has to be said, unless `ignoreCompareQuantity` is.
    pub compare_quantity: Option<i64>,
    /// The global id of the location.
    pub location_id: ID,
    /// How many are there.
    pub quantity: i64,
    /// The global id of the variant.
    pub variant_id: ID,
}

/// What was counted: all of it is written, or nothing.
#[derive(Clone, Debug, InputObject)]
pub struct InventorySetQuantitiesInput {
    /// Whether counts are written whatever there was.
    #[graphql(default = false)]
    pub ignore_compare_quantity: bool,
    /// The counts, 250 at most.
    pub quantities: Vec<InventoryQuantityInput>,
}

/// What came of it.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct InventoryPayload {
    /// What is there now, place by place; null if it was refused.
    pub inventory_levels: Option<Vec<AdminInventoryLevel>>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<InventoryUserError>,
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct InventoryMutations;

/// Counts and corrects stock.
#[Object]
impl InventoryMutations {
    /// Adds units and takes some away; all of it or nothing.
    #[graphql(guard = "may::<InventoryWrite>", visible = "seen::<InventoryWrite>")]
    async fn inventory_adjust_quantities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is added and taken away.")] input: InventoryAdjustQuantitiesInput,
    ) -> Nullable<InventoryPayload> {
        Nullable::run(async { Box::pin(adjust(ctx, &input)).await.map(Some) }).await
    }

    /// Writes down how many units there are; all of it or nothing. To say what is so already changes nothing.
    #[graphql(guard = "may::<InventoryWrite>", visible = "seen::<InventoryWrite>")]
    async fn inventory_set_quantities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was counted.")] input: InventorySetQuantitiesInput,
    ) -> Nullable<InventoryPayload> {
        Nullable::run(async { Box::pin(set(ctx, &input)).await.map(Some) }).await
    }
}

async fn adjust(
    ctx: &Context<'_>,
    input: &InventoryAdjustQuantitiesInput,
) -> Result<InventoryPayload, ApiError> {
    let by = ctx.permit::<InventoryWrite>()?;
    bounded("changes", &input.changes)?;
    let list = InputPath::argument("input").field("changes");
    let mut changes = Vec::with_capacity(input.changes.len());
    for (index, change) in input.changes.iter().enumerate() {
        let (variant, location) = match place((&change.variant_id, &change.location_id), &list.entry(index))?
        {
            Ok(place) => place,
            Err(error) => return Ok(refused(error)),
        };
        changes.push(StockAdjustment {
            variant,
            location,
            by: change.delta,
            compare: change.change_from_quantity,
        });
    }
    let key = input.idempotency_key.as_deref();
    written(ctx.services().admin.change_stock.adjust(&by, &changes, key).await, &list, "delta")
}

async fn set(ctx: &Context<'_>, input: &InventorySetQuantitiesInput) -> Result<InventoryPayload, ApiError> {
    let by = ctx.permit::<InventoryWrite>()?;
    bounded("quantities", &input.quantities)?;
    let list = InputPath::argument("input").field("quantities");
    let mut counts = Vec::with_capacity(input.quantities.len());
    for (index, count) in input.quantities.iter().enumerate() {
        let at = list.entry(index);
        let (variant, location) = match place((&count.variant_id, &count.location_id), &at)? {
            Ok(place) => place,
            Err(error) => return Ok(refused(error)),
        };
        let compare = count.compare_quantity.filter(|_| !input.ignore_compare_quantity);
        if compare.is_none() && !input.ignore_compare_quantity {
            let message = "Say how many there were, or that it does not matter.";
            let path = at.field("compareQuantity");
            return Ok(refused(InventoryUserError::new(Code::CompareQuantityRequired, path, message)));
        }
        counts.push(StockCount { variant, location, on_hand: count.quantity, compare });
    }
    written(ctx.services().admin.change_stock.set(&by, &counts).await, &list, "quantity")
}

type Place = Result<Result<(VariantId, LocationId), InventoryUserError>, ApiError>;

fn place((variant, location): (&ID, &ID), at: &InputPath) -> Place {
    let Some(variant) = gid::decode::<VariantId>(variant)? else {
        let path = at.field("variantId");
        return Ok(Err(InventoryUserError::new(Code::NotFound, path, "There is no such variant.")));
    };
    let Some(location) = gid::decode::<LocationId>(location)? else {
        let path = at.field("locationId");
        return Ok(Err(InventoryUserError::new(Code::NotFound, path, "There is no such location.")));
    };
    Ok(Ok((variant, location)))
}

fn refused(error: InventoryUserError) -> InventoryPayload {
    InventoryPayload { user_errors: vec![error], ..Default::default() }
}

/// `list` is where the changes stand, `number` which of their fields says how many.
fn written(
    done: Result<Vec<StockWritten>, StockError>,
    list: &InputPath,
    number: &'static str,
) -> Result<InventoryPayload, ApiError> {
    let error = match done {
        Ok(written) => {
            let level = |one: StockWritten| AdminInventoryLevel::new(one.variant, one.level);
            let inventory_levels = Some(written.into_iter().map(level).collect());
            return Ok(InventoryPayload { inventory_levels, user_errors: Vec::new() });
        }
        Err(error) => error,
    };
    let key = || InputPath::argument("input").field("idempotencyKey");
    let (code, path, message) = match error {
        StockError::Refused { at, error } => {
            let (path, message) = (list.entry(at), sentence(&error));
            match error {
                SetStockError::Stale { current: _ } => (Code::CompareQuantityStale, path, message),
                SetStockError::BelowAllocated { allocated: _ } => {
                    (Code::BelowCommitted, path.field(number), message)
                }
                SetStockError::OutOfRange => (Code::OutOfRange, path.field(number), message),
                SetStockError::UnknownVariant(_) => (Code::NotFound, path.field("variantId"), message),
                SetStockError::UnknownLocation(_) => (Code::NotFound, path.field("locationId"), message),
                SetStockError::Fault(fault) => return Err(fault.into()),
            }
        }
        StockError::NamedTwice { at } => {
            let message = "The variant and the location are named before.".to_owned();
            (Code::NamedTwice, list.entry(at), message)
        }
        StockError::TooMany => (Code::Invalid, list.clone(), sentence(StockError::TooMany)),
        StockError::KeyRequired { at } => {
            let message = "Give a key, or say how many there were.".to_owned();
            (Code::IdempotencyKeyRequired, list.entry(at).field("changeFromQuantity"), message)
        }
        StockError::Key(bad) => (Code::Invalid, key(), sentence(bad)),
        StockError::KeyReused => (Code::IdempotencyKeyReused, key(), sentence(StockError::KeyReused)),
        StockError::Fault(fault) => return Err(fault.into()),
    };
    Ok(refused(InventoryUserError::new(code, path, message)))
}
