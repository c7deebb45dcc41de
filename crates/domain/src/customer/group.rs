//! How staff sort customers: groups and tags.

use crate::catalog::fold_key;
use crate::shared::{CustomerGroupId, Timestamp};

/// A group of customers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerGroup {
    /// Which.
    pub id: CustomerGroupId,
    /// What staff call it; no two have the same name, in any letter case.
    pub name: String,
    /// Rises by 1 with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Why a text cannot be a group's name or a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LabelRefusal {
    /// Nothing in it.
    #[error("a name is missing")]
    Blank,
    /// Too long.
    #[error("a name or tag has at most {max} characters")]
    TooLong {
        /// The most.
        max: usize,
    },
    /// More tags than anybody reads.
    #[error("a customer has at most {max} tags")]
    TooMany {
        /// The most.
        max: usize,
    },
}

/// Characters of a name or a tag.
const TEXT: usize = 255;
/// Tags of a customer.
const TAGS: usize = 250;

/// A group's name, trimmed.
///
/// # Errors
/// It is blank or too long.
pub fn group_name(text: &str) -> Result<String, LabelRefusal> {
    label(text).and_then(|name| if name.is_empty() { Err(LabelRefusal::Blank) } else { Ok(name) })
}

/// Tags in alphabetical order, each once whatever its letter case; blank ones are none.
///
/// # Errors
/// One is too long, or there are too many.
pub fn tags<T: AsRef<str>>(texts: &[T]) -> Result<Vec<String>, LabelRefusal> {
    let mut keyed = Vec::with_capacity(texts.len());
    for text in texts {
        let tag = label(text.as_ref())?;
        if !tag.is_empty() {
            keyed.push((fold_key(&tag), tag));
        }
    }
    // Stable: of two that differ in letter case the first stays.
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    keyed.dedup_by(|a, b| a.0 == b.0);
    if keyed.len() > TAGS {
        return Err(LabelRefusal::TooMany { max: TAGS });
    }
    Ok(keyed.into_iter().map(|(_, tag)| tag).collect())
}

fn label(text: &str) -> Result<String, LabelRefusal> {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    let text = text.trim();
    if text.chars().count() > TEXT { Err(LabelRefusal::TooLong { max: TEXT }) } else { Ok(text.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_sorted_and_each_is_there_once() {
        assert_eq!(tags(&["vip", " B2B ", "VIP", "", "b\0"]).unwrap(), ["b", "B2B", "vip"]);
        let many: Vec<String> = (0..251).map(|n| n.to_string()).collect();
        assert_eq!(tags(&many), Err(LabelRefusal::TooMany { max: 250 }));
        assert_eq!(tags(&["x".repeat(256)]), Err(LabelRefusal::TooLong { max: 255 }));
    }

    #[test]
    fn a_group_has_a_name() {
        assert_eq!(group_name(" Wholesale "), Ok("Wholesale".into()));
        assert_eq!(group_name(" \n"), Err(LabelRefusal::Blank));
    }
}
