//! How often somebody may guess: which address belongs to which order, a password, a code.
//!
//! Only misses count: what is right gives back what it took. Counted are, by all instances together and for each kind by itself:
//!
//! - Whoever guesses, by network. That is what stops a guesser, and it stops nobody else.
//! - What is guessed at, from wherever: an order, a buyer, an account. This bound is much higher, for it is what a guesser with many
//!   networks could use up to keep out whom it belongs to.
//! - Once it is used up, each site has three guesses more a day at it, and twenty at all. So whoever knows is still let in, and may
//!   mistype; a guesser needs a new site for every few guesses. Of codes there are too few for that.
//! - A browser that has signed in to the account before, by itself. It is let in whatever others have used up, on its own network
//!   and everywhere else; once it has used up its own it is a stranger like any other.
//!
//! Nothing is ever marked as locked, and nothing here depends on whether what is guessed at exists.

use sha2::{Digest, Sha256};
use std::{fmt, sync::Arc, time::Duration};
use stoa_domain::{
    account::Realm,
    limits::{ClientAddress, Decision, LimitKey, Quota, RateLimiter},
    shared::Fault,
};
use uuid::Uuid;

const DAY: Duration = Duration::from_hours(24);
const HOUR: Duration = Duration::from_hours(1);

/// Misses from one network.
const FROM_ONE: Quota = Quota::new(10, Duration::from_mins(10));
/// Misses of one browser that is known.
const OF_DEVICE: Quota = Quota::new(10, HOUR);
/// Misses from one site at one thing that is guessed at by many: whoever knows mistypes, too.
const SPARE: Quota = Quota::new(3, DAY);
/// Misses from one site at all that is guessed at by many: colleagues do not use up each other's, and a guesser finds no more by trying
/// everybody.
const SPARE_OF_SITE: Quota = Quota::new(20, DAY);

/// What is guessed. Misses of one kind say nothing of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GuessKind {
    /// Which address belongs to which order.
    Order,
    /// The password of an account.
    SignIn(Realm),
    /// The second factor of an account, by whoever has the first.
    Code(Realm),
}

impl GuessKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::SignIn(Realm::Customer) => "customer-sign-in",
            Self::SignIn(Realm::Staff) => "staff-sign-in",
            Self::Code(Realm::Customer) => "customer-code",
            Self::Code(Realm::Staff) => "staff-code",
        }
    }

    /// Misses at one of them, from all networks.
    const fn at_one(self) -> Quota {
        match self {
            Self::Order => Quota::new(200, DAY),
            Self::SignIn(_) => Quota::new(100, DAY),
            Self::Code(_) => Quota::new(10, HOUR),
        }
    }

    /// What each site has when that is used up. Of a million codes three are right at any time: with a guess more for each site
    /// whoever has the password and enough sites would find one. They alone can use the codes up, and a new password stops them.
    const fn spare(self) -> Option<Quota> {
        match self {
            Self::Order | Self::SignIn(_) => Some(SPARE),
            Self::Code(_) => None,
        }
    }
}

/// The limits on guesses.
pub struct Guesses(Arc<dyn RateLimiter>);

/// A guess that is allowed, and what it took.
#[derive(Debug)]
pub struct Guess(Vec<(LimitKey, Quota)>);

/// When to try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany(pub Duration);

impl Guesses {
    /// Counts in `limiter`.
    pub const fn new(limiter: Arc<dyn RateLimiter>) -> Self {
        Self(limiter)
    }

    /// Takes what one guess costs. `targets` are what is guessed at, such as an account's address in the form in which two are the
    /// same; they are kept as hashes, and no longer than they count. `client` is who guesses; all of whom that is not known are
    /// one. `device` is the browser, if it has proved that it was let in to this very target before.
    ///
    /// To be called before the guess is looked at, or of many at once all would be.
    ///
    /// # Errors
    /// What counts cannot be reached.
    pub async fn begin(
        &self,
        client: Option<ClientAddress>,
        kind: GuessKind,
        targets: &[&str],
        device: Option<Uuid>,
    ) -> Result<Result<Guess, TooMany>, Fault> {
        let mut guess = Guess(Vec::new());
        if let Some(device) = device
            && self.take(&mut guess, "guess-device", kind, device, OF_DEVICE).await?.is_ok()
        {
            return Ok(Ok(guess));
        }
        let allowed = self.begin_unknown(&mut guess, places(client), kind, targets).await?;
        if let Err(too_many) = allowed {
            // What was refused was no guess, and takes nothing from whoever else is on the same network.
            self.forgive(guess).await;
            return Ok(Err(too_many));
        }
        Ok(Ok(guess))
    }

    async fn begin_unknown(
        &self,
        guess: &mut Guess,
        [network, site]: [String; 2],
        kind: GuessKind,
        targets: &[&str],
    ) -> Result<Result<(), TooMany>, Fault> {
        if let Err(too_many) = self.take(guess, "guess-from", kind, network, FROM_ONE).await? {
            return Ok(Err(too_many));
        }
        let mut used_up = Vec::new();
        for target in targets {
            let target = hashed(target);
            if let Err(too_many) = self.take(guess, "guess-at", kind, &target, kind.at_one()).await? {
                used_up.push((target, too_many));
            }
        }
        // Either will do: that a target's own guesses come back, or that one is to spare again.
        let Some(all_back) = used_up.iter().map(|(_, TooMany(back))| *back).max() else { return Ok(Ok(())) };
        for (target, TooMany(back)) in &used_up {
            let Some(spare) = kind.spare() else { return Ok(Err(TooMany(all_back))) };
            let of = format!("{site}:{target}");
            if let Err(TooMany(spare)) = self.take(guess, "guess-spare", kind, of, spare).await? {
                return Ok(Err(TooMany(spare.min(*back))));
            }
        }
        let of_site = self.take(guess, "guess-spare-of", kind, site, SPARE_OF_SITE).await?;
        Ok(of_site.map_err(|TooMany(spare)| TooMany(spare.min(all_back))))
    }

    async fn take(
        &self,
        guess: &mut Guess,
        counter: &str,
        kind: GuessKind,
        of: impl fmt::Display,
        quota: Quota,
    ) -> Result<Result<(), TooMany>, Fault> {
        let key = LimitKey::new(counter, format_args!("{}:{of}", kind.name()));
        Ok(match self.0.take(&key, quota, 1).await? {
            Decision::Allowed { .. } => {
                guess.0.push((key, quota));
                Ok(())
            }
            Decision::Refused { retry_after } => Err(TooMany(retry_after)),
            // Of one unit nobody says so; if they do, it is no leave to guess.
            Decision::TooMuch => Err(TooMany(quota.window())),
        })
    }

    /// It was no guess: whoever asked knew.
    pub async fn forgive(&self, guess: Guess) {
        for (key, quota) in guess.0 {
            if let Err(fault) = self.0.give_back(&key, quota, 1).await {
                tracing::debug!(error = %fault, "a guess that was right counts as one");
            }
        }
    }
}

/// Network and site of a client.
fn places(client: Option<ClientAddress>) -> [String; 2] {
    [network(client), client.map_or_else(|| super::UNKNOWN.to_owned(), |client| client.site().to_string())]
}

/// The network of a client.
pub(super) fn network(client: Option<ClientAddress>) -> String {
    client.map_or_else(|| super::UNKNOWN.to_owned(), |client| client.network().to_string())
}

/// Addresses of people are kept nowhere but where they belong.
pub(super) fn hashed(target: &str) -> String {
    hex::encode(&Sha256::digest(target)[..16])
}

#[cfg(test)]
mod tests;
