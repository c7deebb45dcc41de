//! What the table cannot say by a field: addresses beside GraphQL, arguments that take a permission of their own, and what mutations give
//! back.

use super::{Received, Tryer, documents::Schema, received};
use crate::harness::Shop;

/// How a row of the table begins that is an address.
const METHODS: [&str; 2] = ["GET ", "POST "];
/// Where nothing is.
const NOTHING: &str = "/admin/nothing";

/// People outside of the staff, and what tells of them: read by who may read them, whoever may change them.
const GUARDED: [&str; 2] = ["AdminCustomer", "AdminOrder"];
/// The payloads that hold one of these, and give null to whoever may not read it.
const ASKING: [&str; 3] = ["AdminCustomerPayload", "OrderAttentionClearPayload", "OrderCancelPayload"];

/// Whether a row of the table is an address.
pub(super) fn is_address(row: &str) -> bool {
    METHODS.iter().any(|method| row.starts_with(method))
}

async fn send(shop: &Shop, by: &Tryer, method: &str, address: &str) -> (u16, String) {
    let server = shop.endpoint.url.strip_suffix("/graphql").expect("GraphQL is at /graphql");
    let url = format!("{server}{address}");
    let mut request = match method {
        "POST" => shop.endpoint.http.post(url).body("x"),
        _ => shop.endpoint.http.get(url),
    };
    if !by.token.is_empty() {
        request = request.header("authorization", format!("Bearer {}", by.token));
    }
    let response = request.send().await.expect("the server answers");
    (response.status().as_u16(), response.text().await.expect("text"))
}

/// Tries an address; gives what is wrong, in words.
pub(super) async fn try_address(shop: &Shop, by: &Tryer, at: &str, row: &[String]) -> Option<String> {
    let (method, address) = at.split_once(' ').expect("a method and an address");
    let (status, body) = send(shop, by, method, address).await;
    if by.may(row) {
        let let_in = match (by.has_to_prove(row), method) {
            (true, _) => status == 403 && body.contains("STEP_UP_REQUIRED"),
            // What is sent is no picture, and that is what is said of it.
            (false, "POST") => matches!(status, 400 | 415 | 422),
            // Of a promotion that there is not, that is said.
            (false, _) => status == 200 || (status == 404 && body.contains("There are no such codes.")),
        };
        return (!let_in).then(|| format!("{} at {at}: may use it: {status} {body}", by.name));
    }
    let nothing = send(shop, by, method, NOTHING).await;
    let told = (status, body);
    (told != nothing).then(|| format!("{} at {at}: {told:?}, not {nothing:?}", by.name))
}

/// A value of an argument that takes a permission beside what its field takes.
pub(super) struct Argument {
    /// `Type.field`.
    pub(super) field: &'static str,
    /// The permission that the field takes.
    takes: &'static str,
    /// What of its document is said otherwise.
    instead_of: &'static str,
    said: &'static str,
    /// The permission that this takes as well, and whether people have to prove who they are for it.
    as_well: (&'static str, bool),
}

/// Cancelling with a refund, and what is new with so many units.
pub(super) const ARGUMENTS: [Argument; 3] = [
    Argument {
        field: "Mutation.orderCancel",
        takes: "orders:write",
        instead_of: "refund: false",
        said: "refund: true",
        as_well: ("orders:refund", true),
    },
    Argument {
        field: "Mutation.productCreate",
        takes: "products:write",
        instead_of: "variants: []",
        said: "variants: [{ price: \"1.00\", onHand: 5 }]",
        as_well: ("inventory:write", false),
    },
    Argument {
        field: "Mutation.productVariantsBulkCreate",
        takes: "products:write",
        instead_of: "variants: []",
        said: "variants: [{ price: \"1.00\", onHand: 5 }]",
        as_well: ("inventory:write", false),
    },
];

/// Tries such an argument; gives what is wrong, in words.
pub(super) async fn try_argument(
    shop: &Shop,
    by: &Tryer,
    document: &str,
    argument: &Argument,
) -> Option<String> {
    let saying = document.replace(argument.instead_of, argument.said);
    assert_ne!(saying, document, "{} does not say {}", argument.field, argument.instead_of);
    // What names nothing of its kind is refused before anything is asked.
    let saying = saying.replace("productId: \"", "productId: \"gid://stoa/Product/");
    let answer = by.ask(shop, &saying).await;
    let held = |permission: &str| by.is.contains(permission);
    let (as_well, step_up) = argument.as_well;
    let proves = step_up && by.person && !by.is.contains("owner");
    let fits = match (held(argument.takes), held(as_well)) {
        (true, true) if proves => answer.body.to_string().contains("STEP_UP_REQUIRED"),
        (true, true) => received(&answer) == Received::LetIn,
        (true, false) => received(&answer) == Received::Refused && answer.code() == "FORBIDDEN",
        (false, _) => received(&answer) == Received::Unseen,
    };
    (!fits).then(|| format!("{} at {}({}): {}", by.name, argument.field, argument.said, answer.body))
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
