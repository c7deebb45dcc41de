//! Something goes into a cart.

use super::purchase::new_cart;
use crate::{
    client::{Connection, Document, check},
    load::Worker,
    random::Random,
};
use anyhow::{Context, bail};
use memchr::memmem;
use std::{net::SocketAddr, rc::Rc};

pub(super) const LINES_ADD: &str = include_str!("../../documents/lines-add.graphql");

/// Lines that go into each cart, one request each.
const LINES_PER_CART: usize = 5;

/// Adds lines: different variants, one unit each, five to a cart. The carts are made before the clock starts.
pub(super) struct AddLine {
    connection: Connection,
    create: Document,
    add: Document,
    variants: Rc<Vec<String>>,
    random: Random,
    carts: Vec<String>,
    added: usize,
}

impl AddLine {
    pub(super) fn new(
        connection: Connection,
        address: SocketAddr,
        variants: &Rc<Vec<String>>,
        seed: u64,
    ) -> Self {
        Self {
            connection,
            create: Document::new(address, super::purchase::CART_CREATE),
            add: Document::new(address, LINES_ADD),
            variants: Rc::clone(variants),
            random: Random::new(seed),
            carts: Vec::new(),
            added: 0,
        }
    }
}

impl Worker for AddLine {
    async fn prepare(&mut self, units: u64) -> anyhow::Result<()> {
        let carts = usize::try_from(units)?.div_ceil(LINES_PER_CART);
        self.carts.clear();
        self.added = 0;
        for _ in 0..carts {
            self.carts.push(new_cart(&self.create, &mut self.connection).await?);
        }
        Ok(())
    }

    async fn unit(&mut self) -> anyhow::Result<u64> {
        if self.carts.is_empty() {
            bail!("lines are added before there are carts");
        }
        // Should more be done than was prepared for, the carts get a sixth line.
        let cart = &self.carts[self.added / LINES_PER_CART % self.carts.len()];
        self.added += 1;
        let variant = &self.variants[self.random.below(self.variants.len())];
        let variables = format!(
            "{{\"cartId\":\"{cart}\",\"lines\":[{{\"merchandiseId\":\"{variant}\",\"quantity\":1}}]}}"
        );
        let answer = self.connection.ask(|out| self.add.write(&variables, out)).await?;
        check(answer)?;
        memmem::find(answer.body, b"\"warnings\":[]")
            .with_context(|| format!("the line was not added as asked: {}", answer.excerpt()))?;
        Ok(1)
    }
}
