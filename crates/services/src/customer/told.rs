//! What is told a customer of themselves. Nothing that opens anything, and nothing of others. The file is one object:
//!
//! | member | is |
//! |---|---|
//! | `shop`, `writtenAt` | whose file it is, and when it was written |
//! | `account` | the account, and what staff have noted of it |
//! | `addresses` | the address book |
//! | `orders` | every order, with its lines, payment and whether its bank has disputed it, refunds and parcels |
//! | `cart` | the cart they have now; null: none |
//! | `consents` | what they agreed to, and when they did not any more |
//! | `tags`, `groups` | what staff have sorted them by |
//! | `sessions` | sign-ins that are kept, those that are over for as long as well |
//! | `networks` | where they were seen signing in, and when last there |
//! | `identities` | accounts elsewhere that they sign in with |
//!
//! Times are in UTC, amounts in the smallest unit of their currency. A name that was there stays: programs read it.

use super::{told_cart, told_orders};
use crate::Context;
use serde_json::{Value, json};
use stoa_domain::{
    account::{Realm, Session},
    cart::Attribute,
    customer::{AddressBook, Consent, Customer, CustomerGroup, CustomerName},
    shared::{Fault, Locale, Timestamp},
};
use stoa_persistence::{account, customer, db::ListError};

/// All of it, in as many statements whatever there is of all but orders; of those each hundred costs the same.
pub(crate) async fn all(ctx: &Context, of: &Customer) -> Result<Value, Fault> {
    let (read, whose) = (ctx.db().read(), (Realm::Customer, of.id.uuid()));
    let book = customer::address_book(read, of).await?;
    let consents = customer::consents(read, of.id).await?;
    let identities = customer::identities_of(read, of.id).await?;
    let identities = identities.iter().map(|identity| {
        json!({
            "issuer": identity.issuer,
            "subject": identity.subject,
            "email": identity.email_key,
            "linkedAt": identity.linked_at,
            "usedAt": identity.used_at,
        })
    });
    let tags = customer::tags_of(read, &[of.id]).await?.remove(&of.id).unwrap_or_default();
    let groups = customer::groups_of(read, &[of.id]).await?.remove(&of.id).unwrap_or_default();
    let sessions = account::sessions_of(read, whose).await?;
    let networks = account::networks_of(read, whose).await?;
    Ok(json!({
        "shop": ctx.settings.shop_name,
        "writtenAt": ctx.now(),
        "account": account_of(of),
        "addresses": addresses(&book),
        "orders": told_orders::of(ctx, of.id).await?,
        "consents": consents.iter().map(consent).collect::<Vec<_>>(),
        "cart": told_cart::of(ctx, of.id).await?,
        "tags": tags,
        "groups": groups.iter().map(group).collect::<Vec<_>>(),
        "sessions": sessions.iter().map(session).collect::<Vec<_>>(),
        "networks": networks.iter().map(network).collect::<Vec<_>>(),
        "identities": identities.collect::<Vec<_>>(),
    }))
}

fn account_of(of: &Customer) -> Value {
    json!({
        "id": of.id.to_string(),
        "state": of.state.name(),
        "email": of.email.as_str(),
        "emailVerifiedAt": of.state.verified_at(),
        "firstName": of.first_name.as_ref().map(CustomerName::as_str),
        "lastName": of.last_name.as_ref().map(CustomerName::as_str),
        "phone": of.phone,
        "language": of.locale.map(Locale::code),
        "acceptsMarketing": of.accepts_marketing,
        "note": of.note,
        "passwordChangedAt": of.password_changed_at,
        "createdAt": of.created_at,
        "updatedAt": of.updated_at,
    })
}

fn addresses(book: &AddressBook) -> Vec<Value> {
    let default = book.default_address().map(|address| address.id);
    let told = book.addresses().iter().map(|entry| {
        json!({
            "id": entry.id.to_string(),
            "default": Some(entry.id) == default,
            "address": entry.address,
        })
    });
    told.collect()
}

fn consent(of: &Consent) -> Value {
    json!({
        "to": of.kind.name(),
        "granted": of.granted,
        "shown": of.wording,
        "said": of.source.name(),
        "writtenDownBy": of.actor,
        "at": of.at,
    })
}

fn group(of: &CustomerGroup) -> Value {
    json!({ "id": of.id.to_string(), "name": of.name })
}

fn network((place, seen_at): &(String, Timestamp)) -> Value {
    json!({ "network": place, "seenAt": seen_at })
}

/// Attributes of carts, orders and their lines.
pub(super) fn attributes(of: &[Attribute]) -> Vec<Value> {
    of.iter().map(|attribute| json!({ "key": attribute.key, "value": attribute.value })).collect()
}

fn session(of: &Session) -> Value {
    json!({
        "signedInAt": of.created_at,
        "usedAt": of.used_at,
        "endsAt": of.ends_at,
        "endedAt": of.revoked.map(|revoked| revoked.at),
        "kind": of.kind.name(),
        "device": of.user_agent,
        "network": of.network,
    })
}

/// Cursors here are those that the list has just given.
pub(super) fn listed(error: ListError) -> Fault {
    match error {
        ListError::Fault(fault) => fault,
        ListError::Cursor(_) => Fault::bug("customer.archive: a cursor of another list"),
    }
}
