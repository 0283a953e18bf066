// Typed references to functions, as JavaScript sees them.
const { Module, Instance, Table, LinkError } = WebAssembly;
/** `(ref extern)`, `(ref null 0)` and `(ref 0)`, where type 0 is that of `$f`. */
const [EXTERN, NULL_F, F] = [[0x64, EXTERNREF], [0x63, 0], [0x64, 0]];
const bytes = wasm({
  types: [func([I32], [I32]), func([NULL_F, I32], [I32]), func([F], [F]), func([EXTERN], [EXTERN]), func([], [])],
  functions: [[0], [1], [2], [3], [4]],
  exports: ["f", "call", "same", "extern", "other"].map((name, i) => exportOf(name, 0, i)),
  codes: [
    code(0x20, 0, 0x41, 1, 0x6a),
    code(0x20, 1, 0x20, 0, 0x14, 0),
    code(0x20, 0),
    code(0x20, 0),
    code(),
  ],
});
const { f, call, same: id, extern, other } = new Instance(new Module(bytes), {}).exports;

test("functions of the type are passed and come back as themselves", () => {
  same(call(f, 41), 42);
  same(id(f), f);
});
test("what is not of the type is a TypeError, and null a trap or a TypeError", () => {
  for (const bad of [other, call, () => 1, undefined, 1, {}]) {
    throws(TypeError, () => call(bad, 1), show(typeof bad));
    throws(TypeError, () => id(bad), show(typeof bad));
  }
  throws(WebAssembly.RuntimeError, () => call(null, 1));
  throws(TypeError, () => id(null));
});
test("an external reference without null takes all but null", () => {
  const object = {};
  for (const value of [object, undefined, 0, "", NaN, f]) same(Object.is(extern(value), value), true);
  throws(TypeError, () => extern(null));
});
test("functions are linked by their types", () => {
  const importer = (type) => new Module(wasm({ types: [func([I32], [I32]), func([F], [F]), func([NULL_F], [F])],
    imports: [importOf("m", "f", 0, type)] }));
  new Instance(importer(0), { m: { f } });
  new Instance(importer(1), { m: { f: id } });
  throws(LinkError, () => new Instance(importer(2), { m: { f: id } }));
  throws(LinkError, () => new Instance(importer(1), { m: { f } }));
});
test("what a JavaScript function gives is converted and checked", () => {
  const module = new Module(wasm({
    types: [func([I32], [I32]), func([], [F])],
    imports: [importOf("m", "f", 0, 1)],
    functions: [[0]],
    exports: [exportOf("run", 0, 1)],
    codes: [code(0x20, 0, 0x10, 0, 0x14, 0)],
  }));
  const run = (value) => new Instance(module, { m: { f: () => value } }).exports.run(1);
  same(run(f), 2);
  for (const bad of [null, undefined, other, () => 1]) throws(TypeError, () => run(bad), show(typeof bad));
});
test("tables of a type take what is of it", () => {
  const module = new Module(wasm({
    types: [func([I32], [I32]), func([], [])],
    tables: [[...NULL_F, 0, 1]],
    functions: [[0], [1]],
    exports: [exportOf("t", 1, 0), exportOf("f", 0, 0), exportOf("other", 0, 1)],
    codes: [code(0x20, 0), code()],
  }));
  const { t, f: own, other: wrong } = new Instance(module, {}).exports;
  t.set(0, own);
  same(t.get(0), own);
  t.set(0, f);
  same(t.get(0), f);
  for (const bad of [wrong, () => 1, 5]) throws(TypeError, () => t.set(0, bad), show(typeof bad));
  throws(TypeError, () => t.grow(1, wrong));
  t.set(0, null);
  same(t.get(0), null);
  throws(LinkError, () => new Instance(new Module(wasm({ imports: [importOf("m", "t", 1, 0x70, 0, 1)] })), { m: { t } }));
  same(t instanceof Table, true);
});
