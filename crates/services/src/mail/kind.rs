//! The kinds of mails.

/// What a mail is about. Each has words in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MailKind {
    /// Proves the address of a new account.
    AccountActivate,
    /// Somebody asked for an account, and there is one.
    AccountAlready,
    /// Proves that an account and a sign-in elsewhere are the same person's.
    AccountLink,
    /// A sign-in elsewhere opens an account from now on.
    AccountLinked,
    /// Lets a new password be set.
    PasswordReset,
    /// A password was changed.
    PasswordChanged,
    /// To the new address: proves it.
    EmailChangeConfirm,
    /// To the old address: it is to be changed.
    EmailChangeNotice,
    /// To an address that is wanted for one account and belongs to another.
    EmailChangeTaken,
    /// To both addresses: it was changed.
    EmailChanged,
    /// Somebody signed in with a device that is not known.
    NewSignIn,
    /// To somebody on the staff: somebody has their password, and no second factor.
    SecondFactorGuessed,
    /// Lets somebody become staff.
    StaffInvitation,
    /// What is known of a customer is ready to be fetched.
    DataArchive,
    /// An order is paid.
    OrderConfirmed,
    /// An order, or a part of it, was sent.
    OrderShipped,
    /// Money went back.
    OrderRefunded,
    /// The codes of gift cards that were bought.
    GiftCardIssued,
    /// Something went back to a gift card, or to store credit.
    GiftCardRefunded,
}

impl MailKind {
    /// Every one.
    pub const ALL: [Self; 19] = [
        Self::AccountActivate,
        Self::AccountAlready,
        Self::AccountLink,
        Self::AccountLinked,
        Self::PasswordReset,
        Self::PasswordChanged,
        Self::EmailChangeConfirm,
        Self::EmailChangeNotice,
        Self::EmailChangeTaken,
        Self::EmailChanged,
        Self::NewSignIn,
        Self::SecondFactorGuessed,
        Self::StaffInvitation,
        Self::DataArchive,
        Self::OrderConfirmed,
        Self::OrderShipped,
        Self::OrderRefunded,
        Self::GiftCardIssued,
        Self::GiftCardRefunded,
    ];

    /// Its name: of its section among the words, in the addresses of previews, and behind `mail.` of jobs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AccountActivate => "account_activate",
            Self::AccountAlready => "account_already",
            Self::AccountLink => "account_link",
            Self::AccountLinked => "account_linked",
            Self::PasswordReset => "password_reset",
            Self::PasswordChanged => "password_changed",
            Self::EmailChangeConfirm => "email_change_confirm",
            Self::EmailChangeNotice => "email_change_notice",
            Self::EmailChangeTaken => "email_change_taken",
            Self::EmailChanged => "email_changed",
            Self::NewSignIn => "new_sign_in",
            Self::SecondFactorGuessed => "second_factor_guessed",
            Self::StaffInvitation => "staff_invitation",
            Self::DataArchive => "data_archive",
            Self::OrderConfirmed => "order_confirmed",
            Self::OrderShipped => "order_shipped",
            Self::OrderRefunded => "order_refunded",
            Self::GiftCardIssued => "gift_card_issued",
            Self::GiftCardRefunded => "gift_card_refunded",
        }
    }

    /// Reads [`name`](Self::name) back.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
