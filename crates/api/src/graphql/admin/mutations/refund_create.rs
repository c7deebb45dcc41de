//! `refundCreate`: giving money back.

use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        orders::{AdminRefund, RefundCreateErrorCode as Code, RefundCreateUserError},
        refusals::sentence,
    },
    cart::{InputPath, inputs::bounded},
    checkout::MoneyInput,
    scalars::gid,
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use stoa_domain::{
    access::grants::OrdersRefund,
    inventory::SetStockError,
    order::{RefundPart, RefundRefusal, RefundUnits, SplitRefusal},
    shared::{Currency, LineItemId, LocationId, OrderId, PaymentId},
};
use stoa_graphql_http::Nullable;
use stoa_persistence::payment::RefundMemo;
use stoa_services::admin::{RefundOrderError, RefundRequest};

/// Units of a line that are refunded.
#[derive(Clone, Debug, InputObject)]
pub struct RefundLineItemInput {
    /// The global id of the order's line.
    pub line_item_id: ID,
    /// How many; those that were not sent go first.
    pub quantity: i32,
    /// Whether they are to be sold again. Of those that are not, what was not sent yet is written off.
    #[graphql(default = true)]
    pub restock: bool,
}

/// What goes back over one payment.
#[derive(Clone, Debug, InputObject)]
pub struct RefundTenderInput {
    /// How much, in the order's currency.
    pub amount: MoneyInput,
    /// The global id of one of the order's payments.
    pub payment_id: ID,
}

/// What is to be given back. Amounts are in the order's currency.
#[derive(Clone, Debug, InputObject)]
pub struct RefundInput {
    /// How much; null: what the buyer was charged for the units, and `shipping`.
    pub amount: Option<MoneyInput>,
    /// Makes it safe to ask again: the same key for the same order gives money back once. At most 255 characters.
    pub idempotency_key: String,
    /// The global id of the location where units are taken in that had been sent; null: at the shop's first.
    pub location_id: Option<ID>,
    /// What the staff note of it; nobody else reads it.
    pub note: Option<String>,
    /// Whether the buyer is written to once the money is on its way.
    #[graphql(default = false)]
    pub notify: bool,
    /// The global id of the order.
    pub order_id: ID,
    /// For which units; none: for money alone.
    #[graphql(default)]
    pub refund_line_items: Vec<RefundLineItemInput>,
    /// How much of the delivery: on top of the units where no amount is named, and otherwise a part of the amount. What was given back
    /// before is not given back again.
    pub shipping: Option<MoneyInput>,
    /// How much goes back over which of the order's payments: together what is given back. None: over the gateway as far as that goes, and then to the gift
    /// cards, the one that was used last first.
    #[graphql(default)]
    pub tenders: Vec<RefundTenderInput>,
}

/// What came of it.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct RefundCreatePayload {
    /// The refund, which the gateway is still to be told of; null if it was refused.
    pub refund: Option<AdminRefund>,
    /// All refunds of the act, one a payment over which it goes back, `refund` first; null if it was refused. Onto gift cards it has gone back already.
    pub refunds: Option<Vec<AdminRefund>>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<RefundCreateUserError>,
}

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct RefundCreate;

/// Gives money back.
#[Object]
impl RefundCreate {
    /// Gives money back for an order, with or without units of what was bought. Units that were not sent are not sent any more; those that
    /// were are taken in again.
    #[graphql(guard = "may::<OrdersRefund>", visible = "seen::<OrdersRefund>")]
    async fn refund_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be given back.")] input: RefundInput,
    ) -> Nullable<RefundCreatePayload> {
        Nullable::run(async { Box::pin(create(ctx, input)).await.map(Some) }).await
    }
}

async fn create(ctx: &Context<'_>, input: RefundInput) -> Result<RefundCreatePayload, ApiError> {
    let by = ctx.permit::<OrdersRefund>()?;
    let refunds = &ctx.services().admin.refund_order;
    let paid_in = match gid::decode::<OrderId>(&input.order_id)? {
        Some(order) => refunds.currency_of(&by, order).await?,
        None => None,
    };
    // Of an order that nothing was paid for nothing is given back, in whatever currency.
    let currency = paid_in.unwrap_or(ctx.services().context().settings().currency);
    let refused = |error| RefundCreatePayload { user_errors: vec![error], ..Default::default() };
    let asked = match read(input, currency)? {
        Ok(asked) => asked,
        Err(error) => return Ok(refused(error)),
    };
    match refunds.run(&by, &asked).await {
        Ok(given) => {
            let seen = |refund, memo| AdminRefund { refund, memo, created_at: given.created_at, currency };
            let first = seen(given.refund, given.memo);
            let further = given.further.into_iter().map(|refund| seen(refund, RefundMemo::default()));
            let all = std::iter::once(first.clone()).chain(further).collect();
            Ok(RefundCreatePayload { refund: Some(first), refunds: Some(all), user_errors: Vec::new() })
        }
        Err(error) => Ok(refused(refusal(error, &asked)?)),
    }
}

type Read<T> = Result<Result<T, RefundCreateUserError>, ApiError>;

fn at() -> InputPath {
    InputPath::argument("input")
}

fn read(input: RefundInput, currency: Currency) -> Read<RefundRequest> {
    bounded("refundLineItems", &input.refund_line_items)?;
    bounded("tenders", &input.tenders)?;
    let missing =
        |path, message: &'static str| Ok(Err(RefundCreateUserError::new(Code::NotFound, path, message)));
    let Some(order) = gid::decode::<OrderId>(&input.order_id)? else {
        return missing(at().field("orderId"), "There is no such order.");
    };
    let location = match input.location_id.as_ref().map(|id| gid::decode::<LocationId>(id)).transpose()? {
        Some(None) => return missing(at().field("locationId"), "There is no such location."),
        found => found.flatten(),
    };
    let tenders = match tenders(&input.tenders, currency)? {
        Ok(tenders) => tenders,
        Err(error) => return Ok(Err(error)),
    };
    let mut units = Vec::with_capacity(input.refund_line_items.len());
    for (index, line) in input.refund_line_items.iter().enumerate() {
        let path = at().field("refundLineItems").entry(index);
        let Some(id) = gid::decode::<LineItemId>(&line.line_item_id)? else {
            return missing(path.field("lineItemId"), "The order has no such line.");
        };
        let Ok(quantity) = u32::try_from(line.quantity) else {
            let message = "At least one unit of a line is refunded.";
            return Ok(Err(RefundCreateUserError::new(Code::Invalid, path.field("quantity"), message)));
        };
        units.push(RefundUnits { line: id, quantity, restock: line.restock });
    }
    let amount = match minor(input.amount.as_ref(), at().field("amount"), currency) {
        Ok(amount) => amount,
        Err(error) => return Ok(Err(error)),
    };
    let delivery = match minor(input.shipping.as_ref(), at().field("shipping"), currency) {
        Ok(delivery) => delivery.unwrap_or(0),
        Err(error) => return Ok(Err(error)),
    };
    let (note, notify, key) = (input.note, input.notify, input.idempotency_key);
    Ok(Ok(RefundRequest { order, amount, delivery, units, tenders, location, note, notify, key }))
}

/// How much goes back over which payments.
fn tenders(told: &[RefundTenderInput], currency: Currency) -> Read<Vec<RefundPart>> {
    let mut tenders = Vec::with_capacity(told.len());
    for (index, of) in told.iter().enumerate() {
        let path = at().field("tenders").entry(index);
        let Some(payment) = gid::decode::<PaymentId>(&of.payment_id)? else {
            let message = "The order has no such payment.";
            return Ok(Err(RefundCreateUserError::new(Code::NotFound, path.field("paymentId"), message)));
        };
        match minor(Some(&of.amount), path.field("amount"), currency) {
            Ok(amount) => tenders.push(RefundPart { payment, amount: amount.unwrap_or(0) }),
            Err(error) => return Ok(Err(error)),
        }
    }
    Ok(Ok(tenders))
}

/// An amount in minor units of the order's currency.
fn minor(
    amount: Option<&MoneyInput>,
    path: InputPath,
    currency: Currency,
) -> Result<Option<i64>, RefundCreateUserError> {
    let Some(amount) = amount else { return Ok(None) };
    match amount.money() {
        Ok(money) if money.currency == currency => Ok(Some(money.minor)),
        Ok(_) | Err(_) => {
            let message = format!("This is no amount in {}.", currency.code());
            Err(RefundCreateUserError::new(Code::Invalid, path, message))
        }
    }
}

/// A refund that is not given: the place and a sentence.
fn refusal(error: RefundOrderError, asked: &RefundRequest) -> Result<RefundCreateUserError, ApiError> {
    let message = sentence(&error);
    let (code, path) = match error {
        RefundOrderError::NotFound => (Code::NotFound, at().field("orderId")),
        RefundOrderError::State(_) => (Code::InvalidState, at().field("orderId")),
        RefundOrderError::Units(refused) => {
            let (code, line, field) = match refused {
                RefundRefusal::TooMany { line, left: _ } => (Code::TooMuch, line, "quantity"),
                RefundRefusal::UnknownLine(line) => (Code::NotFound, line, "lineItemId"),
                RefundRefusal::NoUnits(line) => (Code::Invalid, line, "quantity"),
                RefundRefusal::NamedTwice(line) => (Code::Invalid, line, "lineItemId"),
            };
            let index = asked.units.iter().position(|units| units.line == line);
            (code, at().field("refundLineItems").entry(index.unwrap_or_default()).field(field))
        }
        RefundOrderError::NoAmount => (Code::Invalid, at().field("amount")),
        RefundOrderError::TooMuch { left: _ } => (Code::TooMuch, at().field("amount")),
        RefundOrderError::Tenders(refused) => {
            let (code, of, field) = match refused {
                SplitRefusal::TooMuch { payment, left: _ } => (Code::TooMuch, payment, "amount"),
                SplitRefusal::NoAmount => (Code::Invalid, None, "amount"),
                SplitRefusal::UnknownPayment(payment) => (Code::NotFound, Some(payment), "paymentId"),
                SplitRefusal::NamedTwice(payment) => (Code::Invalid, Some(payment), "paymentId"),
                SplitRefusal::OtherSum { parts: _ } => (Code::Invalid, None, "amount"),
            };
            let list = at().field("tenders");
            let index = of.and_then(|of| asked.tenders.iter().position(|part| part.payment == of));
            (code, index.map_or_else(|| list.clone(), |index| list.entry(index).field(field)))
        }
        RefundOrderError::GiftCardUsed { line } => {
            let index = asked.units.iter().position(|units| units.line == line);
            let field = at().field("refundLineItems").entry(index.unwrap_or_default());
            (Code::GiftCardUsed, field.field("lineItemId"))
        }
        RefundOrderError::Delivery { left: _ } => (Code::TooMuch, at().field("shipping")),
        RefundOrderError::Stock(SetStockError::UnknownLocation(_)) => {
            (Code::NotFound, at().field("locationId"))
        }
        RefundOrderError::Stock(SetStockError::Fault(fault)) | RefundOrderError::Fault(fault) => {
            return Err(fault.into());
        }
        RefundOrderError::Stock(
            SetStockError::Stale { .. }
            | SetStockError::BelowAllocated { .. }
            | SetStockError::OutOfRange
            | SetStockError::UnknownVariant(_),
        ) => (Code::Invalid, at().field("refundLineItems")),
        RefundOrderError::NoteTooLong => (Code::Invalid, at().field("note")),
        RefundOrderError::Key(_) => (Code::Invalid, at().field("idempotencyKey")),
        RefundOrderError::KeyReused => (Code::IdempotencyKeyReused, at().field("idempotencyKey")),
    };
    Ok(RefundCreateUserError::new(code, path, message))
}
