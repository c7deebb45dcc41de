//! A [`Mail`] as a MIME message.

use lettre::{
    Message,
    message::{Mailbox, MultiPart, header::HeaderName},
};
use stoa_domain::{mail::Mail, shared::Fault};

/// Composes the message: text and HTML as alternatives. The `Message-ID` is made from the mail's id, so that a mail that is
/// sent twice is one to the reader's program.
pub(crate) fn compose(from: &Mailbox, mail: &Mail) -> Result<Message, Fault> {
    let fault = |e: Box<dyn std::error::Error + Send + Sync>| Fault::internal("mail.compose", e);
    let to: Mailbox = mail.to.as_str().parse().map_err(|e| fault(Box::new(e)))?;
    let domain = from.email.domain();
    Message::builder()
        .from(from.clone())
        .to(to)
        .subject(&mail.subject)
        .message_id(Some(format!("<{}@{domain}>", mail.id)))
        // RFC 3834: nobody's holiday notice need answer this.
        .raw_header(lettre::message::header::HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ))
        .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
        .map_err(|e| fault(Box::new(e)))
}
