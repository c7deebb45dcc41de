//! What a cart costs: all that the domain's one function asks for is brought together here, once a request and never by line.
//!
//! Rules are in memory by their number ([`RulesStore`]); of a buyer, of codes, of gift cards and of places is read what some rule or the
//! cart itself asks for, and nothing where nobody does: a shop without rules reads nothing. Services outside of the house are asked
//! before anything is written, and never inside a transaction.

mod buyer;
mod buyer_key;
mod groups;
mod inputs;
mod lookup_key;
mod outside;
mod places;
mod reckon;
mod rules;
mod shown;
mod standing;
mod stored_value;

pub(crate) use buyer::{Counted, Whose};
pub(crate) use buyer_key::buyer_keys;
pub use groups::ViewGroup;
pub(crate) use groups::groups;
pub(crate) use inputs::Inputs;
pub(crate) use lookup_key::{LookupKeys, Purpose};
pub(crate) use outside::{Rates, Taxes, ask_carriers, ask_taxes};
pub(crate) use reckon::{Reckoning, Shown};
pub(crate) use rules::{RulesStore, ShopRules};
pub use shown::{ShowPrices, ShownPrices};
pub(crate) use stored_value::card_hash;

#[cfg(test)]
mod tests;
