//! How a form has somebody prove once more who they are: by their password, or, where a provider has begun the account and there is no
//! password, by having signed in with that provider a moment ago.

use super::{WRONG_PASSWORD, elsewhere::of_provider};
use crate::{error::PageError, forms::FormPage, http::path, state::Web};
use minijinja::{Value, context};
use stoa_domain::access::SignedIn;
use stoa_services::account::Reproof;

/// What is above a form whose sign-in is too old to do without a password.
const SIGN_IN_AGAIN: &str = "It is a while since you signed in. Please sign in again first, below.";

/// What an account can be proved by.
pub(super) struct Proof {
    has_password: bool,
    /// Ways to sign in again; empty where there is a password.
    again: Vec<Value>,
}

impl Proof {
    /// That of an account, for the form at this address.
    ///
    /// # Errors
    /// The database does not answer.
    pub(super) async fn of(web: &Web, who: SignedIn, form: &[&str]) -> Result<Self, PageError> {
        if web.services().read_customer.has_password(who).await? {
            return Ok(Self { has_password: true, again: Vec::new() });
        }
        let theirs = web.services().identities.list(who).await?;
        let back = path(form, &[]);
        let open = |name: Option<&str>, title: &str| Some(of_provider(name?, title, &back));
        let again = theirs.iter().filter_map(|known| open(known.provider.as_deref(), &known.title));
        Ok(Self { has_password: false, again: again.collect() })
    }

    /// The form again, since it was none.
    pub(super) fn refused(&self) -> FormPage {
        if self.has_password {
            FormPage::beside("password", WRONG_PASSWORD)
        } else {
            FormPage::in_the_way(SIGN_IN_AGAIN)
        }
    }

    /// For a template: `{ has_password, again }`, the latter a list of `{ title, url }`.
    pub(super) fn values(&self) -> Value {
        context! { has_password => self.has_password, again => &self.again }
    }
}

/// By what was typed into a form that asks for a password where there is one.
pub(super) fn typed(password: &str) -> Reproof<'_> {
    Reproof::given(Some(password).filter(|password| !password.is_empty()))
}
