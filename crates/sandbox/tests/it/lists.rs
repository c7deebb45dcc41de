//! Lists: newest first, paged both ways, filtered.

use crate::harness::World;

fn ids(list: &serde_json::Value) -> Vec<String> {
    list["data"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn pages_run_through_a_list_in_both_directions() {
    let world = World::start().await;
    let mut made = Vec::new();
    for amount in 100..105 {
        let intent = world.post("/v1/payment_intents", &format!("amount={amount}&currency=usd")).await.ok();
        made.push(intent["id"].as_str().unwrap().to_owned());
    }
    made.reverse();

    let first = world.get("/v1/payment_intents?limit=2").await.ok();
    assert_eq!(first["object"], "list");
    assert_eq!(first["url"], "/v1/payment_intents");
    assert_eq!(ids(&first), made[..2]);
    assert_eq!(first["has_more"], true);
    let second = world.get(&format!("/v1/payment_intents?limit=2&starting_after={}", made[1])).await.ok();
    assert_eq!(ids(&second), made[2..4]);
    let last = world.get(&format!("/v1/payment_intents?limit=2&starting_after={}", made[3])).await.ok();
    assert_eq!((ids(&last).as_slice(), &last["has_more"]), (&made[4..], &false.into()));
    let back = world.get(&format!("/v1/payment_intents?limit=2&ending_before={}", made[3])).await.ok();
    assert_eq!((ids(&back).as_slice(), &back["has_more"]), (&made[1..3], &true.into()));
    let front = world.get(&format!("/v1/payment_intents?limit=3&ending_before={}", made[2])).await.ok();
    assert_eq!((ids(&front).as_slice(), &front["has_more"]), (&made[..2], &false.into()));
}

#[tokio::test]
async fn paging_parameters_are_checked() {
    let world = World::start().await;
    for query in [
        "limit=0",
        "limit=101",
        "limit=ten",
        "starting_after=pi_none",
        "starting_after=a&ending_before=b",
        "sort=amount",
        "created[since]=1",
        "created=yesterday",
    ] {
        assert_eq!(world.get(&format!("/v1/payment_intents?{query}")).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn filters_and_expansion_work_together() {
    let world = World::start().await;
    let customer = world.post("/v1/customers", "email=a@b.c").await.ok();
    let customer = customer["id"].as_str().unwrap();
    world.paid().await;
    let mine = world.pay(&format!("payment_method=pm_card_visa&customer={customer}")).await.ok();

    let path =
        format!("/v1/payment_intents?customer={customer}&expand[]=data.latest_charge&expand[]=data.customer");
    let list = world.get(&path).await.ok();
    assert_eq!(ids(&list), [mine["id"].as_str().unwrap()]);
    assert_eq!(list["data"][0]["latest_charge"]["object"], "charge");
    assert_eq!(list["data"][0]["customer"]["email"], "a@b.c");
    for query in ["created[gt]=1795132800", "created[lt]=1795132800", "created=1"] {
        let list = world.get(&format!("/v1/payment_intents?{query}")).await.ok();
        assert!(ids(&list).is_empty(), "{query}");
    }
    for query in ["created[gte]=1795132800&created[lte]=1795132800", "created=1795132800"] {
        assert_eq!(ids(&world.get(&format!("/v1/payment_intents?{query}")).await.ok()).len(), 2, "{query}");
    }
    let bad = world.get("/v1/payment_intents?expand[]=data.amount").await;
    assert_eq!(bad.status, 400);
}

#[tokio::test]
async fn a_list_for_a_customer_who_never_was_is_an_error_and_not_empty() {
    let world = World::start().await;
    let customer = world.post("/v1/customers", "email=a@b.c").await.ok();
    let customer = customer["id"].as_str().unwrap();
    world.pay(&format!("payment_method=pm_card_visa&customer={customer}")).await.ok();
    world.delete(&format!("/v1/customers/{customer}")).await.ok();
    for path in ["/v1/payment_intents", "/v1/charges"] {
        let refused = world.get(&format!("{path}?customer=cus_none")).await;
        assert_eq!(refused.error(), (400, "resource_missing".to_owned()), "{path}");
        assert_eq!(refused.text_at("/error/param"), "customer");
        assert_eq!(refused.text_at("/error/message"), "No such customer: 'cus_none'");

        let list = world.get(&format!("{path}?customer={customer}")).await.ok();
        assert_eq!(ids(&list).len(), 1, "what a deleted customer paid is still listed");
    }
}

#[tokio::test]
async fn events_can_be_listed_by_type_and_delivery() {
    let world = World::start().await;
    world
        .control("/sandbox/faults", r#"{"webhook":{"events":"charge.succeeded","action":"drop"}}"#)
        .await
        .ok();
    world.paid().await;
    world.sandbox.webhooks_settled().await;
    let count = async |query: &str| ids(&world.get(&format!("/v1/events?{query}")).await.ok()).len();
    assert_eq!(count("type=payment_intent.*").await, 2);
    assert_eq!(count("types[]=charge.succeeded&types[]=payment_intent.created").await, 2);
    assert_eq!(count("delivery_success=true").await, 2);
    assert_eq!(count("delivery_success=false").await, 1);
    let list = world.get("/v1/events?type=charge.succeeded").await.ok();
    let id = list["data"][0]["id"].as_str().unwrap();
    let event = world.get(&format!("/v1/events/{id}")).await.ok();
    assert_eq!(event["data"]["object"]["object"], "charge");
    assert_eq!(event["pending_webhooks"], 0);
}
