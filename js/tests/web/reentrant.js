// Everything that runs script in the middle of an operation, times everything that script can do there: the operation
// has a right result or throws what is thrown, and what it was about is as it should be afterwards.
const { Module, Instance, Memory, Table, Global, Tag, Exception } = WebAssembly;
const PAGE = 65536;

/** Exports functions that call the import `m.f` with and return several kinds of values, and a memory. */
const CODE = new Module(wasm({
  types: [func([I32], [I32]), func([I64, F64], [I64]), func([EXTERNREF], [EXTERNREF, I32])],
  imports: [importOf("m", "f", 0, 0), importOf("m", "g", 0, 1), importOf("m", "h", 0, 2), importOf("m", "t", 1, FUNCREF, 0, 1)],
  functions: [[0], [1], [2]],
  memories: [limits(1, 30)],
  exports: [exportOf("f", 0, 3), exportOf("g", 0, 4), exportOf("h", 0, 5), exportOf("memory", 2, 0)],
  codes: [code(0x20, 0, 0x10, 0), code(0x20, 0, 0x20, 1, 0x10, 1), code(0x20, 0, 0x10, 2)],
}));
const PLAIN = new Module(EMPTY);

/** A fresh world: objects that operations are about. `during` runs in the middle of calls of imports. */
function world() {
  const w = { hook: () => {}, depth: 0 };
  w.table = new Table({ element: "anyfunc", initial: 2 });
  w.any = new Table({ element: "externref", initial: 2, maximum: 50 });
  w.shared = new Memory({ initial: 1, maximum: 30, shared: true });
  w.global = new Global({ value: "i64", mutable: true }, 1n);
  w.tag = new Tag({ parameters: ["i32", "externref"] });
  w.imports = { m: { f: (x) => (w.hook(), x), g: (x) => (w.hook(), x),
    h: (x) => ({ *[Symbol.iterator]() { w.hook(); yield x; w.hook(); yield { valueOf: () => (w.hook(), 3) }; } }),
    t: w.table } };
  w.exports = new Instance(CODE, w.imports).exports;
  w.memory = w.exports.memory;
  return w;
}

/** Values that are `value` when they are converted, and run `hook` then. */
const VALUES = {
  valueOf: (value, hook) => ({ valueOf: () => (hook(), value), toString: () => (hook(), value) }),
  toPrimitive: (value, hook) => ({ [Symbol.toPrimitive]: () => (hook(), value) }),
  toString: (value, hook) => ({ valueOf: undefined, toString: () => (hook(), value) }),
  proxy: (value, hook) => new Proxy({}, { get: (_, key) => (hook(), key === Symbol.toPrimitive ? () => value : undefined) }),
};
/** Objects with these members that run `hook` when they are read. */
const OBJECTS = {
  getter: (members, hook) => {
    const object = {};
    for (const key of Object.keys(members)) Object.defineProperty(object, key, { get: () => (hook(), members[key]) });
    return object;
  },
  proxy: (members, hook) => new Proxy(members, { get: (target, key) => (hook(), target[key]) }),
  inherited: (members, hook) => Object.create(OBJECTS.getter(members, hook)),
};
const list_of = (values, hook) => ({ *[Symbol.iterator]() { for (const value of values) { hook(); yield value; } hook(); } });

/** What is tried: with a world and ways to make values, objects and lists. */
const OPERATIONS = {
  "new Memory": (w, v, o) => new Memory(o({ initial: v(1), maximum: v(3) })).buffer.byteLength === PAGE,
  "new Memory, shared": (w, v, o) => new Memory(o({ initial: v(1), maximum: v(3), shared: true })).buffer.byteLength === PAGE,
  "new Table": (w, v, o) => new Table(o({ element: v("externref"), initial: v(3) }), 7).get(2) === 7,
  "new Global": (w, v, o) => new Global(o({ value: v("i32"), mutable: 1 }), v(5)).value === 5,
  "new Tag": (w, v, o, l) => new Tag(o({ parameters: l([v("i32"), v("f64")]) })).type().parameters.length === 2,
  "new Exception": (w, v, o, l) => new Exception(w.tag, l([v(4), w]), o({ traceStack: false })).getArg(w.tag, v(0)) === 4,
  "new Function": (w, v, o, l) => new WebAssembly.Function(o({ parameters: l([v("i32")]), results: l([v("i32")]) }),
    (x) => x)(v(9)) === 9,
  "new Module": (w, v, o, l) => new Module(EMPTY, o({ builtins: l([v("js-string")]), importedStringConstants: v("s") })) instanceof Module,
  "new Instance": (w, v, o) => new Instance(CODE, o({ m: o(w.imports.m) })).exports.f(2) === 2,
  validate: (w, v, o, l) => WebAssembly.validate(EMPTY, o({ builtins: l([v("x")]) })),
  customSections: (w, v) => Module.customSections(PLAIN, v("x")).length === 0,
  "memory.grow": (w, v) => w.memory.grow(v(1)) >= 1,
  "shared.grow": (w, v) => w.shared.grow(v(1)) >= 1,
  "buffer.resize": (w, v) => {
    const buffer = w.memory.toResizableBuffer();
    buffer.resize(v(buffer.byteLength + 9 * PAGE));
    return true;
  },
  "buffer.grow": (w, v) => w.shared.toResizableBuffer().grow(v(20 * PAGE)) === undefined,
  "table.grow": (w, v) => w.any.grow(v(2), w) >= 2,
  "table.get": (w, v) => {
    const found = w.table.get(v(1));
    return found === null || found === w.exports.f;
  },
  "table.set": (w, v) => (w.any.set(v(1), w), w.any.get(1) === w || w.any.get(1) === undefined),
  "global.value": (w, v) => ((w.global.value = v(77n)), typeof w.global.value === "bigint"),
  "call of i32": (w, v) => ((w.imports.m.f, w.exports.f(v(6))) === 6),
  "call of i64 and f64": (w, v) => w.exports.g(v(6n), v(0.5)) === 6n,
  "call with several results": (w) => w.exports.h(w)[0] === w,
};

const THROWN = { thrown: true };
/** What is done in the middle. */
const ACTIONS = {
  nothing: () => {},
  throws: () => { throw THROWN; },
  "grows the memory": (w) => w.memory.grow(1),
  "grows the shared memory": (w) => w.shared.grow(1),
  "changes kinds of buffers": (w) => (w.memory.toResizableBuffer(), w.shared.toResizableBuffer(), w.memory.toFixedLengthBuffer(),
    w.shared.toFixedLengthBuffer()),
  "detaches": (w) => { try { w.memory.buffer.transfer(); } catch {} try { structuredClone(w.memory.buffer, { transfer: [w.memory.buffer] }); } catch {} },
  "grows tables": (w) => (w.table.grow(3), w.any.grow(3, w)),
  "sets": (w) => (w.table.set(0, w.exports.f), w.any.set(0, {}), (w.global.value = 5n)),
  "instantiates": (w) => (w.last = new Instance(CODE, w.imports).exports).memory.grow(1),
  "lets go of the instance": (w) => (w.last = undefined),
  "calls": (w) => { const { hook } = w; w.hook = () => {}; w.exports.f(1); w.exports.g(1n, 2); w.exports.h(w); w.hook = hook; },
  "collects": () => { for (let i = 0; i < 40; i++) new Instance(PLAIN); },
};

/** Whether everything is as it says. */
function check(w, what) {
  for (const memory of [w.memory, w.shared]) {
    const bytes = memory.type().minimum * PAGE;
    same(memory.buffer.byteLength, bytes, `${what}: buffer`);
    const view = new Uint8Array(memory.buffer);
    view[bytes - 1] = 1;
    same(view[bytes - 1], 1, `${what}: last byte`);
    same(memory.grow(0), bytes / PAGE, `${what}: pages`);
  }
  for (const table of [w.table, w.any]) same(table.type().minimum, table.length, `${what}: length`);
  w.hook = () => {};
  same(w.exports.f(41), 41, `${what}: a call`);
}

for (const [operation, run] of Object.entries(OPERATIONS)) {
  test(`in the middle of ${operation}`, () => {
    let tried = 0;
    for (const [how, value] of Object.entries(VALUES)) {
      for (const [kind, object] of Object.entries(OBJECTS)) {
        for (const [action, act] of Object.entries(ACTIONS)) {
          for (const again of [false, true]) {
            const w = world();
            const what = `${operation}, ${how}, ${kind}, ${action}${again ? ", again" : ""}`;
            const hook = () => {
              if (w.depth >= 2) return;
              w.depth++;
              try {
                tried++;
                if (again) run(w, (v) => v, (m) => m, (items) => items);
                act(w);
              } finally {
                w.depth--;
              }
            };
            w.hook = hook;
            try {
              const right = run(w, (v) => value(v, hook), (m) => object(m, hook), (items) => list_of(items, hook));
              same(right, true, what);
            } catch (error) {
              const fine = error === THROWN || error instanceof RangeError || error instanceof TypeError;
              if (!fine || (error !== THROWN && action === "nothing" && how !== "proxy" && !again)) {
                throw new Error(`${what}: ${error}\n${error?.stack}`);
              }
            }
            check(w, what);
          }
        }
      }
    }
    if (tried < 50) throw new Error(`only ${tried} hooks ran`);
  });
}
