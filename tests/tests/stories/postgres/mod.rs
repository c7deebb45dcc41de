//! What only a Postgres can do to a shop.

mod accounts;
mod admin;
mod checkout_lock;
mod collisions;
mod customers;
mod cut;
mod discounts;
mod fill;
mod locks;
mod nights;
mod oidc;
mod people;
mod plans;
mod replicas;
mod rules;
mod staff;
mod tls;
mod vanished;
