//! Who may use a field of the admin half: what introspection shows, what the guard asks, and the permit that the service wants, all of
//! one grant.
//!
//! Three doors stand one behind the other. To whoever may not use a field the answer is that there is none
//! ([`restricted`](super::restricted)), before anything runs. The field's guard asks again, also of who comes by another way. And the
//! service takes a permit, without which the resolver does not compile.

use crate::graphql::{ApiError, Request};
use async_graphql::Context;
use std::sync::Arc;
use stoa_domain::access::{Actor, Denied, Grant, Permit};

/// Who acts for the shop with a request.
pub(crate) trait Acting<'a> {
    /// Whoever has shown a credential of the staff, or a key.
    fn actor(&self) -> Option<&'a Arc<Actor>>;

    /// The permit of whoever asks.
    ///
    /// # Errors
    /// They may not do it, or not before they have shown who they are.
    fn permit<G: Grant>(&self) -> Result<Permit<G>, ApiError>;
}

impl<'a> Acting<'a> for Context<'a> {
    fn actor(&self) -> Option<&'a Arc<Actor>> {
        self.caller()?.actor.as_ref()
    }

    fn permit<G: Grant>(&self) -> Result<Permit<G>, ApiError> {
        let services = self.services();
        let rules = &services.context().settings().accounts.staff_access;
        let actor = self.actor().ok_or_else(|| ApiError::from(Denied::NotAllowed))?;
        Ok(actor.permit(rules, services.now())?)
    }
}

/// The guard of a field that asks for a grant.
///
/// # Errors
/// Whoever asks may not use it, or not before they have shown who they are.
pub(super) fn may<G: Grant>(ctx: &Context<'_>) -> async_graphql::Result<()> {
    Ok(ctx.permit::<G>().map(drop)?)
}

/// Whether introspection shows it: to whoever has what the grant needs, also while they still have to show who they are.
pub(super) fn seen<G: Grant>(ctx: &Context<'_>) -> bool {
    ctx.actor().is_some_and(|actor| actor.meets(G::NEED))
}

/// The guard of a field for everybody who acts for the shop, whatever they may do.
///
/// # Errors
/// Whoever asks is somebody else.
pub(super) fn may_act(ctx: &Context<'_>) -> async_graphql::Result<()> {
    match ctx.actor() {
        Some(_) => Ok(()),
        None => Err(ApiError::from(Denied::NotAllowed).into()),
    }
}

/// Whether introspection shows that.
pub(super) fn acts(ctx: &Context<'_>) -> bool {
    ctx.actor().is_some()
}

impl From<Denied> for ApiError {
    fn from(denied: Denied) -> Self {
        let (code, message) = match denied {
            Denied::NotAllowed => (Self::FORBIDDEN, "You may not do this."),
            Denied::StepUp => (
                Self::STEP_UP_REQUIRED,
                "This takes a recent proof of who you are: use staffStepUp, and ask again.",
            ),
            Denied::EnrolTotp => (
                Self::TOTP_ENROLLMENT_REQUIRED,
                "This shop wants a second factor of its staff: use staffTotpBegin and staffTotpConfirm, or sign in with it.",
            ),
        };
        Self::Request { code, message: message.into() }
    }
}
