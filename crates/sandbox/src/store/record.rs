//! The kinds of row, and the one type that holds any of them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Table, Tables};
use crate::model::{
    Charge, Customer, Delivery, Dispute, Event, PaymentIntent, PaymentMethod, Refund, SavedAnswer,
};

/// Something with an id that a table keeps.
pub(crate) trait Row: Sized {
    /// What an error calls it.
    const NAME: &'static str;

    /// Its id.
    fn id(&self) -> &str;

    /// Its table.
    fn table(tables: &Tables) -> &Table<Self>;

    /// It as a record.
    fn into_record(row: Arc<Self>) -> Record;

    /// It out of a record, if that holds one.
    fn of(record: &Record) -> Option<&Arc<Self>>;
}

/// Declares [`Record`] and the [`Row`] of each of its kinds.
macro_rules! rows {
    ($($kind:ident($row:ident) in $table:ident by $id:ident, called $name:literal;)+) => {
        /// A row of any kind; in the journal `{"charge":{…}}`.
        #[derive(Clone, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub(crate) enum Record {
            $(#[doc = concat!("A row of the table `", stringify!($table), "`.")] $kind(Arc<$row>),)+
        }

        $(impl Row for $row {
            const NAME: &'static str = $name;

            fn id(&self) -> &str {
                &self.$id
            }

            fn table(tables: &Tables) -> &Table<Self> {
                &tables.$table
            }

            fn into_record(row: Arc<Self>) -> Record {
                Record::$kind(row)
            }

            fn of(record: &Record) -> Option<&Arc<Self>> {
                match record {
                    Record::$kind(row) => Some(row),
                    _ => None,
                }
            }
        })+
    };
}

rows! {
    PaymentIntent(PaymentIntent) in payment_intents by id, called "payment_intent";
    Charge(Charge) in charges by id, called "charge";
    Refund(Refund) in refunds by id, called "refund";
    Dispute(Dispute) in disputes by id, called "dispute";
    Customer(Customer) in customers by id, called "customer";
    PaymentMethod(PaymentMethod) in payment_methods by id, called "PaymentMethod";
    Event(Event) in events by id, called "event";
    Delivery(Delivery) in deliveries by event, called "delivery";
    Answer(SavedAnswer) in answers by key, called "saved answer";
}
