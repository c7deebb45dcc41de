//! The rows of markets, of their countries, and of exchange rates.
#![allow(unreachable_pub, reason = "SeaORM's macros ask for pub, and write it")]

pub(super) mod markets {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "markets")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub name_key: String,
        pub currency: String,
        pub price_list_id: Option<Uuid>,
        /// JSON.
        pub rounding: String,
        pub prices_include_tax: Option<bool>,
        pub net_prices: bool,
        pub active: bool,
        pub version: i64,
        pub created_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
    }
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod countries {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "market_countries")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub country: String,
        pub market_id: Uuid,
    }
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod rates {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "exchange_rates")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub currency: String,
        /// In billionths.
        pub rate: i64,
        pub source: String,
        pub as_of: DateTimeUtc,
        pub updated_at: DateTimeUtc,
    }
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
