//! Signing in with a password.

use super::{
    Client, SignInError, SignedInNow,
    begin::{begin, issue, new_session},
    proof::{Proved, prove},
};
use crate::Context;
use std::{fmt, sync::Arc};
use stoa_domain::{
    account::{Realm, Session, SessionKind},
    shared::Fault,
};
use stoa_persistence::{Batch, Durability, db::retrying};

/// What somebody signs in with.
#[derive(Clone, Copy)]
pub struct PasswordSignIn<'a> {
    /// The address, as typed.
    pub email: &'a str,
    /// The password, as typed.
    pub password: &'a str,
    /// What the sign-in is to be shown by.
    pub kind: SessionKind,
}

/// Hides both.
impl fmt::Debug for PasswordSignIn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PasswordSignIn({:?})", self.kind)
    }
}

/// Signs customers in.
pub struct SignIn(pub(crate) Arc<Context>);

impl SignIn {
    /// A session of its own for each sign-in.
    ///
    /// # Errors
    /// Address and password are not those of an account that can be signed in to; too many guesses; too much to do. Which of the
    /// first it is, neither the answer tells nor the time that it takes.
    #[tracing::instrument(name = "account.sign_in", skip_all)]
    pub async fn run(&self, given: PasswordSignIn<'_>, client: &Client) -> Result<SignedInNow, SignInError> {
        let proved = prove(&self.0, Realm::Customer, (given.email, given.password), client).await?;
        let whose = (proved.who.realm, proved.who.subject);
        let session = new_session(&self.0, whose, given.kind, false, client);
        if !retrying(|| begin_once(&self.0, &proved, &session)).await? {
            return Err(SignInError::Unidentified);
        }
        Ok(issue(&self.0, &session, proved.device).await?)
    }
}

/// The transaction of a sign-in, of either realm.
pub(crate) async fn begin_once(ctx: &Context, proved: &Proved, session: &Session) -> Result<bool, Fault> {
    let tx = ctx.db().write(Durability::Relaxed).await?;
    let mut batch = Batch::new();
    if !begin(ctx, &tx, &proved.who, session, proved.device.is_some(), &mut batch).await? {
        return Ok(false);
    }
    batch.write(&tx).await?;
    tx.commit().await?;
    ctx.jobs_waiting.notify_one();
    Ok(true)
}
