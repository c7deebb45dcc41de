//! The page of a build without GraphiQL: what is missing, how to get it, and the purchase to paste elsewhere.

use crate::asset::Fetched;
use crate::page::{PageOptions, document, escape};
use crate::purchase::BUY_DOCUMENT;

/// Builds the page for a reason that is not [`Fetched::Embedded`].
pub(crate) fn missing_page(fetched: Fetched, options: &PageOptions<'_>) -> String {
    let (reason, remedy) = explain(fetched);
    let body = format!(
        "<main class=\"missing\">\n<h1>GraphiQL is not in this build</h1>\n\
         <p>{reason} Everything else works: GraphQL itself is at <code>{endpoint}</code>, for any client.</p>\n\
         <h2>How to get it</h2>\n<p>{remedy} Then build once more, from the project's folder:</p>\n\
         <pre>STOA_GRAPHIQL=require cargo build --release</pre>\n\
         <p>The build asks npm for three packages (graphiql, react, react-dom), checks them against the checksums in \
         <code>crates/graphiql/build/packages.rs</code> and embeds them. With <code>require</code> it stops and says \
         why when it cannot; afterwards the switch can be left out.</p>\n\
         <h2>The purchase that its first tab would show</h2>\n<pre>{buy}</pre>\n</main>",
        endpoint = escape(options.endpoint),
        buy = escape(BUY_DOCUMENT),
    );
    document(options, "", &body)
}

/// What happened when this was built, and what to do first.
fn explain(fetched: Fetched) -> (&'static str, &'static str) {
    match fetched {
        Fetched::Embedded => ("It is here after all.", "Nothing is missing."),
        Fetched::SwitchedOff => (
            "It was built with <code>STOA_GRAPHIQL=off</code>, which leaves GraphiQL's files out.",
            "Node.js with npm must be installed.",
        ),
        Fetched::NoNpm => (
            "GraphiQL's files come from the npm registry at build time, and npm was not installed where this was built.",
            "Install Node.js, which brings npm (on Debian or Ubuntu: <code>apt-get install npm</code>).",
        ),
        Fetched::Unreachable => (
            "GraphiQL's files come from the npm registry at build time, and npm could not reach it.",
            "Check that <code>npm ping</code> succeeds on the machine that builds.",
        ),
        Fetched::WrongChecksum => (
            "A package that npm delivered was not the one whose checksum is pinned, so it was left out.",
            "Clear npm's cache (<code>npm cache clean --force</code>) and check which registry npm is set to use.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REASONS: [Fetched; 4] =
        [Fetched::SwitchedOff, Fetched::NoNpm, Fetched::Unreachable, Fetched::WrongChecksum];

    #[test]
    fn each_reason_is_told_apart_with_the_command_that_helps() {
        let pages: Vec<String> = REASONS.map(|reason| missing_page(reason, &PageOptions::default())).to_vec();
        for page in &pages {
            assert!(page.contains("STOA_GRAPHIQL=require cargo build --release"));
            assert_eq!(pages.iter().filter(|other| *other == page).count(), 1);
        }
        assert!(pages[1].contains("Install Node.js"));
    }

    #[test]
    fn it_needs_no_script_and_shows_the_purchase() {
        let page = missing_page(Fetched::NoNpm, &PageOptions::default());
        assert!(!page.contains("<script"));
        assert!(page.contains("mutation Step6_PlaceOrder"));
        assert!(page.contains("<code>/graphql</code>"));
    }
}
