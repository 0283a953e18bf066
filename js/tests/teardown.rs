//! A realm leaves nothing behind.

use headwater::Engine;
use rquickjs::{Context, Runtime};

#[test]
fn a_realm_that_was_used_is_freed_with_its_runtime() {
    let runtime = Runtime::new().unwrap();
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
    drop(context);
    // QuickJS stops the process if any object is left.
    drop(runtime);
}
