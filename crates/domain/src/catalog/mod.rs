//! Products, variants, collections: what a shop offers.
