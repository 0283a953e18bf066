// Sections 7 to 9 and 14 of the checklist: instantiation, functions in both directions, conversions.
const { Module, Instance, Memory, Table, Global, CompileError, LinkError, RuntimeError } = WebAssembly;
const IDENTITY = (type) => wasm({
  types: [func([type], [type])],
  functions: [[0]],
  exports: [exportOf("f", 0, 0)],
  codes: [code(0x20, 0)],
});

test("62: what instantiate resolves to", async () => {
  const result = await WebAssembly.instantiate(EMPTY);
  same(Object.getPrototypeOf(result), Object.prototype);
  same(Object.isExtensible(result), true);
  list(Object.keys(result), ["instance", "module"]);
  for (const key of ["instance", "module"]) {
    const d = Object.getOwnPropertyDescriptor(result, key);
    list([d.writable, d.enumerable, d.configurable], [true, true, true]);
  }
  same(result.module instanceof Module && result.instance instanceof Instance, true);
  same((await WebAssembly.instantiate(compile(EMPTY))) instanceof Instance, true);
});
test("63, 64: when imports are read", async () => {
  let reads = 0;
  const imports = { get m() { return reads++, { f() {} }; } };
  const sync = WebAssembly.instantiate(compile(CALLS), imports);
  same(reads, 1);
  await sync;
  const late = WebAssembly.instantiate(CALLS, imports);
  same(reads, 1);
  await late;
  same(reads, 2);
  await rejects(CompileError, WebAssembly.instantiate(new Uint8Array(1), imports));
  same(reads, 2);
});
test("65: the import object", async () => {
  for (const bad of [null, true, "", Symbol(), 1]) {
    throws(TypeError, () => new Instance(compile(EMPTY), bad));
    await rejects(TypeError, WebAssembly.instantiate(EMPTY, bad));
    await rejects(TypeError, WebAssembly.instantiate(compile(EMPTY), bad));
  }
  throws(TypeError, () => new Instance(compile(CALLS)));
  await rejects(TypeError, WebAssembly.instantiate(CALLS));
  await rejects(TypeError, WebAssembly.instantiate(compile(CALLS), undefined));
  new Instance(compile(EMPTY), undefined);
  for (const bad of [undefined, {}, EMPTY, Module.prototype]) throws(TypeError, () => new Instance(bad));
});
test("66: the read loop", () => {
  const module = compile(CALLS);
  for (const bad of [undefined, null, true, "", Symbol(), 1, NaN]) {
    throws(TypeError, () => new Instance(module, { m: bad }));
  }
  const reason = {};
  throws(reason, () => new Instance(module, { get m() { throw reason; } }));
  throws(reason, () => new Instance(module, { m: { get f() { throw reason; } } }));
  const order = [];
  const two = compile(wasm({
    types: [func([], [])],
    imports: [importOf("b", "x", 0, 0), importOf("a", "y", 0, 0), importOf("b", "z", 0, 0)],
  }));
  const log = (name) => new Proxy({}, { get: (_, key) => (order.push(`${name}.${key}`), () => {}) });
  new Instance(two, new Proxy({}, { get: (_, key) => (order.push(key), log(key)) }));
  list(order, ["b", "b.x", "a", "a.y", "b", "b.z"]);
  new Instance(module, Object.assign(() => {}, { m: Object.assign(() => {}, { f() {} }) }));
});
test("67: functions", () => {
  const module = compile(CALLS);
  for (const bad of [undefined, null, true, "", Symbol(), 1, {}]) {
    const error = throws(LinkError, () => new Instance(module, { m: { f: bad } }));
    same(error.message.includes('Import #0 "m" "f"'), true);
  }
  const { f } = instance(IDENTITY(I32));
  throws(LinkError, () => new Instance(module, { m: { f } }));
  const { run } = new Instance(module, { m: { f() {} } }).exports;
  const again = wasm({ types: [func([], [])], imports: [importOf("m", "f", 0, 0)], exports: [exportOf("g", 0, 0)] });
  same(instance(again, { m: { f: run } }).g, run);
  const host = () => {};
  const [a, b] = [instance(again, { m: { f: host } }).g, instance(again, { m: { f: host } }).g];
  same(a === host, false);
  same(a === b, false);
});
const GLOBAL = (type, mutable) => compile(wasm(
  { imports: [importOf("m", "g", 3, [type, mutable])], exports: [exportOf("g", 3, 0)] }));
test("68: globals", () => {
  const make = (type, mutable, g) => new Instance(GLOBAL(type, mutable), { m: { g } }).exports.g;
  same(make(I32, 0, 2 ** 32 + 5.5).value, 5);
  same(make(I64, 0, 5n).value, 5n);
  same(make(F32, 0, 1.1).value, Math.fround(1.1));
  same(make(EXTERNREF, 0, "x").value, "x");
  same(make(FUNCREF, 0, null).value, null);
  const bad = { [I32]: [5n, "5", null, undefined, {}], [I64]: [5, "5", undefined], [F64]: [1n, "1"],
    [FUNCREF]: [() => {}, 1, undefined] };
  for (const [type, values] of Object.entries(bad)) {
    for (const value of values) throws(LinkError, () => make(+type, 0, value));
  }
  throws(LinkError, () => make(I32, 1, 5));
  throws(LinkError, () => make(I32, 0, Object.create(Global.prototype)));
  const mutable = new Global({ value: "i32", mutable: true }, 3);
  same(make(I32, 1, mutable), mutable);
  throws(LinkError, () => make(I32, 0, mutable));
  throws(LinkError, () => make(I64, 1, mutable));
});
test("69: memories and tables", () => {
  const memory = compile(wasm({ imports: [importOf("m", "x", 2, limits(2, 4))] }));
  const table = compile(wasm({ imports: [importOf("m", "x", 1, [FUNCREF, ...limits(2, 4)])] }));
  for (const bad of [undefined, null, 1, {}, () => {}, Object.create(Memory.prototype),
    Object.create(Table.prototype)]) {
    for (const module of [memory, table]) throws(LinkError, () => new Instance(module, { m: { x: bad } }));
  }
  for (const [initial, maximum] of [[1, 4], [2, 5], [2, undefined]]) {
    throws(LinkError, () => new Instance(memory, { m: { x: new Memory({ initial, maximum }) } }));
    throws(LinkError, () => new Instance(table, { m: { x: new Table({ element: "anyfunc", initial, maximum }) } }));
  }
  throws(LinkError, () => new Instance(table,
    { m: { x: new Table({ element: "externref", initial: 2, maximum: 4 }) } }));
  new Instance(memory, { m: { x: new Memory({ initial: 3, maximum: 4 }) } });
  new Instance(table, { m: { x: new Table({ element: "anyfunc", initial: 3, maximum: 4 }) } });
});
test("70: segments out of bounds", () => {
  const data = (at, byte) => [0, 0x41, ...sleb(at), 0x0b, ...vec([[byte]])];
  const module = compile(wasm({ imports: [importOf("m", "x", 2, limits(1))], datas: [data(0, 7), data(65536, 8)] }));
  const x = new Memory({ initial: 1 });
  throws(RuntimeError, () => new Instance(module, { m: { x } }));
  same(new Uint8Array(x.buffer)[0], 7);
});
test("71: start", async () => {
  const start = wasm({ types: [func([], [])], imports: [importOf("m", "f", 0, 0)], functions: [[0]], start: 1,
    codes: [code(0x10, 0)] });
  const reason = { thrown: true };
  throws(reason, () => instance(start, { m: { f() { throw reason; } } }));
  await rejects(reason, WebAssembly.instantiate(start, { m: { f() { throw reason; } } }));
  const trap = wasm({ types: [func([], [])], functions: [[0]], start: 0, codes: [code(0x00)] });
  throws(RuntimeError, () => instance(trap));
});
test("72: the exports object", () => {
  const module = compile(wasm({
    types: [func([], [])],
    functions: [[0]],
    tables: [[FUNCREF, ...limits(1)]],
    memories: [limits(1)],
    globals: [[I32, 0, 0x41, 0, 0x0b]],
    exports: [exportOf("", 0, 0), exportOf("f", 0, 0), exportOf("m", 2, 0), exportOf("m2", 2, 0), exportOf("t", 1, 0),
      exportOf("t2", 1, 0),
      exportOf("g", 3, 0), exportOf("g2", 3, 0), exportOf("0", 0, 0)],
    elements: [[0, 0x41, 0, 0x0b, ...vec([[0]])]],
    codes: [code()],
  }));
  const one = new Instance(module);
  const { exports } = one;
  same(one.exports, exports);
  same(Object.getPrototypeOf(exports), null);
  same(Object.isFrozen(exports), true);
  list(Object.keys(exports).sort(), ["", "0", "f", "g", "g2", "m", "m2", "t", "t2"]);
  for (const [a, b] of [["", "f"], ["m", "m2"], ["t", "t2"], ["g", "g2"], ["f", "0"]]) same(exports[a], exports[b], a);
  same(exports.t.get(0), exports.f);
  same(new Instance(module).exports.f === exports.f, false);
  throws(TypeError, () => { "use strict"; exports.f = 1; });
  throws(TypeError, () => { "use strict"; one.exports = 1; });
});
test("74: exported functions", () => {
  const { f } = instance(IDENTITY(I32));
  same(Object.getPrototypeOf(f), WebAssembly.Function.prototype);
  for (const [key, value] of [["name", "0"], ["length", 1]]) {
    const d = Object.getOwnPropertyDescriptor(f, key);
    list([d.value, d.writable, d.enumerable, d.configurable], [value, false, false, true], key);
  }
  throws(TypeError, () => new f());
  same(Object.hasOwn(f, "prototype"), false);
  same(instance(CALLS, { m: { f() {} } }).run.name, "1");
  const reexport = wasm({
    types: [func([], []), func([I32], [])],
    imports: [importOf("m", "a", 0, 0), importOf("m", "g", 3, [I32, 0]), importOf("m", "b", 0, 1)],
    exports: [exportOf("b", 0, 1)],
  });
  const { b } = instance(reexport, { m: { a() {}, b() {}, g: 1 } });
  list([b.name, b.length], ["1", 1]);
});
test("75: arguments", () => {
  const order = [];
  const bytes = wasm({ types: [func([I32, F64], [F64])], functions: [[0]], exports: [exportOf("f", 0, 0)],
    codes: [code(0x20, 1)] });
  const { f } = instance(bytes);
  same(f(), NaN);
  same(f(1, 2, { valueOf() { order.push("extra"); } }), 2);
  const reason = {};
  throws(reason, () => f({ valueOf() { order.push(0); throw reason; } }, { valueOf() { order.push(1); } }));
  list(order, [0]);
  throws(TypeError, () => f(1n, 1));
  throws(TypeError, () => f(1, Symbol()));
});
test("77: results", () => {
  const bytes = wasm({
    types: [func([], []), func([], [I32, I64, EXTERNREF])],
    functions: [[0], [1]],
    exports: [exportOf("none", 0, 0), exportOf("three", 0, 1)],
    codes: [code(), code(0x41, 7, 0x42, 8, 0xd0, EXTERNREF)],
  });
  const { none, three } = instance(bytes);
  same(none(), undefined);
  same(Array.isArray(three()), true);
  list(three(), [7, 8n, null]);
});
const HOST = (params, results) => wasm({
  types: [func(params, results)],
  imports: [importOf("m", "f", 0, 0)],
  functions: [[0]],
  exports: [exportOf("run", 0, 1)],
  codes: [code(...params.map((_, i) => [0x20, i]), 0x10, 0)],
});
test("78: host functions", () => {
  let self, got;
  const strict = new Function("note", '"use strict"; return function () { note(this, [...arguments]); }')((...both) =>
    ([self, got] = both));
  const call = (params, results, f, ...args) => instance(HOST(params, results), { m: { f } }).run(...args);
  call([I32, I64, F32, EXTERNREF], [], strict, -1, 2n ** 63n, 0.1, got);
  same(self, undefined);
  list(got, [-1, -(2n ** 63n), Math.fround(0.1), undefined]);
  same(call([], [], () => Symbol()), undefined);
  same(call([], [I32], () => "0x10"), 16);
  throws(TypeError, () => call([], [I32], () => Symbol()));
  throws(TypeError, () => call([], [I64], () => 1));
  list(call([], [I32, I64], () => new Set([5.7, 6n])), [5, 6n]);
  list(call([], [I32, I32], function* () { yield 1; yield 2; }), [1, 2]);
  for (const bad of [undefined, null, 1, {}, { [Symbol.iterator]: null }, { [Symbol.iterator]: 1 }, [1], [1, 2, 3],
    [1, 2n]]) {
    throws(TypeError, () => call([], [I32, I32], () => bad), show(typeof bad));
  }
  const order = [];
  const item = (n) => ({ valueOf: () => (order.push(`convert ${n}`), n) });
  call([], [I32, I32], function* () { order.push("a"); yield item(1); order.push("b"); yield item(2);
    order.push("end"); });
  list(order, ["a", "b", "end", "convert 1", "convert 2"]);
});
test("79: exceptions pass through", () => {
  for (const reason of [{}, undefined, null, "text", 5n, new Error("x"),
    new WebAssembly.Exception(new WebAssembly.Tag({ parameters: [] }), [])]) {
    const { run } = instance(CALLS, { m: { f() { throw reason; } } });
    let caught = "nothing";
    try { run(); } catch (error) { caught = error; }
    same(caught, reason);
    const outer = instance(CALLS, { m: { f: () => run() } }).run;
    caught = "nothing";
    try { outer(); } catch (error) { caught = error; }
    same(caught, reason);
  }
});
test("80, 81: traps, and calls after them", () => {
  const bytes = wasm({
    types: [func([I32, I32], [I32])],
    functions: [[0]],
    exports: [exportOf("div", 0, 0)],
    codes: [code(0x20, 0, 0x20, 1, 0x6d)],
  });
  const { div } = instance(bytes);
  const error = throws(RuntimeError, () => div(1, 0));
  same(error.message.length > 0, true);
  same(div(6, 3), 2);
  const middle = instance(CALLS, { m: { f: () => div(1, 0) } }).run;
  throws(RuntimeError, middle);
});
test("82, 86: numbers", () => {
  const f = (type) => instance(IDENTITY(type)).f;
  for (const [value, expected] of [[2 ** 31, -(2 ** 31)], [2 ** 32 + 1, 1], [-1.9, -1], [NaN, 0], [Infinity, 0],
    ["7", 7], [true, 1], [null, 0]]) {
    same(f(I32)(value), expected);
  }
  for (const [value, expected] of [[2n ** 63n, -(2n ** 63n)], [-1n, -1n], ["7", 7n], [true, 1n], [2n ** 64n, 0n]]) {
    same(f(I64)(value), expected);
  }
  for (const bad of [1, undefined, null, Symbol()]) throws(TypeError, () => f(I64)(bad));
  throws(SyntaxError, () => f(I64)("x"));
  same(f(F32)(16777217), 16777216);
  same(f(F32)(-0), -0);
  same(f(F64)("1e400"), Infinity);
  same(f(F64)(NaN), NaN);
});
test("84, 85: references", () => {
  const extern = instance(IDENTITY(EXTERNREF)).f;
  for (const value of [null, undefined, 0, -0, 2 ** 31, 1.5, NaN, "text", "\ud800", 10n ** 30n, Symbol(), {}, extern]) {
    same(extern(value), value);
  }
  const funcs = instance(IDENTITY(FUNCREF)).f;
  same(funcs(null), null);
  same(funcs(extern), extern);
  same(funcs(funcs), funcs);
  for (const bad of [undefined, () => {}, {}, 1, "x", class {}]) throws(TypeError, () => funcs(bad));
});
test("76: functions with vectors are called from neither side", () => {
  const V128 = 0x7b, zeros = [0xfd, 12, ...new Array(16).fill(0)];
  const { f } = instance(IDENTITY(V128));
  let converted = 0;
  const value = { valueOf: () => converted++, toString: () => converted++ };
  for (const args of [[], [0], [0n], [value], [new Uint8Array(16)]]) throws(TypeError, () => f(...args));
  // There are vectors in the middle of parameters, and among results.
  const mixed = instance(wasm({
    types: [func([I32, V128, I32], []), func([I32], [I32, V128])],
    functions: [[0], [1]],
    exports: [exportOf("params", 0, 0), exportOf("results", 0, 1)],
    codes: [code(0x00), code(0x00)],
  }));
  throws(TypeError, () => mixed.params(value, 0, value));
  throws(TypeError, () => mixed.results(value));
  same(converted, 0);
  // A host function is not called; a function of another instance is, which JavaScript does not see.
  let calls = 0;
  const calling = (params, results, ...args) => wasm({
    types: [func(params, results), func([], [])],
    imports: [importOf("m", "f", 0, 0)],
    functions: [[1]],
    exports: [exportOf("run", 0, 1)],
    codes: [code(...args, 0x10, 0, ...results.map(() => 0x1a))],
  });
  const modules = [
    calling([V128], [], ...zeros), calling([], [V128]), calling([I32, V128], [I32], 0x41, 1, ...zeros),
  ];
  for (const bytes of modules) {
    const { run } = instance(bytes, { m: { f: () => calls++ } });
    throws(TypeError, run);
    throws(TypeError, run);
  }
  same(calls, 0);
  const { run } = instance(calling([V128], [V128], ...zeros), { m: { f } });
  same(run(), undefined);
});
test("83, 96, 99: vectors pass in no direction", () => {
  const V128 = 0x7b, vector = [0xfd, 12, ...new Array(16).fill(5), 0x0b];
  for (const mutable of [false, true]) {
    for (const value of [[], [undefined], [0], [0n]]) {
      throws(TypeError, () => new Global({ value: "v128", mutable }, ...value));
    }
    const bytes = wasm({
      types: [func([], [I32])],
      functions: [[0]],
      globals: [[V128, mutable ? 1 : 0, ...vector]],
      exports: [exportOf("g", 3, 0), exportOf("f", 0, 0)],
      // The first lane.
      codes: [code(0x23, 0, 0xfd, 27, 0)],
    });
    const { f, g } = instance(bytes);
    same(g instanceof Global, true);
    throws(TypeError, () => g.value);
    throws(TypeError, () => g.valueOf());
    for (const value of [undefined, 0, 0n, new Uint8Array(16)]) throws(TypeError, () => { g.value = value; });
    same(f(), 0x05050505);
    // It passes as it is, and nothing else does.
    const imports = wasm({
      imports: [importOf("m", "g", 3, V128, mutable ? 1 : 0)],
      exports: [exportOf("g", 3, 0)],
    });
    same(instance(imports, { m: { g } }).g, g);
    for (const other of [0, 0n, undefined, null, new Uint8Array(16), new Global({ value: "i64", mutable })]) {
      throws(LinkError, () => instance(imports, { m: { g: other } }));
    }
  }
  const tag = new WebAssembly.Tag({ parameters: ["v128"] });
  throws(TypeError, () => new WebAssembly.Exception(tag, [0]));
});
test("88: 64-bit addresses", () => {
  const memory = new Memory({ initial: 1n, maximum: 2n ** 37n - 1n, address: "i64" });
  same(memory.grow(2n), 1n);
  same(memory.buffer.byteLength, 3 * 65536);
  const table = new Table({ element: "externref", initial: 2n, maximum: 2n ** 64n - 1n, address: "i64" }, "x");
  list([table.length, table.get(1n), table.grow(1n, "y"), table.get("2"), table.length], [2n, "x", 2n, "y", 3n]);
  table.set(0n, "z");
  list([table.get(0n), table.get(false), table.get({ valueOf: () => 0n })], ["z", "z", "z"]);
  for (const bad of [1, undefined, null, -1n, 2n ** 64n, 2n ** 200n, NaN, { valueOf: () => 1 }, Symbol()]) {
    throws(TypeError, () => memory.grow(bad), show(typeof bad));
    throws(TypeError, () => table.get(bad), show(typeof bad));
    throws(TypeError, () => table.set(bad, 1), show(typeof bad));
    throws(TypeError, () => table.grow(bad), show(typeof bad));
    throws(TypeError, () => new Memory({ initial: bad, address: "i64" }));
    throws(TypeError, () => new Table({ element: "anyfunc", initial: bad, address: "i64" }));
  }
  throws(SyntaxError, () => table.get("one"));
  for (const index of [3n, 2n ** 32n, 2n ** 64n - 1n]) {
    throws(RangeError, () => table.get(index));
    throws(RangeError, () => table.set(index, 0));
    throws(RangeError, () => memory.grow(index | 2n ** 20n));
  }
  throws(RangeError, () => table.grow(2n ** 40n));
  throws(RangeError, () => new Memory({ initial: 65537n, address: "i64" }));
  throws(RangeError, () => new Memory({ initial: 0n, maximum: 2n ** 37n, address: "i64" }));
  throws(RangeError, () => new Memory({ initial: 2n, maximum: 1n, address: "i64" }));
  throws(RangeError, () => new Table({ element: "anyfunc", initial: 2n, maximum: 1n, address: "i64" }));
  throws(RangeError, () => new Table({ element: "anyfunc", initial: 2n ** 63n, address: "i64" }));
  throws(TypeError, () => new Memory({ initial: 0n }));
  throws(LinkError, () => instance(wasm({ imports: [importOf("m", "m", 2, limits(1))] }), { m: { m: memory } }));
  throws(LinkError, () => instance(wasm({ imports: [importOf("m", "t", 1, EXTERNREF, limits(1))] }),
    { m: { t: table } }));
  // Modules that want such: flag 4 of limits.
  const exported = instance(wasm({ imports: [importOf("m", "m", 2, 4, 1), importOf("m", "t", 1, EXTERNREF, 4, 1)],
    exports: [exportOf("memory", 2, 0), exportOf("table", 1, 0)] }), { m: { m: memory, t: table } });
  list([exported.memory === memory, exported.table === table], [true, true]);
  throws(LinkError, () => instance(wasm({ imports: [importOf("m", "m", 2, 4, 1)] }),
    { m: { m: new Memory({ initial: 1 }) } }));
  throws(LinkError, () => instance(wasm({ imports: [importOf("m", "m", 2, 5, 1, 2)] }), { m: { m: memory } }));
  const own = instance(wasm({ memories: [[4, 1]], exports: [exportOf("memory", 2, 0)] })).memory;
  list([own.grow(1n), own.buffer.byteLength], [1n, 2 * 65536]);
  throws(TypeError, () => own.grow(1));
});
test("107: stack overflow", () => {
  const bytes = wasm({ types: [func([], [])], functions: [[0]], exports: [exportOf("f", 0, 0)],
    codes: [code(0x10, 0)] });
  const { f } = instance(bytes);
  throws(RangeError, f);
  throws(RangeError, f);
  let depth = 0;
  const mutual = instance(CALLS, { m: { f: () => (depth++, mutual()) } }).run;
  throws(RangeError, mutual);
  same(depth > 10, true);
  same(instance(IDENTITY(I32)).f(5), 5);
});
test("108, 109: stacks name the place", async () => {
  const bytes = wasm({ types: [func([], [])], functions: [[0]], exports: [exportOf("f", 0, 0)], codes: [code(0x00)] });
  const buffered = throws(RuntimeError, instance(bytes).f);
  same(/wasm-function\[0\].*:wasm-function\[0\]:0x[0-9a-f]+\)/.test(buffered.stack), true, buffered.stack);
  const { instance: streamed } = await WebAssembly.instantiateStreaming(new Response(bytes, WASM));
  throws(RuntimeError, streamed.exports.f);
});
