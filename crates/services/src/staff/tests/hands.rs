//! People of the staff, and what they do with their hands.

use crate::{
    account::{Client, PasswordSignIn, SignedInNow},
    staff::{Acceptance, Invitation, NewOwner, OwnerCreated, StaffSignInOutcome, StepUpProof, code::secret},
    testing::{PASSWORD, TestShop, address, client},
};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use stoa_auth::TotpSecret;
use stoa_domain::{
    access::{Actor, Denied, Grant, Permissions, Permit, grants::Ownership},
    account::SessionKind,
    shared::{RoleId, StaffId},
    staff::StaffName,
};
use stoa_persistence::staff;

/// The one who owns the shop of these tests.
pub(super) const OWNER: &str = "owner@example.org";
/// Somebody on the staff.
pub(super) const EVE: &str = "eve@example.org";

/// Somebody at the machine.
pub(super) fn command() -> Arc<Actor> {
    Arc::new(Actor::command("root".into()))
}

impl TestShop {
    /// What an actor may do now.
    pub(super) fn try_permit<G: Grant>(&self, actor: &Arc<Actor>) -> Result<Permit<G>, Denied> {
        actor.permit(&self.ctx().settings.accounts.staff_access, self.ctx().now())
    }

    pub(super) fn permit<G: Grant>(&self, actor: &Arc<Actor>) -> Permit<G> {
        self.try_permit(actor).unwrap()
    }

    /// Who a sign-in acts as now.
    pub(super) async fn actor(&self, shown: &SignedInNow) -> Option<Arc<Actor>> {
        self.caller(shown).await?.actor
    }

    /// The token of the link that makes somebody the owner.
    pub(super) async fn owner_link(&self, email: &str, replace: bool) -> String {
        let new = NewOwner { email: address(email), replace, locale: None };
        let by = self.permit::<Ownership>(&command());
        let OwnerCreated::Link(link) = self.services.create_owner.run(&by, &new).await.unwrap() else {
            panic!("they were on the staff");
        };
        let (_, token) = link.address.expose_secret().rsplit_once('/').unwrap();
        token.to_owned()
    }

    /// Makes an owner, and signs them in.
    pub(super) async fn owner(&self) -> SignedInNow {
        let token = self.owner_link(OWNER, false).await;
        self.accept(&token).await
    }

    pub(super) async fn accept(&self, token: &str) -> SignedInNow {
        self.services.accept_invitation.run(&acceptance(token), &client(2)).await.unwrap()
    }

    /// The owner, having just proved who they are.
    pub(super) async fn proven_owner(&self) -> Arc<Actor> {
        let shown = self.owner().await;
        self.step_up(&shown, None).await
    }

    pub(super) async fn step_up(&self, shown: &SignedInNow, code: Option<&str>) -> Arc<Actor> {
        let by = self.permit(&self.actor(shown).await.unwrap());
        let proof = StepUpProof { password: PASSWORD, code };
        self.services.step_up.run(&by, proof, &client(2)).await.unwrap();
        self.actor(shown).await.unwrap()
    }

    /// Somebody who may do this, and has joined.
    pub(super) async fn hired(&self, owner: &Arc<Actor>, email: &str, allowed: Permissions) -> SignedInNow {
        let role = self.role(owner, email, allowed).await;
        let asked = Invitation { email: address(email), name: None, roles: vec![role], locale: None };
        self.services.invite_staff.run(&self.permit(owner), &asked).await.unwrap();
        self.accept(&self.staff_token(email, "accept").await).await
    }

    pub(super) async fn role(&self, owner: &Arc<Actor>, name: &str, allowed: Permissions) -> RoleId {
        self.services.roles.create(&self.permit(owner), (name, allowed)).await.unwrap().id
    }

    pub(super) async fn signs_in(&self, email: &str, password: &str, from: &Client) -> StaffSignInOutcome {
        let given = PasswordSignIn { email, password, kind: SessionKind::Cookie };
        self.services.staff_sign_in.run(given, from).await.unwrap()
    }

    /// Gets somebody an authenticator; gives its secret and the codes for whoever loses it.
    pub(super) async fn enrolled(&self, shown: &SignedInNow) -> (TotpSecret, Vec<SecretString>) {
        let by = self.permit(&self.actor(shown).await.unwrap());
        self.services.second_factor.begin(&by, PASSWORD, &client(2)).await.unwrap();
        let kept = staff::authenticator(self.db.read(), StaffId::new(shown.subject)).await.unwrap().unwrap();
        let secret = secret(&kept).unwrap();
        let code = self.code(&secret);
        let codes = self.services.second_factor.confirm(&by, &code, &client(2)).await.unwrap();
        (secret, codes)
    }

    /// What an authenticator shows now.
    pub(super) fn code(&self, secret: &TotpSecret) -> String {
        secret.code(self.ctx().now()).unwrap().expose_secret().to_owned()
    }
}

pub(super) fn acceptance(token: &str) -> Acceptance {
    Acceptance {
        token: token.into(),
        name: StaffName::parse("Ada Lovelace").unwrap(),
        password: PASSWORD.into(),
        kind: SessionKind::Cookie,
    }
}

pub(super) fn waiting(outcome: StaffSignInOutcome) -> String {
    match outcome {
        StaffSignInOutcome::Waiting(waiting) => waiting.challenge.expose_secret().to_owned(),
        StaffSignInOutcome::SignedIn(shown) => panic!("nobody asked for a second factor: {shown:?}"),
    }
}

pub(super) fn signed_in(outcome: StaffSignInOutcome) -> SignedInNow {
    match outcome {
        StaffSignInOutcome::SignedIn(shown) => shown,
        StaffSignInOutcome::Waiting(_) => panic!("a second factor was asked for"),
    }
}
