//! The rows of orders.
#![allow(unreachable_pub, reason = "SeaORM's macros ask for pub, and write it")]

pub(super) mod orders {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "orders")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub number: i64,
        pub token: String,
        pub cart_id: Uuid,
        pub state: String,
        pub expires_at: Option<DateTimeUtc>,
        pub paid_at: Option<DateTimeUtc>,
        pub paid_by: Option<Uuid>,
        pub cancelled_at: Option<DateTimeUtc>,
        pub cancel_reason: Option<String>,
        pub attention: Option<String>,
        pub fulfillment: String,
        pub email: String,
        pub email_key: String,
        /// Sealed, if orders are.
        pub phone: Option<String>,
        /// Sealed, if orders are.
        pub shipping_address: Option<String>,
        pub delivery_title: Option<String>,
        pub delivery_handle: Option<String>,
        /// Sealed, if orders are.
        pub note: Option<String>,
        pub attributes: String,
        pub currency: String,
        pub subtotal: i64,
        pub delivery: i64,
        pub delivery_tax: i64,
        pub tax: i64,
        pub total: i64,
        pub tax_rate: i64,
        pub prices_include_tax: bool,
        pub tax_rounding: String,
        pub placed_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
        /// Null: a guest's.
        pub customer_id: Option<Uuid>,
        pub locale: Option<String>,
        /// Until when it keeps name and address; null: as long as there is the order.
        pub personal_until: Option<DateTimeUtc>,
        pub discount: i64,
        pub delivery_discount: i64,
        pub removed_tax: i64,
        /// What the gateway is asked for; null: the total.
        pub charge: Option<i64>,
        /// Null: the shop's own.
        pub market_id: Option<Uuid>,
        /// Null, as what follows: that of the order.
        pub shop_currency: Option<String>,
        /// In billionths.
        pub exchange_rate: Option<i64>,
        pub shop_subtotal: Option<i64>,
        pub shop_discount: Option<i64>,
        pub shop_delivery: Option<i64>,
        pub shop_delivery_discount: Option<i64>,
        pub shop_tax: Option<i64>,
        pub shop_total: Option<i64>,
        pub tax_number: Option<String>,
        pub reverse_charge: bool,
    }
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}

    impl Related<super::lines::Entity> for Entity {
        fn to() -> RelationDef {
            let order_of_line =
                super::lines::Entity::belongs_to(Self).from(super::lines::Column::OrderId).to(Column::Id);
            RelationDef::from(order_of_line).rev()
        }
    }
}

pub(crate) mod lines {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "order_lines")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub order_id: Uuid,
        pub position: i32,
        pub variant_id: Uuid,
        pub product_id: Uuid,
        pub title: String,
        pub variant_title: String,
        pub sku: Option<String>,
        pub image_url: Option<String>,
        pub quantity: i64,
        pub unit_price: i64,
        pub subtotal: i64,
        pub tax: i64,
        pub requires_shipping: bool,
        pub attributes: String,
        /// Whether stock was promised for it; null: it was placed when nobody wrote that down.
        pub promised: Option<bool>,
        /// Units that were sent.
        pub fulfilled: i64,
        /// Of all promotions together.
        pub discount: i64,
        pub removed_tax: i64,
        /// The promotion that put it in.
        pub gift_of: Option<Uuid>,
        pub gift_card: bool,
    }
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod allocations {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "order_allocations")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub order_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub variant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub location_id: Uuid,
        pub quantity: i64,
    }
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod pricing {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "order_pricing")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub order_id: Uuid,
        /// JSON.
        pub steps: String,
        /// JSON.
        pub applications: String,
        pub rules: i64,
        pub explained_at: DateTimeUtc,
    }
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod taxes {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "order_taxes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub order_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i32,
        pub name: String,
        pub zone: String,
        /// In millionths.
        pub rate: i64,
        pub compound: bool,
        pub base: i64,
        pub amount: i64,
        pub inside: bool,
    }
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod deliveries {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "order_deliveries")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub order_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i32,
        pub group_key: String,
        pub location_id: Option<Uuid>,
        pub handle: String,
        pub title: String,
        pub kind: String,
        pub price: i64,
        pub discount: i64,
        pub removed_tax: i64,
        pub tax: i64,
        pub days_min: Option<i32>,
        pub days_max: Option<i32>,
        /// JSON.
        pub line_ids: String,
    }
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod events {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "order_events")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub order_id: Uuid,
        pub at: DateTimeUtc,
        pub actor: String,
        pub kind: String,
        pub detail: String,
    }
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod numbers {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "order_numbers")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub next: i64,
    }
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod keys {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "idempotency_keys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub scope: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        pub fingerprint: String,
        pub order_id: Uuid,
        pub created_at: DateTimeUtc,
    }
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
