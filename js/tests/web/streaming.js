// Sections 0 to 3 and 16 of the checklist.
const { compileStreaming, instantiateStreaming } = WebAssembly;
const response = (body = EMPTY, init = WASM) => new Response(body, init);
const streamOf = (...chunks) => new ReadableStream({
  start(controller) {
    for (const chunk of chunks) controller.enqueue(chunk);
    controller.close();
  },
});
const notResponses = [undefined, null, true, "x", Symbol(), 0, 0.1, NaN, {}, Response, Response.prototype,
  new Blob([])];

test("1: the source is required, and length is 1", async () => {
  for (const f of [compileStreaming, instantiateStreaming]) {
    same(f.length, 1);
    await rejects(TypeError, f());
  }
});
test("2: only responses", async () => {
  for (const f of [compileStreaming, instantiateStreaming]) {
    for (const value of notResponses) {
      await rejects(TypeError, f(value), show(typeof value));
      await rejects(TypeError, f(Promise.resolve(value)), show(typeof value));
    }
  }
});
test("3: a rejected source", async () => {
  const reason = { reason: 1 };
  for (const f of [compileStreaming, instantiateStreaming]) await rejects(reason, f(Promise.reject(reason)));
});
test("4: values, promises, thenables, whose then is read at once", async () => {
  same((await compileStreaming(response())) instanceof WebAssembly.Module, true);
  same((await compileStreaming(Promise.resolve(response()))) instanceof WebAssembly.Module, true);
  let read = 0;
  const thenable = {
    get then() {
      read++;
      return (resolve) => resolve(response());
    },
  };
  const promise = compileStreaming(thenable);
  same(read, 1);
  same((await promise) instanceof WebAssembly.Module, true);
});
test("5: checks come later: the caller wins", async () => {
  const r = response();
  const promise = compileStreaming(r);
  const buffer = r.arrayBuffer();
  await rejects(TypeError, promise);
  same((await buffer).byteLength, 8);
});
test("6: a consumed body", async () => {
  const r = response();
  await r.arrayBuffer();
  await rejects(TypeError, compileStreaming(r));
});
test("7: a locked body, and one that is released unread", async () => {
  const r = response();
  const reader = r.body.getReader();
  await rejects(TypeError, compileStreaming(r));
  reader.releaseLock();
  await compileStreaming(r);
});
test("8: the body is used afterwards", async () => {
  const r = response();
  await compileStreaming(r);
  same(r.bodyUsed, true);
  await rejects(TypeError, r.blob());
});
test("9: a body that was refused can be read", async () => {
  const removed = response();
  removed.headers.delete("Content-Type");
  for (const r of [removed, response(EMPTY, { headers: { "Content-Type": "text/wasm" } }),
    response(EMPTY, { ...WASM, status: 404 })]) {
    await rejects(TypeError, compileStreaming(r));
    same((await r.arrayBuffer()).byteLength, 8);
  }
});
test("10: new promises; the first of two wins", async () => {
  const r = response();
  const [a, b] = [compileStreaming(r), compileStreaming(r)];
  same(a === b, false);
  await a;
  await rejects(TypeError, b);
});

test("13: no type, empty type", async () => {
  await rejects(TypeError, compileStreaming(new Response(EMPTY)));
  await rejects(TypeError, compileStreaming(response(EMPTY, { headers: { "Content-Type": "" } })));
});
test("14: case and blanks do not matter", async () => {
  for (const type of ["application/wasm", "APPLICATION/wasm", "APPLICATION/WASM ", "\tAPPLICATION/WASM\t",
    "  application/wasm"]) {
    await compileStreaming(response(EMPTY, { headers: { "Content-Type": type } }));
  }
});
test("15, 17: anything else does", async () => {
  for (const type of ["application/wasm;", "application/wasm;x", "application/wasm;charset=UTF-8", '"application/wasm"',
    "application/octet-stream", "application/javascript", "text/wasm", "\fapplication/wasm", "application/wasm\f",
    "application/wasm\v",
    "application/wasm\xa0", "application / wasm", "application/wasm,"]) {
    await rejects(TypeError, compileStreaming(response(EMPTY, { headers: { "Content-Type": type } })), type);
  }
});
test("16: two headers", async () => {
  const headers = new Headers(WASM.headers);
  headers.append("Content-Type", "application/wasm");
  await rejects(TypeError, compileStreaming(response(EMPTY, { headers })));
});

test("21: Response.error()", () => rejects(TypeError, compileStreaming(Response.error())));
test("22: statuses", async () => {
  for (const status of [300, 304, 400, 404, 500]) {
    const body = status === 304 ? null : EMPTY;
    await rejects(TypeError, compileStreaming(response(body, { ...WASM, status })), `status ${status}`);
  }
  for (const status of [200, 206, 299]) await compileStreaming(response(EMPTY, { ...WASM, status }));
  for (const status of [199, 600, 999]) throws(RangeError, () => response(EMPTY, { ...WASM, status }));
});
test("23: no body, and an empty one", async () => {
  await rejects(WebAssembly.CompileError, compileStreaming(new Response(undefined, WASM)));
  await rejects(WebAssembly.CompileError, compileStreaming(new Response(null, { ...WASM, status: 204 })));
  await rejects(WebAssembly.CompileError, compileStreaming(new Response("", WASM)));
});
test("24: chunks are Uint8Arrays", async () => {
  for (const chunk of [EMPTY.buffer, "text", new Uint16Array(4), new DataView(EMPTY.buffer), [...EMPTY], null]) {
    await rejects(TypeError, compileStreaming(response(streamOf(EMPTY, chunk))), show(typeof chunk));
  }
  await compileStreaming(response(streamOf(new Uint8Array(0), EMPTY, new Uint8Array(0))));
});
test("25: any split", async () => {
  for (let at = 0; at <= CALLS.length; at++) {
    const module = await compileStreaming(response(streamOf(CALLS.slice(0, at), CALLS.slice(at))));
    same(WebAssembly.Module.imports(module)[0].name, "f");
  }
  const bytes = [...CALLS].map((byte) => new Uint8Array([byte]));
  await compileStreaming(response(streamOf(...bytes)));
});
test("26: other bodies", async () => {
  await compileStreaming(response(EMPTY.buffer));
  await compileStreaming(response(new Blob([EMPTY])));
  const form = new FormData();
  form.append("a", "b");
  await rejects(WebAssembly.CompileError, compileStreaming(response(form)));
});
test("27: abort", async () => {
  const before = new AbortController();
  before.abort();
  const error = await rejects(DOMException, compileStreaming(fetch("empty.wasm", { signal: before.signal })));
  same(error.name, "AbortError");
  const after = new AbortController();
  const promise = compileStreaming(fetch("empty.wasm", { signal: after.signal }));
  after.abort();
  same((await rejects(DOMException, promise)).name, "AbortError");
  const reason = { mine: true };
  const custom = new AbortController();
  const third = instantiateStreaming(fetch("empty.wasm", { signal: custom.signal }));
  custom.abort(reason);
  await rejects(reason, third);
});
test("28: an error of the body", async () => {
  const reason = { broken: true };
  const body = new ReadableStream({
    pull(controller) {
      if (this.sent) controller.error(reason);
      else controller.enqueue(EMPTY);
      this.sent = true;
    },
  });
  await rejects(reason, compileStreaming(response(body)));
  await rejects(TypeError, compileStreaming(fetch("http://127.0.0.1:9/nobody-listens.wasm")));
});
test("29: a body that is short", () => rejects(WebAssembly.CompileError,
  compileStreaming(response(CALLS.slice(0, 20)))));
test("30, 31: an invalid prefix rejects at once, and cancels", async () => {
  let cancelled;
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]));
    },
    cancel(reason) {
      cancelled = reason;
    },
  });
  const error = await rejects(WebAssembly.CompileError, compileStreaming(response(body)));
  same(cancelled, error);
});
test("32: messages do not depend on chunks", async () => {
  const bad = CALLS.slice();
  bad[bad.length - 2] = 7;
  const buffered = throws(WebAssembly.CompileError, () => compile(bad));
  for (const size of [1, 3, 1000]) {
    const chunks = [];
    for (let at = 0; at < bad.length; at += size) chunks.push(bad.slice(at, at + size));
    const streamed = await rejects(WebAssembly.CompileError, compileStreaming(response(streamOf(...chunks))));
    same(streamed.message, buffered.message);
  }
});
test("33: not before the end", async () => {
  let controller;
  const body = new ReadableStream({
    start(c) {
      controller = c;
      c.enqueue(EMPTY);
    },
  });
  let settled = false;
  const promise = compileStreaming(response(body)).finally(() => (settled = true));
  await new Promise((resolve) => setTimeout(resolve, 30));
  same(settled, false);
  controller.close();
  await promise;
});
test("34, 35: trailing bytes", async () => {
  for (const tail of [[0, 0], [0xca, 0xfe]]) {
    await rejects(WebAssembly.CompileError, compileStreaming(response(new Uint8Array([...EMPTY, ...tail]))));
  }
  const module = await compileStreaming(response(wasm({ customs: [["x", [7]]] })));
  same(new Uint8Array(WebAssembly.Module.customSections(module, "x")[0])[0], 7);
  await compileStreaming(response(EMPTY));
});
test("36: decoded bytes count", async () => {
  for (const name of ["empty.wasm.gz", "empty.wasm.br"]) {
    await compileStreaming(fetch(name));
    same((await (await fetch(name)).arrayBuffer()).byteLength, 8);
  }
  await rejects(TypeError, compileStreaming(fetch("cut.wasm.gz")));
  await rejects(WebAssembly.CompileError, compileStreaming(fetch("unknown-encoding.wasm")));
});
test("38: nothing settles while a stream is read or closed", async () => {
  let [controller, settled, during] = [undefined, false, []];
  const body = new ReadableStream({
    start(c) {
      controller = c;
    },
    pull() {
      controller.enqueue(EMPTY);
      during.push(settled);
      controller.close();
      during.push(settled);
    },
  }, { highWaterMark: 0 });
  const promise = compileStreaming(response(body)).then(() => (settled = true));
  const bad = compileStreaming(response(new ReadableStream({
    pull(c) {
      c.enqueue(new Uint8Array(8));
      during.push(settled);
    },
  }, { highWaterMark: 0 }))).catch(() => (settled = true));
  same(settled, false);
  await Promise.all([promise, bad]);
  same(settled, true);
  list(during, [false, false, false]);
});
test("37: chunks can be overwritten", async () => {
  const chunk = CALLS.slice(0, 12);
  let step = 0;
  const body = new ReadableStream({
    pull(controller) {
      if (step === 0) controller.enqueue(chunk);
      if (step === 1) {
        chunk.fill(0xff);
        controller.enqueue(CALLS.slice(12));
      }
      if (step++ === 2) controller.close();
    },
  }, { highWaterMark: 0 });
  await compileStreaming(response(body));
});
test("19, 20: cross-origin", async () => {
  await rejects(TypeError, compileStreaming(fetch(`${location.href.replace("127.0.0.1", "localhost")}empty.wasm`,
    { mode: "no-cors" })));
  await rejects(TypeError, compileStreaming(fetch(`${location.href.replace("127.0.0.1", "localhost")}empty.wasm`)));
});
test("headers that came over the network cannot be changed", async () => {
  const r = await fetch("text.txt");
  for (const f of [() => r.headers.set("content-type", "application/wasm"), () => r.headers.delete("content-type"),
    () => r.clone().headers.append("x", "y")]) throws(TypeError, f);
  const copy = new Response(await r.arrayBuffer(), { headers: r.headers });
  copy.headers.set("content-type", "application/wasm");
  await rejects(WebAssembly.CompileError, compileStreaming(copy));
});
test("a stream that was read makes no response", async () => {
  const r = response();
  await r.arrayBuffer();
  throws(TypeError, () => new Response(r.body));
  throws(TypeError, () => r.clone());
});
test("https: is refused with the reason", async () => {
  const error = await rejects(TypeError, compileStreaming(fetch("https://localhost/empty.wasm")));
  same(error.message.includes("without TLS"), true, error.message);
});
test("over HTTP: the right type, a missing file, another type", async () => {
  const r = await fetch("empty.wasm");
  same(r.type, "basic");
  same(r.headers.get("content-type"), "application/wasm");
  await compileStreaming(r);
  await rejects(TypeError, compileStreaming(fetch("missing.wasm")));
  await rejects(TypeError, compileStreaming(fetch("text.txt")));
});
test("63: imports are read after compiling", async () => {
  let reads = 0;
  const imports = {
    get m() {
      reads++;
      return { f() {} };
    },
  };
  const promise = instantiateStreaming(response(CALLS), imports);
  same(reads, 0);
  const { instance, module } = await promise;
  same(reads, 1);
  same(instance instanceof WebAssembly.Instance && module instanceof WebAssembly.Module, true);
});
test("64: a compile error beats the imports", async () => {
  const imports = {
    get m() {
      throw new Error("read");
    },
  };
  await rejects(WebAssembly.CompileError, instantiateStreaming(response("no"), imports));
  await rejects(TypeError, instantiateStreaming(response("no"), 1));
});
test("18: no leniency, but a script can look first", async () => {
  const r = response(EMPTY, { headers: { "Content-Type": "application/wasm; charset=utf-8" } });
  await rejects(TypeError, compileStreaming(r));
  same(r.bodyUsed, false);
  same((await WebAssembly.compile(await r.arrayBuffer())) instanceof WebAssembly.Module, true);
});
test("112: a response that is refused is not read", async () => {
  for (const init of [{}, { headers: { "Content-Type": "text/plain" } }, { ...WASM, status: 500 }]) {
    let pulls = 0;
    const body = new ReadableStream({ pull: () => void pulls++ }, { highWaterMark: 0 });
    const r = new Response(body, init);
    await rejects(TypeError, compileStreaming(r));
    list([pulls, r.bodyUsed, r.body.locked], [0, false, false]);
  }
});
test("114: an end by error after any byte, and the next stream works", async () => {
  for (let sent = 0; sent < CALLS.length; sent++) {
    const reason = { sent };
    let at = 0;
    const body = new ReadableStream({
      pull(controller) {
        if (at === sent) controller.error(reason);
        else controller.enqueue(CALLS.slice(at, ++at));
      },
    });
    await rejects(reason, compileStreaming(response(body)));
  }
  await compileStreaming(response(CALLS));
});
test("113: 1,000 streams at once", async () => {
  const streams = [];
  for (let i = 0; i < 1000; i++) {
    const body = new ReadableStream({
      async pull(controller) {
        const at = (this.at ??= 0);
        if (i % 3 !== 0) await undefined;
        if (i % 50 === 0) await new Promise((resolve) => setTimeout(resolve, i % 7));
        if (at >= CALLS.length) return controller.close();
        if (i % 10 === 9 && at > 20) throw { i };
        const size = 1 + (i % 17);
        controller.enqueue(CALLS.slice(at, at + size));
        this.at = at + size;
      },
    }, { highWaterMark: 0 });
    streams.push(compileStreaming(response(body)).then(
      (module) => WebAssembly.Module.exports(module)[0].name === "run" && i % 10 !== 9,
      (error) => i % 10 === 9 && error.i === i,
    ));
  }
  const results = await Promise.all(streams);
  same(results.filter((fine) => !fine).length, 0);
});
