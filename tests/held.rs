//! What a module can make its store and its engine hold is bounded, whatever it consists of.

use headwater::{
    Config, Engine, Func, FuncType, Instance, Linker, Memory, MemoryType, Module, Ref, RefType, Store, StoreLimits,
    StoreLimitsBuilder, Table, TableType, Trap, Val, ValType,
};

fn module(engine: &Engine, text: &str) -> Module {
    Module::new(engine, wat::parse_str(text).expect("it is well-formed")).expect("it is valid")
}

fn store(engine: &Engine, limits: StoreLimitsBuilder) -> Store<StoreLimits> {
    let mut store = Store::new(engine, limits.build());
    store.limiter(|limits| limits);
    store
}

/// Why the module cannot be instantiated.
fn refusal<T>(store: &mut Store<T>, text: &str) -> String {
    let module = module(&store.engine().clone(), text);
    Instance::new(store, &module, &[]).expect_err("it is too large").to_string()
}

fn tables(count: usize, elements: usize) -> String {
    format!("(module {})", format!("(table {elements} funcref)").repeat(count))
}

#[test]
fn tables_count_towards_what_bounds_memory() {
    let engine = Engine::default();
    let limited = || store(&engine, StoreLimitsBuilder::new().memory_size(64 << 20));
    assert!(refusal(&mut limited(), &tables(40, 1 << 20)).contains("tables, instances and exceptions together"));
    // 32 MiB of tables are within the limit, and a second such instance is not; what there is stays usable.
    let mut store = limited();
    let few = module(&engine, &tables(4, 1 << 20));
    Instance::new(&mut store, &few, &[]).expect("it fits");
    assert!(Instance::new(&mut store, &few, &[]).is_err());
    let table = TableType::new(RefType::FUNCREF, 1 << 20, None);
    Table::new(&mut store, table.clone(), Ref::Func(None)).expect_err("what a failed instance had stays in the store");
    // Without any limit set by the embedder there still is one.
    let mut store = Store::new(&engine, ());
    assert!(refusal(&mut store, &tables(20, 10_000_000)).contains("of at most 1073741824"));
}

#[test]
fn tables_that_grow_count_too() {
    let engine = Engine::default();
    let grows = module(
        &engine,
        r#"(module (table $t 0 externref) (table $u 0 externref)
            (func (export "t") (param i32) (result i32) (table.grow $t (ref.null extern) (local.get 0)))
            (func (export "u") (param i32) (result i32) (table.grow $u (ref.null extern) (local.get 0))))"#,
    );
    for trap in [false, true] {
        let mut store = store(&engine, StoreLimitsBuilder::new().memory_size(8 << 20).trap_on_grow_failure(trap));
        let instance = Instance::new(&mut store, &grows, &[]).expect("it is small");
        let [t, u] = ["t", "u"].map(|name| instance.get_typed_func::<i32, i32>(&mut store, name).expect("it is there"));
        assert_eq!(t.call(&mut store, 700_000).expect("it grows"), 0);
        match u.call(&mut store, 700_000) {
            Ok(result) => assert!(!trap && result == -1),
            Err(error) => {
                assert!(trap && format!("{error:#}").contains("tables, instances and exceptions"), "{error:#}")
            }
        }
        assert_eq!(u.call(&mut store, 300_000).expect("it grows"), 0);
    }
}

#[test]
fn memories_count_together() {
    let engine = Engine::default();
    let mut limited = store(&engine, StoreLimitsBuilder::new().memory_size(64 << 16));
    let of = |pages| MemoryType::new(pages, None);
    let memory = Memory::new(&mut limited, of(40)).expect("it fits");
    let error = Memory::new(&mut limited, of(40)).expect_err("40 and 40 are more than 64");
    assert!(error.to_string().contains("memories together would take 5242880 bytes of at most 4194304"), "{error}");
    let other = Memory::new(&mut limited, of(20)).expect("it fits");
    other.grow(&mut limited, 5).expect_err("40 and 25 are more than 64");
    assert_eq!(other.grow(&mut limited, 4).expect("40 and 24 are not"), 20);
    memory.grow(&mut limited, 1).expect_err("nothing is left");
    assert!(refusal(&mut limited, "(module (memory 1) (memory 1))").contains("memories together"));
}

#[test]
fn a_total_bounds_everything_together() {
    let engine = Engine::default();
    let total = || store(&engine, StoreLimitsBuilder::new().total_size(1 << 20));
    assert!(refusal(&mut total(), "(module (memory 9) (memory 8))").contains("all that the store holds"));
    assert!(refusal(&mut total(), "(module (memory 8) (table 70000 funcref))").contains("all that the store holds"));
    let globals = format!("(module {})", "(global (mut i64) (i64.const 0))".repeat(1000));
    let module = module(&engine, &globals);
    let mut store = total();
    let instances = (0..1000).take_while(|_| Instance::new(&mut store, &module, &[]).is_ok()).count();
    assert!((20..200).contains(&instances), "an instance of 1,000 globals takes 12 KB: {instances}");
}

/// Resident memory of this process, in bytes.
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").expect("Linux has it");
    statm.split(' ').nth(1).expect("the second number").parse::<usize>().expect("a number") * 4096
}

#[test]
fn types_that_were_called_through_go_with_their_last_user() {
    let engine = Engine::default();
    // Types that differ in their first 15 parameters, each of one exported function, called and called back.
    let round = |round: usize| {
        let mut text = String::from("(module");
        for i in 0..500 {
            let i = round * 500 + i;
            let params: Vec<&str> = (0..30).map(|p| if p < 15 && i >> p & 1 != 0 { "i64" } else { "i32" }).collect();
            text += &format!(r#"(func (export "f{i}") (param {}))"#, params.join(" "));
        }
        let module = module(&engine, &(text + ")"));
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[]).expect("it has no imports");
        let funcs: Vec<Func> = instance.exports(&mut store).filter_map(|e| e.into_func()).collect();
        for func in funcs {
            let ty = func.ty(&store);
            let params: Vec<Val> = ty.params().map(|ty| Val::default_for_ty(&ty).expect("numbers have one")).collect();
            func.call(&mut store, &params, &mut []).expect("it returns");
            let host = Func::new(&mut store, ty, |_, _, _| Ok(()));
            host.call(&mut store, &params, &mut []).expect("it returns");
        }
        assert!(engine.code_memory() > 500 * 400, "trampolines count");
    };
    round(0);
    assert_eq!(engine.code_memory(), 0);
    let before = resident();
    (1..20).for_each(round);
    assert_eq!(engine.code_memory(), 0);
    // An emulator keeps what it made of the code.
    if std::env::var_os("HEADWATER_TEST_RUNNER").is_none() {
        assert!(resident() < before + (16 << 20), "{} MiB more", (resident() - before) >> 20);
    }
}

#[test]
fn an_engine_without_code_memory_left_calls_nothing_new_and_goes_on() {
    const LIMIT: usize = 256 << 10;
    let engine = Engine::new(Config::new().max_code_memory(LIMIT)).expect("the settings are known");
    let wide = |params: usize| FuncType::new(&engine, vec![ValType::I32; params], []);
    let mut store = Store::new(&engine, ());
    // Each type has trampolines of its own, of some kilobytes.
    let refused = (800..1000).find_map(|params| {
        let made = Func::try_new(&mut store, wide(params), |_, _, _| Ok(()));
        made.err().map(|error| (params, format!("{error:#}")))
    });
    let (params, error) = refused.expect("so many do not fit");
    assert!(error.contains("limit of 262144 bytes of machine code") && params > 805, "{params}: {error}");
    assert!(Linker::<()>::new(&engine).func_new("a", "b", wide(params), |_, _, _| Ok(())).is_err());
    // A caller that cannot report failure gets it nevertheless; then nothing is left for modules.
    let func = Func::new(&mut store, wide(params), |_, _, _| Ok(()));
    func.call(&mut store, &vec![Val::I32(0); params], &mut []).expect("it returns");
    let text = r#"(module (func (export "f")))"#;
    let wasm = wat::parse_str(text).expect("it is well-formed");
    assert!(engine.code_memory() > LIMIT && Module::new(&engine, &wasm).is_err());
    drop(store);
    module(&engine, text);
}

#[test]
fn function_types_beyond_webassemblys_are_errors() {
    let engine = Engine::default();
    for (params, results) in [(1001, 0), (0, 1001), (100_000, 100_000)] {
        let ty = FuncType::new(&engine, vec![ValType::I32; params], vec![ValType::I64; results]);
        let mut store = Store::new(&engine, ());
        let mut linker = Linker::<()>::new(&engine);
        let error = linker.func_new("a", "b", ty.clone(), |_, _, _| Ok(())).expect_err("it is too wide");
        assert!(error.to_string().contains("there may be 1000 at most"), "{error}");
        assert!(Func::try_new(&mut store, ty.clone(), |_, _, _| Ok(())).is_err());
        let func = Func::new(&mut store, ty, |_, _, _| unreachable!("it cannot be called"));
        let error = func.call(&mut store, &vec![Val::I32(0); params], &mut vec![Val::I64(0); results]).unwrap_err();
        assert!(error.to_string().contains("there may be 1000 at most"), "{error}");
        // In a table nobody finds it by its type.
        let table = Table::new(&mut store, TableType::new(RefType::FUNCREF, 1, None), Ref::Func(Some(func)));
        let module = module(
            &engine,
            r#"(module (import "" "t" (table 1 funcref)) (func (export "f") (call_indirect (i32.const 0))))"#,
        );
        let instance = Instance::new(&mut store, &module, &[table.expect("it fits").into()]).expect("it links");
        let call = instance.get_typed_func::<(), ()>(&mut store, "f").expect("it is there");
        assert_eq!(call.call(&mut store, ()).unwrap_err().downcast_ref(), Some(&Trap::BadSignature));
    }
    // The widest that there are.
    let ty = FuncType::new(&engine, vec![ValType::F64; 1000], vec![ValType::F64; 1000]);
    let mut store = Store::new(&engine, ());
    let func = Func::new(&mut store, ty, |_, params, results| {
        results.clone_from_slice(params);
        Ok(())
    });
    let params: Vec<Val> = (0..1000u64).map(Val::F64).collect();
    let mut results = vec![Val::F64(0); 1000];
    func.call(&mut store, &params, &mut results).expect("it returns");
    assert!(params.iter().zip(&results).all(|(p, r)| p.unwrap_f64().to_bits() == r.unwrap_f64().to_bits()));
}
