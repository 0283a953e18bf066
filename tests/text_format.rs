//! With the cargo feature `wat`, modules may be text wherever they are passed as a whole. Run by `cargo test --features
//! wat --test text_format`.

use headwater::{CompileErrorKind, Engine, Instance, Module, Store};

const TEXT: &str = r#"(module (func (export "f") (result i32) (i32.const 42)))"#;

fn result_of(module: &Module) -> i32 {
    let mut store = Store::new(module.engine(), ());
    let instance = Instance::new(&mut store, module, &[]).expect("it has no imports");
    instance.get_typed_func::<(), i32>(&mut store, "f").expect("it is there").call(&mut store, ()).expect("it returns")
}

#[test]
fn files_may_be_text_or_binary() {
    let engine = Engine::default();
    let folder = std::env::temp_dir().join(format!("headwater-text-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).expect("a temporary file");
        path
    };
    let binary = wat::parse_str(TEXT).expect("it is well-formed");
    assert_eq!(result_of(&Module::new(&engine, TEXT).expect("it is valid")), 42);
    // What counts are the bytes and not the name.
    for (name, bytes) in
        [("a.wat", TEXT.as_bytes()), ("b.wasm", TEXT.as_bytes()), ("c.wasm", &binary), ("d.wat", &binary)]
    {
        assert_eq!(result_of(&Module::from_file(&engine, file(name, bytes)).expect("it is valid")), 42, "{name}");
    }
    let error = Module::from_file(&engine, file("wrong.wat", b"(module (func (result i32)")).unwrap_err();
    assert_eq!(error.kind(), CompileErrorKind::Invalid);
    assert!(error.message().contains("wrong.wat:1:"), "{error}");
    // A truncated binary is not text.
    for len in [1, 3, 4, 8, binary.len() - 1] {
        let error = Module::from_file(&engine, file("cut.wasm", &binary[..len]));
        match error {
            // The magic number and the version are an empty module.
            Ok(_) => assert_eq!(len, 8),
            Err(error) => assert!(error.message().starts_with("unexpected end"), "{len}: {error}"),
        }
    }
    let error = Module::from_file(&engine, folder.join("missing")).unwrap_err();
    assert_eq!(error.kind(), CompileErrorKind::Io);
    std::fs::remove_dir_all(&folder).expect("it was made here");
}
