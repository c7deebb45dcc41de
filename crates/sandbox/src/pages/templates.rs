//! The templates, compiled once.

use minijinja::{Environment, Value};

const LAYOUT: &str = include_str!("templates/layout.html");
const PAY: &str = include_str!("templates/pay.html");
const CHALLENGE: &str = include_str!("templates/challenge.html");
const RESULT: &str = include_str!("templates/result.html");

/// The templates. Names end in `.html`, so that everything put into them is escaped.
pub(crate) struct Pages(Environment<'static>);

impl Pages {
    /// Compiles all of them.
    pub(crate) fn new() -> Self {
        let mut environment = Environment::new();
        for (name, source) in [
            ("layout.html", LAYOUT),
            ("pay.html", PAY),
            ("challenge.html", CHALLENGE),
            ("result.html", RESULT),
        ] {
            #[expect(
                clippy::expect_used,
                reason = "the templates are part of the program; a test renders each"
            )]
            environment.add_template(name, source).expect("the sandbox's templates compile");
        }
        Self(environment)
    }

    /// Renders a page.
    pub(super) fn render(&self, name: &str, context: Value) -> String {
        let rendered = self.0.get_template(name).and_then(|template| template.render(context));
        rendered.unwrap_or_else(|error| {
            tracing::error!(%error, template = name, "sandbox.page.render");
            "<!doctype html><title>Error</title><p>This page cannot be shown.".to_owned()
        })
    }
}
