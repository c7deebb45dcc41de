//! All use cases, wired to one context.

use crate::{
    Context,
    account::Authenticate,
    cart::{CartDetails, CartLines, CreateCart, DeliveryAddresses, ReadCart, SelectDelivery},
    catalog::Catalog,
    checkout::PlaceOrderService,
    doctor::Doctor,
    jobs,
    live::{WatchCart, WatchOrder, WatchStock},
    order::FindOrder,
    payment::{ApplyPaymentEvent, Reconcile, SyncPayment},
};
use std::sync::Arc;
use stoa_domain::{payment::WebhookRefusal, shared::Timestamp};

/// One value for each use case.
pub struct Services {
    /// Tells who a credential is.
    pub authenticate: Authenticate,
    /// Products and collections.
    pub catalog: Arc<Catalog>,
    /// Makes carts.
    pub create_cart: CreateCart,
    /// Shows carts.
    pub read_cart: ReadCart,
    /// Changes their lines.
    pub cart_lines: CartLines,
    /// Changes what is said about them.
    pub cart_details: CartDetails,
    /// Changes where they are delivered.
    pub delivery_addresses: DeliveryAddresses,
    /// Chooses how they are delivered.
    pub select_delivery: SelectDelivery,
    /// Turns them into orders.
    pub place_order: PlaceOrderService,
    /// Finds orders for their buyers.
    pub find_order: FindOrder,
    /// Applies what the gateway says.
    pub apply_payment_event: ApplyPaymentEvent,
    /// Asks the gateway.
    pub sync_payment: SyncPayment,
    /// Asks the gateway about everything that has been open too long.
    pub reconcile: Reconcile,
    /// Looks for contradictions.
    pub doctor: Doctor,
    /// Follows carts.
    pub watch_cart: WatchCart,
    /// Follows orders.
    pub watch_order: WatchOrder,
    /// Follows stock.
    pub watch_stock: WatchStock,
    context: Arc<Context>,
}

impl Services {
    /// Wires them.
    pub fn new(context: Arc<Context>) -> Self {
        let ctx = || Arc::clone(&context);
        Self {
            authenticate: Authenticate(ctx()),
            catalog: Arc::clone(&context.catalog),
            watch_cart: WatchCart(ctx()),
            watch_order: WatchOrder(ctx()),
            watch_stock: WatchStock::new(ctx(), Arc::clone(&context.catalog)),
            create_cart: CreateCart(ctx()),
            read_cart: ReadCart(ctx()),
            cart_lines: CartLines(ctx()),
            cart_details: CartDetails(ctx()),
            delivery_addresses: DeliveryAddresses(ctx()),
            select_delivery: SelectDelivery(ctx()),
            place_order: PlaceOrderService(ctx()),
            find_order: FindOrder::new(ctx()),
            apply_payment_event: ApplyPaymentEvent(ctx()),
            sync_payment: SyncPayment(ctx()),
            reconcile: Reconcile(ctx()),
            doctor: Doctor(ctx()),
            context,
        }
    }

    /// The context they share.
    pub const fn context(&self) -> &Arc<Context> {
        &self.context
    }

    /// Puts in the jobs that come again by themselves. Safe to repeat, and by several instances.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn begin_schedules(&self) -> Result<(), stoa_domain::shared::Fault> {
        jobs::keep_reconciling(&self.context).await
    }

    /// The time, by the clock everything runs on.
    pub fn now(&self) -> Timestamp {
        self.context.now()
    }

    /// Whether the database answers: without it nothing does.
    ///
    /// # Errors
    /// It does not.
    pub async fn ready(&self) -> Result<(), stoa_domain::shared::Fault> {
        self.context.db().ping().await
    }

    /// Checks a webhook call and reads its event.
    ///
    /// # Errors
    /// The call is not believed.
    pub fn receive_webhook(
        &self,
        signature: &str,
        body: &[u8],
    ) -> Result<stoa_domain::payment::GatewayEvent, WebhookRefusal> {
        self.context.ports.gateway.receive(signature, body, self.now())
    }
}
