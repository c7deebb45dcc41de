//! The templates, compiled once.

use super::words::{Words, one_line};
use minijinja::{Environment, Error, ErrorKind, State, UndefinedBehavior, Value, value::Kwargs};
use std::sync::LazyLock;
use stoa_domain::shared::{Fault, Locale};

macro_rules! sources {
    ($($name:literal)+) => { [$(($name, include_str!(concat!("../../templates/mail/", $name)))),+] };
}

/// Names end in `.html` where values are to be escaped: that is how the engine knows.
const SOURCES: [(&str, &str); 19] = sources! {
    "layout.html" "layout.txt"
    "parts.html"
    "notice.html" "notice.txt"
    "items.html" "items.txt"
    "address.html" "address.txt"
    "order_confirmed.html" "order_confirmed.txt"
    "order_shipped.html" "order_shipped.txt"
    "order_refunded.html" "order_refunded.txt"
    "gift_card_issued.html" "gift_card_issued.txt"
    "gift_card_refunded.html" "gift_card_refunded.txt"
};

static TEMPLATES: LazyLock<Result<Environment<'static>, Error>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    // A misspelt name is a fault to be seen, not an empty place in a mail.
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    templates.add_function("t", say);
    templates.add_filter("one_line", on_one_line);
    templates.add_filter("underlined", underlined);
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

/// `t("order.number", order=order.name)`: the phrase in the language that `lang` names. It is text, to be escaped like any other.
#[expect(clippy::needless_pass_by_value, reason = "so the engine calls it")]
fn say(state: &State, key: &str, values: Kwargs) -> Result<String, Error> {
    let broken = |what: String| Error::new(ErrorKind::InvalidOperation, what);
    let lang = state.lookup("lang").unwrap_or_default();
    let locale =
        lang.as_str().and_then(Locale::parse).ok_or_else(|| broken(format!("no language {lang}")))?;
    let names: Vec<String> = values.args().map(str::to_owned).collect();
    let said: Result<Vec<String>, Error> =
        names.iter().map(|name| Ok(values.get::<Value>(name)?.to_string())).collect();
    let said = said?;
    let pairs: Vec<(&str, &str)> =
        names.iter().map(String::as_str).zip(said.iter().map(String::as_str)).collect();
    Words::of(locale).and_then(|words| words.say(key, &pairs)).map_err(|fault| broken(fault.to_string()))
}

fn on_one_line(text: &str) -> String {
    one_line(text).into_owned()
}

/// A heading of plain text. Letters of the scripts of East Asia are two columns wide.
fn underlined(heading: &str) -> String {
    let columns: usize = heading.chars().map(|c| if c >= '\u{1100}' { 2 } else { 1 }).sum();
    format!("{heading}\n{}", "-".repeat(columns))
}
