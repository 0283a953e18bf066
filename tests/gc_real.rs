//! Programs as people write them: a hash map, a Lisp, and what a compiler of another language makes.

mod support;

use headwater::{Caller, Engine, Instance, Linker, Module, Store, ThrownException};
use std::collections::HashMap;

fn engine(modes: &str) -> Engine {
    let mut config = support::config();
    Engine::new(config.test_modes(modes)).unwrap()
}

const MODES: [&str; 5] =
    ["", "collect", "collect,spill,shuffle", "collect,interrupts,fuel,poison", "collect,masks,pads,baseline"];

fn instance(modes: &str, text: &str) -> (Store<()>, Instance) {
    let engine = engine(modes);
    let module = Module::new(&engine, wat::parse_str(text).unwrap()).unwrap();
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    (store, instance)
}

#[test]
fn a_hash_map_counts_words() {
    let text = include_str!("programs/gc/map.wat");
    let expected = |n: u32| {
        let mut map: HashMap<u32, i64> = HashMap::new();
        (0..n).for_each(|i| *map.entry(i.wrapping_mul(7919) % 1000).or_default() += i64::from(i));
        let sum = (0..1000).filter_map(|word| map.get(&word));
        let sum = sum.fold(0i64, |sum, &value| sum.wrapping_mul(31).wrapping_add(value));
        sum.wrapping_mul(1009) + map.len() as i64
    };
    for modes in MODES {
        let (mut store, instance) = instance(modes, text);
        let run = instance.get_typed_func::<i32, i64>(&mut store, "run").unwrap();
        for n in [1, 7, 300] {
            assert_eq!(run.call(&mut store, n).unwrap(), expected(n as u32), "{n} with {modes:?}");
        }
        if modes.is_empty() {
            assert_eq!(run.call(&mut store, 100_000).unwrap(), expected(100_000));
        }
    }
}

/// Closures, lists and recursion, with what they come to.
const LISP: [(&str, i32); 5] = [
    ("(+ 1 (* 2 3))", 7),
    ("(define fib (lambda (n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))) (fib 13)", 233),
    (
        "(define map (lambda (f l) (if (null l) l (cons (f (car l)) (map f (cdr l))))))
         (define fold (lambda (f a l) (if (null l) a (fold f (f a (car l)) (cdr l)))))
         (define range (lambda (a b) (if (< a b) (cons a (range (+ a 1) b)) '())))
         (define adder (lambda (n) (lambda (m) (+ n m))))
         (fold + 0 (map (adder 10) (range 0 100)))",
        5950,
    ),
    (
        "(define merge (lambda (a b) (if (null a) b (if (null b) a
            (if (< (car a) (car b)) (cons (car a) (merge (cdr a) b)) (cons (car b) (merge a (cdr b))))))))
         (define odds (lambda (l) (if (null l) l (cons (car l) (if (null (cdr l)) '() (odds (cdr (cdr l))))))))
         (define sort (lambda (l) (if (null l) l (if (null (cdr l)) l (merge (sort (odds l)) (sort (odds (cdr l))))))))
         (define number (lambda (l a) (if (null l) a (number (cdr l) (+ (* a 10) (car l))))))
         (number (sort '(3 1 4 1 5 9 2 6)) 0)",
        11_234_569,
    ),
    (
        "(define loop (lambda (n a) (if (eq n 0) a (loop (- n 1) (+ a 2)))))
         (define twice (lambda (f) (lambda (x) (f (f x)))))
         ((twice (twice (twice (lambda (x) (+ x 1))))) (loop 1000 0))",
        2008,
    ),
];

#[test]
fn a_lisp_evaluates_programs() {
    let text = include_str!("programs/gc/lisp.wat");
    for modes in MODES {
        let (mut store, instance) = instance(modes, text);
        let memory = instance.get_memory(&mut store, "memory").unwrap();
        let run = instance.get_typed_func::<i32, i32>(&mut store, "run").unwrap();
        for (program, expected) in LISP {
            memory.write(&mut store, 0, program.as_bytes()).unwrap();
            assert_eq!(run.call(&mut store, program.len() as i32).unwrap(), expected, "{program} with {modes:?}");
        }
        for wrong in ["(undefined 1)", "(1 2)"] {
            memory.write(&mut store, 0, wrong.as_bytes()).unwrap();
            let error = run.call(&mut store, wrong.len() as i32).unwrap_err();
            assert!(error.is::<ThrownException>(), "{wrong}: {error:?}");
            store.take_pending_exception().unwrap();
        }
    }
}

/// What MoonBit's compiler makes of `tests/moonbit/main.mbt`. `scripts/test-moonbit` fetches and runs that.
#[test]
#[ignore = "needs a module that scripts/test-moonbit makes"]
fn a_compiler_of_another_language_makes_what_runs() {
    let path = std::env::var("HEADWATER_MOONBIT").expect("scripts/test-moonbit sets it");
    let wasm = std::fs::read(path).unwrap();
    for modes in MODES {
        let engine = engine(modes);
        let module = Module::new(&engine, &wasm).unwrap();
        let mut store = Store::new(&engine, String::new());
        let mut linker = Linker::new(&engine);
        linker
            .func_wrap("spectest", "print_char", |mut caller: Caller<'_, String>, char: i32| {
                // A unit of UTF-16; the program has no others than ASCII.
                caller.data_mut().push(char::from(char as u8));
            })
            .unwrap();
        let instance = linker.instantiate(&mut store, &module).unwrap();
        let start = instance.get_typed_func::<(), ()>(&mut store, "_start").unwrap();
        start.call(&mut store, ()).unwrap();
        assert_eq!(store.data(), include_str!("moonbit/expected.txt"), "{modes:?}");
    }
}
