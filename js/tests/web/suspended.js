// Very many suspended calls, and very deep ones.

const { promising, Suspending } = WebAssembly;

/** `run` calls `m.f`, of type (i32) -> i32; `plain` adds one. */
const RUN = wasm({
  types: [func([I32], [I32])],
  imports: [importOf("m", "f", 0, 0)],
  functions: [[0], [0]],
  exports: [exportOf("run", 0, 1), exportOf("plain", 0, 2)],
  codes: [code(0x20, 0, 0x10, 0), code(0x20, 0, 0x41, 1, 0x6a)],
});
const exportsWith = (f) => instance(RUN, { m: { f } });

test("JavaScript recursion within promising calls ends in a RangeError", async () => {
  const results = [];
  let exports;
  exports = exportsWith((n) => { results.push(promising(exports.run)(n)); return 0; });
  results.push(promising(exports.run)(0));
  const outcomes = await Promise.allSettled(results);
  const reasons = outcomes.filter(({ status }) => status === "rejected").map(({ reason }) => reason);
  same(reasons.length > 0 && reasons.length < 5, true, `${reasons.length} rejections`);
  same(reasons.every((reason) => reason instanceof RangeError), true, reasons.join());
  same(outcomes.length > 100, true, `${outcomes.length} levels`);
  same(await promising(exports.plain)(1), 2);
});

test("ten thousand calls are suspended at once, and no more", async () => {
  const asked = [];
  const exports = exportsWith(new Suspending((n) => new Promise((resolve) => asked.push({ n, resolve }))));
  const call = promising(exports.run);
  const results = [];
  for (let n = 0; n < 10000; n++) results.push(call(n));
  same(asked.length, 10000);
  const error = await rejects(RangeError, call(0), "one more");
  same(error.message, "resource limit exceeded: resumable call count too high at 10001");
  same(exports.plain(4), 5);
  for (const { n, resolve } of asked.reverse()) resolve(n);
  let sum = 0;
  for (const result of results) sum += await result;
  same(sum, 49995000);
  const last = call(5);
  asked[asked.length - 1].resolve(6);
  same(await last, 6);
});

test("calls whose promises are lost are freed", async () => {
  // More than there may be at once: they are collected, some each time.
  const call = promising(exportsWith(new Suspending(() => new Promise(() => {}))).run);
  for (let i = 0; i < 30000; i++) call(i);
  same(await promising(exportsWith(() => 3).run)(0), 3);
});
