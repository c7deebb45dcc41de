//! What the table cannot say by a field: addresses beside GraphQL, arguments that take a permission of their own, and what mutations give
//! back.

use super::{Received, Tryer, documents::Schema, received};
use crate::harness::Shop;

/// A row of the table that is an address.
pub(super) const ADDRESS: &str = "GET ";
/// Where nothing is.
const NOTHING: &str = "/admin/nothing";

/// People outside of the staff, and what tells of them: read by who may read them, whoever may change them.
const GUARDED: [&str; 2] = ["AdminCustomer", "AdminOrder"];
/// The payloads that hold one of these, and give null to whoever may not read it.
const ASKING: [&str; 2] = ["AdminCustomerPayload", "OrderCancelPayload"];

async fn get(shop: &Shop, by: &Tryer, address: &str) -> (u16, String) {
    let server = shop.endpoint.url.strip_suffix("/graphql").expect("GraphQL is at /graphql");
    let mut request = shop.endpoint.http.get(format!("{server}{address}"));
    if !by.token.is_empty() {
        request = request.header("authorization", format!("Bearer {}", by.token));
    }
    let response = request.send().await.expect("the server answers");
    (response.status().as_u16(), response.text().await.expect("text"))
}

/// Tries an address; gives what is wrong, in words.
pub(super) async fn try_address(shop: &Shop, by: &Tryer, address: &str, row: &[String]) -> Option<String> {
    let (status, body) = get(shop, by, address).await;
    if by.may(row) {
        let asks_for_proof = by.person && status == 403 && body.contains("STEP_UP_REQUIRED");
        let let_in = status == 200 || asks_for_proof;
        return (!let_in).then(|| format!("{} at {address}: may use it: {status} {body}", by.name));
    }
    let nothing = get(shop, by, NOTHING).await;
    let told = (status, body);
    (told != nothing).then(|| format!("{} at {address}: {told:?}, not {nothing:?}", by.name))
}

/// Tries to cancel an order with a refund, which takes `orders:refund` beside what cancelling takes.
pub(super) async fn try_refunding(shop: &Shop, by: &Tryer, cancel: &str) -> Option<String> {
    let refunding = cancel.replace("refund: false", "refund: true");
    assert_ne!(refunding, cancel, "it says whether to refund");
    let answer = by.ask(shop, &refunding).await;
    let held = |permission: &str| by.is.contains(permission);
    let fits = match (held("orders:write"), held("orders:refund")) {
        (true, true) => match received(&answer) {
            Received::LetIn => true,
            Received::Refused => by.person && answer.code() == "STEP_UP_REQUIRED",
            Received::Unseen | Received::Failed => false,
        },
        (true, false) => received(&answer) == Received::Refused && answer.code() != "STEP_UP_REQUIRED",
        (false, _) => received(&answer) == Received::Unseen,
    };
    (!fits).then(|| format!("{} at orderCancel(refund: true): {}", by.name, answer.body))
}

/// The payloads that show more than whoever made the change may read; in words.
pub(super) fn too_open(schema: &Schema) -> Vec<String> {
    let payloads = schema.payloads().into_iter().filter(|payload| !ASKING.contains(&payload.as_str()));
    let open = payloads.filter_map(|payload| {
        let reached = schema.reach(&payload);
        let guarded = GUARDED.into_iter().find(|ty| reached.contains(*ty))?;
        Some(format!("{payload} leads to {guarded}"))
    });
    open.collect()
}
