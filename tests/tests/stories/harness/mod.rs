//! A shop that is really running, and people who buy in it.

mod catalog;
mod clock;
mod database;
mod gateway;
mod graphql;
mod live;
mod redis;
mod shop;
mod shopper;
mod webhook;

pub(crate) use catalog::{Item, Policy};
pub(crate) use live::{Events, Follower, Socket};
pub(crate) use shop::{Setup, Shop, Stock};
pub(crate) use shopper::{Placed, Shopper};
pub(crate) use webhook::{Event, signed};
