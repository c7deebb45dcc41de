//! Device tokens: that a browser has signed in to an account before. It opens nothing; it has a quota of guesses of its own,
//! so that whoever uses up everybody else's does not lock its owner out.

use crate::{
    mac::Mac,
    root_key::RootKeys,
    token::{decode, encode},
};
use chrono::DateTime;
use secrecy::SecretString;
use stoa_domain::shared::{Fault, Timestamp};
use uuid::Uuid;

const PREFIX: &str = "stoa_dt_";
const ID: usize = 16;
const UNTIL: usize = 8;

/// Makes device tokens and tells whether one is ours. Nothing of them is kept.
#[derive(Clone, Debug)]
pub struct Devices(Mac);

impl Devices {
    /// Makes them under the newest root key, knows those of each.
    ///
    /// # Errors
    /// None that is known; deriving a key has no place to panic.
    pub fn new(roots: &RootKeys) -> Result<Self, Fault> {
        Ok(Self(Mac::new(roots, "devices")?))
    }

    /// A token for a browser that signs in to an account of this realm, good `until` then (in whole seconds).
    pub fn mint(&self, realm: &str, account: Uuid, device: Uuid, until: Timestamp) -> SecretString {
        let until = until.timestamp().to_be_bytes();
        let tag = self.0.sign(&parts(realm, &account, &device, &until));
        encode(PREFIX, &[device.as_bytes().as_slice(), &until].concat(), &tag)
    }

    /// The device, if this token was given out for this account and is not over.
    pub fn read(&self, realm: &str, account: Uuid, text: &str, now: Timestamp) -> Option<Uuid> {
        let (head, tag) = decode::<{ ID + UNTIL }, { ID + UNTIL + 32 }>(PREFIX, text)?;
        let (device, until) = head.split_first_chunk::<ID>()?;
        let device = Uuid::from_bytes(*device);
        let until: [u8; UNTIL] = until.try_into().ok()?;
        let genuine = self.0.verify(&parts(realm, &account, &device, &until), &tag);
        let ends_at = DateTime::from_timestamp(i64::from_be_bytes(until), 0)?;
        (genuine && now < ends_at).then_some(device)
    }
}

fn parts<'a>(realm: &'a str, account: &'a Uuid, device: &'a Uuid, until: &'a [u8; UNTIL]) -> [&'a [u8]; 4] {
    [realm.as_bytes(), account.as_bytes(), device.as_bytes(), until]
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use proptest::prelude::*;
    use secrecy::ExposeSecret;

    const ALICE: Uuid = Uuid::from_u128(1);
    const BOB: Uuid = Uuid::from_u128(2);
    const LAPTOP: Uuid = Uuid::from_u128(3);

    fn devices() -> Devices {
        Devices::new(&RootKeys::generate().unwrap().0).unwrap()
    }

    #[test]
    fn a_device_is_known_to_its_account_until_its_time_is_over() {
        let devices = devices();
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let until = now + TimeDelta::days(365);
        let token = devices.mint("customer", ALICE, LAPTOP, until);
        let token = token.expose_secret();

        assert_eq!(devices.read("customer", ALICE, token, now), Some(LAPTOP));
        assert_eq!(devices.read("customer", BOB, token, now), None);
        assert_eq!(devices.read("staff", ALICE, token, now), None);
        assert_eq!(devices.read("customer", ALICE, token, until - TimeDelta::seconds(1)), Some(LAPTOP));
        assert_eq!(devices.read("customer", ALICE, token, until), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_read_panic_or_is_taken(text in "(stoa_dt_)?[A-Za-z0-9_-]{0,100}|.*") {
            prop_assert_eq!(devices().read("customer", ALICE, &text, DateTime::UNIX_EPOCH), None);
        }
    }
}
