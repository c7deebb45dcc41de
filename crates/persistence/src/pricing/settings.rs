//! What a shop decides about money once. What it does not is as the configuration says.

use super::{Saved, clean, entities::settings as rows, from_json, json, named, word};
use crate::{
    catalog,
    db::{Conn, Raw, WriteTx, fault, stored},
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use stoa_domain::{
    pricing::{DeliveryTax, GroupDeliveries, PricingSettings, TaxBasis, TaxRounding},
    shared::{CountryCode, Fault, Place, Timestamp},
};

const ROW: i32 = 1;

/// What a shop has decided; `None` of what is left to the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShopSettings {
    /// Where tax is rounded.
    pub tax_rounding: Option<TaxRounding>,
    /// Whether prices contain tax.
    pub prices_include_tax: Option<bool>,
    /// Whose taxes are charged.
    pub tax_basis: Option<TaxBasis>,
    /// The countries whose buyers pay the shop's taxes.
    pub origin_countries: BTreeSet<CountryCode>,
    /// How delivery is taxed.
    pub delivery_tax: Option<DeliveryTax>,
    /// What is delivered together.
    pub group_deliveries: Option<GroupDeliveries>,
    /// Where the shop is.
    pub home: Option<Place>,
    /// Whether a service is asked for taxes.
    pub tax_service: Option<ServiceUse>,
    /// Whether carriers are asked for rates.
    pub carrier_service: Option<ServiceUse>,
}

/// Whether a service outside of the house is asked, and what stands in for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceUse {
    /// It is not asked.
    Never,
    /// The shop's own rules.
    OrRules,
    /// Nothing: an order is refused while it is silent.
    OrRefuse,
}

impl ShopSettings {
    /// Puts what the shop has decided over what the configuration says.
    pub fn over(&self, settings: &mut PricingSettings) {
        fn put<T: Copy>(decided: Option<T>, over: &mut T) {
            if let Some(decided) = decided {
                *over = decided;
            }
        }
        put(self.tax_rounding, &mut settings.tax_rounding);
        put(self.prices_include_tax, &mut settings.prices_include_tax);
        put(self.tax_basis, &mut settings.tax_basis);
        put(self.delivery_tax, &mut settings.delivery_tax);
        put(self.group_deliveries, &mut settings.group_deliveries);
        settings.origin_countries.clone_from(&self.origin_countries);
        if let Some(home) = &self.home {
            settings.home = Some(home.clone());
        }
    }
}

/// What the shop has decided, and the version of it; 0 while it has decided nothing. What this version of the program cannot read is left to the
/// configuration. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn settings(conn: &impl Conn) -> Result<(ShopSettings, i64), Fault> {
    let row = rows::Entity::find_by_id(ROW).one(conn.raw()).await.map_err(fault("pricing.settings"))?;
    Ok(row.map_or_else(Default::default, |row| (to_settings(&row), row.version)))
}

/// Writes what the shop decides, if what it had decided still is as it was read. Prices may show otherwise from then on.
///
/// # Errors
/// The database does not answer.
pub async fn save_settings(
    tx: &WriteTx,
    version: i64,
    decided: &ShopSettings,
    now: Timestamp,
) -> Result<Saved, Fault> {
    catalog::raise_prices(tx).await?;
    let row = to_row(decided, now)?;
    let written = if version == 0 {
        let first = rows::ActiveModel { id: Set(ROW), version: Set(1), ..row };
        let once = OnConflict::column(rows::Column::Id).do_nothing().to_owned();
        match rows::Entity::insert(first).on_conflict(once).exec_without_returning(tx.raw()).await {
            Err(DbErr::RecordNotInserted) => Ok(0),
            written => written,
        }
    } else {
        let changed = rows::Entity::update_many()
            .set(row)
            .col_expr(rows::Column::Version, Expr::col(rows::Column::Version).add(1_i64))
            .filter(rows::Column::Id.eq(ROW))
            .filter(rows::Column::Version.eq(version));
        changed.exec(tx.raw()).await.map(|written| written.rows_affected)
    };
    let written = written.map_err(fault("pricing.save_settings"))?;
    Ok(if written == 0 { Saved::Stale } else { Saved::Saved })
}

fn to_row(decided: &ShopSettings, now: Timestamp) -> Result<rows::ActiveModel, Fault> {
    let home = decided.home.as_ref();
    let text = |part: Option<&str>| part.map(clean);
    Ok(rows::ActiveModel {
        id: NotSet,
        version: NotSet,
        tax_rounding: Set(decided.tax_rounding.as_ref().map(word).transpose()?),
        prices_include_tax: Set(decided.prices_include_tax),
        tax_basis: Set(decided.tax_basis.as_ref().map(word).transpose()?),
        origin_countries: Set(json(&decided.origin_countries)?),
        delivery_tax: Set(decided.delivery_tax.as_ref().map(word).transpose()?),
        group_deliveries: Set(decided.group_deliveries.as_ref().map(word).transpose()?),
        tax_service: Set(decided.tax_service.as_ref().map(word).transpose()?),
        carrier_service: Set(decided.carrier_service.as_ref().map(word).transpose()?),
        home_country: Set(home.map(|home| home.country.to_string())),
        home_province: Set(text(home.and_then(|home| home.province.as_deref()))),
        home_zip: Set(text(home.and_then(|home| home.zip.as_deref()))),
        home_city: Set(text(home.and_then(|home| home.city.as_deref()))),
        updated_at: Set(stored(now)),
    })
}

fn to_settings(row: &rows::Model) -> ShopSettings {
    let part = |text: &Option<String>| text.as_deref().map(Box::from);
    let country = row.home_country.as_deref().and_then(CountryCode::parse);
    ShopSettings {
        tax_rounding: row.tax_rounding.as_deref().and_then(named),
        prices_include_tax: row.prices_include_tax,
        tax_basis: row.tax_basis.as_deref().and_then(named),
        origin_countries: from_json(&row.origin_countries).unwrap_or_default(),
        delivery_tax: row.delivery_tax.as_deref().and_then(named),
        group_deliveries: row.group_deliveries.as_deref().and_then(named),
        tax_service: row.tax_service.as_deref().and_then(named),
        carrier_service: row.carrier_service.as_deref().and_then(named),
        home: country.map(|country| Place {
            country,
            province: part(&row.home_province),
            zip: part(&row.home_zip),
            city: part(&row.home_city),
        }),
    }
}
