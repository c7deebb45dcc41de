//! Typed reading of parameters, with the errors that Stripe gives for missing, unknown and misshapen ones.

use super::{Entries, Node};
use crate::{error::ApiError, words::Word};

/// The parameters of one request, or of one group within it.
pub(crate) struct Params<'a> {
    entries: &'a [(String, Node)],
    /// What stands before a name in error messages: empty, or `payment_method_data[card]`.
    group: String,
}

impl<'a> Params<'a> {
    /// The parameters of a request.
    pub(crate) fn new(entries: &'a Entries) -> Self {
        Self { entries, group: String::new() }
    }

    /// Refuses every parameter that is not in `known`.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), ApiError> {
        let unknown: Vec<String> = self
            .entries
            .iter()
            .filter(|(name, _)| !known.contains(&name.as_str()))
            .map(|(name, _)| self.full(name))
            .collect();
        if unknown.is_empty() { Ok(()) } else { Err(ApiError::unknown_parameters(&unknown)) }
    }

    /// Refuses parameters that Stripe has and the sandbox does not model: better an error than a silent difference.
    pub(crate) fn without(&self, unmodelled: &[&str]) -> Result<(), ApiError> {
        match self.entries.iter().find(|(name, _)| unmodelled.contains(&name.as_str())) {
            None => Ok(()),
            Some((name, _)) => {
                let name = self.full(name);
                Err(ApiError::invalid(format!("The sandbox does not model the parameter '{name}'."))
                    .param(name))
            }
        }
    }

    /// Refuses two parameters that say the same thing in two ways.
    pub(crate) fn not_both(&self, one: &str, other: &str) -> Result<(), ApiError> {
        if self.has(one) && self.has(other) {
            return Err(ApiError::invalid(format!(
                "You may only specify one of these parameters: {one}, {other}."
            ))
            .code("parameters_exclusive")
            .param(self.full(one)));
        }
        Ok(())
    }

    /// Whether the parameter was sent at all.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.node(name).is_some()
    }

    /// A text that cannot be unset.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&'a str>, ApiError> {
        match self.clearable(name)? {
            Some("") => Err(ApiError::empty_parameter(self.full(name))),
            text => Ok(text),
        }
    }

    /// A text that must be there.
    pub(crate) fn required(&self, name: &str) -> Result<&'a str, ApiError> {
        self.text(name)?.ok_or_else(|| ApiError::missing_parameter(self.full(name)))
    }

    /// A text that may be empty, which unsets the field.
    pub(crate) fn clearable(&self, name: &str) -> Result<Option<&'a str>, ApiError> {
        match self.node(name) {
            None => Ok(None),
            Some(Node::Text(text)) => Ok(Some(text)),
            Some(Node::Branch(_)) => Err(ApiError::invalid("Invalid string").param(self.full(name))),
        }
    }

    /// Writes a clearable text to `field` when it was sent.
    pub(crate) fn assign(&self, name: &str, field: &mut Option<String>) -> Result<(), ApiError> {
        if let Some(text) = self.clearable(name)? {
            *field = (!text.is_empty()).then(|| text.to_owned());
        }
        Ok(())
    }

    /// A whole number.
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>, ApiError> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        match text.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(ApiError::invalid(format!("Invalid integer: {text}"))
                .code("parameter_invalid_integer")
                .param(self.full(name))),
        }
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&self, name: &str) -> Result<Option<bool>, ApiError> {
        match self.text(name)? {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(other) => Err(ApiError::invalid(format!("Invalid boolean: {other}")).param(self.full(name))),
        }
    }

    /// One of the words of a closed set.
    pub(crate) fn choice<T: Word>(&self, name: &str) -> Result<Option<T>, ApiError> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        match T::parse(text) {
            Some(choice) => Ok(Some(choice)),
            None => {
                let param = self.full(name);
                Err(ApiError::invalid(format!("Invalid {param}: must be one of {}", T::choices()))
                    .param(param))
            }
        }
    }

    /// A group of parameters, `name[…]`.
    pub(crate) fn group(&self, name: &str) -> Result<Option<Params<'a>>, ApiError> {
        match self.node(name) {
            None => Ok(None),
            Some(Node::Branch(entries)) => Ok(Some(Params { entries, group: self.full(name) })),
            Some(Node::Text(text)) if text.is_empty() => Ok(None),
            Some(Node::Text(_)) => Err(ApiError::invalid("Invalid object").param(self.full(name))),
        }
    }

    /// A list of texts, `name[]` or `name[0]`.
    pub(crate) fn list(&self, name: &str) -> Result<Option<Vec<&'a str>>, ApiError> {
        let wrong = || ApiError::invalid("Invalid array").param(self.full(name));
        match self.node(name) {
            None => Ok(None),
            Some(Node::Text(text)) if text.is_empty() => Ok(Some(Vec::new())),
            Some(Node::Text(_)) => Err(wrong()),
            Some(Node::Branch(entries)) => entries
                .iter()
                .map(|(_, node)| match node {
                    Node::Text(text) => Ok(text.as_str()),
                    Node::Branch(_) => Err(wrong()),
                })
                .collect::<Result<_, _>>()
                .map(Some),
        }
    }

    /// The texts of this group with their names.
    pub(crate) fn texts(&self) -> Result<Vec<(&'a str, &'a str)>, ApiError> {
        self.entries
            .iter()
            .map(|(name, node)| match node {
                Node::Text(text) => Ok((name.as_str(), text.as_str())),
                Node::Branch(_) => Err(ApiError::invalid("Invalid string").param(self.full(name))),
            })
            .collect()
    }

    /// The name as the caller wrote it, groups included.
    pub(crate) fn full(&self, name: &str) -> String {
        if self.group.is_empty() { name.to_owned() } else { format!("{}[{name}]", self.group) }
    }

    /// The name of this group as the caller wrote it.
    pub(crate) fn group_name(&self) -> &str {
        &self.group
    }

    fn node(&self, name: &str) -> Option<&'a Node> {
        self.entries.iter().find(|(known, _)| known == name).map(|(_, node)| node)
    }
}
