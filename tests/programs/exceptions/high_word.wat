;; Where Emscripten's code puts the second half of a 64-bit result.
(module
  (global $high (mut i32) (i32.const 0))
  (func (export "getTempRet0") (result i32) (global.get $high))
  (func (export "setTempRet0") (param i32) (global.set $high (local.get 0))))
