//! Mail by SMTP.

use crate::message::compose;
use async_trait::async_trait;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor, message::Mailbox, transport::smtp};
use secrecy::{ExposeSecret, SecretString};
use std::{net::IpAddr, time::Duration};
use stoa_domain::{
    mail::{Mail, Mailer},
    shared::Fault,
};
use url::Url;

/// How to reach the mail server.
#[derive(Clone, Debug)]
pub struct SmtpConfig {
    /// `smtps://user:password@host:465`, `smtp://host:587?tls=required`, `smtp://localhost:25`. Holds a password.
    pub url: SecretString,
    /// The sender, as in `Shop <orders@example.org>`.
    pub from: String,
}

/// A configuration that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSmtp {
    /// The sender is no address.
    #[error("the sender must be an address such as `Shop <orders@example.org>`")]
    Sender,
    /// The URL is none that speaks SMTP. Its text is not repeated: it may hold a password.
    #[error("the SMTP URL must be like `smtps://user:password@host:465` or `smtp://host:587?tls=required`")]
    Url,
    /// A password would be sent to another machine in the clear, or could be if somebody in between wished.
    #[error(
        "the SMTP URL holds a password, which must not travel in the clear: use `smtps://…` or add `?tls=required`"
    )]
    PasswordInTheClear,
}

/// Sends by SMTP, over a few connections that are kept.
#[derive(Clone, Debug)]
pub struct SmtpMailer {
    from: Mailbox,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl SmtpMailer {
    /// Prepares; connects only when there is something to send.
    ///
    /// # Errors
    /// The configuration cannot be.
    pub fn new(config: &SmtpConfig) -> Result<Self, InvalidSmtp> {
        let from = config.from.parse().map_err(|_| InvalidSmtp::Sender)?;
        let url = Url::parse(config.url.expose_secret()).map_err(|_| InvalidSmtp::Url)?;
        if url.password().is_some() && is_in_the_clear(&url) && !is_on_this_machine(&url) {
            return Err(InvalidSmtp::PasswordInTheClear);
        }
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(config.url.expose_secret())
            .map_err(|_| InvalidSmtp::Url)?
            .timeout(Some(Duration::from_secs(20)))
            .pool_config(smtp::PoolConfig::new().max_size(4))
            .build();
        Ok(Self { from, transport })
    }

    /// Connects, says hello, and proves who we are where the URL has a password; sends nothing.
    ///
    /// # Errors
    /// The server cannot be reached, or refuses us.
    pub async fn greet(&self) -> Result<(), Fault> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Fault::unavailable("mail.smtp", "the mail server closed the connection")),
            Err(error) => Err(fault(error)),
        }
    }
}

/// Servers repeat the address beside the code, and what is told here comes into the log and stays with the job.
fn fault(error: smtp::Error) -> Fault {
    match error.status() {
        Some(code) => Fault::unavailable("mail.smtp", format!("the mail server answered {code}")),
        // Nor what it says that nobody understands.
        None if error.is_response() => Fault::unavailable("mail.smtp", "the mail server answered nonsense"),
        None => Fault::unavailable("mail.smtp", error),
    }
}

/// Whether a password could be said before there is TLS. `tls=opportunistic` goes on without it when the server offers none,
/// or when somebody in between takes the offer away.
fn is_in_the_clear(url: &Url) -> bool {
    let tls = url.query_pairs().find(|(key, _)| key == "tls");
    url.scheme() == "smtp" && tls.is_none_or(|(_, value)| value != "required")
}

/// Of a scheme that is not the web's, the host is text.
fn is_on_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &Mail) -> Result<(), Fault> {
        let message = compose(&self.from, mail)?;
        // A refusal may be for good, but greylisting looks the same: the outbox tries again and gives up in the end.
        let sent = self.transport.send(message).await;
        sent.map(drop).map_err(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_domain::shared::EmailAddress;
    use tokio::{
        io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
        net::TcpListener,
    };

    /// Speaks just enough of RFC 5321 to take one mail, and gives what it was told.
    async fn mail_server(listener: TcpListener) -> String {
        let (socket, _) = listener.accept().await.unwrap();
        let mut lines = BufReader::new(socket);
        lines.get_mut().write_all(b"220 test\r\n").await.unwrap();
        let (mut heard, mut in_data) = (String::new(), false);
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line).await.unwrap() == 0 {
                return heard;
            }
            heard.push_str(&line);
            let answer: &[u8] = match line.trim_end() {
                "." if in_data => {
                    in_data = false;
                    b"250 kept\r\n"
                }
                _ if in_data => continue,
                "DATA" => {
                    in_data = true;
                    b"354 go on\r\n"
                }
                "QUIT" => return heard,
                _ => b"250 fine\r\n",
            };
            lines.get_mut().write_all(answer).await.unwrap();
            if heard.contains("\r\n.\r\n") {
                return heard;
            }
        }
    }

    fn hello() -> Mail {
        Mail {
            id: "m-1".into(),
            to: EmailAddress::parse("ada@example.org").unwrap(),
            subject: "Hello".into(),
            text: "Text".into(),
            html: "<p>Text</p>".into(),
        }
    }

    #[tokio::test]
    async fn a_mail_reaches_a_server() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(mail_server(listener));
        let mailer =
            SmtpMailer::new(&SmtpConfig { url: url.into(), from: "Shop <orders@example.org>".into() })
                .unwrap();
        mailer.send(&hello()).await.unwrap();
        let heard = server.await.unwrap();
        assert!(heard.contains("MAIL FROM:<orders@example.org>"), "{heard}");
        assert!(heard.contains("RCPT TO:<ada@example.org>"), "{heard}");
        assert!(heard.contains("Message-ID: <m-1@example.org>"), "{heard}");
    }

    #[tokio::test]
    async fn a_greeting_sends_nothing_and_says_who_does_not_answer() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let config =
            SmtpConfig { url: format!("smtp://{address}").into(), from: "Shop <orders@example.org>".into() };
        let server = tokio::spawn(mail_server(listener));
        let mailer = SmtpMailer::new(&config).unwrap();
        mailer.greet().await.unwrap();
        drop(mailer);
        let heard = server.await.unwrap();
        assert!(heard.starts_with("EHLO ") && !heard.contains("MAIL FROM"), "{heard}");
        // Nobody listens there any more.
        SmtpMailer::new(&config).unwrap().greet().await.unwrap_err();
    }

    /// What is told of a server that answers this to whom a mail is for.
    async fn told_of(refused: &'static [u8]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            let (socket, _) = listener.accept().await.unwrap();
            let mut lines = BufReader::new(socket);
            lines.get_mut().write_all(b"220 test\r\n").await.unwrap();
            let mut line = String::new();
            while lines.read_line(&mut line).await.unwrap() > 0 {
                let answer: &[u8] = if line.starts_with("RCPT") { refused } else { b"250 fine\r\n" };
                if lines.get_mut().write_all(answer).await.is_err() {
                    return;
                }
                line.clear();
            }
        });
        let config = SmtpConfig { url: url.into(), from: "Shop <orders@example.org>".into() };
        let mailer = SmtpMailer::new(&config).unwrap();
        let fault = mailer.send(&hello()).await.unwrap_err();
        server.abort();
        format!("{fault} {fault:?}")
    }

    #[tokio::test]
    async fn a_refusal_is_told_without_the_address_that_it_repeats() {
        let told = told_of(b"550 5.1.1 <ada@example.org>: nobody of that name\r\n").await;
        assert!(told.contains("550"), "{told}");
        assert!(!told.contains("ada") && !told.contains("nobody"), "{told}");
    }

    #[tokio::test]
    async fn what_nobody_understands_is_not_told_either() {
        let told = told_of(b"who is <ada@example.org>?\r\n").await;
        assert!(told.contains("nonsense") && !told.contains("ada"), "{told}");
    }

    #[tokio::test]
    async fn a_password_never_travels_in_the_clear() {
        let made = |url: &str| {
            SmtpMailer::new(&SmtpConfig { url: url.to_owned().into(), from: "a@b.de".into() }).map(|_| ())
        };
        for url in [
            "smtp://u:secret@mail.example.org",
            "smtp://u:secret@mail.example.org:587",
            "smtp://u:secret@mail.example.org?tls=opportunistic",
            "smtp://u:secret@10.0.0.7",
            "smtp://u:secret@localhost.example.org",
        ] {
            let refused = made(url).unwrap_err();
            assert_eq!(refused, InvalidSmtp::PasswordInTheClear, "{url}");
            assert!(!refused.to_string().contains("secret"));
        }
        for url in [
            "smtps://u:secret@mail.example.org",
            "smtp://u:secret@mail.example.org:587?tls=required",
            "smtp://u:secret@localhost",
            "smtp://u:secret@127.0.0.1:2525",
            "smtp://u:secret@[::1]:2525",
            "smtp://mail.example.org",
        ] {
            assert_eq!(made(url), Ok(()), "{url}");
        }
    }

    #[test]
    fn a_url_of_something_else_is_refused_without_repeating_it() {
        let config = SmtpConfig { url: "ftp://user:secret@host".to_owned().into(), from: "a@b.de".into() };
        let refused = SmtpMailer::new(&config).unwrap_err();
        assert_eq!(refused, InvalidSmtp::Url);
        assert!(!refused.to_string().contains("secret") && !format!("{config:?}").contains("secret"));
    }
}
