//! Goods, orders and hands for tests.

use crate::testing::{TestShop, address};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use stoa_domain::{
    access::{Actor, Grant, Mfa, Origin, Permissions, Permit, StaffSession, grants::AuditRead},
    catalog::{Product, ProductInput, StockInput, VariantInput},
    inventory::{Location, StockCause},
    order::{FulfillmentStatus, LineItem, Order, OrderFigures, OrderState},
    payment::{ListedRefund, Payment, PaymentState},
    pricing::TaxRounding,
    shared::{
        Address, CartId, CountryCode, LineItemId, LocationId, OrderId, PaymentId, Rate, SessionId, StaffId,
        VariantId, page::PageRequest,
    },
};
use stoa_persistence::{
    Durability,
    audit::AuditListing,
    gift_card, inventory,
    order::{self, Contradiction, InsertOutcome, NewOrder, OrderTerms},
    payment, promotion,
};

/// Who acts in these tests.
pub(super) const EVE: &str = "Eve";
/// Whoever buys.
pub(super) const ADA: &str = "ada@example.org";
/// What a unit costs, and its delivery.
pub(super) const PRICE: i64 = 1_000;
pub(super) const DELIVERY: i64 = 500;

/// A key that nobody has used.
pub(super) fn key() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("key {}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// So many units, counted, and so many that may be sold beyond them.
pub(super) fn units(on_hand: i64, beyond: i64) -> StockInput {
    StockInput { tracked: true, backorder_limit: Some(beyond), on_hand: Some(on_hand) }
}

/// A product of one form.
pub(super) fn goods(title: &str, stock: StockInput) -> ProductInput {
    let variant = VariantInput { price: PRICE, stock, ..VariantInput::default() };
    ProductInput { title: title.to_owned(), variants: vec![variant], ..ProductInput::default() }
}

impl TestShop {
    /// What Eve, whose shop it is and who has just proved who she is, may do.
    pub(crate) fn eve<G: Grant>(&self) -> Permit<G> {
        let eve = StaffSession {
            id: StaffId::new(uuid::Uuid::from_u128(1)),
            name: EVE.to_owned(),
            session: SessionId::new(uuid::Uuid::from_u128(2)),
            owner: true,
            roles: Permissions::NONE,
            mfa: Mfa::Shown,
            stepped_up_at: Some(self.ctx().now()),
        };
        let actor = Arc::new(Actor::staff(eve, Origin::default()));
        actor.permit(&self.ctx().settings.accounts.staff_access, self.ctx().now()).unwrap()
    }

    pub(super) async fn add(&self, title: &str, stock: StockInput) -> Product {
        self.services
            .admin
            .products
            .create(&self.eve(), Some(&self.eve()), &goods(title, stock))
            .await
            .unwrap()
    }

    /// Goods of which there are so many.
    pub(super) async fn mugs(&self, on_hand: i64) -> VariantId {
        self.add("Mug", units(on_hand, 0)).await.variants[0].id
    }

    /// A place behind those that there are.
    pub(super) async fn another_place(&self, name: &str) -> LocationId {
        let id = LocationId::new(self.ctx().ports.ids.id());
        let place = Location { id, name: name.to_owned(), position: 9 };
        let tx = self.db.write(Durability::Full).await.unwrap();
        inventory::add_location(&tx, &place, self.ctx().now()).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// What there is of a variant, and what of it is promised.
    pub(crate) async fn stocked(&self, variant: VariantId) -> (i64, i64) {
        let levels = inventory::levels(self.db.read(), variant).await.unwrap();
        let sum = |figure: fn(&stoa_domain::inventory::StockLevel) -> i64| levels.iter().map(figure).sum();
        (sum(|level| level.on_hand), sum(|level| level.allocated))
    }

    /// An order of Ada's that is paid and owns what it was promised.
    pub(super) async fn paid(&self, wanted: &[(VariantId, u32)]) -> Order {
        let mut order = self.order_of(wanted);
        let payment = self.payment_of(&order, PaymentState::Succeeded, order.figures.total);
        order.state = OrderState::Paid { payment: Some(payment.id), paid_at: order.placed_at };
        self.place(order, &payment).await
    }

    /// One that waits for its money, of which the gateway knows nothing yet.
    pub(super) async fn unpaid(&self, wanted: &[(VariantId, u32)]) -> Order {
        self.unpaid_by(wanted, |_| None).await
    }

    /// One whose payment is this object at the gateway.
    pub(super) async fn unpaid_by(
        &self,
        wanted: &[(VariantId, u32)],
        intent: impl FnOnce(&Order) -> Option<String>,
    ) -> Order {
        let order = self.order_of(wanted);
        let payment = self.payment_of(&order, PaymentState::RequiresPaymentMethod, 0);
        let payment = Payment { intent: intent(&order), ..payment };
        self.place(order, &payment).await
    }

    fn order_of(&self, wanted: &[(VariantId, u32)]) -> Order {
        let (ids, now, currency) = (&self.ctx().ports.ids, self.ctx().now(), self.ctx().settings.currency);
        let line = |(variant, quantity): &(VariantId, u32)| LineItem {
            id: LineItemId::new(ids.id()),
            variant: *variant,
            product: stoa_domain::shared::ProductId::new(ids.id()),
            title: "Mug".to_owned(),
            variant_title: "Default Title".to_owned(),
            sku: None,
            image_url: None,
            quantity: *quantity,
            unit_price: PRICE,
            subtotal: PRICE * i64::from(*quantity),
            discount: 0,
            tax: 0,
            removed_tax: 0,
            gift_of: None,
            gift_card: false,
            requires_shipping: true,
            fulfilled: 0,
            attributes: Vec::new(),
        };
        let lines: Vec<LineItem> = wanted.iter().map(line).collect();
        let subtotal = lines.iter().map(|line| line.subtotal).sum();
        let country = CountryCode::parse("GB");
        Order {
            id: OrderId::new(ids.id()),
            number: 0,
            token: ids.token(),
            cart: CartId::new(ids.id()),
            state: OrderState::AwaitingPayment { expires_at: now + chrono::TimeDelta::hours(1) },
            attention: None,
            fulfillment: FulfillmentStatus::Unfulfilled,
            customer: None,
            locale: None,
            email: address(ADA),
            phone: None,
            shipping_address: Some(Address { city: Some("London".into()), country, ..Address::default() }),
            delivery_title: Some("Post".to_owned()),
            delivery_handle: Some("post".to_owned()),
            note: None,
            attributes: Vec::new(),
            figures: OrderFigures {
                currency,
                subtotal,
                discount: 0,
                delivery: DELIVERY,
                delivery_discount: 0,
                delivery_tax: 0,
                removed_tax: 0,
                tax: 0,
                total: subtotal + DELIVERY,
                charge: subtotal + DELIVERY,
                shop: None,
                reverse_charge: false,
                tax_rate: Rate::default(),
                prices_include_tax: true,
                tax_rounding: TaxRounding::Line,
            },
            lines,
            placed_at: now,
            updated_at: now,
        }
    }

    fn payment_of(&self, order: &Order, state: PaymentState, received: i64) -> Payment {
        Payment {
            id: PaymentId::new(self.ctx().ports.ids.id()),
            order: order.id,
            gateway: self.ctx().ports.gateway.name().to_owned(),
            intent: (received > 0).then(|| intent_of(order)),
            state,
            amount: order.figures.total,
            currency: order.figures.currency,
            amount_received: received,
            amount_refunded: 0,
            disputed: false,
            dispute_at: None,
            last_error: None,
            created_at: order.placed_at,
            updated_at: order.placed_at,
        }
    }

    async fn place(&self, mut order: Order, payment: &Payment) -> Order {
        let demand: Vec<_> =
            order.lines.iter().map(|line| (line.variant, i64::from(line.quantity))).collect();
        let tx = self.db.write(Durability::Full).await.unwrap();
        let cause = StockCause { reference: Some(order.id.uuid()), at: order.placed_at };
        let allocated = inventory::allocate(&tx, &demand, &BTreeMap::new(), &cause).await.unwrap();
        order.number = order::next_number(&tx).await.unwrap();
        let key = order.id.to_string();
        let owned = &allocated.allocations;
        let terms = OrderTerms::default();
        let new = NewOrder { order: &order, terms, owned, key: ("test", &key), fingerprint: String::new() };
        let inserted = order::insert(&tx, new, |batch| payment::insert(batch, payment)).await.unwrap();
        assert_eq!(inserted, InsertOutcome::Inserted);
        tx.commit().await.unwrap();
        order
    }

    pub(super) async fn order(&self, id: OrderId) -> Order {
        order::find(self.db.read(), id).await.unwrap().unwrap()
    }

    /// What has gone back of an order at the gateway.
    pub(crate) async fn gone_back(&self, order: &Order) -> Vec<i64> {
        let given: Vec<ListedRefund> = self.ctx().ports.gateway.refunds(&intent_of(order)).await.unwrap();
        given.into_iter().map(|refund| refund.amount).collect()
    }

    /// Nothing contradicts anything.
    pub(crate) async fn balances(&self) {
        let read = self.db.read();
        assert_eq!(inventory::discrepancies(read).await.unwrap(), []);
        assert_eq!(inventory::unowned(read).await.unwrap(), []);
        assert_eq!(gift_card::out_of_balance(read, 9).await.unwrap(), []);
        assert_eq!(promotion::miscounted(read, 9).await.unwrap(), []);
        assert_eq!(promotion::miscounted_codes(read, 9).await.unwrap(), []);
        for what in Contradiction::ALL {
            let numbers = order::contradictions(read, what, 9).await.unwrap();
            assert!(numbers.is_empty(), "{what:?}: {numbers:?}");
        }
    }

    /// What the log says of a thing: acts, with the fields they changed and what they are now.
    pub(super) async fn log(&self, id: impl ToString) -> Vec<(String, Value)> {
        let of = AuditListing { subject_id: Some(id.to_string()), ..AuditListing::default() };
        let by = self.eve::<AuditRead>();
        let page = self.services.audit_log.list(&by, &of, &PageRequest::first(99)).await.unwrap();
        let read = |entry: &stoa_domain::audit::Entry| {
            assert_eq!((entry.actor.kind.as_str(), entry.actor.name.as_str()), ("staff", EVE));
            (entry.action.clone(), serde_json::from_str(&entry.changes).unwrap())
        };
        page.nodes().map(read).collect()
    }

    /// The names of the acts alone.
    pub(super) async fn acts(&self, id: impl ToString) -> Vec<String> {
        self.log(id).await.into_iter().map(|(act, _)| act).collect()
    }

    /// How long the log is.
    pub(super) async fn log_length(&self) -> i64 {
        self.services.audit_log.head().await.unwrap().seq
    }
}

fn intent_of(order: &Order) -> String {
    format!("pi_{}", order.id.uuid().simple())
}

/// What a row of the log says of a field: before, and after.
pub(super) fn change<'v>(changes: &'v Value, field: &str) -> Option<(&'v Value, &'v Value)> {
    let rows = changes.as_array().unwrap();
    let row = rows.iter().find(|row| row["field"] == field)?;
    Some((&row["before"], &row["after"]))
}
