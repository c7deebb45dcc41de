//! Mail, and the port that sends it.

use crate::shared::{EmailAddress, Fault};
use async_trait::async_trait;

/// A message, ready to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Makes the `Message-ID`, so that a mail sent twice after a crash is one to the reader's program. Letters, digits, `-` and `.` only.
    pub id: String,
    /// To whom.
    pub to: EmailAddress,
    /// Subject, one line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

/// Sends mail. May be asked twice for the same mail.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands the mail over.
    ///
    /// # Errors
    /// It could not be handed over; try again later.
    async fn send(&self, mail: &Mail) -> Result<(), Fault>;
}
