//! From text to tokens.

/// A part of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    And,
    Or,
    Not,
    Term(RawTerm),
}

/// A term as it stands in the text: `field:>"value"*`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RawTerm {
    /// What stands before the colon, without escapes.
    pub(super) field: Option<String>,
    /// What stands behind it, with its comparison sign but without quotation marks and escapes.
    pub(super) value: String,
    /// Whether an asterisk ended it.
    pub(super) prefix: bool,
}

/// Splits a query. Never fails: see the module's documentation for what odd texts mean.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer { rest: text };
    std::iter::from_fn(|| lexer.next_token()).collect()
}

struct Lexer<'a> {
    rest: &'a str,
}

impl Lexer<'_> {
    fn next_token(&mut self) -> Option<Token> {
        self.rest = self.rest.trim_start();
        let token = match self.rest.chars().next()? {
            '(' => self.skip(1, Token::Open),
            ')' => self.skip(1, Token::Close),
            // A dash negates only what it touches; alone it is punctuation.
            '-' if self.rest[1..].starts_with(|c: char| !c.is_whitespace() && c != ')') => {
                self.skip(1, Token::Not)
            }
            _ => self.term(),
        };
        Some(token)
    }

    fn skip(&mut self, length: usize, token: Token) -> Token {
        self.rest = &self.rest[length..];
        token
    }

    /// Reads up to the next white space or parenthesis, through quotation marks.
    fn term(&mut self) -> Token {
        let mut term = RawTerm::default();
        let mut escaped = false;
        let mut in_quotes = false;
        let mut quoted = false;
        let mut end = self.rest.len();
        // An operator is a bare word: no quotation, no escape.
        let mut bare = true;
        for (at, c) in self.rest.char_indices() {
            if escaped {
                escaped = false;
                term.prefix = false;
                term.value.push(c);
                continue;
            }
            match c {
                '\\' => (escaped, bare) = (true, false),
                '"' => {
                    in_quotes = !in_quotes;
                    (quoted, bare) = (true, false);
                }
                _ if in_quotes => {
                    term.prefix = false;
                    term.value.push(c);
                }
                '(' | ')' => {
                    end = at;
                    break;
                }
                c if c.is_whitespace() => {
                    end = at;
                    break;
                }
                ':' if term.field.is_none() && !quoted && !term.value.is_empty() => {
                    term.field = Some(std::mem::take(&mut term.value));
                    bare = false;
                }
                c => {
                    term.prefix = c == '*';
                    term.value.push(c);
                }
            }
        }
        self.rest = &self.rest[end..];
        match term.value.as_str() {
            "AND" if bare => return Token::And,
            "OR" if bare => return Token::Or,
            "NOT" if bare => return Token::Not,
            _ => {}
        }
        if term.prefix {
            term.value.pop();
        }
        Token::Term(term)
    }
}
