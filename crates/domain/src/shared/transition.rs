//! A step that a state machine does not allow.

/// A step that the state does not allow. Nothing has changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} that is {from} cannot become {to}; {}", Onward(legal))]
pub struct InvalidTransition {
    /// What was to change, with its article: `an order`.
    pub what: &'static str,
    /// Where it stands.
    pub from: &'static str,
    /// Where it was to go.
    pub to: &'static str,
    /// Where it could go.
    pub legal: &'static [&'static str],
}

struct Onward<'a>(&'a [&'static str]);

impl std::fmt::Display for Onward<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            [] => f.write_str("it stays so"),
            legal => write!(f, "it can become {}", legal.join(" or ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_refusal_says_what_would_be_legal() {
        let refused = InvalidTransition {
            what: "an order",
            from: "awaiting_payment",
            to: "x",
            legal: &["paid", "cancelled"],
        };
        assert_eq!(
            refused.to_string(),
            "an order that is awaiting_payment cannot become x; it can become paid or cancelled"
        );
        let over = InvalidTransition { what: "a customer", from: "erased", to: "enabled", legal: &[] };
        assert_eq!(over.to_string(), "a customer that is erased cannot become enabled; it stays so");
    }
}
