// Binaryen: an optimizer for WebAssembly, in C++; what it makes is run as well.
// npm: binaryen@132.0.0
import "./host.mjs";

const { default: binaryen } = await import("binaryen");
const module = binaryen.parseText(`(module (func $twice (param i32) (result i32)
    (i32.mul (local.get 0) (i32.const 2)))
  (func (export "f") (param i32) (result i32) (local i32)
    (local.set 1 (call $twice (local.get 0)))
    (if (i32.eqz (i32.const 0)) (then (local.set 1 (i32.add (local.get 1) (i32.const 0)))))
    (local.get 1)))`);
console.log(module.validate());
binaryen.setOptimizeLevel(3);
module.optimize();
console.log(module.emitText());
const binary = module.emitBinary();
console.log(binary.length, new WebAssembly.Instance(new WebAssembly.Module(binary)).exports.f(21));
module.dispose();
