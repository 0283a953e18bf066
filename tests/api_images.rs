//! Instantiation with copy-on-write images: not observable, except by the time it takes.

mod api_common;

use api_common::{engine, module, trap};
use headwater::{Config, Engine, Instance, Memory, MemoryType, Module, Ref, RefType, Store, Table, TableType, Trap};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Tests that count mappings of the process take turns.
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// This many bytes of data are worth an image.
const LEN: usize = 40_000;

/// Where the tests' data begins: not at any page boundary.
const AT: usize = 5000;

/// How many pieces of memory are mapped from images.
fn image_mappings() -> usize {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    maps.lines().filter(|line| line.contains("memfd:wasm-memory")).count()
}

/// Whether `address` is mapped from an image.
fn is_from_image(address: *const u8) -> bool {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    maps.lines().filter(|line| line.contains("memfd:wasm-memory")).any(|line| {
        let range = line.split(' ').next().unwrap();
        let mut ends = range.split('-').map(|n| usize::from_str_radix(n, 16).unwrap());
        (ends.next().unwrap()..ends.next().unwrap()).contains(&(address as usize))
    })
}

/// A module with a memory of 2 pages, `LEN` bytes of `fill` in it, and functions that use it.
fn text(fill: char) -> String {
    let data = fill.to_string().repeat(LEN);
    format!(
        r#"(module (memory (export "m") 2 5) (data $d (i32.const {AT}) "{data}")
            (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
            (func (export "store") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))
            (func (export "grow") (result i32) (memory.grow (i32.const 1)))
            (func (export "init") (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1))))"#
    )
}

struct Run {
    store: Store<()>,
    instance: Instance,
    memory: Memory,
}

impl Run {
    fn new(engine: &Engine, module: &Module) -> Run {
        let mut store = Store::new(engine, ());
        let instance = Instance::new(&mut store, module, &[]).unwrap();
        let memory = instance.get_memory(&mut store, "m").unwrap();
        Run { store, instance, memory }
    }

    fn data(&mut self) -> &mut [u8] {
        self.memory.data_mut(&mut self.store)
    }

    fn load(&mut self, at: i32) -> headwater::Result<i32> {
        let load = self.instance.get_typed_func::<i32, i32>(&mut self.store, "load").unwrap();
        load.call(&mut self.store, at)
    }

    fn grow(&mut self) -> i32 {
        let grow = self.instance.get_typed_func::<(), i32>(&mut self.store, "grow").unwrap();
        grow.call(&mut self.store, ()).unwrap()
    }

    fn has_image(&mut self) -> bool {
        is_from_image(self.data()[AT..].as_ptr())
    }

    /// Checks that the memory is as a new one.
    #[track_caller]
    fn check(&mut self, fill: u8) {
        let data = self.data();
        assert_eq!(data.len(), 2 << 16);
        assert!(data[..AT].iter().all(|&b| b == 0));
        assert!(data[AT..AT + LEN].iter().all(|&b| b == fill));
        assert!(data[AT + LEN..].iter().all(|&b| b == 0));
        assert_eq!(self.load(AT as i32).unwrap(), i32::from(fill));
        assert_eq!(trap(&self.load(2 << 16).unwrap_err()), Trap::MemoryOutOfBounds);
    }
}

/// Engines whose memories never move, and whose memories do.
fn engines() -> [Engine; 2] {
    [engine(), Engine::new(Config::new().compile_threads(0).memory_reservation(0)).unwrap()]
}

#[test]
fn instances_share_an_image_from_the_second_on_and_nothing_else() {
    let _alone = alone();
    for engine in engines() {
        let module = module(&engine, &text('a'));
        let mut first = Run::new(&engine, &module);
        assert!(!first.has_image());
        first.check(b'a');
        let mut second = Run::new(&engine, &module);
        let mut third = Run::new(&engine, &module);
        assert!(second.has_image() && third.has_image());
        second.data().fill(b'!');
        third.check(b'a');
        third.data()[AT + 1] = b'?';
        assert!(second.data().iter().all(|&b| b == b'!'));
        drop((second, third));
        // What they had is used again.
        for _ in 0..3 {
            let mut again = Run::new(&engine, &module);
            assert!(again.has_image());
            again.check(b'a');
            again.data().fill(b'!');
        }
    }
}

#[test]
fn a_memory_with_an_image_grows_as_any_other() {
    let _alone = alone();
    for engine in engines() {
        let module = module(&engine, &text('a'));
        let _first = Run::new(&engine, &module);
        for _ in 0..3 {
            let mut run = Run::new(&engine, &module);
            assert!(run.has_image());
            run.check(b'a');
            run.data()[AT] = b'!';
            assert_eq!((run.grow(), run.grow()), (2, 3));
            let data = run.data();
            assert_eq!((data.len(), data[AT], data[AT + 1]), (4 << 16, b'!', b'a'));
            assert!(data[2 << 16..].iter().all(|&b| b == 0));
            data.fill(b'!');
            assert_eq!(run.load((4 << 16) - 1).unwrap(), i32::from(b'!'));
            assert!(run.load(4 << 16).is_err());
        }
    }
}

#[test]
fn modules_that_take_turns_never_see_each_others_data() {
    let _alone = alone();
    for engine in engines() {
        let modules = [b'a', b'b'].map(|fill| (module(&engine, &text(fill.into())), fill));
        let empty = module(&engine, r#"(module (memory (export "m") 2 5))"#);
        for _ in 0..4 {
            for (module, fill) in &modules {
                Run::new(&engine, module).check(*fill);
                let mut run = Run::new(&engine, module);
                run.data().fill(b'!');
                drop(run);
                assert!(Run::new(&engine, &empty).data().iter().all(|&b| b == 0));
            }
        }
    }
}

#[test]
fn an_image_goes_with_its_module_and_memories() {
    let _alone = alone();
    let before = image_mappings();
    let engine = engine();
    let module = module(&engine, &text('a'));
    let runs = [(); 3].map(|()| Run::new(&engine, &module));
    assert_eq!(image_mappings(), before + 2);
    drop(module);
    assert_eq!(image_mappings(), before + 2);
    drop(runs);
    assert_eq!(image_mappings(), before);
}

#[test]
fn segments_are_dropped_though_nothing_was_copied() {
    let _alone = alone();
    let engine = engine();
    let module = module(&engine, &text('a'));
    for _ in 0..3 {
        let mut run = Run::new(&engine, &module);
        let init = run.instance.get_typed_func::<(), ()>(&mut run.store, "init").unwrap();
        assert_eq!(trap(&init.call(&mut run.store, ()).unwrap_err()), Trap::MemoryOutOfBounds);
    }
}

#[test]
fn passive_segments_are_no_part_of_an_image() {
    let _alone = alone();
    let (engine, data) = (engine(), "x".repeat(LEN));
    let module = module(
        &engine,
        &format!(
            r#"(module (memory (export "m") 2) (data $p "{data}") (data (i32.const {AT}) "{data}")
                (func (export "init") (memory.init $p (i32.const 100000) (i32.const 1) (i32.const 2))))"#
        ),
    );
    for i in 0..3 {
        let mut run = Run::new(&engine, &module);
        assert_eq!(run.has_image(), i > 0);
        assert_eq!(run.data()[100_000..100_003], [0; 3]);
        let init = run.instance.get_typed_func::<(), ()>(&mut run.store, "init").unwrap();
        init.call(&mut run.store, ()).unwrap();
        assert_eq!(run.data()[100_000..100_003], *b"xx\0");
        assert_eq!(run.data()[AT + LEN - 1..=AT + LEN], *b"x\0");
    }
}

#[test]
fn later_segments_win_over_earlier_ones() {
    let _alone = alone();
    let (engine, data) = (engine(), "x".repeat(LEN));
    // A few segments, and so many that they are put together first.
    for extra in [0, 100] {
        let more: String = (0..extra).map(|i| format!(r#"(data (i32.const {}) "z")"#, AT + 1000 + i)).collect();
        let module = module(
            &engine,
            &format!(
                r#"(module (memory (export "m") 2) (data (i32.const {AT}) "{data}")
                    (data (i32.const {}) "abc") (data (i32.const {}) "de") (data (i32.const 3)) {more})"#,
                AT + 10,
                AT + 12
            ),
        );
        for i in 0..3 {
            let mut run = Run::new(&engine, &module);
            assert_eq!(run.has_image(), i > 0);
            assert_eq!(run.data()[AT + 9..AT + 15], *b"xabdex");
            let z = run.data().iter().filter(|&&b| b == b'z').count();
            assert_eq!(z, extra);
        }
    }
}

/// Instantiates a module that puts a function `load` into an imported table and then fails in the way that `rest`
/// does; the function must then find in the module's memory what the segments before the failing one put there.
fn load_after_failure(rest: &str, trap_code: Trap) {
    let (engine, data) = (engine(), "x".repeat(LEN));
    let module = module(
        &engine,
        &format!(
            r#"(module (import "" "t" (table 1 funcref)) (memory 2) (elem (i32.const 0) $load)
                (func $load (param i32) (result i32) (i32.load8_u (local.get 0)))
                (data (i32.const {AT}) "{data}") {rest})"#
        ),
    );
    let expected = if trap_code == Trap::TableOutOfBounds { 0 } else { i32::from(b'x') };
    for _ in 0..4 {
        let mut store = Store::new(&engine, ());
        let table = Table::new(&mut store, TableType::new(RefType::FUNCREF, 1, None), Ref::Func(None)).unwrap();
        let error = Instance::new(&mut store, &module, &[table.into()]).unwrap_err();
        assert_eq!(trap(&error), trap_code);
        let Some(Ref::Func(Some(load))) = table.get(&mut store, 0) else { panic!("the function is in the table") };
        let load = load.typed::<i32, i32>(&store).unwrap();
        assert_eq!(load.call(&mut store, AT as i32).unwrap(), expected);
        assert_eq!(load.call(&mut store, (AT + LEN - 1) as i32).unwrap(), expected);
    }
}

#[test]
fn data_before_a_failing_segment_is_there() {
    let _alone = alone();
    load_after_failure(r#"(data (i32.const 131071) "yy")"#, Trap::MemoryOutOfBounds);
}

#[test]
fn data_after_a_failing_element_segment_is_not_there() {
    let _alone = alone();
    load_after_failure("(elem (i32.const 1) $load)", Trap::TableOutOfBounds);
}

#[test]
fn data_for_an_imported_memory_is_copied_to_it_whatever_it_began_with() {
    let _alone = alone();
    let engine = engine();
    let exporter = module(&engine, &text('a'));
    let data = "b".repeat(LEN);
    let importer = module(
        &engine,
        &format!(
            r#"(module (import "" "m" (memory 2)) (memory (export "own") 1)
                (data (memory 1) (i32.const 0) "{data}") (data (i32.const {AT}) "{data}"))"#
        ),
    );
    for _ in 0..3 {
        let mut run = Run::new(&engine, &exporter);
        let instance = Instance::new(&mut run.store, &importer, &[run.memory.into()]).unwrap();
        run.check(b'b');
        let own = instance.get_memory(&mut run.store, "own").unwrap();
        assert!(own.data(&run.store)[..LEN].iter().all(|&b| b == b'b'));
        assert_eq!(own.data(&run.store)[LEN], 0);
    }
    Run::new(&engine, &exporter).check(b'a');
}

#[test]
fn each_memory_of_a_module_has_its_own_image() {
    let _alone = alone();
    let engine = engine();
    let (a, b) = ("a".repeat(LEN), "b".repeat(LEN));
    let module = module(
        &engine,
        &format!(
            r#"(module (import "" "" (memory 0)) (memory (export "a") 2) (memory (export "small") 1)
                (memory (export "b") 2)
                (data (memory 3) (i32.const {AT}) "{b}") (data (memory 2) (i32.const 1) "s")
                (data (memory 1) (i32.const {AT}) "{a}"))"#
        ),
    );
    for i in 0..3 {
        let mut store = Store::new(&engine, ());
        let imported = Memory::new(&mut store, MemoryType::new(0, None)).unwrap();
        let instance = Instance::new(&mut store, &module, &[imported.into()]).unwrap();
        for (name, fill) in [("a", b'a'), ("b", b'b')] {
            let memory = instance.get_memory(&mut store, name).unwrap();
            let data = memory.data_mut(&mut store);
            assert_eq!(is_from_image(data[AT..].as_ptr()), i > 0);
            assert!(data[AT..AT + LEN].iter().all(|&b| b == fill));
            data.fill(b'!');
        }
        let small = instance.get_memory(&mut store, "small").unwrap();
        assert_eq!(small.data(&store)[..3], *b"\0s\0");
    }
}

#[test]
fn data_far_apart_is_copied() {
    let _alone = alone();
    let (engine, data) = (engine(), "x".repeat(LEN));
    let text =
        format!(r#"(module (memory (export "m") 99) (data (i32.const {AT}) "{data}") (data (i32.const 6000000) "y"))"#);
    let module = module(&engine, &text);
    for _ in 0..3 {
        let mut run = Run::new(&engine, &module);
        assert!(!run.has_image());
        assert_eq!((run.data()[AT], run.data()[6_000_000]), (b'x', b'y'));
    }
}

#[test]
fn threads_share_an_image() {
    let _alone = alone();
    let engine = engine();
    let module = module(&engine, &text('a'));
    std::thread::scope(|scope| {
        for fill in 0..4 {
            let (engine, module) = (&engine, &module);
            scope.spawn(move || {
                for _ in 0..50 {
                    let mut run = Run::new(engine, module);
                    run.check(b'a');
                    run.data().fill(fill);
                    assert!(run.data().iter().all(|&b| b == fill));
                }
            });
        }
    });
}
