//! What the log says of what a shop has decided.

use stoa_domain::{
    audit::{AuditValue, Changes, Subject},
    pricing::{DeliveryTax, GroupDeliveries, TaxBasis, TaxRounding},
    shared::Place,
};
use stoa_persistence::pricing::{ServiceUse, ShopSettings};

/// What the log calls a field, and what it says of it: nothing of what is left to the configuration.
type Field = (&'static str, fn(&ShopSettings) -> AuditValue);

const FIELDS: [Field; 9] = [
    ("taxRounding", |of| of.tax_rounding.map(rounding).into()),
    ("pricesIncludeTax", |of| of.prices_include_tax.into()),
    ("taxBasis", |of| of.tax_basis.map(basis).into()),
    ("originCountries", |of| of.origin_countries.iter().map(ToString::to_string).collect::<Vec<_>>().into()),
    ("deliveryTax", |of| of.delivery_tax.map(delivery).into()),
    ("groupDeliveries", |of| of.group_deliveries.map(grouping).into()),
    ("home", |of| of.home.as_ref().map(place).into()),
    ("taxService", |of| of.tax_service.map(service).into()),
    ("carrierService", |of| of.carrier_service.map(service).into()),
];

/// What is other than it was.
pub(super) fn settings(before: &ShopSettings, after: &ShopSettings) -> Changes {
    let mut changes = Changes::of(Subject::only("PricingSettings"));
    for (name, field) in FIELDS {
        changes = changes.field(name, field(before), field(after));
    }
    changes
}

const fn rounding(of: TaxRounding) -> &'static str {
    match of {
        TaxRounding::Line => "line",
        TaxRounding::Total => "total",
    }
}

const fn basis(of: TaxBasis) -> &'static str {
    match of {
        TaxBasis::Destination => "destination",
        TaxBasis::Origin => "origin",
    }
}

const fn delivery(of: DeliveryTax) -> &'static str {
    match of {
        DeliveryTax::None => "none",
        DeliveryTax::Rate => "rate",
        DeliveryTax::Proportional => "proportional",
    }
}

const fn grouping(of: GroupDeliveries) -> &'static str {
    match of {
        GroupDeliveries::Together => "together",
        GroupDeliveries::Location => "location",
    }
}

const fn service(of: ServiceUse) -> &'static str {
    match of {
        ServiceUse::Never => "never",
        ServiceUse::OrRules => "or rules",
        ServiceUse::OrRefuse => "or refuse",
    }
}

/// Where the shop is: that is no person's address.
fn place(home: &Place) -> String {
    let parts = [home.zip.as_deref(), home.city.as_deref(), home.province.as_deref()];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    format!("{} {}", home.country, parts.join(" ")).trim_end().to_owned()
}
