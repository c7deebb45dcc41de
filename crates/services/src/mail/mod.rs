//! What the shop writes to people: words in five languages, layouts, and what each kind of mail says.
//!
//! A mail is composed when it is sent, by a job, from what is so then; text and HTML say the same. Words stand in
//! `templates/mail/words`, a file a language; whoever adds a language adds one to [`Locale`](stoa_domain::shared::Locale), and the tests
//! name what is missing. Whatever comes from outside is a value: escaped in HTML, and kept on its line in text and subjects.

mod account;
mod gift_card_issued;
mod kind;
mod letter;
mod order;
mod order_confirmed;
mod order_refunded;
mod order_shipped;
mod preview;
mod sample;
mod templates;
mod words;

use crate::{Context, meters};
use stoa_domain::{mail::Mail, shared::Fault};

pub(crate) use account::{AccountLetter, write_account};
pub(crate) use gift_card_issued::tell_of_gift_cards;
pub use kind::MailKind;
pub(crate) use letter::Recipient;
pub(crate) use order::{CodeInMail, OrderLetter, write_order};
pub(crate) use order_confirmed::confirm_order;
pub(crate) use order_refunded::tell_of_refund;
pub(crate) use order_shipped::{ParcelNews, tell_of_parcel};
pub use preview::preview;

/// Hands a mail over. May be asked twice for the same one.
pub(crate) async fn send(ctx: &Context, mail: &Mail) -> Result<(), Fault> {
    let sent = ctx.ports.mailer.send(mail).await;
    meters::mail(sent.is_ok());
    sent
}

#[cfg(test)]
mod tests;
