//! What one connection does over and over.

/// Does one thing again and again over a connection of its own.
pub(crate) trait Worker {
    /// Gets ready for a slice in which about `units` will be done, before the clock starts.
    ///
    /// # Errors
    /// The server does not answer as it should.
    async fn prepare(&mut self, units: u64) -> anyhow::Result<()> {
        let _ = units;
        Ok(())
    }

    /// Whether everything it has to ask has been asked at least once.
    fn is_through(&self) -> bool {
        true
    }

    /// Does it once, and says how many requests that took.
    ///
    /// # Errors
    /// The server does not answer as it should: nothing wrong is ever counted as fast.
    async fn unit(&mut self) -> anyhow::Result<u64>;
}
