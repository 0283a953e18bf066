//! ES modules as the shell loads them: WebAssembly in both phases, packages, CommonJS and JSON.

use headwater::{Config, Engine};
use headwater_js::shell::{self, Program};
use std::path::{Path, PathBuf};

/// A folder of files, in which modules of a few lines run.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Folder {
        let folder = Folder(tempfile::tempdir().expect("a folder for temporary files"));
        for (name, text) in files {
            match name.ends_with(".wasm") {
                true => folder.write(name, &wat::parse_str(text).unwrap_or_else(|e| panic!("{name}: {e}"))),
                false => folder.write(name, text.as_bytes()),
            };
        }
        folder
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder can be made");
        std::fs::write(&path, bytes).expect("the folder can be written to");
        path
    }

    /// Runs a module that reports what is not as it should be by throwing.
    fn passes(&self, source: &str) {
        let helpers = r#"
            const same = (a, b) => { if (!Object.is(a, b)) throw new Error(`${String(a)} instead of ${String(b)}`); };
            const fails = (promise, name) => promise.then(
                () => { throw new Error(`there is no ${name}`); },
                (error) => { same(error?.name, name); return error.message; });
        "#;
        let main = self.write("main.mjs", format!("{helpers}{source}").as_bytes());
        assert!(self.run(&main), "see above");
    }

    fn run(&self, main: &Path) -> bool {
        let engine = Engine::new(Config::new().compile_threads(0)).expect("supported here");
        let program = Program {
            files: vec![main.to_path_buf()],
            args: Vec::new(),
            module: true,
            base: "http://127.0.0.1:1/".to_string(),
            folder: Some(self.0.path().to_path_buf()),
        };
        shell::run(&engine, &program).expect("the file is there")
    }
}

/// With a mutable global that it changes itself, and one that JavaScript sets.
const COUNTER: &str = r#"(module
    (global $count (export "count") (mut i32) (i32.const 1)) (global (export "pi") f64 (f64.const 3.5))
    (global (export "wide") (mut i64) (i64.const 5)) (global (export "vector") v128 (v128.const i32x4 1 2 3 4))
    (func (export "add") (param i32) (global.set $count (i32.add (global.get $count) (local.get 0)))))"#;

#[test]
fn exported_globals_are_live_bindings() {
    let calls_back = r#"(module (import "./seen.mjs" "see" (func $see)) (import "./counter.wasm" "count" (global $count (mut i32)))
        (func (export "run") (global.set $count (i32.const 70)) (call $see)
            (global.set $count (i32.const 71)) (call $see) (unreachable)))"#;
    let folder = Folder::new(&[
        ("counter.wasm", COUNTER),
        ("again.mjs", "export { count, add } from './counter.wasm';"),
        (
            "seen.mjs",
            "import { count } from './counter.wasm'; export const seen = []; export const see = () => seen.push(count);",
        ),
        ("calls-back.wasm", calls_back),
    ]);
    folder.passes(
        r#"
        import { add, count, pi, wide } from "./counter.wasm";
        import * as again from "./again.mjs";
        import { seen } from "./seen.mjs";
        import { run } from "./calls-back.wasm";
        const namespace = await import("./counter.wasm");
        same(count, 1); same(pi, 3.5); same(wide, 5n);
        add(41);
        same(count, 42); same(namespace.count, 42); same(again.count, 42);
        const { exports } = WebAssembly.namespaceInstance(namespace);
        exports.count.value = 7;
        same(count, 7); same(again.count, 7);
        exports.wide.value = -1n;
        same(wide, -1n);
        // WebAssembly modules share the global itself, whoever reads it, and in the middle of calls.
        try { run(); } catch (error) { same(error.message.includes("unreachable"), true); }
        same(seen.join(), "70,71");
        same(count, 71);
        same(exports.count.value, 71);
        try { namespace.count = 1; throw 0; } catch (error) { same(error.name, "TypeError"); }
        // A value that cannot pass to JavaScript.
        same(namespace.vector, exports.vector);
        "#,
    );
}

/// Where a suspended call leaves WebAssembly code, and where it ends.
#[test]
fn bindings_are_live_while_calls_are_suspended() {
    let suspends = r#"(module (import "./imports.mjs" "wait" (func $wait))
        (global $state (export "state") (mut i32) (i32.const 0))
        (func (export "run") (global.set $state (i32.const 1)) (call $wait)
            (global.set $state (i32.const 2)) (call $wait) (global.set $state (i32.const 3))))"#;
    let imports = "export const turns = []; \
        export const wait = new WebAssembly.Suspending(() => new Promise((resolve) => turns.push(resolve)));";
    Folder::new(&[("suspends.wasm", suspends), ("imports.mjs", imports)]).passes(
        r#"
        import { run, state } from "./suspends.wasm";
        import { turns } from "./imports.mjs";
        const done = WebAssembly.promising(run)();
        same(state, 1);
        turns[0]();
        while (turns.length < 2) await undefined;
        same(state, 2);
        turns[1]();
        await done;
        same(state, 3);
        "#,
    );
}

#[test]
fn namespaces_lead_to_their_instances() {
    let folder = Folder::new(&[("counter.wasm", COUNTER), ("other.mjs", "export {}")]);
    folder.passes(
        r#"
        import * as counter from "./counter.wasm";
        import * as other from "./other.mjs";
        const instance = WebAssembly.namespaceInstance(counter);
        same(instance instanceof WebAssembly.Instance, true);
        same(instance.exports.add, counter.add);
        same(WebAssembly.namespaceInstance(await import("./counter.wasm")), instance);
        for (const value of [other, {}, undefined, 1, instance]) {
            await fails((async () => WebAssembly.namespaceInstance(value))(), "TypeError");
        }
        await fails((async () => WebAssembly.namespaceInstance())(), "TypeError");
        "#,
    );
}

#[test]
fn sources_are_imported_without_running_anything() {
    let folder = Folder::new(&[
        ("starts.wasm", r#"(module (import "./not-there.mjs" "f" (func $f)) (start $f) (func (export "g")))"#),
        ("counter.wasm", COUNTER),
        ("script.mjs", "globalThis.ran = true;"),
        ("static.mjs", "import source x from './script.mjs';"),
        ("inner/deep.mjs", "export const load = () => import.source('../counter.wasm');"),
        (
            "strings.wasm",
            r#"(module (import "wasm:js-string" "length" (func $length (param externref) (result i32)))
            (import "wasm:js/string-constants" "four" (global $four externref))
            (func (export "f") (result i32) (call $length (global.get $four))))"#,
        ),
    ]);
    folder.write("bad.wasm", b"\0asm\x01\0\0\0\xff");
    folder.passes(
        r#"
        import source starts from "./starts.wasm";
        import source from from './counter.wasm';
        import source strings from "./strings.wasm" with {};
        import { load } from "./inner/deep.mjs";
        import * as counter from "./counter.wasm";
        same(starts instanceof WebAssembly.Module, true);
        const [{ module, name, kind }] = WebAssembly.Module.imports(starts);
        same([module, name, kind].join(), "./not-there.mjs,f,function");
        let ran = 0;
        new WebAssembly.Instance(starts, { "./not-there.mjs": { f: () => ran++ } });
        same(ran, 1);
        // One module for both phases, however it is imported.
        same(await import.source("./counter.wasm"), from);
        same(await import . source (`./${"counter"}.wasm`), from);
        same(await load(), from);
        const alone = new WebAssembly.Instance(from);
        alone.exports.add(5);
        same(alone.exports.count.value, 6); same(counter.count, 1);
        // Compiled as for the evaluation phase.
        same(new WebAssembly.Instance(strings, {}).exports.f(), 4);
        // %AbstractModuleSource%
        const Abstract = Object.getPrototypeOf(WebAssembly.Module);
        same(Abstract.name, "AbstractModuleSource");
        same(from instanceof Abstract, true);
        same(Object.getPrototypeOf(WebAssembly.Module.prototype), Abstract.prototype);
        const tag = Object.getOwnPropertyDescriptor(Abstract.prototype, Symbol.toStringTag).get;
        same(tag.call(from), "WebAssembly.Module"); same(tag.call({}), undefined); same(tag.call(1), undefined);
        // What is not WebAssembly has no source.
        await fails(import.source("./script.mjs"), "SyntaxError");
        await fails(import("./static.mjs"), "SyntaxError");
        same(globalThis.ran, undefined);
        await fails(import.source("./bad.wasm"), "CompileError");
        await fails(import.source("./counter.wasm", { with: { type: "json" } }), "TypeError");
        await fails(import.source("./counter.wasm", { with: { other: "x" } }), "SyntaxError");
        await fails(import.source("./counter.wasm", 1), "TypeError");
        await fails(import.source({ toString() { throw new RangeError("no"); } }), "RangeError");
        await fails(import.source(Symbol()), "TypeError");
        same((await import.source("./none.wasm").catch((error) => error.message)).includes("No such file"), true);
        same(import.meta.source === undefined || typeof import.meta.source === "function", true);
        "#,
    );
}

#[test]
fn reserved_names_are_refused() {
    let folder = Folder::new(&[
        ("module.wasm", r#"(module (import "wasm-js:x" "f" (func)))"#),
        ("import.wasm", r#"(module (import "./x.mjs" "wasm:f" (func)))"#),
        ("import-js.wasm", r#"(module (import "./x.mjs" "wasm-js:f" (func)))"#),
        ("export.wasm", r#"(module (func (export "wasm:f")))"#),
        ("export-js.wasm", r#"(module (func (export "wasm-js:f")))"#),
        (
            "constant.wasm",
            r#"(module (import "wasm:js/string-constants" "wasm:hello" (global externref)) (export "s" (global 0)))"#,
        ),
        ("builtin.wasm", r#"(module (import "wasm:js-string" "length" (func (param i32) (result i32))))"#),
    ]);
    folder.passes(
        r#"
        for (const name of ["module", "import", "import-js", "export", "export-js"]) {
            const message = await fails(import(`./${name}.wasm`), "LinkError");
            same(message.includes("reserved"), true);
            await fails(import.source(`./${name}.wasm`), "LinkError");
        }
        same((await import("./constant.wasm")).s, "wasm:hello");
        await fails(import("./builtin.wasm"), "CompileError");
        "#,
    );
}

#[test]
fn start_functions_run_in_the_order_of_evaluation() {
    let folder = Folder::new(&[
        ("log.mjs", "export const seen = []; export const see = (x) => seen.push(x);"),
        ("before.mjs", "import { see } from './log.mjs'; see(1); export const value = 8;"),
        (
            "a.wasm",
            r#"(module (import "./before.mjs" "value" (global $v i32)) (import "./log.mjs" "see" (func $see (param i32)))
            (func $f (call $see (global.get $v))) (start $f) (func (export "done")))"#,
        ),
        ("fails.wasm", "(module (func $f unreachable) (start $f))"),
    ]);
    folder.passes(
        r#"
        import { seen, see } from "./log.mjs";
        import { done } from "./a.wasm";
        done(); see(9);
        same(seen.join(), "1,8,9");
        await fails(import("./fails.wasm"), "RuntimeError");
        await fails(import("./fails.wasm"), "RuntimeError");
        "#,
    );
}

#[test]
fn cycles_and_missing_exports_are_errors_of_the_right_kind() {
    let folder = Folder::new(&[
        // A function declaration is there before its module runs; a constant is not.
        (
            "hoisted.mjs",
            "import { run } from './hoisted.wasm'; export function f() { return 5; } export const result = run();",
        ),
        (
            "hoisted.wasm",
            r#"(module (import "./hoisted.mjs" "f" (func $f (result i32))) (func (export "run") (result i32) call $f))"#,
        ),
        ("early.mjs", "import './early.wasm'; export const f = () => 5;"),
        ("early.wasm", r#"(module (import "./early.mjs" "f" (func)))"#),
        // The module runs first, and what it imports from WebAssembly is not there yet.
        ("late.wasm", r#"(module (import "./late.mjs" "f" (func)) (func (export "g")))"#),
        (
            "late.mjs",
            "import { g } from './late.wasm'; export const f = () => {}; let e; try { g } catch (x) { e = x.name } export { e };",
        ),
        ("itself.wasm", r#"(module (import "./itself.wasm" "f" (func)) (func (export "f")))"#),
        ("x.wasm", r#"(module (import "./y.wasm" "g" (func $g)) (export "f" (func $g)))"#),
        ("y.wasm", r#"(module (import "./x.wasm" "f" (func $f)) (export "g" (func $f)))"#),
        ("lacks.wasm", r#"(module (import "./lacks.mjs" "none" (func)))"#),
        ("lacks.mjs", "export const f = 1;"),
        ("wrong.wasm", r#"(module (import "./lacks.mjs" "f" (func)))"#),
        ("from-wasm.mjs", "import { none } from './counter.wasm';"),
        ("counter.wasm", COUNTER),
        ("mutable.wasm", r#"(module (import "./lacks.mjs" "f" (global (mut i32))))"#),
        (
            "number.wasm",
            r#"(module (import "./lacks.mjs" "f" (global $f i32)) (func (export "get") (result i32) global.get $f))"#,
        ),
        ("type.wasm", r#"(module (import "./counter.wasm" "pi" (global i32)))"#),
    ]);
    folder.passes(
        r#"
        same((await import("./hoisted.mjs")).result, 5);
        await fails(import("./early.mjs"), "ReferenceError");
        await import("./late.wasm");
        same((await import("./late.mjs")).e, "ReferenceError");
        await fails(import("./itself.wasm"), "ReferenceError");
        await fails(import("./x.wasm"), "ReferenceError");
        await fails(import("./lacks.wasm"), "SyntaxError");
        await fails(import("./from-wasm.mjs"), "SyntaxError");
        await fails(import("./wrong.wasm"), "LinkError");
        await fails(import("./mutable.wasm"), "LinkError");
        await fails(import("./type.wasm"), "LinkError");
        same((await import("./number.wasm")).get(), 1);
        "#,
    );
}

#[test]
fn import_attributes_are_json_or_refused() {
    let folder = Folder::new(&[
        ("a.json", r#"{ "list": [1, null], "__proto__": 2 }"#),
        ("bad.json", "{"),
        ("counter.wasm", COUNTER),
        ("unknown.mjs", "import './a.json' with { other: 'x' };"),
    ]);
    folder.passes(
        r#"
        import data from "./a.json" with { type: "json" };
        same(JSON.stringify(data), '{"list":[1,null],"__proto__":2}');
        same((await import("./a.json", { with: { type: "json" } })).default, data);
        await fails(import("./a.json"), "TypeError");
        await fails(import("./counter.wasm", { with: { type: "json" } }), "TypeError");
        await fails(import("./counter.wasm", { with: { type: "webassembly" } }), "TypeError");
        await fails(import("./unknown.mjs"), "SyntaxError");
        await fails(import("./bad.json", { with: { type: "json" } }), "SyntaxError");
        "#,
    );
}

#[test]
fn packages_are_found_by_their_names() {
    let folder = Folder::new(&[
        (
            "node_modules/a/package.json",
            r#"{ "name": "a", "exports": { ".": { "node": "./node.js", "import": "./esm.js" }, "./x.wasm": "./in/x.wasm" } }"#,
        ),
        ("node_modules/a/esm.js", "export const where = import.meta.url; export { default as self } from 'a/x.wasm';"),
        ("node_modules/a/in/x.wasm", r#"(module (func (export "default") (result i32) (i32.const 3)))"#),
        ("node_modules/@s/b/package.json", r#"{ "main": "lib" }"#),
        (
            "node_modules/@s/b/lib.js",
            "exports.value = 4; exports.self = require('./lib.js') === exports; this.also = 5;",
        ),
        ("inner/uses.mjs", "export { where } from 'a'; export const resolved = import.meta.resolve('@s/b/lib.js');"),
        ("here.mjs", "export default 1;"),
    ]);
    folder.passes(
        r#"
        import { self, where } from "a";
        import b, { value } from "@s/b";
        import { resolved, where as again } from "./inner/uses.mjs";
        same(where, "http://127.0.0.1:1/node_modules/a/esm.js"); same(again, where);
        same(resolved, "http://127.0.0.1:1/node_modules/@s/b/lib.js");
        same(self(), 3);
        same(b.value, 4); same(value, 4); same(b.also, 5); same(b.self, true);
        same(import.meta.resolve("./x/../y.mjs"), "http://127.0.0.1:1/y.mjs");
        same((await import(new URL("./here.mjs?query#part", import.meta.url))).default, 1);
        for (const name of ["none", "a/in/x.wasm", "node:fs", "http://127.0.0.1:2/x.mjs", "http://127.0.0.1:1/../../etc/passwd"]) {
            same(await import(name).then(() => 0, () => 1), 1);
            try { import.meta.resolve(name); if (!name.startsWith("http://127.0.0.1:1/")) same(name, ""); } catch {}
        }
        "#,
    );
}

#[test]
fn commonjs_modules_are_imported_and_required() {
    let folder = Folder::new(&[
        (
            "umd.js",
            "(function (root, factory) { if (typeof define === 'function' && define.amd) define(factory); else if \
            (typeof exports === 'object') module.exports = factory(); else root.x = factory(); })(this, () => ({ n: 1 }));",
        ),
        (
            "names.cjs",
            "Object.defineProperty(exports, '__esModule', { value: true }); exports.a = exports.b = 2; \
            __exportStar(require('./star.cjs'), exports); function __exportStar(m, e) { for (const k in m) e[k] = m[k]; }",
        ),
        (
            "star.cjs",
            "exports.star = __filename.endsWith('star.cjs') && __dirname.length > 0 && typeof require === 'function';",
        ),
        ("one.cjs", "exports.early = 1; exports.two = require('./two'); exports.late = 2;"),
        (
            "two.js",
            "const one = require('./one.cjs'); exports.early = one.early; exports.late = one.late; exports.one = one;",
        ),
        ("data.cjs", "module.exports = require('./data'); sloppy = 3;"),
        ("data.json", r#"{ "x": [1] }"#),
        ("fails.cjs", "globalThis.count = (globalThis.count ?? 0) + 1; throw new RangeError('no');"),
        (
            "needs.cjs",
            "try { require('fs'); } catch (error) { exports.code = error.code; exports.message = error.message; }",
        ),
        ("module.js", "export const exports = 'a name like any other';"),
        ("esm-in-cjs.cjs", "require('./module.js');"),
        (
            "property.js",
            "const instance = await { exports: { f: () => 1 } }; globalThis.property = instance.exports.f();",
        ),
        ("declares.js", "const { exports } = await { exports: 2 }; globalThis.declares = exports + typeof module;"),
        ("awaits.js", "const value = await 3; const take = (exports) => exports; globalThis.awaits = take(value);"),
        ("typed/package.json", r#"{ "type": "module" }"#),
        ("typed/a.js", "export default typeof exports + typeof module;"),
        ("typed/b.js", "globalThis.strict = (function () { return this === undefined; })(); const exports = 1;"),
    ]);
    folder.passes(
        r#"
        import umd from "./umd.js";
        import * as names from "./names.cjs";
        import one, { two, late } from "./one.cjs";
        import data from "./data.cjs";
        same(umd.n, 1); same(globalThis.x, undefined);
        same(names.a, 2); same(names.b, 2); same(names.star, true); same(names.default.star, true);
        same(two.early, 1); same(two.late, undefined); same(two.one, one); same(late, 2);
        same(data.x[0], 1); same(globalThis.sloppy, 3);
        await fails(import("./fails.cjs"), "RangeError");
        await fails(import("./fails.cjs"), "RangeError");
        same((await import("./needs.cjs")).default.code, "MODULE_NOT_FOUND");
        same((await import("./module.js")).exports, "a name like any other");
        same(await import("./esm-in-cjs.cjs").then(() => 0, (error) => error.message.includes("ES module")), true);
        same((await import("./typed/a.js")).default, "undefinedundefined");
        await import("./property.js"); await import("./declares.js"); await import("./awaits.js");
        same(globalThis.property, 1); same(globalThis.declares, "2undefined"); same(globalThis.awaits, 3);
        await import("./typed/b.js");
        same(globalThis.strict, true);
        "#,
    );
}

/// Emscripten can put the bytes of a module into a string as they are.
#[test]
fn scripts_may_contain_nuls() {
    let folder = Folder::new(&[
        ("nul.mjs", "export const text = '\0asm\\\0' + `\0${'\0'}`; // \0"),
        ("nul.cjs", "module.exports = /^\0$/.test('\0') ? '\0'.length : 0;"),
    ]);
    folder.passes(
        r#"
        import { text } from "./nul.mjs";
        import length from "./nul.cjs";
        same(text, "\x00asm\x00\x00\x00"); same(length, 1);
        "#,
    );
    let broken = folder.write("broken.mjs", b"let x\0 = 1;");
    assert!(!folder.run(&broken));
}

/// What scripts replace is not used by modules that are loaded later.
#[test]
fn nothing_that_scripts_replace_is_used_for_modules() {
    let folder = Folder::new(&[("counter.wasm", COUNTER), ("a.cjs", "exports.a = 1;"), ("a.json", "[1]")]);
    folder.passes(
        r#"
        const { getOwnPropertyDescriptor, defineProperty, getPrototypeOf } = Object;
        const { ownKeys } = Reflect;
        const seen = () => { throw "seen"; };
        const targets = [Map.prototype, Object, Function.prototype, String.prototype, Reflect, JSON, WebAssembly,
            WebAssembly.Module, WebAssembly.Global.prototype, WebAssembly.Instance.prototype, Promise.prototype,
            Array.prototype, getPrototypeOf([][Symbol.iterator]())];
        for (let i = 0; i < targets.length; i++) {
            const keys = ownKeys(targets[i]);
            for (let j = 0; j < keys.length; j++) {
                const descriptor = getOwnPropertyDescriptor(targets[i], keys[j]);
                if (keys[j] === "constructor" || !descriptor.configurable) continue;
                const value = descriptor.get === undefined ? { value: seen } : { get: seen };
                defineProperty(targets[i], keys[j], value);
            }
        }
        globalThis.TypeError = globalThis.SyntaxError = globalThis.Promise = globalThis.Error = globalThis.Map = seen;
        let text = "";
        const counter = await import("./counter.wasm");
        counter.add(1);
        text += counter.count;
        await import.source("./counter.wasm");
        text += (await import("./a.cjs")).a;
        text += (await import("./a.json", { with: { type: "json" } })).default[0];
        if (text !== "211") throw text;
        "#,
    );
}
