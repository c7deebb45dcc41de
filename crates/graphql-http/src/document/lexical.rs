//! A linear look at the text of a document before the parser sees it: how many tokens, how deeply nested. The parser is
//! recursive and builds a tree many times the size of the text, so its input is bounded first.

use async_graphql::Pos;

use crate::{error_code::ErrorCode, limits::Limits, refusal::Refusal};

/// Checks size, token count and nesting of a document's text.
///
/// # Errors
/// `DOCUMENT_TOO_LARGE` or `QUERY_TOO_DEEP`.
pub(crate) fn check(text: &str, limits: &Limits) -> Result<(), Refusal> {
    if text.len() > limits.document_bytes {
        let message = format!("The document has more than {} bytes.", limits.document_bytes);
        return Err(Refusal::new(ErrorCode::DocumentTooLarge, message));
    }
    let mut scan = Scan { bytes: text.as_bytes(), at: 0 };
    let (mut tokens, mut nesting) = (0_usize, 0_usize);
    while let Some(token) = scan.next_token() {
        tokens += 1;
        match token {
            Token::Open => nesting += 1,
            Token::Close => nesting = nesting.saturating_sub(1),
            Token::Other => {}
        }
        if tokens > limits.document_tokens {
            let message = format!("The document has more than {} tokens.", limits.document_tokens);
            return Err(Refusal::new(ErrorCode::DocumentTooLarge, message));
        }
        if nesting > limits.document_nesting {
            let message = format!("The document nests more than {} levels.", limits.document_nesting);
            return Err(Refusal::at(ErrorCode::QueryTooDeep, message, [position(text, scan.at)]));
        }
    }
    Ok(())
}

enum Token {
    Open,
    Close,
    Other,
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    fn next_token(&mut self) -> Option<Token> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            return Some(match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b',' | 0xEF | 0xBB | 0xBF => continue,
                b'#' => {
                    self.skip_while(|byte| byte != b'\n' && byte != b'\r');
                    continue;
                }
                b'{' | b'(' | b'[' => Token::Open,
                b'}' | b')' | b']' => Token::Close,
                b'"' => {
                    self.skip_string();
                    Token::Other
                }
                _ if is_word(byte) => {
                    self.skip_while(is_word);
                    Token::Other
                }
                _ => Token::Other,
            });
        }
    }

    fn skip_while(&mut self, wanted: impl Fn(u8) -> bool) {
        while self.bytes.get(self.at).is_some_and(|byte| wanted(*byte)) {
            self.at += 1;
        }
    }

    /// Goes past a string whose opening quote was read. Text that never closes is the parser's to refuse.
    fn skip_string(&mut self) {
        if self.bytes[self.at..].starts_with(b"\"\"") {
            self.at += 2;
            while self.at < self.bytes.len() && !self.bytes[self.at..].starts_with(b"\"\"\"") {
                self.at += if self.bytes[self.at..].starts_with(b"\\\"\"\"") { 4 } else { 1 };
            }
            self.at = (self.at + 3).min(self.bytes.len());
            return;
        }
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'"' | b'\n' | b'\r' => return,
                _ => {}
            }
        }
    }
}

/// Letters, digits and what numbers are written with.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+')
}

fn position(text: &str, byte: usize) -> Pos {
    let before = &text.as_bytes()[..byte.min(text.len())];
    let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    Pos { line, column: before.len() - line_start }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str, limits: &Limits) -> Option<ErrorCode> {
        check(text, limits).err().map(|refusal| refusal.code())
    }

    #[test]
    fn brackets_inside_strings_and_comments_do_not_nest() {
        let limits = Limits { document_nesting: 2, ..Limits::default() };
        assert_eq!(code("{ a(b: \"{{{{ \\\" {{\") } # {{{{", &limits), None);
        assert_eq!(code("{ a(b: \"\"\"{{{{ \\\"\"\" \" {{\"\"\") }", &limits), None);
        assert_eq!(code("{ a { b { c } } }", &limits), Some(ErrorCode::QueryTooDeep));
    }

    #[test]
    fn tokens_are_counted_to_the_limit() {
        let limits = Limits { document_tokens: 5, ..Limits::default() };
        assert_eq!(code("{ a, b c }", &limits), None);
        assert_eq!(code("{ a b c d }", &limits), Some(ErrorCode::DocumentTooLarge));
    }

    #[test]
    fn text_that_ends_inside_a_string_is_left_to_the_parser() {
        for text in ["{ a(b: \"", "{ a(b: \"\\", "\"\"\"", "\"\"\"\\\"\"\"", "\"\"", "\""] {
            assert_eq!(code(text, &Limits::default()), None, "{text}");
        }
    }

    #[test]
    fn the_message_points_at_the_bracket_too_deep() {
        let limits = Limits { document_nesting: 1, ..Limits::default() };
        let refusal = check("{\n  a {", &limits).unwrap_err();
        assert_eq!(refusal.errors()[0].locations, [Pos { line: 2, column: 5 }]);
    }
}
