//! Mails as they would look, for staff.

use super::{AccountLetter, MailKind, OrderLetter, Recipient, sample::Sample, write_account, write_order};
use crate::Settings;
use stoa_domain::{
    mail::Mail,
    shared::{Fault, Locale},
};

/// A mail of this kind with made-up values, and the shop's own name, address and currency. Its links lead nowhere.
///
/// # Errors
/// Our own words or templates are broken.
pub fn preview(settings: &Settings, kind: MailKind, locale: Locale) -> Result<Mail, Fault> {
    let sample = Sample::new(settings);
    write_sample(settings, &sample, kind, locale)
}

/// A mail of this kind with these values.
pub(super) fn write_sample(
    settings: &Settings,
    sample: &Sample,
    kind: MailKind,
    locale: Locale,
) -> Result<Mail, Fault> {
    let name = Some(sample.name.as_str());
    let (link, recover) = (sample.link.as_str(), sample.recover.as_str());
    let (at, until) = (sample.at, sample.until);
    let letter = match kind {
        MailKind::AccountActivate => AccountLetter::Activate { link, until },
        MailKind::AccountAlready => AccountLetter::Already { name, sign_in: link, recover },
        MailKind::AccountLink => AccountLetter::Link { name, provider: &sample.provider, link, until },
        MailKind::AccountLinked => {
            AccountLetter::Linked { name, at, provider: &sample.provider, account: link }
        }
        MailKind::PasswordReset => AccountLetter::PasswordReset { name, link, until },
        MailKind::PasswordChanged => AccountLetter::PasswordChanged { name, at, recover, disconnected: None },
        MailKind::EmailChangeConfirm => AccountLetter::EmailChangeConfirm { link, until },
        MailKind::EmailChangeNotice => {
            AccountLetter::EmailChangeNotice { name, at, new: &sample.other_email, recover }
        }
        MailKind::EmailChangeTaken => AccountLetter::EmailChangeTaken { name, sign_in: link },
        MailKind::EmailChanged => {
            AccountLetter::EmailChanged { name, at, old: &sample.email, new: &sample.other_email }
        }
        MailKind::NewSignIn => AccountLetter::NewSignIn {
            name,
            at,
            device: Some(&sample.device),
            network: Some(&sample.network),
            recover,
        },
        MailKind::SecondFactorGuessed => AccountLetter::SecondFactorGuessed { name, at, recover },
        MailKind::StaffInvitation => AccountLetter::StaffInvitation { inviter: &sample.inviter, link, until },
        MailKind::DataArchive => AccountLetter::DataArchive { name, link, until },
        MailKind::OrderConfirmed => return sample.order_mail(settings, &OrderLetter::Confirmed, locale),
        MailKind::OrderShipped => {
            let letter = OrderLetter::Shipped { parcel: &sample.parcel, rest: true };
            return sample.order_mail(settings, &letter, locale);
        }
        MailKind::OrderRefunded => {
            let letter = OrderLetter::Refunded { refund: sample.about, amount: sample.refunded };
            return sample.order_mail(settings, &letter, locale);
        }
        MailKind::GiftCardRefunded => {
            let (refund, amount, card) = (sample.about, sample.refunded, sample.card);
            let letter = OrderLetter::BackOnCard { refund, amount, card };
            return sample.order_mail(settings, &letter, locale);
        }
        MailKind::GiftCardIssued => {
            let letter = OrderLetter::GiftCards { cards: &sample.gift_cards };
            return sample.order_mail(settings, &letter, locale);
        }
    };
    let recipient = Recipient { to: &sample.email, locale: Some(locale) };
    write_account(settings, recipient, sample.about, &letter)
}

impl Sample {
    fn order_mail(
        &self,
        settings: &Settings,
        letter: &OrderLetter<'_>,
        locale: Locale,
    ) -> Result<Mail, Fault> {
        let mut order = self.order.clone();
        order.locale = Some(locale);
        write_order(settings, &order, letter)
    }
}
