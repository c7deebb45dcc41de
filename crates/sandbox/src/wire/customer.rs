//! How a customer is written.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{Null, Show, raw};
use crate::{
    model::{Address, Customer, Metadata, Shipping},
    store::Tx,
};

#[derive(Serialize)]
struct View<'a> {
    id: &'a str,
    object: &'static str,
    address: Option<&'a Address>,
    balance: i64,
    created: i64,
    currency: Null,
    default_source: Null,
    delinquent: bool,
    description: Option<&'a str>,
    discount: Null,
    email: Option<&'a str>,
    invoice_prefix: Null,
    invoice_settings: InvoiceSettings<'a>,
    livemode: bool,
    metadata: &'a Metadata,
    name: Option<&'a str>,
    next_invoice_sequence: i64,
    phone: Option<&'a str>,
    preferred_locales: &'a [String],
    shipping: Option<&'a Shipping>,
    tax_exempt: &'static str,
    test_clock: Null,
}

#[derive(Serialize)]
struct InvoiceSettings<'a> {
    custom_fields: Null,
    default_payment_method: Option<&'a str>,
    footer: Null,
    rendering_options: Null,
}

#[derive(Serialize)]
struct Deleted<'a> {
    id: &'a str,
    object: &'static str,
    deleted: bool,
}

impl Show for Customer {
    fn show(&self, _: &Tx<'_>) -> Box<RawValue> {
        if self.deleted {
            return raw(&Deleted { id: &self.id, object: "customer", deleted: true });
        }
        raw(&View {
            id: &self.id,
            object: "customer",
            address: self.address.as_ref(),
            balance: 0,
            created: self.created,
            currency: (),
            default_source: (),
            delinquent: false,
            description: self.description.as_deref(),
            discount: (),
            email: self.email.as_deref(),
            invoice_prefix: (),
            invoice_settings: InvoiceSettings {
                custom_fields: (),
                default_payment_method: self.default_payment_method.as_deref(),
                footer: (),
                rendering_options: (),
            },
            livemode: false,
            metadata: &self.metadata,
            name: self.name.as_deref(),
            next_invoice_sequence: 1,
            phone: self.phone.as_deref(),
            preferred_locales: &self.preferred_locales,
            shipping: self.shipping.as_ref(),
            tax_exempt: "none",
            test_clock: (),
        })
    }
}
