//! Documents: guarded before anything looks at them closely, validated once per text, rewritten for execution and kept.

mod cache;
mod cost;
mod expansion;
mod introspection;
mod lexical;
mod masks;
mod mutation_root;
mod normalise;
mod overlap;
mod prepare;
mod prepared;
mod subscription_root;
mod usage;

pub(crate) use self::{
    cache::DocumentCache,
    cost::Unpaged,
    prepare::{Rules, prepare},
    prepared::{PreparedDocument, PreparedOperation},
};
