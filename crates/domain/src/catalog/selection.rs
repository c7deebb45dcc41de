//! Finding the variant that a buyer's choice of option values means.

use super::{Product, Variant};

/// A chosen option value, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectedOption {
    /// The option, such as "Size".
    pub name: String,
    /// The value, such as "L".
    pub value: String,
}

/// How names of options and values are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Matching {
    /// Whether letter case counts for nothing.
    pub ignore_case: bool,
    /// Whether options the product does not have are passed over instead of matching nothing.
    pub ignore_unknown: bool,
}

impl Matching {
    fn same(self, a: &str, b: &str) -> bool {
        a == b || (self.ignore_case && a.to_lowercase() == b.to_lowercase())
    }
}

impl Product {
    /// The variant that exactly these option values choose: every option of the product must be among them.
    pub fn variant_for(&self, selected: &[SelectedOption], matching: Matching) -> Option<&Variant> {
        let wanted = self.choices(selected, matching)?;
        let wanted: Vec<u16> = wanted.into_iter().collect::<Option<_>>()?;
        self.variants.iter().find(|v| v.values[..wanted.len()] == wanted[..])
    }

    /// The variants that differ from the choice in at most one option, the chosen one included; where an option is
    /// not chosen, the first variant's value stands for it.
    pub fn adjacent_variants<'a>(
        &'a self,
        selected: &[SelectedOption],
        matching: Matching,
    ) -> impl Iterator<Item = &'a Variant> + use<'a> {
        let base = self.variants.first().map_or([0; 3], |v| v.values);
        let wanted = self.choices(selected, matching).map(|choices| {
            let mut wanted = base;
            for (slot, choice) in wanted.iter_mut().zip(choices) {
                *slot = choice.unwrap_or(*slot);
            }
            wanted
        });
        self.variants.iter().filter(move |variant| {
            wanted.is_some_and(|wanted| {
                variant.values.iter().zip(wanted).filter(|(a, b)| **a != *b).count() <= 1
            })
        })
    }

    /// For each option of the product the index of the chosen value, if it is chosen. `None` when the choice names an
    /// option (unless those are passed over) or a value that the product does not have.
    fn choices(&self, selected: &[SelectedOption], matching: Matching) -> Option<Vec<Option<u16>>> {
        let mut choices = vec![None; self.options.len()];
        for choice in selected {
            let Some(at) = self.options.iter().position(|o| matching.same(&o.name, &choice.name)) else {
                if matching.ignore_unknown {
                    continue;
                }
                return None;
            };
            let value = self.options[at].values.iter().position(|v| matching.same(&v.name, &choice.value))?;
            choices[at] = Some(u16::try_from(value).ok()?);
        }
        Some(choices)
    }
}
