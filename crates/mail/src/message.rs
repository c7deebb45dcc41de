//! A [`Mail`] as a MIME message.

use lettre::{
    Address, Message,
    address::Envelope,
    message::{Mailbox, MultiPart, header::HeaderName},
};
use stoa_domain::{
    mail::Mail,
    shared::{EmailAddress, Fault},
};

/// Composes the message: text and HTML as alternatives. The `Message-ID` is made from the mail's id, so that a mail that is
/// sent twice is one to the reader's program.
pub(crate) fn compose(from: &Mailbox, mail: &Mail) -> Result<Message, Fault> {
    let fault = |e: Box<dyn std::error::Error + Send + Sync>| Fault::internal("mail.compose", e);
    let to = address(&mail.to);
    // Said, not left to be read back from the headers: that reading is strict again.
    let envelope =
        Envelope::new(Some(from.email.clone()), vec![to.clone()]).map_err(|e| fault(Box::new(e)))?;
    let domain = from.email.domain();
    Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .envelope(envelope)
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

/// The address as mail servers read it. Some have two dots in a row before the `@`, as docomo once gave them out; those are
/// sent in quotes (RFC 5321, 4.1.2), which means the same.
///
/// lettre's own parser refuses more than the domain does, so it is not asked: a buyer who was let through must get the mail.
/// What could break out of a header or a command, [`EmailAddress`] has refused.
fn address(email: &EmailAddress) -> Address {
    let text = email.as_str();
    let (local, domain) = text.rsplit_once('@').unwrap_or((text, ""));
    match local.split('.').any(str::is_empty) {
        true => Address::new_dangerous(format!("\"{local}\""), domain),
        false => Address::new_dangerous(local, domain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mail(to: EmailAddress) -> Mail {
        Mail {
            id: "m-1".into(),
            to,
            subject: "Hello".into(),
            text: "Text".into(),
            html: "<p>Text</p>".into(),
        }
    }

    fn composed(to: &str) -> Message {
        let from = "Shop <orders@example.org>".parse().unwrap();
        compose(&from, &mail(EmailAddress::parse(to).unwrap())).unwrap()
    }

    #[test]
    fn two_dots_in_a_row_are_sent_in_quotes() {
        let message = composed("ada..b@docomo.co.jp");
        assert_eq!(message.envelope().to()[0].to_string(), "\"ada..b\"@docomo.co.jp");
        let text = String::from_utf8(message.formatted()).unwrap();
        assert!(text.contains("To: \"ada..b\"@docomo.co.jp\r\n"), "{text}");
    }

    #[test]
    fn an_ordinary_address_stays_as_it_is() {
        let message = composed("ada+shop@example.org");
        assert_eq!(message.envelope().to()[0].to_string(), "ada+shop@example.org");
        assert_eq!(message.envelope().from().unwrap().to_string(), "orders@example.org");
    }

    proptest! {
        /// Whoever the checkout lets through gets a mail, to an address that mail servers read.
        #[test]
        fn what_the_domain_accepts_can_be_sent_to(
            text in prop_oneof!["\\PC{1,12}@\\PC{1,8}\\.\\PC{1,8}", "[a-z0-9.!#$'*+/=?^_`{|}~-]{1,60}@[a-z0-9._!-]{1,70}"],
        ) {
            if let Ok(email) = EmailAddress::parse(&text) {
                let from = "orders@example.org".parse().unwrap();
                let message = compose(&from, &mail(email)).unwrap();
                let to = &message.envelope().to()[0];
                prop_assert_eq!(to.to_string().replace('"', ""), text.trim());
                prop_assert!(!to.to_string().contains(char::is_whitespace));
                // lettre's strictest opinion of it, quotes included. Of other scripts it has none: it takes the numbers of
                // letters for the bytes of UTF-8.
                if text.is_ascii() {
                    prop_assert!(Address::new(to.user(), to.domain()).is_ok(), "{to}");
                }
            }
        }
    }
}
