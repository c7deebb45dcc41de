//! Customers and the cards kept for them.

use serde_json::json;

use crate::harness::World;

#[tokio::test]
async fn a_customer_lives_changes_and_is_deleted() {
    let world = World::start().await;
    let form = "email=a@b.c&name=Ada&address[line1]=1 Way&address[country]=GB&metadata[tier]=gold";
    let made = world.post("/v1/customers", form).await.ok();
    let path = format!("/v1/customers/{}", made["id"].as_str().unwrap());
    assert_eq!(made["address"]["line1"], "1 Way");

    let changed = world.post(&path, "name=&phone=123&metadata[tier]=&metadata[x]=y").await.ok();
    assert_eq!((&changed["name"], &changed["phone"]), (&json!(null), &json!("123")));
    assert_eq!(changed["metadata"], json!({ "x": "y" }));
    assert_eq!(world.post(&path, "email=nobody").await.error(), (400, "email_invalid".to_owned()));
    assert_eq!(world.get(&path).await.ok(), changed);

    let deleted = world.delete(&path).await.ok();
    assert_eq!(deleted, json!({ "id": made["id"], "object": "customer", "deleted": true }));
    assert_eq!(world.get(&path).await.ok()["deleted"], true);
    assert_eq!(world.post(&path, "name=B").await.error(), (404, "resource_missing".to_owned()));
    assert_eq!(world.delete(&path).await.status, 404);
    assert_eq!(world.get("/v1/customers").await.ok()["data"], json!([]));
    let pay =
        world.pay(&format!("payment_method=pm_card_visa&customer={}", made["id"].as_str().unwrap())).await;
    assert_eq!(pay.error(), (400, "resource_missing".to_owned()));

    assert_eq!(world.events().await, ["customer.created", "customer.updated", "customer.deleted"]);
    let updated = world.receiver.event("customer.updated");
    let previous = &updated["data"]["previous_attributes"];
    assert_eq!(*previous, json!({ "metadata": { "tier": "gold" }, "name": "Ada", "phone": null }));
}

#[tokio::test]
async fn a_kept_card_pays_again_and_only_for_its_customer() {
    let world = World::start().await;
    let mut customers = Vec::new();
    for email in ["a@b.c", "d@e.f"] {
        let made = world.post("/v1/customers", &format!("email={email}")).await.ok();
        customers.push(made["id"].as_str().unwrap().to_owned());
    }
    let attach = format!("customer={}", customers[0]);
    let card = world.post("/v1/payment_methods/pm_card_visa/attach", &attach).await.ok();
    let card = card["id"].as_str().unwrap();
    assert!(card.starts_with("pm_") && card != "pm_card_visa");
    for _ in 0..2 {
        let form = format!("payment_method={card}&customer={}", customers[0]);
        assert_eq!(world.pay(&form).await.ok()["status"], "succeeded");
    }
    for form in [format!("payment_method={card}&customer={}", customers[1]), format!("payment_method={card}")]
    {
        assert_eq!(world.pay(&form).await.error(), (400, "payment_method_invalid_parameter".to_owned()));
    }
    let path = format!("/v1/payment_methods/{card}/attach");
    let taken = world.post(&path, &format!("customer={}", customers[1])).await;
    assert_eq!(taken.error(), (400, "payment_method_unexpected_state".to_owned()));
    let of = async |customer: &str| {
        let list = world.get(&format!("/v1/customers/{customer}/payment_methods")).await.ok();
        list["data"].as_array().unwrap().len()
    };
    assert_eq!((of(&customers[0]).await, of(&customers[1]).await), (1, 0));
    world.post(&format!("/v1/payment_methods/{card}/detach"), "").await.ok();
    assert_eq!(of(&customers[0]).await, 0);
    let gone = world.pay(&format!("payment_method={card}&customer={}", customers[0])).await;
    assert_eq!(gone.error(), (400, "payment_method_unexpected_state".to_owned()));
}

#[tokio::test]
async fn a_card_is_kept_while_paying_when_asked_for() {
    let world = World::start().await;
    let customer = world.post("/v1/customers", "").await.ok();
    let customer = customer["id"].as_str().unwrap();
    let form = format!("payment_method=pm_card_visa&customer={customer}&setup_future_usage=on_session");
    world.pay(&form).await.ok();
    let kept = world.get(&format!("/v1/payment_methods?customer={customer}&type=card")).await.ok();
    let card = kept["data"][0]["id"].as_str().unwrap();
    let form = format!(
        "invoice_settings[default_payment_method]={card}&expand[]=invoice_settings.default_payment_method"
    );
    let customer = world.post(&format!("/v1/customers/{customer}"), &form).await.ok();
    assert_eq!(customer["invoice_settings"]["default_payment_method"]["card"]["last4"], "4242");
}

#[tokio::test]
async fn a_declining_card_cannot_be_kept_and_takes_the_new_customer_with_it() {
    let world = World::start().await;
    let refused = world.post("/v1/customers", "payment_method=pm_card_chargeDeclined").await;
    assert_eq!(refused.error(), (402, "card_declined".to_owned()));
    assert_eq!(world.get("/v1/customers").await.ok()["data"], json!([]));
    let kept = world.post("/v1/customers", "payment_method=pm_card_chargeCustomerFail").await.ok();
    let methods =
        world.get(&format!("/v1/customers/{}/payment_methods", kept["id"].as_str().unwrap())).await.ok();
    let card = methods["data"][0]["id"].as_str().unwrap();
    let form = format!("payment_method={card}&customer={}", kept["id"].as_str().unwrap());
    assert_eq!(world.pay(&form).await.error(), (402, "card_declined".to_owned()));
}
