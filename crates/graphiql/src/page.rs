//! The HTML that loads GraphiQL: no inline script, nothing from another origin.

use std::fmt::Write as _;

use crate::asset::{FETCHED, Fetched, address};
use crate::missing::missing_page;

/// The `content-security-policy` for the page and its assets: everything from this origin, no inline script, no frame
/// around it. Inline styles stay allowed because GraphiQL's menus and dialogs insert them; its fonts are data URIs.
pub const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src data:; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Where the page lives and what it talks to.
#[derive(Clone, Copy, Debug)]
pub struct PageOptions<'a> {
    /// The window's title.
    pub title: &'a str,
    /// The page's own address without a trailing slash, such as `/graphiql`; the assets are below it.
    pub base: &'a str,
    /// The GraphQL endpoint as a path of this origin, such as `/graphql`: [`CSP`] lets the page reach no other.
    pub endpoint: &'a str,
    /// Headers that every new tab starts with; the person can edit them.
    pub headers: &'a [(&'a str, &'a str)],
}

impl Default for PageOptions<'_> {
    fn default() -> Self {
        Self { title: "Stoa · GraphiQL", base: "/graphiql", endpoint: "/graphql", headers: &[] }
    }
}

/// The page at `options.base`: GraphiQL, or what is missing and how to get it.
#[must_use]
pub fn page(options: &PageOptions<'_>) -> String {
    match FETCHED {
        Fetched::Embedded => graphiql_page(options),
        missing => missing_page(missing, options),
    }
}

fn graphiql_page(options: &PageOptions<'_>) -> String {
    let at = |path| escape(&address(options.base, path));
    let mut head = format!("<link rel=\"stylesheet\" href=\"{}\">\n", at("graphiql.css"));
    for script in ["react.js", "react-dom.js", "graphiql.js", "guide.js", "events.js", "boot.js"] {
        let _ = writeln!(head, "<script defer src=\"{}\"></script>", at(script));
    }
    let body = format!(
        "<div id=\"graphiql\" data-endpoint=\"{}\" data-headers=\"{}\" data-buy=\"{}\" data-variables=\"{}\">\n\
         <p class=\"waiting\">GraphiQL is loading. It needs JavaScript.</p>\n</div>",
        escape(options.endpoint),
        escape(&headers_object(options.headers)),
        at("buy.graphql"),
        at("buy.variables.json"),
    );
    document(options, &head, &body)
}

/// The frame that both pages share.
pub(crate) fn document(options: &PageOptions<'_>, head: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>{}</title>\n\
         <link rel=\"icon\" type=\"image/svg+xml\" href=\"{}\">\n\
         <link rel=\"stylesheet\" href=\"{}\">\n{head}</head>\n<body>\n{body}\n</body>\n</html>\n",
        escape(options.title),
        escape(&address(options.base, "icon.svg")),
        escape(&address(options.base, "page.css")),
    )
}

/// Text made safe between tags and inside a double-quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            other => safe.push(other),
        }
    }
    safe
}

/// The headers as GraphiQL's header editor wants them: a JSON object, or nothing at all.
fn headers_object(headers: &[(&str, &str)]) -> String {
    if headers.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = headers
        .iter()
        .map(|(name, value)| format!("  {}: {}", json_string(name), json_string(value)))
        .collect();
    format!("{{\n{}\n}}", lines.join(",\n"))
}

/// A JSON string literal (RFC 8259, section 7).
fn json_string(text: &str) -> String {
    let mut literal = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => literal.extend(['\\', character]),
            control if control < ' ' => {
                let _ = write!(literal, "\\u{:04x}", u32::from(control));
            }
            other => literal.push(other),
        }
    }
    literal.push('"');
    literal
}

#[cfg(test)]
mod tests;
