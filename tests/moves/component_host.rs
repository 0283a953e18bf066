//! A component upon Headwater, by the crates `wasm_component_layer` and `headwater-runtime-layer`.

use wasm_component_layer::{
    AsContext, AsContextMut, Component, Engine, Func, FuncType, Linker, List, Store, Value, ValueType,
};

#[test]
fn a_component_calls_the_host_and_is_called_with_strings_and_lists() {
    let bytes = wat::parse_str(include_str!("component.wat")).expect("valid text");
    let engine = Engine::new(headwater_runtime_layer::Engine::default());
    let mut store = Store::new(&engine, Vec::<String>::new());
    let component = Component::new(&engine, &bytes).expect("a valid component");
    let mut linker = Linker::default();
    let host = linker.define_instance("test:host/log".try_into().expect("a name")).expect("it is new");
    let ty = FuncType::new([ValueType::String], []);
    let log = Func::new(&mut store, ty, |mut store, args, _| {
        let Value::String(text) = &args[0] else { panic!("{args:?}") };
        store.data_mut().push(text.to_string());
        Ok(())
    });
    host.define_func("log", log).expect("it is new");
    let instance = linker.instantiate(&mut store, &component).expect("it has its import");
    let guest = instance.exports().instance(&"test:guest/greeter".try_into().expect("a name")).expect("it is there");

    let greet = guest.func("greet").expect("it is there").typed::<String, String>().expect("its type");
    assert_eq!(greet.call(&mut store, "wörld".to_string()).expect("no trap"), "hello, wörld");
    assert_eq!(*store.as_context().data(), ["wörld"]);

    let sum = guest.func("sum").expect("it is there");
    let mut results = [Value::S64(0)];
    let numbers = Value::List(List::from(&[1, -2, 2_000_000_000, 2_000_000_000][..]));
    sum.call(&mut store, &[numbers], &mut results).expect("no trap");
    assert_eq!(results[0], Value::S64(3_999_999_999));

    let error = guest.func("fail").expect("it is there").call(store.as_context_mut(), &[], &mut results);
    let error = error.expect_err("it traps");
    // The other crate puts the error into words.
    assert!(format!("{error:#}").contains("`unreachable` instruction executed"), "{error:#}");
}
