//! docs/outside-services.md says what goes over the wire: its examples are what is sent, what is believed, and what the sample service answers.

use crate::{
    kit::{TOKEN, config, shipment, to_berlin, to_new_york},
    server::{Mood, Server},
    service,
};
use serde_json::Value;
use stoa_domain::{
    delivery::CarrierRates,
    tax::{TaxRequest, TaxService},
};
use stoa_outside::{HttpCarrierRates, HttpTaxService};

const PAGE: &str = include_str!("../../../../docs/outside-services.md");

/// The block of JSON on the page that has this name.
fn block(name: &str) -> Value {
    let head = format!("```json {name}\n");
    let (_, rest) = PAGE.split_once(&head).unwrap_or_else(|| panic!("the page has no example {name}"));
    assert!(!rest.contains(&head), "the page has two examples {name}");
    let (text, _) = rest.split_once("\n```").unwrap();
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

async fn posted(server: &Server) -> Value {
    let seen = server.seen();
    assert_eq!(seen.len(), 1);
    serde_json::from_slice(&seen[0].body).unwrap()
}

#[tokio::test]
async fn examples_of_taxes_are_what_is_sent_and_believed() {
    let examples: [(&str, TaxRequest, i64); 2] =
        [("tax-question", to_new_york(), 267), ("tax-question-included", to_berlin(), 2_118)];
    for (question, request, total) in examples {
        let answer = block(&question.replace("question", "answer"));
        assert_eq!(answer["totalTax"], total);
        let server = Server::start(Mood::Says(answer.to_string())).await;
        let quoted = HttpTaxService::new(&config(&server.url)).unwrap().quote(&request).await.unwrap();
        assert_eq!(posted(&server).await, block(question), "{question}");
        let lines = quoted.lines.iter().flat_map(|line| &line.taxes);
        let taxes = lines.chain(quoted.deliveries.iter().flat_map(|delivery| &delivery.taxes));
        assert_eq!(taxes.map(|tax| tax.amount).sum::<i64>(), total);
    }
}

#[tokio::test]
async fn examples_of_rates_are_what_is_sent_and_believed() {
    let server = Server::start(Mood::Says(block("rates-answer").to_string())).await;
    let quoted = HttpCarrierRates::new(&config(&server.url)).unwrap().quote(&shipment()).await.unwrap();
    assert_eq!(posted(&server).await, block("rates-question"));
    assert_eq!(quoted.iter().map(|quote| quote.amount).collect::<Vec<_>>(), [700, 1_900]);
}

/// The sample service, asked by a client that is none of ours.
#[tokio::test]
async fn the_sample_service_answers_as_the_page_says() {
    let server = Server::of(service::router(TOKEN)).await;
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    for (path, question) in
        [("taxes", "tax-question"), ("taxes", "tax-question-included"), ("rates", "rates-question")]
    {
        let url = server.url.replace("/ask", &format!("/{path}"));
        let answer = client.post(url).bearer_auth(TOKEN).json(&block(question)).send().await.unwrap();
        let answer: Value = answer.error_for_status().unwrap().json().await.unwrap();
        assert_eq!(answer, block(&question.replace("question", "answer")), "{question}");
    }
}
