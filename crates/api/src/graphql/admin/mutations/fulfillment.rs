//! `fulfillmentCreate`, `fulfillmentTrackingInfoUpdate`: sending what was bought.

use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        orders::{AdminFulfillment, FulfillmentErrorCode as Code, FulfillmentUserError},
        refusals::sentence,
    },
    cart::{InputPath, inputs::bounded},
    scalars::gid,
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use stoa_domain::{
    access::grants::FulfillmentsWrite,
    order::{FulfilRefusal, Fulfillment, FulfillmentLine, Tracking, Wanted},
    shared::{FulfillmentId, LineItemId, OrderId},
};
use stoa_graphql_http::Nullable;
use stoa_services::admin::{FulfillOrderError, NewParcel};

/// Where a parcel is.
#[derive(Clone, Debug, Default, InputObject)]
pub struct FulfillmentTrackingInput {
    /// Who carries it.
    pub company: Option<String>,
    /// The parcels' numbers.
    #[graphql(default)]
    pub numbers: Vec<String>,
    /// Where to look for the parcels: addresses of the web.
    #[graphql(default)]
    pub urls: Vec<String>,
}

/// Units of a line that are sent.
#[derive(Clone, Debug, InputObject)]
pub struct FulfillmentLineItemInput {
    /// The global id of the order's line.
    pub line_item_id: ID,
    /// How many.
    pub quantity: i32,
}

/// A part of an order that is sent.
#[derive(Clone, Debug, InputObject)]
pub struct FulfillmentInput {
    /// Makes it safe to ask again: the same key for the same order sends once. At most 255 characters. Needed where `lineItems` are named.
    pub idempotency_key: Option<String>,
    /// What of the order; null: all that is left.
    pub line_items: Option<Vec<FulfillmentLineItemInput>>,
    /// Whether the buyer is written to.
    #[graphql(default = false)]
    pub notify_customer: bool,
    /// The global id of the order.
    pub order_id: ID,
    /// Where the parcel is, if that is known yet.
    pub tracking_info: Option<FulfillmentTrackingInput>,
}

/// What came of it.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct FulfillmentPayload {
    /// What was sent; null if it was refused.
    pub fulfillment: Option<AdminFulfillment>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<FulfillmentUserError>,
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct FulfillmentMutations;

/// Sends what was bought.
#[Object]
impl FulfillmentMutations {
    /// Says that a part of an order has left the house: its units leave the stock.
    #[graphql(guard = "may::<FulfillmentsWrite>", visible = "seen::<FulfillmentsWrite>")]
    async fn fulfillment_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is sent.")] fulfillment: FulfillmentInput,
    ) -> Nullable<FulfillmentPayload> {
        Nullable::run(async { Box::pin(create(ctx, fulfillment)).await.map(Some) }).await
    }

    /// Says anew where a parcel is. The same again changes nothing.
    #[graphql(guard = "may::<FulfillmentsWrite>", visible = "seen::<FulfillmentsWrite>")]
    async fn fulfillment_tracking_info_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global id of what was sent.")] fulfillment_id: ID,
        #[graphql(desc = "Where it is.")] tracking_info_input: FulfillmentTrackingInput,
        #[graphql(default = false, desc = "Whether the buyer is written to.")] notify_customer: bool,
    ) -> Nullable<FulfillmentPayload> {
        let given = (&fulfillment_id, &tracking_info_input, notify_customer);
        Nullable::run(async { Box::pin(track(ctx, given)).await.map(Some) }).await
    }
}

type Read<T> = Result<Result<T, FulfillmentUserError>, ApiError>;

async fn create(ctx: &Context<'_>, input: FulfillmentInput) -> Result<FulfillmentPayload, ApiError> {
    let by = ctx.permit::<FulfillmentsWrite>()?;
    let new = match read(input)? {
        Ok(new) => new,
        Err(error) => return Ok(refused(error)),
    };
    match ctx.services().admin.fulfillments.create(&by, &new).await {
        Ok(sent) => Ok(done(sent)),
        Err(error) => Ok(refused(refusal(error, &new.wanted)?)),
    }
}

async fn track(
    ctx: &Context<'_>,
    (id, tracking, notify): (&ID, &FulfillmentTrackingInput, bool),
) -> Result<FulfillmentPayload, ApiError> {
    let by = ctx.permit::<FulfillmentsWrite>()?;
    let path = InputPath::argument("fulfillmentId");
    let Some(id) = gid::decode::<FulfillmentId>(id)? else {
        return Ok(refused(FulfillmentUserError::new(Code::NotFound, path, "There is no such parcel.")));
    };
    let tracking = match read_tracking(tracking, InputPath::argument("trackingInfoInput")) {
        Ok(tracking) => tracking,
        Err(error) => return Ok(refused(error)),
    };
    match ctx.services().admin.fulfillments.set_tracking(&by, id, (&tracking, notify)).await {
        Ok(sent) => Ok(done(sent)),
        Err(FulfillOrderError::NotFound) => {
            Ok(refused(FulfillmentUserError::new(Code::NotFound, path, "There is no such parcel.")))
        }
        Err(error) => Ok(refused(refusal(error, &Wanted::Everything)?)),
    }
}

fn done(sent: Fulfillment) -> FulfillmentPayload {
    FulfillmentPayload { fulfillment: Some(AdminFulfillment(sent)), user_errors: Vec::new() }
}

fn refused(error: FulfillmentUserError) -> FulfillmentPayload {
    FulfillmentPayload { user_errors: vec![error], ..Default::default() }
}

fn at() -> InputPath {
    InputPath::argument("fulfillment")
}

fn read(input: FulfillmentInput) -> Read<NewParcel> {
    let missing =
        |path, message: &'static str| Ok(Err(FulfillmentUserError::new(Code::NotFound, path, message)));
    let Some(order) = gid::decode::<OrderId>(&input.order_id)? else {
        return missing(at().field("orderId"), "There is no such order.");
    };
    let wanted = match input.line_items {
        None => Wanted::Everything,
        Some(lines) => {
            bounded("lineItems", &lines)?;
            let mut wanted = Vec::with_capacity(lines.len());
            for (index, line) in lines.iter().enumerate() {
                let path = at().field("lineItems").entry(index);
                let Some(id) = gid::decode::<LineItemId>(&line.line_item_id)? else {
                    return missing(path.field("lineItemId"), "The order has no such line.");
                };
                let Ok(quantity) = u32::try_from(line.quantity) else {
                    let message = "At least one unit of a line is sent.";
                    return Ok(Err(FulfillmentUserError::new(
                        Code::Invalid,
                        path.field("quantity"),
                        message,
                    )));
                };
                wanted.push(FulfillmentLine { line: id, quantity });
            }
            Wanted::These(wanted)
        }
    };
    let tracking = input.tracking_info.unwrap_or_default();
    Ok(read_tracking(&tracking, at().field("trackingInfo")).map(|tracking| NewParcel {
        order,
        wanted,
        tracking,
        notify: input.notify_customer,
        key: input.idempotency_key,
    }))
}

fn read_tracking(
    input: &FulfillmentTrackingInput,
    path: InputPath,
) -> Result<Tracking, FulfillmentUserError> {
    let tracking = Tracking::try_new(input.company.as_deref(), &input.numbers, &input.urls);
    tracking.map_err(|refused| FulfillmentUserError::new(Code::Invalid, path, sentence(refused)))
}

/// A parcel that is not sent: the place and a sentence.
fn refusal(error: FulfillOrderError, wanted: &Wanted) -> Result<FulfillmentUserError, ApiError> {
    let message = sentence(&error);
    let line_at = |id: LineItemId, field| {
        let index = match wanted {
            Wanted::These(lines) => lines.iter().position(|line| line.line == id),
            Wanted::Everything => None,
        };
        at().field("lineItems").entry(index.unwrap_or_default()).field(field)
    };
    let (code, path) = match error {
        FulfillOrderError::NotFound => (Code::NotFound, at().field("orderId")),
        FulfillOrderError::Refused(refused) => match refused {
            FulfilRefusal::State(_) => (Code::InvalidState, at().field("orderId")),
            FulfilRefusal::TooMany { line, left: _ } => (Code::TooMuch, line_at(line, "quantity")),
            FulfilRefusal::UnknownLine(line) => (Code::NotFound, line_at(line, "lineItemId")),
            FulfilRefusal::NoUnits(line) => (Code::Invalid, line_at(line, "quantity")),
            FulfilRefusal::Nothing => (Code::NothingToSend, at().field("lineItems")),
        },
        FulfillOrderError::NotThere { .. } => (Code::NotInStock, at().field("lineItems")),
        FulfillOrderError::Key(_) => (Code::Invalid, at().field("idempotencyKey")),
        FulfillOrderError::KeyRequired => (Code::IdempotencyKeyRequired, at().field("idempotencyKey")),
        FulfillOrderError::KeyReused => (Code::IdempotencyKeyReused, at().field("idempotencyKey")),
        FulfillOrderError::Fault(fault) => return Err(fault.into()),
    };
    Ok(FulfillmentUserError::new(code, path, message))
}
