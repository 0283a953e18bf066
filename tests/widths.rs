//! Imports and exports may have types of any width: within the limits of the JavaScript interface all modules are
//! accepted, and errors in others are reported at the same offset as with narrow types.

use headwater::{Config, Engine, Extern, Func, Instance, Linker, Module, Store, StreamingCompiler, Val};
use wasmparser::Validator;

fn leb(mut n: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        bytes.push(n as u8 & 0x7f | if n >= 0x80 { 0x80 } else { 0 });
        n >>= 7;
        if n == 0 {
            return bytes;
        }
    }
}

fn section(id: u8, contents: &[u8]) -> Vec<u8> {
    [&[id][..], &leb(contents.len()), contents].concat()
}

fn items(id: u8, count: usize, items: &[u8]) -> Vec<u8> {
    section(id, &[&leb(count)[..], items].concat())
}

fn module(sections: &[Vec<u8>]) -> Vec<u8> {
    [b"\0asm\x01\0\0\0".to_vec(), sections.concat()].concat()
}

/// Type 0 has nine parameters and a result, or neither, in as many bytes.
fn types(wide: bool) -> Vec<u8> {
    let of = |params: usize, results: usize| {
        [vec![0x60, params as u8], vec![0x7f; params], vec![results as u8], vec![0x7f; results]].concat()
    };
    let of_all = if wide { [(9, 1), (0, 0), (0, 0), (0, 0)] } else { [(0, 0), (4, 0), (4, 0), (2, 0)] };
    items(1, 4, &of_all.map(|(params, results)| of(params, results)).concat())
}

/// How many exports or imports there are: more than fit.
const MANY: usize = 91_000;

fn name(i: usize) -> [u8; 6] {
    let digits = format!("{i:05}").into_bytes();
    [5, digits[0], digits[1], digits[2], digits[3], digits[4]]
}

/// Exports of function 0, with `change` at the entry of that number.
fn exports(change: Option<(usize, &[u8])>) -> Vec<u8> {
    let entry = |i: usize| match change {
        Some((at, entry)) if at == i => entry.to_vec(),
        _ => [&name(i)[..], &[0, 0]].concat(),
    };
    items(7, MANY, &(0..MANY).flat_map(entry).collect::<Vec<u8>>())
}

/// Imports of functions of type 0.
fn imports(change: Option<(usize, &[u8])>) -> Vec<u8> {
    let entry = |i: usize| match change {
        Some((at, entry)) if at == i => entry.to_vec(),
        _ => [&[1, b'm'][..], &name(i), &[0, 0]].concat(),
    };
    items(2, MANY, &(0..MANY).flat_map(entry).collect::<Vec<u8>>())
}

/// Two functions that return what they must, or nothing.
fn bodies(wide: bool, second: &[u8]) -> Vec<Vec<u8>> {
    let end: &[u8] = if wide { &[0x20, 0, 0x0b] } else { &[0x01, 0x01, 0x0b] };
    let body = |code: &[u8]| [leb(1 + code.len() + end.len()), vec![0], code.to_vec(), end.to_vec()].concat();
    vec![items(10, 2, &[body(&[]), body(second)].concat())]
}

/// What wasmparser says of a module with narrow types is what this library says of the same with wide ones, however it
/// comes.
fn same_verdict(what: &str, narrow: &[u8], wide: &[u8]) {
    assert_eq!(narrow.len(), wide.len());
    let expected = Validator::new_with_features(Config::supported_features()).validate_all(narrow);
    let expected = expected.map(drop).map_err(|e| (e.message().to_string(), Some(e.offset() as usize)));
    let engine = Engine::default();
    for chunk in [usize::MAX, 70_001] {
        let mut compiler = StreamingCompiler::new(&engine);
        let found = wide.chunks(chunk.min(wide.len())).try_for_each(|chunk| compiler.push(chunk));
        let found = found.and_then(|()| compiler.finish().map(drop));
        let found = found.map_err(|e| (e.message().to_string(), e.offset()));
        assert_eq!(found, expected, "{what}, in pieces of {chunk}");
    }
}

fn compare(what: &str, make: impl Fn(bool) -> Vec<u8>) {
    same_verdict(what, &make(false), &make(true));
}

#[test]
fn exports_are_judged_as_narrow_ones_are() {
    let funcs = || items(3, 2, &[0, 0]);
    let with = |change: Option<(usize, &[u8])>, second: &[u8]| {
        let (exports, second) = (exports(change), second.to_vec());
        move |wide: bool| {
            let head = vec![types(wide), funcs(), items(6, 1, &[0x7f, 0, 0x41, 0, 0x0b]), exports.clone()];
            module(&[head, bodies(wide, &second)].concat())
        }
    };
    compare("valid", with(None, &[]));
    // Only function 1's export, whichever it is, allows to name it.
    let of_second = |i: usize| [&name(i)[..], &[0, 1]].concat();
    for at in [5, MANY - 5] {
        compare("a reference to what is exported", with(Some((at, &of_second(at))), &[0xd2, 1, 0x1a]));
    }
    compare("a reference to what is not", with(None, &[0xd2, 1, 0x1a]));
    for at in [0, 7, 82_000, 83_000, 84_000, MANY - 1] {
        let entry = |rest: &[u8]| [&name(at)[..], rest].concat();
        let twice = |other: usize| [&name(other)[..], &[0, 0]].concat();
        compare("another kind", with(Some((at, &entry(&[3, 0]))), &[]));
        compare("no such function", with(Some((at, &entry(&[0, 2]))), &[]));
        compare("no such global", with(Some((at, &entry(&[3, 1]))), &[]));
        compare("no such memory", with(Some((at, &entry(&[2, 0]))), &[]));
        compare("no such table", with(Some((at, &entry(&[1, 0]))), &[]));
        compare("no such kind", with(Some((at, &entry(&[9, 0]))), &[]));
        compare("a name twice", with(Some((at, &twice((at + 50_000) % MANY))), &[]));
        compare("a name that is no text", with(Some((at, &[2, 0xff, 0xff, 0, 0])), &[]));
        compare("a byte too many", with(Some((at, &entry(&[0, 0, 0]))), &[]));
        compare("a byte too few", with(Some((at, &entry(&[0]))), &[]));
    }
}

#[test]
fn imports_are_judged_as_narrow_ones_are() {
    let with = |change: Option<(usize, &[u8])>| {
        let imports = imports(change);
        move |wide: bool| {
            let head = vec![types(wide), imports.clone(), items(3, 2, &[0, 0])];
            // The last import and the first function of the module's own have these numbers.
            module(
                &[head, vec![items(7, 2, &[1, b'a', 0, 0xf7, 0xc6, 5, 1, b'b', 0, 0xf8, 0xc6, 5])], bodies(wide, &[])]
                    .concat(),
            )
        }
    };
    compare("valid", with(None));
    for at in [0, 7, 50_000, MANY - 2, MANY - 1] {
        let entry = |rest: &[u8]| [&[1, b'm'][..], &name(at), rest].concat();
        compare("a global", with(Some((at, &entry(&[3, 0x7f, 0])))));
        compare("a table", with(Some((at, &entry(&[1, 0x70, 0, 1])))));
        compare("a memory", with(Some((at, &entry(&[2, 0, 1])))));
        compare("a memory that is too large", with(Some((at, &entry(&[2, 0, 0x81, 0x80, 4])))));
        compare("no such type", with(Some((at, &entry(&[0, 5])))));
        compare("no such kind", with(Some((at, &entry(&[9, 0])))));
        compare("a name that is no text", with(Some((at, &[1, b'm', 2, 0xff, 0xff, 0, 0]))));
        compare("a byte too many", with(Some((at, &entry(&[0, 0, 0])))));
        compare("a byte too few", with(Some((at, &entry(&[0])))));
    }
}

/// Types for tags: type 0 has no results, and nine parameters or none; type 1 has a result.
fn tag_types(wide: bool) -> Vec<u8> {
    let of = |params: usize, results: usize| {
        [vec![0x60, params as u8], vec![0x7f; params], vec![results as u8], vec![0x7f; results]].concat()
    };
    let of_all = if wide { [(9, 0), (0, 1), (0, 0), (0, 0)] } else { [(0, 0), (0, 1), (4, 0), (5, 0)] };
    items(1, 4, &of_all.map(|(params, results)| of(params, results)).concat())
}

#[test]
fn tags_are_judged_as_narrow_ones_are() {
    // Imports of tags of type 0.
    let with = |change: Option<(usize, &[u8])>, exported: &[u8]| {
        let entry = |i: usize| match change {
            Some((at, entry)) if at == i => entry.to_vec(),
            _ => [&[1, b'm'][..], &name(i), &[4, 0, 0]].concat(),
        };
        let imports = items(2, MANY, &(0..MANY).flat_map(entry).collect::<Vec<u8>>());
        let exports = items(7, 1, &[&[1, b'a', 4][..], exported].concat());
        move |wide: bool| module(&[tag_types(wide), imports.clone(), items(13, 1, &[0, 0]), exports.clone()])
    };
    // The last import and the module's own tag have these numbers, and the next one has no tag.
    compare("the last import", with(None, &[0xf7, 0xc6, 5]));
    compare("the first one that is none", with(None, &[0xf8, 0xc6, 5]));
    compare("no such tag", with(None, &[0xf9, 0xc6, 5]));
    for at in [0, 7, 50_000, MANY - 2, MANY - 1] {
        let entry = |rest: &[u8]| [&[1, b'm'][..], &name(at), rest].concat();
        compare("a type with results", with(Some((at, &entry(&[4, 0, 1]))), &[0]));
        compare("no such type", with(Some((at, &entry(&[4, 0, 5]))), &[0]));
        compare("no such kind of tag", with(Some((at, &entry(&[4, 1, 0]))), &[0]));
        compare("a function", with(Some((at, &entry(&[0, 0]))), &[0]));
        compare("a global", with(Some((at, &entry(&[3, 0x7f, 0]))), &[0]));
        compare("a byte too few", with(Some((at, &entry(&[4, 0]))), &[0]));
    }

    // Exports of tag 0.
    let with = |change: Option<(usize, &[u8])>| {
        let entry = |i: usize| match change {
            Some((at, entry)) if at == i => entry.to_vec(),
            _ => [&name(i)[..], &[4, 0]].concat(),
        };
        let exports = items(7, MANY, &(0..MANY).flat_map(entry).collect::<Vec<u8>>());
        move |wide: bool| module(&[tag_types(wide), items(13, 2, &[0, 0, 0, 0]), exports.clone()])
    };
    compare("valid", with(None));
    for at in [0, 7, 83_000, 90_000, MANY - 1] {
        let entry = |rest: &[u8]| [&name(at)[..], rest].concat();
        compare("another tag", with(Some((at, &entry(&[4, 1])))));
        compare("no such tag", with(Some((at, &entry(&[4, 2])))));
        compare("no such function", with(Some((at, &entry(&[0, 0])))));
    }
}

#[test]
fn all_of_them_work() {
    let engine = Engine::default();
    let wasm = module(
        &[
            vec![types(true), imports(None), items(3, 2, &[0, 0])],
            vec![items(7, 2, &[1, b'a', 0, 0xf7, 0xc6, 5, 1, b'b', 0, 0xf8, 0xc6, 5])],
            // `b` calls the last import.
            bodies(true, &[]),
        ]
        .concat(),
    );
    let module = Module::new(&engine, &wasm).expect("it is within the limits");
    assert_eq!(module.imports().len(), MANY);
    let mut store = Store::new(&engine, ());
    let sum = Func::wrap(&mut store, |a: i32, b: i32, _: i32, _: i32, _: i32, _: i32, _: i32, _: i32, _: i32| a + b);
    let instance = Instance::new(&mut store, &module, &vec![Extern::from(sum); MANY]).expect("all are of the type");
    for (name, expected) in [("a", 3), ("b", 1)] {
        let args = [1, 2, 0, 0, 0, 0, 0, 0, 0].map(Val::I32);
        let mut result = [Val::I32(0)];
        let func = instance.get_func(&mut store, name).expect("it is exported");
        func.call(&mut store, &args, &mut result).expect("it returns");
        assert_eq!(result[0].unwrap_i32(), expected, "{name}");
    }

    let wasm = self::module(&[vec![types(true), items(3, 2, &[0, 0]), exports(None)], bodies(true, &[])].concat());
    let module = Module::new(&engine, &wasm).expect("it is within the limits");
    let mut linker = Linker::new(&engine);
    let instance = linker.instantiate(&mut store, &module).expect("it has no imports");
    linker.instance(&mut store, "m", instance).expect("the names are free");
    for i in [0, 83_000, MANY - 1] {
        let name = String::from_utf8(name(i)[1..].to_vec()).expect("digits");
        let func = linker.get(&mut store, "m", &name).expect("it is defined").into_func().expect("a function");
        let mut result = [Val::I32(0)];
        func.call(&mut store, &[7; 9].map(Val::I32), &mut result).expect("it returns");
        assert_eq!(result[0].unwrap_i32(), 7);
    }
}
