//! Reading: one document, and variables that differ from request to request.

use crate::{
    client::{Connection, Document},
    load::Worker,
};
use anyhow::bail;
use std::{cell::Cell, rc::Rc};

/// The variables of many requests, gone through one after the other by all connections together, and then again: no request
/// comes back before every other has been made.
#[derive(Debug)]
pub(super) struct Pool {
    variables: Vec<Box<str>>,
    at: Cell<usize>,
    gone_round: Cell<bool>,
}

impl Pool {
    /// The variables, in the order in which they will be used.
    ///
    /// # Errors
    /// There are none.
    pub(super) fn new(variables: Vec<Box<str>>) -> anyhow::Result<Self> {
        if variables.is_empty() {
            bail!("there is nothing to ask for: is the catalogue empty?");
        }
        Ok(Self { variables, at: Cell::new(0), gone_round: Cell::new(false) })
    }

    /// The next.
    pub(super) fn next(&self) -> &str {
        let at = self.at.get();
        if at + 1 == self.variables.len() {
            self.gone_round.set(true);
            self.at.set(0);
        } else {
            self.at.set(at + 1);
        }
        &self.variables[at]
    }
}

/// Reads.
pub(super) struct Reader {
    connection: Connection,
    document: Rc<Document>,
    pool: Rc<Pool>,
}

impl Reader {
    pub(super) fn new(connection: Connection, document: &Rc<Document>, pool: &Rc<Pool>) -> Self {
        Self { connection, document: Rc::clone(document), pool: Rc::clone(pool) }
    }
}

impl Worker for Reader {
    fn is_through(&self) -> bool {
        self.pool.gone_round.get()
    }

    async fn unit(&mut self) -> anyhow::Result<u64> {
        let variables = self.pool.next();
        let answer = self.connection.ask(|out| self.document.write(variables, out)).await?;
        crate::client::check(answer)?;
        Ok(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_goes_round() {
        let pool = Pool::new(vec!["a".into(), "b".into()]).unwrap();
        assert_eq!(pool.next(), "a");
        assert!(!pool.gone_round.get());
        assert_eq!([pool.next(), pool.next()], ["b", "a"]);
        assert!(pool.gone_round.get());
        assert!(Pool::new(Vec::new()).is_err());
    }
}
