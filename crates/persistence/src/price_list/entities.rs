//! The rows of price lists.
#![allow(unreachable_pub, reason = "SeaORM's macros ask for pub, and write it")]

pub(super) mod lists {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "price_lists")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub name_key: String,
        pub kind: String,
        pub currency: String,
        /// In millionths.
        pub adjustment: Option<i64>,
        /// JSON: ids of customers' groups.
        pub groups: String,
        pub market_id: Option<Uuid>,
        pub starts_at: Option<DateTimeUtc>,
        pub ends_at: Option<DateTimeUtc>,
        pub active: bool,
        pub version: i64,
        pub created_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
    }
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod prices {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "price_list_prices")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub price_list_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub variant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub from_quantity: i64,
        /// In minor units of the list's currency.
        pub price: i64,
        pub compare_at_price: Option<i64>,
    }
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
