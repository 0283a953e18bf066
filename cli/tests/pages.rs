//! The pages that `compile --timeline` and `explore` write, as a browser shows them.

mod support;

use serde_json::Value;
use std::path::{Path, PathBuf};
use support::browser::{browser, report};
use support::{assemble, headwater, program, root, serve_once};
use tempfile::{TempDir, tempdir};

fn dir() -> TempDir {
    tempdir().expect("a temporary directory")
}

fn timeline(page: &Path, args: &[&str]) {
    let page = page.to_str().expect("it is Unicode");
    headwater([&["compile", "--timeline", page], args].concat()).success();
}

fn explore(page: &Path, args: &[&str]) -> String {
    let page = page.to_str().expect("it is Unicode");
    headwater([&["explore", "-o", page], args].concat()).success()
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().expect("a list").iter().map(|item| item.as_str().expect("a string")).collect()
}

/// Reports all words of a picture, those that are cut off, and pairs of those that overlap.
const WORDS: &str = "
const picture = document.querySelector('svg').getBoundingClientRect();
const words = [...document.querySelectorAll('svg text')].map(made => [made.textContent.trim(), made.getBoundingClientRect()]);
const cut = words.filter(([, at]) =>
    at.left < picture.left || at.right > picture.right || at.top < picture.top || at.bottom > picture.bottom);
const overlap = words.flatMap(([a, at], i) => words.slice(i + 1)
    .filter(([, to]) => at.left < to.right && to.left < at.right && at.top < to.bottom && to.top < at.bottom)
    .map(([b]) => a + ' / ' + b));
const band = [...document.querySelectorAll('svg rect')].filter(made => made.getAttribute('fill') === '#B08030');
report({
    words: words.map(([text]) => text), cut: cut.map(([text]) => text), overlap,
    bars: document.querySelectorAll('svg rect[fill=\"#D35586\"]').length, band: band.length,
    elements: document.querySelectorAll('b, img').length,
});";

#[test]
fn a_timeline_of_a_download_can_be_read() {
    let Some(browser) = browser() else { return };
    let dir = dir();
    let page = dir.path().join("out.html");
    let module = std::fs::read(root().join("cli/demo/demo.wasm")).expect("the program is in the repository");
    let size = module.len();
    timeline(&page, &["--threads", "2", &serve_once(module, 1_000_000)]);
    let shown = report(&browser, &page, WORDS);
    let words = strings(&shown["words"]);
    let has = |part: &str| assert!(words.iter().any(|word| word.contains(part)), "{part} is missing: {words:?}");
    for part in [
        "/module.wasm: ready ",
        "after the last of its ",
        "received, bytes",
        "compiled, bytes",
        "ms since the first byte",
    ] {
        has(part);
    }
    for part in ["the last byte arrives", "tail ", " ms", "thread 1: ", "100.0 KB", "x86_64-linux"] {
        if part != "x86_64-linux" || cfg!(target_arch = "x86_64") {
            has(part);
        }
    }
    assert!(size > 200_000, "labels of the axis are about this size");
    assert_eq!(strings(&shown["cut"]), [""; 0]);
    assert_eq!(strings(&shown["overlap"]), [""; 0]);
    assert!(shown["bars"].as_u64() >= Some(2) && shown["band"].as_u64() >= Some(4), "{shown}");
}

#[test]
fn a_timeline_says_nothing_but_text_of_a_hostile_name() {
    let Some(browser) = browser() else { return };
    let dir = dir();
    let module = dir.path().join("<b>&\"'<script>document.title = 1<img src=x>.wasm");
    std::fs::copy(program("library"), &module).expect("a temporary file");
    let page = dir.path().join("out.html");
    timeline(&page, &["--threads", "0", "--chunk", "1", module.to_str().expect("it is Unicode")]);
    let shown = report(&browser, &page, WORDS);
    assert_eq!(shown["elements"], 0);
    assert_eq!(strings(&shown["cut"]), [""; 0]);
}

/// Moves the pointer to a row of a pane, and reports which rows of each are highlighted.
const HOVER: &str = "
function on(pane) { return [...document.querySelectorAll('#' + pane + ' .row.on')].map(made => made.textContent); }
function hover(pane, text) {
    const made = [...document.querySelectorAll('#' + pane + ' .row')].find(made => made.textContent.includes(text));
    made.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }));
    const other = [...document.querySelectorAll('#' + pane + ' .row')].find(made => !made.classList.contains('on'));
    return {
        source: on('source'), wasm: on('wasm'), code: on('code'),
        seen: getComputedStyle(made).backgroundColor !== getComputedStyle(other).backgroundColor,
    };
}";

fn lines() -> String {
    root().join("tests/debugging/lines.wasm").to_str().expect("it is Unicode").to_owned()
}

fn explored(args: &[&str], script: &str) -> Option<Value> {
    let browser = browser()?;
    let dir = dir();
    let page: PathBuf = dir.path().join("out.html");
    explore(&page, args);
    Some(report(&browser, &page, &format!("{HOVER}\n{script}")))
}

#[test]
fn what_belongs_together_is_highlighted_together() {
    let source = root().join("tests/debugging");
    let source = source.to_str().expect("it is Unicode");
    for isa in ["x86_64", "aarch64"] {
        let args = ["--target", isa, "--source", source, &lines()];
        let script =
            "report([hover('wasm', 'i32.div_s'), hover('source', '4    return 100 / n'), hover('code', 'div')]);";
        let Some(shown) = explored(&args, script) else { return };
        let [operator, line, code] = shown.as_array().expect("three").as_slice() else { panic!("{shown}") };
        let joined = |side: &Value| strings(side).join("\n");
        assert_eq!(joined(&operator["wasm"]), "0x4ai32.div_s", "{operator}");
        assert!(joined(&operator["source"]).contains("return 100 / n"), "{operator}");
        // Its stubs are far from it.
        for part in ["div", "IntegerDivisionByZero", "IntegerOverflow"] {
            assert!(joined(&operator["code"]).contains(part), "{part}: {operator}");
        }
        assert!(!joined(&operator["code"]).contains("StackOverflow"), "{operator}");
        assert!(strings(&line["wasm"]).len() > 1 && joined(&line["wasm"]).contains("i32.div_s"), "{line}");
        assert!(joined(&line["code"]).contains("div"), "{line}");
        assert_eq!((&code["source"], &code["wasm"]), (&operator["source"], &operator["wasm"]));
        assert!(shown.as_array().expect("three").iter().all(|one| one["seen"] == true), "{shown}");
    }
}

#[test]
fn source_lines_have_numbers_where_their_files_are_not_found() {
    let script = "report(hover('wasm', 'i32.div_s'));";
    let Some(shown) = explored(&[&lines()], script) else { return };
    assert_eq!(strings(&shown["source"]), ["4"], "{shown}");
}

#[test]
fn names_of_a_module_are_text_whatever_they_contain() {
    let dir = dir();
    let module = assemble(
        &dir,
        r#"(module $"</title><b>module"
            (func $"</script><script>document.title = 'owned'</script><img src=x onerror=\"document.title = 'owned'\">"
                (result i32) (call $"<!--<script>"))
            (func $"<!--<script>" (export "<b>") (result i32) i32.const 7))"#,
    );
    let script = "report({
        title: document.title, elements: document.querySelectorAll('img, b:not(#module)').length,
        scripts: document.scripts.length, first: document.querySelector('nav .name').textContent,
        wasm: document.getElementById('wasm').textContent, functions: document.querySelectorAll('nav button').length });";
    let Some(shown) = explored(&[&module], script) else { return };
    assert!(!shown["title"].as_str().expect("a title").contains("owned"), "{shown}");
    assert_eq!(
        (&shown["elements"], &shown["scripts"], &shown["functions"]),
        (&0.into(), &3.into(), &2.into()),
        "{shown}"
    );
    assert!(shown["first"].as_str().expect("text").starts_with("</script><script>document.title"), "{shown}");
    assert!(shown["wasm"].as_str().expect("text").contains("<!--<script>"), "{shown}");
}

#[test]
fn functions_that_do_not_fit_are_left_out_and_counted() {
    let dir = dir();
    let page = dir.path().join("out.html");
    let demo = root().join("cli/demo/demo.wasm");
    let demo = demo.to_str().expect("it is Unicode");
    let said = explore(&page, &["--limit", "100K", demo]);
    let (shown, rest) =
        said.split_once(": ").and_then(|(_, rest)| rest.split_once(" of 339 functions; ")).expect(&said);
    let shown: u32 = shown.parse().expect("a number");
    assert!(shown > 0 && rest.starts_with(&format!("{} did not fit in 100.0 KB", 339 - shown)), "{said}");
    let length = std::fs::metadata(&page).expect("it was written").len();
    assert!(length < 100_000 + 20_000, "{length}");
    assert!(explore(&page, &["--func", "parse_value", demo]).contains("1 of 1 functions\n"));
    let page = page.to_str().expect("it is Unicode");
    let error = headwater(["explore", "-o", page, "--limit", "10", demo]).failure();
    assert!(error.contains("no function fits in 10 B"), "{error}");
}

#[test]
fn a_picture_is_svg_if_its_name_says_so() {
    let dir = dir();
    let picture = dir.path().join("out.SVG");
    timeline(&picture, &[&program("hello")]);
    assert!(std::fs::read_to_string(picture).expect("it was written").starts_with("<svg "));
    let error = headwater(["compile", "--timeline", "/no/such/dir/x.html", &program("hello")]).failure();
    assert!(error.contains("/no/such/dir/x.html: No such file"), "{error}");
}
