//! Where the words `import` and `export` stand in a script, without parsing it: enough to tell ES modules from other
//! scripts, and to give QuickJS the imports of the source phase, for which it has no syntax.
//!
//! `import source x from "y"` becomes `import x from "source phase:y"`, and `import.source(y)` becomes
//! `import.meta.source(y)`. Scripts that do not have these words are not touched. What is in strings, templates,
//! comments and regular expressions does not count (`lexer.rs`).

use super::lexer::{Kind, Lexer, Token, is_dot, is_space};

/// What specifiers of the source phase begin with. No path, URL or name of a package does.
pub(super) const SOURCE_PHASE: &str = "source phase:";

/// The script with its imports of the source phase in the form that QuickJS knows; none if it has none.
pub(super) fn without_source_phase(text: &str) -> Option<String> {
    // Most scripts are told without looking at all of their tokens.
    let candidate = text.match_indices("import").any(|(at, word)| {
        let rest = text[at + word.len()..].trim_start_matches(is_space);
        let rest = rest.strip_prefix('.').map_or(rest, |rest| rest.trim_start_matches(is_space));
        rest.starts_with("source") || rest.starts_with("/*") || rest.starts_with("//")
    });
    if !candidate {
        return None;
    }
    let tokens: Vec<Token<'_>> = Lexer::new(text).collect();
    let mut rewritten = String::new();
    let mut copied = 0;
    for (i, token) in tokens.iter().enumerate() {
        if token.text != "import" || i.checked_sub(1).is_some_and(|before| is_dot(&tokens[before])) {
            continue;
        }
        let word = |at: usize| tokens.get(i + at).map_or("", |token| token.text);
        let name_follows = tokens.get(i + 2).is_some_and(|token| token.kind == Kind::Word);
        if word(1) == "." && word(2) == "source" && word(3) == "(" {
            rewritten += &text[copied..tokens[i + 2].at];
            rewritten += "meta.";
            copied = tokens[i + 2].at;
        } else if word(1) == "source" && name_follows && word(3) == "from" {
            let Some(specifier) = tokens.get(i + 4).filter(|token| token.kind == Kind::String) else { continue };
            // Blanks in its place, so that what follows stays in its column.
            rewritten += &text[copied..tokens[i + 1].at];
            rewritten += "      ";
            copied = tokens[i + 1].at + "source".len();
            rewritten += &text[copied..=specifier.at];
            rewritten += SOURCE_PHASE;
            copied = specifier.at + 1;
        }
    }
    (copied > 0).then(|| rewritten + &text[copied..])
}

/// The script without NULs, which QuickJS's interface takes for the end: in strings, templates and regular expressions
/// (Emscripten puts a whole module into a string) they are written as escapes, in comments as blanks.
///
/// # Errors
/// Where there is one that means nothing.
pub(super) fn without_nuls(text: &str) -> Result<String, usize> {
    let mut rewritten = String::with_capacity(text.len() + text.len() / 8);
    let mut copied = 0;
    for token in Lexer::new(text) {
        rewritten += &text[copied..token.at].replace('\0', " ");
        copied = token.at + token.text.len();
        if token.kind == Kind::Punctuator || token.kind == Kind::Word || token.kind == Kind::Number {
            if let Some(at) = token.text.find('\0') {
                return Err(token.at + at);
            }
            rewritten += token.text;
            continue;
        }
        let mut escaped = false;
        for c in token.text.chars() {
            match c {
                '\0' => rewritten += if escaped { "x00" } else { "\\x00" },
                c => rewritten.push(c),
            }
            escaped = c == '\\' && !escaped;
        }
    }
    rewritten += &text[copied..].replace('\0', " ");
    Ok(rewritten)
}

/// Whether a script has the syntax of ES modules: `import`, `export` or `import.meta`.
pub(super) fn has_module_syntax(text: &str) -> bool {
    if !(text.contains("import") || text.contains("export")) {
        return false;
    }
    let mut lexer = Lexer::new(text);
    let mut dotted = false;
    let mut next = lexer.next();
    while let Some(token) = next {
        let outermost = lexer.open.is_empty();
        next = lexer.next();
        let following = next.as_ref();
        let is = |texts: &[&str]| following.is_some_and(|token| texts.contains(&token.text));
        let word = following.is_some_and(|token| token.kind == Kind::Word);
        let string = following.is_some_and(|token| token.kind == Kind::String);
        match token.text {
            "import" if !dotted && outermost && (word || string || is(&["{", "*"])) => return true,
            "import" if !dotted && is(&["."]) => {
                next = lexer.next();
                if next.as_ref().is_some_and(|token| token.text == "meta") {
                    return true;
                }
            }
            "export" if !dotted && outermost && (word || is(&["{", "*"])) => return true,
            _ => {}
        }
        dotted = is_dot(&token);
    }
    false
}

/// Whether a script has the word `exports` or `module.exports`, and not only as a property.
pub(super) fn has_commonjs_words(text: &str) -> bool {
    if !text.contains("exports") {
        return false;
    }
    let mut before = ["", ""];
    Lexer::new(text).any(|token| {
        let own = !matches!(before[1], "." | "?.") || before[0] == "module";
        before = [before[1], token.text];
        own && token.kind == Kind::Word && token.text == "exports"
    })
}

/// What a CommonJS module exports, as far as its text says so.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct CommonExports {
    pub names: Vec<String>,
    /// What is required to export all of it.
    pub from: Vec<String>,
}

/// Finds the exports of a CommonJS module that are written as tools write them: assignments to `exports.name`,
/// `Object.defineProperty(exports, "name"`, an object that is assigned to `module.exports`, and `__exportStar(require(`.
pub(super) fn common_exports(text: &str) -> CommonExports {
    let tokens: Vec<Token<'_>> = Lexer::new(text).collect();
    let at = |i: usize| tokens.get(i).map_or("", |token| token.text);
    let is_word = |i: usize| tokens.get(i).is_some_and(|token| token.kind == Kind::Word);
    let assigned = |i: usize| at(i) == "=" && !(at(i + 1) == "=" && tokens[i + 1].at == tokens[i].at + 1);
    let string = |i: usize| {
        let token = tokens.get(i).filter(|token| token.kind == Kind::String && !token.text.contains('\\'))?;
        token.text.get(1..token.text.len() - 1)
    };
    let required = |i: usize| match (at(i), at(i + 1), at(i + 3)) {
        ("require", "(", ")") => string(i + 2).map(str::to_string),
        _ => None,
    };
    let mut found = CommonExports::default();
    for i in 0..tokens.len() {
        match at(i) {
            "exports" => {
                let before = |back: usize| i.checked_sub(back).map_or("", at);
                let of_module = before(1) == "." && before(2) == "module";
                if before(1) == "." && !of_module {
                    continue;
                }
                let start = if of_module { i - 2 } else { i };
                let defines = start >= 4
                    && at(start - 1) == "("
                    && at(start - 2) == "defineProperty"
                    && at(start - 4) == "Object";
                match at(i + 1) {
                    "." if is_word(i + 2) && assigned(i + 3) => found.names.push(at(i + 2).to_string()),
                    "[" if at(i + 3) == "]" && assigned(i + 4) => found.names.extend(string(i + 2).map(str::to_string)),
                    "," if defines => found.names.extend(string(i + 2).map(str::to_string)),
                    "=" if of_module && at(i + 2) == "{" => members(&tokens, i + 3, &mut found.names),
                    "=" if of_module => found.from.extend(required(i + 2)),
                    _ => {}
                }
            }
            "__exportStar" | "__export" if at(i + 1) == "(" => found.from.extend(required(i + 2)),
            _ => {}
        }
    }
    found.names.sort_unstable();
    found.names.dedup();
    found
}

/// The names of an object's members, from its first one on, as long as their values are names.
fn members(tokens: &[Token<'_>], from: usize, names: &mut Vec<String>) {
    let mut i = from;
    while let Some(token) = tokens.get(i).filter(|token| matches!(token.kind, Kind::Word | Kind::String)) {
        let name = token.text.trim_matches(['"', '\'']);
        let next = |by: usize| tokens.get(i + by).map_or("", |token| token.text);
        match next(1) {
            "," | "}" | ":" if !name.contains('\\') => names.push(name.to_string()),
            _ => return,
        }
        let simple = next(1) == "," || (next(1) == ":" && next(3) == ",");
        if !simple {
            return;
        }
        i += if next(1) == "," { 2 } else { 4 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_of_the_source_phase_are_found() {
        for (text, expected) in [
            ("import source x from 'y'", "import        x from 'source phase:y'"),
            ("import source from from \"y\";", "import        from from \"source phase:y\";"),
            ("import source source from 'y'", "import        source from 'source phase:y'"),
            (
                "import/**/source\nx from//\n'y' with { a: 'b' }",
                "import/**/      \nx from//\n'source phase:y' with { a: 'b' }",
            ),
            ("a();import.source('y')", "a();import.meta.source('y')"),
            ("await import . /**/ source ( y )", "await import . /**/ meta.source ( y )"),
            ("`${import.source(`${x}`)}`", "`${import.meta.source(`${x}`)}`"),
            ("`a${`b${{}}`}c`;import.source(y)", "`a${`b${{}}`}c`;import.meta.source(y)"),
            ("a / import.source(y) / b", "a / import.meta.source(y) / b"),
            ("x = /[/'`]'/g; import.source(y)", "x = /[/'`]'/g; import.meta.source(y)"),
            ("if (a) /'/.test(b); import.source(y)", "if (a) /'/.test(b); import.meta.source(y)"),
            ("f(a) / 2; '/'; import.source(y)", "f(a) / 2; '/'; import.meta.source(y)"),
            ("({}) / 2; '/'; import.source(y)", "({}) / 2; '/'; import.meta.source(y)"),
            ("x = {} / 2; '/'; import.source(y)", "x = {} / 2; '/'; import.meta.source(y)"),
            ("{}\n/'/.test(b); import.source(y)", "{}\n/'/.test(b); import.meta.source(y)"),
            ("i++ / 2; '/'; import.source(y)", "i++ / 2; '/'; import.meta.source(y)"),
            ("a.return / 2; '/'; import.source(y)", "a.return / 2; '/'; import.meta.source(y)"),
            ("a.if(b) / 2; '/'; import.source(y)", "a.if(b) / 2; '/'; import.meta.source(y)"),
            ("return /'/; import.source(y)", "return /'/; import.meta.source(y)"),
            ("x => { } /'/; import.source(y)", "x => { } /'/; import.meta.source(y)"),
            ("#!/usr/bin/env '\nimport.source(y)", "#!/usr/bin/env '\nimport.meta.source(y)"),
            ("ä = 'ü\\'' ; import.source(y)", "ä = 'ü\\'' ; import.meta.source(y)"),
        ] {
            assert_eq!(without_source_phase(text).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_only_looks_like_one_is_left_alone() {
        for text in [
            "import source from 'y'",
            "import source, { a } from 'y'",
            "import { source } from 'y'",
            "'import source x from \\'y\\''",
            "\"import.source(y)\"",
            "`import.source(y) ${1} import.source(y)`",
            "`\\${import.source(y)}`",
            "// import source x from 'y'",
            "/* import.source(y) */",
            "x = /import.source(y)/",
            "x = /[/]import.source(y)/",
            "if (a) /import.source(y)/.test(b)",
            "a.import.source(y)",
            "a?.import.source(y)",
            "import.source",
            "import.meta.source(y)",
            "ximport.source(y)",
            "import defer x from 'source'",
            "'unterminated import.source(y)",
            "'\\",
            "`${",
            "import source x from",
        ] {
            assert_eq!(without_source_phase(text), None, "{text}");
        }
    }

    #[test]
    fn nuls_are_written_as_escapes() {
        for (text, expected) in [
            ("'a\0b'", "'a\\x00b'"),
            ("'\\\0'", "'\\x00'"),
            ("'\\\\\0'", "'\\\\\\x00'"),
            ("`\0${'\0'}\0`", "`\\x00${'\\x00'}\\x00`"),
            ("/\0/ // \0", "/\\x00/ //  "),
            ("/*\0*/ 1", "/* */ 1"),
        ] {
            assert_eq!(without_nuls(text).as_deref(), Ok(expected));
        }
        assert_eq!(without_nuls("a\0"), Err(1));
        assert_eq!(without_nuls("\0"), Err(0));
        assert_eq!(without_nuls("1\0"), Err(1));
    }

    #[test]
    fn modules_are_told_by_their_syntax() {
        for text in [
            "import 'x'",
            "import x from 'y'",
            "import{x}from'y'",
            "import*as x from'y'",
            "export{}",
            "export default 1",
            "export const a = 1",
            "const a = import.meta.url",
            "function f() { return import.meta }",
            "f();export*from'x'",
        ] {
            assert!(has_module_syntax(text), "{text}");
        }
        for text in [
            "import('x')",
            "a.import",
            "({ import: 1, export: 2 })",
            "exports.x = 1",
            "'import \"x\"'",
            "// export {}",
            "a.export\n{}",
            "function f() { import('x').then(export_) }",
            "x = /export {}/",
            "`import 'x'`",
            "",
        ] {
            assert!(!has_module_syntax(text), "{text}");
        }
    }

    #[test]
    fn commonjs_is_told_by_its_words() {
        for text in ["exports.a = 1", "module.exports = 1", "typeof exports", "f(exports)"] {
            assert!(has_commonjs_words(text), "{text}");
        }
        for text in ["instance.exports.a()", "a?.exports", "'exports'", "/exports/", "exportsOf()"] {
            assert!(!has_commonjs_words(text), "{text}");
        }
    }

    #[test]
    fn exports_of_commonjs_are_found() {
        for (text, names, from) in [
            ("exports.a = exports.b = void 0; exports.a == 1; x.exports.c = 1", "a b", ""),
            ("module.exports.a = 1; exports['b'] = 2; exports[c] = 3", "a b", ""),
            (
                "Object.defineProperty(exports, '__esModule', { value: true }); Object.defineProperty(exports, \"x\", {})",
                "__esModule x",
                "",
            ),
            ("0 && (module.exports = { a, b: c, 'd': e });", "a b d", ""),
            ("module.exports = { a, b: function () {}, c }", "a b", ""),
            ("module.exports = require('./x')", "", "./x"),
            ("tslib_1.__exportStar(require(\"y\"), exports); __export(require('z'))", "", "y z"),
            ("// exports.a = 1\n'exports.b = 2'; `exports.c = 3`", "", ""),
        ] {
            let found = common_exports(text);
            assert_eq!((found.names.join(" ").as_str(), found.from.join(" ").as_str()), (names, from), "{text}");
        }
    }

    #[test]
    fn every_text_comes_to_an_end() {
        // All texts of a few characters that open, close and escape, and the tokens are the text but for blanks.
        let parts = ["'", "`", "${", "}", "{", "/", "*", "\\", "[", "(", ")", "\n", "ä", "a", "import.source("];
        let mut texts = vec![String::new()];
        for _ in 0..4 {
            texts = texts.iter().flat_map(|text| parts.map(|part| format!("{text}{part}"))).collect();
        }
        for text in &texts {
            let mut end = 0;
            for token in Lexer::new(text) {
                assert!(token.at >= end && !token.text.is_empty(), "{text}");
                end = token.at + token.text.len();
            }
            assert!(end <= text.len());
            let _ = (without_source_phase(text), has_module_syntax(text), without_nuls(text), common_exports(text));
        }
    }
}
