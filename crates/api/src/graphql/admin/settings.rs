//! What the shop's configuration says, as staff read it. It is changed where it stands, and not here.

use super::access::{Acting, may, seen};
use crate::graphql::{
    ApiError, MoneyV2, PriceCurrency, Request,
    codes::{CountryCode, CurrencyCode},
};
use async_graphql::{Context, Object, SimpleObject};
use stoa_domain::access::grants::SettingsRead;

/// What the shop's configuration says. There is no secret in it.
#[derive(Clone, Debug, SimpleObject)]
pub struct AdminSettings {
    /// Minutes for which stock is held after the last activity on a cart.
    pub cart_hold_minutes: i64,
    /// Where the shop sells from.
    pub country_code: CountryCode,
    /// The currency of all prices.
    pub currency_code: CurrencyCode,
    /// Where it delivers to; empty: everywhere.
    pub delivery_country_codes: Vec<CountryCode>,
    /// What delivery costs.
    pub delivery_price: MoneyV2,
    /// The language it writes mails in to whoever has not chosen one, such as `de`.
    pub language: String,
    /// Years for which an order keeps the name and address of somebody who was erased.
    pub keep_orders_years: u32,
    /// The sender of mails.
    pub mail_from: String,
    /// The shop's name.
    pub name: String,
    /// The fewest characters of a password.
    pub password_min_length: i32,
    /// Minutes in which an order has to be paid.
    pub pay_within_minutes: i64,
    /// Whether prices have tax in them.
    pub prices_include_tax: bool,
    /// Where buyers reach the shop.
    pub public_url: String,
    /// Whether all staff need a second factor.
    pub require_totp: bool,
    /// Minutes for which a proof of who somebody on the staff is counts.
    pub step_up_minutes: i64,
}

/// What is read of settings.
#[derive(Clone, Copy, Debug, Default)]
pub struct SettingsReads;

/// What is read of settings.
#[Object]
impl SettingsReads {
    /// What the shop's configuration says. It is changed in the file and the environment of the program.
    #[graphql(guard = "may::<SettingsRead>", visible = "seen::<SettingsRead>")]
    async fn settings(&self, ctx: &Context<'_>) -> Result<AdminSettings, ApiError> {
        let by = ctx.permit::<SettingsRead>()?;
        let settings = ctx.services().admin.settings.run(&by);
        let currency = PriceCurrency::from(settings.currency);
        let accounts = &settings.accounts;
        Ok(AdminSettings {
            cart_hold_minutes: settings.hold_for.num_minutes(),
            country_code: settings.country.into(),
            currency_code: currency.code(),
            delivery_country_codes: settings.delivery_countries.iter().copied().map(Into::into).collect(),
            delivery_price: currency.of(settings.pricing.delivery.price),
            language: settings.language.code().to_owned(),
            keep_orders_years: settings.privacy.keep_orders_years,
            mail_from: settings.mail.from.clone(),
            name: settings.shop_name.clone(),
            password_min_length: i32::try_from(accounts.password_rule.min()).unwrap_or(i32::MAX),
            pay_within_minutes: settings.pay_within.num_minutes(),
            prices_include_tax: settings.pricing.prices_include_tax,
            public_url: settings.public_url.to_string(),
            require_totp: accounts.staff_access.require_totp,
            step_up_minutes: accounts.staff_access.step_up.num_minutes(),
        })
    }
}
