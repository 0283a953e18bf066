//! What scripts drop is freed, cycles through WebAssembly code included; what anything still reaches is not.
//!
//! `HEADWATER_LIFETIMES=1000000` makes and drops so many of each kind; without it, enough to get past every limit that
//! a store has by default, and to see what grows.

use headwater::{Config, Engine};
use rquickjs::{CatchResultExt, Context, Runtime};
use std::fs;
use std::sync::{Mutex, PoisonError};

/// What the process has is measured: one test at a time.
static ALONE: Mutex<()> = Mutex::new(());

/// Bytes of memory that the process has.
fn resident() -> usize {
    let statm = fs::read_to_string("/proc/self/statm").expect("it is Linux");
    let pages: usize = statm.split(' ').nth(1).and_then(|n| n.parse().ok()).expect("a number of pages");
    pages * 4096
}

const MODULES: [(&str, &str); 5] = [
    ("plain", r#"(module (func (export "f") (result i32) i32.const 7))"#),
    (
        "all",
        r#"(module (memory (export "memory") 1) (table (export "table") 2 funcref) (global (export "global") (mut i32) (i32.const 1))
            (tag (export "tag") (param i32)) (elem (table 0) (i32.const 0) func 0) (func (export "f") (result i32) memory.size))"#,
    ),
    (
        "calls",
        r#"(module (import "m" "f" (func $f (result i32))) (import "m" "t" (table 1 funcref)) (global (export "g") (mut funcref) (ref.func 1))
            (elem (table 0) (i32.const 0) func 1) (func (export "call") (result i32) call $f))"#,
    ),
    (
        "objects",
        r#"(module (type $t (func (result i32))) (type $s (struct (field (mut (ref null $t))))) (func $f (result i32) i32.const 5)
            (elem declare func $f) (global (export "g") (mut anyref) (ref.null any))
            (func (export "f") (result i32) (global.set 0 (struct.new $s (ref.func $f)))
                (call_ref $t (struct.get $s 0 (ref.cast (ref $s) (global.get 0))))))"#,
    ),
    (
        "keep",
        r#"(module (import "m" "again" (func $again)) (type $t (func (result i32))) (table 1 funcref)
            (func (export "put") (param funcref) (table.set (i32.const 0) (local.get 0)))
            (func (export "take") (param funcref) (result i32) (local $l funcref) (local.set $l (local.get 0)) (call $again)
                (table.set (i32.const 0) (local.get $l)) (call_indirect (type $t) (i32.const 0)))
            (func (export "get") (result i32) (call_indirect (type $t) (i32.const 0))))"#,
    ),
];

/// Runs `script` in a realm with the modules above.
fn in_a_realm(script: &str) -> String {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let engine = Engine::new(Config::new().compile_threads(0)).expect("supported here");
    let runtime = Runtime::new().expect("there is memory");
    let context = Context::full(&runtime).expect("there is memory");
    context.with(|ctx| {
        headwater_js::install(&ctx, &engine).expect("this QuickJS is known");
        let resident = rquickjs::Function::new(ctx.clone(), || resident() as f64).expect("there is memory");
        ctx.globals().set("resident", resident).expect("there is memory");
        for (name, text) in MODULES {
            let wasm = wat::parse_str(text).expect("it is valid");
            ctx.globals().set(name, wasm).expect("there is memory");
            let compile = format!("globalThis.{name} = new WebAssembly.Module(new Uint8Array({name}))");
            ctx.eval::<(), _>(compile).expect("it compiles");
        }
        let result: Result<String, _> = ctx.eval(script).catch(&ctx);
        result.unwrap_or_else(|error| format!("failed: {error}"))
    })
}

/// Evaluates `make` many times; fails if memory grows.
fn comes_and_goes(make: &str) {
    let count: usize = std::env::var("HEADWATER_LIFETIMES").map_or(12_000, |n| n.parse().expect("a number"));
    let script = format!(
        "const make = (i) => {{ {make} }};
        for (let i = 0; i < {count} / 3; i++) make(i);
        const before = resident();
        for (let i = 0; i < {count}; i++) make(i);
        const more = resident() - before;
        more < 24e6 ? 'flat' : `${{more}} bytes more`"
    );
    assert_eq!(in_a_realm(&script), "flat", "{make}");
}

#[test]
fn memories_come_and_go() {
    comes_and_goes("new Uint8Array(new WebAssembly.Memory({ initial: 1 }).buffer)[i & 4095] = 1");
    comes_and_goes("new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true }).buffer");
    comes_and_goes("new WebAssembly.Memory({ initial: 1, maximum: 2 }).toResizableBuffer()");
}

#[test]
fn tables_globals_and_tags_come_and_go() {
    comes_and_goes("new WebAssembly.Table({ element: 'anyfunc', initial: 100 }).get(0)");
    comes_and_goes("new WebAssembly.Table({ element: 'externref', initial: 10 }, { i })");
    comes_and_goes("new WebAssembly.Global({ value: 'i32', mutable: true }, i).value++");
    comes_and_goes("new WebAssembly.Tag({ parameters: ['i32'] })");
    comes_and_goes(
        "const t = new WebAssembly.Tag({ parameters: ['i32'] }); new WebAssembly.Exception(t, [i]).getArg(t, 0)",
    );
}

#[test]
fn instances_come_and_go() {
    comes_and_goes("new WebAssembly.Instance(plain).exports.f()");
    comes_and_goes(
        "const e = new WebAssembly.Instance(all).exports; e.f(); e.memory.buffer; e.table.get(0); e.global.value",
    );
    comes_and_goes("new WebAssembly.Instance(objects).exports.f()");
}

#[test]
fn modules_come_and_go() {
    comes_and_goes(
        "const b = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]); new WebAssembly.Instance(new WebAssembly.Module(b))",
    );
}

#[test]
fn failed_instances_come_and_go() {
    comes_and_goes(
        "try { new WebAssembly.Instance(calls, { m: { f() {}, t: new WebAssembly.Table({ element: 'anyfunc', initial: 0 }) } }) } catch {}",
    );
}

const CYCLE: &str = "const t = new WebAssembly.Table({ element: 'anyfunc', initial: 1 });
    const e = new WebAssembly.Instance(calls, { m: { f: () => e === undefined ? 1 : 2, t } }).exports;
    if (e.call() !== 2) throw i;";

#[test]
fn instances_whose_imports_refer_to_them_come_and_go() {
    comes_and_goes(CYCLE);
}

#[test]
fn cycles_through_tables_and_globals_come_and_go() {
    comes_and_goes(&format!("{CYCLE} const u = new WebAssembly.Table({{ element: 'anyfunc', initial: 1 }}, e.call);
        const g = new WebAssembly.Instance(calls, {{ m: {{ f: () => u.length + e.call() + e.g.value(), t: u }} }}).exports.g; e.g.value = g.value;"));
}

#[test]
fn properties_of_exported_functions_and_memories_are_part_of_cycles() {
    comes_and_goes(
        "const e = new WebAssembly.Instance(all).exports; e.f.all = e; e.memory.all = e; e.table.all = e; e.global.all = e; e.tag.all = e;",
    );
}

/// Collections happen while each of these is the only way to what they keep.
const COLLECT: &str = "for (let i = 0; i < 3000; i++) new WebAssembly.Instance(plain);";

#[test]
fn what_is_reachable_stays() {
    let script = format!(
        "const results = [];
        const collect = () => {{ {COLLECT} }};
        const made = (n) => new WebAssembly.Instance(calls, {{ m: {{ f: () => n, t: new WebAssembly.Table({{ element: 'anyfunc', initial: 1 }}) }} }}).exports.call;
        const table = new WebAssembly.Table({{ element: 'anyfunc', initial: 1 }}, made(1));
        collect(); results.push(table.get(0)());
        const global = new WebAssembly.Global({{ value: 'anyfunc', mutable: true }}, made(2));
        collect(); results.push(global.value());
        const keep = new WebAssembly.Instance(keep_, {{ m: {{ again: collect }} }}).exports;
        keep.put(made(3));
        collect(); results.push(keep.get());
        results.push(keep.take(made(4)));
        const tag = new WebAssembly.Tag({{ parameters: ['anyfunc'] }});
        const thrown = new WebAssembly.Exception(tag, [made(5)]);
        collect(); results.push(thrown.getArg(tag, 0)());
        const func = made(6); func.own = 'own';
        collect(); results.push(func(), func.own);
        const memory = new WebAssembly.Instance(all).exports.memory; memory.own = 'kept';
        const view = new Uint8Array(new WebAssembly.Instance(all).exports.memory.buffer); view[5] = 8;
        collect(); results.push(memory.own, memory.buffer.byteLength, view[5]);
        const struct = new WebAssembly.Instance(objects).exports; struct.f(); const value = struct.g.value;
        collect(); results.push(struct.f());
        let inner; const starts = () => {{ collect(); inner = 'started'; }};
        new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 7, 1, 1, 109, 1, 102, 0, 0, 8, 1, 0])), {{ m: {{ f: starts }} }});
        results.push(inner);
        results.join()"
    )
    .replace("keep_", "globalThis.keep");
    assert_eq!(in_a_realm(&script), "1,2,3,4,5,6,own,kept,65536,8,5,started");
}

#[test]
fn an_object_stays_the_same_as_long_as_scripts_have_it() {
    let script = format!(
        "const exports = new WebAssembly.Instance(all).exports;
        const before = [exports.f, exports.table.get(0), exports.memory, exports.table, exports.global, exports.tag];
        const weak = new WeakRef(new WebAssembly.Instance(plain).exports.f);
        const table = new WebAssembly.Table({{ element: 'anyfunc', initial: 1 }}, exports.f);
        {COLLECT}
        const again = [exports.f, table.get(0), exports.memory, exports.table, exports.global, exports.tag];
        `${{before.every((value, i) => value === again[i])}} ${{weak.deref()}}`"
    );
    assert_eq!(in_a_realm(&script), "true undefined");
}

#[test]
fn host_functions_that_run_stay() {
    // The table has the only reference, and loses it while the function runs.
    let script = format!(
        "const t = new WebAssembly.Table({{ element: 'anyfunc', initial: 1 }});
        let e = new WebAssembly.Instance(calls, {{ m: {{ f: () => {{ t.set(0, null); e = null; {COLLECT} return 9; }}, t }} }}).exports;
        const result = t.get(0)();
        `${{result}} ${{e}}`"
    );
    assert_eq!(in_a_realm(&script), "9 null");
}
