//! What a resolver may reach for.

use super::{catalog::Prices, shop::Storefront};
use async_graphql::Context;
use http::{HeaderName, HeaderValue, Method, header, request::Parts};
use secrecy::SecretString;
use std::sync::Arc;
use stoa_domain::{access::SignedIn, limits::ClientAddress, shared::Locale};
use stoa_graphql_http::{InContext, RequestId};
use stoa_services::{
    Services,
    account::{Caller, Client},
};
use tokio::sync::OnceCell;

/// In which storefronts show that they have signed in to an account before, in words of the storefront vocabulary or ours: a device's token,
/// or a token of a sign-in that they have had.
const DEVICE: HeaderName = HeaderName::from_static("stoa-device");

/// Who asks, as far as it was said: what a request brings with it beside its document.
pub(super) struct Asker {
    /// From where.
    address: Option<ClientAddress>,
    /// Who has shown a credential.
    caller: Option<Arc<Caller>>,
    /// With what program, and what it keeps for us. Of mutations only, for those that sign somebody in.
    brought: Option<Brought>,
    /// Who buys by `@inContext(buyer:)`, once a field has asked for it: however many do, it is looked up once. `None` in it: nobody.
    buyer: OnceCell<Option<Caller>>,
    /// By which prices the catalogue is shown, once a field has asked for it.
    prices: OnceCell<Prices>,
}

struct Brought {
    user_agent: Option<HeaderValue>,
    device: Option<SecretString>,
    /// What the browser keeps that has shown what somebody has at an OpenID provider.
    identity: Option<SecretString>,
    /// Whether headers of the answer reach them.
    hears_headers: bool,
}

impl Asker {
    /// Whoever asks from there, known by this credential.
    pub(super) fn new(address: Option<ClientAddress>, caller: Option<Arc<Caller>>) -> Self {
        Self { address, caller, brought: None, buyer: OnceCell::new(), prices: OnceCell::new() }
    }

    /// That of the request, if it has one.
    pub(super) fn of<'a>(ctx: &Context<'a>) -> Option<&'a Self> {
        ctx.data_opt()
    }

    /// Where it is kept who buys by `@inContext(buyer:)`.
    pub(super) const fn buyer(&self) -> &OnceCell<Option<Caller>> {
        &self.buyer
    }

    /// Where it is kept by which prices the catalogue is shown.
    pub(super) const fn prices(&self) -> &OnceCell<Prices> {
        &self.prices
    }

    /// The same, with what the request of a mutation says.
    pub(super) fn with(mut self, parts: &Parts) -> Self {
        let headers = &parts.headers;
        // Over HTTP/2 cookies may come in several fields (RFC 9113, section 8.2.3).
        let kept = |name| crate::http::find_cookie(headers, name).map(SecretString::from);
        // Storefronts of other origins have no cookie of ours.
        let device = headers.get(DEVICE).and_then(|value| value.to_str().ok()).map(SecretString::from);
        let device = device.or_else(|| kept(crate::http::DEVICE_COOKIE));
        let identity = kept(crate::http::IDENTITY_COOKIE);
        let user_agent = headers.get(header::USER_AGENT).cloned();
        // By HTTP mutations are posted and nothing else; what came otherwise came over a WebSocket, which has answered long ago.
        let hears_headers = parts.method == Method::POST;
        self.brought = Some(Brought { user_agent, device, identity, hears_headers });
        self
    }

    fn user_agent(&self) -> Option<String> {
        let text = self.brought.as_ref()?.user_agent.as_ref()?.to_str().ok()?;
        Some(text.to_owned())
    }

    fn device(&self) -> Option<SecretString> {
        self.brought.as_ref()?.device.clone()
    }
}

/// The data of a request and of the schema, by name.
pub trait Request<'a> {
    /// The use cases.
    fn services(&self) -> &'a Services;
    /// The shop in the words of the schema.
    fn storefront(&self) -> &'a Arc<Storefront>;
    /// The arguments of `@inContext`. The transport gives every request some; a request that came by another way has none.
    fn in_context(&self) -> Option<&'a InContext>;
    /// From where the request came, if that is known.
    fn client(&self) -> Option<ClientAddress>;
    /// Who has shown a credential with the request; `None`: nobody has.
    fn caller(&self) -> Option<&'a Caller>;
    /// The customer whose credential came with the request.
    fn signed_in(&self) -> Option<SignedIn>;
    /// Whether a mutation's answer can set a cookie: not over a WebSocket.
    fn hears_headers(&self) -> bool;
    /// What a mutation's browser keeps that has shown what somebody has at an OpenID provider.
    fn shown_identity(&self) -> Option<&'a SecretString>;
    /// From where, and with what, for the use cases of accounts: they limit, write down and answer in a language by it.
    fn asking(&self) -> Client;
}

impl<'a> Request<'a> for Context<'a> {
    fn services(&self) -> &'a Services {
        // Put in by `schema`, the one place that builds a schema to be executed.
        self.data_unchecked::<Arc<Services>>()
    }

    fn storefront(&self) -> &'a Arc<Storefront> {
        self.data_unchecked::<Arc<Storefront>>()
    }

    fn in_context(&self) -> Option<&'a InContext> {
        self.data_opt::<InContext>()
    }

    fn client(&self) -> Option<ClientAddress> {
        Asker::of(self)?.address
    }

    fn caller(&self) -> Option<&'a Caller> {
        Asker::of(self)?.caller.as_deref()
    }

    fn signed_in(&self) -> Option<SignedIn> {
        self.caller()?.signed_in()
    }

    fn hears_headers(&self) -> bool {
        let asker = Asker::of(self);
        asker.and_then(|asker| asker.brought.as_ref()).is_none_or(|brought| brought.hears_headers)
    }

    fn shown_identity(&self) -> Option<&'a SecretString> {
        Asker::of(self)?.brought.as_ref()?.identity.as_ref()
    }

    fn asking(&self) -> Client {
        let asker = Asker::of(self);
        let language = self.in_context().and_then(|context| context.language.as_deref());
        Client {
            address: self.client(),
            user_agent: asker.and_then(Asker::user_agent),
            device: asker.and_then(Asker::device),
            locale: language.and_then(Locale::parse),
            request: self.data_opt::<RequestId>().map(ToString::to_string),
        }
    }
}
