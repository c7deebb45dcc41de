//! Where the mails to staff lead.

use crate::shop::{OTHER_PASSWORD, PASSWORD, Shop};
use secrecy::ExposeSecret;
use std::sync::Arc;
use stoa_domain::{
    access::{Actor, grants::Ownership},
    account::SessionKind,
    shared::EmailAddress,
};
use stoa_services::{
    account::{Client, PasswordSignIn},
    staff::{NewOwner, OwnerCreated, StaffSignInOutcome},
};

const OWNER: &str = "owner@example.org";

impl Shop {
    /// The path of the link that the machine prints for the shop's owner.
    async fn owner_link(&self) -> String {
        let command = Arc::new(Actor::command("root".into()));
        let rules = &self.services.context().settings().accounts.staff_access;
        let by = command.permit::<Ownership>(rules, self.services.now()).unwrap();
        let new = NewOwner { email: EmailAddress::parse(OWNER).unwrap(), replace: false, locale: None };
        let OwnerCreated::Link(link) = self.services.create_owner.run(&by, &new).await.unwrap() else {
            panic!("there is nobody else");
        };
        let (_, path) = link.address.expose_secret().split_once("shop.test").unwrap();
        path.to_owned()
    }

    /// Whether somebody on the staff signs in with this password.
    async fn takes(&self, password: &str) -> bool {
        let given = PasswordSignIn { email: OWNER, password, kind: SessionKind::Tokens };
        let outcome = self.services.staff_sign_in.run(given, &Client::default()).await;
        matches!(outcome, Ok(StaffSignInOutcome::SignedIn(_)))
    }
}

#[tokio::test]
async fn somebody_joins_by_the_link_that_was_printed() {
    let shop = Shop::over_tls().await;
    let link = shop.owner_link().await;
    assert!(link.starts_with("/staff/accept/"), "{link}");
    let mut browser = shop.visitor();
    let page = browser.get(&link).await.expect(200);
    page.has("autocomplete=\"name\"").has("autocomplete=\"new-password\"");
    let token = page.value("token");
    let form = |name, password, again| {
        [("token", token.as_str()), ("name", name), ("password", password), ("again", again)]
    };
    let nameless = browser.post("/staff/accept", &form(" ", PASSWORD, OTHER_PASSWORD)).await.expect(422);
    nameless.has("id=\"name-error\"").has("id=\"again-error\"").lacks(PASSWORD);
    let weak = browser.post("/staff/accept", &form("Grace", "short", "short")).await.expect(422);
    weak.has("id=\"password-error\"").has("value=\"Grace\"");
    assert!(!shop.takes(PASSWORD).await);

    let joined = browser.post("/staff/accept", &form("Grace", PASSWORD, PASSWORD)).await.expect(200);
    joined.has("You have joined");
    assert_eq!(browser.session(), None, "nobody works as staff on these pages");
    assert!(shop.takes(PASSWORD).await);
    let again = browser.post("/staff/accept", &form("Eve", OTHER_PASSWORD, OTHER_PASSWORD)).await.expect(404);
    again.has("This link does not work");
    assert!(!shop.takes(OTHER_PASSWORD).await);
}

#[tokio::test]
async fn a_forgotten_password_is_set_by_a_link_and_nobody_learns_who_is_there() {
    let shop = Shop::over_tls().await;
    let mut browser = shop.visitor();
    let token = browser.get(&shop.owner_link().await).await.expect(200).value("token");
    let form = [("token", token.as_str()), ("name", "Grace"), ("password", PASSWORD), ("again", PASSWORD)];
    browser.post("/staff/accept", &form).await.expect(200);

    let known = browser.post("/staff/recover", &[("email", OWNER)]).await.expect(303);
    let unknown = browser.post("/staff/recover", &[("email", "eve@example.org")]).await.expect(303);
    assert_eq!(known.location(), unknown.location());
    browser.follow(&known).await.expect(200).has("Please look into your mail");
    assert!(shop.mails_to("eve@example.org").await.is_empty());

    let token = browser.get(&shop.mailed(OWNER, "/staff/reset").await).await.expect(200).value("token");
    let form = |password, again| [("token", token.as_str()), ("password", password), ("again", again)];
    browser.post("/staff/reset", &form(OTHER_PASSWORD, PASSWORD)).await.expect(422).has("id=\"again-error\"");
    // A customer's page does not open what is staff's.
    browser.post("/account/reset", &form(OTHER_PASSWORD, OTHER_PASSWORD)).await.expect(404);
    let set = browser.post("/staff/reset", &form(OTHER_PASSWORD, OTHER_PASSWORD)).await.expect(200);
    set.has("Your password is set");
    assert!(shop.takes(OTHER_PASSWORD).await && !shop.takes(PASSWORD).await);
    browser.post("/staff/reset", &form(PASSWORD, PASSWORD)).await.expect(404).has("/staff/recover");
}
