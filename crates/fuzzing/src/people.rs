//! Who asks: nobody, a customer, and the shop's owner, who may do everything that there is.

use crate::{answer::Answer, shop::Shop};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use std::{error::Error, sync::Arc};
use stoa_domain::{
    access::{Actor, grants::Ownership},
    shared::EmailAddress,
};
use stoa_services::{
    jobs::{Backoff, JobWorker},
    staff::{NewOwner, OwnerCreated},
};

const OWNER: &str = "owner@shop.test";
const CUSTOMER: &str = "ada@shop.test";
/// Nothing that is sent has it in it: nobody takes their account from them.
const PASSWORD: &str = "tall oaks from little acorns grow";

/// In whose name something is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    Nobody,
    Customer,
    Owner,
}

impl By {
    /// Everybody.
    pub(crate) const ALL: [Self; 3] = [Self::Nobody, Self::Customer, Self::Owner];
}

/// What they show.
#[derive(Default)]
pub(crate) struct People {
    customer: String,
    owner: String,
}

impl People {
    /// The customer's account is begun, and the owner has proved who they are.
    pub(crate) fn settle(shop: &Shop) -> Result<Self, Box<dyn Error>> {
        Ok(Self { customer: customer(shop)?, owner: owner(shop)? })
    }

    /// The token to be shown; empty for nobody.
    pub(crate) fn token(&self, by: By) -> &str {
        match by {
            By::Nobody => "",
            By::Customer => &self.customer,
            By::Owner => &self.owner,
        }
    }

    /// Signs somebody in again, whose sign-in something that was sent has ended. Who is kept out for a while stays as they are.
    pub(crate) fn return_to(&mut self, shop: &Shop, by: By) {
        let (token, found) = match by {
            By::Nobody => return,
            By::Customer => (&mut self.customer, customer_again(shop)),
            By::Owner => (&mut self.owner, owner_again(shop)),
        };
        if let Ok(found) = found {
            *token = found;
        }
    }
}

fn customer(shop: &Shop) -> Result<String, Box<dyn Error>> {
    let create =
        "mutation($i: CustomerCreateInput!) { customerCreate(input: $i) { customerUserErrors { code } } }";
    shop.ask(create, &json!({ "i": { "email": CUSTOMER, "password": PASSWORD } }));
    let worker = JobWorker::new(Arc::clone(shop.services().context()), Backoff::default());
    shop.wait(worker.run_due())?;
    let mail = shop.last_mail();
    let (_, link) = mail.split_once("/account/activate/").ok_or("no link was mailed")?;
    let token: String = link.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    let activate = "mutation($id: ID!, $i: CustomerActivateInput!) { customerActivate(id: $id, input: $i) {
      customerAccessToken { accessToken } } }";
    let input = json!({ "activationToken": token, "password": PASSWORD });
    let begun = shop.ask(activate, &json!({ "id": "gid://stoa/Customer/me", "i": input }));
    text_at(&begun, "/data/customerActivate/customerAccessToken/accessToken")
}

fn customer_again(shop: &Shop) -> Result<String, Box<dyn Error>> {
    let sign_in = "mutation($i: CustomerAccessTokenCreateInput!) { customerAccessTokenCreate(input: $i) {
      customerAccessToken { accessToken } } }";
    let answer = shop.ask(sign_in, &json!({ "i": { "email": CUSTOMER, "password": PASSWORD } }));
    text_at(&answer, "/data/customerAccessTokenCreate/customerAccessToken/accessToken")
}

fn owner(shop: &Shop) -> Result<String, Box<dyn Error>> {
    let services = shop.services();
    let rules = &services.context().settings().accounts.staff_access;
    let machine = Arc::new(Actor::command("fuzz".into()));
    let by = machine.permit::<Ownership>(rules, services.now());
    let by = by.map_err(|denied| format!("the command line may not make an owner: {denied:?}"))?;
    let new = NewOwner { email: EmailAddress::parse(OWNER)?, replace: false, locale: None };
    let OwnerCreated::Link(link) = shop.wait(services.create_owner.run(&by, &new))? else {
        return Err("they were on the staff".into());
    };
    let (_, token) = link.address.expose_secret().rsplit_once('/').ok_or("the link has no token")?;
    let accept = "mutation($i: StaffInvitationAcceptInput!) { staffInvitationAccept(input: $i) { tokens { accessToken } } }";
    let input = json!({ "token": token, "name": "Olga", "password": PASSWORD });
    let joined = shop.ask(accept, &json!({ "i": input }));
    proven(shop, text_at(&joined, "/data/staffInvitationAccept/tokens/accessToken")?)
}

fn owner_again(shop: &Shop) -> Result<String, Box<dyn Error>> {
    let sign_in = "mutation($i: StaffSignInInput!) { staffSignIn(input: $i) { tokens { accessToken } } }";
    let answer = shop.ask(sign_in, &json!({ "i": { "email": OWNER, "password": PASSWORD } }));
    proven(shop, text_at(&answer, "/data/staffSignIn/tokens/accessToken")?)
}

/// The same sign-in, which has proved who it is of: by the clock of this shop it is never too long ago.
fn proven(shop: &Shop, token: String) -> Result<String, Box<dyn Error>> {
    let prove = "mutation($p: String!) { staffStepUp(input: { password: $p }) { until } }";
    let body = json!({ "query": prove, "variables": { "p": PASSWORD } });
    text_at(&shop.show(&token, body.to_string().into_bytes()), "/data/staffStepUp/until")?;
    Ok(token)
}

fn text_at(answer: &Answer, pointer: &str) -> Result<String, Box<dyn Error>> {
    let body: Value = serde_json::from_slice(&answer.body)?;
    let text = body.pointer(pointer).and_then(Value::as_str);
    Ok(text.ok_or_else(|| format!("nothing at {pointer}: {}", answer.text()))?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shop::shop;

    /// Who they are, where that stands in the answer, and how they sign out.
    const ME: [(By, &str, &str, &str); 2] = [
        (
            By::Owner,
            "{ admin { me { member { email } } } }",
            "/data/admin/me/member/email",
            "mutation { staffSignOut { userErrors { code } } }",
        ),
        (
            By::Customer,
            "{ viewer { customer { email } } }",
            "/data/viewer/customer/email",
            "mutation { customerSignOut { userErrors { code } } }",
        ),
    ];

    #[test]
    fn who_was_signed_out_by_what_was_sent_comes_back() {
        let mut shop = shop();
        for (by, who, email, out) in ME {
            for _ in 0..2 {
                let answer = shop.ask_as(by, who, &Value::Null);
                let found = text_at(&answer, email);
                assert!(found.is_ok_and(|email| email.ends_with("@shop.test")), "{by:?}: {answer:?}");
                let ended = shop.ask_as(by, out, &Value::Null);
                assert_eq!(ended.code(), "", "{by:?}: {ended:?}");
            }
        }
    }

    #[test]
    fn the_owner_may_do_what_nobody_is_shown() {
        let mut shop = shop();
        let role = "mutation { roleCreate(input: { name: \"x\", permissions: [] }) { userErrors { code } } }";
        let made = shop.ask_as(By::Owner, role, &Value::Null);
        assert_eq!(made.code(), "", "{made:?}");
        assert_eq!(shop.ask(role, &Value::Null).code(), "GRAPHQL_VALIDATION_FAILED");
    }
}
