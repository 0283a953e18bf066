//! The folded form of legacy `try`, which the parser does not know, in the flat form, which it does.

use std::borrow::Cow;

/// What a parenthesis that is open belongs to.
#[derive(Copy, Clone, PartialEq, Eq)]
enum List {
    Try,
    /// A `try` that delegates, which has no `end`.
    Delegating,
    /// `do`, `catch`, `catch_all` or `delegate`, directly in a `try`.
    Clause,
    Other,
}

/// `(try (do a) (catch $e b))` becomes `try a catch $e b end`, and so on; lines stay what they are. Text without `(try`
/// is returned as it is.
pub(crate) fn unfold(text: &str) -> Cow<'_, str> {
    if !text.contains("(try ") && !text.contains("(try\n") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut open = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = match c {
            '"' => string_len(rest),
            ';' if rest.starts_with(";;") => rest.find('\n').unwrap_or(rest.len()),
            '(' if rest.starts_with("(;") => rest.find(";)").map_or(rest.len(), |end| end + 2),
            '(' => {
                let inside = &rest[1..];
                let word = &inside[..inside.find(|c: char| c.is_whitespace() || "()".contains(c)).unwrap_or(0)];
                let list = match word {
                    "try" => List::Try,
                    "do" | "catch" | "catch_all" | "delegate" if matches!(open.last(), Some(List::Try)) => {
                        if word == "delegate" {
                            *open.last_mut().expect("just seen") = List::Delegating;
                        }
                        List::Clause
                    }
                    _ => List::Other,
                };
                open.push(list);
                out.push(if list == List::Other { '(' } else { ' ' });
                // `do` has no name of its own in the flat form.
                rest = if list == List::Clause && word == "do" { &inside[2..] } else { inside };
                continue;
            }
            ')' => {
                out.push_str(match open.pop() {
                    Some(List::Try) => " end ",
                    Some(List::Delegating | List::Clause) => " ",
                    _ => ")",
                });
                rest = &rest[1..];
                continue;
            }
            c => c.len_utf8(),
        };
        out.push_str(&rest[..skipped]);
        rest = &rest[skipped..];
    }
    Cow::Owned(out)
}

/// The length of the string that `text` begins with, quotes included.
fn string_len(text: &str) -> usize {
    let mut escaped = false;
    for (i, c) in text.char_indices().skip(1) {
        match c {
            '"' if !escaped => return i + 1,
            c => escaped = c == '\\' && !escaped,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::unfold;

    #[test]
    fn folded_tries_are_unfolded_and_everything_else_stays() {
        let words = |text: &str| unfold(text).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(unfold("(func (block))"), "(func (block))");
        assert_eq!(words("(try (do (nop)) (catch $e (drop)))"), "try (nop) catch $e (drop) end");
        assert_eq!(words("(try (result i32) (do (nop)) (catch_all))"), "try (result i32) (nop) catch_all end");
        assert_eq!(words("(try $l (do (try (do) (delegate $l))) (catch $e))"), "try $l try delegate $l catch $e end");
        assert_eq!(words("(a \"(try (do)\" ;; (try (do\n (try (do)))"), "(a \"(try (do)\" ;; (try (do try end )");
        assert_eq!(unfold("(try (do)\n(catch $e))").lines().count(), 2);
    }
}
