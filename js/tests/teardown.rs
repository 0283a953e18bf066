//! A realm leaves nothing behind, and nothing accumulates in it. Linux only, since it reads `/proc`.
#![cfg(target_os = "linux")]

use headwater::{Config, Engine};
#[cfg(feature = "shell")]
use rquickjs::{AsyncContext, AsyncRuntime, Function, Value};
use rquickjs::{Context, Runtime};
use std::sync::{Mutex, MutexGuard};

#[test]
fn a_realm_that_was_used_is_freed_with_its_context() {
    let _alone = alone();
    use_a_realm();
    // The engine keeps some mappings for the next realm. That needs no others, unless this one kept its own.
    let first = mappings();
    for _ in 0..3 {
        use_a_realm();
        assert_eq!(mappings(), first);
    }
}

/// Makes a realm with cycles between functions, memories and tables, and frees it.
fn use_a_realm() {
    let runtime = Runtime::new().unwrap();
    let context = Context::full(&runtime).unwrap();
    let wasm = wat::parse_str(
        r#"(module (import "m" "f" (func (param externref))) (memory (export "mem") 1)
             (func (export "run") (param externref) (call 0 (local.get 0))))"#,
    )
    .unwrap();
    context.with(|ctx| {
        headwater_js::install(&ctx, &Engine::default()).unwrap();
        ctx.globals().set("bytes", wasm).unwrap();
        ctx.eval::<(), _>(
            r#"
            const module = new WebAssembly.Module(new Uint8Array(bytes));
            const seen = [];
            const { exports } = new WebAssembly.Instance(module, { m: { f: (value) => seen.push(value) } });
            exports.run(exports.run);
            if (seen[0] !== exports.run) throw new Error("another function");
            globalThis.memories = [exports.mem.buffer, exports, seen];
            const memory = new WebAssembly.Memory({ initial: 1, maximum: 3 });
            globalThis.buffers = [memory.buffer, memory.toResizableBuffer()];
            globalThis.table = new WebAssembly.Table({ element: "externref", initial: 2 }, memory);
        "#,
        )
        .unwrap();
    });
    assert!(mappings().0 > 0 && mappings().1 > 0);
}

#[test]
fn a_buffer_keeps_its_memory() {
    let _alone = alone();
    let runtime = Runtime::new().unwrap();
    let context = Context::full(&runtime).unwrap();
    context.with(|ctx| {
        headwater_js::install(&ctx, &Engine::default()).unwrap();
        ctx.eval::<(), _>(
            r#"
            globalThis.view = new Uint8Array(new WebAssembly.Memory({ initial: 1 }).buffer);
            delete globalThis.WebAssembly;
        "#,
        )
        .unwrap();
    });
    runtime.run_gc();
    context.with(|ctx| {
        let sum: u32 = ctx.eval("view[65535] = 5; view.reduce((a, b) => a + b)").unwrap();
        assert_eq!(sum, 5);
    });
}

/// Calls that are suspended are freed with their realm, and where their promises are lost by the collector.
#[test]
fn suspended_calls_leave_nothing() {
    let _alone = alone();
    // Other mappings are not of this size.
    const STACK: usize = (9 << 20) + (5 << 12);
    let engine = Engine::new(Config::new().async_stack_size(STACK)).unwrap();
    let wasm = wat::parse_str(
        r#"(module (import "m" "f" (func (param externref) (result i32)))
             (func (export "run") (param externref) (result i32) (call 0 (local.get 0))))"#,
    )
    .unwrap();
    let begin = |calls: usize| {
        format!(
            "for (let i = 0; i < {calls}; i++) {{
                let call;
                const run = WebAssembly.promising(new WebAssembly.Instance(module, {{ m: {{ f: wait }} }}).exports.run);
                call = {{ run, wait, promise: run((i % 2) ? call : (() => call)) }};
                if (keep) kept.push(call);
            }}"
        )
    };
    for round in 0..3 {
        let runtime = Runtime::new().unwrap();
        let context = Context::full(&runtime).unwrap();
        context.with(|ctx| {
            headwater_js::install(&ctx, &engine).unwrap();
            ctx.globals().set("bytes", wasm.clone()).unwrap();
            let setup = "var module = new WebAssembly.Module(new Uint8Array(bytes)), kept = [], keep = true;
                var wait = new WebAssembly.Suspending(() => new Promise((resolve) => { kept.push(resolve); }));";
            ctx.eval::<(), _>(setup).unwrap();
            ctx.eval::<(), _>(begin(20)).unwrap();
            assert!(stacks(STACK) >= 20);
            // Nobody can settle these.
            ctx.eval::<(), _>("keep = false; wait = new WebAssembly.Suspending(() => new Promise(() => {}));").unwrap();
            for _ in 0..3 {
                ctx.eval::<(), _>(begin(30)).unwrap();
                ctx.run_gc();
            }
            assert_eq!(stacks(STACK), 50, "in round {round}");
            // The last ones run on after others were freed.
            ctx.eval::<(), _>(
                "for (const resolve of kept.splice(0, 10)) if (typeof resolve === 'function') resolve(1);",
            )
            .unwrap();
            while ctx.execute_pending_job() {}
        });
    }
    assert_eq!(stacks(STACK), 50, "the engine keeps them for the next calls");
    drop(engine);
    assert_eq!(stacks(STACK), 0);
}

/// How many mappings of this size there are.
fn stacks(size: usize) -> usize {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let at = |hex| usize::from_str_radix(hex, 16).unwrap();
    let ranges = maps.lines().filter_map(|line| line.split_once(' ')?.0.split_once('-'));
    ranges.filter(|(from, to)| at(to) - at(from) == size).count()
}

/// Tests here count the process's resources, so only one of them may run at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// How much address space linear memories and their guards take in this process, in pieces of 4 GiB, and how many
/// anonymous mappings are executable.
fn mappings() -> (usize, usize) {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let (mut large, mut executable) = (0, 0);
    for line in maps.lines() {
        let mut fields = line.split_ascii_whitespace();
        let (range, permissions) = (fields.next().unwrap(), fields.next().unwrap());
        let (start, end) = range.split_once('-').unwrap();
        let at = |hex| usize::from_str_radix(hex, 16).unwrap();
        large += (at(end) - at(start)) >> 32;
        executable += usize::from(permissions.contains('x') && fields.count() == 3);
    }
    (large, executable)
}

#[cfg(feature = "shell")]
#[test]
fn streams_that_are_done_failed_or_cancelled_leave_nothing() {
    let _alone = alone();
    const ROUND: &str = r#"
        (() => {
            const bytes = new Uint8Array(
                [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 4, 1, 2, 0, 11]);
            for (let i = 0; i < 60; i++) {
                const body = new ReadableStream({
                    pull(controller) {
                        const at = (this.at ??= 0);
                        if (i % 3 === 1 && at > i % 20) throw i;
                        if (i % 3 === 2 && at > i % 20) bytes[0] = 1;
                        if (at >= bytes.length) return controller.close();
                        controller.enqueue(i % 3 === 2 ? new Uint8Array([9]) : bytes.slice(at, at + 1));
                        this.at++;
                    },
                }, { highWaterMark: 0 });
                const response = new Response(body, { headers: { "Content-Type": "application/wasm" } });
                WebAssembly.compileStreaming(response).then(() => {}, () => {});
            }
        })()
    "#;
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    tokio.block_on(async {
        let engine = Engine::new(Config::new().compile_threads(0)).unwrap();
        let runtime = AsyncRuntime::new().unwrap();
        let context = AsyncContext::full(&runtime).await.unwrap();
        context
            .with(|ctx| {
                let report = Function::new(ctx.clone(), |_: Value<'_>| ()).unwrap();
                headwater_js::shell::install(&ctx, "http://127.0.0.1:1/", report).unwrap();
                headwater_js::install(&ctx, &engine).unwrap();
            })
            .await;
        let mut rounds = Vec::new();
        for _ in 0..4 {
            context.with(|ctx| ctx.eval::<(), _>(ROUND).unwrap()).await;
            runtime.idle().await;
            runtime.run_gc().await;
            rounds.push((runtime.memory_usage().await.obj_count, mappings()));
        }
        assert_eq!(rounds[1], rounds[3], "{rounds:?}");
    });
}

/// Values of JavaScript that WebAssembly code has no more are let go, and so are structs whose objects JavaScript has no
/// more. What measures them: QuickJS's own count of objects, and the heap of the store.
#[test]
fn what_either_side_has_no_more_is_freed() {
    let _alone = alone();
    let runtime = Runtime::new().unwrap();
    let context = Context::full(&runtime).unwrap();
    let wasm = wat::parse_str(
        r#"(module (type $s (struct (field i64 i64 i64) (field (mut anyref))))
             (table $kept 1 externref)
             (func (export "pass") (param externref) (result externref) (local.get 0))
             (func (export "any") (param anyref) (result anyref) (local.get 0))
             (func (export "keep") (param externref) (table.set $kept (i32.const 0) (local.get 0)))
             (func (export "make") (param anyref) (result anyref)
                (struct.new $s (i64.const 1) (i64.const 2) (i64.const 3) (local.get 0))))"#,
    )
    .unwrap();
    context.with(|ctx| {
        let realm = headwater_js::install(&ctx, &Engine::default()).unwrap();
        ctx.globals().set("bytes", wasm).unwrap();
        ctx.eval::<(), _>("const e = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes))).exports")
            .unwrap();
        let objects = |after: &str| {
            ctx.eval::<(), _>(after).unwrap();
            ctx.run_gc();
            realm.gc();
            // What the store had may have been all that had others.
            ctx.run_gc();
            // SAFETY: the runtime is alive.
            unsafe {
                let mut usage = std::mem::zeroed();
                let runtime = rquickjs::qjs::JS_GetRuntime(ctx.as_raw().as_ptr());
                rquickjs::qjs::JS_ComputeMemoryUsage(runtime, &mut usage);
                usage.obj_count
            }
        };
        let pass = "for (let i = 0; i < N; i++) { e.pass({ i }); e.any([i]); e.keep(`text ${i}`); e.keep({ i }); }";
        let make = "for (let i = 0; i < N; i++) { const made = e.make({ i }); e.make(made); e.keep(made); }";
        for (what, code) in [("values", pass), ("structs", make)] {
            let few = objects(&format!("{{ const N = 10; {code} }}"));
            let many = objects(&format!("{{ const N = 300_000; {code} }}"));
            assert!(many <= few + 20, "{what}: {few} objects grew to {many}");
        }
        // What is still had is not.
        ctx.eval::<(), _>(
            "{ let last = null; for (let i = 0; i < 1000; i++) last = e.make([last, { i }]); e.keep(last); }",
        )
        .unwrap();
        let kept = objects("e.keep(e.make(null))");
        assert!(objects("globalThis.all = []; for (let i = 0; i < 100; i++) all.push(e.make({ i }))") >= kept + 300);
        // The cache of objects keeps empty weak references until there are twice as many as objects.
        let after = objects("all = null; for (let i = 0; i < 2000; i++) e.make(null)");
        assert!(after <= kept + 100, "{kept} objects grew to {after}");
    });
    drop(context);
    drop(runtime);
}
