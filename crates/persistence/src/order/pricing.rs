//! How the price of an order came about: what people read of it. What SQL proves and lists stands in the columns of the order itself; this is written
//! where there is more to say than they tell, see [`stoa_domain::pricing::retold`].

use super::entities::{deliveries, pricing, taxes};
use crate::db::{Batch, Conn, fault, fitting};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QueryTrait};
use serde::{Deserialize, Serialize};
use stoa_domain::{
    delivery::{DeliveryDays, MethodKind},
    pricing::{AppliedPromotion, Class, CodeKey, LineIndex, OffValue, Steps},
    shared::{DeliveryGroupId, Fault, LineItemId, LocationId, OrderId, PromotionId, Rate, Timestamp},
};

/// Characters of names and handles, and of titles.
const NAME: usize = 64;
const TITLE: usize = 255;

const UNREADABLE: Fault = Fault::bug("order.pricing: a row that no version of the program writes");

/// How the price of an order came about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderPricing {
    /// Step by step: of lines by their place in the order, and of deliveries by theirs.
    pub steps: Steps,
    /// The promotions that took something off, with what of that each line got.
    pub applied: Vec<AppliedPromotion>,
    /// Which rules of the shop it was priced by.
    pub rules: i64,
    /// All tax, by rate.
    pub taxes: Vec<OrderTax>,
    /// What was delivered together.
    pub deliveries: Vec<OrderDelivery>,
}

/// What an order was charged at one rate, in minor units of its currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderTax {
    /// The tax's name.
    pub name: String,
    /// The name of its zone.
    pub zone: String,
    /// The rate.
    pub rate: Rate,
    /// Whether it was charged on other taxes as well.
    pub compound: bool,
    /// What was taxed.
    pub base: i64,
    /// The tax.
    pub amount: i64,
    /// Whether it was inside the base.
    pub inside: bool,
}

/// Lines of an order that were delivered together. Amounts are in minor units of its currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderDelivery {
    /// Which, as the cart called it.
    pub group: DeliveryGroupId,
    /// The place they came from, or were picked up at.
    pub location: Option<LocationId>,
    /// The option's handle.
    pub handle: String,
    /// What the buyer read.
    pub title: String,
    /// How the goods got there.
    pub kind: DeliveryKind,
    /// What it cost.
    pub price: i64,
    /// What was taken off that.
    pub discount: i64,
    /// Tax that the price contained and this buyer did not owe.
    pub removed_tax: i64,
    /// The tax.
    pub tax: i64,
    /// How long it was to take.
    pub days: Option<DeliveryDays>,
    /// The order's lines.
    pub lines: Vec<LineItemId>,
}

/// How goods got to their buyer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryKind {
    /// By a carrier, at the shop's own price.
    Shipping,
    /// By the shop's own people.
    Local,
    /// Not at all: the buyer came.
    PickUp,
    /// By a carrier, at the carrier's price.
    Carrier,
}

impl DeliveryKind {
    const ALL: [Self; 4] = [Self::Shipping, Self::Local, Self::PickUp, Self::Carrier];

    const fn name(self) -> &'static str {
        match self {
            Self::Shipping => "shipping",
            Self::Local => "local",
            Self::PickUp => "pick_up",
            Self::Carrier => "carrier",
        }
    }
}

impl From<MethodKind> for DeliveryKind {
    fn from(kind: MethodKind) -> Self {
        match kind {
            MethodKind::Shipping => Self::Shipping,
            MethodKind::Local => Self::Local,
            MethodKind::PickUp { .. } => Self::PickUp,
            MethodKind::Carrier => Self::Carrier,
        }
    }
}

/// A promotion that took something off, as it is kept: its fields and words stay readable for good.
#[derive(Serialize, Deserialize)]
struct Application {
    promotion: PromotionId,
    title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<CodeKey>,
    class: Class,
    #[serde(flatten)]
    value: Value,
    amount: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    shares: Vec<(LineIndex, i64)>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Value {
    Percent(Rate),
    Off(i64),
}

/// Writes it down beside the order.
///
/// # Errors
/// More lines or deliveries than can be counted.
pub fn write_pricing(
    batch: &mut Batch,
    order: OrderId,
    of: &OrderPricing,
    now: Timestamp,
) -> Result<(), Fault> {
    let applied: Vec<Application> = of.applied.iter().map(application).collect();
    let row = pricing::ActiveModel {
        order_id: Set(order.uuid()),
        steps: Set(to_json(&of.steps)?),
        applications: Set(to_json(&applied)?),
        rules: Set(of.rules),
        explained_at: Set(now),
    };
    batch.insert(pricing::Entity::insert(row).into_query());
    let rows = of.taxes.iter().enumerate();
    let rows = rows.map(|(n, tax)| tax_row(order, n, tax)).collect::<Result<Vec<_>, Fault>>()?;
    if !rows.is_empty() {
        batch.insert(taxes::Entity::insert_many(rows).into_query());
    }
    let rows = of.deliveries.iter().enumerate();
    let rows = rows.map(|(n, of)| delivery_row(order, n, of)).collect::<Result<Vec<_>, Fault>>()?;
    if !rows.is_empty() {
        batch.insert(deliveries::Entity::insert_many(rows).into_query());
    }
    Ok(())
}

/// How the price of an order came about, if that was kept. At most three statements.
///
/// # Errors
/// The database does not answer.
pub async fn pricing_of(conn: &impl Conn, order: OrderId) -> Result<Option<OrderPricing>, Fault> {
    let found = pricing::Entity::find_by_id(order.uuid()).one(conn.raw()).await;
    let Some(row) = found.map_err(fault("order.pricing"))? else { return Ok(None) };
    let taxed = taxes::Entity::find()
        .filter(taxes::Column::OrderId.eq(order.uuid()))
        .order_by_asc(taxes::Column::Position)
        .all(conn.raw())
        .await
        .map_err(fault("order.taxes"))?;
    let delivered = deliveries::Entity::find()
        .filter(deliveries::Column::OrderId.eq(order.uuid()))
        .order_by_asc(deliveries::Column::Position)
        .all(conn.raw())
        .await
        .map_err(fault("order.deliveries"))?;
    let applied: Vec<Application> = from_json(&row.applications)?;
    Ok(Some(OrderPricing {
        steps: from_json(&row.steps)?,
        applied: applied.into_iter().map(applied_promotion).collect(),
        rules: row.rules,
        taxes: taxed.into_iter().map(tax).collect::<Result<_, _>>()?,
        deliveries: delivered.into_iter().map(delivery).collect::<Result<_, _>>()?,
    }))
}

fn application(of: &AppliedPromotion) -> Application {
    Application {
        promotion: of.promotion,
        title: of.title.to_string(),
        code: of.code.clone(),
        class: of.class,
        value: match of.value {
            OffValue::Percent(rate) => Value::Percent(rate),
            OffValue::Amount(amount) => Value::Off(amount),
        },
        amount: of.amount,
        shares: of.shares.clone(),
    }
}

fn applied_promotion(of: Application) -> AppliedPromotion {
    AppliedPromotion {
        promotion: of.promotion,
        title: of.title.into(),
        code: of.code,
        class: of.class,
        value: match of.value {
            Value::Percent(rate) => OffValue::Percent(rate),
            Value::Off(amount) => OffValue::Amount(amount),
        },
        amount: of.amount,
        shares: of.shares,
    }
}

fn tax_row(order: OrderId, position: usize, of: &OrderTax) -> Result<taxes::ActiveModel, Fault> {
    Ok(taxes::ActiveModel {
        order_id: Set(order.uuid()),
        position: Set(place(position)?),
        name: Set(fitting(&of.name, NAME)),
        zone: Set(fitting(&of.zone, TITLE)),
        rate: Set(i64::from(of.rate.millionths())),
        compound: Set(of.compound),
        base: Set(of.base),
        amount: Set(of.amount),
        inside: Set(of.inside),
    })
}

fn tax(row: taxes::Model) -> Result<OrderTax, Fault> {
    Ok(OrderTax {
        name: row.name,
        zone: row.zone,
        rate: Rate::from_millionths(u32::try_from(row.rate).map_err(|_| UNREADABLE)?),
        compound: row.compound,
        base: row.base,
        amount: row.amount,
        inside: row.inside,
    })
}

fn delivery_row(
    order: OrderId,
    position: usize,
    of: &OrderDelivery,
) -> Result<deliveries::ActiveModel, Fault> {
    Ok(deliveries::ActiveModel {
        order_id: Set(order.uuid()),
        position: Set(place(position)?),
        group_key: Set(of.group.to_string()),
        location_id: Set(of.location.map(LocationId::uuid)),
        handle: Set(fitting(&of.handle, NAME)),
        title: Set(fitting(&of.title, TITLE)),
        kind: Set(of.kind.name().to_owned()),
        price: Set(of.price),
        discount: Set(of.discount),
        removed_tax: Set(of.removed_tax),
        tax: Set(of.tax),
        days_min: Set(of.days.map(|days| days.least.into())),
        days_max: Set(of.days.map(|days| days.most.into())),
        line_ids: Set(to_json(&of.lines)?),
    })
}

fn delivery(row: deliveries::Model) -> Result<OrderDelivery, Fault> {
    let days = row.days_min.zip(row.days_max).and_then(|(least, most)| {
        DeliveryDays::try_new(u16::try_from(least).ok()?, u16::try_from(most).ok()?)
    });
    Ok(OrderDelivery {
        group: row.group_key.parse().map_err(|_| UNREADABLE)?,
        location: row.location_id.map(LocationId::new),
        handle: row.handle,
        title: row.title,
        kind: DeliveryKind::ALL.into_iter().find(|kind| kind.name() == row.kind).ok_or(UNREADABLE)?,
        price: row.price,
        discount: row.discount,
        removed_tax: row.removed_tax,
        tax: row.tax,
        days,
        lines: from_json(&row.line_ids)?,
    })
}

fn place(position: usize) -> Result<i32, Fault> {
    i32::try_from(position).map_err(|e| Fault::internal("order.pricing", e))
}

fn to_json(value: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|e| Fault::internal("order.pricing", e))
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|e| Fault::internal("order.pricing", e))
}
