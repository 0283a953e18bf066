//! Scripts that replace what the namespace's own JavaScript could use, and that call what they should not have.
//!
//! `HEADWATER_HOSTILE_EVERY=1` has the contract's own tests run with each function replaced that there is, which takes
//! minutes, and not only with every fourth.
#![cfg(feature = "shell")]

mod serve;

use headwater::{Config, Engine};
use rquickjs::{AsyncContext, AsyncRuntime, CatchResultExt, Coerced, Context, Ctx, Function, Runtime, Value};
use serve::serve;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

const HARNESS: &str = include_str!("web/harness.js");
const HOSTILE: &str = include_str!("web/hostile.js");
const PROBE: &str = include_str!("web/probe.js");
const CONTRACT: [(&str, &str); 8] = [
    ("objects.js", include_str!("web/objects.js")),
    ("types.js", include_str!("web/types.js")),
    ("calls.js", include_str!("web/calls.js")),
    ("references.js", include_str!("web/references.js")),
    ("gc.js", include_str!("web/gc.js")),
    ("strings.js", include_str!("web/strings.js")),
    ("streaming.js", include_str!("web/streaming.js")),
    ("promising.js", include_str!("web/promising.js")),
];

/// Runs scripts in a realm with the shell's globals until nothing is left to do, or for some seconds. Returns what was
/// reported.
async fn run(base: &str, scripts: &[&str], after: Option<&str>) -> Vec<String> {
    let engine = Engine::new(Config::new().compile_threads(0)).expect("supported here");
    let runtime = AsyncRuntime::new().expect("there is memory");
    let end = Instant::now() + Duration::from_secs(20);
    runtime.set_interrupt_handler(Some(Box::new(move || Instant::now() > end))).await;
    let context = AsyncContext::full(&runtime).await.expect("there is memory");
    let reported = Rc::new(RefCell::new(Vec::new()));
    let note = reported.clone();
    context
        .with(|ctx| {
            let report = Function::new(ctx.clone(), move |error: Value<'_>| {
                let text = error.get::<Coerced<String>>().map_or_else(|_| "?".to_string(), |text| text.0);
                note.borrow_mut().push(text);
            });
            let report = report.expect("there is memory");
            headwater_js::shell::install(&ctx, base, report).expect("nothing is replaced yet");
            headwater_js::install(&ctx, &engine).expect("this QuickJS is known");
            for script in scripts {
                eval(&ctx, script, &reported);
            }
        })
        .await;
    let _ = tokio::time::timeout(Duration::from_secs(2), runtime.idle()).await;
    if let Some(after) = after {
        context.with(|ctx| eval(&ctx, after, &reported)).await;
    }
    drop(context);
    reported.take()
}

fn eval(ctx: &Ctx<'_>, script: &str, reported: &RefCell<Vec<String>>) {
    let mut options = rquickjs::context::EvalOptions::default();
    options.strict = false;
    options.filename = Some(if std::ptr::eq(script, HOSTILE) { "hostile.js" } else { "test.js" }.to_string());
    if let Err(error) = ctx.eval_with_options::<Value<'_>, _>(script, options).catch(ctx) {
        reported.borrow_mut().push(error.to_string());
    }
}

fn block_on<R>(future: impl Future<Output = R>) -> R {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

#[test]
fn the_contract_holds_and_uses_nothing_that_scripts_can_replace() {
    let after = "for (const [name, stack] of uses) reportError(`${name} was used:\\n${stack}`); \
        if (passed < 5) reportError(passed)";
    let (server, base) = serve();
    for (name, file) in CONTRACT {
        let reported = block_on(run(&base, &[HARNESS, HOSTILE, "watchAll()", file], Some(after)));
        assert!(reported.is_empty(), "{name}: {}", reported.join("\n"));
    }
    server.unblock();
}

/// The result of `script` in a realm without the shell.
fn in_a_realm(engine: &Engine, scripts: &[&str]) -> Result<String, String> {
    let runtime = Runtime::new().expect("there is memory");
    let end = Instant::now() + Duration::from_secs(10);
    runtime.set_interrupt_handler(Some(Box::new(move || Instant::now() > end)));
    let context = Context::full(&runtime).expect("there is memory");
    context.with(|ctx| {
        headwater_js::install(&ctx, engine).expect("this QuickJS is known");
        let (last, first) = scripts.split_last().expect("there is one");
        for script in first {
            let mut options = rquickjs::context::EvalOptions::default();
            options.strict = false;
            let done = ctx.eval_with_options::<Value<'_>, _>(*script, options).catch(&ctx);
            done.map_err(|error| error.to_string())?;
        }
        ctx.eval(*last).catch(&ctx).map_err(|error| error.to_string())
    })
}

/// How many things `hostile.js` can replace.
fn count() -> usize {
    let engine = Engine::new(Config::new().compile_threads(0)).expect("supported here");
    let count = in_a_realm(&engine, &[HOSTILE, "`${intrinsics.length}`"]).expect("it is made here");
    let count = count.parse().expect("it is a number");
    assert!(count > 650, "{count} functions can be replaced");
    count
}

#[test]
fn results_are_the_same_whatever_is_replaced() {
    let engine = Engine::new(Config::new().compile_threads(0)).expect("supported here");
    let expected = in_a_realm(&engine, &[HOSTILE, PROBE, "probe()"]).expect("the probe passes");
    assert!(expected.contains("link;") && expected.contains("runtime;") && !expected.contains("other;"), "{expected}");
    let count = count();
    std::thread::scope(|scope| {
        for how in ["throw", "lie"] {
            let (engine, expected) = (&engine, &expected);
            scope.spawn(move || {
                for number in 0..count {
                    let replace = format!("globalThis.replaced = replace({number}, '{how}');");
                    let result = in_a_realm(engine, &[HOSTILE, PROBE, &replace, "probe()"]);
                    assert_eq!(result.as_ref(), Ok(expected), "{how}, number {number}");
                }
            });
        }
    });
}

/// The contract's tests themselves use what is replaced, so that most of them fail; but nothing panics, crashes or runs
/// forever.
#[test]
fn nothing_panics_whatever_is_replaced_under_the_contract() {
    // In one realm, each file in a scope of its own.
    let contract: String = CONTRACT[..4].iter().map(|(_, file)| format!("(() => {{ {file}\n}})();\n")).collect();
    let all = block_on(run("http://127.0.0.1:1/", &[HARNESS, &contract], Some("if (passed < 60) reportError(passed)")));
    assert!(all.is_empty(), "{all:?}");
    let count = count();
    let every: usize = std::env::var("HEADWATER_HOSTILE_EVERY").map_or(4, |n| n.parse().expect("a number"));
    std::thread::scope(|scope| {
        for half in 0..2 {
            let contract = &contract;
            scope.spawn(move || {
                let how = ["throw", "lie"][half];
                for number in (half..count).step_by(2 * every) {
                    let replace = format!("replace({number}, '{how}')");
                    block_on(run("http://127.0.0.1:1/", &[HARNESS, HOSTILE, contract, &replace], None));
                }
            });
        }
    });
}

/// A script that is shown the frames of every error finds no function in them; and one that re-enters everything finds
/// nothing half done.
#[test]
fn frames_of_errors_give_no_function_away() {
    let script = r#"
        let found = 0, depth = 0, made = 0;
        const module = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
        Error.prepareStackTrace = (error, sites) => {
            made++;
            for (const site of sites) {
                for (const key of Reflect.ownKeys(Object.getPrototypeOf(site))) {
                    const method = site[key];
                    if (typeof method !== "function") continue;
                    const value = method.call(site);
                    if (typeof value === "function" || (typeof value === "object" && value !== null)) found++;
                }
            }
            if (depth < 3) {
                depth++;
                try { everything(); } finally { depth--; }
            }
            return "stack";
        };
        function everything() {
            const attempts = [
                () => new WebAssembly.Module(new Uint8Array([1])), () => new WebAssembly.Module(5),
                () => new WebAssembly.Instance(5),
                () => new WebAssembly.Memory({ initial: 7, maximum: 5 }),
                () => new WebAssembly.Memory({ initial: 1 }).grow(1e6),
                () => new WebAssembly.Table({ element: "anyfunc", initial: 1 }).set(0, 5),
                () => new WebAssembly.Table({}).get(9),
                () => new WebAssembly.Global({ value: "i64" }, 5), () => new WebAssembly.Exception(5, 6),
                () => new WebAssembly.Tag({}),
                () => WebAssembly.validate(5), () => WebAssembly.Module.exports(5),
                () => new WebAssembly.Instance(module, 5),
                () => new WebAssembly.Memory({ initial: 1, maximum: 3 }).toResizableBuffer().resize(5),
                () => new WebAssembly.RuntimeError("x").stack,
            ];
            for (const attempt of attempts) try { attempt(); } catch {}
        }
        everything();
        delete Error.prepareStackTrace;
        `${found} ${made > 10} ${new WebAssembly.Instance(module) instanceof WebAssembly.Instance}`
    "#;
    let engine = Engine::new(Config::new().compile_threads(0)).expect("supported here");
    assert_eq!(in_a_realm(&engine, &[script]), Ok("0 true true".to_string()));
}
