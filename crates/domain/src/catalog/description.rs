//! Descriptions: HTML that has been made harmless, and the text in it.

/// What a product or a collection is, as HTML and as text. Nothing but [`Description::sanitised`] makes one of
/// somebody's HTML, so no other HTML is ever kept or shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// HTML without scripts, styles, event handlers, forms or foreign frames.
    pub html: String,
    /// The words in it, for people: entities decoded, white space folded.
    pub text: String,
}

impl Description {
    /// Makes HTML harmless and takes the text out of it.
    pub fn sanitised(html: &str) -> Self {
        let html = html.trim();
        // Plain words need no parser; most descriptions of a large catalogue are.
        let html = if html.contains(['<', '>', '&', '\0']) { ammonia::clean(html) } else { html.to_owned() };
        let text = text_of(&html);
        Self { html, text }
    }

    /// A description that a database keeps, which was harmless when it was written.
    pub const fn stored(html: String, text: String) -> Self {
        Self { html, text }
    }

    /// The text, cut to at most `length` characters at the end of a word, with an ellipsis where something is missing.
    pub fn truncated(&self, length: usize) -> String {
        let Some((cut, _)) = self.text.char_indices().nth(length) else { return self.text.clone() };
        // Room for the ellipsis.
        let end = self.text[..cut].char_indices().next_back().map_or(0, |(at, _)| at);
        let whole_words = self.text[..end].rfind(' ').filter(|_| !self.text[end..].starts_with(' '));
        let kept = self.text[..whole_words.unwrap_or(end)].trim_end();
        if length == 0 { String::new() } else { format!("{kept}…") }
    }
}

/// The elements that stand on lines of their own: their neighbours' words must not run together.
const BLOCKS: [&str; 24] = [
    "p",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "tr",
    "td",
    "th",
    "table",
    "hr",
    "pre",
    "blockquote",
    "figcaption",
    "article",
];

/// The text of HTML as the sanitiser writes it: well-formed, with four entities.
fn text_of(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        push_folded(&mut text, &rest[..at]);
        rest = &rest[at..];
        let consumed =
            if rest.starts_with('<') { skip_tag(&mut text, rest) } else { push_entity(&mut text, rest) };
        rest = &rest[consumed..];
    }
    push_folded(&mut text, rest);
    text.truncate(text.trim_end().len());
    text
}

/// Passes over a tag or a comment; a block leaves a space. Gives its length.
fn skip_tag(text: &mut String, tag: &str) -> usize {
    let name: String = tag[1..]
        .trim_start_matches('/')
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    if BLOCKS.contains(&name.as_str()) {
        push_folded(text, " ");
    }
    let mut quote = None;
    for (at, c) in tag.char_indices() {
        match (quote, c) {
            (None, '>') => return at + 1,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    tag.len()
}

/// Decodes an entity, or takes the ampersand as it is. Gives its length.
fn push_entity(text: &mut String, entity: &str) -> usize {
    const ENTITIES: [(&str, &str); 5] =
        [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&quot;", "\"")];
    let (name, meaning) =
        ENTITIES.into_iter().find(|(name, _)| entity.starts_with(name)).unwrap_or(("&", "&"));
    push_folded(text, meaning);
    name.len()
}

/// Appends words, with one space where there is any white space and none at the beginning.
fn push_folded(text: &mut String, words: &str) {
    for c in words.chars() {
        if !c.is_whitespace() {
            text.push(c);
        } else if !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_runs_survives() {
        let hostile = "<p onclick=\"steal()\">Soft <script>alert(1)</script><b>wool</b>\
                       <img src=x onerror=alert(1)><a href=\"javascript:alert(1)\">more</a><iframe src=//x></iframe></p>";
        let description = Description::sanitised(hostile);
        for danger in ["script", "onclick", "onerror", "javascript", "iframe", "alert"] {
            assert!(!description.html.contains(danger), "{danger} in {}", description.html);
        }
        assert_eq!(description.text, "Soft woolmore");
        let again = Description::sanitised(&description.html);
        assert_eq!(again, description, "sanitising twice changes nothing");
    }

    #[test]
    fn the_text_keeps_words_apart_and_decodes_entities() {
        let description =
            Description::sanitised("<p>Cup &amp; saucer</p><ul><li>1&nbsp;l</li><li>a &lt; b</li></ul>");
        assert_eq!(description.text, "Cup & saucer 1 l a < b");
        assert_eq!(Description::sanitised("  plain words ").html, "plain words");
        assert_eq!(Description::sanitised("a > b").text, "a > b");
        assert_eq!(
            Description::sanitised("<a title=\"x > y\" href=\"https://e.example\">link</a>").text,
            "link"
        );
    }

    #[test]
    fn a_long_text_is_cut_between_words() {
        let description = Description::sanitised("A mug for large coffees");
        assert_eq!(description.truncated(100), "A mug for large coffees");
        assert_eq!(description.truncated(10), "A mug for…");
        assert_eq!(description.truncated(12), "A mug for…");
        assert_eq!(description.truncated(3), "A…");
        assert_eq!(description.truncated(0), "");
        assert_eq!(Description::sanitised("Überübergröße").truncated(4), "Übe…");
    }
}
