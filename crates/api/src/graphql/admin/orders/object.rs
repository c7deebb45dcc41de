//! An order, as staff see it.

use super::{AdminFulfillment, AdminOrderLineItem, AdminOrderPayment};
use crate::graphql::{
    ApiError, MoneyV2, PriceCurrency, Request,
    cart::{Attribute, MailingAddress},
    order::{OrderCancelReason, OrderFinancialStatus, OrderFulfillmentStatus},
    paging::{Connection, PageArgs, page_of},
    pricing::PricingStep,
    scalars::{DateTime, Gid},
};
use async_graphql::{Context, Object};
use std::sync::Arc;
use stoa_domain::{
    order::{Attention, Fulfillment, Order, OrderState},
    shared::{CustomerId, OrderId},
};
use stoa_services::order::OrderView;

/// An order, as staff see it. Clones share it.
#[derive(Clone, Debug)]
pub struct AdminOrder(Arc<OrderFile>);

/// All that is read of an order together with the others of its page.
#[derive(Debug)]
pub(super) struct OrderFile {
    pub(super) view: OrderView,
    pub(super) parcels: Vec<Fulfillment>,
    /// What of its money can still go back, in minor units.
    pub(super) refundable: i64,
}

impl AdminOrder {
    pub(super) fn new(file: OrderFile) -> Self {
        Self(Arc::new(file))
    }

    fn order(&self) -> &Order {
        &self.0.view.order
    }

    fn money(&self, minor: i64) -> MoneyV2 {
        PriceCurrency::from(self.order().figures.currency).of(minor)
    }
}

/// An order, as staff see it. Its figures never change, whatever becomes of prices and tax rates.
#[Object]
impl AdminOrder {
    /// Why somebody should look at it, such as `refund_failed`; null: nobody has to.
    async fn attention(&self) -> Option<&'static str> {
        self.order().attention.map(Attention::name)
    }

    /// Which mark it is, for `orderAttentionClear`: another one after each change of the order; null: it has none.
    async fn attention_version(&self) -> Option<String> {
        self.order().attention_version()
    }

    /// Why it was cancelled; null if it was not.
    async fn cancel_reason(&self) -> Option<OrderCancelReason> {
        match &self.order().state {
            OrderState::Cancelled { reason, at: _ } => Some((*reason).into()),
            OrderState::AwaitingPayment { .. } | OrderState::Paid { .. } => None,
        }
    }

    /// When it was cancelled; null if it was not.
    async fn cancelled_at(&self) -> Option<DateTime> {
        match &self.order().state {
            OrderState::Cancelled { reason: _, at } => Some((*at).into()),
            OrderState::AwaitingPayment { .. } | OrderState::Paid { .. } => None,
        }
    }

    /// When it was placed.
    async fn created_at(&self) -> DateTime {
        self.order().placed_at.into()
    }

    /// Free keys and values from the cart.
    async fn custom_attributes(&self) -> Vec<Attribute<'_>> {
        Attribute::all(&self.order().attributes)
    }

    /// The global id of the account it belongs to; null: a guest's.
    async fn customer_id(&self) -> Option<Gid<CustomerId>> {
        self.order().customer.map(Gid)
    }

    /// How it is delivered, as the buyer read it.
    async fn delivery_title(&self) -> Option<&str> {
        self.order().delivery_title.as_deref()
    }

    /// How much of its money is here.
    async fn display_financial_status(&self) -> OrderFinancialStatus {
        self.0.view.financial_status().into()
    }

    /// How much of it has left the house.
    async fn display_fulfillment_status(&self) -> OrderFulfillmentStatus {
        self.order().fulfillment.into()
    }

    /// The buyer's e-mail address.
    async fn email(&self) -> &str {
        self.order().email.as_str()
    }

    /// What was sent, in the order in which it was.
    async fn fulfillments(&self) -> Vec<AdminFulfillment> {
        self.0.parcels.iter().cloned().map(AdminFulfillment).collect()
    }

    /// The global id.
    async fn id(&self) -> Gid<OrderId> {
        Gid(self.order().id)
    }

    /// What was bought, in the cart's order.
    async fn line_items(
        &self,
        #[graphql(desc = "Only lines after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only lines before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many, from the front; at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many, from the back; at most 250.")] last: Option<i32>,
    ) -> Result<Connection<AdminOrderLineItem>, ApiError> {
        let lines = &self.order().lines;
        let args = PageArgs { after, before, first, last };
        page_of(lines, false, &args, |line| line.id.uuid(), |at| AdminOrderLineItem::new(&self.0, at))
    }

    /// What people call it: `#1001`.
    async fn name(&self) -> String {
        self.order().name()
    }

    /// What the buyer wrote.
    async fn note(&self) -> Option<&str> {
        self.order().note.as_deref()
    }

    /// How it was paid, or is to be: at the gateway, and with gift cards in the order in which they were used.
    async fn payments(&self) -> Vec<AdminOrderPayment> {
        self.0.view.payments().cloned().map(AdminOrderPayment).collect()
    }

    /// The buyer's telephone.
    async fn phone(&self) -> Option<&str> {
        self.order().phone.as_deref()
    }

    /// How its price came about, in the order in which it was reckoned: the amounts of all steps but gift cards add up to `totalPrice`, those of all to
    /// `totalCharge`.
    async fn pricing_steps(&self, ctx: &Context<'_>) -> Result<Vec<PricingStep>, ApiError> {
        let order = self.order();
        let line = |at: usize| Some(Gid(order.lines.get(at)?.id).text());
        let explained = ctx.services().find_order.explain(order).await?;
        Ok(PricingStep::all(explained.steps.iter(), order.figures.currency.into(), line))
    }

    /// What of its money can still go back.
    async fn refundable_amount(&self) -> MoneyV2 {
        self.money(self.0.refundable)
    }

    /// Whether its buyer owes the tax rather than the shop, as businesses in other states of the European Union do.
    async fn reverse_charge(&self) -> bool {
        self.order().figures.reverse_charge
    }

    /// Where it goes; null when nothing is shipped.
    async fn shipping_address(&self) -> Option<MailingAddress> {
        let address = self.order().shipping_address.clone()?;
        Some(MailingAddress::new(self.order().id.uuid(), address))
    }

    /// What one unit of the shop's currency was worth in the order's when it was placed; null of an order in the shop's currency.
    async fn shop_exchange_rate(&self) -> Option<String> {
        self.order().figures.shop.as_ref().map(|shop| shop.rate.to_string())
    }

    /// `totalPrice` in the shop's currency, by the rate of when it was placed.
    async fn shop_total_price(&self) -> MoneyV2 {
        let figures = &self.order().figures;
        match &figures.shop {
            Some(shop) => PriceCurrency::from(shop.currency).of(shop.figures.total),
            None => self.money(figures.total),
        }
    }

    /// The lines, before promotions and delivery; tax is inside if prices included it.
    async fn subtotal_price(&self) -> MoneyV2 {
        self.money(self.order().figures.subtotal)
    }

    /// What of it was charged at the gateway, or will be: all but what gift cards and store credit paid.
    async fn total_charge(&self) -> MoneyV2 {
        self.money(self.order().figures.charge)
    }

    /// What promotions took off lines and delivery.
    async fn total_discounts(&self) -> MoneyV2 {
        let figures = &self.order().figures;
        self.money(figures.discount.saturating_add(figures.delivery_discount))
    }

    /// Everything, after promotions: what it cost, whoever and whatever paid it.
    async fn total_price(&self) -> MoneyV2 {
        self.money(self.order().figures.total)
    }

    /// What went back.
    async fn total_refunded(&self) -> MoneyV2 {
        self.money(self.0.view.refunded())
    }

    /// Delivery, before promotions.
    async fn total_shipping_price(&self) -> MoneyV2 {
        self.money(self.order().figures.delivery)
    }

    /// All tax, of lines and delivery.
    async fn total_tax(&self) -> MoneyV2 {
        self.money(self.order().figures.tax)
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        self.order().updated_at.into()
    }
}
