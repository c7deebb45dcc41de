//! The rows of delivery.
#![allow(unreachable_pub, reason = "SeaORM's macros ask for pub, and write it")]

pub(super) mod zones {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "delivery_zones")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        /// JSON.
        pub countries: String,
        /// JSON.
        pub provinces: String,
        /// JSON: pairs.
        pub postal_ranges: String,
        pub priority: i32,
        pub version: i64,
        pub created_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
    }
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod methods {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "delivery_methods")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub delivery_zone_id: Option<Uuid>,
        pub handle: String,
        pub title: String,
        pub description: Option<String>,
        pub kind: String,
        pub location_id: Option<Uuid>,
        /// JSON.
        pub rates: String,
        pub free_from: Option<i64>,
        pub divisor: Option<i32>,
        pub tax_category_id: Option<Uuid>,
        pub days_min: Option<i32>,
        pub days_max: Option<i32>,
        /// JSON.
        pub conditions: String,
        pub position: i32,
        pub active: bool,
        pub version: i64,
        pub created_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
    }
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
