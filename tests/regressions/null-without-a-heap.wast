;; Null has no length, also where there is no heap, whose first bytes could not be read.
(module
  (memory 1)
  (func (export "len") (result i32) (array.len (ref.null array)))
  (func (export "len-of") (param externref) (result i32)
    (array.len (ref.cast arrayref (any.convert_extern (local.get 0))))))
(assert_trap (invoke "len") "null")
(assert_trap (invoke "len-of" (ref.null extern)) "null")
(module
  (func (export "len") (result i32) (array.len (ref.null array))))
(assert_trap (invoke "len") "null")

