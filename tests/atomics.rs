//! Atomic operators on one thread: what each computes, for all forms of operands, and which trap there is at every
//! boundary of memories that are guarded, checked and masked.

mod api_common;

use api_common::{config, emulator, trap};
use headwater::{Config, Engine, Extern, Instance, MemoryType, Module, SharedMemory, Store, Trap, Val, WasmBacktrace};
use headwater_codegen::op::{self, Op};
use headwater_codegen::ty::Ty;

const MODES: [&str; 11] = [
    "",
    "checked",
    "masks checked",
    "offsets",
    "masks offsets",
    "spill shuffle",
    "poison spill checked",
    "shuffle offsets pads",
    "interrupts fuel poison",
    "baseline",
    "baseline checked spill poison",
];

const PAGE: u32 = 1 << 16;

fn engine(modes: &str) -> Engine {
    let mut config: Config = config();
    Engine::new(config.test_modes(modes)).expect("the modes are known")
}

/// All operators that access memory atomically, but for those that wait and notify.
fn operators() -> Vec<&'static Op> {
    let all: Vec<_> = op::all().filter(|op| op.prefix == Some(op::PREFIX_FE) && op.code >= 0x10).collect();
    assert_eq!(all.len(), 63);
    all
}

fn size(op: &Op) -> usize {
    1 << op.alignment().expect("it accesses memory")
}

/// Whether the operands are i64.
fn is_wide(op: &Op) -> bool {
    op.name.starts_with("i64")
}

fn operands(op: &Op) -> usize {
    op.sig.operands().count() - 1
}

/// The lowest bytes of a value.
fn low(value: u64, size: usize) -> u64 {
    if size == 8 { value } else { value & ((1 << (8 * size)) - 1) }
}

/// What an operator leaves in memory where `old` was, and its result if it has one.
fn model(op: &Op, old: u64, a: u64, b: u64) -> (u64, Option<u64>) {
    let n = size(op);
    let (_, what) = op.name.split_once("atomic.").expect("the shape of all of them");
    let what = what.trim_end_matches("_u");
    if what.starts_with("load") {
        return (old, Some(old));
    }
    if what.starts_with("store") {
        return (low(a, n), None);
    }
    let new = match what.rsplit('.').next().expect("there is a part") {
        "add" => old.wrapping_add(a),
        "sub" => old.wrapping_sub(a),
        "and" => old & a,
        "or" => old | a,
        "xor" => old ^ a,
        "xchg" => a,
        "cmpxchg" if low(a, n) == old => b,
        "cmpxchg" => old,
        other => panic!("{other}"),
    };
    (low(new, n), Some(old))
}

/// How an operand gets on the stack; the number is its parameter's.
#[derive(Copy, Clone, Debug)]
enum Form {
    Constant,
    Pinned,
    Framed,
    Temporary,
    Slot,
}

const FORMS: [Form; 5] = [Form::Constant, Form::Pinned, Form::Framed, Form::Temporary, Form::Slot];

impl Form {
    fn text(self, ty: &str, param: usize, value: u64) -> String {
        let signed = if ty == "i32" { i64::from(value as i32) } else { value as i64 };
        match self {
            Form::Constant => format!("({ty}.const {signed})"),
            Form::Pinned => format!("(local.get {param})"),
            // Copies of the parameters, beyond what is pinned.
            Form::Framed => format!("(local.get {})", 21 + param),
            Form::Temporary => format!("({ty}.add (local.get {param}) ({ty}.const 0))"),
            // A call in between puts it there.
            Form::Slot => format!("(local.get {param}) (call $nothing)"),
        }
    }
}

/// What becomes of the result.
const USES: [&str; 4] = ["result", "drop", "set", "pressure"];

/// A function of type `(i32 index, T, T) -> T` that executes the operator once; without a result it gives 0.
fn function(op: &Op, forms: [Form; 3], usage: &str, values: [u64; 3], offset: u32) -> String {
    let ty = if is_wide(op) { "i64" } else { "i32" };
    let mut args = forms[0].text("i32", 0, values[0]);
    for i in 0..operands(op) {
        args += &forms[i + 1].text(ty, i + 1, values[i + 1]);
    }
    let access = format!("{args} ({} offset={offset})", op.name);
    let has_result = op.sig.results().next().is_some();
    let zero = format!("({ty}.const 0)");
    let body = match usage {
        _ if !has_result => format!("{access} {zero}"),
        "result" => access,
        "drop" => format!("{access} drop {zero}"),
        "set" => format!("{access} (local.set 1) (local.get 1)"),
        // Values below that take all temporaries, and one above that the result must not harm.
        _ => {
            let below = format!("({ty}.mul (local.get 2) ({ty}.const 3))").repeat(14);
            let check = format!("({ty}.mul (local.get 23) ({ty}.const 3)) {ty}.ne if unreachable end");
            format!("{below} {access} (local.set 1) {} (local.get 1)", check.repeat(14))
        }
    };
    let locals = format!("(local {}) (local i32 {ty} {ty})", "i64 ".repeat(18));
    format!(
        "(func (export \"f\") (param i32 {ty} {ty}) (result {ty}) {locals}
           (local.set 21 (local.get 0)) (local.set 22 (local.get 1)) (local.set 23 (local.get 2))
           {body})"
    )
}

struct Running {
    store: Store<()>,
    memory: SharedMemory,
    instance: Instance,
    wide: bool,
}

impl Running {
    fn new(engine: &Engine, op: &Op, function: &str) -> Running {
        let text = format!("(module (import \"\" \"\" (memory 1 3 shared)) (func $nothing) {function})");
        let bytes = wat::parse_str(&text).unwrap_or_else(|e| panic!("{text}: {e}"));
        let module = Module::new(engine, &bytes).unwrap_or_else(|e| panic!("{text}: {e}"));
        let mut store = Store::new(engine, ());
        store.set_epoch_deadline(1);
        let memory = SharedMemory::new(engine, MemoryType::shared(1, 3)).expect("there is room for it");
        let imports: [Extern; 1] = [memory.clone().into()];
        let instance = Instance::new(&mut store, &module, &imports).expect("the import fits");
        Running { store, memory, instance, wide: is_wide(op) }
    }

    fn call(&mut self, [index, a, b]: [u64; 3]) -> headwater::Result<u64> {
        let value = |v: u64| if self.wide { Val::I64(v as i64) } else { Val::I32(v as i32) };
        let args = [Val::I32(index as i32), value(a), value(b)];
        let mut result = [Val::I32(0)];
        let f = self.instance.get_func(&mut self.store, "f").expect("it is exported");
        f.call(&mut self.store, &args, &mut result)?;
        Ok(match result[0] {
            Val::I32(v) => u64::from(v as u32),
            Val::I64(v) => v as u64,
            ref other => panic!("{other:?}"),
        })
    }
}

const VALUES: [u64; 6] = [0, 1, u64::MAX, 0x8000_0000_8000_8080, 0x1234_5678_9abc_def0, 0xffff_ffff_0000_0011];

#[test]
fn every_operator_computes_what_the_specification_says() {
    let mut round = 0;
    for modes in emulator::some(&MODES) {
        let engine = engine(modes);
        for op in operators() {
            for usage in USES {
                for form in 0..FORMS.len() {
                    round += 1;
                    let forms = [FORMS[form], FORMS[(form + round) % 5], FORMS[(form + round / 5) % 5]];
                    let (a, b) = (VALUES[round % 6], VALUES[round / 6 % 6]);
                    let narrow = |v: u64| if is_wide(op) { v } else { u64::from(v as u32) };
                    // Half of the comparisons find what they expect, in the bytes that matter.
                    let (a, b, old) = (narrow(a), narrow(b), if round % 2 == 0 { a } else { !a ^ b });
                    let (index, offset) = (64 + 8 * (round % 3) as u64, [0, 8, 24][round / 3 % 3]);
                    let what = format!("{} {forms:?} {usage} {old:x} {a:x} {b:x} {modes:?}", op.name);
                    let mut running = Running::new(&engine, op, &function(op, forms, usage, [index, a, b], offset));
                    let at = index as usize + offset as usize;
                    let before: [u8; 24] = std::array::from_fn(|i| i as u8 ^ 0xa5);
                    running.memory.write(at - 8, &before).unwrap();
                    running.memory.write(at, &old.to_le_bytes()[..size(op)]).unwrap();
                    let (new, result) = model(op, low(old, size(op)), a, b);
                    let expected = if usage == "drop" { 0 } else { result.unwrap_or(0) };
                    assert_eq!(running.call([index, a, b]).unwrap(), expected, "{what}");
                    let mut after = [0; 24];
                    running.memory.read(at - 8, &mut after).unwrap();
                    let mut wanted = before;
                    wanted[8..8 + size(op)].copy_from_slice(&new.to_le_bytes()[..size(op)]);
                    assert_eq!(after, wanted, "{what}");
                }
            }
        }
    }
}

#[test]
fn every_operator_traps_where_it_must_and_changes_nothing() {
    const OFFSETS: [u32; 11] = [0, 1, 2, 4, 8, 4095, PAGE - 8, PAGE - 1, PAGE, 0x7fff_ffff, 0xffff_fff8];
    for modes in emulator::some(&MODES) {
        let engine = engine(modes);
        for (number, op) in operators().into_iter().enumerate() {
            for (i, offset) in OFFSETS.into_iter().enumerate() {
                // One use of the result for each: their code for addresses is the same.
                let usage = USES[(number + i) % 4];
                let text = function(op, [Form::Pinned; 3], usage, [0; 3], offset);
                let mut running = Running::new(&engine, op, &text);
                let n = size(op) as i64;
                let end = i64::from(PAGE) - i64::from(offset);
                let near = (-2 * n..=n + 1).map(|d| end + d);
                let wrapping = (-n - 1..=n + 1).map(|d| (1 << 32) - i64::from(offset) + d);
                let indices = near.chain(wrapping).chain([0, 1, 7, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]);
                for index in indices.filter_map(|index| u32::try_from(index).ok()) {
                    check(&mut running, op, index, offset, &format!("{} {index:#x}+{offset:#x} {modes:?}", op.name));
                }
            }
        }
    }
}

fn check(running: &mut Running, op: &Op, index: u32, offset: u32, what: &str) {
    let at = u64::from(index) + u64::from(offset);
    let n = size(op) as u64;
    let expected = match () {
        () if at % n != 0 => Some(Trap::HeapMisaligned),
        () if at + n > u64::from(PAGE) => Some(Trap::MemoryOutOfBounds),
        () => None,
    };
    running.memory.write(PAGE as usize - 8, &[0x5a; 8]).unwrap();
    let result = running.call([index.into(), 3, 5]);
    match (expected, result) {
        (Some(expected), Err(error)) => {
            assert_eq!(trap(&error), expected, "{what}");
            let backtrace = error.downcast_ref::<WasmBacktrace>().expect("a trap has one");
            assert!(backtrace.frames()[0].module_offset().is_some(), "{what}: where it was is known");
            let mut bytes = [0; 8];
            running.memory.read(PAGE as usize - 8, &mut bytes).unwrap();
            assert_eq!(bytes, [0x5a; 8], "{what}");
        }
        (None, Ok(_)) => {}
        (expected, result) => panic!("{what}: expected {expected:?}, got {result:?}"),
    }
}

#[test]
fn constant_addresses_trap_as_others_do() {
    for modes in emulator::some(&MODES) {
        let engine = engine(modes);
        for op in operators() {
            for (index, offset) in
                [(1u32, 0u32), (8, 2), (PAGE, 0), (PAGE - 8, 8), (u32::MAX, 0), (0, u32::MAX), (8, 16)]
            {
                let text = function(op, [Form::Constant; 3], "result", [index.into(), 3, 5], offset);
                let mut running = Running::new(&engine, op, &text);
                check(
                    &mut running,
                    op,
                    index,
                    offset,
                    &format!("{} constant {index:#x}+{offset:#x} {modes:?}", op.name),
                );
            }
        }
    }
}

#[test]
fn memories_of_one_store_are_accessed_atomically_too() {
    for modes in emulator::some(&MODES) {
        let engine = engine(modes);
        let text = r#"(module (memory 1 2) (memory $other 1)
            (func (export "f") (param i32) (result i64)
              (atomic.fence)
              (i64.atomic.store $other (local.get 0) (i64.const 7))
              (drop (i64.atomic.rmw.xor $other offset=8 (local.get 0) (i64.const 9)))
              (drop (memory.grow $other (i32.const 1)))
              (i64.add (i64.atomic.rmw.add $other (local.get 0) (i64.const 1))
                       (i64.add (i64.atomic.load $other offset=8 (local.get 0)) (i64.atomic.load (local.get 0))))))"#;
        let module = Module::new(&engine, wat::parse_str(text).unwrap()).unwrap();
        let mut store = Store::new(&engine, ());
        store.set_epoch_deadline(1);
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        let f = instance.get_typed_func::<i32, i64>(&mut store, "f").unwrap();
        assert_eq!(f.call(&mut store, 16).unwrap(), 16, "{modes}");
        assert_eq!(trap(&f.call(&mut store, 12).unwrap_err()), Trap::HeapMisaligned);
        assert_eq!(trap(&f.call(&mut store, 1 << 17).unwrap_err()), Trap::MemoryOutOfBounds);
    }
}

#[test]
fn types_of_the_table_are_those_that_this_file_relies_on() {
    for op in operators() {
        let wanted = if is_wide(op) { Ty::I64 } else { Ty::I32 };
        assert!(op.sig.results().all(|result| result.fixed() == Some(wanted)), "{}", op.name);
    }
}
