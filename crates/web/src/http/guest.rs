//! Who calls: to the pages everybody is a guest, of whom only the network is known.

use axum::extract::FromRequestParts;
use http::request::Parts;
use std::convert::Infallible;
use stoa_domain::limits::ClientAddress;
use stoa_services::account::{Caller, Client};

/// Whoever asks for a page.
#[derive(Clone, Debug)]
pub(crate) struct Guest(pub(crate) Caller);

impl<S: Sync> FromRequestParts<S> for Guest {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let address = parts.extensions.get::<ClientAddress>().copied();
        Ok(Self(Caller::anonymous(Client { address, ..Client::default() })))
    }
}
