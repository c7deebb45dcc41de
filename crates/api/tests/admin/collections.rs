//! Collections, as staff see and write them.

use crate::office::{Office, done, refused};
use serde_json::{Value, json};

const CREATE: &str = "mutation($i: CollectionCreateInput!) { collectionCreate(input: $i) {
  collection { id handle title sortOrder publishedAt } userErrors { code field message } } }";
const HELD: &str = "query($id: ID!, $after: String) { admin { collectionProducts(collectionId: $id, first: 2, after: $after) {
  nodes { title } pageInfo { hasNextPage endCursor } } } }";
const NOTHING: &str = "gid://stoa/Collection/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f";

#[tokio::test]
async fn a_collection_is_made_filled_arranged_and_taken_away() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let (key, _) = office.key(&owner, &["products:read", "products:write"]).await;
    for title in ["Mug", "Cup", "Bowl"] {
        office.shop.stock(title, 1_000, 1).await;
    }
    let list = "{ admin { products(first: 10) { nodes { id title } } } }";
    let products = office.ask(&key, list, Value::Null).await["products"]["nodes"].clone();
    let id_of = |title: &str| {
        let found = products.as_array().unwrap().iter().find(|product| product["title"] == title);
        found.unwrap_or_else(|| panic!("{products}"))["id"].clone()
    };
    let input =
        json!({ "title": "Kitchen", "productIds": [id_of("Mug")], "publishedAt": "2026-01-01T00:00:00Z" });
    let made = office.ask(&key, CREATE, json!({ "i": input })).await;
    assert_eq!(
        (&made["collection"]["handle"], &made["collection"]["sortOrder"]),
        (&json!("kitchen"), &json!("MANUAL"))
    );
    let id = made["collection"]["id"].clone();
    let held = async |after: Value| {
        office.ask(&key, HELD, json!({ "id": id, "after": after })).await["collectionProducts"].clone()
    };
    let titles = |page: &Value| {
        page["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|n| n["title"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };

    let hold = |name: &str| {
        format!(
            "mutation($id: ID!, $p: [ID!]!) {{ {name}(id: $id, productIds: $p) {{ collection {{ id }} userErrors {{ code field message }} }} }}"
        )
    };
    let add = hold("collectionAddProducts");
    done(&office.ask(&key, &add, json!({ "id": id, "p": [id_of("Cup"), id_of("Bowl")] })).await);
    let first = held(Value::Null).await;
    assert_eq!(titles(&first), ["Mug", "Cup"]);
    assert_eq!(titles(&held(first["pageInfo"]["endCursor"].clone()).await), ["Bowl"]);
    let reorder = "mutation($id: ID!, $m: [CollectionMoveInput!]!) { collectionReorderProducts(id: $id, moves: $m) { collection { id } userErrors { code field message } } }";
    done(
        &office
            .ask(&key, reorder, json!({ "id": id, "m": [{ "id": id_of("Bowl"), "newPosition": 0 }] }))
            .await,
    );
    assert_eq!(titles(&held(Value::Null).await), ["Bowl", "Mug"]);
    let backwards = json!({ "id": id, "m": [{ "id": id_of("Bowl"), "newPosition": -1 }] });
    refused(&office.ask(&key, reorder, backwards).await, "INVALID", "moves.0.newPosition");
    done(
        &office
            .ask(
                &key,
                &hold("collectionRemoveProducts"),
                json!({ "id": id, "p": [id_of("Bowl"), id_of("Mug")] }),
            )
            .await,
    );
    assert_eq!(titles(&held(Value::Null).await), ["Cup"]);

    let update = "mutation($i: CollectionUpdateInput!) { collectionUpdate(input: $i) { collection { title handle publishedAt } userErrors { code field message } } }";
    let changed = office.ask(&key, update, json!({ "i": { "id": id, "title": "Table" } })).await;
    assert_eq!(
        changed["collection"],
        json!({ "title": "Table", "handle": "kitchen", "publishedAt": "2026-01-01T00:00:00Z" })
    );
    refused(
        &office.ask(&key, update, json!({ "i": { "id": NOTHING, "title": "x" } })).await,
        "NOT_FOUND",
        "input.id",
    );
    refused(&office.ask(&key, update, json!({ "i": { "id": id, "title": " " } })).await, "BLANK", "input");
    let taken = json!({ "i": { "title": "Another", "handle": "kitchen" } });
    refused(&office.ask(&key, CREATE, taken).await, "HANDLE_TAKEN", "input.handle");
    let strange = json!({ "id": id, "p": ["gid://stoa/Product/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f"] });
    refused(&office.ask(&key, &add, strange).await, "NOT_FOUND", "productIds");

    let shown = "query($id: ID!) { admin { collection(id: $id) { title } collections(first: 5, query: \"Table\") { nodes { title } } } }";
    let seen = office.answer(&key, shown, json!({ "id": id })).await;
    assert_eq!(
        seen["data"]["admin"],
        json!({ "collection": { "title": "Table" }, "collections": { "nodes": [{ "title": "Table" }] } })
    );
    let delete = "mutation($id: ID!) { collectionDelete(id: $id) { deletedCollectionId userErrors { code field message } } }";
    done(&office.ask(&key, delete, json!({ "id": id })).await);
    refused(&office.ask(&key, delete, json!({ "id": id })).await, "NOT_FOUND", "id");
}
