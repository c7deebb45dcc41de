//! The door of what staff and keys ask for at addresses of its own, beside GraphQL.

use super::{
    answer, caller,
    state::AppState,
    throttle::{self, Standing},
    unknown::Unknown,
};
use axum::{extract::Request, response::Response};
use http::{Method, StatusCode, request::Parts};
use std::sync::Arc;
use stoa_domain::{
    access::{Denied, Grant, Permit},
    shared::Fault,
};
use stoa_services::account::Caller;

/// The methods of those who come to read.
pub(super) const READING: [Method; 2] = [Method::GET, Method::HEAD];

/// What the routes behind the door share.
#[derive(Clone)]
pub(super) struct Door {
    pub(super) app: AppState,
    /// What whoever may not go in is answered: the same as where nothing is.
    pub(super) unknown: Unknown,
}

/// Whoever is let in.
pub(super) struct LetIn<G> {
    pub(super) by: Permit<G>,
    pub(super) standing: Standing,
    pub(super) request: Request,
}

impl Door {
    /// Lets in whoever may, by these methods. To all others there is nothing at the address: neither another method nor a credential that
    /// is worth nothing tells it from one where nothing is, and only whoever may is told that they ask too often.
    ///
    /// # Errors
    /// The answer to send instead.
    pub(super) async fn permitted<G: Grant>(
        &self,
        methods: &[Method],
        mut request: Request,
    ) -> Result<LetIn<G>, Box<Response>> {
        if !methods.contains(request.method()) || !caller::shows_something(request.headers()) {
            return Err(self.nothing_there(request).await);
        }
        match caller::recognise(&self.app, &mut request).await {
            Ok(_) => {}
            // Not even a staff's own credential can be looked up.
            Err(refused) if refused.status() == StatusCode::SERVICE_UNAVAILABLE => return Err(refused),
            Err(_) => return Err(self.nothing_there(request).await),
        }
        let by = match permit(&self.app, request.extensions().get()) {
            Ok(by) => by,
            Err(Denied::NotAllowed) => return Err(self.nothing_there(request).await),
            Err(Denied::StepUp) => {
                let message = "This takes a recent proof of who you are: use staffStepUp, and ask again.";
                return Err(Box::new(answer::error(StatusCode::FORBIDDEN, "STEP_UP_REQUIRED", message)));
            }
            Err(Denied::EnrolTotp) => {
                let message = "This shop wants a second factor of its staff.";
                let refused = answer::error(StatusCode::FORBIDDEN, "TOTP_ENROLLMENT_REQUIRED", message);
                return Err(Box::new(refused));
            }
        };
        let standing = throttle::count_caller(&self.app, request.extensions_mut()).await?;
        Ok(LetIn { by, standing, request })
    }

    /// Whether whoever was let in may go on with what takes long: their sign-in or key may have been ended meanwhile, or what they may do
    /// taken from them. That their proof grows old meanwhile does not matter.
    ///
    /// # Errors
    /// They may not, or nobody knows at the moment.
    pub(super) async fn still_permitted<G: Grant>(&self, parts: &Parts) -> Result<(), Fault> {
        let over = || Fault::unavailable("acting.still_permitted", "whoever asked may not go on");
        let Some(asked) = caller::renew(self.app.services(), parts) else { return Err(over()) };
        let parts = asked.await.map_err(|_| over())?;
        match permit::<G>(&self.app, parts.extensions.get()) {
            Ok(_) | Err(Denied::StepUp) => Ok(()),
            Err(Denied::NotAllowed | Denied::EnrolTotp) => Err(over()),
        }
    }

    async fn nothing_there(&self, request: Request) -> Box<Response> {
        Box::new(self.unknown.answer(request).await)
    }
}

fn permit<G: Grant>(app: &AppState, caller: Option<&Arc<Caller>>) -> Result<Permit<G>, Denied> {
    let actor = caller.and_then(|caller| caller.actor.as_ref()).ok_or(Denied::NotAllowed)?;
    let services = app.services();
    actor.permit(&services.context().settings().accounts.staff_access, services.now())
}
