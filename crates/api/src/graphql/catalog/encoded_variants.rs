//! A set of variants in a few characters: version 1 of the encoding that the Shopify Storefront API uses for
//! `encodedVariantExistence` and `encodedVariantAvailability`.
//!
//! A variant is the indexes of its option values; the set is written as a trie. `:` goes down to the next option, `,` comes
//! back up, and at the last option ` ` separates values and `-` spans a range: variants (0,0) (0,1) (0,2) (1,0) (1,2) are
//! `v1_0:0-2,1:0 2,`.
//!
//! Where a product has a single option nothing has to come back up, so `v1_0-9` ends without a comma. Published decoders
//! take a value only at the character that follows it, though, and would lose a last value that stands alone, so that one does
//! get its comma: `v1_0-2 4,`.

use std::fmt::Write as _;

/// The version the text begins with.
const VERSION: &str = "v1_";

/// Writes a set of variants of a product with `depth` options. Without variants or options the text is empty.
pub(super) fn encode(variants: impl IntoIterator<Item = [u16; 3]>, depth: usize) -> String {
    let depth = depth.min(3);
    let mut variants: Vec<[u16; 3]> = variants.into_iter().collect();
    variants.sort_unstable();
    variants.dedup();
    if variants.is_empty() || depth == 0 {
        return String::new();
    }
    let mut text = String::with_capacity(VERSION.len() + 4 * variants.len());
    text.push_str(VERSION);
    write_level(&mut text, &variants, 0, depth);
    let stands_alone = |last: &str| !last.contains('-');
    if depth == 1 && text.rsplit(' ').next().is_some_and(stands_alone) {
        text.push(',');
    }
    text
}

/// Writes the values of one option among variants that agree in all options before it.
fn write_level(text: &mut String, variants: &[[u16; 3]], level: usize, depth: usize) {
    if level + 1 == depth {
        return write_ranges(text, variants.iter().map(|variant| variant[level]));
    }
    for group in variants.chunk_by(|a, b| a[level] == b[level]) {
        // Writing to a String cannot fail.
        let _ = write!(text, "{}:", group[0][level]);
        write_level(text, group, level + 1, depth);
        text.push(',');
    }
}

/// Writes ascending values, neighbours as a range.
fn write_ranges(text: &mut String, values: impl Iterator<Item = u16>) {
    let mut values = values.peekable();
    let mut separator = "";
    while let Some(first) = values.next() {
        let mut last = first;
        while let Some(next) = values.next_if(|next| *next == last + 1) {
            last = next;
        }
        let _ = write!(text, "{separator}{first}");
        if last > first {
            let _ = write!(text, "-{last}");
        }
        separator = " ";
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// Reads what `encode` writes, by the rules above and independently of how it writes.
    fn decode(text: &str, depth: usize) -> BTreeSet<[u16; 3]> {
        let mut found = BTreeSet::new();
        let Some(body) = text.strip_prefix(VERSION) else { return found };
        let mut prefix = Vec::new();
        let mut number = String::new();
        let mut range_from = None;
        let mut leaf = |prefix: &[u16], from: Option<u16>, to: u16| {
            for value in from.unwrap_or(to)..=to {
                let mut variant = [0; 3];
                variant[..prefix.len()].copy_from_slice(prefix);
                variant[prefix.len()] = value;
                found.insert(variant);
            }
        };
        for c in body.chars().chain([' ']) {
            if c.is_ascii_digit() {
                number.push(c);
                continue;
            }
            let value: Option<u16> = number.parse().ok();
            number.clear();
            match (c, value) {
                (':', Some(value)) => prefix.push(value),
                ('-', Some(value)) => range_from = Some(value),
                (' ' | ',', value) => {
                    if let Some(value) = value {
                        assert_eq!(prefix.len() + 1, depth, "a value at the wrong level in {text}");
                        leaf(&prefix, range_from.take(), value);
                    }
                    if c == ',' {
                        prefix.pop();
                    }
                }
                other => panic!("{other:?} in {text}"),
            }
        }
        found
    }

    #[test]
    fn it_writes_what_storefronts_expect() {
        let square = |n: u16| (0..n).flat_map(move |a| (0..n).map(move |b| [a, b, 0]));
        let cube = |n: u16| (0..n).flat_map(move |a| square(n).map(move |v| [a, v[0], v[1]]));
        assert_eq!(encode((0..10).map(|a| [a, 0, 0]), 1), "v1_0-9");
        assert_eq!(encode(square(3), 2), "v1_0:0-2,1:0-2,2:0-2,");
        assert_eq!(encode(cube(3), 3), "v1_0:0:0-2,1:0-2,2:0-2,,1:0:0-2,1:0-2,2:0-2,,2:0:0-2,1:0-2,2:0-2,,");
        assert_eq!(encode([[0, 0, 0], [0, 1, 0], [1, 0, 0], [1, 2, 0]], 2), "v1_0:0-1,1:0 2,");
        assert_eq!(encode([[0, 0, 0], [1, 0, 0], [2, 0, 0]], 2), "v1_0:0,1:0,2:0,");
    }

    #[test]
    fn a_last_value_that_stands_alone_can_be_read() {
        assert_eq!(encode([[0, 0, 0]], 1), "v1_0,");
        assert_eq!(encode([[0, 0, 0], [1, 0, 0], [2, 0, 0], [4, 0, 0]], 1), "v1_0-2 4,");
    }

    #[test]
    fn nothing_is_an_empty_text() {
        assert_eq!(encode([], 2), "");
        assert_eq!(encode([[0, 0, 0]], 0), "");
    }

    proptest! {
        #[test]
        fn every_set_comes_back(set in prop::collection::btree_set(prop::array::uniform3(0_u16..12), 0..60), depth in 1_usize..=3) {
            let set: BTreeSet<[u16; 3]> = set
                .into_iter()
                .map(|mut variant| { variant[depth..].fill(0); variant })
                .collect();
            prop_assert_eq!(decode(&encode(set.clone(), depth), depth), set);
        }
    }
}
