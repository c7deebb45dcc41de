//! How many mails somebody may have sent to an address by asking for them: links to begin an account, to set a password.
//!
//! Whoever asks for more is answered as before, and nothing is sent. That keeps nobody out: what used the address's share up are
//! mails that its owner has got.

use super::{Place, guesses::hashed};
use crate::meters;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use stoa_domain::{
    account::TokenKind,
    limits::{ClientAddress, LimitKey, Quota, RateLimiter},
    shared::{EmailAddress, Fault},
};

const HOUR: Duration = Duration::from_hours(1);

/// Mails that one network asks for, to whomever.
const FROM_ONE: Quota = Quota::new(20, HOUR);
/// Mails of one kind to one address, whoever asks for them.
const TO_ONE: Quota = Quota::new(3, HOUR);

/// The limits on mails that anybody may ask for.
pub struct AskedMail(Arc<dyn RateLimiter>);

impl AskedMail {
    /// Counts in `limiter`.
    pub const fn new(limiter: Arc<dyn RateLimiter>) -> Self {
        Self(limiter)
    }

    /// Whether one more may be sent; then it is counted. The same for an address that has an account and one that has none.
    ///
    /// # Errors
    /// What counts cannot be reached.
    pub async fn take(
        &self,
        client: Option<ClientAddress>,
        kind: TokenKind,
        to: &EmailAddress,
    ) -> Result<bool, Fault> {
        self.count(client, "mail-to", kind, to).await
    }

    /// The same of a mail to a member of staff. Whoever asks for customers' mails to their address uses nothing of this up.
    ///
    /// # Errors
    /// What counts cannot be reached.
    pub(crate) async fn take_of_staff(
        &self,
        client: Option<ClientAddress>,
        kind: TokenKind,
        to: &EmailAddress,
    ) -> Result<bool, Fault> {
        self.count(client, "mail-to-staff", kind, to).await
    }

    async fn count(
        &self,
        client: Option<ClientAddress>,
        counter: &str,
        kind: TokenKind,
        to: &EmailAddress,
    ) -> Result<bool, Fault> {
        let from = Place::new("mail-from", client, FROM_ONE);
        // First: who is stopped here must not use up what the address has.
        if !from.take(&*self.0, 1).await?.is_allowed() {
            meters::mail_withheld();
            tell_of_one_network();
            return Ok(false);
        }
        let to = LimitKey::new(counter, format_args!("{}:{}", kind.name(), hashed(&to.key())));
        Ok(self.0.take(&to, TO_ONE, 1).await?.is_allowed())
    }
}

/// Nobody is told that their mail is not sent, and buyers of a storefront that speaks for all of them come from one network: whoever
/// runs the shop hears of it, once an hour for as long as it goes on.
fn tell_of_one_network() {
    static TOLD: Mutex<Option<Instant>> = Mutex::new(None);
    if is_due(&TOLD, Instant::now()) {
        tracing::warn!(
            "one network has asked for 20 mails of accounts within an hour, and gets no more for now; if that is a storefront's own server or a \
             proxy, name it in server.trusted_proxies, and have it say from where its buyers come"
        );
    }
}

/// Whether it was not told within the last hour; it is now.
fn is_due(told: &Mutex<Option<Instant>>, now: Instant) -> bool {
    let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
    let due = told.is_none_or(|at| now.duration_since(at) >= HOUR);
    if due {
        *told = Some(now);
    }
    due
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::ProcessLimiter;

    #[test]
    fn whoever_runs_the_shop_is_told_once_an_hour() {
        let (told, begun) = (Mutex::new(None), Instant::now());
        let due = |minutes| is_due(&told, begun + Duration::from_mins(minutes));
        assert_eq!(
            [due(0), due(1), due(59), due(60), due(61), due(121)],
            [true, false, false, true, false, true]
        );
    }

    fn client(n: u8) -> Option<ClientAddress> {
        Some(ClientAddress::new([192, 0, 2, n].into()))
    }

    fn to(name: &str) -> EmailAddress {
        EmailAddress::parse(&format!("{name}@example.org")).unwrap()
    }

    fn limits() -> AskedMail {
        AskedMail::new(Arc::new(ProcessLimiter::default()))
    }

    #[tokio::test]
    async fn an_address_gets_three_of_a_kind_however_it_is_written() {
        let limits = limits();
        for (n, name) in ["ada", "Ada", "ADA"].into_iter().enumerate() {
            let n = u8::try_from(n).unwrap();
            assert!(limits.take(client(n), TokenKind::Reset, &to(name)).await.unwrap());
        }
        assert!(!limits.take(client(9), TokenKind::Reset, &to("ada")).await.unwrap());
        assert!(limits.take(client(9), TokenKind::Activate, &to("ada")).await.unwrap(), "another kind");
        assert!(limits.take(client(9), TokenKind::Reset, &to("eve")).await.unwrap(), "another address");
    }

    #[tokio::test]
    async fn who_writes_to_everybody_is_stopped_and_uses_nothing_up() {
        let limits = limits();
        for n in 0..20 {
            assert!(limits.take(client(1), TokenKind::Reset, &to(&format!("buyer-{n}"))).await.unwrap());
        }
        for _ in 0..10 {
            assert!(!limits.take(client(1), TokenKind::Reset, &to("ada")).await.unwrap());
        }
        for n in 2..5 {
            assert!(limits.take(client(n), TokenKind::Reset, &to("ada")).await.unwrap());
        }
    }
}
