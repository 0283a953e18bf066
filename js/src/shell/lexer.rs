//! The tokens of a script, without parsing it.
//!
//! Whether a `/` begins a regular expression follows from the token before it, as it does nearly everywhere; two cases
//! cannot be told apart so: after the `}` of a function or class that is an operand, `/` is taken to begin one, and after
//! that of an object behind `case x:` or a label it is not.

#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A name or keyword, also one of a private member.
    Word,
    /// With its quotes.
    String,
    /// A part of a template, with what delimits it.
    Template,
    Number,
    Regex,
    Punctuator,
}

#[derive(Copy, Clone, Debug)]
pub(super) struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    /// Where it begins.
    pub at: usize,
}

/// A bracket that is open.
#[derive(Copy, Clone, PartialEq, Eq)]
pub(super) enum Open {
    /// Whether it belongs to a statement such as `if`, behind which another begins.
    Paren {
        of_statement: bool,
    },
    Bracket,
    /// Whether it is of a block, behind which a statement begins.
    Brace {
        block: bool,
    },
    /// `${` of a template.
    Substitution,
}

/// The tokens of a script.
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// The brackets that are open behind the last token.
    pub open: Vec<Open>,
    /// The last two tokens.
    last: Option<Token<'a>>,
    before_last: Option<Token<'a>>,
    /// Whether an expression or statement begins here, so that `/` begins a regular expression.
    begins: bool,
}

impl<'a> Lexer<'a> {
    pub fn new(text: &'a str) -> Lexer<'a> {
        let at = if text.starts_with("#!") { text.find('\n').unwrap_or(text.len()) } else { 0 };
        Lexer { text, at, open: Vec::new(), last: None, before_last: None, begins: true }
    }

    /// Blanks and comments.
    fn skip(&mut self) {
        loop {
            let rest = &self.text[self.at..];
            let trimmed = rest.trim_start_matches(is_space);
            self.at += rest.len() - trimmed.len();
            let length = if trimmed.starts_with("//") {
                trimmed.find(['\n', '\r', '\u{2028}', '\u{2029}'])
            } else if let Some(comment) = trimmed.strip_prefix("/*") {
                comment.find("*/").map(|end| end + 4)
            } else {
                return;
            };
            self.at += length.unwrap_or(trimmed.len());
        }
    }

    /// The length of a string, from its quote on; it ends with its line at the latest.
    fn string(&self, quote: u8) -> usize {
        self.scan(1, |bytes, at| match bytes[at] {
            b'\n' => Some(at),
            byte if byte == quote => Some(at + 1),
            _ => None,
        })
    }

    /// The length of a template's part, whose first `begin` bytes delimit it.
    fn template(&self, begin: usize) -> usize {
        self.scan(begin, |bytes, at| match bytes[at] {
            b'`' => Some(at + 1),
            b'$' if bytes.get(at + 1) == Some(&b'{') => Some(at + 2),
            _ => None,
        })
    }

    fn regex(&self) -> usize {
        let mut in_class = false;
        let end = self.scan(1, |bytes, at| {
            match bytes[at] {
                b'\n' => return Some(at),
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => return Some(at + 1),
                _ => {}
            }
            None
        });
        end + word_length(&self.text[self.at + end..])
    }

    /// The first position from `at` on for which `end` says where the token ends. Escaped characters are passed over.
    fn scan(&self, at: usize, mut end: impl FnMut(&[u8], usize) -> Option<usize>) -> usize {
        let bytes = &self.text.as_bytes()[self.at..];
        let mut at = at;
        while at < bytes.len() {
            if bytes[at] == b'\\' {
                at += 2;
                continue;
            }
            if let Some(end) = end(bytes, at) {
                return end;
            }
            at += 1;
        }
        bytes.len()
    }

    /// The kind and length of the next token.
    fn measure(&self) -> Option<(Kind, usize)> {
        let rest = &self.text[self.at..];
        let bytes = rest.as_bytes();
        let first = *bytes.first()?;
        Some(match first {
            b'"' | b'\'' => (Kind::String, self.string(first)),
            b'`' => (Kind::Template, self.template(1)),
            b'}' if self.open.last() == Some(&Open::Substitution) => (Kind::Template, self.template(1)),
            b'/' if self.begins => (Kind::Regex, self.regex()),
            b'0'..=b'9' => (Kind::Number, number_length(rest)),
            b'.' if bytes.get(1).is_some_and(u8::is_ascii_digit) => (Kind::Number, number_length(rest)),
            b'?' if bytes.get(1) == Some(&b'.') && !bytes.get(2).is_some_and(u8::is_ascii_digit) => {
                (Kind::Punctuator, 2)
            }
            b'+' | b'-' if bytes.get(1) == Some(&first) => (Kind::Punctuator, 2),
            b'=' if bytes.get(1) == Some(&b'>') => (Kind::Punctuator, 2),
            _ => match word_length(rest) {
                0 => (Kind::Punctuator, 1),
                length => (Kind::Word, length),
            },
        })
    }

    /// Notes what a token opens or closes, and whether an expression begins behind it.
    fn note(&mut self, token: Token<'a>) {
        let last = self.last.map_or("", |token| token.text);
        let after_dot = matches!(last, "." | "?.");
        self.begins = match token.kind {
            Kind::Word => !after_dot && BEFORE_EXPRESSIONS.contains(&token.text),
            Kind::Number | Kind::Regex | Kind::String => false,
            Kind::Template => {
                if token.text.starts_with('}') {
                    self.open.pop();
                }
                let opens = token.text.ends_with("${") && !token.text.ends_with("\\${");
                if opens {
                    self.open.push(Open::Substitution);
                }
                opens
            }
            Kind::Punctuator => match token.text {
                "(" => {
                    let member = self.before_last.is_some_and(|token| is_dot(&token));
                    let of_statement = !member && matches!(last, "if" | "while" | "for" | "with");
                    self.open.push(Open::Paren { of_statement });
                    true
                }
                "[" => {
                    self.open.push(Open::Bracket);
                    true
                }
                "{" => {
                    let block = match self.last {
                        None => true,
                        Some(Token { kind: Kind::Word, text, .. }) => !self.begins || matches!(text, "else" | "do"),
                        Some(_) => matches!(last, ";" | "{" | "}" | ")" | "=>"),
                    };
                    self.open.push(Open::Brace { block });
                    true
                }
                ")" => matches!(self.open.pop(), Some(Open::Paren { of_statement: true })),
                "]" => {
                    self.open.pop();
                    false
                }
                "}" => matches!(self.open.pop(), Some(Open::Brace { block: true })),
                // Before or behind an operand: as it was.
                "++" | "--" => self.begins,
                _ => true,
            },
        };
        self.before_last = self.last.replace(token);
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.skip();
        let (kind, mut length) = self.measure()?;
        // Behind an escape at the end, or at the first byte of a character.
        let rest = &self.text[self.at..];
        length = length.clamp(1, rest.len());
        while !rest.is_char_boundary(length) {
            length += 1;
        }
        let token = Token { kind, text: &rest[..length], at: self.at };
        self.at += length;
        self.note(token);
        Some(token)
    }
}

/// Words behind which an operand follows.
const BEFORE_EXPRESSIONS: [&str; 15] = [
    "await",
    "case",
    "default",
    "delete",
    "do",
    "else",
    "extends",
    "in",
    "instanceof",
    "new",
    "return",
    "throw",
    "typeof",
    "void",
    "yield",
];

pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}'
}

fn word_length(text: &str) -> usize {
    let is_part =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '\\' | '#') || !(c.is_ascii() || is_space(c));
    text.find(|c| !is_part(c)).unwrap_or(text.len())
}

fn number_length(text: &str) -> usize {
    text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_'))).unwrap_or(text.len())
}

/// Whether a name behind it is that of a property.
pub(super) fn is_dot(token: &Token<'_>) -> bool {
    matches!(token.text, "." | "?.")
}
