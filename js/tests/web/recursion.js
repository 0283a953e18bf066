// Calls back and forth between JavaScript and WebAssembly, to the end of the stack: thousands of levels, and then an
// error that can be caught, any number of times.

/** Calls `f` until the stack ends: how often it was called, and what was thrown. */
function levels(run, what) {
  let error;
  try {
    run();
  } catch (thrown) {
    error = thrown;
  }
  if (!(error instanceof RangeError)) throw new Error(`${what} ends in ${error} instead of a RangeError`);
}

function expect(count, atLeast, what) {
  if (!(count >= atLeast)) throw new Error(`${what}: ${count} levels instead of ${atLeast}`);
}

test("JavaScript and WebAssembly call each other thousands of times", () => {
  let depth = 0;
  const { run } = instance(CALLS, { m: { f() { depth++; run(); } } });
  for (let i = 0; i < 3; i++) {
    depth = 0;
    levels(run, "recursion that WebAssembly begins");
    expect(depth, 4500, "recursion that WebAssembly begins");
    depth = 0;
    levels(() => (function f() { depth++; run(); })(), "recursion that JavaScript begins");
    expect(depth, 4500, "recursion that JavaScript begins");
  }
});

test("JavaScript frames of many locals", () => {
  let depth = 0;
  const names = Array.from({ length: 500 }, (_, i) => `v${i}`);
  const locals = names.map((n, i) => `${n} = ${i}`).join();
  const body = `return function f() { let ${locals}; count(); run(); return ${names.join("+")}; }`;
  const holder = {};
  const f = new Function("count", "run", body)(() => depth++, () => holder.run());
  holder.run = instance(CALLS, { m: { f } }).run;
  levels(holder.run, "large JavaScript frames");
  expect(depth, 2000, "large JavaScript frames");
});

test("deep WebAssembly frames between JavaScript frames", () => {
  // `run` calls itself a thousand times, then the import.
  const bytes = wasm({
    types: [func([], []), func([I32], [])],
    imports: [importOf("m", "f", 0, 0)],
    functions: [[0], [1]],
    exports: [exportOf("run", 0, 1)],
    codes: [
      code(0x41, ...sleb(1000), 0x10, 2),
      code(0x20, 0, 0x04, 0x40, 0x20, 0, 0x41, 1, 0x6b, 0x10, 2, 0x05, 0x10, 0, 0x0b),
    ],
  });
  let depth = 0;
  const { run } = instance(bytes, { m: { f() { depth++; run(); } } });
  levels(run, "deep WebAssembly frames");
  expect(depth, 300, "deep WebAssembly frames");
});

test("each alone", () => {
  let depth = 0;
  levels(() => (function f() { depth++; f(); })(), "JavaScript alone");
  expect(depth, 10000, "JavaScript alone");
  const endless = wasm({ types: [func([], [])], functions: [[0]], exports: [exportOf("run", 0, 0)],
    codes: [code(0x10, 0)] });
  levels(instance(endless).run, "WebAssembly alone");
});

test("JavaScript at the end of its stack enters WebAssembly that goes on to the end of the stack", () => {
  const endless = wasm({ types: [func([], [])], functions: [[0]], exports: [exportOf("run", 0, 0)],
    codes: [code(0x10, 0)] });
  const { run } = instance(endless);
  let tries = 0;
  (function f() {
    try {
      f();
    } catch {
      if (tries++ < 5) levels(run, "WebAssembly within the last of the stack");
    }
  })();
});

test("other ways to the end of the stack", () => {
  let depth = 0;
  const { run } = instance(CALLS, { m: { f() { depth++; [1].forEach(() => Reflect.apply(run, undefined, [])); } } });
  levels(run, "through builtins");
  expect(depth, 2000, "through builtins");
  const proxy = new Proxy(function () {}, { apply: () => inner.run() });
  const inner = instance(CALLS, { m: { f: proxy } });
  levels(inner.run, "through a proxy");
  const getter = { valueOf: () => global.run() };
  const global = instance(wasm({
    types: [func([], []), func([], [I32])],
    imports: [importOf("m", "f", 0, 1)],
    functions: [[0]],
    exports: [exportOf("run", 0, 1)],
    codes: [code(0x10, 0, 0x1a)],
  }), { m: { f: () => getter } });
  levels(global.run, "through valueOf()");
});
