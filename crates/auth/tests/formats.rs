//! What stands in databases, cookies and mails must be readable by every version to come. The texts here were made by
//! another program (`hmac`, `hashlib` and `cryptography` of Python), from what the documentation says of them and the root
//! key that is thirty-two times the byte 1.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should end")]

use chrono::{DateTime, TimeDelta};
use secrecy::ExposeSecret;
use stoa_auth::{
    ApiKeyHash, Devices, Presented, PresentedRefresh, Purpose, RecoveryHash, RootKeys, Sealer, Tokens,
};
use uuid::Uuid;

const SALT: [u8; 16] = [3; 16];

fn roots() -> RootKeys {
    RootKeys::parse(&["AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=".into()]).unwrap()
}

#[test]
fn the_name_and_the_proof_of_a_root_key() {
    let roots = roots();
    let (id, proof) = roots.proofs().next().unwrap();
    assert_eq!(id.as_str(), "a2bfbba4");
    assert_eq!(proof, "69f8e8feca68e8acdbda992a2ec81d3d3b850613c9d619c53b3fd43132168c67");
}

#[test]
fn tokens() {
    let tokens = Tokens::new(&roots()).unwrap();
    let id = Uuid::from_u128(7);

    let reset = "AAAAAAAAAAAAAAAAAAAAB27kOSYaXgrAerwe0WQQ6dI3zeJkkrAbNBV4fYFh5hm2";
    assert_eq!(tokens.mint(Purpose::of("reset"), id, &SALT).expose_secret(), reset);
    assert!(tokens.proves(&Presented::parse(Purpose::of("reset"), reset).unwrap(), &SALT));

    let storefront = "stoa_ct_AAAAAAAAAAAAAAAAAAAAB8RiBvVzkqBJnJQdVBIdC9_mpw_HpnDfLc5iNXMO--dB";
    assert_eq!(tokens.mint(Purpose::STOREFRONT, id, &SALT).expose_secret(), storefront);

    let refresh = "stoa_rt_AAAAAAAAAAAAAAAAAAAABwAAACmFZ8JAT5kAdmm9szfdt8NpHFKboW3-UX6B5hEbXtX1FA";
    assert_eq!(tokens.refresh("customer", id, 41, &SALT).expose_secret(), refresh);
    assert!(tokens.proves_refresh(&PresentedRefresh::parse(refresh).unwrap(), "customer", &SALT));
}

#[test]
fn device_tokens() {
    let devices = Devices::new(&roots()).unwrap();
    let (account, device) = (Uuid::from_u128(1), Uuid::from_u128(3));
    let until = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    let token = "stoa_dt_AAAAAAAAAAAAAAAAAAAAAwAAAABrSdIACxgg5f_GOhpvW_6j620eIY766RuqFVK49uGX5DJv6hw";
    assert_eq!(devices.mint("customer", account, device, until).expose_secret(), token);
    assert_eq!(devices.read("customer", account, token, until - TimeDelta::days(1)), Some(device));
}

#[test]
fn sealed_values() {
    let sealed = "s1.a2bfbba4.AAECAwQFBgcICQoLF13T3l7S7J65ws0-31Ds5wrcJzwbSqudkYtmMha-";
    let opened = Sealer::new(&roots()).unwrap().open("customers.phone", Uuid::from_u128(7), sealed).unwrap();
    assert_eq!(opened, b"+49 30 1234567");
}

#[test]
fn hashes_of_api_keys_and_recovery_codes() {
    let key = "stoa_sk_000000000000000000000000000000002wjyrI";
    let hash = "03e0b84f20dca8dab46705f528d2548330708c2f297134a15ec6fa7621a35293";
    assert_eq!(ApiKeyHash::of(key).unwrap().as_str(), hash);

    let hash = "25a7c93ef2fdfb273f9fd63ae6d9deb649f7d5417300bcf4249498378bd2f979";
    assert_eq!(RecoveryHash::of(Uuid::from_u128(1), "k3p9-0xw1-7f2m-q8tn").unwrap().as_str(), hash);
}
