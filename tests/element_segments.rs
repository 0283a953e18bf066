//! More element segments than wasmparser takes: they are accepted and refused as fewer are, with the same errors at the
//! same places, and all of them can be used.

mod support;

use headwater::{CompileError, CompileErrorKind, Instance, Limits, Module, Store};
use support::{engine, leb};

/// More than wasmparser takes.
const MANY: usize = 150_000;
const FEW: usize = 50;

fn section(id: u8, contents: &[u8]) -> Vec<u8> {
    let mut section = vec![id];
    leb(&mut section, contents.len() as u64);
    section.extend(contents);
    section
}

fn i32_const(n: usize) -> Vec<u8> {
    let mut code = vec![0x41];
    support::sleb(&mut code, n as i64);
    code
}

/// A module whose element section announces `count` segments and consists of `segments`. It has an imported global of
/// each kind, functions that give 0 and 1 and are not exported, a table of functions of each kind, and one of other
/// references; and whose third function, exported as "f", has this body and type `[i32] -> [i32]`.
fn module(count: usize, segments: &[u8], body: &[u8]) -> Vec<u8> {
    let mut elements = Vec::new();
    leb(&mut elements, count as u64);
    elements.extend(segments);
    let mut code = vec![3, 4, 0, 0x41, 0, 0x0b, 4, 0, 0x41, 1, 0x0b];
    leb(&mut code, body.len() as u64 + 2);
    code.extend([&[0], body, &[0x0b]].concat());
    [
        b"\0asm\x01\0\0\0",
        &section(1, &[2, 0x60, 0, 1, 0x7f, 0x60, 1, 0x7f, 1, 0x7f])[..],
        &section(2, &[2, 0, 1, b'a', 3, 0x7f, 0, 0, 1, b'b', 3, 0x7f, 1]),
        &section(3, &[3, 0, 0, 1]),
        &section(4, &[3, 0x70, 0, 0x80, 0x80, 0x10, 0x70, 4, 1, 0x6f, 0, 1]),
        &section(7, &[1, 1, b'f', 0, 2]),
        &section(9, &elements),
        &section(10, &code),
    ]
    .concat()
}

/// Segments of every kind that wasmparser is not shown, `n` of them.
fn plain(n: usize) -> Vec<u8> {
    let kinds: [&[u8]; 11] = [
        &[0, 0x41, 3, 0x0b, 1, 0],
        &[0, 0x41, 0x7f, 0x0b, 0],
        &[0, 0x23, 0, 0x0b, 2, 0, 1],
        &[1, 0, 1, 1],
        &[2, 1, 0x42, 0, 0x0b, 0, 1, 0],
        &[3, 0, 1, 0],
        &[4, 0x41, 0, 0x0b, 1, 0xd0, 0x70, 0x0b],
        &[5, 0x70, 2, 0xd2, 0, 0x0b, 0xd0, 0x70, 0x0b],
        &[5, 0x6f, 1, 0xd0, 0x6f, 0x0b],
        &[6, 2, 0x41, 0, 0x0b, 0x6f, 1, 0xd0, 0x6f, 0x0b],
        &[7, 0x70, 1, 0xd2, 1, 0x0b],
    ];
    kinds.iter().cycle().take(n).flat_map(|segment| segment.to_vec()).collect()
}

/// A segment that is valid, and that wasmparser is shown: at a sum, or of a global.
const COMPUTED: [&[u8]; 2] = [&[0, 0x41, 1, 0x41, 1, 0x6a, 0x0b, 1, 0], &[0, 0x23, 0, 0x41, 0, 0x6a, 0x0b, 1, 1]];

const NOTHING: [u8; 2] = [0x41, 0];

fn error(bytes: &[u8]) -> CompileError {
    Module::new(&engine(), bytes).expect_err("the module is not valid")
}

#[test]
fn each_slot_of_a_table_can_have_a_segment_of_its_own() {
    let mut segments = Vec::new();
    for i in 0..MANY {
        segments.push(0);
        segments.extend(i32_const(i));
        segments.extend([0x0b, 1, u8::from(i % 3 == 0)]);
        if i % 1000 == 0 {
            segments.extend(COMPUTED[0]);
        }
    }
    // Of a function that no other segment names: see `ref.func` below.
    segments.extend([1, 0, 2, 2, 1]);
    let count = MANY + MANY / 1000 + 1;
    let last = count - 1;
    // When asked for slot -1: initialises slots 0 and 1 from the last segment, and drops it. Otherwise calls the slot.
    let (mut init, mut drop) = (vec![0xfc, 0x0c], vec![0xfc, 0x0d]);
    leb(&mut init, last as u64);
    init.push(0);
    leb(&mut drop, last as u64);
    let body = [
        &[0x20, 0, 0x41, 0x7f, 0x46, 0x04, 0x40, 0x41, 0, 0x41, 0, 0x41, 2][..],
        &init,
        &drop,
        // A function that only a segment declares.
        &[0xd2, 2, 0x1a, 0x41, 9, 0x0f, 0x0b, 0x20, 0, 0x11, 0, 0],
    ]
    .concat();
    let engine = engine();
    let bytes = module(count, &segments, &body);
    let module = Module::new(&engine, &bytes).unwrap_or_else(|e| panic!("{e}"));
    let mut store = Store::new(&engine, ());
    let imports = globals(&mut store);
    let instance = Instance::new(&mut store, &module, &imports).expect("all is in bounds");
    let f = instance.get_typed_func::<i32, i32>(&mut store, "f").expect("it is exported");
    for i in [0, 1, 3, 4, 99_999, 100_000, 149_997, 149_999] {
        // Slot 2 was written by the others, too.
        assert_eq!(f.call(&mut store, i).expect("there is a function"), i32::from(i % 3 == 0), "slot {i}");
    }
    assert!(f.call(&mut store, MANY as i32).is_err(), "nothing is in the slot behind");
    assert_eq!(f.call(&mut store, -1).expect("the segment has two functions"), 9);
    assert_eq!(f.call(&mut store, 1).expect("there is a function"), 1);
    assert!(f.call(&mut store, 0).is_err(), "the function in the slot has another type now");
    assert!(f.call(&mut store, -1).is_err(), "the segment was dropped");
}

fn globals(store: &mut Store<()>) -> [headwater::Extern; 2] {
    use headwater::{Global, GlobalType, Mutability, Val, ValType};
    [Mutability::Const, Mutability::Var].map(|mutability| {
        let ty = GlobalType::new(ValType::I32, mutability);
        Global::new(&mut *store, ty, Val::I32(0)).expect("it has its type").into()
    })
}

#[test]
fn segments_of_every_kind_are_accepted() {
    for some in [FEW, MANY] {
        let segments = [plain(some), COMPUTED.concat(), plain(20)].concat();
        let bytes = module(some + 22, &segments, &NOTHING);
        Module::new(&engine(), bytes).unwrap_or_else(|e| panic!("{some}: {e}"));
    }
}

#[test]
fn faults_are_those_that_fewer_segments_would_have() {
    let faults: [(&str, &[u8]); 17] = [
        ("unknown function", &[0, 0x41, 0, 0x0b, 1, 3]),
        ("the second function is unknown", &[1, 0, 2, 0, 3]),
        ("unknown function of an expression", &[5, 0x70, 1, 0xd2, 3, 0x0b]),
        ("unknown table", &[2, 3, 0x41, 0, 0x0b, 0, 1, 0]),
        ("type of the offset", &[0, 0x42, 0, 0x0b, 1, 0]),
        ("type of the offset in a table of 64 bits", &[2, 1, 0x41, 0, 0x0b, 0, 1, 0]),
        ("global of another kind", &[0, 0x23, 1, 0x0b, 1, 0]),
        ("unknown global", &[0, 0x23, 2, 0x0b, 1, 0]),
        ("no offset", &[0, 0x0b, 1, 0]),
        ("two offsets", &[0, 0x41, 0, 0x41, 0, 0x0b, 1, 0]),
        ("type of the table", &[2, 2, 0x41, 0, 0x0b, 0, 1, 0]),
        ("type of an element", &[5, 0x70, 1, 0xd0, 0x6f, 0x0b]),
        ("a function among other references", &[5, 0x6f, 1, 0xd2, 0, 0x0b]),
        ("flags", &[8, 0]),
        ("kind of the elements", &[1, 1, 0]),
        ("no operator of constants", &[0, 0x45, 0x0b, 1, 0]),
        ("too many elements", &[1, 0, 0x81, 0xad, 0xe2, 4]),
    ];
    for (what, fault) in faults {
        for behind in [0, 1, 500] {
            let [few, many] = [FEW, MANY].map(|before| {
                let sound = [plain(before), COMPUTED.concat()].concat();
                let segments = [&sound[..], fault, &plain(behind)].concat();
                let bytes = module(before + COMPUTED.len() + 1 + behind, &segments, &NOTHING);
                let error = error(&bytes);
                let start = bytes.windows(sound.len()).position(|w| w == sound).expect("it is there") + sound.len();
                (error.kind(), error.message().to_string(), error.offset().map(|offset| offset as i64 - start as i64))
            });
            assert_eq!(few, many, "{what}, {behind} segments behind");
        }
    }
}

#[test]
fn sections_that_are_too_long_or_too_short_are_refused_as_fewer_segments_are() {
    for (more, bytes) in [(0, &[0x0b][..]), (1, &[]), (1, &[0, 0x41]), (5, &[1, 0, 0]), (0, &[1, 0, 0])] {
        let [few, many] = [FEW, MANY].map(|before| {
            let segments = [&plain(before), bytes].concat();
            let wasm = module(before + more, &segments, &NOTHING);
            let error = error(&wasm);
            (error.kind(), error.message().to_string(), error.offset().map(|offset| wasm.len() - offset))
        });
        assert_eq!(few, many, "{more} more announced, {bytes:?} behind");
    }
}

#[test]
fn bodies_name_segments_that_exist_and_fit() {
    // Their number is a multiple of that of kinds: these are of functions, and of other references.
    let count = MANY / 11 * 11;
    let (funcs, externs) = (count - 11, count - 3);
    for (segment, table, valid) in [
        (funcs, 0, true),
        (funcs, 1, true),
        (funcs, 2, false),
        (externs, 0, false),
        (externs, 2, true),
        (count, 0, false),
        (count + 7, 0, false),
    ] {
        let mut body = vec![if table == 1 { 0x42 } else { 0x41 }, 0, 0x41, 0, 0x41, 0, 0xfc, 0x0c];
        leb(&mut body, segment as u64);
        body.extend([table, 0xfc, 0x0d]);
        leb(&mut body, segment as u64);
        body.extend(NOTHING);
        let bytes = module(count, &plain(count), &body);
        assert_eq!(Module::new(&engine(), bytes).is_ok(), valid, "segment {segment} to table {table}");
    }
}

#[test]
fn the_limit_is_that_of_browsers() {
    assert_eq!(Limits::DEFAULT.element_segments, 10_000_000);
    let error = error(&module(10_000_001, &[1, 0, 0], &NOTHING));
    assert_eq!(
        (error.kind(), error.message()),
        (CompileErrorKind::Limit, "element segments count exceeds limit of 10000000"),
        "said as soon as the count is read"
    );
    let bytes = module(100_001, &COMPUTED[0].repeat(100_001), &NOTHING);
    let error = crate::error(&bytes);
    assert_eq!(error.kind(), CompileErrorKind::Limit);
    assert_eq!(error.message(), "count of element segments that are computed exceeds limit of 100000");
    let bytes = module(100_000 + FEW, &[COMPUTED[1].repeat(100_000), plain(FEW)].concat(), &NOTHING);
    Module::new(&engine(), bytes).unwrap_or_else(|e| panic!("{e}"));
}
