//! A mail, from what it says to what is sent.

use super::{
    MailKind,
    templates::render,
    words::{Words, one_line},
};
use crate::Settings;
use minijinja::{Value, context};
use stoa_domain::{
    mail::Mail,
    shared::{EmailAddress, Fault, Locale},
};

/// To whom a mail goes.
#[derive(Clone, Copy)]
pub(crate) struct Recipient<'a> {
    /// Where.
    pub(crate) to: &'a EmailAddress,
    /// Their language; `None`: the shop's.
    pub(crate) locale: Option<Locale>,
}

/// A letter that is being written.
pub(super) struct Writing<'a> {
    pub(super) settings: &'a Settings,
    pub(super) locale: Locale,
    pub(super) to: &'a EmailAddress,
    kind: MailKind,
    words: &'static Words,
}

/// What a letter says, for the layout.
pub(super) struct Body {
    /// Its templates, without their endings.
    pub(super) template: &'static str,
    pub(super) subject: String,
    pub(super) title: String,
    /// What mail programs show behind the subject.
    pub(super) preheader: Option<String>,
    /// What the button opens.
    pub(super) link: Option<String>,
    /// Why it was sent.
    pub(super) why: String,
    /// What its own templates want beside that.
    pub(super) values: Value,
}

impl<'a> Writing<'a> {
    pub(super) fn begin(
        settings: &'a Settings,
        recipient: Recipient<'a>,
        kind: MailKind,
    ) -> Result<Self, Fault> {
        let locale = recipient.locale.unwrap_or(settings.language);
        Ok(Self { settings, locale, to: recipient.to, kind, words: Words::of(locale)? })
    }

    /// A phrase of this kind of letter, with the shop's name and the reader's address at hand.
    pub(super) fn say(&self, part: &str, values: &[(&str, &str)]) -> Result<String, Fault> {
        self.say_from(self.kind.name(), part, values)
    }

    /// A phrase that several kinds share.
    pub(super) fn say_from(
        &self,
        section: &str,
        part: &str,
        values: &[(&str, &str)],
    ) -> Result<String, Fault> {
        let at_hand = [("shop", self.settings.shop_name.as_str()), ("email", self.to.as_str())];
        self.words.say(&format!("{section}.{part}"), &[values, &at_hand].concat())
    }

    /// As [`say`](Self::say), or in the words that all kinds share where this one has none of its own.
    pub(super) fn say_or_common(&self, part: &str, values: &[(&str, &str)]) -> Result<String, Fault> {
        let own = self.words.has(&format!("{}.{part}", self.kind.name()));
        self.say_from(if own { self.kind.name() } else { "common" }, part, values)
    }

    /// Puts it into its layout. `about` is what it is about, such as a token or an order, in letters, digits and `-`: the mail's id is
    /// made of it, so that a letter which is written again after a crash is the same mail to the reader's program.
    pub(super) fn finish(&self, about: &str, body: Body) -> Result<Mail, Fault> {
        let subject = one_line(&body.subject).into_owned();
        let values = context! {
            lang => self.locale.code(),
            shop => context! {
                name => one_line(&self.settings.shop_name),
                url => self.settings.public_url.as_str(),
            },
            subject => &subject,
            title => body.title,
            preheader => body.preheader,
            link => body.link,
            why => body.why,
            ..body.values
        };
        Ok(Mail {
            id: format!("{}-{about}", self.kind.name().replace('_', "-")),
            to: self.to.clone(),
            text: render(&format!("{}.txt", body.template), &values)?,
            html: render(&format!("{}.html", body.template), &values)?,
            subject,
        })
    }
}
