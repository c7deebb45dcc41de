//! The identities elsewhere that open an account, as its owner sees them, and taking one away.

use crate::{
    Context,
    account::{Client, Proved, Reproof, SignInError, prove_again, still_proved},
};
use std::{fmt, sync::Arc};
use stoa_domain::{
    access::SignedIn,
    shared::{CustomerId, Fault, Timestamp},
};
use stoa_persistence::{
    Durability,
    customer::{self, Unlinked},
    db::retrying,
};

/// An identity elsewhere that opens an account.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkedIdentity {
    /// The provider, by its name in the settings; `None`: they name it no more, and nobody signs in with it.
    pub provider: Option<String>,
    /// What people call the provider.
    pub title: String,
    /// The provider, as it names itself.
    pub issuer: String,
    /// The person there.
    pub subject: String,
    /// The address that the provider vouched for when it was linked.
    pub email: Option<String>,
    /// When it was linked.
    pub linked_at: Timestamp,
    /// When it was last used.
    pub used_at: Timestamp,
}

/// Hides the person.
impl fmt::Debug for LinkedIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LinkedIdentity({})", self.issuer)
    }
}

/// Why an identity stays.
#[derive(Debug, thiserror::Error)]
pub enum UnlinkError {
    /// They have none like that.
    #[error("there is no such identity")]
    NotTheirs,
    /// Without it nobody could get into the account: there is no password, and no other identity.
    #[error("it is the last way into the account")]
    LastWayIn,
    /// The password is wrong, was guessed at too often, or the sign-in is too old to do without.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Keeps what opens accounts from elsewhere.
pub struct Identities(pub(crate) Arc<Context>);

impl Identities {
    /// Theirs, the oldest first.
    ///
    /// # Errors
    /// The database does not answer.
    #[tracing::instrument(name = "account.identities", skip_all)]
    pub async fn list(&self, who: SignedIn) -> Result<Vec<LinkedIdentity>, Fault> {
        let (ctx, providers) = (&self.0, &self.0.ports.oidc);
        let found = customer::identities_of(ctx.db().read(), who.customer).await?;
        let shown = found.into_iter().map(|identity| LinkedIdentity {
            provider: providers.of_issuer(&identity.issuer).map(|known| known.name().to_owned()),
            title: providers.title_of(&identity.issuer).to_owned(),
            issuer: identity.issuer,
            subject: identity.subject,
            email: identity.email_key,
            linked_at: identity.linked_at,
            used_at: identity.used_at,
        });
        Ok(shown.collect())
    }

    /// Takes one away: it opens nothing any more. Sign-ins that it has begun go on; those are ended by themselves
    /// ([`Sessions`](crate::account::Sessions)).
    ///
    /// # Errors
    /// The proof is none, they have no such identity, it is their last way in, or the database does not answer.
    #[tracing::instrument(name = "account.unlink", skip_all)]
    pub async fn unlink(
        &self,
        who: SignedIn,
        (issuer, subject): (&str, &str),
        by: Reproof<'_>,
        client: &Client,
    ) -> Result<(), UnlinkError> {
        let ctx = &self.0;
        let proved = prove_again(ctx, who, by, client).await?;
        match retrying(|| self.unlink_once(&proved, issuer, subject)).await? {
            Some(Unlinked::Unlinked) => Ok(()),
            Some(Unlinked::NotTheirs) => Err(UnlinkError::NotTheirs),
            Some(Unlinked::LastWayIn) => Err(UnlinkError::LastWayIn),
            None => Err(SignInError::Unidentified.into()),
        }
    }

    /// `None`, and nothing has changed, if they are not who they were, or are signed in no more.
    async fn unlink_once(
        &self,
        proved: &Proved,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<Unlinked>, Fault> {
        let ctx = &self.0;
        let of = CustomerId::new(proved.who.subject);
        let tx = ctx.db().write(Durability::Full).await?;
        if !still_proved(ctx, &tx, proved).await? {
            return Ok(None);
        }
        let unlinked = customer::unlink(&tx, of, issuer, subject, ctx.now()).await?;
        if unlinked == Unlinked::Unlinked {
            tx.commit().await?;
        }
        Ok(Some(unlinked))
    }
}
