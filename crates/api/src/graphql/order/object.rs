//! An order.

use super::{
    DiscountApplication, OrderCancelReason, OrderFinancialStatus, OrderFulfillmentStatus, OrderLineItem,
    discounts,
};
use crate::graphql::{
    ApiError, MoneyV2, PriceCurrency, Request,
    cart::{Attribute, LineMerchandise, MailingAddress},
    checkout::{PaymentSession, session_or_warning},
    paging::{Connection, PageArgs, page_of},
    pricing::PricingStep,
    scalars::{DateTime, Gid, Url},
};
use async_graphql::{Context, Object};
use std::{borrow::Cow, sync::Arc};
use stoa_domain::{order::OrderState, shared::OrderId};
use stoa_services::order::{OrderExplained, OrderView};
use tokio::sync::OnceCell;

/// How the caller has proved that they may see an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knowledge {
    /// By its token: they may do everything a buyer may.
    Token,
    /// By being signed in to the account that it belongs to: they may pay it, and learn no keys that outlive the sign-in.
    Account,
    /// By its number and the buyer's address: they may read, and learn no more keys.
    Contact,
}

/// A placed order. Clones share it.
#[derive(Clone, Debug)]
pub struct Order(Arc<OrderData>);

/// What the parts of an order share.
#[derive(Debug)]
pub(super) struct OrderData {
    /// The order, from SQL.
    pub(super) view: OrderView,
    /// What its lines bought, from the catalogue.
    pub(super) merchandise: LineMerchandise,
    knowledge: Knowledge,
    /// How its price came about, once a field has asked.
    explained: OnceCell<OrderExplained>,
}

impl OrderData {
    /// How its price came about: read once, however many fields and lines ask.
    pub(super) async fn explained(&self, ctx: &Context<'_>) -> Result<&OrderExplained, ApiError> {
        let read = || ctx.services().find_order.explain(&self.view.order);
        Ok(self.explained.get_or_try_init(read).await?)
    }
}

impl Order {
    /// An order as its buyer may see it.
    pub fn new(view: OrderView, knowledge: Knowledge) -> Self {
        let (merchandise, explained) = (LineMerchandise::default(), OnceCell::new());
        Self(Arc::new(OrderData { view, merchandise, knowledge, explained }))
    }

    fn view(&self) -> &OrderView {
        &self.0.view
    }

    fn currency(&self) -> PriceCurrency {
        self.view().order.figures.currency.into()
    }

    fn money(&self, minor: i64) -> MoneyV2 {
        self.currency().of(minor)
    }

    fn subtotal(&self) -> MoneyV2 {
        let figures = &self.view().order.figures;
        self.money(figures.subtotal.saturating_sub(figures.discount))
    }

    fn may_pay(&self) -> bool {
        match self.0.knowledge {
            Knowledge::Token | Knowledge::Account => true,
            Knowledge::Contact => false,
        }
    }

    fn token(&self) -> Option<&str> {
        (self.0.knowledge == Knowledge::Token).then_some(self.view().order.token.as_str())
    }
}

/// A placed order. Its figures never change, whatever becomes of prices and tax rates.
#[Object]
impl Order {
    /// Why it was cancelled; null if it was not.
    fn cancel_reason(&self) -> Option<OrderCancelReason> {
        match &self.view().order.state {
            OrderState::Cancelled { reason, at: _ } => Some((*reason).into()),
            OrderState::AwaitingPayment { .. } | OrderState::Paid { .. } => None,
        }
    }

    /// When it was cancelled; null if it was not.
    fn canceled_at(&self) -> Option<DateTime> {
        match &self.view().order.state {
            OrderState::Cancelled { reason: _, at } => Some((*at).into()),
            OrderState::AwaitingPayment { .. } | OrderState::Paid { .. } => None,
        }
    }

    /// What it costs after what went back.
    fn current_total_price(&self) -> MoneyV2 {
        let refunded = self.view().refunded();
        self.money(self.view().order.figures.total.saturating_sub(refunded).max(0))
    }

    /// Free keys and values from the cart.
    fn custom_attributes(&self) -> Vec<Attribute<'_>> {
        Attribute::all(&self.view().order.attributes)
    }

    /// Always null: the shop's pages know no accounts.
    fn customer_url(&self) -> Option<Url<'_>> {
        None
    }

    /// The promotions that took something off it.
    async fn discount_applications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only discounts after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only discounts before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many, from the front; at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many, from the back; at most 250.")] last: Option<i32>,
        #[graphql(desc = "Whether the list is turned round.", default_with = "Some(false)")] reverse: Option<
            bool,
        >,
    ) -> Result<Connection<DiscountApplication>, ApiError> {
        let args = PageArgs { after, before, first, last };
        let applied = &self.0.explained(ctx).await?.applied;
        page_of(
            applied,
            reverse.unwrap_or(false),
            &args,
            |applied| applied.promotion.uuid(),
            |at| discounts::application(&applied[at], &self.view().order),
        )
    }

    /// Where its confirmation went.
    fn email(&self) -> Option<&str> {
        Some(self.view().order.email.as_str())
    }

    /// How much of its money is here.
    fn financial_status(&self) -> Option<OrderFinancialStatus> {
        Some(self.view().financial_status().into())
    }

    /// How much of it has left the house.
    fn fulfillment_status(&self) -> OrderFulfillmentStatus {
        self.view().order.fulfillment.into()
    }

    /// Its global id.
    fn id(&self) -> Gid<OrderId> {
        Gid(self.view().order.id)
    }

    /// What was bought, in the cart's order.
    fn line_items(
        &self,
        #[graphql(desc = "Only lines after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only lines before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many, from the front; at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many, from the back; at most 250.")] last: Option<i32>,
        #[graphql(desc = "Whether the list is turned round.", default_with = "Some(false)")] reverse: Option<
            bool,
        >,
    ) -> Result<Connection<OrderLineItem>, ApiError> {
        let args = PageArgs { after, before, first, last };
        let lines = &self.view().order.lines;
        page_of(
            lines,
            reverse.unwrap_or(false),
            &args,
            |line| line.id.uuid(),
            |at| OrderLineItem::new(&self.0, at),
        )
    }

    /// What people call it: `#1001`.
    fn name(&self) -> String {
        self.view().order.name()
    }

    /// What the buyer wrote.
    fn note(&self) -> Option<&str> {
        self.view().order.note.as_deref()
    }

    /// Its number, for looking it up: 1001.
    fn order_number(&self) -> i32 {
        // Two thousand million orders from now this needs another field.
        i32::try_from(self.view().order.number).unwrap_or(i32::MAX)
    }

    /// What a browser needs to pay it; null when there is nothing left to pay, to those who know its number only, and while
    /// the payment gateway does not answer.
    async fn payment_session(&self, ctx: &Context<'_>) -> Option<PaymentSession> {
        if !self.may_pay() {
            return None;
        }
        let session = ctx.services().find_order.payment_session(self.view()).await;
        session_or_warning(session).unwrap_or(None)
    }

    /// The buyer's telephone.
    fn phone(&self) -> Option<&str> {
        self.view().order.phone.as_deref()
    }

    /// How its total came about: all steps in order. The amounts of those that are no gift cards sum to `totalPrice`, those of all of them to
    /// `totalCharge`. Rules that change later change none of them. An addition of this server to the vocabulary.
    async fn pricing_steps(&self, ctx: &Context<'_>) -> Result<Vec<PricingStep>, ApiError> {
        let lines = &self.view().order.lines;
        let line = |at: usize| Some(Gid(lines.get(at)?.id).text());
        let explained = self.0.explained(ctx).await?;
        Ok(PricingStep::all(explained.steps.iter(), self.currency(), line))
    }

    /// When it was placed.
    fn processed_at(&self) -> DateTime {
        self.view().order.placed_at.into()
    }

    /// Where it goes; null when nothing is shipped.
    fn shipping_address(&self) -> Option<MailingAddress> {
        let address = self.view().order.shipping_address.clone()?;
        Some(MailingAddress::new(self.view().order.id.uuid(), address))
    }

    /// What it costs in the shop's own currency, at the rate of when it was placed. An addition of this server to the vocabulary.
    fn shop_total_price(&self) -> MoneyV2 {
        let figures = &self.view().order.figures;
        match &figures.shop {
            Some(shop) => PriceCurrency::from(shop.currency).of(shop.figures.total),
            None => self.money(figures.total),
        }
    }

    /// A page of this shop that shows how it stands. For those who have not its token it is the page that asks for number and address.
    fn status_url(&self, ctx: &Context<'_>) -> Url<'static> {
        let base = &ctx.storefront().base_url;
        Url(Cow::Owned(match self.token() {
            Some(token) => format!("{base}/orders/{token}"),
            None => format!("{base}/orders"),
        }))
    }

    /// The lines after promotions, before delivery; tax is inside if prices included it.
    fn subtotal_price(&self) -> Option<MoneyV2> {
        Some(self.subtotal())
    }

    /// The lines after promotions, before delivery.
    #[graphql(name = "subtotalPriceV2", deprecation = "Use `subtotalPrice`.")]
    fn subtotal_price_v2(&self) -> Option<MoneyV2> {
        Some(self.subtotal())
    }

    /// The key to it: whoever has it may see and pay the order. Null to those who found it by number and address. An addition
    /// of this server to the vocabulary.
    #[graphql(name = "token")]
    fn own_token(&self) -> Option<&str> {
        self.token()
    }

    /// What the buyer was charged, or will be: the total less what gift cards and store credit paid of it. An addition of this server to the
    /// vocabulary.
    fn total_charge(&self) -> MoneyV2 {
        self.money(self.view().order.figures.charge)
    }

    /// What promotions took off lines and delivery. An addition of this server to the vocabulary.
    fn total_discounts(&self) -> MoneyV2 {
        let figures = &self.view().order.figures;
        self.money(figures.discount.saturating_add(figures.delivery_discount))
    }

    /// Everything, after promotions: what it cost, whoever and whatever paid it.
    fn total_price(&self) -> MoneyV2 {
        self.money(self.view().order.figures.total)
    }

    /// Everything.
    #[graphql(name = "totalPriceV2", deprecation = "Use `totalPrice`.")]
    fn total_price_v2(&self) -> MoneyV2 {
        self.money(self.view().order.figures.total)
    }

    /// Delivery, after promotions.
    fn total_shipping_price(&self) -> MoneyV2 {
        let figures = &self.view().order.figures;
        self.money(figures.delivery.saturating_sub(figures.delivery_discount))
    }

    /// All tax, of lines and delivery.
    fn total_tax(&self) -> Option<MoneyV2> {
        Some(self.money(self.view().order.figures.tax))
    }

    /// All tax.
    #[graphql(name = "totalTaxV2", deprecation = "Use `totalTax`.")]
    fn total_tax_v2(&self) -> Option<MoneyV2> {
        Some(self.money(self.view().order.figures.tax))
    }
}
