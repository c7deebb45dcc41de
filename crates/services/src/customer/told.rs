//! What is told a customer of themselves: account, addresses, orders, consents, sign-ins, and accounts elsewhere. Nothing that
//! opens anything, and nothing of others.

use super::told_orders;
use crate::Context;
use serde_json::{Value, json};
use stoa_domain::{
    account::{Realm, Session},
    customer::{AddressBook, Consent, Customer, CustomerName},
    shared::{Fault, Locale, page::PageRequest},
};
use stoa_persistence::{account, customer, db::ListError};

/// Sign-ins that are read at once.
const PAGE: u32 = 100;

/// All of it. Times are in UTC, amounts in the smallest unit of their currency.
pub(crate) async fn all(ctx: &Context, of: &Customer) -> Result<Value, Fault> {
    let read = ctx.db().read();
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
    Ok(json!({
        "shop": ctx.settings.shop_name,
        "writtenAt": ctx.now(),
        "account": account_of(of),
        "addresses": addresses(&book),
        "orders": told_orders::of(ctx, of.id).await?,
        "consents": consents.iter().map(consent).collect::<Vec<_>>(),
        "tags": customer::tags_of(read, &[of.id]).await?.remove(&of.id).unwrap_or_default(),
        "sessions": sessions(ctx, of).await?,
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

async fn sessions(ctx: &Context, of: &Customer) -> Result<Vec<Value>, Fault> {
    let (read, now) = (ctx.db().read(), ctx.now());
    let mut told = Vec::new();
    let mut request = PageRequest::first(PAGE);
    loop {
        let page = account::list_sessions(read, (Realm::Customer, of.id.uuid()), now, &request).await;
        let page = page.map_err(listed)?;
        told.extend(page.nodes().map(session));
        let Some(last) = page.rows.last().filter(|_| page.info.has_next) else { return Ok(told) };
        request = PageRequest { after: Some(last.cursor.clone()), ..PageRequest::first(PAGE) };
    }
}

fn session(of: &Session) -> Value {
    json!({
        "signedInAt": of.created_at,
        "usedAt": of.used_at,
        "endsAt": of.ends_at,
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
