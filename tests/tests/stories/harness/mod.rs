//! A shop that is really running, and people who buy in it.

mod catalog;
mod clock;
mod database;
mod gateway;
mod graphql;
mod own_cluster;
mod own_redis;
mod redis;
mod redis_wire;
mod shop;
mod shopper;
mod webhook;

pub(crate) use catalog::{Item, Policy};
pub(crate) use graphql::Answer;
pub(crate) use own_cluster::OwnCluster;
pub(crate) use own_redis::OwnRedis;
pub(crate) use redis::hasty;
pub(crate) use redis_wire::{Lost, RedisWire};
pub(crate) use shop::{Setup, Shop, Stock};
pub(crate) use shopper::{Placed, Shopper};
pub(crate) use webhook::{Event, signed};
