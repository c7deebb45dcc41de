//! The templates, compiled once.

use minijinja::{Environment, UndefinedBehavior, Value};
use std::sync::LazyLock;
use stoa_domain::shared::Fault;

/// Names end in `.html` where values are to be escaped: that is how the engine knows.
const SOURCES: [(&str, &str); 3] = [
    ("order_confirmed.subject.txt", include_str!("../../templates/mail/order_confirmed.subject.txt")),
    ("order_confirmed.txt", include_str!("../../templates/mail/order_confirmed.txt")),
    ("order_confirmed.html", include_str!("../../templates/mail/order_confirmed.html")),
];

static TEMPLATES: LazyLock<Result<Environment<'static>, minijinja::Error>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    // A misspelt name is a fault to be seen, not an empty place in a mail.
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    for (name, source) in SOURCES {
        templates.add_template(name, source)?;
    }
    Ok(templates)
});

/// Fills a template.
pub(super) fn render(name: &str, context: &Value) -> Result<String, Fault> {
    let templates = TEMPLATES.as_ref().map_err(|e| Fault::internal("mail.templates", e.to_string()))?;
    let template = templates.get_template(name).map_err(|e| Fault::internal("mail.template", e))?;
    template.render(context).map_err(|e| Fault::internal("mail.render", e))
}
