//! Buffers over memories, and QuickJS's own, that change while a builtin works on them; and buffers that must be up to
//! date for scripts however little stack or memory is left.

use headwater::{Config, Engine};
use rquickjs::{Context, Ctx, Runtime};

/// Memories with guard pages, and memories that would move if they did not belong to scripts.
fn engines() -> [Engine; 2] {
    let fixed = Engine::new(Config::new().compile_threads(0)).expect("supported here");
    let moving = Engine::new(Config::new().compile_threads(0).memory_reservation(0)).expect("supported here");
    [fixed, moving]
}

fn with_each<R>(set: impl Fn(&Runtime), run: impl Fn(&Ctx<'_>) -> R) -> [R; 2] {
    engines().map(|engine| {
        let runtime = Runtime::new().expect("there is memory");
        set(&runtime);
        let context = Context::full(&runtime).expect("there is memory");
        context.with(|ctx| {
            headwater_js::install(&ctx, &engine).expect("this QuickJS is known");
            run(&ctx)
        })
    })
}

/// The result of a script, or what it threw.
fn eval(ctx: &Ctx<'_>, script: &str) -> Result<f64, String> {
    use rquickjs::CatchResultExt;
    ctx.eval(script).catch(ctx).map_err(|error| error.to_string())
}

#[test]
fn builtins_find_buffers_as_they_are_after_calling_scripts() {
    let calls = with_each(|_| {}, |ctx| eval(ctx, include_str!("web/buffers.js")));
    assert_eq!(calls[0], calls[1]);
    assert!(matches!(calls[0], Ok(n) if n > 30_000.0), "{calls:?}");
}

/// `g` grows the memory `m` of 1 to 1000 pages by one.
const GROWS: &str = r#"
    const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 5, 5, 1, 1, 1, 0xe8, 7,
        7, 9, 2, 1, 109, 2, 0, 1, 103, 0, 0, 10, 9, 1, 7, 0, 65, 1, 64, 0, 26, 11]);
    const { m, g } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
"#;

#[test]
fn buffers_are_up_to_date_when_a_script_is_out_of_stack() {
    let script = GROWS.to_string()
        + r#"
        const resizable = m.toResizableBuffer();
        const views = [new Uint8Array(resizable), new Float64Array(resizable, 8), new DataView(resizable, 8)];
        let stale = 0, n = 0;
        function at() {
            const before = resizable.byteLength;
            try { g(); } finally {
                n++;
                const now = resizable.byteLength;
                if (now === before) stale++; // it never got to the instruction
                else if (views[0].length !== now || views[1].length !== now / 8 - 1) throw "views";
                else if (views[2].byteLength !== now - 8) throw "views";
                if (views[0][now - 1] !== 0) throw "contents";
            }
        }
        function deep(a, b) {
            try { deep(a, b); } catch (e) { if (typeof e === "string") throw e; }
            if (n < 300) try { at(); } catch (e) { if (typeof e === "string") throw e; }
        }
        deep(1, 2);
        const fixed = m.toFixedLengthBuffer();
        let detached = 0;
        function deeper() {
            try { deeper(); } catch (e) {}
            if (!detached) try { g(); detached = fixed.byteLength === 0 && fixed.detached ? 1 : 2; } catch (e) {}
        }
        deeper();
        if (detached !== 1) throw "not detached";
        const pages = m.grow(0);
        if (m.buffer.byteLength !== pages * 65536) throw "length";
        n
    "#;
    for stack in [200_000, 256 << 10, 300_001] {
        let outcome = with_each(|runtime| runtime.set_max_stack_size(stack), |ctx| eval(ctx, &script));
        assert_eq!(outcome, [Ok(300.0), Ok(300.0)], "a stack of {stack}");
    }
}

#[test]
fn buffers_are_up_to_date_when_quickjs_is_out_of_memory() {
    let script = GROWS.to_string()
        + r#"
        const resizable = m.toResizableBuffer(), view = new Uint8Array(resizable), kept = [];
        let grown = 0;
        try { for (let n = 1; ; n *= 1.1) kept.push(new ArrayBuffer(1 << 16), n); } catch (e) {}
        try { for (;;) kept.push({}); } catch (e) {}
        for (let i = 0; i < 100; i++) try { g(); grown++; } catch (e) {}
        kept.length = 0;
        if (resizable.byteLength !== view.length || view.length !== m.grow(0) * 65536) throw "stale";
        const fixed = m.buffer, old = m.toFixedLengthBuffer();
        grown
    "#;
    let outcome = with_each(|runtime| runtime.set_memory_limit(6 << 20), |ctx| eval(ctx, &script));
    assert!(matches!(outcome, [Ok(a), Ok(b)] if a > 0.0 && b > 0.0), "{outcome:?}");
}

#[test]
fn a_view_keeps_its_memory_and_a_memory_its_place() {
    let script = GROWS.to_string()
        + r#"
        let view = new Uint8Array(new WebAssembly.Memory({ initial: 1, maximum: 500 }).toResizableBuffer());
        view[65535] = 7;
        // Memories that are garbage are freed when others are created.
        for (let i = 0; i < 3000; i++) new WebAssembly.Memory({ initial: 1 }).buffer;
        if (view[65535] !== 7) throw "gone";
        view.buffer.resize(500 * 65536);
        view[500 * 65536 - 1] = 8;
        for (let i = 0; i < 3000; i++) new WebAssembly.Memory({ initial: 2 }).toFixedLengthBuffer();
        view[65535] + view[view.length - 1]
    "#;
    assert_eq!(with_each(|_| {}, |ctx| eval(ctx, &script)), [Ok(15.0), Ok(15.0)]);
}

/// Where there is not enough address space for a memory that never moves, the result is an error, not a memory that
/// moves.
#[test]
fn a_memory_of_a_script_has_the_addresses_of_its_maximum() {
    let script = "new WebAssembly.Memory({ initial: 1, maximum: 100 }).toResizableBuffer().maxByteLength";
    assert_eq!(with_each(|_| {}, |ctx| eval(ctx, script)), [Ok(6_553_600.0), Ok(6_553_600.0)]);
}
