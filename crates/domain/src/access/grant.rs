//! Grants, which are permissions as types, and the permit that shows that one was checked.

use super::{Actor, Permission, permission::each_permission};
use std::{fmt, marker::PhantomData, sync::Arc};

/// What an actor must be or have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// This permission.
    Permission(Permission),
    /// To be a member of staff, whatever their roles: for what concerns nobody but themselves.
    Oneself,
    /// To be the shop's owner.
    Ownership,
}

/// A kind of act that not everybody may do. The types are in [`grants`].
pub trait Grant: Send + Sync + 'static {
    /// What the actor must be or have.
    const NEED: Need;
    /// Whether a person must have proved a short while ago to be the one who signed in.
    const STEP_UP: bool;
    /// Whether it is closed to those who have no second factor in a shop that wants one. Open is only what they need to get one.
    const WANTS_MFA: bool = true;
}

/// Shows that the actor may do what `G` stands for. There is no way to make one but [`Actor::permit`]:
///
/// ```
/// use std::sync::Arc;
/// use stoa_domain::access::{AccessRules, Actor, Denied, Permit, grants::ProductsWrite};
/// use stoa_domain::shared::Timestamp;
///
/// fn create_product(by: &Permit<ProductsWrite>) -> String {
///     by.actor().name().to_owned()
/// }
/// fn resolver(actor: &Arc<Actor>, rules: &AccessRules, now: Timestamp) -> Result<String, Denied> {
///     Ok(create_product(&actor.permit::<ProductsWrite>(rules, now)?))
/// }
/// ```
///
/// Neither the permit of something else will do,
///
/// ```compile_fail,E0308
/// use stoa_domain::access::{Permit, grants::{ProductsRead, ProductsWrite}};
///
/// fn create_product(_: &Permit<ProductsWrite>) {}
/// fn resolver(by: &Permit<ProductsRead>) { create_product(by) }
/// ```
///
/// nor one that somebody has made up:
///
/// ```compile_fail,E0451
/// use std::{marker::PhantomData, sync::Arc};
/// use stoa_domain::access::{Actor, Permit, grants::ProductsWrite};
///
/// fn forged(actor: Arc<Actor>) -> Permit<ProductsWrite> {
///     Permit { actor, grant: PhantomData }
/// }
/// ```
pub struct Permit<G> {
    actor: Arc<Actor>,
    grant: PhantomData<fn() -> G>,
}

impl<G: Grant> Permit<G> {
    /// Only for the one who has checked.
    pub(super) const fn checked(actor: Arc<Actor>) -> Self {
        Self { actor, grant: PhantomData }
    }
}

impl<G> Permit<G> {
    /// Who acts: for the audit log.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }
}

impl<G: Grant> fmt::Debug for Permit<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Permit({:?})", G::NEED)
    }
}

/// A type for each kind of act.
pub mod grants {
    use super::{Grant, Need, Permission, each_permission};

    macro_rules! define {
        ($($(#[$doc:meta])* $name:ident = $text:literal $($trait:ident)*;)*) => {$(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub enum $name {}

            impl Grant for $name {
                const NEED: Need = Need::Permission(Permission::$name);
                const STEP_UP: bool = Permission::$name.wants_step_up();
            }
        )*};
    }
    each_permission!(define);

    /// What members of staff do to their own account: their sessions, their name.
    #[derive(Clone, Copy, Debug)]
    pub enum Oneself {}

    impl Grant for Oneself {
        const NEED: Need = Need::Oneself;
        const STEP_UP: bool = false;
    }

    /// Getting oneself a second factor.
    #[derive(Clone, Copy, Debug)]
    pub enum Enrolment {}

    impl Grant for Enrolment {
        const NEED: Need = Need::Oneself;
        const STEP_UP: bool = false;
        const WANTS_MFA: bool = false;
    }

    /// What members of staff do to the ways they sign in: password, second factor, recovery codes.
    #[derive(Clone, Copy, Debug)]
    pub enum OwnCredentials {}

    impl Grant for OwnCredentials {
        const NEED: Need = Need::Oneself;
        const STEP_UP: bool = true;
    }

    /// Giving the shop to another.
    #[derive(Clone, Copy, Debug)]
    pub enum Ownership {}

    impl Grant for Ownership {
        const NEED: Need = Need::Ownership;
        const STEP_UP: bool = true;
    }
}
