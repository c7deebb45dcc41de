//! Reading Stripe's requests: form encoding with nested names in brackets (`card[number]`, `expand[]`).

mod reader;
#[cfg(test)]
mod tests;

pub(crate) use reader::Params;

/// A parameter: a text, or named (or numbered) parameters below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// The value of a leaf.
    Text(String),
    /// What stands in brackets, in the order of its coming.
    Branch(Entries),
}

/// Parameters in the order of their coming.
pub(crate) type Entries = Vec<(String, Node)>;

/// More would be an attack, not a payment.
const MAX_PARAMETERS: usize = 1_000;
const MAX_DEPTH: usize = 8;

/// Why a body or query is no set of parameters.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FormError {
    /// More than a thousand.
    #[error("Invalid request: more than {MAX_PARAMETERS} parameters.")]
    TooMany,
    /// Brackets within brackets within brackets…
    #[error("Invalid request: the parameter '{0}' is nested too deeply.")]
    TooDeep(String),
    /// `a[b` or `a]b[`.
    #[error("Invalid request: the brackets of the parameter '{0}' do not match.")]
    Brackets(String),
    /// `a=1&a[b]=2`.
    #[error("Invalid request: the parameter '{0}' is both a value and a group of values.")]
    Conflict(String),
}

/// Decodes a form-encoded body or query string.
pub(crate) fn parse(encoded: &[u8]) -> Result<Entries, FormError> {
    let mut entries = Entries::new();
    for (count, (key, value)) in url::form_urlencoded::parse(encoded).enumerate() {
        if count == MAX_PARAMETERS {
            return Err(FormError::TooMany);
        }
        let path = segments(&key)?;
        insert(&mut entries, &path, value.into_owned())
            .map_err(|Clash| FormError::Conflict(key.into_owned()))?;
    }
    Ok(entries)
}

/// All leaves as `name[inner]=value`, sorted: the same for two requests that mean the same.
pub(crate) fn canonical(entries: &[(String, Node)]) -> Vec<String> {
    let mut leaves = Vec::new();
    flatten(entries, "", &mut leaves);
    leaves.sort_unstable();
    leaves
}

fn flatten(entries: &[(String, Node)], prefix: &str, leaves: &mut Vec<String>) {
    for (name, node) in entries {
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}[{name}]") };
        match node {
            Node::Text(value) => leaves.push(format!("{path}={value}")),
            Node::Branch(inner) => flatten(inner, &path, leaves),
        }
    }
}

fn segments(key: &str) -> Result<Vec<&str>, FormError> {
    let unbalanced = || FormError::Brackets(key.to_owned());
    let (head, mut rest) = key.find('[').map_or((key, ""), |at| key.split_at(at));
    if head.contains(']') {
        return Err(unbalanced());
    }
    let mut path = vec![head];
    while !rest.is_empty() {
        let inner = rest.strip_prefix('[').ok_or_else(unbalanced)?;
        let (name, after) = inner.split_once(']').ok_or_else(unbalanced)?;
        if name.contains('[') {
            return Err(unbalanced());
        }
        path.push(name);
        rest = after;
    }
    if path.len() > MAX_DEPTH { Err(FormError::TooDeep(key.to_owned())) } else { Ok(path) }
}

/// A name that is a value here and a group there.
struct Clash;

fn insert(entries: &mut Entries, path: &[&str], value: String) -> Result<(), Clash> {
    let Some((&first, rest)) = path.split_first() else { return Ok(()) };
    // `list[]` appends: the next number is its name.
    let name = if first.is_empty() { entries.len().to_string() } else { first.to_owned() };
    let known = entries.iter().position(|(known, _)| *known == name);
    match (known.and_then(|at| entries.get_mut(at)), rest.is_empty()) {
        (Some((_, Node::Branch(inner))), false) => insert(inner, rest, value),
        (Some((_, Node::Text(old))), true) => {
            *old = value;
            Ok(())
        }
        (Some(_), _) => Err(Clash),
        (None, true) => {
            entries.push((name, Node::Text(value)));
            Ok(())
        }
        (None, false) => {
            let mut inner = Entries::new();
            insert(&mut inner, rest, value)?;
            entries.push((name, Node::Branch(inner)));
            Ok(())
        }
    }
}
