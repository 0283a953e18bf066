// Numbers 41 to 49 of the checklist: the builtin set "js-string"; `gc.js` has those that take arrays.
const { Module, Instance, CompileError, LinkError, RuntimeError } = WebAssembly;
const X = EXTERNREF;
/** `(ref extern)` */
const S = [0x64, EXTERNREF];
const TYPES = {
  cast: [[X], [S]], test: [[X], [I32]], fromCharCode: [[I32], [S]], fromCodePoint: [[I32], [S]],
    charCodeAt: [[X, I32], [I32]],
  codePointAt: [[X, I32], [I32]], length: [[X], [I32]], concat: [[X, X], [S]], substring: [[X, I32, I32], [S]],
  equals: [[X, X], [I32]], compare: [[X, X], [I32]],
};
const OPTIONS = { builtins: ["js-string"] };
/** Imports functions from "wasm:js-string" and exports them again. */
const imports = (types) => {
  const names = Object.keys(types);
  return wasm({
    types: names.map((name) => func(...types[name])),
    imports: names.map((name, i) => importOf("wasm:js-string", name, 0, leb(i))),
    exports: names.map((name, i) => exportOf(name, 0, i)),
  });
};
const strings = new Instance(new Module(imports(TYPES), OPTIONS), {}).exports;
const NOT_STRINGS = [null, undefined, 1, 1n, true, Symbol(), {}, [], new String("x")];
const traps = (body, what) => throws(RuntimeError, body, what);

test("41: types must be right", async () => {
  for (const [name, [params, results]] of Object.entries(TYPES)) {
    const wrong = [[[...params, I32], results], [params, [...results, I32]], [params, []],
      [params.map(() => F64), results], [params.map((t) => (t === X ? S : F64)), results],
      [params, results.map((t) => (t === S ? X : S))]];
    for (const type of wrong) {
      const bytes = imports({ [name]: type });
      same(WebAssembly.validate(bytes, OPTIONS), false, name);
      throws(CompileError, () => new Module(bytes, OPTIONS), name);
      await rejects(CompileError, WebAssembly.compile(bytes, OPTIONS), name);
      await rejects(CompileError, WebAssembly.instantiate(bytes, {}, OPTIONS), name);
      await rejects(CompileError, WebAssembly.compileStreaming(new Response(bytes, WASM), OPTIONS), name);
      await rejects(CompileError, WebAssembly.instantiateStreaming(new Response(bytes, WASM), {}, OPTIONS), name);
      same(WebAssembly.validate(bytes), true, `${name} without options`);
    }
  }
  const global = wasm({ imports: [importOf("wasm:js-string", "length", 3, X, 0)] });
  throws(CompileError, () => new Module(global, OPTIONS));
});
test("43: other names are ordinary imports", () => {
  const module = new Module(imports({ length: TYPES.length, size: TYPES.length }), OPTIONS);
  list(Module.imports(module).map((i) => i.name), ["size"]);
  throws(TypeError, () => new Instance(module, {}));
  throws(LinkError, () => new Instance(module, { "wasm:js-string": {} }));
  const { exports } = new Instance(module, { "wasm:js-string": { size: () => 7, length: () => 8 } });
  list([exports.size("abc"), exports.length("abc")], [7, 3]);
  const inherited = new Module(imports({ toString: [[], []], constructor: [[], []] }), OPTIONS);
  same(Module.imports(inherited).length, 2);
});
test("45, 46, 47: off and on", async () => {
  const bytes = imports({ length: TYPES.length });
  same(Module.imports(new Module(bytes, OPTIONS)).length, 0);
  for (const options of [undefined, {}, { builtins: [] }, { builtins: ["string"] }, { builtins: ["JS-string"] }]) {
    same(Module.imports(new Module(bytes, options)).length, 1);
    throws(TypeError, () => new Instance(new Module(bytes, options), {}));
  }
  const polyfill = { "wasm:js-string": { length: () => 99 } };
  same((await WebAssembly.instantiate(bytes, polyfill)).instance.exports.length("a"), 99);
  same((await WebAssembly.instantiate(bytes, polyfill, OPTIONS)).instance.exports.length("a"), 1);
  same((await WebAssembly.instantiateStreaming(new Response(bytes, WASM), {}, OPTIONS)).instance.exports.length("ab"),
    2);
  throws(TypeError, () => new Instance(new Module(bytes, OPTIONS)));
});
test("48: builtins are exported functions, of the instance", () => {
  const module = new Module(imports({ length: TYPES.length }), OPTIONS);
  const [a, b] = [new Instance(module, {}).exports.length, new Instance(module, {}).exports.length];
  list([typeof a, a.name, a.length, a instanceof WebAssembly.Function], ["function", "0", 1, true]);
  same(a === b, false);
  throws(TypeError, () => new a("x"));
  const table = new WebAssembly.Table({ element: "anyfunc", initial: 1 }, a);
  same(table.get(0), a);
  const twice = wasm({
    types: [func(...TYPES.length)],
    imports: [importOf("wasm:js-string", "length", 0, 0), importOf("wasm:js-string", "length", 0, 0)],
    exports: [exportOf("a", 0, 0), exportOf("b", 0, 1)],
  });
  const both = new Instance(new Module(twice, OPTIONS), {}).exports;
  same(both.a, both.b);
});
test("48: replaced methods of strings change nothing", () => {
  const { charCodeAt } = String.prototype;
  String.prototype.charCodeAt = () => 1;
  try {
    same(strings.charCodeAt("a", 0), 97);
  } finally {
    String.prototype.charCodeAt = charCodeAt;
  }
});
test("49: cast and test", () => {
  for (const string of ["", "abc", "\ud800"]) list([strings.cast(string), strings.test(string)], [string, 1]);
  for (const other of NOT_STRINGS) {
    traps(() => strings.cast(other), show(typeof other));
    same(strings.test(other), 0);
  }
});
test("49: fromCharCode and fromCodePoint", () => {
  for (const code of [0, 65, 0xd800, 0xffff, 0x10041, -1]) same(strings.fromCharCode(code), String.fromCharCode(code));
  for (const point of [0, 65, 0xd800, 0x1f600, 0x10ffff]) {
    same(strings.fromCodePoint(point), String.fromCodePoint(point));
  }
  for (const bad of [0x110000, -1, 0x7fffffff]) traps(() => strings.fromCodePoint(bad), show(bad));
});
test("49: charCodeAt, codePointAt and length", () => {
  const text = "a\u{1f600}\udc00";
  for (let i = 0; i < text.length; i++) {
    same(strings.charCodeAt(text, i), text.charCodeAt(i));
    same(strings.codePointAt(text, i), text.codePointAt(i));
  }
  same(strings.length(text), 4);
  for (const f of [strings.charCodeAt, strings.codePointAt]) {
    for (const at of [4, 5, -1, 0x80000000]) traps(() => f(text, at), show(at));
    traps(() => f("", 0));
    for (const other of NOT_STRINGS) traps(() => f(other, 0), show(typeof other));
  }
  for (const other of NOT_STRINGS) traps(() => strings.length(other), show(typeof other));
});
test("49: concat and substring", () => {
  same(strings.concat("\ud83d", "\ude00"), "\u{1f600}");
  same(strings.concat("", ""), "");
  for (const other of NOT_STRINGS) {
    traps(() => strings.concat("a", other), show(typeof other));
    traps(() => strings.concat(other, "a"), show(typeof other));
    traps(() => strings.substring(other, 0, 0), show(typeof other));
  }
  const cases = [[0, 3, "abc"], [1, 2, "b"], [2, 1, ""], [3, 9, ""], [4, 5, ""], [0, -1, "abc"], [-1, 0, ""],
    [-2, -1, ""], [1, 1, ""]];
  for (const [start, end, expected] of cases) same(strings.substring("abc", start, end), expected, `${start}, ${end}`);
});
test("49: equals and compare", () => {
  const values = ["", "a", "b", "ab", "\ud800", "\uffff", "\u{1f600}"];
  for (const a of values) {
    for (const b of values) {
      same(strings.equals(a, b), a === b ? 1 : 0);
      same(strings.compare(a, b), a < b ? -1 : a > b ? 1 : 0);
    }
  }
  list([strings.equals(null, null), strings.equals(null, "a"), strings.equals("a", null)], [1, 0, 0]);
  for (const other of NOT_STRINGS) {
    for (const [a, b] of [["a", other], [other, "a"]]) {
      traps(() => strings.compare(a, b), show(typeof other));
      if (other !== null) traps(() => strings.equals(a, b), show(typeof other));
    }
  }
});
test("49: from WebAssembly code", () => {
  const bytes = wasm({
    types: [func([X, X], [S]), func([X], [I32])],
    imports: [importOf("wasm:js-string", "concat", 0, 0), importOf("wasm:js-string", "length", 0, 1)],
    functions: [[1]],
    exports: [exportOf("f", 0, 2)],
    codes: [code(0x20, 0, 0x20, 0, 0x10, 0, 0x10, 1)],
  });
  const { f } = new Instance(new Module(bytes, OPTIONS), {}).exports;
  same(f("abc"), 6);
  traps(() => f(null));
  same(f("\ud83d\ude00"), 4);
});
test("49: constants may be taken as strings that are never null", () => {
  const constant = (type) => new Module(wasm({ imports: [importOf("'", "abc", 3, type, 0)] }),
    { importedStringConstants: "'" });
  for (const type of [X, S]) new Instance(constant(type), {});
  throws(CompileError, () => constant([0x63, 0x70]));
});
