//! What a provider sends back by way of the browser.

use crate::{Untrusted, apple::Names, provider::ExchangeError};
use std::fmt;
use stoa_domain::shared::Fault;
use url::form_urlencoded;

/// No answer is longer; codes and states take some hundred bytes.
const MOST_BYTES: usize = 16 * 1024;

/// What a provider sends back by way of the browser: as a query, or as a form that the browser posts. Anybody can send
/// anything; nothing of it is believed before [`OidcProvider::exchange`](crate::OidcProvider::exchange).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Callback {
    state: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) issuer: Option<String>,
    error: Option<String>,
    user: Option<String>,
}

impl Callback {
    /// Reads a query or a form's body (`application/x-www-form-urlencoded`). What we do not know is left aside.
    ///
    /// # Errors
    /// [`Untrusted::Malformed`]: it is longer than 16 KiB, or says something twice, which is how one reader is made to see
    /// another answer than the next (RFC 6749, section 3.1).
    pub fn parse(form: &str) -> Result<Self, Untrusted> {
        if form.len() > MOST_BYTES {
            return Err(Untrusted::Malformed);
        }
        let mut callback = Self::default();
        for (name, value) in form_urlencoded::parse(form.as_bytes()) {
            let field = match &*name {
                "state" => &mut callback.state,
                "code" => &mut callback.code,
                "iss" => &mut callback.issuer,
                "error" => &mut callback.error,
                "user" => &mut callback.user,
                _ => continue,
            };
            if field.replace(value.into_owned()).is_some() {
                return Err(Untrusted::Malformed);
            }
        }
        Ok(callback)
    }

    /// Which attempt it claims to answer.
    pub fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }

    /// What it says instead of a code, if it says so. Both at once are an error.
    pub(crate) fn refusal(&self) -> Option<ExchangeError> {
        let error = match self.error.as_deref()? {
            // The person, or the provider for them: they are told that nothing happened, and may begin anew.
            "access_denied"
            | "user_cancelled_authorize"
            | "login_required"
            | "interaction_required"
            | "consent_required"
            | "account_selection_required" => return Some(ExchangeError::Denied),
            "server_error" => "server_error",
            "temporarily_unavailable" => "temporarily_unavailable",
            // We asked for something wrong: only the settings or a programmer can mend that.
            "invalid_request" => "invalid_request",
            "unauthorized_client" => "unauthorized_client",
            "unsupported_response_type" => "unsupported_response_type",
            "invalid_scope" => "invalid_scope",
            // A word that nobody knows is not repeated, not even to the log: it may be any text.
            _ => return Some(ExchangeError::Untrusted(Untrusted::Malformed)),
        };
        Some(ExchangeError::Fault(Fault::unavailable("signing in with an OpenID provider", error)))
    }

    /// The names that Apple sends beside the code, the first time somebody signs in, and never again. Nobody signs them.
    pub(crate) fn names(&self) -> Names {
        self.user.as_deref().map(Names::read).unwrap_or_default()
    }
}

/// Hides the code, which is worth an identity, and the person.
impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callback")
            .field("has_code", &self.code.is_some())
            .field("has_error", &self.error.is_some())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_domain::shared::FaultKind;

    fn parsed(form: &str) -> Callback {
        Callback::parse(form).unwrap()
    }

    #[test]
    fn a_query_and_a_form_read_alike() {
        let callback =
            parsed("code=a%2Fb+c&state=s&iss=https%3A%2F%2Fid.example&session_state=x&scope=openid");
        assert_eq!(callback.state(), Some("s"));
        assert_eq!(callback.code.as_deref(), Some("a/b c"));
        assert_eq!(callback.issuer.as_deref(), Some("https://id.example"));
        assert!(callback.refusal().is_none());
        assert_eq!(parsed(""), Callback::default());
    }

    #[test]
    fn what_is_said_twice_or_without_end_is_not_read() {
        for twice in ["code=a&code=b", "state=a&state=a", "iss=a&iss=b", "error=a&error=b"] {
            assert_eq!(Callback::parse(twice), Err(Untrusted::Malformed), "{twice}");
        }
        assert_eq!(Callback::parse(&format!("code={}", "a".repeat(16 * 1024))), Err(Untrusted::Malformed));
        // What we do not read may come as often as it likes.
        assert!(Callback::parse("scope=a&scope=b").is_ok());
    }

    #[test]
    fn a_refusal_is_the_persons_the_providers_or_nonsense() {
        for word in ["access_denied", "user_cancelled_authorize"] {
            let refusal = parsed(&format!("error={word}&error_description=No")).refusal();
            assert!(matches!(refusal, Some(ExchangeError::Denied)), "{word}");
        }
        for word in ["server_error", "invalid_scope"] {
            let refusal = parsed(&format!("error={word}")).refusal();
            let Some(ExchangeError::Fault(fault)) = refusal else { panic!("{word}") };
            assert_eq!(fault.kind(), FaultKind::Unavailable);
            assert!(fault.to_string().contains(word));
        }
        let nonsense = parsed("error=%0Afake+log+line").refusal();
        assert!(matches!(nonsense, Some(ExchangeError::Untrusted(Untrusted::Malformed))));
    }

    #[test]
    fn debug_shows_neither_code_nor_person() {
        let callback = parsed("code=c0de&state=st4te&user=%7B%22email%22%3A%22ada%40example.org%22%7D");
        let text = format!("{callback:?}");
        for hidden in ["c0de", "st4te", "ada"] {
            assert!(!text.contains(hidden), "{text}");
        }
    }
}
