//! Whether the mail server takes our greeting, and our password where there is one.

use crate::config::Config;
use anyhow::Context as _;
use std::{io::Write, time::Duration};
use stoa_mail::SmtpMailer;
use stoa_services::doctor::Finding;
use tokio::time::timeout;

/// How long it may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// No mail is sent.
pub(super) async fn examine(config: &Config, out: &mut impl Write) -> anyhow::Result<Vec<Finding>> {
    let Some(smtp) = &config.smtp else {
        writeln!(out, "mail: none is sent (mail.smtp_url is empty), it is kept in the data folder")?;
        return Ok(Vec::new());
    };
    let mailer = SmtpMailer::new(smtp).context("configuration: mail")?;
    let problem = match timeout(PATIENCE, mailer.greet()).await {
        Ok(Ok(())) => {
            writeln!(out, "mail: the server is reached")?;
            return Ok(Vec::new());
        }
        Ok(Err(fault)) => format!("The mail server cannot be used: {fault}"),
        Err(_) => format!("The mail server does not answer within {} seconds", PATIENCE.as_secs()),
    };
    Ok(vec![Finding {
        check: "mail.reachable",
        problem,
        remedy: "Mails wait and are tried again for about ten hours. See that mail.smtp_url names the server's host and port, that its \
                 user and password are right, and that the way out is open (ports 465 and 587 often are not).",
        mended: false,
    }])
}
