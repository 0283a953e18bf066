// Sections 12 and 13 of the checklist: limits, and how many objects there may be.
const { Module, Instance, Memory, Table, Global, CompileError } = WebAssembly;

test("a realm has no number of objects at which it ends", () => {
  const empty = compile(EMPTY);
  let last;
  for (let n = 0; n < 12_000; n++) {
    last = new Memory({ initial: 1 });
    // Garbage that only the collector finds, and a buffer that goes with it.
    if (n % 3 === 0) last.self = [last, last.buffer];
    new Table({ element: "anyfunc", initial: 100 });
    new Instance(empty);
    new Global({ value: "i32" });
  }
  new Uint8Array(last.buffer)[0] = 1;
  same(last.grow(1), 1);
});
test("74: functions with numbers at each edge are themselves", () => {
  const count = 66_000;
  const edges = [0, 1, 127, 128, 254, 255, 256, 257, 32_766, 32_767, 32_768, 32_769, 65_534, 65_535, 65_536, 65_537,
    count - 1];
  const body = (i) => code(0x41, ...sleb(i));
  const bytes = wasm({
    types: [func([], [I32])],
    functions: Array.from({ length: count }, () => [0]),
    tables: [[FUNCREF, ...limits(count)]],
    exports: [exportOf("table", 1, 0), ...edges.map((i) => exportOf(`f${i}`, 0, i))],
    elements: [[0, 0x41, 0, 0x0b, ...vec(Array.from({ length: count }, (_, i) => leb(i)))]],
    codes: Array.from({ length: count }, (_, i) => body(i)),
  });
  const exports = instance(bytes);
  for (const i of edges) {
    list([exports[`f${i}`](), exports[`f${i}`].name, exports.table.get(i)()], [i, `${i}`, i]);
    same(exports.table.get(i), exports[`f${i}`]);
  }
  // As many numbers are given out as functions are reached.
  for (let i = 0; i < count; i++) exports.table.get(i);
  for (const i of edges) list([exports.table.get(i)(), exports.table.get(i) === exports[`f${i}`]], [i, true]);
});
test("75, 77, 78: parameters and results at each edge", () => {
  for (const n of [0, 1, 2, 127, 128, 254, 255, 256, 257, 1000]) {
    const types = Array(n).fill(I32);
    const values = types.map((_, i) => i);
    const gets = values.flatMap((i) => [0x20, ...leb(i)]);
    const bytes = wasm({
      types: [func(types, types)],
      imports: [importOf("m", "f", 0, 0)],
      functions: [[0]],
      exports: [exportOf("f", 0, 1)],
      codes: [code(...gets, 0x10, 0)],
    });
    let seen;
    const { f } = instance(bytes, { m: { f: (...args) => ((seen = args), n === 1 ? args[0] : args) } });
    same(f.length, n);
    const result = f(...values);
    list(seen, values);
    if (n > 1) list(result, values);
    else same(result, n === 0 ? undefined : 0);
    list((f(), seen), types.map(() => 0));
  }
});
test("104: limits, exactly", () => {
  const items = (id, count, item, repeated = count) => {
    const bytes = new Uint8Array(item.length * repeated);
    bytes.set(item.slice(0, bytes.length));
    for (let done = item.length; done < bytes.length; done *= 2) {
      bytes.copyWithin(done, 0, Math.min(done, bytes.length - done));
    }
    return [[id, ...leb(leb(count).length + bytes.length), ...leb(count)], bytes];
  };
  const module = (...parts) => {
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 8));
    bytes.set(EMPTY);
    parts.reduce((at, part) => (bytes.set(part, at), at + part.length), 8);
    return bytes;
  };
  const body = (locals, ops) => {
    const size = leb(locals.length + ops.length + 1);
    const front = [...section(1, vec([func([], [])])), ...section(3, vec([[0]]))];
    const contents = 1 + size.length + locals.length + ops.length + 1;
    return module(front, [10, ...leb(contents), 1, ...size, ...locals], ops, [0x0b]);
  };
  for (const [what, limit, make] of [
    ["types", 1_000_000, (n) => module(...items(1, n, func([], [])))],
    ["globals", 1_000_000, (n) => module(...items(6, n, [I32, 0, 0x41, 0, 0x0b]))],
    ["data segments", 100_000, (n) => module(...items(11, n, [1, 0]))],
    ["tables", 100_000, (n) => module(...items(4, n, [FUNCREF, 0, 0]))],
    ["memories", 100, (n) => wasm({ memories: Array(n).fill(limits(0)) })],
    ["pages", 65_536, (n) => wasm({ memories: [limits(n)] })],
    ["pages at most", 65_536, (n) => wasm({ memories: [limits(0, n)] })],
    ["parameters", 1000, (n) => wasm({ types: [func(Array(n).fill(I32), [])] })],
    ["results", 1000, (n) => wasm({ types: [func([], Array(n).fill(I32))] })],
    ["locals", 50_000, (n) => body([1, ...leb(n), I32], [])],
    ["bytes of a function", 7_654_321, (n) => body([0], new Uint8Array(n - 2).fill(0x01))],
  ]) {
    same(WebAssembly.validate(make(limit)), true, `${limit} ${what}`);
    same(WebAssembly.validate(make(limit + 1)), false, `${limit + 1} ${what}`);
    throws(CompileError, () => compile(make(limit + 1)), what);
  }
});
test("105, 106: tables and memories over the limits", () => {
  const table = (size) => compile(wasm({ tables: [[FUNCREF, ...limits(size)]] }));
  new Instance(table(10_000_000));
  throws(RangeError, () => new Instance(table(10_000_001)));
  const grown = new Table({ element: "anyfunc", initial: 0 });
  throws(RangeError, () => grown.grow(10_000_001));
  same(grown.grow(10_000_000), 0);
  throws(RangeError, () => grown.grow(1));
  const memory = new Memory({ initial: 0 });
  throws(RangeError, () => memory.grow(65_537));
  same(memory.grow(65_536), 0);
  throws(RangeError, () => memory.grow(1));
  new Instance(compile(wasm({ tables: [[FUNCREF, ...limits(0, 4294967295)]] })));
});
