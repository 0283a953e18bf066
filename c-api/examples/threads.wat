(module
  (import "host" "twice" (func $twice (param i32) (result i32)))
  (import "host" "number" (global $number i32))
  (func (export "run") (result i32) (call $twice (global.get $number))))
