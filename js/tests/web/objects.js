// Sections 4 to 6 and 10 to 13 of the checklist: options, compiling, statics, Memory, Table, Global, Tag, Exception,
// errors.
const { Module, Instance, Memory, Table, Global, Tag, Exception, CompileError, LinkError, RuntimeError } = WebAssembly;
const PRIMITIVES = [null, true, "", "test", Symbol(), 1, NaN];

test("39, 40: options: their kind, and the order of members", async () => {
  for (const bad of [true, "", 1, Symbol(), 1n]) {
    throws(TypeError, () => new Module(EMPTY, bad), show(bad));
    throws(TypeError, () => WebAssembly.validate(EMPTY, bad));
    await rejects(TypeError, WebAssembly.compile(EMPTY, bad));
    await rejects(TypeError, WebAssembly.instantiate(EMPTY, {}, bad));
    await rejects(TypeError, WebAssembly.compileStreaming(new Response(EMPTY, WASM), bad));
  }
  const order = [];
  const options = {
    get importedStringConstants() {
      order.push("importedStringConstants");
    },
    get builtins() {
      order.push("builtins");
    },
  };
  new Module(EMPTY, options);
  list(order, ["builtins", "importedStringConstants"]);
  throws(TypeError, () => new Module(EMPTY, { builtins: 1 }));
  for (const fine of [undefined, null, {}, { builtins: new Set(["x"]) }]) new Module(EMPTY, fine);
});
test("42: builtin sets: unknown ones are ignored, duplicates fail", async () => {
  new Module(EMPTY, { builtins: ["nothing"] });
  throws(CompileError, () => new Module(EMPTY, { builtins: ["nothing", "nothing"] }));
  same(WebAssembly.validate(EMPTY, { builtins: ["a", "a"] }), false);
  await rejects(CompileError, WebAssembly.compile(EMPTY, { builtins: ["a", "a"] }));
});
test("44, 45, 46, 47: string constants", () => {
  const names = ["", "a\0b", "\u{1f600}", "x".repeat(1000)];
  const types = (type, mut) => wasm({
    imports: names.map((name) => importOf("'", name, 3, [type, mut])),
    exports: names.map((_, i) => exportOf(`${i}`, 3, i)),
  });
  const options = { importedStringConstants: "'" };
  const module = new Module(types(EXTERNREF, 0), options);
  same(Module.imports(module).length, 0);
  const { exports } = new Instance(module, {});
  names.forEach((name, i) => same(exports[i].value, name));
  throws(TypeError, () => new Instance(module));
  for (const [type, mut] of [[EXTERNREF, 1], [FUNCREF, 0], [I32, 0]]) {
    throws(CompileError, () => new Module(types(type, mut), options));
    same(WebAssembly.validate(types(type, mut), options), false);
  }
  same(Module.imports(new Module(types(EXTERNREF, 0))).length, names.length);
});

const BAD_SOURCES = [undefined, null, true, "", Symbol(), 1, {}, ArrayBuffer, ArrayBuffer.prototype, [...EMPTY]];
test("50: sources that are none", async () => {
  for (const bad of BAD_SOURCES) {
    await rejects(TypeError, WebAssembly.compile(bad));
    await rejects(TypeError, WebAssembly.instantiate(bad));
    throws(TypeError, () => WebAssembly.validate(bad));
    throws(TypeError, () => new Module(bad));
  }
  await rejects(TypeError, WebAssembly.compile());
  throws(TypeError, () => WebAssembly.validate());
  throws(TypeError, () => new Module());
});
test("51: all kinds of buffers and views", () => {
  const padded = new Uint8Array([9, 9, ...EMPTY, 9]);
  const shared = new SharedArrayBuffer(8);
  new Uint8Array(shared).set(EMPTY);
  const resizable = new ArrayBuffer(8, { maxByteLength: 16 });
  new Uint8Array(resizable).set(EMPTY);
  for (const source of [EMPTY, EMPTY.buffer, new DataView(EMPTY.buffer), new Uint32Array(EMPTY.buffer),
    padded.subarray(2, 10),
    new DataView(padded.buffer, 2, 8), shared, new Uint8Array(shared), resizable, new Uint8Array(resizable)]) {
    same(WebAssembly.validate(source), true);
  }
  same(WebAssembly.validate(padded), false);
  const gone = new ArrayBuffer(8);
  const [view, data] = [new Uint8Array(gone), new DataView(gone)];
  gone.transfer();
  for (const source of [gone, view, data]) same(WebAssembly.validate(source), false);
  const shrunk = new ArrayBuffer(16, { maxByteLength: 16 });
  const [outside, outsideData] = [new Uint8Array(shrunk, 8, 8), new DataView(shrunk, 8, 8)];
  shrunk.resize(8);
  same(WebAssembly.validate(outside), false);
  throws(TypeError, () => WebAssembly.validate(outsideData));
});
test("52: bytes are copied at once", async () => {
  const bytes = CALLS.slice();
  const promise = WebAssembly.compile(bytes);
  bytes.fill(0);
  same(Module.imports(await promise).length, 1);
  // At once, but when all arguments have been read.
  const late = (bytes) => ({
    get builtins() {
      bytes.set(EMPTY);
    },
  });
  for (const f of [(b, o) => WebAssembly.compile(b, o), (b, o) => new Module(b, o),
    (b, o) => WebAssembly.instantiate(b, {}, o)]) {
    const bad = new Uint8Array(8);
    await f(bad, late(bad));
  }
  const bad = new Uint8Array(8);
  same(WebAssembly.validate(bad, late(bad)), true);
  throws(TypeError, () => WebAssembly.validate(1, { get builtins() { throw new Error("read"); } }));
});
test("53, 54: validate", async () => {
  same(WebAssembly.validate(EMPTY, undefined, "more"), true);
  for (const bytes of [new Uint8Array(0), new Uint8Array([0, 1]), CALLS.slice(0, 20)]) {
    same(WebAssembly.validate(bytes), false);
    await rejects(CompileError, WebAssembly.compile(bytes));
  }
});
test("55: new, lengths, subclasses", () => {
  const lengths = { Module: 1, Instance: 1, Memory: 1, Table: 1, Global: 1, Tag: 1, Exception: 2 };
  const args = { Module: [EMPTY], Instance: [compile(EMPTY)], Memory: [{ initial: 0 }],
    Table: [{ element: "anyfunc", initial: 0 }],
    Global: [{ value: "i32" }], Tag: [{ parameters: [] }], Exception: [new Tag({ parameters: [] }), []] };
  for (const [name, length] of Object.entries(lengths)) {
    const Class = WebAssembly[name];
    same(Class.length, length, name);
    same(Class.name, name);
    throws(TypeError, () => Class(...args[name]));
    throws(TypeError, () => new Class());
    class Derived extends Class {}
    const object = new Derived(...args[name]);
    same(Object.getPrototypeOf(object), Derived.prototype);
    same(`${Object.prototype.toString.call(object)}`, `[object WebAssembly.${name}]`);
    const p = Object.getOwnPropertyDescriptor(Class, "prototype");
    list([p.writable, p.enumerable, p.configurable], [false, false, false]);
    const t = Object.getOwnPropertyDescriptor(Class.prototype, Symbol.toStringTag);
    list([t.value, t.writable, t.enumerable, t.configurable], [`WebAssembly.${name}`, false, false, true]);
    const c = Object.getOwnPropertyDescriptor(WebAssembly, name);
    list([c.writable, c.enumerable, c.configurable], [true, false, true]);
  }
});
test("56: the namespace", () => {
  const d = Object.getOwnPropertyDescriptor(globalThis, "WebAssembly");
  list([d.writable, d.enumerable, d.configurable], [true, false, true]);
  same(Object.prototype.toString.call(WebAssembly), "[object WebAssembly]");
  same(Object.getPrototypeOf(WebAssembly), Object.prototype);
  throws(TypeError, () => WebAssembly());
  throws(TypeError, () => new WebAssembly());
  const operation = (object, name, length) => {
    const o = Object.getOwnPropertyDescriptor(object, name);
    list([o.writable, o.enumerable, o.configurable], [true, true, true], name);
    list([o.value.name, o.value.length], [name, length], name);
    same(Object.getPrototypeOf(o.value), Function.prototype);
    throws(TypeError, () => new o.value());
  };
  for (const name of ["compile", "instantiate", "validate", "compileStreaming", "instantiateStreaming"]) {
    operation(WebAssembly, name, 1);
  }
  operation(Module, "exports", 1);
  operation(Module, "imports", 1);
  operation(Module, "customSections", 2);
  operation(Memory.prototype, "grow", 1);
  for (const name of ["toFixedLengthBuffer", "toResizableBuffer"]) operation(Memory.prototype, name, 0);
  for (const name of ["grow", "get", "set"]) operation(Table.prototype, name, 1);
  operation(Global.prototype, "valueOf", 0);
  operation(Exception.prototype, "getArg", 2);
  operation(Exception.prototype, "is", 1);
  const attribute = (object, name, settable) => {
    const a = Object.getOwnPropertyDescriptor(object, name);
    list([a.enumerable, a.configurable, a.get.name, a.get.length], [true, true, `get ${name}`, 0]);
    if (settable) list([a.set.name, a.set.length], [`set ${name}`, 1]);
    else same(a.set, undefined);
  };
  attribute(Instance.prototype, "exports");
  attribute(Memory.prototype, "buffer");
  attribute(Table.prototype, "length");
  attribute(Global.prototype, "value", true);
  attribute(Exception.prototype, "stack");
  attribute(WebAssembly, "JSTag");
  for (const self of [undefined, null, 1, {}]) same(WebAssembly.validate.call(self, EMPTY), true);
});

const KINDS = wasm({
  types: [func([], [])],
  imports: [importOf("m", "f", 0, 0), importOf("m", "t", 1, [FUNCREF, 0, 0]), importOf("n", "m", 2, [0, 0]),
    importOf("", "g", 3, [I32, 0])],
  exports: [exportOf("g", 3, 0), exportOf("f", 0, 0), exportOf("", 2, 0), exportOf("\u{1f600}", 1, 0)],
});
test("57, 58: exports and imports", () => {
  const module = compile(KINDS);
  list(Module.exports(module).map((e) => `${e.name}:${e.kind}`),
    ["g:global", "f:function", ":memory", "\u{1f600}:table"]);
  list(Module.imports(module).map((i) => `${i.module}.${i.name}:${i.kind}`),
    ["m.f:function", "m.t:table", "n.m:memory", ".g:global"]);
  for (const f of [Module.exports, Module.imports]) {
    same(f(module) === f(module), false);
    same(f(module)[0] === f(module)[0], false);
    same(Array.isArray(f(module)), true);
    same(Object.getPrototypeOf(f(module)[0]), Object.prototype);
    for (const key of Object.keys(f(module)[0])) {
      const d = Object.getOwnPropertyDescriptor(f(module)[0], key);
      list([d.writable, d.enumerable, d.configurable], [true, true, true]);
    }
    same(f(compile(EMPTY)).length, 0);
  }
});
test("59: custom sections", () => {
  const module = compile(wasm({ customs: [["x", [1]], ["\u{1f600}", [2]], ["x", [3, 4]], ["\ufffd", [5]]] }));
  list(Module.customSections(module, "x").map((b) => [...new Uint8Array(b)].join()), ["1", "3,4"]);
  same(Module.customSections(module, "\u{1f600}").length, 1);
  same(Module.customSections(module, "\ud83d").length, 0);
  same(Module.customSections(module, "").length, 0);
  same(Module.customSections(module, "x")[0] === Module.customSections(module, "x")[0], false);
  same(Module.customSections(module, "x")[0] instanceof ArrayBuffer, true);
  throws(TypeError, () => Module.customSections(module));
  same(Module.customSections(compile(wasm({ customs: [["undefined", []]] })), undefined).length, 1);
});
test("60: statics want a module", () => {
  for (const bad of [undefined, {}, Module, Module.prototype, EMPTY, ...PRIMITIVES]) {
    for (const f of [Module.exports, Module.imports]) throws(TypeError, () => f(bad));
    throws(TypeError, () => Module.customSections(bad, ""));
  }
});
test("61: AbstractModuleSource", () => {
  const Abstract = Object.getPrototypeOf(Module);
  same(Abstract.name, "AbstractModuleSource");
  same(Object.getPrototypeOf(Module.prototype), Abstract.prototype);
  const tag = Object.getOwnPropertyDescriptor(Abstract.prototype, Symbol.toStringTag).get;
  same(tag.call(compile(EMPTY)), "WebAssembly.Module");
  same(tag.call({}), undefined);
  throws(TypeError, () => new Abstract());
});

const OUT_OF_RANGE = [-1, NaN, Infinity, -Infinity, 0x100000000, 0x10000000000, "x", {}];
test("89: memories: descriptors", () => {
  for (const bad of [undefined, ...PRIMITIVES, {}, { initial: undefined }]) throws(TypeError, () => new Memory(bad));
  for (const bad of OUT_OF_RANGE) {
    throws(TypeError, () => new Memory({ initial: bad }));
    throws(TypeError, () => new Memory({ initial: 0, maximum: bad }));
  }
  throws(RangeError, () => new Memory({ initial: 10, maximum: 9 }));
  throws(RangeError, () => new Memory({ initial: 65537 }));
  throws(RangeError, () => new Memory({ initial: 0, maximum: 65537 }));
  throws(TypeError, () => new Memory({ initial: 0, address: "none" }));
  same(new Memory({ initial: "1" }).buffer.byteLength, 65536);
  same(new Memory({ initial: 0.9, maximum: 65536, address: "i32" }).buffer.byteLength, 0);
  const order = [];
  const number = (name) => ({
    valueOf() {
      order.push(`${name} valueOf`);
      return 1;
    },
  });
  new Memory({
    get maximum() {
      order.push("maximum");
      return number("maximum");
    },
    get initial() {
      order.push("initial");
      return number("initial");
    },
    get address() {
      order.push("address");
      return { toString: () => (order.push("address toString"), "i32") };
    },
  });
  list(order, ["address", "address toString", "initial", "initial valueOf", "maximum", "maximum valueOf"]);
});
test("90: shared memories", () => {
  throws(TypeError, () => new Memory({ initial: 0, shared: true }));
  throws(RangeError, () => new Memory({ initial: 2, maximum: 1, shared: true }));
  const memory = new Memory({ initial: 1, maximum: 3, shared: true });
  const before = memory.buffer;
  same(memory.buffer, before);
  same(memory.toFixedLengthBuffer(), before);
  list([before instanceof SharedArrayBuffer, Object.isFrozen(before), before.byteLength], [true, true, 65536]);
  const bytes = new Uint8Array(before);
  bytes[7] = 42;
  same(memory.grow(2), 1);
  list([before.byteLength, bytes.length, memory.buffer.byteLength], [65536, 65536, 3 * 65536]);
  same(new Uint8Array(memory.buffer)[7], 42);
  bytes[8] = 43;
  same(Atomics.load(new Uint8Array(memory.buffer), 8), 43);
  throws(RangeError, () => memory.grow(1));
  same(memory.grow(0), 3);
  const importing = compile(wasm({ imports: [importOf("m", "m", 2, limits(1, 3))] }));
  throws(LinkError, () => new Instance(importing, { m: { m: memory } }));
  throws(LinkError, () => new Instance(importing, { m: { m: {} } }));
});
test("90: modules have shared memories", () => {
  const sharedLimits = (min, max) => [3, min, max];
  const importing = compile(wasm({ imports: [importOf("m", "m", 2, sharedLimits(1, 3))],
    exports: [exportOf("again", 2, 0)] }));
  const memory = new Memory({ initial: 1, maximum: 3, shared: true });
  const { exports } = new Instance(importing, { m: { m: memory } });
  same(exports.again, memory);
  throws(LinkError, () => new Instance(importing, { m: { m: new Memory({ initial: 1, maximum: 3 }) } }));
  throws(LinkError, () => new Instance(importing, { m: { m: new Memory({ initial: 1, maximum: 4, shared: true }) } }));
  const before = memory.buffer;
  memory.grow(1);
  same(exports.again.buffer, memory.buffer);
  list([before.byteLength, memory.buffer.byteLength], [65536, 131072]);
  new Instance(compile(wasm({ imports: [importOf("m", "m", 2, sharedLimits(2, 3))] })), { m: { m: memory } });
});
test("90: many shared memories come and go", () => {
  for (let i = 0; i < 50; i++) new Memory({ initial: 1, maximum: 65536, shared: true });
});
test("91: the buffer is the memory", () => {
  const memory = new Memory({ initial: 1, maximum: 3 });
  const before = memory.buffer;
  same(memory.buffer, before);
  same(before.detached, false);
  same(before.resizable, false);
  const bytes = new Uint8Array(before);
  bytes[7] = 42;
  same(memory.grow(1), 1);
  same(before.byteLength, 0);
  same(before.detached, true);
  same(bytes.length, 0);
  same(memory.buffer.byteLength, 131072);
  same(new Uint8Array(memory.buffer)[7], 42);
  const second = memory.buffer;
  same(memory.grow(0), 2);
  same(second.byteLength, 0);
  const third = memory.buffer;
  throws(RangeError, () => memory.grow(2));
  same(memory.buffer, third);
  for (const bad of [...OUT_OF_RANGE, undefined]) throws(TypeError, () => memory.grow(bad));
  for (const f of ["transfer", "transferToFixedLength"]) throws(TypeError, () => third[f]());
  throws(TypeError, () => third.resize(0));
  same(third.byteLength, 131072);
  same(third.slice(0, 8).byteLength, 8);
});
test("91: growing inside of WebAssembly", () => {
  const bytes = wasm({
    types: [func([I32], [I32]), func([], [])],
    imports: [importOf("m", "look", 0, 1)],
    functions: [[0]],
    memories: [limits(1, 4)],
    exports: [exportOf("mem", 2, 0), exportOf("grow", 0, 1)],
    codes: [code(0x20, 0, 0x40, 0, 0x10, 0)],
  });
  let seen;
  const { mem, grow } = instance(bytes, { m: { look: () => (seen = mem.buffer.byteLength) } });
  for (const [delta, pages] of [[1, 2], [0, 2]]) {
    const before = mem.buffer;
    grow(delta);
    same(before.byteLength, 0);
    same(seen, pages * 65536);
    same(mem.buffer.byteLength, pages * 65536);
  }
  const before = mem.buffer;
  same(grow(100), -1);
  same(mem.buffer, before);
});
test("92: resizable buffers", () => {
  throws(TypeError, () => new Memory({ initial: 0 }).toResizableBuffer());
  const memory = new Memory({ initial: 1, maximum: 4 });
  const fixed = memory.buffer;
  same(memory.toFixedLengthBuffer(), fixed);
  const buffer = memory.toResizableBuffer();
  same(fixed.byteLength, 0);
  same(memory.buffer, buffer);
  same(memory.toResizableBuffer(), buffer);
  list([buffer.resizable, buffer.detached, buffer.byteLength, buffer.maxByteLength], [true, false, 65536, 262144]);
  const [tracking, part, data] = [new Uint8Array(buffer), new Uint8Array(buffer, 65530, 4), new DataView(buffer)];
  tracking[5] = 9;
  memory.grow(1);
  list([buffer.byteLength, tracking.length, data.byteLength, part.length], [131072, 131072, 131072, 4]);
  same(tracking[5], 9);
  for (const bad of [65536, 0, 131073, 4 * 65536 + 1, -1]) {
    throws(RangeError, () => buffer.resize(bad), `resize(${bad})`);
  }
  buffer.resize(196608);
  same(memory.buffer, buffer);
  same(tracking.length, 196608);
  same(memory.grow(0), 3);
  same(memory.buffer, buffer);
  tracking[196607] = 1;
  throws(TypeError, () => buffer.transfer());
  const again = memory.toFixedLengthBuffer();
  list([buffer.byteLength, buffer.detached, again.byteLength, again.resizable], [0, true, 196608, false]);
  same(new Uint8Array(again)[196607], 1);
  const own = new ArrayBuffer(1, { maxByteLength: 4 });
  own.resize(3);
  same(own.byteLength, 3);
});

test("91, 92: buffers end below 2 GiB", () => {
  const PAGES = 32767;
  const memory = new Memory({ initial: PAGES });
  same(memory.buffer.byteLength, PAGES * 65536);
  const last = memory.buffer;
  same(memory.grow(1), PAGES);
  same(last.detached, true);
  throws(RangeError, () => memory.buffer);
  same(memory.grow(1), PAGES + 1);
  const large = new Memory({ initial: 0, maximum: 65536 });
  const buffer = large.toResizableBuffer();
  list([buffer.byteLength, buffer.maxByteLength], [0, 65536 * 65536]);
  large.grow(PAGES);
  list([large.buffer === buffer, buffer.byteLength], [true, PAGES * 65536]);
  throws(RangeError, () => buffer.resize((PAGES + 1) * 65536));
  same(large.grow(1), PAGES);
  list([buffer.byteLength, buffer.detached], [0, true]);
  throws(RangeError, () => large.buffer);
  throws(RangeError, () => large.toResizableBuffer());
});

test("93: tables: descriptors", () => {
  for (const bad of [undefined, ...PRIMITIVES, {}, { initial: 1 }, { element: "anyfunc" },
    { element: "i32", initial: 1 },
    { element: "ANYFUNC", initial: 1 }, { element: undefined, initial: 1 }]) throws(TypeError, () => new Table(bad));
  for (const bad of OUT_OF_RANGE) {
    throws(TypeError, () => new Table({ element: "anyfunc", initial: bad }));
    throws(TypeError, () => new Table({ element: "anyfunc", initial: 0, maximum: bad }));
  }
  throws(RangeError, () => new Table({ element: "anyfunc", initial: 10, maximum: 9 }));
  throws(RangeError, () => new Table({ element: "anyfunc", initial: 10_000_001 }));
  const order = [];
  const value = (name, value) => (order.push(name), value);
  new Table({
    get maximum() { return value("maximum", 2); },
    get initial() { return value("initial", 1); },
    get address() { return value("address"); },
    get element() { return value("element", "anyfunc"); },
  });
  list(order, ["element", "address", "initial", "maximum"]);
  same(new Table({ element: "anyfunc", initial: 1 }).get(0), null);
  same(new Table({ element: "externref", initial: 1 }).get(0), undefined);
  same(new Table({ element: "externref", initial: 1 }, "x").get(0), "x");
  throws(TypeError, () => new Table({ element: "anyfunc", initial: 1 }, () => {}));
  throws(TypeError, () => new Table({ element: "anyfunc", initial: 0 }, "x"));
});
test("94: tables: get, set, grow", () => {
  const { run } = instance(CALLS, { m: { f() {} } });
  const table = new Table({ element: "anyfunc", initial: 2, maximum: 5 }, run);
  same(table.get(1), run);
  table.set(1, null);
  same(table.get(1), null);
  table.set(1, run);
  table.set(1);
  same(table.get(1), null);
  for (const at of [2, 10]) {
    throws(RangeError, () => table.get(at));
    throws(RangeError, () => table.set(at, null));
  }
  for (const bad of [...OUT_OF_RANGE, undefined]) {
    throws(TypeError, () => table.get(bad));
    throws(TypeError, () => table.set(bad, null));
    throws(TypeError, () => table.grow(bad));
  }
  for (const bad of [() => {}, {}, 1, "x", Symbol()]) throws(TypeError, () => table.set(0, bad));
  let converted = false;
  throws(TypeError, () => table.set({ valueOf: () => ((converted = true), 0) }, {}));
  same(converted, true);
  same(table.grow(1), 2);
  same(table.get(2), null);
  same(table.grow(2, run), 3);
  same(table.get(4), run);
  throws(RangeError, () => table.grow(1));
  same(table.length, 5);
  const externs = new Table({ element: "externref", initial: 1 });
  for (const value of [null, undefined, 1, -0, NaN, 1n, "s", "\ud800", Symbol(), {}, externs]) {
    externs.set(0, value);
    same(externs.get(0), value);
  }
});
test("94: an undefined that is given to set is a value; one that is given to grow or the constructor is none", () => {
  const functions = new Table({ element: "anyfunc", initial: 2 });
  throws(TypeError, () => functions.set(0, undefined));
  functions.set(0);
  functions.grow(1, undefined);
  list([functions.get(0), functions.get(2)], [null, null]);
  const values = new Table({ element: "externref", initial: 1 }, "x");
  values.set(0, undefined);
  same(values.get(0), undefined);
  new Table({ element: "anyfunc", initial: 1 }, undefined);
  throws(TypeError, () => new Global({ value: "anyfunc", mutable: true }).value = undefined);
});
test("95: length", () => same(new Table({ element: "anyfunc", initial: 3 }).length, 3));
test("96: globals", () => {
  for (const bad of [undefined, ...PRIMITIVES, {}, { value: undefined }, { value: "i16" }, { value: "v128" },
    { value: "exnref" }]) {
    throws(TypeError, () => new Global(bad));
  }
  const order = [];
  new Global({
    get value() { return order.push("value"), "i32"; },
    get mutable() { return order.push("mutable"), false; },
  }, { valueOf: () => (order.push("v"), 1) });
  list(order, ["mutable", "value", "v"]);
  const defaults = { i32: 0, i64: 0n, f32: 0, f64: 0, externref: undefined, anyfunc: null };
  for (const [value, initial] of Object.entries(defaults)) {
    same(new Global({ value }).value, initial, value);
    same(new Global({ value }, undefined).valueOf(), initial, value);
  }
  same(new Global({ value: "i64" }, 2n ** 64n + 5n).value, 5n);
  throws(TypeError, () => new Global({ value: "i64" }, 5));
  throws(TypeError, () => new Global({ value: "i32" }, 5n));
  const immutable = new Global({ value: "i32" }, 1);
  throws(TypeError, () => { "use strict"; immutable.value = 2; });
  same(immutable.value, 1);
  const mutable = new Global({ value: "f64", mutable: true }, 1.5);
  mutable.value = "7";
  same(mutable.value, 7);
  const { set } = Object.getOwnPropertyDescriptor(Global.prototype, "value");
  set.call(mutable);
  same(mutable.value, NaN);
  throws(TypeError, () => set.call(immutable));
});
test("97: methods check this first", () => {
  const poison = { valueOf() { throw new Error("converted"); } };
  for (const self of [undefined, null, {}, Memory.prototype, Table.prototype, Global.prototype,
    Object.create(Memory.prototype)]) {
    for (const f of [Memory.prototype.grow, Table.prototype.get, Table.prototype.set, Table.prototype.grow,
      Global.prototype.valueOf,
      Memory.prototype.toResizableBuffer, Memory.prototype.toFixedLengthBuffer, Exception.prototype.is,
      Exception.prototype.getArg]) {
      throws(TypeError, () => f.call(self, poison), f.name);
    }
    for (const [proto, name] of [[Memory, "buffer"], [Table, "length"], [Global, "value"], [Instance, "exports"],
      [Exception, "stack"]]) {
      throws(TypeError, () => Object.getOwnPropertyDescriptor(proto.prototype, name).get.call(self), name);
    }
  }
});

test("98: tags", () => {
  for (const bad of [undefined, ...PRIMITIVES, {}, { parameters: 1 }, { parameters: ["i16"] }]) {
    throws(TypeError, () => new Tag(bad));
  }
  same(new Tag({ parameters: new Set(["i32", "externref"]) }) instanceof Tag, true);
  list(Object.getOwnPropertyNames(Tag.prototype), ["constructor", "type"]);
});
test("99, 100: exceptions", () => {
  const tag = new Tag({ parameters: ["i32", "i64", "externref"] });
  const exception = new Exception(tag, [2 ** 32 + 7, 8n, tag]);
  list([0, 1, 2].map((i) => exception.getArg(tag, i)), [7, 8n, tag]);
  same(exception.is(tag), true);
  same(exception.is(new Tag({ parameters: ["i32", "i64", "externref"] })), false);
  throws(TypeError, () => exception.getArg(new Tag({ parameters: ["i32"] }), 0));
  throws(RangeError, () => exception.getArg(tag, 3));
  throws(TypeError, () => exception.getArg(tag, -1));
  throws(TypeError, () => exception.getArg(tag));
  for (const bad of [[], [1, 2n], [1, 2n, 3, 4], [1, 2, 3]]) throws(TypeError, () => new Exception(tag, bad));
  throws(TypeError, () => new Exception({}, []));
  throws(TypeError, () => new Exception(tag));
  throws(TypeError, () => new Exception(new Tag({ parameters: ["v128"] }), [1]));
  throws(TypeError, () => new Exception(WebAssembly.JSTag, [1]));
  same(exception.stack, undefined);
  same(typeof new Exception(tag, [1, 2n, 3], { traceStack: true }).stack, "string");
});
test("101: an Exception is the same object wherever it comes out", async () => {
  const tag = new Tag({ parameters: ["externref"] });
  const payload = {};
  const exception = new Exception(tag, [payload]);
  const caught = (body) => {
    try { body(); } catch (error) { return error; }
  };
  const inner = instance(CALLS, { m: { f() { throw exception; } } }).run;
  same(caught(inner), exception);
  const rethrow = instance(CALLS, { m: { f() { throw caught(inner); } } }).run;
  const outer = instance(CALLS, { m: { f: rethrow } }).run;
  same(caught(outer), exception);
  same(caught(outer).getArg(tag, 0), payload);
  const start = wasm({ types: [func([], [])], imports: [importOf("m", "f", 0, 0)], start: 0 });
  await rejects(exception, WebAssembly.instantiate(start, { m: { f: outer } }));
  same(new Exception(tag, [payload]) === exception, false);
});
test("102: JSTag", () => {
  same(WebAssembly.JSTag instanceof Tag, true);
  same(WebAssembly.JSTag, WebAssembly.JSTag);
});
test("103: error classes", () => {
  for (const Class of [CompileError, LinkError, RuntimeError]) {
    same(Object.getPrototypeOf(Class), Error);
    same(Object.getPrototypeOf(Class.prototype), Error.prototype);
    same(Class.length, 1);
    const error = new Class("text", { cause: 5 });
    list([error.message, error.cause, error.name, `${error}`], ["text", 5, Class.name, `${Class.name}: text`]);
    same(Object.prototype.toString.call(error), "[object Error]");
    same(Object.hasOwn(error, "name"), false);
    same(Object.hasOwn(new Class(), "message"), false);
    same(Class("called") instanceof Class, true);
    const m = Object.getOwnPropertyDescriptor(error, "message");
    list([m.writable, m.enumerable, m.configurable], [true, false, true]);
    for (const name of ["constructor", "name", "message"]) {
      const d = Object.getOwnPropertyDescriptor(Class.prototype, name);
      list([d.writable, d.enumerable, d.configurable], [true, false, true], name);
    }
    const p = Object.getOwnPropertyDescriptor(Class, "prototype");
    list([p.writable, p.enumerable, p.configurable], [false, false, false]);
    class Derived extends Class {}
    same(new Derived() instanceof Derived, true);
  }
});
