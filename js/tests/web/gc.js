// Structs, arrays and small integers as JavaScript sees them (JS API, sections "ToJSValue", "ToWebAssemblyValue" and
// "Exported GC Objects"), and the builtins of strings and arrays.
const { Module, Instance, Table, Global, Tag, Exception, CompileError, LinkError, RuntimeError } = WebAssembly;
const ANY = 0x6e, EQ = 0x6d, I31 = 0x6c, STRUCT = 0x6b, ARRAY = 0x6a, NONE = 0x71, NOEXTERN = 0x72, NOFUNC = 0x73;
const ref = (type) => [0x64, type];
const nullable = (type) => [0x63, type];
/** Type 0 is a struct with a mutable i32 and a mutable anyref, 1 a subtype of it, 2 an array of mutable i16s. */
const HEAP_TYPES = [
  [0x50, 0, 0x5f, 2, I32, 1, ANY, 1], [0x50, 1, 0, 0x5f, 3, I32, 1, ANY, 1, I32, 0], [0x5e, 0x77, 1],
];
/** A module whose functions are `name: [params, results, ...body]`, each exported. */
function functions(list, more = {}) {
  const names = Object.keys(list);
  return wasm({
    ...more,
    types: [...HEAP_TYPES, ...(more.types ?? []), ...names.map((name) => func(list[name][0], list[name][1]))],
    functions: names.map((_, i) => leb(HEAP_TYPES.length + (more.types ?? []).length + i)),
    exports: [...names.map((name, i) => exportOf(name, 0, i + (more.imports ?? []).length)), ...(more.exports ?? [])],
    codes: names.map((name) => code(...list[name].slice(2))),
  });
}
const id = (type) => [[type], [type], 0x20, 0];
const TYPES = {
  any: ANY, eq: EQ, i31: I31, struct: STRUCT, array: ARRAY, none: NONE, noextern: NOEXTERN, nofunc: NOFUNC,
  extern: EXTERNREF, refAny: ref(ANY), refEq: ref(EQ), refI31: ref(I31), refStruct: ref(STRUCT), refArray: ref(ARRAY),
  s: nullable(0), sub: nullable(1), a: nullable(2), refS: ref(0),
};
const own = functions({
  ...Object.fromEntries(Object.entries(TYPES).map(([name, type]) => [name, id(type)])),
  makeStruct: [[I32, ANY], [ANY], 0x20, 0, 0x20, 1, 0xfb, 0x00, 0],
  makeSub: [[], [ref(1)], 0x41, 1, 0xd0, NONE, 0x41, 2, 0xfb, 0x00, 1],
  makeArray: [[I32], [ARRAY], 0x41, 7, 0x20, 0, 0xfb, 0x06, 2],
  number: [[nullable(0)], [I32], 0x20, 0, 0xfb, 0x02, 0, 0],
  held: [[nullable(0)], [ANY], 0x20, 0, 0xfb, 0x02, 0, 1],
  hold: [[nullable(0), ANY], [], 0x20, 0, 0x20, 1, 0xfb, 0x05, 0, 1],
  length: [[ARRAY], [I32], 0x20, 0, 0xfb, 0x0f],
  small: [[I32], [I31], 0x20, 0, 0xfb, 0x1c],
  value: [[I31], [I32], 0x20, 0, 0xfb, 0x1d, ],
  toAny: [[EXTERNREF], [ANY], 0x20, 0, 0xfb, 0x1a],
  toExtern: [[ANY], [EXTERNREF], 0x20, 0, 0xfb, 0x1b],
  isSmall: [[EXTERNREF], [I32], 0x20, 0, 0xfb, 0x1a, 0xfb, 0x14, I31],
  sameEq: [[EQ, EQ], [I32], 0x20, 0, 0x20, 1, 0xd3],
  two: [[ANY], [ANY, EXTERNREF], 0x20, 0, 0x20, 0, 0xfb, 0x1b],
});
const e = new Instance(new Module(own), {}).exports;
const struct = e.makeStruct(5, null), array = e.makeArray(3), sub = e.makeSub();
const HEAP_OBJECTS = { struct, array, sub };
/** What is a value of the host in WebAssembly code. */
const HOST_VALUES = [undefined, "", "text", true, 1n, Symbol("s"), {}, [], () => 1, NaN, Infinity, -0, 0.5, 2 ** 30,
  -(2 ** 30) - 1, 2 ** 31, new Proxy({}, {}), e.any];
const SMALL = [0, 1, -1, 2 ** 30 - 1, -(2 ** 30)];

test("struct and array are opaque", () => {
  for (const [name, object] of Object.entries(HEAP_OBJECTS)) {
    same(typeof object, "object", name);
    for (const key of ["foo", 0, Symbol.toStringTag, "constructor", "__proto__", "length", "then"]) {
      same(object[key], undefined, name);
      same(key in object, false, name);
      same(Object.getOwnPropertyDescriptor(object, key), undefined);
      // Whether the code is strict or not.
      throws(TypeError, () => { "use strict"; object[key] = 1; }, name);
      throws(TypeError, () => { object[key] = 1; }, name);
      throws(TypeError, () => Reflect.set(object, key, 1), name);
      same(object[key], undefined);
      throws(TypeError, () => { "use strict"; delete object[key]; });
      throws(TypeError, () => { delete object[key]; });
      throws(TypeError, () => Reflect.deleteProperty(object, key));
      throws(TypeError, () => Object.defineProperty(object, key, { value: 1 }));
      const child = Object.create(object);
      throws(TypeError, () => { "use strict"; child[key] = 1; });
      throws(TypeError, () => { child[key] = 1; });
    }
    list(Reflect.ownKeys(object), []);
    same(Object.getPrototypeOf(object), null);
    for (const proto of [null, {}, Object.prototype]) {
      throws(TypeError, () => Object.setPrototypeOf(object, proto));
      same(Reflect.setPrototypeOf(object, proto), false);
    }
    same(Object.isExtensible(object), false);
    throws(TypeError, () => Object.preventExtensions(object));
    throws(TypeError, () => Object.seal(object));
    throws(TypeError, () => Object.freeze(object));
    throws(TypeError, () => `${object}`);
    throws(TypeError, () => +object);
    throws(TypeError, () => object());
    throws(TypeError, () => new object());
    throws(TypeError, () => object instanceof object);
    same(Array.isArray(object), false);
    same(Object.prototype.toString.call(object), "[object Object]");
    list(Object.keys(structuredText(object)), []);
  }
});
const structuredText = (object) => JSON.parse(JSON.stringify(object));
test("the same object is the same, whichever way it came", () => {
  for (const [name, object] of Object.entries(HEAP_OBJECTS)) {
    for (const same_ of [e.any, e.eq, e.refAny, e.refEq, e.extern, e.toAny, e.toExtern]) same(same_(object), object, name);
    same(e.sameEq(object, object), 1);
    const [any, extern] = e.two(object);
    same(any, object);
    same(extern, object);
  }
  same(e.makeStruct(5, null) === struct, false);
  same(e.sameEq(struct, sub), 0);
  const map = new WeakMap([[struct, 1]]);
  same(map.get(e.any(struct)), 1);
});
test("values are checked by type", () => {
  // For each kind of value, the types that have it.
  const kinds = [
    [[struct], ["any", "eq", "struct", "extern", "refAny", "refEq", "refStruct", "s", "refS"]],
    [[sub], ["any", "eq", "struct", "extern", "refAny", "refEq", "refStruct", "s", "refS", "sub"]],
    [[array], ["any", "eq", "array", "extern", "refAny", "refEq", "refArray", "a"]],
    [SMALL, ["any", "eq", "i31", "extern", "refAny", "refEq", "refI31"]],
    [HOST_VALUES, ["any", "extern", "refAny"]],
    [[null], Object.keys(TYPES).filter((name) => !name.startsWith("ref"))],
  ];
  for (const [values, fitting] of kinds) {
    for (const value of values) {
      for (const name of Object.keys(TYPES)) {
        const what = `${typeof value} for ${name}`;
        if (fitting.includes(name)) same(e[name](value), value, what);
        else throws(TypeError, () => e[name](value), what);
      }
    }
  }
});
test("numbers that are small integers are i31s, others are values of the host", () => {
  for (const n of SMALL) {
    same(e.value(n), n);
    same(e.isSmall(n), 1);
    same(e.small(n), n);
    same(e.toExtern(n), n);
    same(e.sameEq(n, n), 1);
  }
  for (const value of HOST_VALUES) same(e.isSmall(value), 0);
  same(e.isSmall(null), 0);
  same(e.small(2 ** 30), -(2 ** 30));
  throws(RuntimeError, () => e.value(null));
});
test("objects hold what JavaScript gave them", () => {
  const object = { text: "kept" };
  const made = e.makeStruct(42, object);
  same(e.number(made), 42);
  same(e.held(made), object);
  for (const value of [...HOST_VALUES, ...SMALL, null, struct, array, made]) {
    e.hold(made, value);
    same(e.held(made), value);
  }
  e.hold(made, null);
  same(e.length(array), 3);
  throws(RuntimeError, () => e.number(null));
  throws(RuntimeError, () => e.length(null));
});
test("objects stay alive as long as JavaScript has them", () => {
  const kept = [];
  for (let i = 0; i < 300; i++) kept.push(e.makeStruct(i, kept[i - 1] ?? null));
  for (let i = 0; i < 5000; i++) e.makeStruct(i, { i });
  kept.forEach((object, i) => {
    same(e.number(object), i);
    same(e.held(object), kept[i - 1] ?? null);
  });
});
test("host functions take and give all of these", () => {
  const types = { any: ANY, eq: EQ, i31: I31, struct: STRUCT, array: ARRAY, extern: EXTERNREF, refS: ref(0), a: nullable(2) };
  for (const [name, type] of Object.entries(types)) {
    const module = new Module(wasm({
      types: [...HEAP_TYPES, func([type], [type])],
      imports: [importOf("m", "f", 0, 3)],
      functions: [[3]],
      exports: [exportOf("run", 0, 1)],
      codes: [code(0x20, 0, 0x10, 0)],
    }));
    const good = { i31: 7, eq: array, array, a: array, extern: array }[name] ?? struct;
    let seen;
    const run = (give) => new Instance(module, { m: { f: (value) => { seen = value; return give; } } }).exports.run(good);
    same(run(good), good, name);
    same(seen, good, name);
    const bad = { any: [], extern: [], i31: [0.5, {}, struct], eq: [{}, "1"], refS: [null, array, 1] }[name] ?? [1, {}, undefined];
    for (const value of bad) throws(TypeError, () => run(value), name);
  }
});
test("several results, iterated", () => {
  const module = new Module(wasm({
    types: [...HEAP_TYPES, func([], [ANY, nullable(0), EXTERNREF])],
    imports: [importOf("m", "f", 0, 3)],
    functions: [[3]],
    exports: [exportOf("run", 0, 1)],
    codes: [code(0x10, 0)],
  }));
  const run = (give) => new Instance(module, { m: { f: () => give } }).exports.run();
  list(run([array, struct, sub]), [array, struct, sub]);
  list(run(new Set([1, struct, "x"])), [1, struct, "x"]);
  throws(TypeError, () => run([1, array, 1]));
});
test("globals of these types", () => {
  const bytes = wasm({
    types: HEAP_TYPES,
    globals: [[ANY, 1, 0xd0, NONE, 0x0b], [...nullable(0), 1, 0xd0, NONE, 0x0b], [I31, 0, 0x41, 9, 0xfb, 0x1c, 0x0b],
      [...ref(2), 0, 0x41, 1, 0x41, 4, 0xfb, 0x06, 2, 0x0b]],
    exports: ["any", "s", "i31", "a"].map((name, i) => exportOf(name, 3, i)),
  });
  const { any, s, i31, a } = new Instance(new Module(bytes), {}).exports;
  list([any.value, s.value, i31.value, e.length(a.value)], [null, null, 9, 4]);
  for (const value of [...HOST_VALUES, ...SMALL, struct, array, null]) {
    any.value = value;
    same(any.value, value);
  }
  s.value = sub;
  same(s.value, sub);
  for (const bad of [array, 1, {}, undefined]) throws(TypeError, () => { s.value = bad; });
  same(s.value, sub);
  throws(TypeError, () => { a.value = a.value; });
  const importer = (type) => new Module(wasm({ types: HEAP_TYPES, imports: [importOf("m", "g", 3, type, 0)],
    exports: [exportOf("g", 3, 0)] }));
  const given = (type, g) => new Instance(importer(type), { m: { g } }).exports.g.value;
  for (const value of [...HOST_VALUES, ...SMALL, struct, null]) same(given(ANY, value), value);
  same(given(nullable(0), sub), sub);
  for (const bad of [array, 1, undefined, {}]) throws(LinkError, () => given(nullable(0), bad));
  throws(LinkError, () => given(ref(0), null));
  same(given(ARRAY, a), a.value);
  throws(LinkError, () => given(STRUCT, a));
  for (const value of ["anyref", "eqref", "structref", "arrayref", "i31ref"]) throws(TypeError, () => new Global({ value }));
});
test("tables of these types", () => {
  const bytes = wasm({
    types: HEAP_TYPES,
    tables: [[ANY, 0, 2], [...nullable(0), 0, 1], [0x40, 0, ...ref(I31), 0, 1, 0x41, 3, 0xfb, 0x1c, 0x0b]],
    exports: ["any", "s", "i31"].map((name, i) => exportOf(name, 1, i)),
  });
  const { any, s, i31 } = new Instance(new Module(bytes), {}).exports;
  list([any.get(0), s.get(0), i31.get(0)], [null, null, 3]);
  for (const value of [...HOST_VALUES, ...SMALL, struct, array, null]) {
    any.set(1, value);
    same(any.get(1), value);
  }
  any.set(1);
  same(any.get(1), null, "the default");
  s.set(0, struct);
  same(s.get(0), struct);
  for (const bad of [array, 1, {}, undefined]) {
    throws(TypeError, () => s.set(0, bad));
    // In `grow`, undefined stands for no value.
    if (bad !== undefined) throws(TypeError, () => s.grow(1, bad));
  }
  same(s.grow(2, sub), 1);
  same(s.get(2), sub);
  same(s.grow(1), 3);
  same(s.get(3), null);
  throws(TypeError, () => i31.grow(1));
  throws(TypeError, () => i31.set(0, null));
  same(i31.grow(1, 5), 1);
  same(i31.get(1), 5);
  throws(TypeError, () => new Table({ element: "anyref", initial: 1 }));
});
test("payloads of exceptions", () => {
  const bytes = wasm({
    types: [...HEAP_TYPES, func([ANY, nullable(0), EXTERNREF], []), func([], [])],
    imports: [importOf("m", "f", 0, 4)],
    functions: [[3], [4]],
    tags: [[0, 3]],
    exports: [exportOf("tag", 4, 0), exportOf("raise", 0, 1), exportOf("run", 0, 2)],
    codes: [code(0x20, 0, 0x20, 1, 0x20, 2, 0x08, 0), code(0x10, 0)],
  });
  const { tag, raise } = new Instance(new Module(bytes), { m: { f() {} } }).exports;
  for (const [any, s, x] of [[array, struct, "x"], [7, null, 8], [{}, sub, struct], [null, null, null]]) {
    const made = new Exception(tag, [any, s, x]);
    list([0, 1, 2].map((i) => made.getArg(tag, i)), [any, s, x]);
    let caught;
    try { raise(any, s, x); } catch (error) { caught = error; }
    for (let i = 0; i < 2000; i++) e.makeStruct(i, {});
    same(caught instanceof Exception, true);
    list([0, 1, 2].map((i) => caught.getArg(tag, i)), [any, s, x]);
    const { run } = new Instance(new Module(bytes), { m: { f() { throw made; } } }).exports;
    throws(made, run);
  }
  throws(TypeError, () => new Exception(tag, [1, 1, 1]));
});
test("what a realm's proxies are not", () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  same(e.any(proxy), proxy);
  throws(TypeError, () => e.eq(proxy));
  const around = new Proxy(struct, {});
  same(e.any(around), around, "a script's proxy of an object is another object");
  throws(TypeError, () => e.struct(around));
});
test("calls that wait", async () => {
  const module = new Module(wasm({
    types: [...HEAP_TYPES, func([nullable(0), EXTERNREF], [ANY])],
    imports: [importOf("m", "f", 0, 3)],
    functions: [[3]],
    exports: [exportOf("run", 0, 1)],
    codes: [code(0x20, 0, 0x20, 1, 0x10, 0)],
  }));
  const f = new WebAssembly.Suspending(async (s, x) => {
    await undefined;
    for (let i = 0; i < 2000; i++) e.makeStruct(i, {});
    return [s, x].includes(null) ? array : { s, x };
  });
  const run = WebAssembly.promising(new Instance(module, { m: { f } }).exports.run);
  const [one, two, three] = await Promise.all([run(struct, "x"), run(null, sub), run(sub, array)]);
  list([one.s, one.x, two, three.s, three.x], [struct, "x", array, sub, array]);
});

// --- Strings ---------------------------------------------------------------------------------------------------------

const OPTIONS = { builtins: ["js-string"] };
const UNITS = [0x5e, 0x77, 1];
const A = nullable(0), S = ref(EXTERNREF);
const BUILTINS = { fromCharCodeArray: [[A, I32, I32], [S]], intoCharCodeArray: [[EXTERNREF, A, I32], [I32]] };
/** Type 0 is `array`; imports the builtin and exports it again. */
const importing = (name, [params, results], array = UNITS) => wasm({
  types: [array, func(params, results)],
  imports: [importOf("wasm:js-string", name, 0, 1)],
  exports: [exportOf(name, 0, 0)],
});
test("builtins of arrays must have their types", () => {
  for (const [name, type] of Object.entries(BUILTINS)) {
    new Module(importing(name, type), OPTIONS);
    const [params, results] = type;
    const wrong = [
      [[...params, I32], results], [params, []], [params.map((t) => (t === A ? ref(0) : t)), results],
      [params.map((t) => (t === A ? ARRAY : t)), results], [params.map((t) => (t === A ? EXTERNREF : t)), results],
      [params, results.map((t) => (t === S ? EXTERNREF : I64))],
    ];
    for (const other of wrong) throws(CompileError, () => new Module(importing(name, other), OPTIONS), name);
    // Immutable; of bytes; not final; of another group.
    for (const array of [[0x5e, 0x77, 0], [0x5e, 0x78, 1], [0x5e, I32, 1], [0x50, 0, ...UNITS], [0x4e, 2, ...UNITS, ...UNITS]]) {
      const shifted = array[0] === 0x4e ? 2 : 1;
      const bytes = wasm({ types: [array, func(...type)], imports: [importOf("wasm:js-string", name, 0, shifted)] });
      throws(CompileError, () => new Module(bytes, OPTIONS), `${name} of ${array}`);
      new Module(bytes);
    }
  }
});
test("strings are made of arrays and written to them", () => {
  const bytes = wasm({
    types: [UNITS, func(...BUILTINS.fromCharCodeArray), func(...BUILTINS.intoCharCodeArray), func([I32, I32], [ref(0)]),
      func([A, I32], [I32])],
    imports: [importOf("wasm:js-string", "fromCharCodeArray", 0, 1), importOf("wasm:js-string", "intoCharCodeArray", 0, 2)],
    functions: [[3], [4]],
    exports: ["from", "into", "make", "get"].map((name, i) => exportOf(name, 0, i)),
    codes: [code(0x20, 0, 0x20, 1, 0xfb, 0x06, 0), code(0x20, 0, 0x20, 1, 0xfb, 0x0d, 0)],
  });
  const { from, into, make, get } = new Instance(new Module(bytes, OPTIONS), {}).exports;
  const units = make(0x10041, 10);
  same(from(units, 0, 10), "A".repeat(10));
  same(from(units, 3, 3), "");
  same(from(units, 10, 10), "");
  for (const text of ["", "abc", "\ud800", "\udc00\ud83d\ude00", "0123456789"]) {
    same(into(text, units, 0), text.length);
    same(from(units, 0, text.length), text);
  }
  same(into("xy", units, 8), 2);
  list([get(units, 7), get(units, 8), get(units, 9)], [0x37, 0x78, 0x79]);
  same(into("", units, 10), 0);
  const traps = (body, what) => throws(RuntimeError, body, what);
  for (const [start, end] of [[1, 0], [0, 11], [11, 11], [-1, 0], [0, -1], [5, -1]]) traps(() => from(units, start, end), `${start} ${end}`);
  for (const [text, start] of [["xy", 9], ["x", 10], ["", 11], ["x", -1], ["01234567890", 0]]) traps(() => into(text, units, start), text);
  list([get(units, 7), get(units, 8), get(units, 9)], [0x37, 0x78, 0x79], "nothing was written");
  for (const bad of [null, undefined, 1, {}, struct, new String("x")]) traps(() => into(bad, units, 0));
  traps(() => from(null, 0, 0));
  traps(() => into("", null, 0));
  // The arrays of other modules, of the same type; subtypes and other types are none.
  same(from(array, 0, 3), "\u0007\u0007\u0007");
  throws(TypeError, () => from(struct, 0, 0));
});
