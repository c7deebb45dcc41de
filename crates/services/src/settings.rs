//! What a shop has decided, apart from its catalogue.

use chrono::{Months, TimeDelta};
use std::{num::NonZeroU32, time::Duration};
use stoa_domain::{
    access::AccessRules,
    account::{PasswordRule, Realm, SessionRule, TokenKind},
    inventory::{HoldTiming, hold_expiry},
    pricing::PricingRules,
    shared::{CountryCode, Currency, Locale, Timestamp},
};
use url::Url;

/// The settings of a shop. Made by the server from its configuration, and checked there.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The shop's name, as buyers read it.
    pub shop_name: String,
    /// What it sells, in a sentence.
    pub shop_description: Option<String>,
    /// Where buyers reach this server, without a slash at the end: links in pages and mails begin with it.
    pub public_url: Url,
    /// The currency of all prices.
    pub currency: Currency,
    /// Where the shop sells from; the country a buyer is taken to be in until they say otherwise.
    pub country: CountryCode,
    /// The language it writes mails in to whoever has not chosen one.
    pub language: Locale,
    /// Where it delivers to; empty: everywhere.
    pub delivery_countries: Vec<CountryCode>,
    /// Tax and delivery.
    pub pricing: PricingRules,
    /// When stock is held.
    pub hold_timing: HoldTiming,
    /// How long it is held after the last activity on the cart, at least: see [`hold_expiry`].
    pub hold_for: TimeDelta,
    /// How many units one buyer and one network may have in carts.
    pub units: UnitSettings,
    /// How long a cart is kept after the last activity on it.
    pub cart_lives: TimeDelta,
    /// How long a buyer has to pay for a placed order.
    pub pay_within: TimeDelta,
    /// Mail.
    pub mail: MailSettings,
    /// Accounts of customers and staff.
    pub accounts: AccountSettings,
    /// What is kept of people, and for how long.
    pub privacy: PrivacySettings,
    /// Gift cards that are sold.
    pub gift_cards: GiftCardSettings,
    /// How often a subscriber reads again though nobody has told it of a change: what another program does to the database,
    /// no bus tells. Spread by up to a fifth either way.
    pub live_refresh: Duration,
}

/// How many units may be in carts: so many that nobody who buys notices, and so few that nobody who does not empties the shelves.
#[derive(Clone, Copy, Debug)]
pub struct UnitSettings {
    /// In one cart, over all lines; `None`: any number. A customer has one cart.
    pub per_buyer: Option<NonZeroU32>,
    /// Put into carts from one network within the time for which stock is held; `None`: any number.
    pub per_network: Option<NonZeroU32>,
}

/// As the configuration has them when it says nothing.
impl Default for UnitSettings {
    fn default() -> Self {
        Self { per_buyer: NonZeroU32::new(1_000), per_network: NonZeroU32::new(10_000) }
    }
}

/// How the shop writes.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// The sender, as in `Shop <orders@example.org>`.
    pub from: String,
}

/// Accounts: what passwords must be, how long sign-ins last, and where the links of mails lead.
#[derive(Clone, Debug)]
pub struct AccountSettings {
    /// What a new password must be.
    pub password_rule: PasswordRule,
    /// How long an access token is good that others check without asking us.
    pub access_lives: TimeDelta,
    /// How long customers' sign-ins last.
    pub sessions: SessionRule,
    /// How long the staff's do.
    pub staff_sessions: SessionRule,
    /// Where the link of a mail leads that begins an account, with `{token}` in the token's place; `None`: to our own page.
    pub activate_url: Option<String>,
    /// The same of one that sets a new password.
    pub reset_url: Option<String>,
    /// The same of one that proves a new address.
    pub email_url: Option<String>,
    /// Where people come back to whom a provider has sent back, with `oidc` in its query if they are not signed in by it; `None`: to our
    /// own pages. It leads to this server, or to a page of the same site that may send the cookie of a sign-in.
    pub oidc_return_url: Option<Url>,
    /// When the staff may use what they are permitted: whether all of them need a second factor, and how long a proof of who they are
    /// counts.
    pub staff_access: AccessRules,
    /// How long somebody has to answer an invitation to the staff.
    pub invitation_lives: TimeDelta,
}

/// As the configuration has them when it says nothing.
impl Default for AccountSettings {
    fn default() -> Self {
        let staff = TimeDelta::hours(12);
        Self {
            password_rule: PasswordRule::default(),
            access_lives: TimeDelta::minutes(10),
            sessions: SessionRule { idle: TimeDelta::days(30), most: TimeDelta::days(180) },
            staff_sessions: SessionRule { idle: staff, most: staff },
            activate_url: None,
            reset_url: None,
            email_url: None,
            oidc_return_url: None,
            staff_access: AccessRules { require_totp: false, step_up: TimeDelta::minutes(10) },
            invitation_lives: TimeDelta::days(7),
        }
    }
}

impl AccountSettings {
    /// How long the sign-ins of a realm last.
    pub const fn session_rule(&self, realm: Realm) -> SessionRule {
        match realm {
            Realm::Customer => self.sessions,
            Realm::Staff => self.staff_sessions,
        }
    }
}

/// What is kept of people.
#[derive(Clone, Debug)]
pub struct PrivacySettings {
    /// How many years an order keeps the name and address of somebody who was erased: what the tax office asks for.
    pub keep_orders_years: u32,
}

/// As the configuration has them when it says nothing.
impl Default for PrivacySettings {
    fn default() -> Self {
        Self { keep_orders_years: 10 }
    }
}

/// Gift cards.
#[derive(Clone, Copy, Debug)]
pub struct GiftCardSettings {
    /// For how many months those are good that are sold; 0: for good, as the law asks for in many places.
    pub expires_months: u32,
    /// How many codes that are none may be tried from one network within ten minutes.
    pub guesses: NonZeroU32,
}

/// As the configuration has them when it says nothing.
impl Default for GiftCardSettings {
    fn default() -> Self {
        Self { expires_months: 0, guesses: NonZeroU32::MIN.saturating_add(9) }
    }
}

impl GiftCardSettings {
    /// When a card ends that is sold now; `None`: never.
    pub fn expires_at(self, now: Timestamp) -> Option<Timestamp> {
        if self.expires_months == 0 { None } else { now.checked_add_months(Months::new(self.expires_months)) }
    }
}

/// Settings that contradict each other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {problem}")]
pub struct InvalidSettings {
    /// Which key of the configuration.
    pub key: &'static str,
    /// What is wrong, and what would be right.
    pub problem: String,
}

impl Settings {
    /// Checks what the types cannot say.
    ///
    /// # Errors
    /// Names the first key that is wrong, and how to mend it.
    pub fn validate(&self) -> Result<(), InvalidSettings> {
        let positive = [
            ("cart.hold_minutes", self.hold_for),
            ("cart.keep_days", self.cart_lives),
            ("checkout.pay_within_minutes", self.pay_within),
            ("accounts.access_minutes", self.accounts.access_lives),
            ("accounts.session_days", self.accounts.sessions.idle),
            ("accounts.session_most_days", self.accounts.sessions.most),
            ("staff.session_hours", self.accounts.staff_sessions.idle),
            ("staff.step_up_minutes", self.accounts.staff_access.step_up),
            ("staff.invitation_days", self.accounts.invitation_lives),
        ];
        if let Some((key, _)) = positive.into_iter().find(|(_, span)| *span <= TimeDelta::zero()) {
            return Err(InvalidSettings { key, problem: "must be more than 0".into() });
        }
        if self.pricing.delivery.price < 0 {
            return Err(InvalidSettings { key: "delivery.price", problem: "must not be negative".into() });
        }
        if self.public_url.cannot_be_a_base() || !matches!(self.public_url.scheme(), "http" | "https") {
            return Err(InvalidSettings {
                key: "server.public_url",
                problem: "must be an http or https URL".into(),
            });
        }
        if !self.delivery_countries.is_empty() && !self.delivers_to(self.country) {
            return Err(InvalidSettings {
                key: "delivery.countries",
                problem: format!("must contain the shop's own country, {}", self.country),
            });
        }
        Ok(())
    }

    /// Until when stock is held for a cart that is touched now.
    pub(crate) fn held_until(&self, now: Timestamp) -> Timestamp {
        hold_expiry(now, self.hold_for)
    }

    /// Whether the shop delivers there.
    pub fn delivers_to(&self, country: CountryCode) -> bool {
        self.delivery_countries.is_empty() || self.delivery_countries.contains(&country)
    }

    /// The address that a link in a mail opens. Tokens are of letters that need no escaping.
    pub(crate) fn token_link(&self, realm: Realm, kind: TokenKind, token: &str) -> String {
        let accounts = &self.accounts;
        let (elsewhere, here) = match kind {
            TokenKind::Reset if realm == Realm::Staff => (&None, "/staff/reset/{token}"),
            TokenKind::Activate => (&accounts.activate_url, "/account/activate/{token}"),
            TokenKind::Reset => (&accounts.reset_url, "/account/reset/{token}"),
            TokenKind::Email => (&accounts.email_url, "/account/email/{token}"),
            TokenKind::Archive => (&None, "/account/archive/{token}"),
            TokenKind::Link => (&None, "/account/link/{token}"),
            TokenKind::Invite => (&None, "/staff/accept/{token}"),
        };
        let pattern = elsewhere.clone().unwrap_or_else(|| self.link(here));
        pattern.replace("{token}", token)
    }

    /// An address on this server.
    pub fn link(&self, path: &str) -> String {
        format!("{}/{}", self.public_url.as_str().trim_end_matches('/'), path.trim_start_matches('/'))
    }
}
