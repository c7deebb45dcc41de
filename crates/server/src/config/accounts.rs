//! `[accounts]`, `[staff]` and `[privacy]`: what passwords must be and cost, how long sign-ins last, and what is kept of people.

use super::{
    http::HttpConfig,
    oidc::return_url,
    raw::{AccountsSection, PrivacySection, Raw},
    validate::{InvalidConfig, invalid},
};
use chrono::TimeDelta;
use std::ops::RangeInclusive;
use stoa_auth::PasswordCost;
use stoa_domain::{
    access::AccessRules,
    account::{PasswordRule, SessionRule},
};
use stoa_services::{AccountSettings, PrivacySettings};
use url::Url;

/// What stands for the token in an address.
const TOKEN: &str = "{token}";
/// Others believe an access token until it ends, whatever has become of its owner.
const ACCESS_MINUTES: RangeInclusive<u32> = 1..=60;
/// Ten years, at most.
const SESSION_DAYS: RangeInclusive<u32> = 1..=3_650;
/// Whoever may change the shop proves anew who they are each month, at the latest.
const STAFF_HOURS: RangeInclusive<u32> = 1..=720;
/// A proof of who is at the keyboard says nothing of who is there an hour later.
const STEP_UP_MINUTES: RangeInclusive<u32> = 1..=60;
/// A link that makes somebody staff must not lie about for ever.
const INVITATION_DAYS: RangeInclusive<u32> = 1..=30;
/// More have no place in memory while they wait.
const MOST_WAITING: usize = 100_000;
/// Longer than any tax office asks.
const MOST_YEARS: u32 = 100;

/// What is decided of accounts. Besides the shop's own address, mails lead to origins that may call it, and whoever was signed in
/// elsewhere comes back to one that may send its cookie.
pub(super) fn accounts(
    raw: &Raw,
    public_url: &Url,
    http: &HttpConfig,
) -> Result<AccountSettings, InvalidConfig> {
    let section = &raw.accounts;
    let days = |key, days| within(key, days, &SESSION_DAYS, "days").map(TimeDelta::days);
    let sessions = SessionRule {
        idle: days("accounts.session_days", section.session_days)?,
        most: days("accounts.session_most_days", section.session_most_days)?,
    };
    if sessions.most < sessions.idle {
        return Err(invalid("accounts.session_most_days", "must not be less than accounts.session_days"));
    }
    let staff =
        TimeDelta::hours(within("staff.session_hours", raw.staff.session_hours, &STAFF_HOURS, "hours")?);
    let access = within("accounts.access_minutes", section.access_minutes, &ACCESS_MINUTES, "minutes")?;
    let minutes = raw.staff.step_up_minutes;
    let step_up = TimeDelta::minutes(within("staff.step_up_minutes", minutes, &STEP_UP_MINUTES, "minutes")?);
    let invitation = TimeDelta::days(within(
        "staff.invitation_days",
        raw.staff.invitation_days,
        &INVITATION_DAYS,
        "days",
    )?);
    let link = |key, text: &str| link(key, text, public_url, &http.cors_origins);
    Ok(AccountSettings {
        password_rule: PasswordRule::try_new(section.password_min_length)
            .map_err(|e| invalid("accounts.password_min_length", e.to_string()))?,
        access_lives: TimeDelta::minutes(access),
        sessions,
        staff_sessions: SessionRule { idle: staff, most: staff },
        activate_url: link("accounts.activate_url", &section.activate_url)?,
        reset_url: link("accounts.reset_url", &section.reset_url)?,
        email_url: link("accounts.email_url", &section.email_url)?,
        oidc_return_url: return_url(&section.oidc_return_url, public_url, &http.cookie_origins)?,
        staff_access: AccessRules { require_totp: raw.staff.require_totp, step_up },
        invitation_lives: invitation,
    })
}

/// What a password costs to hash.
pub(super) fn passwords(section: &AccountsSection) -> Result<PasswordCost, InvalidConfig> {
    let cost = PasswordCost {
        memory_kib: section.argon2_memory_kib,
        passes: section.argon2_passes,
        at_once: section.hashes_at_once,
        waiting: section.hashes_waiting,
    };
    cost.validate().map_err(|e| invalid("accounts.argon2_memory_kib", e.to_string()))?;
    if cost.waiting > MOST_WAITING {
        return Err(invalid("accounts.hashes_waiting", format!("must be {MOST_WAITING} at most")));
    }
    Ok(cost)
}

/// What is kept of people.
pub(super) fn privacy(section: &PrivacySection) -> Result<PrivacySettings, InvalidConfig> {
    if section.keep_orders_years > MOST_YEARS {
        return Err(invalid("privacy.keep_orders_years", format!("must be {MOST_YEARS} at most")));
    }
    Ok(PrivacySettings { keep_orders_years: section.keep_orders_years })
}

fn within(
    key: &'static str,
    value: u32,
    range: &RangeInclusive<u32>,
    unit: &str,
) -> Result<i64, InvalidConfig> {
    if range.contains(&value) {
        return Ok(value.into());
    }
    Err(invalid(key, format!("must be {} to {} {unit}", range.start(), range.end())))
}

/// An address for a mail, with a place for the token. A token opens an account: it is led nowhere that the shop does not know.
fn link(
    key: &'static str,
    text: &str,
    public_url: &Url,
    origins: &[String],
) -> Result<Option<String>, InvalidConfig> {
    if text.is_empty() {
        return Ok(None);
    }
    let url = Url::parse(&text.replace(TOKEN, "token")).ok().filter(|_| text.contains(TOKEN));
    let url = url.ok_or_else(|| {
        let problem =
            "must be a URL with {token} in it, such as https://shop.example.org/welcome?token={token}";
        invalid(key, problem)
    })?;
    let origin = url.origin();
    if origin != public_url.origin() && !origins.contains(&origin.ascii_serialization()) {
        let problem = "must lead to server.public_url or to one of http.cors_origins, by its name";
        return Err(invalid(key, problem));
    }
    Ok(Some(text.to_owned()))
}
