//! What embedders set on a realm: deadlines, fuel, limits.

use headwater::{Config, Engine, StoreLimitsBuilder, UpdateDeadline};
use headwater_js::Realm;
use rquickjs::{CatchResultExt, Context, Ctx, Runtime};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

fn with_realm<R>(config: &mut Config, run: impl FnOnce(&Ctx<'_>, &Engine, &Realm) -> R) -> R {
    let engine = Engine::new(config.compile_threads(0)).expect("supported here");
    let runtime = Runtime::new().expect("there is memory");
    let context = Context::full(&runtime).expect("there is memory");
    context.with(|ctx| {
        let realm = headwater_js::install(&ctx, &engine).expect("this QuickJS is known");
        let wasm = wat::parse_str(
            r#"(module (import "m" "f" (func $f)) (memory (export "m") 1)
                 (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
                 (func (export "spin") (loop (br 0)))
                 (func (export "call") (call $f)))"#,
        );
        ctx.globals().set("wasm", wasm.expect("valid")).expect("there is memory");
        ctx.eval::<(), _>(
            "const module = new WebAssembly.Module(new Uint8Array(wasm));
             let f = () => {};
             const { add, spin, call, m } = new WebAssembly.Instance(module, { m: { f: () => f() } }).exports;",
        )
        .expect("valid");
        run(&ctx, &engine, &realm)
    })
}

fn eval(ctx: &Ctx<'_>, script: &str) -> Result<String, String> {
    ctx.eval(script).catch(ctx).map_err(|error| error.to_string())
}

#[test]
fn code_runs_with_epochs_on_until_a_deadline_that_scripts_cannot_catch() {
    with_realm(Config::new().epoch_interruption(true), |ctx, engine, realm| {
        assert_eq!(eval(ctx, "`${add(1, 2)}`"), Ok("3".to_string()), "there is no deadline at first");
        engine.increment_epoch();
        assert_eq!(eval(ctx, "`${add(1, 2)}`"), Ok("3".to_string()));
        realm.set_epoch_deadline(1);
        assert_eq!(eval(ctx, "`${add(1, 2)}`"), Ok("3".to_string()));
        engine.increment_epoch();
        for script in ["spin()", "try { spin() } catch {} 'caught'", "f = spin; try { call() } catch {} 'caught'"] {
            let error = eval(ctx, script).expect_err("the deadline is over");
            assert!(error.contains("interrupt"), "{error}");
        }
        realm.set_epoch_deadline(10);
        assert_eq!(eval(ctx, "f = () => {}; call(); `${add(1, 2)}`"), Ok("3".to_string()), "all is as before");
    });
}

#[test]
fn an_embedder_decides_at_the_deadline() {
    with_realm(Config::new().epoch_interruption(true), |ctx, _, realm| {
        let asked = Arc::new(AtomicU64::new(0));
        let count = asked.clone();
        realm.epoch_deadline_callback(move || {
            Ok(match count.fetch_add(1, Ordering::Relaxed) {
                0..4 => UpdateDeadline::Continue(0),
                _ => UpdateDeadline::Interrupt,
            })
        });
        realm.set_epoch_deadline(0);
        assert!(eval(ctx, "try { spin() } catch {} ''").is_err());
        assert_eq!(asked.load(Ordering::Relaxed), 5);
        realm.epoch_deadline_callback(|| Err(headwater::Error::msg("of the embedder's")));
        let error =
            eval(ctx, "try { spin() } catch (e) { `${e}` }").expect("an error of a callback's is one as any other");
        assert_eq!(error, "RuntimeError: of the embedder's");
        realm.epoch_deadline_trap();
        assert!(eval(ctx, "try { spin() } catch {} ''").is_err());
    });
}

#[test]
fn a_deadline_can_be_set_while_code_waits_for_javascript() {
    with_realm(Config::new().epoch_interruption(true), |ctx, engine, realm| {
        let (realm, engine) = (realm.clone(), engine.clone());
        let end = rquickjs::Function::new(ctx.clone(), move || {
            realm.set_epoch_deadline(1);
            engine.increment_epoch();
        });
        ctx.globals().set("end", end.expect("there is memory")).expect("there is memory");
        assert!(eval(ctx, "f = () => { end(); spin() }; try { call() } catch {} ''").is_err());
    });
}

#[test]
fn fuel_is_what_the_embedder_gives() {
    with_realm(Config::new().consume_fuel(true), |ctx, _, realm| {
        assert!(eval(ctx, "try { add(1, 2) } catch {} ''").is_err(), "there is none at first");
        realm.set_fuel(10_000).expect("the engine counts");
        assert_eq!(eval(ctx, "`${add(1, 2)}`"), Ok("3".to_string()));
        assert!(realm.get_fuel().expect("the engine counts") < 10_000);
        let error = eval(ctx, "try { spin() } catch {} ''").expect_err("it is used up");
        assert!(error.contains("fuel"), "{error}");
    });
    with_realm(&mut Config::new(), |_, _, realm| assert!(realm.set_fuel(1).is_err() && realm.get_fuel().is_err()));
}

/// Runs what is pending.
fn run_jobs(ctx: &Ctx<'_>) {
    while ctx.execute_pending_job() {}
}

/// `waits` waits for `m.f`, `spins` spins after that.
const SUSPENDS: &str = "
    const settle = [];
    let ended = '';
    const wait = new WebAssembly.Suspending(() => new Promise((resolve) => { settle.push(resolve); }));
    const both = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(suspends)), { m: { f: wait } }).exports;
    const waits = WebAssembly.promising(both.waits), spins = WebAssembly.promising(both.spins);
    const spinsAtOnce = WebAssembly.promising(spin);
    ''";

fn suspends(ctx: &Ctx<'_>) {
    let wasm = wat::parse_str(
        r#"(module (import "m" "f" (func $f))
             (func (export "waits") (call $f))
             (func (export "spins") (call $f) (loop (br 0))))"#,
    );
    ctx.globals().set("suspends", wasm.expect("valid")).expect("there is memory");
    eval(ctx, SUSPENDS).expect("valid");
}

#[test]
fn deadlines_end_calls_of_promising_functions_that_scripts_cannot_catch() {
    with_realm(Config::new().epoch_interruption(true), |ctx, engine, realm| {
        suspends(ctx);
        realm.set_epoch_deadline(1);
        let note = "(name) => [() => { ended += name }, () => { ended += name + '!' }]";
        eval(ctx, &format!("const note = {note}; waits().then(...note('a')); spins().then(...note('b')); ''"))
            .expect("they wait");
        eval(ctx, "(async () => { try { await waits(); spinsAtOnce() } catch { ended += 'c' } ended += 'c' })(); ''")
            .expect("it waits");
        engine.increment_epoch();
        let error = eval(ctx, "try { spinsAtOnce() } catch {} 'caught'").expect_err("the deadline is over");
        assert!(error.contains("interrupt"), "{error}");
        eval(ctx, "for (const resolve of settle) resolve(); ''").expect("nothing runs yet");
        run_jobs(ctx);
        // Neither fulfilled nor rejected: whoever waits for these would be a script that goes on.
        assert_eq!(eval(ctx, "ended"), Ok("a".to_string()), "what has nothing left to check has ended");
        realm.set_epoch_deadline(100);
        eval(ctx, "waits().then(...note('d')); settle.pop()(); ''").expect("all is as before");
        run_jobs(ctx);
        assert_eq!(eval(ctx, "ended"), Ok("ad".to_string()));
    });
}

#[test]
fn an_embedder_limits_how_many_calls_are_suspended() {
    with_realm(&mut Config::new(), |ctx, _, realm| {
        suspends(ctx);
        realm.limiter(StoreLimitsBuilder::new().resumable_calls(2).build());
        let script = "for (const name of 'abc') waits().then(() => { ended += name }, (e) => { ended += e.name }); ''";
        eval(ctx, script).expect("valid");
        run_jobs(ctx);
        assert_eq!(eval(ctx, "ended"), Ok("RangeError".to_string()));
        eval(ctx, "settle.pop()(); ''").expect("valid");
        run_jobs(ctx);
        // Its place can be taken.
        eval(ctx, "waits().then(() => { ended += 'd' }); for (const resolve of settle) resolve(); ''").expect("valid");
        run_jobs(ctx);
        assert_eq!(eval(ctx, "ended"), Ok("RangeErrorbad".to_string()));
    });
}

#[test]
fn limits_hold_for_what_scripts_make_and_grow() {
    with_realm(&mut Config::new(), |ctx, _, realm| {
        realm.limiter(
            StoreLimitsBuilder::new()
                .memory_size(3 << 16)
                .total_size(1 << 20)
                .table_elements(10)
                .instances(3)
                .memories(9)
                .build(),
        );
        let attempts = [
            ("m.grow(2)", "1"),
            ("m.grow(1)", "RangeError"),
            ("new WebAssembly.Memory({ initial: 4 })", "RangeError"),
            ("new WebAssembly.Table({ element: 'anyfunc', initial: 11 })", "RangeError"),
            ("new WebAssembly.Table({ element: 'anyfunc', initial: 10 }).length", "10"),
            ("new WebAssembly.Instance(module, { m: { f } }).exports.add(4, 5)", "9"),
            ("[1, 2, 3].map(() => new WebAssembly.Instance(module, { m: { f } }))", "RangeError"),
        ];
        for (attempt, expected) in attempts {
            let script = format!("(() => {{ try {{ return `${{{attempt}}}` }} catch (e) {{ return e.name }} }})()");
            assert_eq!(eval(ctx, &script), Ok(expected.to_string()), "{attempt}");
        }
    });
}
