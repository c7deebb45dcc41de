//! Accounts of customers: how they begin, who gets in, and what nobody is told.

use crate::harness::{Customer, PASSWORD, Shop, refusals};
use chrono::TimeDelta;
use serde_json::{Value, json};
use stoa_domain::shared::{Clock, EmailAddress};
use stoa_persistence::{Durability, customer};

const ADA: &str = "ada@example.org";

/// Who registers is told the same, whether the address is new, waits for its link, or has an account.
#[tokio::test]
async fn registering_tells_nothing() {
    let shop = Shop::open().await;
    let new = shop.register(ADA).await;
    assert_eq!(refusals(new.at("/customerCreate")), ["CUSTOMER_DISABLED"]);
    assert!(new.at("/customerCreate/customer").is_null(), "nobody is signed in by it");
    let waiting = shop.register(ADA).await;
    let link = shop.mailed_token(ADA, "activate").await;
    shop.activate(&link, PASSWORD).await;
    let known = shop.register("Ada@Example.org").await;
    assert_eq!(new.body, waiting.body);
    assert_eq!(new.body, known.body);
    assert_eq!((new.status, new.status), (waiting.status, known.status));
    // The owner of the address is told that there is an account; another link that begins it there is not.
    shop.has_mailed(ADA, 3).await;
    let letters = shop.letters(ADA).await;
    assert!(letters.last().is_some_and(|letter| letter.token("activate").is_none()), "{letters:#?}");
}

/// What is wrong with what was typed is said, before anything is looked up.
#[tokio::test]
async fn what_cannot_be_registered_is_explained() {
    let shop = Shop::open().await;
    let query = "mutation($input: CustomerCreateInput!) { customerCreate(input: $input) {
      customerUserErrors { code field message } } }";
    for (input, code, field) in [
        (json!({ "email": "no address", "password": PASSWORD }), "INVALID", "email"),
        (json!({ "email": ADA, "password": "short" }), "TOO_SHORT", "password"),
        (json!({ "email": ADA, "password": "x".repeat(300) }), "TOO_LONG", "password"),
        (
            json!({ "email": ADA, "password": " tall oaks from little acorns" }),
            "PASSWORD_STARTS_OR_ENDS_WITH_WHITESPACE",
            "password",
        ),
        (
            json!({ "email": ADA, "password": PASSWORD, "firstName": "<b>Ada</b>" }),
            "CONTAINS_HTML_TAGS",
            "firstName",
        ),
        (
            json!({ "email": ADA, "password": PASSWORD, "lastName": "https://evil.example" }),
            "CONTAINS_URL",
            "lastName",
        ),
        (json!({ "email": ADA, "password": PASSWORD, "phone": "call me" }), "INVALID", "phone"),
    ] {
        let answer = shop.endpoint.ask(query, json!({ "input": input })).await;
        let error = answer.at("/customerCreate/customerUserErrors/0");
        assert_eq!((&error["code"], &error["field"]), (&json!(code), &json!(["input", field])), "{input}");
    }
    assert!(shop.letters(ADA).await.is_empty(), "nobody is written to");
}

/// The mail proves the address, its owner chooses the password, and is signed in.
#[tokio::test]
async fn an_account_begins_with_its_mail() {
    let shop = Shop::open().await;
    shop.register(ADA).await;
    assert_eq!(
        refusals(shop.sign_in(ADA, PASSWORD).await.at("/customerAccessTokenCreate")),
        ["UNIDENTIFIED_CUSTOMER"]
    );
    let customer = shop.customer(ADA).await;
    let seen = customer.sees("email firstName lastName displayName acceptsMarketing phone defaultAddress { id } numberOfOrders").await;
    assert_eq!(
        seen,
        json!({ "email": ADA, "firstName": "Ada", "lastName": "Lovelace", "displayName": "Ada Lovelace",
                "acceptsMarketing": false, "phone": null, "defaultAddress": null, "numberOfOrders": "0" })
    );
    let again = shop.sign_in("ADA@example.ORG", PASSWORD).await;
    assert!(refusals(again.at("/customerAccessTokenCreate")).is_empty());
}

/// A link works once, and not with a password that is none; that one does not use it up.
#[tokio::test]
async fn an_activation_token_works_once() {
    let shop = Shop::open().await;
    shop.register(ADA).await;
    let link = shop.mailed_token(ADA, "activate").await;
    let weak = shop.activate(&link, "short").await;
    assert_eq!(refusals(weak.at("/customerActivate")), ["TOO_SHORT"]);
    let begun = shop.activate(&link, PASSWORD).await;
    assert!(refusals(begun.at("/customerActivate")).is_empty());
    for token in [link.as_str(), "nonsense", ""] {
        let refused = shop.activate(token, PASSWORD).await;
        assert_eq!(refusals(refused.at("/customerActivate")), ["TOKEN_INVALID"]);
        assert!(refused.at("/customerActivate/customerAccessToken").is_null());
    }
}

/// Two who register one address at once make one account, whichever link is opened first.
#[tokio::test]
async fn one_address_twice_at_once_is_one_account() {
    let shop = Shop::open().await;
    let (one, other) = tokio::join!(shop.register(ADA), shop.register(ADA));
    assert_eq!(one.body, other.body);
    shop.has_mailed(ADA, 2).await;
    let links: Vec<String> =
        shop.letters(ADA).await.iter().filter_map(|letter| letter.token("activate")).collect();
    assert_eq!(links.len(), 2);
    let first = shop.activate(&links[0], PASSWORD).await;
    assert!(refusals(first.at("/customerActivate")).is_empty());
    let second = shop.activate(&links[1], "another password entirely").await;
    assert_eq!(refusals(second.at("/customerActivate")), ["TOKEN_INVALID"], "the account has begun");
    assert!(refusals(shop.sign_in(ADA, PASSWORD).await.at("/customerAccessTokenCreate")).is_empty());
}

/// A wrong password, an unknown address, one that waits for its link, one that was shut out, and what is no address: all alike, in
/// whatever is answered, and by either way of signing in.
#[tokio::test]
async fn signing_in_tells_nothing() {
    let shop = Shop::open().await;
    shop.customer(ADA).await;
    shop.customer("disabled@example.org").await;
    shop.register("waiting@example.org").await;
    disable(&shop, "disabled@example.org").await;
    let token =
        "mutation($input: CustomerAccessTokenCreateInput!) { customerAccessTokenCreate(input: $input) {
      customerAccessToken { accessToken } customerUserErrors { code field message } } }";
    let native = "mutation($input: CustomerSignInInput!) { customerSignIn(input: $input) {
      customer { id } device tokens { accessToken } userErrors { code field message } } }";
    for query in [token, native] {
        let tries = async |email: &str, password: &str| {
            let input = json!({ "input": { "email": email, "password": password } });
            let (answer, mut headers) = shop.endpoint.ask_with(&[], query, input).await;
            headers.remove("x-request-id");
            headers.remove("date");
            (answer.status, answer.body, headers)
        };
        let wrong = tries(ADA, "not the password at all").await;
        assert!(wrong.1.to_string().contains("\"code\":\"UNIDENTIFIED"), "{}", wrong.1);
        for email in ["nobody@example.org", "waiting@example.org", "disabled@example.org", "no address"] {
            assert_eq!(tries(email, PASSWORD).await, wrong, "{email}");
        }
    }
}

/// Shuts somebody out, past the use cases.
async fn disable(shop: &Shop, email: &str) {
    let email = EmailAddress::parse(email).expect("an address");
    let before =
        customer::find_by_email(shop.db().read(), &email).await.expect("SQL answers").expect("a customer");
    let state = before.state.disable().expect("an enabled account");
    let after = stoa_domain::customer::Customer { state, ..before.clone() };
    let tx = shop.db().write(Durability::Relaxed).await.expect("a transaction");
    let saved = customer::save(&tx, &before, &after, shop.clock.now()).await.expect("SQL answers");
    assert_eq!(saved, customer::Saved::Saved);
    tx.commit().await.expect("it is kept");
}

/// Asking for a new password is answered the same for every address, and only who has an account is written to.
#[tokio::test]
async fn recovering_answers_the_same() {
    let shop = Shop::open().await;
    let customer = shop.customer(ADA).await;
    let query =
        "mutation($email: String!) { customerRecover(email: $email) { customerUserErrors { code } } }";
    let recover = async |email: &str| shop.endpoint.ask(query, json!({ "email": email })).await;
    let known = recover(ADA).await;
    assert!(refusals(known.at("/customerRecover")).is_empty());
    for email in ["nobody@example.org", "no address"] {
        assert_eq!(recover(email).await.body, known.body, "{email}");
    }
    let link = shop.mailed_token(ADA, "reset").await;
    assert!(shop.letters("nobody@example.org").await.is_empty());

    let reset = "mutation($id: ID!, $input: CustomerResetInput!) { customerReset(id: $id, input: $input) {
      customer { email } customerAccessToken { accessToken } customerUserErrors { code field } } }";
    let input = json!({ "resetToken": link, "password": "a new one that nobody else has" });
    let variables = json!({ "id": "gid://stoa/Customer/me", "input": input });
    let done = shop.endpoint.ask(reset, variables.clone()).await;
    assert_eq!(done.at("/customerReset/customer/email"), ADA);
    assert!(!customer.is_signed_in().await, "every sign-in from before is over");
    let again = shop.endpoint.ask(reset, variables).await;
    assert_eq!(refusals(again.at("/customerReset")), ["TOKEN_INVALID"]);
    let old = shop.sign_in(ADA, PASSWORD).await;
    assert_eq!(refusals(old.at("/customerAccessTokenCreate")), ["UNIDENTIFIED_CUSTOMER"]);
    let new = shop.sign_in(ADA, "a new one that nobody else has").await;
    assert!(refusals(new.at("/customerAccessTokenCreate")).is_empty());
}

/// A link of a mail is over after its time.
#[tokio::test]
async fn a_link_is_over_after_its_time() {
    let shop = Shop::open().await;
    shop.register(ADA).await;
    let link = shop.mailed_token(ADA, "activate").await;
    shop.clock.advance(TimeDelta::days(30));
    let late = shop.activate(&link, PASSWORD).await;
    assert_eq!(refusals(late.at("/customerActivate")), ["TOKEN_INVALID"]);
}

/// A storefront's token lasts, is renewed, and is worth nothing once it was deleted.
#[tokio::test]
async fn a_storefront_token_is_renewed_and_deleted() {
    let shop = Shop::open().await;
    let customer = shop.customer(ADA).await;
    let renew = "mutation($token: String!) { customerAccessTokenRenew(customerAccessToken: $token) {
      customerAccessToken { accessToken expiresAt } userErrors { field message } } }";
    let expires = |answer: &Value| answer["customerAccessToken"]["expiresAt"].as_str().map(str::to_owned);
    let first = customer.ask(renew, json!({})).await.at("/customerAccessTokenRenew").clone();
    shop.clock.advance(TimeDelta::days(20));
    let second = customer.ask(renew, json!({})).await.at("/customerAccessTokenRenew").clone();
    assert_eq!(second["customerAccessToken"]["accessToken"], json!(customer.token), "it stays the same");
    assert!(expires(&second) > expires(&first), "{first} {second}");
    shop.clock.advance(TimeDelta::days(20));
    assert!(customer.is_signed_in().await, "it would be over by now");

    let delete = "mutation($token: String!) { customerAccessTokenDelete(customerAccessToken: $token) {
      deletedAccessToken deletedCustomerAccessTokenId userErrors { field message } } }";
    let deleted = customer.ask(delete, json!({})).await;
    assert_eq!(deleted.at("/customerAccessTokenDelete/deletedAccessToken"), &json!(customer.token));
    assert!(!customer.is_signed_in().await);
    for query in [renew, delete] {
        let refused = customer.ask(query, json!({})).await;
        assert!(refused.body.to_string().contains("\"userErrors\":[{"), "{:#}", refused.body);
    }
}

/// Names and consent change at once; another address once its mail was opened, and both hear of it; another password ends every other
/// sign-in.
#[tokio::test]
async fn a_customer_changes_what_is_known_of_them() {
    let shop = Shop::open().await;
    let mut customer = shop.customer(ADA).await;
    let update = "mutation($token: String!, $customer: CustomerUpdateInput!) {
      customerUpdate(customer: $customer, customerAccessToken: $token) {
      customer { email firstName acceptsMarketing phone } customerAccessToken { accessToken }
      customerUserErrors { code field } } }";
    let named = json!({ "firstName": "Augusta", "acceptsMarketing": true, "phone": "+44 20 7946 0000" });
    let named = customer.ask(update, json!({ "customer": named })).await;
    assert_eq!(
        named.at("/customerUpdate/customer"),
        &json!({ "email": ADA, "firstName": "Augusta", "acceptsMarketing": true, "phone": "+44 20 7946 0000" })
    );
    let moved = customer.ask(update, json!({ "customer": { "email": "augusta@example.org" } })).await;
    assert_eq!(moved.at("/customerUpdate/customer/email"), ADA, "it counts once it is proved");
    let link = shop.mailed_token("augusta@example.org", "email").await;
    shop.has_mailed(ADA, 2).await;
    let confirm = "mutation($link: String!) { customerEmailConfirm(token: $link) { userErrors { code } } }";
    let confirm = async |by: Option<&Customer>| {
        let link = json!({ "link": link });
        let answer = match by {
            Some(customer) => customer.request(confirm, link).await,
            None => shop.endpoint.ask(confirm, link).await,
        };
        answer.at("/customerEmailConfirm").clone()
    };
    let eve = shop.customer("eve@example.org").await;
    assert_eq!(
        refusals(&confirm(None).await),
        ["NOT_SIGNED_IN"],
        "whoever reads that mailbox has not asked for it"
    );
    assert_eq!(refusals(&confirm(Some(&eve)).await), ["TOKEN_INVALID"]);
    assert_eq!(customer.sees("email").await["email"], ADA);
    assert!(refusals(&confirm(Some(&customer)).await).is_empty());
    assert_eq!(customer.sees("email").await["email"], "augusta@example.org");

    // What would be refused in the end is refused before anything has changed; the address that they have is no change.
    let present = json!({ "firstName": "Ada", "email": "augusta@example.org", "password": "short" });
    let short = customer.ask(update, json!({ "customer": present })).await;
    assert_eq!(refusals(short.at("/customerUpdate")), ["TOO_SHORT"]);
    assert_eq!(short.at("/customerUpdate/customer/firstName"), "Augusta");
    shop.clock.advance(TimeDelta::minutes(11));
    let present = json!({ "firstName": "Ada", "email": "augusta@example.org" });
    let same = customer.ask(update, json!({ "customer": present })).await;
    assert!(refusals(same.at("/customerUpdate")).is_empty(), "{:#}", same.body);
    let both = json!({ "firstName": "Augusta", "email": "countess@example.org" });
    let late = customer.ask(update, json!({ "customer": both })).await;
    assert_eq!(refusals(late.at("/customerUpdate")), ["UNIDENTIFIED_CUSTOMER"]);
    assert_eq!(customer.sees("firstName").await["firstName"], "Ada", "nothing has changed");
    assert!(shop.letters("countess@example.org").await.is_empty());
    let back = shop.sign_in("augusta@example.org", PASSWORD).await;
    let token = back.at("/customerAccessTokenCreate/customerAccessToken/accessToken").as_str();
    customer.token = token.expect("a token").to_owned();

    let changed =
        customer.ask(update, json!({ "customer": { "password": "a new one that nobody else has" } })).await;
    let token = changed.at("/customerUpdate/customerAccessToken/accessToken").as_str().expect("a token");
    assert!(!customer.is_signed_in().await, "the old token is over");
    token.clone_into(&mut customer.token);
    assert!(customer.is_signed_in().await);
    shop.clock.advance(TimeDelta::minutes(11));
    let late = customer.ask(update, json!({ "customer": { "password": PASSWORD } })).await;
    assert_eq!(
        refusals(late.at("/customerUpdate")),
        ["UNIDENTIFIED_CUSTOMER"],
        "whoever finds the token takes nothing over"
    );
}
