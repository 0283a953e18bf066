(module
  (memory 1)
  (func (export "spin") (loop $again (br $again)))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
