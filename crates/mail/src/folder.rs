//! Mail as files, for a shop that has no mail server yet.

use crate::{message::compose, smtp::InvalidSmtp};
use async_trait::async_trait;
use lettre::message::Mailbox;
use std::{
    io,
    path::{Path, PathBuf},
};
use stoa_domain::{
    mail::{Mail, Mailer},
    shared::Fault,
};
use tokio::{fs::OpenOptions, io::AsyncWriteExt};

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
        write(&half, &message).await.map_err(fault)?;
        tokio::fs::rename(&half, self.folder.join(format!("{name}.eml"))).await.map_err(fault)
    }
}

/// Writes a file that nobody else on this machine may read: a mail holds the address of its order's page, and whoever has
/// that sees the order.
async fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut open = options.open(file).await?;
    // One that was left half-written may be older than this rule.
    #[cfg(unix)]
    open.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600)).await?;
    open.write_all(bytes).await?;
    open.flush().await
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
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&files[0].metadata().unwrap().permissions()) & 0o777,
            0o600
        );
        assert!(text.contains("Message-ID: <order-confirmed-1@example.org>"), "{text}");
        assert!(text.contains("To: ada@example.org") && text.contains("multipart/alternative"), "{text}");
        assert!(text.contains("Subject: =?utf-8?"), "a subject beyond ASCII is encoded: {text}");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn nobody_else_on_the_machine_reads_a_mail() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (new, old) = (folder.path().join("new"), folder.path().join("old"));
        std::fs::write(&old, "what was left of a longer mail").unwrap();
        std::fs::set_permissions(&old, std::fs::Permissions::from_mode(0o644)).unwrap();
        for file in [new, old] {
            write(&file, b"mail").await.unwrap();
            let mode = std::fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", file.display());
            assert_eq!(std::fs::read(&file).unwrap(), b"mail");
        }
    }

    #[test]
    fn a_sender_that_is_no_address_is_refused() {
        assert!(FolderMailer::new("nobody", "x").is_err());
    }
}
