//! A module that is compiled while it arrives, piece by piece, from whatever delivers pieces.
//!
//! `cargo run --example streaming` prints what is known after each piece, and 42.

use headwater::{Engine, Instance, Store, StreamingCompiler};

fn main() -> headwater::Result<()> {
    let double = r#"(func (export "double") (param i32) (result i32) (i32.add (local.get 0) (local.get 0)))"#;
    let wasm = wat::parse_str(format!("(module {double})"))?;

    let engine = Engine::default();
    let mut compiler = StreamingCompiler::new(&engine).with_observer(|progress| {
        println!("{} bytes received, {} of them compiled", progress.received, progress.compiled);
    });
    for piece in wasm.chunks(16) {
        // An error comes with the first byte that proves it; nothing more needs to be downloaded then.
        compiler.push(piece)?;
    }
    let module = compiler.finish()?;

    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[])?;
    let double = instance.get_typed_func::<i32, i32>(&mut store, "double")?;
    println!("{}", double.call(&mut store, 21)?);
    Ok(())
}

#[test]
fn it_runs() {
    main().expect("the example works");
}
