//! What customers have agreed to, and when, and how.

use crate::graphql::scalars::DateTime;
use async_graphql::{Enum, Object};
use stoa_domain::customer::{Consent, ConsentKind, ConsentSource};

/// To what somebody agrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CustomerConsentKind {
    /// Advertisements by mail.
    EmailMarketing,
}

impl From<ConsentKind> for CustomerConsentKind {
    fn from(kind: ConsentKind) -> Self {
        match kind {
            ConsentKind::EmailMarketing => Self::EmailMarketing,
        }
    }
}

/// Where it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CustomerConsentSource {
    /// In the account.
    Account,
    /// By having oneself erased.
    Erase,
    /// While registering.
    Register,
    /// To staff, who wrote it down.
    Staff,
}

impl From<ConsentSource> for CustomerConsentSource {
    fn from(source: ConsentSource) -> Self {
        match source {
            ConsentSource::Account => Self::Account,
            ConsentSource::Erase => Self::Erase,
            ConsentSource::Register => Self::Register,
            ConsentSource::Staff => Self::Staff,
        }
    }
}

/// One word given or taken back. Each is kept.
#[derive(Clone, Debug)]
pub struct CustomerConsent(pub Consent);

/// One word given or taken back. Each is kept.
#[Object]
impl CustomerConsent {
    /// When it was said.
    fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// Whether they agree from then on.
    fn granted(&self) -> bool {
        self.0.granted
    }

    /// To what.
    fn kind(&self) -> CustomerConsentKind {
        self.0.kind.into()
    }

    /// Where it was said.
    fn source(&self) -> CustomerConsentSource {
        self.0.source.into()
    }

    /// What they were shown; null if nobody has told.
    fn wording(&self) -> Option<&str> {
        self.0.wording.as_deref()
    }
}
