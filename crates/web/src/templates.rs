//! The templates, compiled once. Every value in them is escaped, but for descriptions, which were made harmless when
//! they came in.

use minijinja::{Environment, UndefinedBehavior, Value};
use std::sync::LazyLock;
use stoa_domain::shared::Fault;

macro_rules! sources {
    ($($name:literal),* $(,)?) => { [$(($name, include_str!(concat!("../templates/", $name)))),*] };
}

/// Names end in `.html`: that is how the engine knows to escape.
const SOURCES: [(&str, &str); 29] = sources![
    "base.html",
    "fields.html",
    "address.html",
    "summary.html",
    "shop.html",
    "product.html",
    "cart.html",
    "checkout.html",
    "checkout_gone.html",
    "order.html",
    "order_lookup.html",
    "pay.html",
    "error.html",
    "message.html",
    "sign_in.html",
    "register.html",
    "recover.html",
    "new_password.html",
    "email_confirm.html",
    "link_confirm.html",
    "account.html",
    "account_address.html",
    "account_details.html",
    "account_email.html",
    "account_password.html",
    "account_connect.html",
    "account_connect_on.html",
    "account_disconnect.html",
    "account_erase.html",
];

static TEMPLATES: LazyLock<Result<Environment<'static>, minijinja::Error>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    // A misspelt name is a fault to be seen, not an empty place in a page.
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    for (name, source) in SOURCES {
        templates.add_template(name, source)?;
    }
    Ok(templates)
});

/// Fills a template.
///
/// # Errors
/// The template asks for what `values` does not have.
pub(crate) fn render(name: &str, values: Value) -> Result<String, Fault> {
    let templates = TEMPLATES.as_ref().map_err(|e| Fault::internal("web.templates", e.to_string()))?;
    let template = templates.get_template(name).map_err(|e| Fault::internal("web.template", e))?;
    template.render(values).map_err(|e| Fault::internal("web.render", e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_can_be_read() {
        let templates = TEMPLATES.as_ref().unwrap();
        assert_eq!(templates.templates().count(), SOURCES.len());
    }

    #[test]
    fn only_descriptions_are_taken_as_they_are() {
        for (name, source) in SOURCES {
            let trusted: Vec<&str> = source.match_indices("safe").map(|(at, _)| &source[..at]).collect();
            let expected = usize::from(name == "product.html");
            assert_eq!(trusted.len(), expected, "{name} trusts a value");
            assert!(!source.contains("autoescape"), "{name} switches escaping");
        }
    }

    #[test]
    fn no_template_carries_script_or_style() {
        for (name, source) in SOURCES {
            let source = source.to_lowercase();
            for inline in ["<style", "style=", "onclick", "onload", "javascript:"] {
                assert!(!source.contains(inline), "{name} contains {inline}");
            }
            let scripts = source.matches("<script").count();
            assert_eq!(scripts, source.matches("<script src=").count(), "{name} has a script of its own");
        }
    }
}
