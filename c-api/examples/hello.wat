(module
  (import "host" "print" (func $print (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "hello from WebAssembly")
  (func (export "run") (result i32) (call $print (i32.const 16) (i32.const 22))))
