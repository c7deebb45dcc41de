//! A hundred thousand codes: how long making them in one go takes, and that as many are there in the end, each once, when the program that makes them is killed
//! again and again.

use crate::{
    harness::{Endpoint, Setup, Shop, Staff, goods, number, percent_off, with},
    program::Program,
    report,
    sizes::Size,
};
use chrono::TimeDelta;
use serde_json::json;
use std::{
    path::Path,
    time::{Duration, Instant},
};

const CODES: i64 = 100_000;
/// Made one after the other while the program dies: whoever dies keeps the job of its own batch for some minutes, and the next one takes the next.
const BATCHES: i64 = 10;

#[tokio::test(flavor = "multi_thread")]
async fn the_program_is_killed_while_it_makes_codes_on_sqlite() {
    made(Size::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_is_killed_while_it_makes_codes_on_postgres() {
    made(Size::Postgres).await;
}

/// Asks for codes, wherever the program listens.
async fn ask(endpoint: &Endpoint, by: &Staff, promotion: &str, (key, count): (&str, i64)) {
    let query = "mutation($id: ID!, $input: PromotionCodesGenerateInput!) {
      promotionCodesGenerate(promotionId: $id, input: $input) { batch { wanted } userErrors { code message } } }";
    let input = json!({ "count": count, "prefix": "DRILL-", "length": 12, "uses": 1, "idempotencyKey": key });
    let shown = [("authorization", format!("Bearer {}", by.token))];
    let (answer, _) = endpoint.ask_with(&shown, query, json!({ "id": promotion, "input": input })).await;
    assert_eq!(*answer.at("/promotionCodesGenerate/batch/wanted"), json!(count), "{:#}", answer.body);
}

/// How many codes there are, and how many of them are different.
async fn there_are(folder: &Path) -> [i64; 2] {
    [
        number(folder, "SELECT count(*) FROM promotion_codes").await,
        number(folder, "SELECT count(DISTINCT code_key) FROM promotion_codes").await,
    ]
}

async fn made(size: Size) {
    let shop = size.shop(goods()).await;
    let staff = shop.merchant().await;
    let promotion = with(percent_off("10"), "method", json!("CODE"));
    let promotion = shop.promote(&staff, promotion).await;

    let begun = Instant::now();
    ask(&shop.endpoint, &staff, &promotion, ("one go", CODES)).await;
    while there_are(shop.folder.path()).await[0] < CODES {
        assert!(begun.elapsed() < Duration::from_secs(600), "codes are not made");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let in_one_go = begun.elapsed();
    let Shop { app, folder, .. } = shop;
    app.stop().await.expect("everything finishes in time");

    let mut program = Program::on(folder.path(), size).await;
    program.start();
    program.is_ready().await;
    let at = Endpoint { http: reqwest::Client::new(), url: format!("{}/graphql", program.base()) };
    let mut broken_off = 0;
    for batch in 0..BATCHES {
        let before = there_are(folder.path()).await[0];
        ask(&at, &staff, &promotion, (&format!("{batch}"), CODES / BATCHES)).await;
        tokio::time::sleep(Duration::from_millis(rand::random_range(0..600))).await;
        program.kill();
        let made = there_are(folder.path()).await[0] - before;
        assert_eq!(made % 1_000, 0, "a transaction is there as a whole, or not at all");
        broken_off += i64::from((1..CODES / BATCHES).contains(&made));
        program.start();
        program.is_ready().await;
    }
    program.kill();

    // What the dead had claimed is let go in minutes.
    let setup = Setup { items: Vec::new(), ..Setup::default() }.config(move |c| size.configure(c));
    let shop = Shop::in_folder(folder, setup).await;
    shop.clock.advance(TimeDelta::minutes(6));
    shop.until("all codes are made", || async {
        shop.run_jobs().await;
        number(shop.folder.path(), "SELECT count(*) FROM promotion_code_batches WHERE made < wanted").await
            == 0
    })
    .await;
    assert_eq!(there_are(shop.folder.path()).await, [2 * CODES; 2], "as many as were wanted, each once");
    shop.ledgers_balance().await;
    report(
        &format!("the program killed while it makes codes, {}", size.name()),
        &format!(
            "{CODES} codes in one go in {:.1} s; then {BATCHES} batches of {} and a SIGKILL in each, of which {broken_off} broke a batch off: {CODES} codes \
             more, none missing, none double",
            in_one_go.as_secs_f64(),
            CODES / BATCHES,
        ),
    );
}
