//! Codes of an authenticator app (TOTP; RFC 6238): six digits, a new one every thirty seconds.

use crate::random::random;
use secrecy::SecretString;
use std::fmt;
use stoa_domain::shared::{Fault, Timestamp};
use totp_rs::{Builder, Secret, Totp, TotpError};
use zeroize::Zeroizing;

/// As long as RFC 4226 recommends.
const LENGTH: usize = 20;

/// What the app and we share.
pub struct TotpSecret(Zeroizing<[u8; LENGTH]>);

impl TotpSecret {
    /// A new one.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn generate() -> Result<Self, Fault> {
        Ok(Self(Zeroizing::new(random()?)))
    }

    /// One that was kept; of 20 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    /// What is to be kept, sealed.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// For typing into an app: base 32.
    pub fn base32(&self) -> SecretString {
        Secret::from(*self.0).to_base32().into()
    }

    /// For an app to scan: an `otpauth:` URL. A colon has a meaning there, so those of the names become blanks.
    ///
    /// # Errors
    /// There is no account name.
    pub fn url(&self, issuer: &str, account: &str) -> Result<SecretString, Fault> {
        let named = |builder: Builder| {
            builder.with_issuer(Some(issuer.replace(':', " "))).with_account_name(account.replace(':', " "))
        };
        let url = self.totp(named).and_then(|totp| totp.to_url());
        Ok(url.map_err(|e| Fault::internal("writing an otpauth URL", e))?.into())
    }

    /// The step of a code that is right `now`, or was half a minute ago, or will be. Codes of the `last` step that was used
    /// and of those before it are wrong: a code works once. Keep what this returns before letting anybody in.
    pub fn step(&self, code: &str, now: Timestamp, last: Option<i64>) -> Option<i64> {
        let seconds = u64::try_from(now.timestamp()).ok()?;
        // Apps show "123 456"; anything much longer is no code.
        let code: String = code.chars().filter(|c| *c != ' ').take(7).collect();
        let step = self.totp(|builder| builder).ok()?.check(&code, seconds)?;
        let step = i64::try_from(step).ok()?;
        last.is_none_or(|last| step > last).then_some(step)
    }

    /// The code that an app shows at a moment: for whoever stands in for one. `None` before 1970.
    pub fn code(&self, at: Timestamp) -> Option<SecretString> {
        let seconds = u64::try_from(at.timestamp()).ok()?;
        Some(self.totp(|builder| builder).ok()?.generate(seconds).to_string().into())
    }

    /// Six digits, thirty seconds and SHA-1, because that is what every app does, whatever the URL says.
    fn totp(&self, change: impl FnOnce(Builder) -> Builder) -> Result<Totp, TotpError> {
        change(Builder::new().with_skew(1).with_secret(*self.0)).build()
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use proptest::prelude::*;
    use secrecy::ExposeSecret;

    fn at(seconds: i64) -> Timestamp {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn of_the_rfc() -> TotpSecret {
        TotpSecret::from_bytes(b"12345678901234567890").unwrap()
    }

    #[test]
    fn the_vectors_of_rfc_6238() {
        // Appendix B has eight digits; six are the last six of them.
        let vectors = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ];
        for (time, code) in vectors {
            assert_eq!(of_the_rfc().step(code, at(time), None), Some(time / 30), "{code} at {time}");
            assert_eq!(of_the_rfc().code(at(time)).unwrap().expose_secret(), code);
        }
    }

    #[test]
    fn a_code_works_once_and_a_step_early_or_late() {
        let (secret, code, step) = (of_the_rfc(), "005924", 41_152_263);
        let begins = step * 30;
        let right = |seconds: i64, last: Option<i64>| secret.step(code, at(seconds), last);

        assert_eq!(right(begins - 31, None), None);
        assert_eq!(right(begins - 30, None), Some(step));
        assert_eq!(right(begins + 59, None), Some(step));
        assert_eq!(right(begins + 60, None), None);

        assert_eq!(right(begins, Some(step - 1)), Some(step));
        assert_eq!(right(begins, Some(step)), None, "the same code again");
        assert_eq!(right(begins, Some(step + 1)), None, "an older one than was used last");
    }

    #[test]
    fn a_code_is_six_digits_with_or_without_blanks() {
        let now = at(1_234_567_890);
        assert!(of_the_rfc().step("005 924", now, None).is_some());
        for wrong in ["5924", "+05924", "0059240", "005924x", "٠٠٥٩٢٤", "", "005925"] {
            assert_eq!(of_the_rfc().step(wrong, now, None), None, "{wrong}");
        }
        assert_eq!(of_the_rfc().step("005924", at(-1), None), None);
    }

    #[test]
    fn an_app_is_told_what_it_needs() {
        let secret = of_the_rfc();
        assert_eq!(secret.base32().expose_secret(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let url = secret.url("Mugs: and more", "anna@example.org").unwrap();
        let url = url.expose_secret();
        assert!(url.starts_with("otpauth://totp/"), "{url}");
        assert!(url.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "{url}");
        assert!(url.contains("issuer=Mugs%20%20and%20more"), "{url}");
        assert!(secret.url("Mugs", "").is_err());
    }

    #[test]
    fn a_secret_is_kept_as_it_was_and_has_no_debug_text() {
        let secret = TotpSecret::generate().unwrap();
        let kept = TotpSecret::from_bytes(secret.as_bytes()).unwrap();
        assert_eq!(kept.as_bytes(), secret.as_bytes());
        assert!(TotpSecret::from_bytes(&[0; 19]).is_none());
        assert_ne!(TotpSecret::generate().unwrap().as_bytes(), secret.as_bytes());
        assert_eq!(format!("{secret:?}"), "TotpSecret");
    }

    proptest! {
        #[test]
        fn no_text_makes_step_panic(code in ".*", seconds in 0..=4_000_000_000_i64) {
            let taken = of_the_rfc().step(&code, at(seconds), None);
            let digits = code.chars().filter(char::is_ascii_digit).count();
            prop_assert!(taken.is_none() || digits == 6);
        }
    }
}
