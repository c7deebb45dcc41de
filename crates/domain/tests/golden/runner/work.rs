//! The table `[work]`: lines `name = "expression = value"`, in any order, each of which must be true and needed.

use super::{
    arithmetic::{Kind, evaluate},
    currency::Currency,
    fraction::Fraction,
};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) struct Work<'a> {
    lines: &'a BTreeMap<String, String>,
    currency: Currency,
    needed: BTreeSet<String>,
}

impl<'a> Work<'a> {
    pub(crate) const fn new(lines: &'a BTreeMap<String, String>, currency: Currency) -> Self {
        Self { lines, currency, needed: BTreeSet::new() }
    }

    /// An expected figure: a sum of names.
    ///
    /// # Errors
    /// Where it is made of anything else, or of a line that does not exist.
    pub(crate) fn figure(&mut self, text: &str) -> Result<Fraction, String> {
        let currency = self.currency;
        evaluate(text, currency, Kind::Figure, &mut |name| self.named(name))
            .map_err(|why| format!("\"{text}\": {why}"))
    }

    /// The value of a line, as it is written; whether it is true is `faults`' to say.
    fn named(&mut self, name: &str) -> Result<Fraction, String> {
        let line = self.lines.get(name).ok_or(format!("[work] has no {name}"))?;
        self.needed.insert(name.to_owned());
        halves(line).map(|(_, value)| value)
    }

    /// Every line that is false, and after all figures were asked for every line that nobody needed.
    pub(crate) fn faults(&mut self) -> Vec<String> {
        let mut faults: Vec<String> = self.lines.keys().filter_map(|name| self.is_true(name).err()).collect();
        faults.extend(self.circles());
        let needed = &self.needed;
        faults.extend(
            self.lines
                .keys()
                .filter(|name| !needed.contains(*name))
                .map(|name| format!("nothing needs [work] {name}")),
        );
        if self.lines.is_empty() {
            faults.push("there is no [work]: every amount has its arithmetic".to_owned());
        }
        faults
    }

    fn is_true(&mut self, name: &str) -> Result<(), String> {
        let line = &self.lines[name];
        let told = |why: String| format!("[work] {name}: {why}");
        let (expression, value) = halves(line).map_err(told)?;
        let currency = self.currency;
        let found =
            evaluate(expression, currency, Kind::Work, &mut |other| self.named(other)).map_err(told)?;
        if found == value { Ok(()) } else { Err(told(format!("{expression} is {found}, not {value}"))) }
    }

    /// A line that leans on itself proves nothing, since each takes the others' values as they are written.
    fn circles(&self) -> Vec<String> {
        let mut settled = BTreeSet::new();
        loop {
            let more: Vec<&String> = self
                .lines
                .iter()
                .filter(|(name, line)| !settled.contains(*name) && self.names_in(line).is_subset(&settled))
                .map(|(name, _)| name)
                .collect();
            if more.is_empty() {
                break;
            }
            settled.extend(more.into_iter().cloned());
        }
        self.lines
            .keys()
            .filter(|name| !settled.contains(*name))
            .map(|name| format!("[work] {name} leans on itself"))
            .collect()
    }

    fn names_in(&self, line: &str) -> BTreeSet<String> {
        let words = line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        words.filter(|word| self.lines.contains_key(*word)).map(str::to_owned).collect()
    }
}

fn halves(line: &str) -> Result<(&str, Fraction), String> {
    let (expression, value) = line.split_once('=').ok_or(format!("\"{line}\" is no equation"))?;
    let (sign, digits) = match value.trim().strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, value.trim()),
    };
    let value = Fraction::parse(digits).ok_or(format!("\"{}\" is no number", value.trim()))?;
    Ok((expression.trim(), if sign { value.negated() } else { value }))
}
