//! Members of staff and programs with keys, knowing nothing but the public API and their mail.

use super::{customer::PASSWORD, graphql::Answer, shop::Shop};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use std::sync::Arc;
use stoa_domain::{
    access::{Actor, grants::Ownership},
    shared::EmailAddress,
};
use stoa_services::staff::{NewOwner, OwnerCreated};

/// Somebody of the staff who is signed in, or a program with a key.
#[derive(Clone, Debug)]
pub(crate) struct Staff {
    /// What they show.
    pub(crate) token: String,
}

impl Shop {
    /// Asks with this credential.
    pub(crate) async fn ask_as(&self, by: &Staff, query: &str, variables: Value) -> Answer {
        let shown = [("authorization", format!("Bearer {}", by.token))];
        self.endpoint.ask_with(&shown, query, variables).await.0
    }

    /// The shop's owner, who has just proved who they are.
    pub(crate) async fn owner(&self, email: &str) -> Staff {
        let services = self.app.services();
        let rules = &services.context().settings().accounts.staff_access;
        let by = Arc::new(Actor::command("root".into()));
        let by = by.permit::<Ownership>(rules, services.now()).expect("the command line may");
        let email = EmailAddress::parse(email).expect("an address");
        let new = NewOwner { email, replace: false, locale: None };
        let made = services.create_owner.run(&by, &new).await.expect("the shop is nobody's");
        let OwnerCreated::Link(link) = made else { panic!("they were on the staff") };
        let (_, token) = link.address.expose_secret().rsplit_once('/').expect("a token");
        let owner = self.join(token).await;
        self.prove(&owner).await;
        owner
    }

    /// Somebody whom the owner has invited to this alone.
    pub(crate) async fn staff(&self, owner: &Staff, email: &str, permissions: &[&str]) -> Staff {
        let role = "mutation($input: RoleInput!) { roleCreate(input: $input) { role { id } userErrors { code message } } }";
        let input = json!({ "name": email, "permissions": permissions });
        let made = self.ask_as(owner, role, json!({ "input": input })).await;
        let invite = "mutation($input: StaffInviteInput!) { staffInvite(input: $input) { staffMember { id } userErrors { code message } } }";
        let input = json!({ "email": email, "roleIds": [made.at("/roleCreate/role/id")] });
        let invited = self.ask_as(owner, invite, json!({ "input": input })).await;
        assert!(invited.at("/staffInvite/staffMember/id").is_string(), "{:#}", invited.body);
        self.join(&self.mailed_token_at(email, "/staff/accept/").await).await
    }

    /// A program with a key that the owner has made.
    pub(crate) async fn key(&self, owner: &Staff, scopes: &[&str]) -> Staff {
        let query = "mutation($input: ApiKeyCreateInput!) { apiKeyCreate(input: $input) { secret userErrors { code message } } }";
        let made = self.ask_as(owner, query, json!({ "input": { "name": "till", "scopes": scopes } })).await;
        Staff { token: made.at("/apiKeyCreate/secret").as_str().expect("a key").to_owned() }
    }

    /// Somebody proves once more who they are.
    pub(crate) async fn prove(&self, who: &Staff) {
        let query =
            "mutation($p: String!) { staffStepUp(input: { password: $p }) { until userErrors { code } } }";
        let proved = self.ask_as(who, query, json!({ "p": PASSWORD })).await;
        assert!(proved.at("/staffStepUp/until").is_string(), "{:#}", proved.body);
    }

    /// Somebody of the staff signs in once more, who has no second factor.
    pub(crate) async fn signed_in(&self, email: &str) -> Staff {
        let query = "mutation($input: StaffSignInInput!) { staffSignIn(input: $input) {
          tokens { accessToken } userErrors { code message } } }";
        let input = json!({ "email": email, "password": PASSWORD });
        let signed_in = self.endpoint.ask(query, json!({ "input": input })).await;
        let token = signed_in.at("/staffSignIn/tokens/accessToken").as_str();
        Staff { token: token.unwrap_or_else(|| panic!("{:#}", signed_in.body)).to_owned() }
    }

    /// Somebody who was invited begins.
    pub(crate) async fn join(&self, token: &str) -> Staff {
        let query = "mutation($input: StaffInvitationAcceptInput!) { staffInvitationAccept(input: $input) {
          tokens { accessToken } userErrors { code message } } }";
        let input = json!({ "token": token, "name": "Sam", "password": PASSWORD });
        let joined = self.endpoint.ask(query, json!({ "input": input })).await;
        let token = joined.at("/staffInvitationAccept/tokens/accessToken").as_str();
        Staff { token: token.unwrap_or_else(|| panic!("{:#}", joined.body)).to_owned() }
    }
}
