//! What carries messages between processes.

use async_trait::async_trait;

/// A carrier does not do what it should. For the log only.
pub type LineError = Box<dyn std::error::Error + Send + Sync>;

/// Carries short texts to every process that listens, this one included. It may lose them.
#[async_trait]
pub trait Carrier: Send + Sync + 'static {
    /// What it is called in the log.
    fn name(&self) -> &'static str;

    /// Makes a connection and listens on it. Whatever is sent after this has returned is heard, as long as the line holds.
    ///
    /// # Errors
    /// Nobody can be reached.
    async fn listen(&self) -> Result<Box<dyn Line>, LineError>;

    /// Sends a text of at most [`MESSAGE_BYTES`](crate::MESSAGE_BYTES) to everybody.
    ///
    /// # Errors
    /// It cannot be sent, or nobody knows whether it was.
    async fn send(&self, text: &str) -> Result<(), LineError>;
}

/// A connection that listens.
#[async_trait]
pub trait Line: Send {
    /// Waits for the next text.
    ///
    /// # Errors
    /// The line is cut. It is not used again.
    async fn next(&mut self) -> Result<String, LineError>;
}
