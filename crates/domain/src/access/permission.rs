//! What staff and keys may be allowed: one list, of which the permissions and their grants are made.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Hands the list of permissions to a macro. `step_up`: wants a recent proof of who is at the keyboard. `people`: never a key's.
macro_rules! each_permission {
    ($then:ident) => {
        $then! {
            /// Reads products and collections, unpublished ones too.
            ProductsRead = "products:read";
            /// Writes products and collections.
            ProductsWrite = "products:write";
            /// Reads stock.
            InventoryRead = "inventory:read";
            /// Counts and corrects stock.
            InventoryWrite = "inventory:write";
            /// Reads orders, with what they say of buyers.
            OrdersRead = "orders:read";
            /// Cancels orders.
            OrdersWrite = "orders:write";
            /// Gives money back.
            OrdersRefund = "orders:refund" step_up;
            /// Says what was sent.
            FulfillmentsWrite = "fulfillments:write";
            /// Reads customers.
            CustomersRead = "customers:read";
            /// Changes customers, their groups and tags.
            CustomersWrite = "customers:write";
            /// Takes a customer's personal data away for good.
            CustomersErase = "customers:erase" step_up;
            /// Takes customers' personal data out of the house.
            CustomersExport = "customers:export" step_up;
            /// Uploads files.
            MediaWrite = "media:write";
            /// Reads the jobs of the outbox.
            JobsRead = "jobs:read";
            /// Tries jobs again, or drops them.
            JobsWrite = "jobs:write";
            /// Reads the shop's settings.
            SettingsRead = "settings:read";
            /// Reads who is on the staff.
            StaffRead = "staff:read";
            /// Invites, disables and changes staff.
            StaffWrite = "staff:write" step_up people;
            /// Reads roles.
            RolesRead = "roles:read";
            /// Makes and changes roles.
            RolesWrite = "roles:write" step_up people;
            /// Reads which API keys there are.
            ApiKeysRead = "api_keys:read";
            /// Makes and revokes API keys.
            ApiKeysWrite = "api_keys:write" step_up people;
            /// Reads the audit log.
            AuditRead = "audit:read";
            /// Takes the audit log out of the house.
            AuditExport = "audit:export" step_up;
            /// Reads promotions and their codes.
            PromotionsRead = "promotions:read";
            /// Writes promotions, makes codes.
            PromotionsWrite = "promotions:write";
            /// Reads price lists, markets and exchange rates.
            PricesRead = "prices:read";
            /// Writes price lists, markets and exchange rates.
            PricesWrite = "prices:write";
            /// Reads taxes.
            TaxesRead = "taxes:read";
            /// Writes taxes, and how prices are reckoned.
            TaxesWrite = "taxes:write";
            /// Reads ways of delivering.
            DeliveryRead = "delivery:read";
            /// Writes ways of delivering.
            DeliveryWrite = "delivery:write";
            /// Reads gift cards and store credit.
            GiftCardsRead = "gift_cards:read";
            /// Makes gift cards, changes what is on them.
            GiftCardsWrite = "gift_cards:write" step_up;
        }
    };
}
pub(super) use each_permission;

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal $($trait:ident)*;)*) => {
        /// One thing that can be allowed. A scope of an API key is one, too. To write does not include to read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Permission {
            $($(#[$doc])* $name,)*
        }

        impl Permission {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name it is stored and shown under.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// Whether a person who uses it must have proved a short while ago to be the one who signed in.
            pub const fn wants_step_up(self) -> bool {
                match self { $(Self::$name => permissions!(@has step_up $($trait)*),)* }
            }

            /// Whether an API key may have it. What decides who is on the staff and what they may do is for people alone: a key that
            /// leaks must not make others.
            pub const fn fits_keys(self) -> bool {
                match self { $(Self::$name => !permissions!(@has people $($trait)*),)* }
            }
        }
    };
    (@has step_up step_up $($rest:ident)*) => { true };
    (@has people people $($rest:ident)*) => { true };
    (@has $which:ident $other:ident $($rest:ident)*) => { permissions!(@has $which $($rest)*) };
    (@has $which:ident) => { false };
}
each_permission!(permissions);

impl Permission {
    /// Reads [`name`](Self::name) back; `None` for one that did not exist when this was written.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|p| p.name() == name)
    }

    const fn bit(self) -> u64 {
        1 << self as u32
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of permissions. Kept and sent as the sorted list of their names; names that a newer version wrote are left out.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<String>")]
pub struct Permissions(u64);

const _: () = assert!(Permission::ALL.len() <= u64::BITS as usize, "a permission is a bit");

impl Permissions {
    /// None.
    pub const NONE: Self = Self(0);
    /// All there are.
    pub const ALL: Self = Self::of(Permission::ALL);

    /// These.
    pub const fn of(permissions: &[Permission]) -> Self {
        let (mut bits, mut rest) = (0, permissions);
        while let [first, others @ ..] = rest {
            bits |= first.bit();
            rest = others;
        }
        Self(bits)
    }

    /// Those of them that an API key may have.
    #[must_use]
    pub fn for_keys(self) -> Self {
        self.iter().filter(|p| p.fits_keys()).collect()
    }

    /// Whether it is one of them.
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    /// Whether all of the others are among them.
    pub const fn contains_all(self, others: Self) -> bool {
        others.0 & !self.0 == 0
    }

    /// Those of both.
    #[must_use]
    pub const fn with(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Those that are not among the others.
    #[must_use]
    pub const fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |p| self.contains(*p))
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<T: IntoIterator<Item = Permission>>(permissions: T) -> Self {
        Self(permissions.into_iter().fold(0, |bits, p| bits | p.bit()))
    }
}

impl From<Vec<String>> for Permissions {
    fn from(names: Vec<String>) -> Self {
        names.iter().filter_map(|name| Permission::from_name(name)).collect()
    }
}

impl From<Permissions> for Vec<String> {
    fn from(permissions: Permissions) -> Self {
        let mut names: Self = permissions.iter().map(|p| p.name().to_owned()).collect();
        names.sort_unstable();
        names
    }
}

impl fmt::Debug for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Permission::name)).finish()
    }
}
