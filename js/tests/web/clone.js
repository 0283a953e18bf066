// structuredClone() of the shell.
const clones = (value, what) => {
  const made = structuredClone(value);
  same(made === value, false, `${what} itself`);
  return made;
};
const refuses = (value, what, options) => {
  const error = throws(DOMException, () => structuredClone(value, options), what);
  same(error.name, "DataCloneError", what);
};

test("primitives are themselves, and their objects are cloned", () => {
  for (const value of [undefined, null, true, -0, NaN, 1.5, 2n ** 70n, "a\ud800"]) same(structuredClone(value), value);
  for (const value of [new Boolean(false), new Number(-0), new String("x"), Object(3n)]) {
    const made = clones(value, "a wrapper");
    same(made.valueOf(), value.valueOf());
    same(Object.getPrototypeOf(made), Object.getPrototypeOf(value));
  }
});

test("objects, with cycles and what is shared between them", () => {
  const shared = { deep: [1, , "x"] };
  const value = { a: shared, b: [shared], get c() { return 7; }, [Symbol("s")]: 1 };
  value.self = value;
  Object.defineProperty(value, "hidden", { value: 1 });
  value["__proto__x"] = 1;
  const made = clones(value, "an object");
  list(Object.keys(made), ["a", "b", "c", "self", "__proto__x"]);
  same(made.self, made);
  same(made.a, made.b[0]);
  same(made.a.deep.length, 3);
  same(1 in made.a.deep, false);
  same(Object.getOwnPropertyDescriptor(made, "c").value, 7);
  class A { x = 1; get y() { return 2; } }
  same(Object.getPrototypeOf(clones(new A(), "an instance")), Object.prototype);
  const own = JSON.parse('{"__proto__": 1}');
  same(Object.getOwnPropertyDescriptor(structuredClone(own), "__proto__").value, 1);
});

test("dates, regular expressions, maps, sets and errors", () => {
  same(clones(new Date(5), "a date").getTime(), 5);
  const regex = /a(?<n>b)/gimsuyd;
  regex.lastIndex = 3;
  const pattern = clones(regex, "a regular expression");
  same(String(pattern), String(regex));
  same(pattern.lastIndex, 0);
  const map = new Map([[{ k: 1 }, 2]]);
  map.set("self", map);
  const made = clones(map, "a map");
  same(made.get("self"), made);
  same([...made.keys()][0].k, 1);
  const set = clones(new Set([1, "x", map]), "a set");
  same(set.has("x") && !set.has(map) && set.size === 3, true);
  const error = clones(new RangeError("no", { cause: { x: 1 } }), "an error");
  same(error instanceof RangeError && error.message === "no" && error.cause.x === 1, true);
  const other = new Error("m");
  other.name = "Other";
  same(structuredClone(other).name, "Error");
});

test("buffers and views, of which several may share one", () => {
  const buffer = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer;
  const { a, b, c } = clones({ a: new Uint16Array(buffer, 2, 2), b: new DataView(buffer, 1, 3), c: buffer }, "views");
  same(a.buffer, c);
  same(b.buffer, c);
  same(a.byteOffset === 2 && a.length === 2 && b.byteOffset === 1 && b.byteLength === 3 && c.byteLength === 8, true);
  a[0] = 0;
  same(new Uint8Array(buffer)[2], 3);
  const grows = clones(new ArrayBuffer(3, { maxByteLength: 9 }), "a resizable buffer");
  same(grows.maxByteLength === 9 && grows.byteLength === 3, true);
  const memory = new WebAssembly.Memory({ initial: 1 });
  new Uint8Array(memory.buffer)[7] = 9;
  const copy = clones(memory.buffer, "a memory's buffer");
  same(copy.byteLength === 65536 && new Uint8Array(copy)[7] === 9, true);
  memory.grow(1);
  same(copy.byteLength, 65536);
});

test("what is transferred changes hands", () => {
  const { buffer } = new Uint8Array([1, 2, 3]);
  const made = structuredClone({ buffer, view: new Uint8Array(buffer, 1) }, { transfer: [buffer] });
  same(buffer.detached, true);
  same(made.view.buffer, made.buffer);
  same(made.view[1], 3);
  refuses(buffer, "a detached buffer");
  const other = new ArrayBuffer(1);
  refuses(1, "twice", { transfer: [other, other] });
  refuses(1, "a view", { transfer: [new Uint8Array(1)] });
  refuses(() => {}, "a function", { transfer: [other] });
  same(other.detached, false);
  const memory = new WebAssembly.Memory({ initial: 1 });
  refuses(1, "a memory's buffer", { transfer: [memory.buffer] });
  same(memory.buffer.byteLength, 65536);
  throws(TypeError, () => structuredClone(1, { transfer: 1 }));
  throws(TypeError, () => structuredClone());
});

test("modules, blobs and files", async () => {
  const module = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
  const made = clones({ module, again: module }, "modules");
  same(made.module !== module && made.module === made.again && made.module instanceof WebAssembly.Module, true);
  same(new WebAssembly.Instance(made.module) instanceof WebAssembly.Instance, true);
  const file = clones(new File(["text"], "name", { type: "a/b", lastModified: 5 }), "a file");
  same(file instanceof File && file.name === "name" && file.type === "a/b" && file.lastModified === 5, true);
  same(await file.text(), "text");
  same(clones(new Blob(["x"]), "a blob") instanceof File, false);
});

test("what cannot be cloned is a DataCloneError", () => {
  for (const [what, value] of Object.entries({
    function: () => {}, symbol: Symbol(), wrapper: Object(Symbol()), promise: Promise.resolve(), weak: new WeakMap(),
    proxy: new Proxy({}, {}), response: new Response(), headers: new Headers(), url: new URL("http://x"),
    memory: new WebAssembly.Memory({ initial: 0 }), table: new WebAssembly.Table({ element: "externref", initial: 0 }),
    generator: (function* () {})(), deep: { a: [() => {}] }, signal: new AbortController().signal, stream: new ReadableStream(),
  })) refuses(value, what);
  throws(7, () => structuredClone({ get x() { throw 7; } }));
});
