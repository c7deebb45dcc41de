//! The row of what a shop decides about money once.
#![allow(unreachable_pub, reason = "SeaORM's macros ask for pub, and write it")]

pub(super) mod settings {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "pricing_settings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub tax_rounding: Option<String>,
        pub prices_include_tax: Option<bool>,
        pub tax_basis: Option<String>,
        pub origin_countries: String,
        pub delivery_tax: Option<String>,
        pub group_deliveries: Option<String>,
        pub tax_service: Option<String>,
        pub carrier_service: Option<String>,
        pub home_country: Option<String>,
        pub home_province: Option<String>,
        pub home_zip: Option<String>,
        pub home_city: Option<String>,
        pub version: i64,
        pub updated_at: DateTimeUtc,
    }
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
