// WABT: the WebAssembly toolkit, in C++, with Emscripten's glue as a CommonJS module; what it makes is run as well.
// npm: wabt@1.0.39
import "./host.mjs";

const { default: load } = await import("wabt");
const wabt = await load();
const module = wabt.parseWat("a.wat", `(module (memory (export "m") 1) (data (i32.const 8) "text")
  (func (export "fib") (param i32) (result i32) (if (result i32) (i32.lt_s (local.get 0) (i32.const 2))
    (then (local.get 0))
    (else (i32.add (call 0 (i32.sub (local.get 0) (i32.const 1))) (call 0 (i32.sub (local.get 0) (i32.const 2))))))))`);
module.validate();
const { buffer, log } = module.toBinary({ log: true });
console.log(buffer.length, log.split("\n").length);
console.log(new WebAssembly.Instance(new WebAssembly.Module(buffer)).exports.fib(20));
console.log(wabt.readWasm(buffer, { readDebugNames: true }).toText({ foldExprs: true, inlineExport: true }));
try {
  wabt.parseWat("bad.wat", "(module (func (result i32) (i64.const 1)))").validate();
} catch (error) {
  console.log(error.message);
}
