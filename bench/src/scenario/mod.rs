//! What is measured.

mod add_line;
mod mailbox;
mod plain;
mod purchase;
mod reads;
mod shape;
mod sign_in;
mod survey;

use crate::{
    catalogue::{self, Catalogue},
    client::{Connection, Document},
    load::{Crew, Measured},
    random::Random,
};
use add_line::AddLine;
use anyhow::{Context, bail};
use mailbox::Mailbox;
use plain::PlainReader;
use purchase::{Documents, Purchase};
use reads::{Pool, Reader};
use sign_in::SignIn;
use std::{net::SocketAddr, path::Path, rc::Rc};
use tokio::runtime::Runtime;

/// The document of a product list: also the first question to a server that has just started.
pub(crate) const PRODUCT_LIST: &str = include_str!("../../documents/product-list.graphql");
const PRODUCT_PAGE: &str = include_str!("../../documents/product-page.graphql");
const DEEP_LIST: &str = include_str!("../../documents/deep-list.graphql");

/// Most different requests of one kind that are kept ready.
const VARIETY: usize = 100_000;
/// Visits to pages that are kept ready: more than a server answers while it is measured, so that none is a repetition of the bench's own.
const VISITS: usize = 400_000;

/// What a shopper does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Scenario {
    /// A list of 20 products with price, image and availability.
    List,
    /// A product's page: all variants, options, 5 images. Some products are visited more than others.
    Page,
    /// The same, no product twice: what a crawler does.
    PageOnce,
    /// A list of 50 products with 10 variants each.
    Deep,
    /// A line added to a cart.
    AddLine,
    /// From an empty cart to the paid order.
    Purchase,
    /// A customer's sign-in with a password.
    SignIn,
    /// The check of an access token, in a process of its own.
    TokenCheck,
    /// A cart's price, without a server.
    Pricing,
}

impl Scenario {
    /// All of them.
    pub(crate) const ALL: [Self; 9] = [
        Self::List,
        Self::Page,
        Self::PageOnce,
        Self::Deep,
        Self::AddLine,
        Self::Purchase,
        Self::SignIn,
        Self::TokenCheck,
        Self::Pricing,
    ];

    /// Whether it is measured beside the plain route, at each size of the catalogue; the others once, by themselves.
    pub(crate) const fn is_shopping(self) -> bool {
        !matches!(self, Self::SignIn | Self::TokenCheck | Self::Pricing)
    }

    /// Whether everything it asks is asked once before anything is measured: what nobody has ever asked is not what a shop answers
    /// all day. How fast that goes is what [`Self::PageOnce`] tells.
    pub(crate) const fn is_gone_through_first(self) -> bool {
        matches!(self, Self::List | Self::PageOnce | Self::Deep)
    }

    /// What it is called in the report.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::List => "product list (20 products)",
            Self::Page => "product page",
            Self::PageOnce => "product page, each product once",
            Self::Deep => "deep list (50 products x 10 variants)",
            Self::AddLine => "add line",
            Self::Purchase => "whole purchase",
            Self::SignIn => "sign-in",
            Self::TokenCheck => "token check",
            Self::Pricing => "pricing a cart",
        }
    }
}

/// A shop that is to be asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Where its buyers pay.
    pub(crate) pays_at: SocketAddr,
    /// What it sells.
    pub(crate) catalogue: Catalogue,
    /// Connections to it at once.
    pub(crate) connections: usize,
}

/// Gets a crew ready that asks for the plain route.
///
/// # Errors
/// Nobody listens there.
pub(crate) fn plain(
    runtime: &Runtime,
    address: SocketAddr,
    connections: usize,
) -> anyhow::Result<Box<dyn Measured>> {
    let connections = runtime.block_on(open(address, connections))?;
    let workers = connections.into_iter().map(|connection| PlainReader::new(connection, address));
    Ok(Box::new(Crew::new(workers.collect())))
}

/// Gets a crew ready that does what a shopper does.
///
/// # Errors
/// The shop does not answer as it should.
pub(crate) fn shopping(
    runtime: &Runtime,
    target: Target,
    scenario: Scenario,
) -> anyhow::Result<Box<dyn Measured>> {
    let ready = runtime.block_on(async {
        Ok::<_, anyhow::Error>(match scenario {
            Scenario::List => reading(target, scenario, PRODUCT_LIST).await?,
            Scenario::Page | Scenario::PageOnce => reading(target, scenario, PRODUCT_PAGE).await?,
            Scenario::Deep => reading(target, scenario, DEEP_LIST).await?,
            Scenario::AddLine => adding(target).await?,
            Scenario::Purchase => purchasing(target).await?,
            Scenario::SignIn | Scenario::TokenCheck | Scenario::Pricing => bail!("it is no shopping"),
        })
    });
    ready.with_context(|| format!("getting ready: {}", scenario.title()))
}

/// Gets a crew ready that signs in, each to an account of their own. The server is started behind a proxy, and puts its mails into this
/// folder.
///
/// # Errors
/// Nobody listens there.
pub(crate) fn signing_in(
    runtime: &Runtime,
    address: SocketAddr,
    mails: &Path,
    connections: usize,
) -> anyhow::Result<Box<dyn Measured>> {
    let mailbox = Rc::new(Mailbox::new(mails.to_owned()));
    let connections = runtime.block_on(open(address, connections))?;
    let worker = |(number, connection)| SignIn::new(connection, address, &mailbox, number);
    Ok(Box::new(Crew::new((0..).zip(connections).map(worker).collect())))
}

async fn open(address: SocketAddr, count: usize) -> anyhow::Result<Vec<Connection>> {
    let mut connections = Vec::with_capacity(count);
    for _ in 0..count {
        connections
            .push(Connection::open(address).await.with_context(|| format!("connecting to {address}"))?);
    }
    Ok(connections)
}

async fn reading(target: Target, scenario: Scenario, text: &str) -> anyhow::Result<Box<dyn Measured>> {
    let document = Rc::new(Document::new(target.address, text));
    let mut connections = open(target.address, target.connections.max(1)).await?;
    let surveyor = &mut connections[0];
    let mut variables = match scenario {
        Scenario::Page | Scenario::PageOnce => pages(target.catalogue),
        Scenario::Deep => survey::deep_lists(surveyor, target).await?,
        _ => survey::lists(surveyor, target).await?,
    };
    let mut random = Random::new(variables.len() as u64);
    random.shuffle(&mut variables);
    variables.truncate(VARIETY);
    if scenario == Scenario::Page {
        variables = visits(&variables, &mut random);
    }
    let pool = Rc::new(Pool::new(variables)?);
    for _ in 0..shape::SAMPLES {
        let variables = serde_json::from_str(pool.next())?;
        let data = document.ask(surveyor, &variables).await?;
        shape::check(scenario, &data).with_context(|| format!("asked with {variables}"))?;
    }
    let reader = |connection| Reader::new(connection, &document, &pool);
    Ok(Box::new(Crew::new(connections.into_iter().map(reader).collect())))
}

/// Visits to pages as shops see them: the page at rank r is visited in proportion to 1/r (Zipf's law; Breslau and others,
/// 1999, found the like for pages of the web).
fn visits(pages: &[Box<str>], random: &mut Random) -> Vec<Box<str>> {
    let mut sum = 0.0;
    let up_to: Vec<f64> = (1..=pages.len())
        .map(|rank| {
            sum += 1.0 / rank as f64;
            sum
        })
        .collect();
    let visit = |_| {
        let at = random.unit() * sum;
        pages[up_to.partition_point(|sum| *sum <= at).min(pages.len() - 1)].clone()
    };
    (0..VISITS).map(visit).collect()
}

/// Every product's page.
fn pages(catalogue: Catalogue) -> Vec<Box<str>> {
    let handle = |number| catalogue::Product::handle(catalogue::Kind::Ordinary, number);
    (0..catalogue.ordinary).map(|number| format!("{{\"handle\":\"{}\"}}", handle(number)).into()).collect()
}

async fn adding(target: Target) -> anyhow::Result<Box<dyn Measured>> {
    let mut connections = open(target.address, target.connections.max(1)).await?;
    let variants = Rc::new(survey::variants(&mut connections[0], target).await?);
    let worker = |(seed, connection)| AddLine::new(connection, target.address, &variants, seed as u64);
    Ok(Box::new(Crew::new(connections.into_iter().enumerate().map(worker).collect())))
}

async fn purchasing(target: Target) -> anyhow::Result<Box<dyn Measured>> {
    let mut connections = open(target.address, target.connections.max(1)).await?;
    let variants = Rc::new(survey::variants(&mut connections[0], target).await?);
    let documents = Rc::new(Documents::new(target.address, target.pays_at));
    let tills = open(target.pays_at, connections.len()).await?;
    let worker = |(seed, connections)| Purchase::new(connections, &documents, &variants, seed as u64);
    Ok(Box::new(Crew::new(connections.into_iter().zip(tills).enumerate().map(worker).collect())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_page_is_visited_most_and_the_others_too() {
        let pages: Vec<Box<str>> = (0..1_000).map(|n| n.to_string().into()).collect();
        let visits = visits(&pages, &mut Random::new(1));
        let of = |page: &str| visits.iter().filter(|visit| &***visit == page).count();
        assert_eq!(visits.len(), VISITS);
        // The harmonic number of 1,000 is 7.485: 13.4 % and half of that.
        assert!((52_600..54_200).contains(&of("0")), "{}", of("0"));
        assert!((26_200..27_200).contains(&of("1")), "{}", of("1"));
        assert!(of("999") > 0);
    }
}
