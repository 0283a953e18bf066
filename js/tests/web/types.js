// Type reflection (JS types proposal), and growable buffers of shared memories. Ports of what the web platform tests in
// wasm/jsapi/*/type.tentative.any.js and function/*.tentative.any.js check, and more.
const { Module, Instance, Memory, Table, Global, Tag } = WebAssembly;
const WasmFunction = WebAssembly.Function;
const json = (value) => JSON.stringify(value, (_, v) => (typeof v === "bigint" ? `${v}n` : v));
const is = (value, expected) => same(json(value), json(expected));

test("types of memories, and that constructors take them", () => {
  for (const type of [
    { minimum: 0, shared: false, address: "i32" }, { minimum: 1, maximum: 5, shared: false, address: "i32" },
    { minimum: 1, maximum: 5, shared: true, address: "i32" }, { minimum: 1n, maximum: 2n, shared: false, address: "i64" },
  ]) {
    const memory = new Memory(type);
    is(memory.type(), type);
    is(new Memory(memory.type()).type(), type);
  }
  const memory = new Memory({ initial: 1, maximum: 4 });
  memory.grow(2);
  is(memory.type(), { minimum: 3, maximum: 4, shared: false, address: "i32" });
  same(Object.getPrototypeOf(memory.type()), Object.prototype);
  throws(TypeError, () => new Memory({ initial: 1, minimum: 1 }));
  throws(TypeError, () => new Memory({ maximum: 1 }));
  throws(RangeError, () => new Memory({ minimum: 2, maximum: 1 }));
});
test("types of tables, globals and tags", () => {
  for (const type of [{ element: "funcref", minimum: 1, address: "i32" },
    { element: "externref", minimum: 1, maximum: 3, address: "i32" },
    { element: "externref", minimum: 1n, maximum: 3n, address: "i64" }]) {
    is(new Table(type).type(), type);
  }
  const table = new Table({ element: "anyfunc", initial: 1 });
  table.grow(4);
  is(table.type(), { element: "funcref", minimum: 5, address: "i32" });
  throws(TypeError, () => new Table({ element: "anyfunc", initial: 1, minimum: 1 }));
  throws(TypeError, () => new Table({ element: "i32", minimum: 1 }));
  for (const value of ["i32", "i64", "f32", "f64", "externref", "funcref"]) {
    for (const mutable of [true, false]) {
      is(new Global({ value, mutable }).type(), { mutable, value });
      is(new Global(new Global({ value, mutable }).type()).type(), { mutable, value });
    }
  }
  is(new Global({ value: "anyfunc" }).type(), { mutable: false, value: "funcref" });
  const parameters = ["i32", "i64", "f32", "f64", "externref", "funcref"];
  is(new Tag({ parameters }).type(), { parameters });
  is(new Tag(new Tag({ parameters }).type()).type(), { parameters });
  is(WebAssembly.JSTag.type(), { parameters: ["externref"] });
  is(new Tag({ parameters: [] }).type(), { parameters: [] });
});
test("type() is a method like the others", () => {
  for (const Class of [Memory, Table, Global, Tag, WasmFunction]) {
    const { value, writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(Class.prototype, "type");
    list([value.name, value.length, writable, enumerable, configurable], ["type", 0, true, true, true]);
    for (const bad of [undefined, null, {}, () => 1, Class, Class.prototype, new Module(EMPTY)]) {
      throws(TypeError, () => value.call(bad));
    }
  }
});
test("imports and exports have types", () => {
  const bytes = wasm({
    types: [func([I32], [I64])],
    imports: [importOf("m", "f", 0, [0]), importOf("m", "g", 3, [I32, 1]), importOf("m", "t", 1, [FUNCREF, 1, 1, 3]),
      importOf("m", "m", 2, [1, 1, 2])],
    exports: [exportOf("f", 0, 0), exportOf("g", 3, 0), exportOf("t", 1, 0), exportOf("m", 2, 0)],
  });
  const types = [{ parameters: ["i32"], results: ["i64"] }, { mutable: true, value: "i32" },
    { element: "funcref", minimum: 1, maximum: 3, address: "i32" },
    { minimum: 1, maximum: 2, shared: false, address: "i32" }];
  const kinds = ["function", "global", "table", "memory"];
  is(Module.imports(new Module(bytes)), types.map((type, i) => ({ module: "m", name: "fgtm"[i], kind: kinds[i], type })));
  is(Module.exports(new Module(bytes)), types.map((type, i) => ({ name: "fgtm"[i], kind: kinds[i], type })));
});

test("WebAssembly.Function: the object", () => {
  list([WasmFunction.name, WasmFunction.length], ["Function", 2]);
  same(Object.getPrototypeOf(WasmFunction), Function);
  same(Object.getPrototypeOf(WasmFunction.prototype), Function.prototype);
  same(WasmFunction.prototype.constructor, WasmFunction);
  same(WasmFunction.prototype[Symbol.toStringTag], "WebAssembly.Function");
  const property = Object.getOwnPropertyDescriptor(WebAssembly, "Function");
  list([property.writable, property.enumerable, property.configurable], [true, false, true]);
});
test("WebAssembly.Function: bad arguments", () => {
  const type = { parameters: [], results: [] };
  throws(TypeError, () => WasmFunction(type, () => 1));
  throws(TypeError, () => new WasmFunction());
  throws(TypeError, () => new WasmFunction(type));
  for (const bad of [undefined, null, 1, "", Symbol(), {}, { parameters: [] }, { results: [] },
    { parameters: 1, results: [] }, { parameters: ["foo"], results: [] }, { parameters: [], results: ["i31"] },
    { parameters: [Symbol()], results: [] }]) {
    throws(TypeError, () => new WasmFunction(bad, () => 1), show(bad));
  }
  for (const bad of [undefined, null, 1, "", {}, Symbol(), /./]) throws(TypeError, () => new WasmFunction(type, bad));
  const order = [];
  const get = (name) => (order.push(name), []);
  throws(TypeError, () => new WasmFunction({ get results() { return get("results"); },
    get parameters() { return get("parameters"); } }, 1));
  list(order, ["parameters", "results"]);
  const many = Array.from({ length: 1001 }, () => "i32");
  throws(RangeError, () => new WasmFunction({ parameters: many, results: [] }, () => 1));
});
test("WebAssembly.Function: what it makes", () => {
  const seen = [];
  const type = { parameters: ["i32", "i64", "f32", "f64", "externref", "funcref"], results: ["i32"] };
  const made = new WasmFunction(type, (...args) => {
    seen.push(...args);
    return "7.9";
  });
  same(typeof made, "function");
  list([made instanceof WasmFunction, made instanceof Function, made.length], [true, true, 6]);
  same(Object.prototype.toString.call(made), "[object WebAssembly.Function]");
  is(made.type(), type);
  is(WasmFunction.type(made), type);
  is(new WasmFunction(made.type(), () => 1).type(), type);
  const object = {};
  same(made.call(5, "3", 2n ** 64n + 1n, 0.1, 0.1, object, made), 7);
  list(seen, [3, 1n, Math.fround(0.1), 0.1, object, made]);
  throws(TypeError, () => made(1, 2));
  throws(TypeError, () => new made());
  throws(TypeError, () => made(1, 2n, 3, 4, 5, () => 1));
  const again = new WasmFunction(type, made);
  same(again === made, false);
  same(again(1, 2n, 3, 4, 5, null), 7);
});
test("WebAssembly.Function: results", () => {
  const several = (callee) => new WasmFunction({ parameters: [], results: ["i32", "i64"] }, callee);
  list(several(() => ["1", true])(), [1, 1n]);
  list(several(function* () { yield 1; yield 2n; })(), [1, 2n]);
  throws(TypeError, several(() => [1]));
  throws(TypeError, several(() => undefined));
  throws(TypeError, new WasmFunction({ parameters: [], results: ["i64"] }, () => 1));
  same(new WasmFunction({ parameters: [], results: [] }, () => 1)(), undefined);
  const thrown = {};
  throws(thrown, new WasmFunction({ parameters: ["i32"], results: [] }, () => { throw thrown; }));
  throws(TypeError, new WasmFunction({ parameters: ["v128"], results: [] }, () => 1));
  is(new WasmFunction({ parameters: ["v128"], results: [] }, () => 1).type(), { parameters: ["v128"], results: [] });
});
test("WebAssembly.Function: subclasses", () => {
  class Sub extends WasmFunction {
    twice() {
      return 2 * this();
    }
  }
  const sub = new Sub({ parameters: [], results: ["i32"] }, () => 21);
  list([sub instanceof Sub, sub.twice()], [true, 42]);
});
test("WebAssembly.Function: in tables, globals and imports", () => {
  const made = new WasmFunction({ parameters: [], results: ["i32"] }, () => 5);
  const table = new Table({ element: "anyfunc", initial: 1 }, made);
  same(table.get(0), made);
  same(new Global({ value: "anyfunc" }, made).value, made);
  const module = new Module(wasm({ types: [func([], [I32])], imports: [importOf("m", "f", 0, [0])],
    exports: [exportOf("f", 0, 0)] }));
  const { f } = new Instance(module, { m: { f: made } }).exports;
  same(f, made);
  throws(WebAssembly.LinkError, () => new Instance(module,
    { m: { f: new WasmFunction({ parameters: [], results: [] }, () => 5) } }));
  const exported = new Instance(module, { m: { f: () => 1 } }).exports.f;
  same(exported instanceof WasmFunction, true);
  is(exported.type(), { parameters: [], results: ["i32"] });
  throws(TypeError, () => table.set(0, () => 1));
});

test("growable buffers of shared memories", () => {
  const memory = new Memory({ initial: 1, maximum: 3, shared: true });
  const fixed = memory.buffer;
  same(fixed.growable, false);
  same(memory.toFixedLengthBuffer(), fixed);
  const buffer = memory.toResizableBuffer();
  list([buffer.growable, buffer.byteLength, buffer.maxByteLength], [true, 65536, 3 * 65536]);
  list([buffer instanceof SharedArrayBuffer, memory.buffer, memory.toResizableBuffer()], [true, buffer, buffer]);
  same(Object.isFrozen(buffer), true);
  const [view, part, data] = [new Uint8Array(buffer), new Uint8Array(buffer, 65536), new DataView(buffer)];
  memory.grow(1);
  list([buffer.byteLength, view.length, part.length, data.byteLength, fixed.byteLength],
    [131072, 131072, 65536, 131072, 65536]);
  same(memory.buffer, buffer);
  for (const bad of [0, 65536, 131073, 4 * 65536, -1, Infinity]) throws(RangeError, () => buffer.grow(bad), `${bad}`);
  buffer.grow(131072);
  buffer.grow(3 * 65536);
  list([buffer.byteLength, view.length, memory.grow(0)], [3 * 65536, 3 * 65536, 3]);
  view[3 * 65536 - 1] = 7;
  const later = memory.toFixedLengthBuffer();
  list([later.growable, later.byteLength, memory.buffer], [false, 3 * 65536, later]);
  same(new Uint8Array(later)[3 * 65536 - 1], 7);
  same(buffer.byteLength, 3 * 65536);
  const own = new SharedArrayBuffer(5);
  throws(TypeError, () => own.grow(6));
  throws(TypeError, () => fixed.grow(131072));
  list([own.byteLength, own.maxByteLength, fixed.maxByteLength], [5, 5, 65536]);
});
test("growable buffers follow what WebAssembly code grows", () => {
  const memory = new Memory({ initial: 1, maximum: 4, shared: true });
  const module = new Module(wasm({ types: [func([I32], [I32])], imports: [importOf("m", "m", 2, [3, 1, 4])],
    exports: [exportOf("grow", 0, 0)], functions: [[0]], codes: [code(0x20, 0, 0x40, 0)] }));
  const buffer = memory.toResizableBuffer();
  const view = new Uint32Array(buffer);
  const { grow } = new Instance(module, { m: { m: memory } }).exports;
  list([grow(2), buffer.byteLength, view.length, memory.buffer], [1, 3 * 65536, 3 * 16384, buffer]);
});
test("tables and globals: undefined is a value where it is passed", () => {
  const table = new Table({ element: "anyfunc", initial: 1 }, undefined);
  same(table.get(0), null);
  throws(TypeError, () => table.set(0, undefined));
  table.set(0);
  same(table.get(0), null);
  same(table.grow(1, undefined), 1);
  same(table.get(1), null);
  const any = new Table({ element: "externref", initial: 1 }, undefined);
  same(any.get(0), undefined);
  any.set(0, null);
  same(any.get(0), null);
  any.set(0, undefined);
  same(any.get(0), undefined);
  any.set(0, 1);
  any.set(0);
  same(any.get(0), undefined);
  same(any.grow(1), 1);
  same(any.get(1), undefined);
  same(new Global({ value: "i32" }, undefined).value, 0);
  same(new Global({ value: "i64" }, undefined).value, 0n);
  same(new Global({ value: "externref" }, undefined).value, undefined);
  same(new Global({ value: "externref" }, null).value, null);
  same(new Global({ value: "anyfunc" }, undefined).value, null);
  const global = new Global({ value: "anyfunc", mutable: true });
  throws(TypeError, () => (global.value = undefined));
});
