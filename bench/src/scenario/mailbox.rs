//! What a server has mailed, in the folder where it puts mails as long as it has no mail server.

use anyhow::{Context, bail};
use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
    fs,
    io::ErrorKind,
    path::PathBuf,
    time::{Duration, Instant},
};

/// A mail that has not come after so long never will: many ask for one at once, and the server has one core.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often is looked.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// What stands before the token in the link that begins an account.
const LINK: &str = "/account/activate/";

/// A folder of mails.
pub(super) struct Mailbox {
    folder: PathBuf,
    read: RefCell<BTreeSet<PathBuf>>,
    /// Tokens that nobody has asked for yet, by address.
    tokens: RefCell<HashMap<String, String>>,
}

impl Mailbox {
    /// The mails in this folder.
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, read: RefCell::default(), tokens: RefCell::default() }
    }

    /// The token that begins somebody's account; waits for its mail.
    ///
    /// # Errors
    /// It does not come.
    pub(super) async fn token(&self, address: &str) -> anyhow::Result<String> {
        let began = Instant::now();
        loop {
            self.look()?;
            let token = self.tokens.borrow_mut().remove(address);
            if let Some(token) = token {
                return Ok(token);
            }
            if began.elapsed() > PATIENCE {
                bail!("no mail to {address} has come into {}", self.folder.display());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Reads what has come since the last look. A mail is there as a whole or not at all.
    fn look(&self) -> anyhow::Result<()> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            entries => entries.with_context(|| format!("{} cannot be read", self.folder.display()))?,
        };
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_none_or(|end| end != "eml") || self.read.borrow().contains(&path) {
                continue;
            }
            let mail = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            self.tokens.borrow_mut().extend(link(&mail));
            self.read.borrow_mut().insert(path);
        }
        Ok(())
    }
}

/// To whom a mail is, and the token of the link in it.
fn link(mail: &str) -> Option<(String, String)> {
    let to = mail.lines().find_map(|line| line.strip_prefix("To: "))?.trim();
    // Quoted-printable (RFC 2045): a line that ends with the sign goes on.
    let joined = mail.replace("=\r\n", "").replace("=\n", "");
    let (_, rest) = joined.split_once(LINK)?;
    let token = rest.split(|c: char| !c.is_ascii_alphanumeric() && !"-_".contains(c)).next()?;
    Some((to.to_owned(), token.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "From: shop\r\nTo: ada@example.org\r\nSubject: Your account\r\n\r\nOpen http://127.0.0.1:3000/acc=\r\nount/activate/ab-c_=\r\nD9 within three days.\r\n";

    #[test]
    fn a_link_is_found_though_it_is_folded() {
        assert_eq!(link(MAIL), Some(("ada@example.org".to_owned(), "ab-c_D9".to_owned())));
        assert_eq!(link("To: ada@example.org\r\n\r\nYour order is on its way.\r\n"), None);
    }

    #[tokio::test]
    async fn each_takes_the_mail_that_is_theirs() {
        let folder = tempfile::tempdir().unwrap();
        let mails = folder.path().join("mail");
        let mailbox = Mailbox::new(mails.clone());
        mailbox.look().unwrap();
        fs::create_dir(&mails).unwrap();
        fs::write(mails.join("1.eml"), MAIL).unwrap();
        fs::write(mails.join("2.eml"), MAIL.replace("ada", "bob").replace("D9", "E8")).unwrap();
        fs::write(mails.join("3.part"), "half").unwrap();
        assert_eq!(mailbox.token("bob@example.org").await.unwrap(), "ab-c_E8");
        assert_eq!(mailbox.token("ada@example.org").await.unwrap(), "ab-c_D9");
    }
}
