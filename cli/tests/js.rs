//! `headwater js` as seen at a terminal, including the examples.

mod support;

use std::path::{Path, PathBuf};
use std::process::Output;

fn headwater_js(args: &[&str]) -> Output {
    let mut command = support::command();
    command.arg("js").args(args).output().expect("the command starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn example(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/js").join(name);
    let output = headwater_js(&[path.to_str().expect("UTF-8")]);
    assert!(output.status.success(), "{name}: {}", stderr(&output));
    stdout(&output)
}

#[test]
fn examples_do_what_they_say() {
    assert_eq!(example("compile-streaming.js"), "42\n");
    let progress = example("progress.js");
    assert!(progress.contains("[####################] 83 of 83 bytes\n"), "{progress}");
    assert!(progress.ends_with("compiled 83 bytes with 1 export\n"), "{progress}");
    assert_eq!(example("suspend.js"), "waiting\n42\nreturned\n");
    assert_eq!(example("cancel.js"), "stalled body: AbortError\nfetch: AbortError\n");
    let fallback = "imported_func\nsent as \"application/octet-stream\": compiled after the download\nimported_func\n";
    assert_eq!(example("fallback.js"), fallback);
    let errors = example("errors.js");
    for line in [
        "not found: TypeError: ",
        "wrong type: TypeError: ",
        "not a module: CompileError: ",
        "cut short: CompileError: unexpected end-of-file (at offset 0x14)\n",
        "no imports: TypeError: ",
        "wrong import: LinkError: ",
        "trap: RuntimeError: wasm `unreachable` instruction executed\n",
        "too large: RangeError: ",
    ] {
        assert!(errors.contains(line), "{line:?} is not in:\n{errors}");
    }
}

#[test]
fn many_downloads_at_once_are_served() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/js");
    let script = "Promise.all(Array.from({ length: 200 }, () => WebAssembly.compileStreaming(fetch('simple.wasm'))))
        .then((modules) => print(modules.length))";
    let output = run(&[("a.js", script)], &["--base", folder.to_str().expect("UTF-8")], &["a.js"]);
    assert_eq!(stdout(&output), "200\n", "{}", stderr(&output));
}

/// Writes files to a folder and runs those named.
fn run(files: &[(&str, &str)], args: &[&str], names: &[&str]) -> Output {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("the folder can be written to");
    }
    let paths: Vec<PathBuf> = names.iter().map(|name| folder.path().join(name)).collect();
    let mut all = args.to_vec();
    all.extend(paths.iter().map(|path| path.to_str().expect("UTF-8")));
    headwater_js(&all)
}

#[test]
fn files_share_a_realm_and_jobs_run_after_the_last() {
    let files = [
        ("a.js", "const x = 1; Promise.resolve().then(() => print('job', y)); setTimeout(() => print('timer'), 1);"),
        ("b.js", "let y = x + 1; print('second', self === globalThis, typeof location.href);"),
    ];
    let output = run(&files, &[], &["a.js", "b.js"]);
    assert_eq!(stdout(&output), "second true string\njob 2\ntimer\n");
    assert!(output.status.success());
}

/// Harnesses, the web's own among them, tell by these what they run in: no page, no worker, but a shell.
#[test]
fn it_looks_like_a_shell() {
    let script = "print('document' in self, 'window' in self, typeof DedicatedWorkerGlobalScope, typeof importScripts);
        print(self === globalThis, new URL('x', location.href).href === location.href + 'x', location.pathname);
        print(typeof setTimeout(() => {}, 0), typeof addEventListener, [1].map((x) => x + 1)[0]);";
    let output = run(&[("a.js", script)], &[], &["a.js"]);
    assert_eq!(stdout(&output), "false false undefined undefined\ntrue true /\nnumber undefined 2\n");
}

#[test]
fn what_cannot_be_fetched_says_why() {
    let script = "for (const url of ['https://localhost/', 'ftp://localhost/', 'http://['])
        fetch(url).catch((e) => print(e instanceof TypeError, e.message));";
    let text = stdout(&run(&[("a.js", script)], &[], &["a.js"]));
    assert!(
        text.contains("true network error: cannot fetch https://localhost/: this program is built without TLS"),
        "{text}"
    );
    assert!(text.contains("true network error: cannot fetch ftp://localhost/\n"), "{text}");
    assert_eq!(text.lines().filter(|line| line.starts_with("true ")).count(), 3, "{text}");
}

#[test]
fn errors_show_a_stack_and_the_exit_status() {
    let output = run(&[("a.js", "function inner() { throw new TypeError('no'); }\ninner();")], &[], &["a.js"]);
    let text = stderr(&output);
    assert!(text.starts_with("Uncaught TypeError: no\n    at inner ("), "{text}");
    assert!(text.contains("a.js:1:"), "{text}");
    assert_eq!(output.status.code(), Some(1));
    let output = run(&[("a.js", "(async () => { throw new RangeError('no') })()")], &[], &["a.js"]);
    assert!(stderr(&output).starts_with("Unhandled rejection: RangeError: no\n"), "{}", stderr(&output));
    assert_eq!(output.status.code(), Some(1));
    let output = headwater_js(&["missing.js"]);
    assert!(stderr(&output).contains("missing.js"), "{}", stderr(&output));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn modules_import_each_other_and_fetch_what_is_beside_them() {
    let files = [
        ("main.mjs", "import { text } from './other.mjs'; print(await text('data.json'));"),
        ("other.mjs", "export const text = async (name) => (await fetch(new URL(name, import.meta.url))).text();"),
        ("data.json", "[1]"),
    ];
    let output = run(&files, &["--module"], &["main.mjs"]);
    assert_eq!(stdout(&output), "[1]\n", "{}", stderr(&output));
    let output = run(&[("main.mjs", "import './missing.mjs'")], &["--module"], &["main.mjs"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
}

#[test]
fn the_base_is_a_folder_or_a_url() {
    let script = [(
        "a.js",
        "fetch('x.txt').then(async (r) => print(r.status, r.url === location.href + 'x.txt', await r.text()))",
    )];
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    std::fs::write(folder.path().join("x.txt"), "there").expect("the folder can be written to");
    let output = run(&script, &["--base", folder.path().to_str().expect("UTF-8")], &["a.js"]);
    assert_eq!(stdout(&output), "200 true there\n", "{}", stderr(&output));

    let server = tiny_http::Server::http("127.0.0.1:0").expect("there is a free port");
    let base = format!("http://{}/", server.server_addr().to_ip().expect("an address"));
    let served = std::thread::spawn(move || {
        let request = server.recv().expect("a request comes");
        assert_eq!(request.url(), "/x.txt");
        request.respond(tiny_http::Response::from_string("elsewhere")).expect("the client waits");
    });
    let output = run(&script, &["--base", &base], &["a.js"]);
    assert_eq!(stdout(&output), "200 true elsewhere\n", "{}", stderr(&output));
    served.join().expect("the server saw what it should");
}

/// Each script that uses packages names all of them with their versions, so that it is run with what is fetched.
#[test]
fn scripts_name_the_packages_that_they_use() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/js/packages");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        if path.extension().is_none_or(|end| end != "mjs") || path.ends_with("host.mjs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("UTF-8");
        let named = text.lines().find_map(|line| line.strip_prefix("// npm: "));
        let named: Vec<&str> = named.unwrap_or_else(|| panic!("{path:?} names no package")).split(' ').collect();
        let versions: Option<Vec<_>> = named.iter().map(|package| package.rsplit_once('@')).collect();
        let versions = versions.unwrap_or_else(|| panic!("{path:?} names a package without a version"));
        for (name, version) in &versions {
            assert!(!name.is_empty() && version.split('.').count() == 3, "{path:?}: {name} {version}");
        }
        // What stands in quotes and begins like a package that is used from there.
        for used in text.split('"').skip(1).step_by(2).filter_map(|used| used.strip_prefix("./node_modules/")) {
            let known =
                versions.iter().any(|(name, _)| used.strip_prefix(name).is_some_and(|rest| rest.starts_with('/')));
            assert!(known, "{path:?} does not name the package of {used}");
        }
        count += 1;
    }
    assert!(count >= 20, "only {count} scripts");
}
