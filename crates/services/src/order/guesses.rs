//! How often somebody may guess which address belongs to which order.
//!
//! Order numbers follow each other and addresses are no secret, so whoever may try for ever learns what others bought. Only misses
//! count: what is right gives back what it took. Three things are counted, by all instances together:
//!
//! - Whoever guesses, by network. That is what stops a guesser, and it stops nobody else.
//! - What is guessed at, from wherever: an order by its number, a buyer by the address. This bound is much higher, for it is what a
//!   guesser with many networks could use up to keep the buyer out.
//! - Once it is used up, each site has one guess more a day at anything. So the buyer, who knows, is still let in, and a guesser
//!   needs a new site for each guess.
//!
//! The link in the confirmation mail asks for no guess, and always works.

use sha2::{Digest, Sha256};
use std::{sync::Arc, time::Duration};
use stoa_domain::{
    limits::{ClientAddress, Decision, LimitKey, Quota, RateLimiter},
    order::OrderNumber,
    shared::{EmailAddress, Fault},
};

/// Misses from one network.
const FROM_ONE: Quota = Quota::new(10, Duration::from_mins(10));
/// Misses at one order or one buyer, from all networks.
const AT_ONE: Quota = Quota::new(200, DAY);
/// Misses from one site at what is guessed at by many.
const SPARE: Quota = Quota::new(1, DAY);
const DAY: Duration = Duration::from_hours(24);

/// Who guesses if that is not known: all of them are one.
const UNKNOWN: &str = "unknown";

/// The limits on guesses.
pub(crate) struct Guesses(Arc<dyn RateLimiter>);

/// A guess that is allowed, and what it took.
pub(crate) struct Guess(Vec<Take>);

type Take = (LimitKey, Quota);

/// When to try again.
#[derive(Debug)]
pub(crate) struct TooMany(pub(crate) Duration);

impl Guesses {
    pub(crate) const fn new(limiter: Arc<dyn RateLimiter>) -> Self {
        Self(limiter)
    }

    /// Takes what one guess costs.
    pub(crate) async fn begin(
        &self,
        client: Option<ClientAddress>,
        number: OrderNumber,
        email: &EmailAddress,
    ) -> Result<Result<Guess, TooMany>, Fault> {
        let [network, site] = match client {
            Some(client) => [client.network().to_string(), client.site().to_string()],
            None => [UNKNOWN.to_owned(), UNKNOWN.to_owned()],
        };
        let mut guess = Guess(Vec::new());
        if let Err(too_many) = self.take(&mut guess, "guess-from", network, FROM_ONE).await? {
            return Ok(Err(too_many));
        }
        let at_order = self.take(&mut guess, "guess-order", number, AT_ONE).await?;
        let at_buyer = self.take(&mut guess, "guess-buyer", hashed(email), AT_ONE).await?;
        if at_order.and(at_buyer).is_err()
            && let Err(too_many) = self.take(&mut guess, "guess-spare", site, SPARE).await?
        {
            return Ok(Err(too_many));
        }
        Ok(Ok(guess))
    }

    async fn take(
        &self,
        guess: &mut Guess,
        kind: &str,
        of: impl std::fmt::Display,
        quota: Quota,
    ) -> Result<Result<(), TooMany>, Fault> {
        let key = LimitKey::new(kind, of);
        Ok(match self.0.take(&key, quota).await? {
            Decision::Allowed { .. } => {
                guess.0.push((key, quota));
                Ok(())
            }
            Decision::Refused { retry_after } => Err(TooMany(retry_after)),
        })
    }

    /// It was no guess: whoever asked knew.
    pub(crate) async fn forgive(&self, guess: Guess) {
        for (key, quota) in guess.0 {
            if let Err(fault) = self.0.give_back(&key, quota).await {
                tracing::debug!(error = %fault, "a guess that was right counts as one");
            }
        }
    }
}

/// Addresses of buyers are kept nowhere but where they belong.
fn hashed(email: &EmailAddress) -> String {
    hex::encode(&Sha256::digest(email.as_str().to_lowercase())[..16])
}

#[cfg(test)]
mod tests;
