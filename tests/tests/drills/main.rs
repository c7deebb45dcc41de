//! Faults that production brings, played out on purpose, which take too long for every day: `make drill` runs them. One file a drill;
//! each ends with the books balanced and one line of figures, which scripts/drill.sh collects in docs/reliability.md.

#![allow(clippy::expect_used, reason = "a drill that cannot go on should say why, and end")]

#[allow(dead_code, unused_imports, reason = "what drills do not use the stories do")]
#[path = "../stories/harness/mod.rs"]
mod harness;

mod buyers;
mod crowd;
mod hot_item;
mod hunters;
mod killed;
mod many_codes;
mod postgres_pause;
mod postgres_restart;
mod program;
mod ranks;
mod redis;
mod scarce;
mod sign_in_times;
mod sizes;
mod skew;
mod sold_out;
mod stripe;

/// The closing line of a drill: its name, and what happened, with figures.
#[expect(clippy::print_stdout, reason = "scripts/drill.sh reads it")]
fn report(drill: &str, figures: &str) {
    println!("\ndrill: {drill}: {figures}");
}
