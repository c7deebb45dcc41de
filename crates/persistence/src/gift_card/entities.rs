//! The rows of gift cards and of their ledger.
#![allow(unreachable_pub, reason = "SeaORM's macros ask for pub, and write it")]

pub(super) mod cards {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "gift_cards")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub code_hash: Option<String>,
        pub last_characters: Option<String>,
        pub customer_id: Option<Uuid>,
        pub currency: String,
        pub initial: i64,
        /// The sum of its entries.
        pub balance: i64,
        pub state: String,
        pub expires_at: Option<DateTimeUtc>,
        /// Which unit of which line was sold as it.
        pub order_line_id: Option<Uuid>,
        pub unit: Option<i32>,
        pub note: Option<String>,
        pub created_by: String,
        pub version: i64,
        pub created_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
    }
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod entries {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "gift_card_entries")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub gift_card_id: Uuid,
        pub at: DateTimeUtc,
        pub delta: i64,
        pub kind: String,
        pub order_id: Option<Uuid>,
        pub refund_id: Option<Uuid>,
        pub actor: String,
    }
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
