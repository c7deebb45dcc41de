//! The files of a theme, and the cases of a file.
//!
//! A file without `[[case]]` is a cart. One with cases is as many: each case lies over the rest of the file. Of `shop`, `market`, `address` and
//! `buyer` it replaces the keys that it names, of everything else the whole, so that each case shows all of its arithmetic.

use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// A cart and where it stands: `theme/file` or `theme/file: case`.
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) value: Value,
}

const LAID_OVER: &[&str] = &["shop", "market", "address", "buyer"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// The folders beside the runner's.
pub(crate) fn themes() -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root()).map_err(|why| why.to_string())? {
        let entry = entry.map_err(|why| why.to_string())?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() && name != "runner" {
            found.push(name);
        }
    }
    found.sort();
    Ok(found)
}

/// All carts of a theme, by name.
///
/// # Errors
/// Where the folder cannot be read, a file is no TOML, or something other than TOML lies there.
pub(crate) fn carts_of(theme: &str) -> Result<Vec<Named>, String> {
    let mut carts = Vec::new();
    let folder = root().join(theme);
    for entry in std::fs::read_dir(&folder).map_err(|why| format!("{}: {why}", folder.display()))? {
        let path = entry.map_err(|why| why.to_string())?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let name =
            format!("{theme}/{}", name.strip_suffix(".toml").ok_or(format!("{theme}/{name} is no cart"))?);
        let text = std::fs::read_to_string(&path).map_err(|why| format!("{name}: {why}"))?;
        carts.extend(carts_in(&name, &text)?);
    }
    carts.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(carts)
}

/// The carts of one file.
///
/// # Errors
/// Where it is no TOML, or a case has no name of its own.
pub(crate) fn carts_in(name: &str, text: &str) -> Result<Vec<Named>, String> {
    let mut whole: Table = toml::from_str(text).map_err(|wrong| format!("{name}: {wrong}"))?;
    let Some(cases) = whole.remove("case") else {
        return Ok(vec![Named { name: name.to_owned(), value: Value::Table(whole) }]);
    };
    let Value::Array(cases) = cases else { return Err(format!("{name}: cases are written [[case]]")) };
    let mut carts: Vec<Named> = Vec::new();
    for case in cases {
        let Value::Table(mut case) = case else { return Err(format!("{name}: a case is a table")) };
        let Some(Value::String(own)) = case.remove("name") else {
            return Err(format!("{name}: a case has no name"));
        };
        let named = format!("{name}: {own}");
        if carts.iter().any(|known| known.name == named) {
            return Err(format!("{named} is there twice"));
        }
        carts.push(Named { name: named, value: Value::Table(laid_over(&whole, case)) });
    }
    Ok(carts)
}

fn laid_over(whole: &Table, case: Table) -> Table {
    let mut result = whole.clone();
    for (key, value) in case {
        match (result.get_mut(&key), value) {
            (Some(Value::Table(under)), Value::Table(over)) if LAID_OVER.contains(&key.as_str()) => {
                under.extend(over);
            }
            (_, value) => {
                result.insert(key, value);
            }
        }
    }
    result
}
