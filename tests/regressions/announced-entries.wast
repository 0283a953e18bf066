;; Found by the target `stream` (seed 1, case 8556): a section that announces many entries made wasmparser's validator reserve room for
;; all of them, 150 MB for ten bytes of exports. That it costs nothing is for `fuzz/tests/announced.rs` to see; that the fault is the same as ever
;; is seen here.

;; A million exports in one.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\07\07" "\c0\84\3d" "\01a" "\03\00")
  "unexpected end-of-file")
;; A million imports in one.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\02\0a" "\c0\84\3d" "\01a" "\01b" "\03\7f\00")
  "unexpected end-of-file")
;; A million types in one, and in a group of them.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\06" "\c0\84\3d" "\60\00\00")
  "unexpected end-of-file")
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\08" "\01" "\4e\c0\84\3d" "\60\00\00")
  "unexpected end-of-file")
;; A fault before the end is still the one that is told.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\07\08" "\c0\84\3d" "\01a" "\09\00" "\00")
  "invalid leading byte")
;; Padded counts that are true are no fault.
(module binary "\00asm" "\01\00\00\00" "\01\08" "\81\80\80\80\00" "\60\00\00" "\03\06" "\81\80\80\80\00" "\00" "\0a\04\01\02\00\0b")
