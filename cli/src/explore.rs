//! `headwater explore`: one page of HTML with functions' source lines, WebAssembly and machine code.
//!
//! What the module says (names, operators, files) is data of the page, in JSON without `<`, which the page's script only
//! ever uses as text; the policy in its head keeps it from loading anything. The page is as large as `--limit` allows:
//! functions that do not fit are left out, and both the page and the command say how many.

use crate::Outcome;
use crate::args::ExploreArgs;
use crate::compile::target_name;
use crate::listing::{Lines, Program, Row};
use crate::units;
use anyhow::{Context, Result, bail};
use headwater::{CompiledFunction, printable};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Write;
use std::path::{Component, Path, PathBuf};

/// The page, with one mark for its data.
static PAGE: &str = include_str!("explore.html");
const MARK: &str = "@DATA@";

/// What the page's script reads.
#[derive(Serialize)]
struct Data {
    module: String,
    target: String,
    limit: String,
    left_out: usize,
    files: Vec<File>,
    functions: Vec<Function>,
}

#[derive(Serialize)]
struct File {
    name: String,
    /// The text of lines that are shown, by their numbers, if the file was found.
    lines: BTreeMap<u32, String>,
}

#[derive(Serialize)]
struct Function {
    index: u32,
    name: String,
    /// Offset of the body in the module.
    offset: u32,
    code_bytes: usize,
    rows: Vec<Item>,
}

/// A row; the script tells the kinds by their lengths.
#[derive(Serialize)]
#[serde(untagged)]
enum Item {
    /// Offset, depth, text, and number of the file with line.
    Operator(u32, usize, String, Option<(usize, u32)>),
    /// Address, text, and offset of the operator.
    Instruction(usize, String, Option<u32>),
    Landing((String,)),
}

pub fn run(args: &ExploreArgs) -> Outcome {
    let program = Program::load(&args.code, |config| {
        #[cfg(feature = "debug")]
        config.wasm_backtrace_details(headwater::WasmBacktraceDetails::Enable);
        let _ = config;
    })?;
    let mut storage = String::new();
    let lines = Lines::of(&program.bytes, &mut storage)?;
    let (data, shown) = explore(&program, &lines, args)?;
    let all = program.functions.len();
    if shown == 0 && all > 0 {
        bail!("{}: no function fits in {}; --limit allows more", program.source_name, data.limit);
    }
    let json = serde_json::to_string(&data)?.replace('<', "\\u003c");
    let output = printable::name(&args.output.to_string_lossy()).to_string();
    std::fs::write(&args.output, PAGE.replacen(MARK, &json, 1)).with_context(|| output.clone())?;
    let left_out = match data.left_out {
        0 => String::new(),
        n => format!("; {n} did not fit in {} (--func shows one, --limit allows more)", data.limit),
    };
    writeln!(std::io::stdout(), "{output}: {shown} of {all} functions{left_out}")?;
    Ok(0)
}

/// The data, and how many functions it has.
fn explore(program: &Program, lines: &Lines<'_>, args: &ExploreArgs) -> Result<(Data, usize)> {
    /// About what a row of each kind takes, to see in advance what cannot fit.
    const OPERATOR: usize = 30;
    const CODE_BYTE: usize = 6;
    let mut room = args.limit as usize;
    let mut files = Files::default();
    let mut functions = Vec::new();
    for function in &program.functions {
        if OPERATOR * program.operators(function).len() + CODE_BYTE * function.code.len() > room {
            continue;
        }
        let listed = list(program, function, lines, &mut files);
        if let Some(left) = room.checked_sub(serde_json::to_string(&listed)?.len()) {
            room = left;
            functions.push(listed);
        }
    }
    if let Some(root) = &args.source {
        let root =
            root.canonicalize().with_context(|| format!("--source {}", printable::name(&root.to_string_lossy())))?;
        files.find(&root, &functions, room);
    }
    let shown = functions.len();
    let data = Data {
        module: program.source_name.clone(),
        target: target_name(program.module.engine().target()),
        limit: units::bytes(args.limit),
        left_out: program.functions.len() - shown,
        files: files.files,
        functions,
    };
    Ok((data, shown))
}

fn list(program: &Program, function: &CompiledFunction, lines: &Lines<'_>, files: &mut Files) -> Function {
    let name = program.module.func_name(function.index).map(|name| printable::name(name).to_string());
    let rows = program.rows(function, lines).into_iter().map(|row| match row {
        Row::Operator { offset, depth, text } => Item::Operator(offset, depth, text, files.place(program, offset)),
        Row::Instruction { code, text, operator } => Item::Instruction(code.start, text, operator),
        Row::Landing { tag: Some(tag) } => Item::Landing((format!("landing: exceptions with tag {tag}"),)),
        Row::Landing { tag: None } => Item::Landing(("landing: all exceptions".to_owned(),)),
    });
    Function {
        index: function.index,
        name: name.unwrap_or_default(),
        offset: function.wasm_offset,
        code_bytes: function.code.len(),
        rows: rows.collect(),
    }
}

/// The files that debug information names.
#[derive(Default)]
struct Files {
    files: Vec<File>,
    numbers: HashMap<String, usize>,
}

impl Files {
    /// Number of the file, and line, that the operator at `offset` comes from.
    #[cfg(feature = "debug")]
    fn place(&mut self, program: &Program, offset: u32) -> Option<(usize, u32)> {
        let symbols = program.module.source_symbols(offset);
        let (file, line) =
            symbols.iter().find_map(|symbol| Some((symbol.file()?, symbol.line().filter(|n| *n > 0)?)))?;
        if let Some(number) = self.numbers.get(file) {
            return Some((*number, line));
        }
        let number = self.files.len();
        self.numbers.insert(file.to_owned(), number);
        self.files.push(File { name: printable::name(file).to_string(), lines: BTreeMap::new() });
        Some((number, line))
    }

    #[cfg(not(feature = "debug"))]
    fn place(&mut self, _: &Program, _: u32) -> Option<(usize, u32)> {
        None
    }

    /// Takes the text of the lines that functions come from, and of some around them, from files below `root`, in at
    /// most `room` bytes.
    fn find(&mut self, root: &Path, functions: &[Function], mut room: usize) {
        /// Lines that are shown before and after.
        const AROUND: u32 = 2;
        const LONGEST: usize = 300;
        let mut wanted = BTreeSet::new();
        for item in functions.iter().flat_map(|function| &function.rows) {
            if let Item::Operator(_, _, _, Some((file, line))) = item {
                wanted.extend((line.saturating_sub(AROUND)..=line.saturating_add(AROUND)).map(|line| (*file, line)));
            }
        }
        for (path, &number) in &self.numbers {
            let Some(text) = source_below(root, path) else { continue };
            for (line, text) in (1..).zip(text.lines()).filter(|(line, _)| wanted.contains(&(number, *line))) {
                let text = printable::message(&text.replace('\t', "    ")).to_string();
                let text: String = text.chars().take(LONGEST).collect();
                let Some(left) = room.checked_sub(text.len() + LONGEST / 10) else { return };
                room = left;
                self.files[number].lines.insert(line, text);
            }
        }
    }
}

/// The text of the file below `root` whose path ends like `path` does, with as much of that as possible. Paths are what
/// a module says: what they lead to outside is not read.
fn source_below(root: &Path, path: &str) -> Option<String> {
    const DEEPEST: usize = 32;
    const LARGEST: u64 = 4 << 20;
    let parts: Vec<_> =
        Path::new(path).components().filter(|part| !matches!(part, Component::RootDir | Component::CurDir)).collect();
    let first = parts.len().saturating_sub(DEEPEST);
    let found = (first..parts.len()).find_map(|i| {
        let relative: PathBuf = parts[i..].iter().collect();
        let file = root.join(relative).canonicalize().ok()?;
        (file.starts_with(root) && file.is_file()).then_some(file)
    })?;
    let small = found.metadata().is_ok_and(|metadata| metadata.len() <= LARGEST);
    small.then(|| std::fs::read(found).ok()).flatten().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_found_by_the_end_of_their_path_and_never_outside() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let root = dir.path().join("root");
        std::fs::create_dir_all(root.join("src")).expect("a directory");
        std::fs::write(root.join("src/a.c"), "inside").expect("a file");
        std::fs::write(dir.path().join("secret"), "outside").expect("a file");
        std::os::unix::fs::symlink(dir.path().join("secret"), root.join("link")).expect("a link");
        let root = root.canonicalize().expect("it is there");
        for path in ["src/a.c", "./src/a.c", "/build/project/src/a.c", "src/../src/a.c"] {
            assert_eq!(source_below(&root, path).as_deref(), Some("inside"), "{path}");
        }
        let absolute = dir.path().join("secret");
        for path in ["../secret", "link", "a.c", "", "src", "src/../../secret", absolute.to_str().expect("Unicode")] {
            assert_eq!(source_below(&root, path), None, "{path}");
        }
    }

    #[test]
    fn the_page_has_one_place_for_its_data() {
        assert_eq!(PAGE.matches(MARK).count(), 1);
    }
}
