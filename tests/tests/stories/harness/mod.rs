//! A shop that is really running, and people who buy in it.

#[allow(dead_code, reason = "the drills sell to one country")]
mod abroad;
mod catalog;
mod clock;
#[allow(dead_code, reason = "the drills have no accounts yet")]
mod customer;
mod database;
#[allow(dead_code, reason = "the drills deliver in one way")]
mod delivery;
mod gateway;
#[allow(dead_code, reason = "the drills have no gift cards")]
mod gift_cards;
mod graphql;
#[allow(dead_code, reason = "the drills have no prices of their own yet")]
mod ledgers;
mod live;
#[allow(dead_code, reason = "the drills tell of all of it")]
mod load;
#[allow(dead_code, reason = "the drills have no accounts yet")]
mod mailbox;
mod own_cluster;
#[allow(dead_code, reason = "the drills restart and pause it")]
mod own_postgres;
mod own_redis;
#[allow(dead_code, reason = "the drills tell of all of it")]
mod patient;
mod port;
mod raw;
mod redis;
mod redis_wire;
#[allow(dead_code, reason = "the drills have no prices of their own yet")]
mod rules;
mod scrape;
mod shop;
mod shopper;
mod silent_wire;
#[allow(dead_code, reason = "the drills have no staff yet")]
mod staff;
#[allow(dead_code, reason = "the drills have no taxes of their own")]
mod taxes;
mod webhook;
mod wire;

#[allow(unused_imports, reason = "the drills sell to one country")]
pub(crate) use abroad::place;
pub(crate) use catalog::{Item, Policy};
#[allow(unused_imports, reason = "the drills have no accounts yet")]
pub(crate) use customer::{Customer, PASSWORD, assert_guarded, refusals};
#[allow(unused_imports, reason = "the drills count rows")]
pub(crate) use database::number;
#[allow(unused_imports, reason = "the drills start the program on it")]
pub(crate) use database::of as database_of;
pub(crate) use database::{at, separate, statement};
#[allow(unused_imports, reason = "the drills deliver in one way")]
pub(crate) use delivery::{flat, ways_of};
#[allow(unused_imports, reason = "the drills have no gift cards")]
pub(crate) use gift_cards::Card;
pub(crate) use graphql::Answer;
#[allow(unused_imports, reason = "the drills ask the program")]
pub(crate) use graphql::Endpoint;
pub(crate) use live::{Events, Follower, Socket};
pub(crate) use load::{Load, goods};
pub(crate) use own_cluster::OwnCluster;
pub(crate) use own_postgres::OwnPostgres;
pub(crate) use own_redis::OwnRedis;
#[allow(unused_imports, reason = "the drills have buyers of their own")]
pub(crate) use patient::Patient;
#[allow(unused_imports, reason = "the drills start the program at one")]
pub(crate) use port::free as free_port;
pub(crate) use raw::status;
pub(crate) use redis::hasty;
pub(crate) use redis::of as redis_of;
pub(crate) use redis_wire::{Lost, RedisWire};
#[allow(unused_imports, reason = "the drills have no prices of their own yet")]
pub(crate) use rules::{amount_off, everything, minor, percent_off, steps_of, with};
pub(crate) use scrape::Family;
pub(crate) use shop::{Setup, Shop, Stock};
#[allow(unused_imports, reason = "the drills ask for no cart of their own")]
pub(crate) use shopper::CART;
pub(crate) use shopper::{Placed, Shopper, address};
pub(crate) use silent_wire::SilentWire;
#[allow(unused_imports, reason = "the drills have no staff yet")]
pub(crate) use staff::Staff;
#[allow(unused_imports, reason = "the drills have no taxes of their own")]
pub(crate) use taxes::{rate, zone};
pub(crate) use webhook::{Event, signed};
pub(crate) use wire::{Break, Wire};
