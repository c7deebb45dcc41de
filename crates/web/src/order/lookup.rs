//! `GET` and `POST /orders`: finding an order again by its number and the buyer's e-mail address.

use super::{standing::Standing, view::values};
use crate::{error::PageError, http::Submitted, state::Web};
use axum::{Extension, extract::State, response::Response};
use http::{HeaderValue, StatusCode, header};
use minijinja::context;
use serde::Deserialize;
use stoa_domain::{limits::ClientAddress, order::OrderNumber, shared::EmailAddress};
use stoa_persistence::order::OrderLookup;
use stoa_services::order::OrderView;

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct LookupForm {
    number: String,
    email: String,
}

/// `GET /orders`
pub(crate) async fn show_lookup(State(web): State<Web>) -> Result<Response, PageError> {
    render(&web, StatusCode::OK, &LookupForm::default(), false)
}

/// `POST /orders`
pub(crate) async fn find_order(
    State(web): State<Web>,
    client: Option<Extension<ClientAddress>>,
    Submitted(form): Submitted<LookupForm>,
) -> Result<Response, PageError> {
    let client = client.map(|Extension(client)| client);
    let found = match (number(&form.number), EmailAddress::parse(&form.email)) {
        (Some(number), Ok(email)) => {
            web.services().find_order.run(&OrderLookup::Contact(number, email), client).await?
        }
        _ => None,
    };
    match found {
        Some(view) => found_page(&web, &view),
        // One answer for a wrong number, a wrong address and a wrong pair: nobody learns which orders there are.
        None => render(&web, StatusCode::NOT_FOUND, &form, true),
    }
}

/// The order, without the link that opens it for ever and lets it be paid: that one goes to the buyer alone.
fn found_page(web: &Web, view: &OrderView) -> Result<Response, PageError> {
    let order = context! { pay_url => (), ..values(view, Standing::of(view)) };
    let mut page = web
        .page("order.html", context! { order, looked_up => true, refresh => (), here => (), own => false })?;
    page.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(page)
}

fn render(web: &Web, status: StatusCode, form: &LookupForm, missed: bool) -> Result<Response, PageError> {
    let values = context! { number => &form.number, email => &form.email, missed };
    web.page_as(status, "order_lookup.html", values)
}

/// `#1001` or `1001`.
fn number(text: &str) -> Option<OrderNumber> {
    text.trim().trim_start_matches('#').parse().ok().filter(|n| *n > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_people_write_it() {
        assert_eq!(number(" #1001 "), Some(1001));
        assert_eq!(number("1001"), Some(1001));
        for bad in ["", "#", "-1", "0", "99999999999999999999", "1001 or 1=1"] {
            assert_eq!(number(bad), None, "{bad}");
        }
    }
}
