// Promise integration: functions of WebAssembly.promising(), and imports marked by WebAssembly.Suspending.

const { promising, Suspending, SuspendError } = WebAssembly;
const END = 0x0b, CALL = 0x10, GET = 0x20, CONST = 0x41, ADD = 0x6a, SUB = 0x6b, IF = 0x04, ELSE = 0x05, DROP = 0x1a;
const UNREACHABLE = 0x00, EQZ = 0x45, GROW = 0x40;

/** Functions of type (i32) -> i32 over `m.ask` and `m.call`; `sum` adds what `ask` gives for each number up to its own. */
const UNARY = wasm({
  types: [func([I32], [I32])],
  imports: [importOf("m", "ask", 0, 0), importOf("m", "call", 0, 0)],
  functions: [[0], [0], [0], [0], [0], [0], [0]],
  memories: [limits(1, 10)],
  exports: [
    exportOf("ask", 0, 2), exportOf("sum", 0, 3), exportOf("call", 0, 4), exportOf("plain", 0, 5), exportOf("trap", 0, 6),
    exportOf("deep", 0, 7), exportOf("grow", 0, 8), exportOf("again", 0, 0), exportOf("memory", 2, 0),
  ],
  codes: [
    code(GET, 0, CALL, 0),
    code(GET, 0, EQZ, IF, I32, CONST, 0, ELSE, GET, 0, CALL, 0, GET, 0, CONST, 1, SUB, CALL, 3, ADD, END),
    code(GET, 0, CALL, 1),
    code(GET, 0, CONST, 1, ADD),
    code(GET, 0, CALL, 0, DROP, UNREACHABLE),
    code(GET, 0, CALL, 0, CALL, 7),
    code(GET, 0, CALL, 0, DROP, CONST, 1, GROW, 0),
  ],
});
// `deep` first asks, then calls itself without end: it asks with what it was given.
const unary = (ask, call = () => 0) => instance(UNARY, { m: { ask, call } });

/** A promise, and how to settle it. */
function deferred() {
  const record = {};
  record.promise = new Promise((resolve, reject) => Object.assign(record, { resolve, reject }));
  return record;
}

/** `ask` that leaves its promises in `list`. */
function asker() {
  const list = [];
  const ask = new Suspending((n) => {
    const record = deferred();
    list.push({ n, ...record });
    return record.promise;
  });
  return { list, ask };
}

const turns = async (n) => { for (let i = 0; i < n; i++) await undefined; };
const later = async (n, value) => { await turns(5 * n); return value; };

test("the class Suspending and the function promising() are shaped as specified", () => {
  for (const name of ["Suspending", "SuspendError", "promising"]) {
    const { writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(WebAssembly, name);
    same(writable && configurable, true, name);
    same(enumerable, name === "promising", name);
  }
  same(promising.length, 1);
  same(promising.name, "promising");
  same(Suspending.length, 1);
  same(Suspending.name, "Suspending");
  same(Object.getOwnPropertyDescriptor(Suspending, "prototype").writable, false);
  list(Reflect.ownKeys(Suspending.prototype), ["constructor", Symbol.toStringTag]);
  const marked = new Suspending(() => {});
  same(Object.prototype.toString.call(marked), "[object WebAssembly.Suspending]");
  same(Object.getPrototypeOf(marked), Suspending.prototype);
  same(Reflect.ownKeys(marked).length, 0);
  same(typeof marked, "object");
  class Mine extends Suspending {}
  same(new Mine(() => {}) instanceof Suspending, true);

  throws(TypeError, () => Suspending(() => {}), "a call without new");
  for (const value of [undefined, null, 1, "f", {}, marked]) {
    throws(TypeError, () => new Suspending(value), show(typeof value));
    throws(TypeError, () => promising(value), show(typeof value));
  }
  throws(TypeError, () => new Suspending());
  throws(TypeError, () => promising());
  throws(TypeError, () => promising(() => {}), "a function of JavaScript");

  same(Object.getPrototypeOf(SuspendError), Error);
  same(SuspendError.prototype.name, "SuspendError");
  same(new SuspendError("m").message, "m");
  const { plain } = unary(() => 0);
  const wrapped = promising(plain);
  throws(TypeError, () => promising(wrapped), "what promising() returns is no exported function");
  same(wrapped === promising(plain), false);
  same(wrapped.length, 1);
  same(wrapped.name, "");
  same("prototype" in wrapped, false);
  throws(TypeError, () => new wrapped());
});

test("a call returns a promise whether it is suspended or not", async () => {
  const { list: asked, ask } = asker();
  const { plain, ask: asks } = unary(ask);
  const result = promising(plain)(41);
  same(Object.getPrototypeOf(result), Promise.prototype);
  same(await result, 42);
  const waiting = promising(asks)(7);
  same(asked.length, 1, "it is entered at once");
  let done = false;
  waiting.then(() => { done = true; });
  await turns(10);
  same(done, false);
  asked[0].resolve(8);
  same(await waiting, 8);
  same(asked[0].n, 7);
});

test("a function is suspended even if what it returns is no promise", async () => {
  const order = [];
  const { call } = unary(() => 0, new Suspending(() => { order.push("called"); return 42; }));
  const result = promising(call)(0).then((value) => { order.push("returned"); return value; });
  order.push("suspended");
  same(await result, 42);
  list(order, ["called", "suspended", "returned"]);
});

test("it goes on one turn after the promise is settled, as await does", async () => {
  const order = [];
  const { promise, resolve } = deferred();
  const { call } = unary(() => 0, new Suspending(() => promise));
  promising(call)(0).then(() => order.push("call"));
  (async () => { await promise; })().then(() => order.push("await"));
  resolve(1);
  await turns(5);
  list(order, ["call", "await"]);
});

test("a loop awaits the sum of ten promises", async () => {
  const ask = new Suspending((n) => (n % 2 === 0 ? later(1, n * n) : Promise.resolve(n * n)));
  const { sum } = unary(ask);
  same(await promising(sum)(10), 385);
});

test("what is awaited may be a thenable, a proxy, or an exported function's result", async () => {
  const { plain } = unary(() => 0);
  const functions = [
    () => ({ then: (resolve) => resolve(5) }),
    new Proxy(() => Promise.resolve(5), {}),
    (unused, alsoUnused) => Promise.resolve(5),
    async () => 5,
    function () { "use strict"; return this === undefined ? 5 : 6; },
    () => Object.create({ valueOf: () => 5 }),
    () => "5",
  ];
  for (const f of functions) same(await promising(unary(new Suspending(f)).ask)(0), 5);
  same(await promising(unary(new Suspending(plain)).ask)(4), 5);
});

test("many calls are suspended at once and resumed in any order", async () => {
  const { list: asked, ask } = asker();
  const { sum, plain } = unary(ask);
  const results = [];
  for (let n = 1; n <= 40; n++) results.push(promising(sum)(n % 8));
  let state = 7;
  for (let open = 0; ; ) {
    if (asked.length === open) {
      await turns(3);
      if (asked.length === open) break;
    }
    state = (state * 1103515245 + 12345) % 2147483648;
    const at = open + (state % (asked.length - open));
    [asked[open], asked[at]] = [asked[at], asked[open]];
    asked[open].resolve(10 * asked[open].n);
    open++;
    same(plain(open), open + 1);
    if (state % 3 === 0) await undefined;
  }
  for (let n = 1; n <= 40; n++) {
    const m = n % 8;
    same(await results[n - 1], (10 * m * (m + 1)) / 2);
  }
});

test("functions that promise and functions that wait for them call each other", async () => {
  let depth = 0, exports;
  const recur = new Suspending((n) => {
    depth = Math.max(depth, n);
    return n === 20 ? later(1, 1) : promising(exports.ask)(n + 1);
  });
  exports = unary(recur);
  same(await promising(exports.ask)(0), 1);
  same(depth, 20);
  // JavaScript in between that is not marked gets a promise; what it calls then is suspended apart from its caller.
  let inner;
  const { ask, call } = unary(new Suspending(() => later(1, 9)), () => { inner = promising(ask)(0); return 3; });
  same(await promising(call)(0), 3);
  same(await inner, 9);
});

test("a call through several instances is suspended as a whole", async () => {
  const first = unary(new Suspending(() => later(1, 40)));
  const second = unary(first.ask);
  const third = unary(second.ask);
  same(await promising(third.sum)(3), 120);
});

test("there must be a call of a promising function, and no JavaScript in between", async () => {
  let called = 0;
  const ask = new Suspending(() => { called++; return 1; });
  const exports = unary(ask, (n) => exports.ask(n));
  throws(SuspendError, () => exports.ask(0), "a plain call");
  throws(SuspendError, () => exports.sum(2), "a plain call");
  await rejects(SuspendError, promising(exports.call)(0), "a call with JavaScript in between");
  same(called, 0, "the function is not called then");
  same(await promising(exports.ask)(0), 1);
  // A start function.
  const start = wasm({
    types: [func([], [])], imports: [importOf("m", "f", 0, 0)], functions: [[0]], start: 1, codes: [code(CALL, 0)],
  });
  throws(SuspendError, () => instance(start, { m: { f: ask } }));
  // valueOf() while arguments are converted, or results, is no part of a call.
  const convert = unary(ask, () => ({ valueOf: () => exports.ask(0) }));
  await rejects(SuspendError, promising(convert.call)({ valueOf: () => 1 }));
  await rejects(SuspendError, promising(convert.plain)({ valueOf: () => exports.ask(0) }));
});

test("a marked function that is exported again is an exported function like others", async () => {
  const { list: asked, ask } = asker();
  const { again } = unary(ask);
  same(typeof again, "function");
  throws(SuspendError, () => again(1), "called by JavaScript");
  const result = promising(again)(1);
  asked[0].resolve(5);
  same(await result, 5);
  const { sum } = unary(again);
  const total = promising(sum)(1);
  asked[1].resolve(6);
  same(await total, 6);
  // By reference, from a table.
  const table = new WebAssembly.Table({ element: "anyfunc", initial: 1 });
  table.set(0, again);
  same(table.get(0), again);
  throws(TypeError, () => table.set(0, ask), "the mark itself is no function");
  const indirect = wasm({
    types: [func([I32], [I32])], imports: [importOf("m", "t", 1, FUNCREF, limits(1))],
    functions: [[0]], exports: [exportOf("run", 0, 0)], codes: [code(GET, 0, CONST, 0, 0x11, 0, 0)],
  });
  const { run } = instance(indirect, { m: { t: table } });
  const third = promising(run)(1);
  asked[2].resolve(7);
  same(await third, 7);
  // Elsewhere than for a function, the mark is a value like any other.
  const globals = wasm({
    imports: [importOf("m", "g", 3, EXTERNREF, 0)], exports: [exportOf("g", 3, 0)],
  });
  same(instance(globals, { m: { g: ask } }).g.value, ask);
});

test("rejections are thrown where the call was suspended", async () => {
  for (const reason of [new Error("no"), undefined, 1, "text", null, Symbol("s"), {}]) {
    const { ask } = unary(new Suspending(() => Promise.reject(reason)));
    await rejects(reason, promising(ask)(0));
    const { sum } = unary(new Suspending(() => { throw reason; }));
    await rejects(reason, promising(sum)(3));
  }
  // WebAssembly code catches them, by their tags and JavaScript's own.
  const tag = new WebAssembly.Tag({ parameters: ["i32"] });
  const catches = wasm({
    types: [func([], [I32]), func([I32], []), func([EXTERNREF], []), func([], [I32, EXTERNREF]), func([], [EXTERNREF])],
    imports: [importOf("m", "ask", 0, 0), importOf("m", "tag", 4, [0], [1]), importOf("m", "js", 4, [0], [2])],
    functions: [[0], [4]],
    exports: [exportOf("own", 0, 1), exportOf("foreign", 0, 2)],
    codes: [
      code(0x02, I32, 0x1f, I32, 1, 0x00, 0, 0, CALL, 0, END, END),
      code(0x02, EXTERNREF, 0x1f, 0x40, 1, 0x00, 1, 0, CALL, 0, DROP, END, UNREACHABLE, END),
    ],
  });
  let settle;
  const { own, foreign } = instance(catches, { m: { ask: new Suspending(() => settle()), tag, js: WebAssembly.JSTag } });
  settle = () => later(1, 3);
  same(await promising(own)(), 3);
  settle = () => Promise.reject(new WebAssembly.Exception(tag, [42]));
  same(await promising(own)(), 42);
  const reason = new Error("seen");
  settle = () => Promise.reject(reason);
  same(await promising(foreign)(), reason);
  await rejects(reason, promising(own)());
  settle = () => { throw new WebAssembly.Exception(tag, [43]); };
  same(await promising(own)(), 43);
  // What cannot be converted is thrown there, too.
  settle = () => later(1, 5n);
  same((await promising(foreign)()) instanceof TypeError, true);
  settle = () => ({ get then() { throw reason; } });
  same(await promising(foreign)(), reason);
  settle = () => Object.defineProperty(Promise.resolve(1), "constructor", { get() { throw reason; } });
  same(await promising(foreign)(), reason);
  settle = () => Object.defineProperty(Promise.resolve(1), "constructor", { value: undefined });
  same(await promising(own)(), 1, "a promise of another class");
  class Mine extends Promise {}
  settle = () => Mine.resolve(6);
  same(await promising(own)(), 6);
  settle = () => Mine.reject(reason);
  same(await promising(foreign)(), reason);
  // And a SuspendError, in a call that cannot wait.
  settle = () => 1;
  same(foreign() instanceof SuspendError, true);
});

test("traps, overflow and bad arguments reject the call", async () => {
  const { trap, deep, plain, ask, sum } = unary(new Suspending((n) => later(1, n)));
  const error = await rejects(WebAssembly.RuntimeError, promising(trap)(0));
  same(error.message.includes("unreachable"), true, error.message);
  same(error.stack.includes("wasm-function[6]:0x"), true, error.stack);
  await rejects(TypeError, promising(plain)(1n));
  await rejects(TypeError, promising(plain)(Symbol()));
  same(await promising(plain)(), 1);
  same(await promising(plain)("6", "more"), 7);
  // Without end; and as deep, with a promise at each level.
  const { deep: endless } = unary((n) => n);
  await rejects(RangeError, promising(endless)(0));
  const stop = deferred();
  let count = 0;
  const { deep: counted } = unary(new Suspending((n) => (++count < 1000 ? n : stop.promise)));
  const stopped = rejects("stopped", promising(counted)(0));
  await turns(5000);
  stop.reject("stopped");
  await stopped;
  same(count, 1000);
  same(await promising(ask)(3), 3);
  same(await promising(sum)(3), 6);
});

test("memories grow and buffers change while calls are suspended", async () => {
  const { list: asked, ask } = asker();
  const { grow, memory, plain } = unary(ask);
  const first = promising(grow)(0), second = promising(grow)(0);
  const before = memory.buffer;
  new Uint8Array(before)[5] = 55;
  memory.grow(1);
  same(before.byteLength, 0);
  const between = memory.buffer;
  asked[0].resolve(0);
  same(await first, 2);
  same(between.byteLength, 0);
  same(memory.buffer.byteLength, 3 * 65536);
  asked[1].resolve(0);
  same(await second, 3);
  same(new Uint8Array(memory.buffer)[5], 55);
  same(plain(1), 2);
});

test("all types of arguments, results and answers are converted", async () => {
  const bytes = wasm({
    types: [
      func([I64, F32, F64, EXTERNREF], [F64, I64]),
      func([EXTERNREF], [EXTERNREF]),
      func([I32], [I32, I64, EXTERNREF]),
      func([], []),
    ],
    imports: [importOf("m", "a", 0, 0), importOf("m", "b", 0, 1), importOf("m", "c", 0, 2), importOf("m", "d", 0, 3)],
    functions: [[0], [1], [2], [3]],
    exports: [exportOf("a", 0, 4), exportOf("b", 0, 5), exportOf("c", 0, 6), exportOf("d", 0, 7)],
    codes: [code(GET, 0, GET, 1, GET, 2, GET, 3, CALL, 0), code(GET, 0, CALL, 1), code(GET, 0, CALL, 2), code(CALL, 3)],
  });
  const object = {};
  const seen = [];
  const m = {
    a: new Suspending(async (...args) => { seen.push(...args); return [args[2] * 2, args[0] + 1n]; }),
    b: new Suspending(async (value) => ({ value }).value),
    c: new Suspending(async (n) => new Set([n, 5n, object])),
    d: new Suspending(async () => "ignored"),
  };
  const { a, b, c, d } = instance(bytes, { m });
  list(await promising(a)(3n, 0.5, 0.25, object), [0.5, 4n]);
  list(seen, [3n, 0.5, 0.25, object]);
  same(await promising(b)(object), object);
  list(await promising(c)(7), [7, 5n, object]);
  same(await promising(d)(), undefined);
  m.c = new Suspending(async () => [1, 2n]);
  await rejects(TypeError, promising(instance(bytes, { m }).c)(0), "too few results");
  // A result that is a thenable is what its promise is resolved with.
  same(await promising(instance(bytes, { m: { ...m, b: new Suspending((x) => [x]) } }).b)(1) instanceof Array, true);
});
