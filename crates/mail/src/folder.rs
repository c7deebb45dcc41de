//! Mail as files, for a shop that has no mail server yet.

use crate::{message::compose, smtp::InvalidSmtp};
use async_trait::async_trait;
use lettre::message::Mailbox;
use std::path::PathBuf;
use stoa_domain::{
    mail::{Mail, Mailer},
    shared::Fault,
};

/// Writes each mail to `<id>.eml` in a folder.
#[derive(Clone, Debug)]
pub struct FolderMailer {
    from: Mailbox,
    folder: PathBuf,
}

impl FolderMailer {
    /// Writes to `folder`, which is made when it does not exist.
    ///
    /// # Errors
    /// `from` is no address such as `Shop <orders@example.org>`.
    pub fn new(from: &str, folder: impl Into<PathBuf>) -> Result<Self, InvalidSmtp> {
        let from = from.parse().map_err(|_| InvalidSmtp::Sender)?;
        Ok(Self { from, folder: folder.into() })
    }
}

#[async_trait]
impl Mailer for FolderMailer {
    async fn send(&self, mail: &Mail) -> Result<(), Fault> {
        let message = compose(&self.from, mail)?.formatted();
        let fault = |e| Fault::unavailable("mail.folder", e);
        tokio::fs::create_dir_all(&self.folder).await.map_err(fault)?;
        // Written beside and renamed, so that nobody opens half a mail. The same mail again replaces itself.
        let name: String =
            mail.id.chars().filter(|c| c.is_ascii_alphanumeric() || "-.".contains(*c)).collect();
        let half = self.folder.join(format!("{name}.part"));
        tokio::fs::write(&half, message).await.map_err(fault)?;
        tokio::fs::rename(&half, self.folder.join(format!("{name}.eml"))).await.map_err(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_domain::shared::EmailAddress;

    #[tokio::test]
    async fn a_mail_is_one_file_however_often_it_is_sent() {
        let folder = tempfile::tempdir().unwrap();
        let mailer = FolderMailer::new("Shop <orders@example.org>", folder.path().join("mail")).unwrap();
        let mail = Mail {
            id: "order-confirmed-1".into(),
            to: EmailAddress::parse("ada@example.org").unwrap(),
            subject: "Größe L ist da".into(),
            text: "Hello".into(),
            html: "<p>Hello</p>".into(),
        };
        mailer.send(&mail).await.unwrap();
        mailer.send(&mail).await.unwrap();
        let files: Vec<_> =
            std::fs::read_dir(folder.path().join("mail")).unwrap().map(|f| f.unwrap().path()).collect();
        assert_eq!(files.len(), 1);
        let text = std::fs::read_to_string(&files[0]).unwrap();
        assert!(text.contains("Message-ID: <order-confirmed-1@example.org>"), "{text}");
        assert!(text.contains("To: ada@example.org") && text.contains("multipart/alternative"), "{text}");
        assert!(text.contains("Subject: =?utf-8?"), "a subject beyond ASCII is encoded: {text}");
    }

    #[test]
    fn a_sender_that_is_no_address_is_refused() {
        assert!(FolderMailer::new("nobody", "x").is_err());
    }
}
