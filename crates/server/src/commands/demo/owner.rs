//! The owner of a demo shop: somebody to look around as, where nobody is on the staff yet.

use super::super::staff::permit;
use crate::app::App;
use anyhow::{Context, bail};
use secrecy::{ExposeSecret, SecretString};
use stoa_auth::recovery_codes;
use stoa_domain::{account::SessionKind, shared::EmailAddress, staff::StaffName};
use stoa_persistence::staff::{find, has_joined, shop_owner};
use stoa_services::{
    account::Client,
    staff::{Acceptance, NewOwner, OwnerCreated},
};

/// Nobody gets mail there: the name is kept for that (RFC 2606).
pub(super) const EMAIL: &str = "owner@demo.invalid";
const NAME: &str = "Demo Owner";

/// Who owns the shop.
pub(super) enum DemoOwner {
    /// Somebody who was just made, and the password, which is kept nowhere.
    New(SecretString),
    /// Who was made at an earlier start.
    Known,
    /// Somebody else, or nobody.
    Another,
}

/// Makes an owner with a password of chance (80 bits: the shop may listen where others reach it), in a shop that is `new` and has nobody.
pub(super) async fn find_or_make(app: &App, new: bool) -> anyhow::Result<DemoOwner> {
    let read = app.db().read();
    if let Some(id) = shop_owner(read).await? {
        let owner = find(read, id).await?;
        let ours = owner.is_some_and(|owner| owner.email.as_str() == EMAIL);
        return Ok(if ours { DemoOwner::Known } else { DemoOwner::Another });
    }
    if !new || has_joined(read).await? {
        return Ok(DemoOwner::Another);
    }
    let services = app.services();
    let Ok(email) = EmailAddress::parse(EMAIL) else { bail!("{EMAIL} is no address") };
    let owner = NewOwner { email, replace: false, locale: None };
    let by = permit(services)?;
    let made = services.create_owner.run(&by, &owner).await.context("nobody was made the owner")?;
    let OwnerCreated::Link(link) = made else { return Ok(DemoOwner::Known) };
    let Some((_, token)) = link.address.expose_secret().rsplit_once('/') else {
        bail!("a link without a token")
    };
    let Some(name) = StaffName::parse(NAME) else { bail!("{NAME} is no name") };
    let [password, ..] = recovery_codes()?;
    let joining =
        Acceptance { token: token.into(), name, password: password.clone(), kind: SessionKind::Tokens };
    // The sign-in that comes of it is shown to nobody.
    let joined = Box::pin(services.accept_invitation.run(&joining, &Client::default())).await;
    joined.context("the owner did not join")?;
    Ok(DemoOwner::New(password))
}
