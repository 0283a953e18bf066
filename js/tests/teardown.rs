//! A realm leaves nothing behind, and nothing piles up in it.

use headwater::{Config, Engine};
use rquickjs::{AsyncContext, AsyncRuntime, Context, Function, Runtime, Value};

#[test]
fn a_realm_that_was_used_is_freed_with_its_context() {
    let runtime = Runtime::new().unwrap();
    let mappings = mappings();
    let context = Context::full(&runtime).unwrap();
    context.with(|ctx| {
        headwater_js::install(&ctx, &Engine::default()).unwrap();
        ctx.eval::<(), _>(
            r#"
            const memory = new WebAssembly.Memory({ initial: 1, maximum: 3 });
            globalThis.buffers = [memory.buffer, memory.toResizableBuffer()];
            globalThis.table = new WebAssembly.Table({ element: "externref", initial: 2 }, memory);
        "#,
        )
        .unwrap();
    });
    assert!(self::mappings() > mappings);
    drop(context);
    runtime.run_gc();
    assert_eq!(runtime.memory_usage().obj_count, 0);
    drop(runtime);
}

#[test]
fn a_buffer_keeps_its_memory() {
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

/// Mappings of memory in this process.
fn mappings() -> usize {
    std::fs::read_to_string("/proc/self/maps").map_or(0, |maps| maps.lines().count())
}

#[cfg(feature = "shell")]
#[test]
fn streams_that_are_done_failed_or_cancelled_leave_nothing() {
    const ROUND: &str = r#"
        (() => {
            const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 4, 1, 2, 0, 11]);
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
