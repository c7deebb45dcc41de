//! The language of the `query` argument, a subset of the search syntax of the Shopify API.
//!
//! | written | means |
//! |---|---|
//! | `blue mug` | products with both words, in title, product type, vendor, tags, option values, SKUs or barcodes |
//! | `"blue mug"` | the same: words count, not their order |
//! | `mug*` | a word that begins so |
//! | `blue OR red`, `blue AND mug` | either; both. `AND`, which may be left out, binds more tightly than `OR` |
//! | `-blue`, `NOT blue` | not so |
//! | `(blue OR red) mug` | parentheses group |
//! | `title:mug` | a word of the title |
//! | `vendor:"Kiln & Co"`, `product_type:`, `tag:`, `sku:`, `handle:` | the whole value, in any letter case; `*` at the end as above |
//! | `vendor:*` | a value that is not empty |
//! | `available_for_sale:true` | whether a variant can be bought, by the shop's stock |
//! | `variants.price:>=10.50` | whether a variant's price is so; also `<`, `<=`, `>`, and none for equal |
//! | `created_at:>2026-01-31`, `updated_at:` | times as `2026-01-31` (that whole day) or `2026-01-31T12:00:00Z` |
//! | `\:`, `\"`, `\-` | the character itself |
//!
//! Shoppers type into search boxes, so every text is a query and none is an error: an unfinished quotation ends with
//! the text, a parenthesis without its partner and an operator without its operands are passed over, and a field that
//! does not exist is searched as words (`size:xl` finds `size` and `xl`). A value that its field cannot have
//! (`variants.price:cheap`) matches nothing. Only a text beyond the [bounds](limits) is refused.

mod flat;
mod lexer;
mod parser;
mod term;

pub use flat::{FlatTerm, NotFlat, flat_terms};
pub use term::{Comparison, Moments, SearchTerm, TermField, TextField, Word};

use lexer::tokens;

/// The bounds of a query, so that no text is costly to read or to run.
pub mod limits {
    /// Bytes.
    pub const LENGTH: usize = 2_048;
    /// Words and fields.
    pub const TERMS: usize = 64;
    /// Parentheses within parentheses, and negations of negations.
    pub const DEPTH: usize = 16;
}

/// A query that is longer, or has more terms, or is more deeply nested than [`limits`] allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the search query is too complex")]
pub struct QueryTooComplex;

/// What products are searched for. Equal queries find equal products, however they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum SearchQuery {
    /// Everything.
    #[default]
    All,
    /// What every part finds; at least two parts.
    And(Vec<SearchQuery>),
    /// What any part finds; at least two parts.
    Or(Vec<SearchQuery>),
    /// What the part does not find.
    Not(Box<SearchQuery>),
    /// What one term finds.
    Term(SearchTerm),
}

impl SearchQuery {
    /// Reads a query. Prices in it have at most `exponent` decimals, as the shop's currency has.
    ///
    /// # Errors
    /// It is beyond the bounds; no other text is an error.
    pub fn parse(text: &str, exponent: u32) -> Result<Self, QueryTooComplex> {
        if text.len() > limits::LENGTH {
            return Err(QueryTooComplex);
        }
        parser::parse(&tokens(text), exponent)
    }

    /// The words in it that a product is found by rather than excluded by: what relevance is judged by.
    pub fn words(&self) -> Vec<&Word> {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().flat_map(Self::words).collect(),
            Self::Term(SearchTerm::Word { word, .. }) => vec![word],
            Self::All | Self::Not(_) | Self::Term(_) => Vec::new(),
        }
    }

    /// Whether what it finds depends on the stock, which changes without the catalogue's changing.
    pub fn asks_for_stock(&self) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().any(Self::asks_for_stock),
            Self::Not(part) => part.asks_for_stock(),
            Self::Term(term) => matches!(term, SearchTerm::Available(_)),
            Self::All => false,
        }
    }
}

#[cfg(test)]
mod tests;
