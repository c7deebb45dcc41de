//! The rules of options.

use super::{InvalidProduct, OptionInput, limits, required};
use crate::catalog::fold_key;
use std::collections::HashMap;

/// An option that has passed every rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftOption {
    /// Such as "Size".
    pub name: String,
    /// Its values in order, each once whatever its letter case.
    pub values: Vec<String>,
}

/// Collects an option's values while variants are read: those listed first, then those only variants name.
pub(super) struct ValueCollector {
    name: String,
    values: Vec<String>,
    known: HashMap<String, u16>,
}

impl ValueCollector {
    /// The index of a value, which is added when new. `None` when there are too many.
    pub(super) fn index(&mut self, value: &str) -> Option<u16> {
        let key = fold_key(value);
        if let Some(index) = self.known.get(&key) {
            return Some(*index);
        }
        let index = u16::try_from(self.values.len()).ok()?;
        self.known.insert(key, index);
        self.values.push(value.to_owned());
        Some(index)
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The value with an index that [`ValueCollector::index`] gave.
    pub(super) fn value(&self, index: u16) -> &str {
        self.values.get(usize::from(index)).map_or("", String::as_str)
    }

    pub(super) fn finish(self) -> DraftOption {
        DraftOption { name: self.name, values: self.values }
    }
}

/// Checks the options; a product without any gets "Title".
pub(super) fn check(options: &[OptionInput]) -> Result<Vec<ValueCollector>, InvalidProduct> {
    if options.len() > limits::OPTIONS {
        return Err(InvalidProduct::TooMany { what: "options", max: limits::OPTIONS });
    }
    if options.is_empty() {
        return collector(&OptionInput { name: "Title".to_owned(), values: Vec::new() })
            .map(|title| vec![title]);
    }
    let mut checked: Vec<ValueCollector> = Vec::with_capacity(options.len());
    for option in options {
        let option = collector(option)?;
        if checked.iter().any(|known| fold_key(&known.name) == fold_key(&option.name)) {
            return Err(InvalidProduct::DuplicateOption(option.name));
        }
        checked.push(option);
    }
    Ok(checked)
}

fn collector(option: &OptionInput) -> Result<ValueCollector, InvalidProduct> {
    let name = required("option name", &option.name)?;
    if option.values.len() > limits::VARIANTS {
        return Err(InvalidProduct::TooMany { what: "values of an option", max: limits::VARIANTS });
    }
    let mut collector = ValueCollector { name, values: Vec::new(), known: HashMap::new() };
    for (n, value) in option.values.iter().enumerate() {
        let value = required("option value", value)?;
        if collector.index(&value).map(usize::from) != Some(n) {
            return Err(InvalidProduct::DuplicateValue { option: collector.name, value });
        }
    }
    Ok(collector)
}
