//! The stories a shop must survive, told over real HTTP against the very server that ships: its own database file, the sandbox
//! as card network, a clock that can be moved.

#![allow(clippy::expect_used, reason = "a story that cannot go on should say why, and end")]

mod harness;

mod accounts;
mod accounts_book;
mod accounts_cart;
mod accounts_erasure;
mod accounts_live;
mod accounts_orders;
mod accounts_races;
mod admin_pricing;
mod attacks;
mod attacks_http;
mod bad_input;
mod cart;
mod cookies;
mod currencies;
mod delivery_rates;
mod doctor;
mod expiry;
mod explanation;
mod gift_cards;
mod instances;
mod jobs;
mod limits;
mod live;
mod mail;
mod matrix;
mod media;
mod merchant;
mod metrics;
mod new_passwords;
mod nul;
mod oidc;
mod orders;
mod outside_services;
mod payment;
mod postgres;
mod promotions;
mod promotions_races;
mod redaction;
mod redis;
mod refunds;
mod sameness;
mod sealed_orders;
mod stock;
mod storefront;
mod taxes;
mod traces;
