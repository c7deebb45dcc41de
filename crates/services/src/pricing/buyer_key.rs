//! What tells one buyer from another in what is limited for each.

use super::{Counted, LookupKeys, Purpose};
use crate::Context;
use stoa_domain::shared::Fault;

/// The keys of a buyer, sorted, each once: of the address they are written to, of the account, and of the account's own address. Whoever has
/// used something up under one of them has used it up: so a guest and the customer with the same address are one, however it is typed.
///
/// An address is easily guessed: so keys are codes under a key that stands sealed in the database, and worth nothing in a dump of it.
pub(crate) async fn buyer_keys(ctx: &Context, counted: &Counted) -> Result<Vec<String>, Fault> {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(counted.addresses.iter().map(|address| format!("e:{}", address.key())));
    parts.extend(counted.customer.map(|customer| format!("c:{customer}")));
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    let hash = LookupKeys::of(ctx, Purpose::Buyer).await?;
    let mut keys: Vec<String> = parts.iter().map(|part| hash.code(part)).collect();
    keys.sort_unstable();
    keys.dedup();
    Ok(keys)
}
