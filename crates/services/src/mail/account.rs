//! Mails about accounts, of customers and of staff.

use super::{
    MailKind,
    letter::{Body, Recipient, Writing},
    words::one_line,
};
use crate::{Settings, readable::date_in};
use minijinja::context;
use stoa_domain::{
    mail::Mail,
    shared::{EmailAddress, Fault, Timestamp},
};
use uuid::Uuid;

/// What a mail about an account says. It may hold a link that opens one, so it has no text for logs.
///
/// `name` is how the reader is greeted. It is there only where the address was proved: a mail to one that anybody may have typed must
/// not carry a stranger's words. Links are complete addresses, `until` is when they end.
pub(crate) enum AccountLetter<'a> {
    Activate {
        link: &'a str,
        until: Timestamp,
    },
    Already {
        name: Option<&'a str>,
        sign_in: &'a str,
        recover: &'a str,
    },
    /// `provider`: where they signed in, as people call it.
    Link {
        name: Option<&'a str>,
        provider: &'a str,
        link: &'a str,
        until: Timestamp,
    },
    /// It was done; `account` is where they see it.
    Linked {
        name: Option<&'a str>,
        at: Timestamp,
        provider: &'a str,
        account: &'a str,
    },
    PasswordReset {
        name: Option<&'a str>,
        link: &'a str,
        until: Timestamp,
    },
    PasswordChanged {
        name: Option<&'a str>,
        at: Timestamp,
        recover: &'a str,
        /// The account's page, if ways in from elsewhere that were young were taken away.
        disconnected: Option<&'a str>,
    },
    /// To the new address.
    EmailChangeConfirm {
        link: &'a str,
        until: Timestamp,
    },
    /// To the old one.
    EmailChangeNotice {
        name: Option<&'a str>,
        at: Timestamp,
        new: &'a EmailAddress,
        recover: &'a str,
    },
    EmailChangeTaken {
        name: Option<&'a str>,
        sign_in: &'a str,
    },
    /// To both.
    EmailChanged {
        name: Option<&'a str>,
        at: Timestamp,
        old: &'a EmailAddress,
        new: &'a EmailAddress,
    },
    /// `device` is what the browser says of itself, `network` from where it came.
    NewSignIn {
        name: Option<&'a str>,
        at: Timestamp,
        device: Option<&'a str>,
        network: Option<&'a str>,
        recover: &'a str,
    },
    SecondFactorGuessed {
        name: Option<&'a str>,
        at: Timestamp,
        recover: &'a str,
    },
    StaffInvitation {
        inviter: &'a str,
        link: &'a str,
        until: Timestamp,
    },
    DataArchive {
        name: Option<&'a str>,
        link: &'a str,
        until: Timestamp,
    },
}

/// The longest a device is shown: browsers go on about themselves.
const DEVICE: usize = 160;

/// How long a link works.
enum Works {
    Once(Timestamp),
    Until(Timestamp),
}

/// The shape that all of them have.
#[derive(Default)]
struct Notice<'a> {
    name: Option<&'a str>,
    /// Values of its phrases.
    values: Vec<(&'a str, String)>,
    /// A table of what happened: phrases and values.
    facts: Vec<(&'a str, String)>,
    link: Option<&'a str>,
    works: Option<Works>,
    /// A phrase and a link below the button.
    second: Option<(&'a str, &'a str)>,
}

/// Writes a mail about an account. `about` is the token, session or account that it is about.
///
/// # Errors
/// Our own words or templates are broken.
pub(crate) fn write_account(
    settings: &Settings,
    recipient: Recipient<'_>,
    about: Uuid,
    letter: &AccountLetter<'_>,
) -> Result<Mail, Fault> {
    let writing = Writing::begin(settings, recipient, letter.kind())?;
    let body = letter.notice(&writing).body(&writing)?;
    // Two mails at once say that an address was changed; they are two to the program that reads both mailboxes.
    let end = match letter {
        AccountLetter::EmailChanged { old, .. } if *old == recipient.to => "-old",
        _ => "",
    };
    writing.finish(&format!("{about}{end}"), body)
}

impl<'a> AccountLetter<'a> {
    /// Its kind.
    pub(crate) const fn kind(&self) -> MailKind {
        match self {
            Self::Activate { .. } => MailKind::AccountActivate,
            Self::Already { .. } => MailKind::AccountAlready,
            Self::Link { .. } => MailKind::AccountLink,
            Self::Linked { .. } => MailKind::AccountLinked,
            Self::PasswordReset { .. } => MailKind::PasswordReset,
            Self::PasswordChanged { .. } => MailKind::PasswordChanged,
            Self::EmailChangeConfirm { .. } => MailKind::EmailChangeConfirm,
            Self::EmailChangeNotice { .. } => MailKind::EmailChangeNotice,
            Self::EmailChangeTaken { .. } => MailKind::EmailChangeTaken,
            Self::EmailChanged { .. } => MailKind::EmailChanged,
            Self::NewSignIn { .. } => MailKind::NewSignIn,
            Self::SecondFactorGuessed { .. } => MailKind::SecondFactorGuessed,
            Self::StaffInvitation { .. } => MailKind::StaffInvitation,
            Self::DataArchive { .. } => MailKind::DataArchive,
        }
    }

    fn notice(&self, writing: &Writing<'_>) -> Notice<'a> {
        let date = |at| date_in(at, writing.locale);
        match *self {
            Self::Activate { link, until } | Self::EmailChangeConfirm { link, until } => {
                Notice { link: Some(link), works: Some(Works::Once(until)), ..Notice::default() }
            }
            Self::Already { name, sign_in, recover } => {
                Notice { name, link: Some(sign_in), second: Some(("recover", recover)), ..Notice::default() }
            }
            Self::Link { name, provider, link, until } => Notice {
                name,
                values: vec![("provider", provider.to_owned())],
                link: Some(link),
                works: Some(Works::Once(until)),
                ..Notice::default()
            },
            Self::Linked { name, at, provider, account } => Notice {
                name,
                values: vec![("at", date(at)), ("provider", provider.to_owned())],
                link: Some(account),
                ..Notice::default()
            },
            Self::PasswordReset { name, link, until } => {
                Notice { name, link: Some(link), works: Some(Works::Once(until)), ..Notice::default() }
            }
            Self::PasswordChanged { name, at, recover, disconnected } => Notice {
                name,
                values: vec![("at", date(at))],
                link: Some(recover),
                second: disconnected.map(|account| ("disconnected", account)),
                ..Notice::default()
            },
            Self::EmailChangeNotice { name, at, new, recover } => Notice {
                name,
                values: vec![("at", date(at)), ("new", new.as_str().to_owned())],
                link: Some(recover),
                ..Notice::default()
            },
            Self::EmailChangeTaken { name, sign_in } => {
                Notice { name, link: Some(sign_in), ..Notice::default() }
            }
            Self::EmailChanged { name, at, old, new } => Notice {
                name,
                values: vec![
                    ("at", date(at)),
                    ("old", old.as_str().to_owned()),
                    ("new", new.as_str().to_owned()),
                ],
                ..Notice::default()
            },
            Self::NewSignIn { name, at, device, network, recover } => {
                let mut facts = vec![("at", date(at))];
                facts.extend(device.map(|d| ("device", d.chars().take(DEVICE).collect())));
                facts.extend(network.map(|n| ("network", n.to_owned())));
                Notice { name, facts, link: Some(recover), ..Notice::default() }
            }
            Self::SecondFactorGuessed { name, at, recover } => {
                Notice { name, values: vec![("at", date(at))], link: Some(recover), ..Notice::default() }
            }
            Self::StaffInvitation { inviter, link, until } => Notice {
                values: vec![("inviter", inviter.to_owned())],
                link: Some(link),
                works: Some(Works::Once(until)),
                ..Notice::default()
            },
            Self::DataArchive { name, link, until } => {
                Notice { name, link: Some(link), works: Some(Works::Until(until)), ..Notice::default() }
            }
        }
    }
}

impl Notice<'_> {
    fn body(self, writing: &Writing<'_>) -> Result<Body, Fault> {
        let values: Vec<(&str, &str)> =
            self.values.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let say = |part: &str| writing.say(part, &values);
        let hello = match self.name.map(one_line).filter(|name| !name.is_empty()) {
            Some(name) => writing.say_from("common", "hello_name", &[("name", name.as_ref())])?,
            None => writing.say_from("common", "hello", &[])?,
        };
        let facts = self.facts.iter().map(|(label, value)| Ok([say(label)?, one_line(value).into_owned()]));
        let works = |phrase, until| {
            writing.say_from("common", phrase, &[("until", date_in(until, writing.locale).as_str())])
        };
        let shown = context! {
            hello => hello,
            lead => say("lead")?,
            facts => facts.collect::<Result<Vec<_>, Fault>>()?,
            button_label => self.link.map(|_| say("button")).transpose()?,
            works => match self.works {
                Some(Works::Once(until)) => Some(works("works_once", until)?),
                Some(Works::Until(until)) => Some(works("works_until", until)?),
                None => None,
            },
            second => match self.second {
                Some((label, link)) => Some(context! { label => say(label)?, link => link }),
                None => None,
            },
            advice => say("advice")?,
        };
        Ok(Body {
            template: "notice",
            subject: say("subject")?,
            title: say("title")?,
            preheader: None,
            link: self.link.map(str::to_owned),
            why: writing.say_or_common("why", &values)?,
            values: shown,
        })
    }
}
