//! Rows to orders and back.

use super::{
    entities::{lines, orders},
    terms::OrderTerms,
};
use crate::db::{OrderSealer, fitting};
use sea_orm::ActiveValue::Set;
use stoa_domain::{
    cart::Attribute,
    market::ExchangeRate,
    order::{
        Attention, CancelReason, FulfillmentStatus, LineItem, Order, OrderFigures, OrderState, ShopMoney,
    },
    pricing::{ShopFigures, TaxRounding},
    shared::{
        Currency, CustomerId, EmailAddress, Fault, LineItemId, Locale, MarketId, OrderId, PaymentId,
        ProductId, PromotionId, Rate, Sealer, Timestamp, VariantId,
    },
};

/// A row that says what cannot be: somebody wrote to the table by hand, or there is a bug.
const UNREADABLE: Fault = Fault::bug("order.read: a row that no version of the program writes");

/// The columns that hold a state.
pub(super) struct StateColumns {
    pub(super) state: &'static str,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) paid_at: Option<Timestamp>,
    pub(super) paid_by: Option<PaymentId>,
    pub(super) cancelled_at: Option<Timestamp>,
    pub(super) cancel_reason: Option<&'static str>,
}

impl From<&OrderState> for StateColumns {
    fn from(state: &OrderState) -> Self {
        let blank = Self {
            state: state.name(),
            expires_at: None,
            paid_at: None,
            paid_by: None,
            cancelled_at: None,
            cancel_reason: None,
        };
        match state {
            OrderState::AwaitingPayment { expires_at } => Self { expires_at: Some(*expires_at), ..blank },
            OrderState::Paid { payment, paid_at } => {
                Self { paid_at: Some(*paid_at), paid_by: *payment, ..blank }
            }
            OrderState::Cancelled { reason, at } => {
                Self { cancelled_at: Some(*at), cancel_reason: Some(reason.name()), ..blank }
            }
        }
    }
}

/// The state of a row.
pub(super) fn state_of(row: &orders::Model) -> Result<OrderState, Fault> {
    let state = match row.state.as_str() {
        "awaiting_payment" => row.expires_at.map(|expires_at| OrderState::AwaitingPayment { expires_at }),
        "paid" => {
            row.paid_at.map(|paid_at| OrderState::Paid { payment: row.paid_by.map(PaymentId::new), paid_at })
        }
        "cancelled" => {
            let reason = row.cancel_reason.as_deref().and_then(CancelReason::from_name);
            reason.zip(row.cancelled_at).map(|(reason, at)| OrderState::Cancelled { reason, at })
        }
        _ => None,
    };
    state.ok_or(UNREADABLE)
}

pub(super) const fn fulfillment_name(status: FulfillmentStatus) -> &'static str {
    match status {
        FulfillmentStatus::Unfulfilled => "unfulfilled",
        FulfillmentStatus::PartiallyFulfilled => "partially_fulfilled",
        FulfillmentStatus::Fulfilled => "fulfilled",
    }
}

/// How much of the order of a row was sent.
pub(super) fn fulfillment_of(row: &orders::Model) -> Result<FulfillmentStatus, Fault> {
    [FulfillmentStatus::Unfulfilled, FulfillmentStatus::PartiallyFulfilled, FulfillmentStatus::Fulfilled]
        .into_iter()
        .find(|status| fulfillment_name(*status) == row.fulfillment)
        .ok_or(UNREADABLE)
}

const fn rounding_name(rounding: TaxRounding) -> &'static str {
    match rounding {
        TaxRounding::Line => "line",
        TaxRounding::Total => "total",
    }
}

/// Where telephone numbers are sealed.
pub(crate) const PHONE: &str = "orders.phone";
/// Where addresses are sealed.
pub(crate) const ADDRESS: &str = "orders.shipping_address";
/// Where notes are sealed.
pub(crate) const NOTE: &str = "orders.note";

/// Characters of a tax number.
const TAX_NUMBER: usize = 32;

/// The row of an order.
pub(super) fn order_row(
    order: &Order,
    terms: &OrderTerms,
    sealer: OrderSealer<'_>,
) -> Result<orders::ActiveModel, Fault> {
    let state = StateColumns::from(&order.state);
    let seal =
        |place, text: Option<&String>| text.map(|text| sealer.seal(place, order.id.uuid(), text)).transpose();
    let address = order.shipping_address.as_ref().map(to_json).transpose()?;
    let shop = order.figures.shop.as_ref();
    let in_shop = |figure: fn(&ShopFigures) -> i64| shop.map(|shop| figure(&shop.figures));
    Ok(orders::ActiveModel {
        id: Set(order.id.uuid()),
        number: Set(order.number),
        token: Set(order.token.clone()),
        cart_id: Set(order.cart.uuid()),
        state: Set(state.state.to_owned()),
        expires_at: Set(state.expires_at),
        paid_at: Set(state.paid_at),
        paid_by: Set(state.paid_by.map(PaymentId::uuid)),
        cancelled_at: Set(state.cancelled_at),
        cancel_reason: Set(state.cancel_reason.map(str::to_owned)),
        attention: Set(order.attention.map(|a| a.name().to_owned())),
        fulfillment: Set(fulfillment_name(order.fulfillment).to_owned()),
        email: Set(order.email.as_str().to_owned()),
        email_key: Set(order.email.key()),
        phone: Set(seal(PHONE, order.phone.as_ref())?),
        shipping_address: Set(seal(ADDRESS, address.as_ref())?),
        delivery_title: Set(order.delivery_title.clone()),
        delivery_handle: Set(order.delivery_handle.clone()),
        note: Set(seal(NOTE, order.note.as_ref())?),
        attributes: Set(to_json(&order.attributes)?),
        currency: Set(order.figures.currency.code().to_owned()),
        subtotal: Set(order.figures.subtotal),
        delivery: Set(order.figures.delivery),
        delivery_tax: Set(order.figures.delivery_tax),
        tax: Set(order.figures.tax),
        total: Set(order.figures.total),
        tax_rate: Set(i64::from(order.figures.tax_rate.millionths())),
        prices_include_tax: Set(order.figures.prices_include_tax),
        tax_rounding: Set(rounding_name(order.figures.tax_rounding).to_owned()),
        placed_at: Set(order.placed_at),
        updated_at: Set(order.updated_at),
        customer_id: Set(order.customer.map(CustomerId::uuid)),
        locale: Set(order.locale.map(|locale| locale.code().to_owned())),
        personal_until: Set(None),
        discount: Set(order.figures.discount),
        delivery_discount: Set(order.figures.delivery_discount),
        removed_tax: Set(order.figures.removed_tax),
        charge: Set(Some(order.figures.charge)),
        market_id: Set(terms.market.map(MarketId::uuid)),
        shop_currency: Set(shop.map(|shop| shop.currency.code().to_owned())),
        exchange_rate: Set(shop.map(|shop| shop.rate.billionths())),
        shop_subtotal: Set(in_shop(|figures| figures.subtotal)),
        shop_discount: Set(in_shop(|figures| figures.discount)),
        shop_delivery: Set(in_shop(|figures| figures.delivery)),
        shop_delivery_discount: Set(in_shop(|figures| figures.delivery_discount)),
        shop_tax: Set(in_shop(|figures| figures.tax)),
        shop_total: Set(in_shop(|figures| figures.total)),
        tax_number: Set(terms.tax_number.as_deref().map(|number| fitting(number, TAX_NUMBER))),
        reverse_charge: Set(order.figures.reverse_charge),
    })
}

/// The row of a line.
pub(super) fn line_row(
    order: OrderId,
    position: usize,
    line: &LineItem,
    promised: bool,
) -> Result<lines::ActiveModel, Fault> {
    Ok(lines::ActiveModel {
        id: Set(line.id.uuid()),
        order_id: Set(order.uuid()),
        position: Set(i32::try_from(position).map_err(|e| Fault::internal("order.insert", e))?),
        variant_id: Set(line.variant.uuid()),
        product_id: Set(line.product.uuid()),
        title: Set(line.title.clone()),
        variant_title: Set(line.variant_title.clone()),
        sku: Set(line.sku.clone()),
        image_url: Set(line.image_url.clone()),
        quantity: Set(i64::from(line.quantity)),
        unit_price: Set(line.unit_price),
        subtotal: Set(line.subtotal),
        tax: Set(line.tax),
        requires_shipping: Set(line.requires_shipping),
        attributes: Set(to_json(&line.attributes)?),
        promised: Set(Some(promised)),
        fulfilled: Set(i64::from(line.fulfilled)),
        discount: Set(line.discount),
        removed_tax: Set(line.removed_tax),
        gift_of: Set(line.gift_of.map(PromotionId::uuid)),
        gift_card: Set(line.gift_card),
    })
}

/// The order of a row and its lines' rows (already in order).
pub(super) fn order(
    row: orders::Model,
    lines: Vec<lines::Model>,
    sealer: OrderSealer<'_>,
) -> Result<Order, Fault> {
    let state = state_of(&row)?;
    let open = |place, text: Option<&String>| text.map(|text| sealer.open(place, row.id, text)).transpose();
    let phone = open(PHONE, row.phone.as_ref())?;
    let note = open(NOTE, row.note.as_ref())?;
    let address = open(ADDRESS, row.shipping_address.as_ref())?;
    let attention = match row.attention.as_deref() {
        Some(name) => Some(Attention::from_name(name).ok_or(UNREADABLE)?),
        None => None,
    };
    let fulfillment = fulfillment_of(&row)?;
    let tax_rounding = [TaxRounding::Line, TaxRounding::Total]
        .into_iter()
        .find(|r| rounding_name(*r) == row.tax_rounding)
        .ok_or(UNREADABLE)?;
    let figures = OrderFigures {
        currency: Currency::parse(&row.currency).map_err(|_| UNREADABLE)?,
        subtotal: row.subtotal,
        discount: row.discount,
        delivery: row.delivery,
        delivery_discount: row.delivery_discount,
        delivery_tax: row.delivery_tax,
        removed_tax: row.removed_tax,
        tax: row.tax,
        total: row.total,
        charge: row.charge.unwrap_or(row.total),
        shop: shop(&row)?,
        reverse_charge: row.reverse_charge,
        tax_rate: Rate::from_millionths(u32::try_from(row.tax_rate).map_err(|_| UNREADABLE)?),
        prices_include_tax: row.prices_include_tax,
        tax_rounding,
    };
    Ok(Order {
        id: OrderId::new(row.id),
        number: row.number,
        token: row.token,
        cart: row.cart_id.into(),
        state,
        attention,
        fulfillment,
        customer: row.customer_id.map(CustomerId::new),
        // One that a newer version wrote is none we have words in.
        locale: row.locale.as_deref().and_then(Locale::parse),
        email: EmailAddress::stored(&row.email).map_err(|_| UNREADABLE)?,
        phone,
        shipping_address: address.as_deref().map(from_json).transpose()?,
        delivery_title: row.delivery_title,
        delivery_handle: row.delivery_handle,
        note,
        attributes: from_json(&row.attributes)?,
        figures,
        lines: lines.into_iter().map(line).collect::<Result<_, _>>()?,
        placed_at: row.placed_at,
        updated_at: row.updated_at,
    })
}

/// The figures in the shop's currency; `None`: they are the order's.
fn shop(row: &orders::Model) -> Result<Option<ShopMoney>, Fault> {
    let Some(currency) = row.shop_currency.as_deref() else { return Ok(None) };
    let figure = |column: Option<i64>| column.ok_or(UNREADABLE);
    let rate = figure(row.exchange_rate)?;
    let (subtotal, discount) = (figure(row.shop_subtotal)?, figure(row.shop_discount)?);
    let (delivery, delivery_discount) = (figure(row.shop_delivery)?, figure(row.shop_delivery_discount)?);
    let (tax, total) = (figure(row.shop_tax)?, figure(row.shop_total)?);
    let on_top = if row.prices_include_tax { 0 } else { tax };
    // What is left when all else is summed up: it has no column.
    let removed_tax = [delivery, on_top]
        .into_iter()
        .try_fold(subtotal, i64::checked_add)
        .and_then(|on| [discount, delivery_discount, total].into_iter().try_fold(on, i64::checked_sub))
        .ok_or(UNREADABLE)?;
    Ok(Some(ShopMoney {
        currency: Currency::parse(currency).map_err(|_| UNREADABLE)?,
        rate: ExchangeRate::try_from_billionths(rate).map_err(|_| UNREADABLE)?,
        figures: ShopFigures { subtotal, discount, delivery, delivery_discount, removed_tax, tax, total },
    }))
}

fn line(row: lines::Model) -> Result<LineItem, Fault> {
    let attributes: Vec<Attribute> = from_json(&row.attributes)?;
    Ok(LineItem {
        id: LineItemId::new(row.id),
        variant: VariantId::new(row.variant_id),
        product: ProductId::new(row.product_id),
        title: row.title,
        variant_title: row.variant_title,
        sku: row.sku,
        image_url: row.image_url,
        quantity: u32::try_from(row.quantity).map_err(|_| UNREADABLE)?,
        unit_price: row.unit_price,
        subtotal: row.subtotal,
        discount: row.discount,
        tax: row.tax,
        removed_tax: row.removed_tax,
        gift_of: row.gift_of.map(PromotionId::new),
        gift_card: row.gift_card,
        requires_shipping: row.requires_shipping,
        fulfilled: u32::try_from(row.fulfilled).map_err(|_| UNREADABLE)?,
        attributes,
    })
}

fn to_json(value: &impl serde::Serialize) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|e| Fault::internal("order.write", e))
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|e| Fault::internal("order.read", e))
}
