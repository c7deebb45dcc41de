//! How long checking an access token takes: the first time, when its signature is verified, and again, when it is
//! remembered. `cargo run --release -p stoa-auth --example token_check`; prints microseconds, as JSON.

use chrono::{DateTime, TimeDelta};
use std::{error::Error, hint::black_box, time::Instant};
use stoa_auth::{Claims, Signer, SigningKey};
use uuid::Uuid;

/// Fewer than are remembered.
const TOKENS: u32 = 2_000;
/// How often a token is used before another one takes its place, ten minutes later.
const USES: u32 = 100;

#[expect(clippy::print_stdout, reason = "printing them is what it is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let now = DateTime::from_timestamp(1_800_000_000, 0).ok_or("no such time")?;
    let (key, _) = SigningKey::generate()?;
    let signer = Signer::new("https://shop.example", key, Vec::new());
    let sign = |number: u32| {
        signer.sign(&Claims {
            subject: Uuid::from_u128(number.into()),
            session: Uuid::from_u128(number.into()),
            realm: "customer".to_owned(),
            issued_at: now,
            expires_at: now + TimeDelta::minutes(10),
            id: Uuid::from_u128(number.into()),
        })
    };
    let tokens = (0..TOKENS).map(sign).collect::<Result<Vec<String>, _>>()?;

    let first = measure(&signer, &tokens, 1, now)?;
    let again = measure(&signer, &tokens, USES, now)?;
    let uses = f64::from(USES);
    let mixed = (first + again * (uses - 1.0)) / uses;
    println!(r#"{{"first_us":{first:.2},"again_us":{again:.3},"mean_of_{USES}_uses_us":{mixed:.3}}}"#);
    Ok(())
}

/// Microseconds a check.
fn measure(
    signer: &Signer,
    tokens: &[String],
    times: u32,
    now: stoa_domain::shared::Timestamp,
) -> Result<f64, Box<dyn Error>> {
    let began = Instant::now();
    for _ in 0..times {
        for token in tokens {
            black_box(signer.check(black_box(token), now)?);
        }
    }
    Ok(began.elapsed().as_secs_f64() * 1e6 / f64::from(times) / f64::from(TOKENS))
}
