//! What the staff do to what the shop has.

mod archives;
mod attention;
mod cancels;
mod codes;
mod collections;
mod customers;
mod deliveries;
mod erased;
mod fulfils;
mod gift_cards;
mod jobs;
mod markets;
mod orders;
mod previews;
mod price_lists;
mod pricing_settings;
mod products;
mod promotions;
mod refunds;
mod shop;
mod stock;
mod taxes;
