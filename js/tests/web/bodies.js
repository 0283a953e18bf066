// Streams and bodies of the shell.
const chunks = (...list) => new ReadableStream({
  start(controller) {
    for (const chunk of list) controller.enqueue(chunk);
    controller.close();
  },
});
const u8 = (...list) => new Uint8Array(list);
async function all(stream) {
  const got = [];
  for await (const chunk of stream) got.push(chunk);
  return got;
}

test("members of Response, Request and Headers are on their prototypes, and state cannot be seen", () => {
  const body = ["arrayBuffer", "blob", "body", "bodyUsed", "bytes", "formData", "json", "text"];
  const response = [...body, "clone", "headers", "ok", "redirected", "status", "statusText", "type", "url"].sort();
  list(Object.keys(Response.prototype).sort(), response);
  list(Object.keys(Response).sort(), ["error", "json", "redirect"]);
  const request = [...body, "clone", "headers", "method", "mode", "redirect", "signal", "url"].sort();
  list(Object.keys(Request.prototype).sort(), request);
  list(Object.keys(Headers.prototype).sort(),
    ["append", "delete", "entries", "forEach", "get", "getSetCookie", "has", "keys", "set", "values"]);
  for (const object of [new Response("x"), new Request("/x"), new Headers({ a: "b" }), new Blob(["x"]), chunks(1)]) {
    list(Reflect.ownKeys(object), [], object.constructor.name);
  }
  same(Object.getPrototypeOf(Response), Function.prototype);
  same(Headers.prototype[Symbol.iterator], Headers.prototype.entries);
  for (const name of ["body", "bodyUsed", "headers", "status"]) throws(TypeError, () => Response.prototype[name], name);
  throws(TypeError, () => Reflect.get(Response.prototype, "body", Object.create(Response.prototype)));
});

test("a body can be read once, whatever was written to its object", async () => {
  const response = new Response("abc");
  response._used = false;
  response._stream = null;
  same(await response.text(), "abc");
  response._used = false;
  same(response.bodyUsed, true);
  await rejects(TypeError, response.text());
  throws(TypeError, () => response.clone());
  const locked = new Response("abc");
  const reader = locked.body.getReader();
  await rejects(TypeError, locked.text());
  reader.releaseLock();
  same(locked.bodyUsed, false);
  same(await locked.text(), "abc");
  same(new Response().body, null);
  same(await new Response().text(), "");
});

test("bodies of all kinds", async () => {
  same(await new Response(new URLSearchParams({ a: "b c" })).text(), "a=b+c");
  same(new Response(new URLSearchParams()).headers.get("content-type"),
    "application/x-www-form-urlencoded;charset=UTF-8");
  same(await new Response(new Uint16Array([0x4241])).text(), "AB");
  same(await new Response(new DataView(u8(65, 66, 67).buffer, 1)).text(), "BC");
  same(await new Response({ toString: () => "object" }).text(), "object");
  const blob = new Blob(["a", u8(98), new Blob(["c"])], { type: "Text/Plain" });
  const response = new Response(blob);
  same(response.headers.get("content-type"), "text/plain");
  same((await response.blob()).size, 3);
  const form = new FormData();
  form.append("a\"\n", "b");
  form.append("f", new File(["x"], "n\".txt", { type: "text/x" }));
  form.append("g", new Blob(["y"]), "named");
  const text = await new Response(form).text();
  for (const part of ['name="a%22%0A"\r\n\r\nb', 'filename="n%22.txt"\r\nContent-Type: text/x\r\n\r\nx',
    'filename="named"']) {
    if (!text.includes(part)) throw new Error(`${part} is not in ${text}`);
  }
  same(form.get("f") instanceof File, true);
  await rejects(TypeError, new Response(chunks("no bytes")).text());
  same(await new Response(chunks(u8(65), u8(), u8(66, 67))).text(), "ABC");
  const buffer = await new Response("abc").arrayBuffer();
  same(buffer.transfer(1).byteLength, 1);
});

test("a stream that fails, and one that nobody reads", async () => {
  const error = new Error("on purpose");
  await rejects(error, new Response(new ReadableStream({ pull() { throw error; } })).text());
  let cancelled;
  const response = new Response(new ReadableStream({ cancel(reason) { cancelled = reason; } }));
  await response.body.cancel(7);
  same(cancelled, 7);
  same(response.bodyUsed, true);
});

test("clones", async () => {
  const first = new Response("abc", { status: 201, headers: { a: "b" } });
  const second = first.clone();
  second.headers.set("a", "c");
  same(first.headers.get("a") + second.headers.get("a") + second.status, "bc201");
  same(await first.text() + await second.text(), "abcabc");
  const request = new Request("/x", { method: "post", body: "abc" });
  const copy = request.clone();
  same(await request.text() + copy.method + await copy.text(), "abcPOSTabc");
  throws(TypeError, () => new Request(request), "a request that was read");
});

test("readable streams", async () => {
  list(await all(chunks(1, 2, 3)), [1, 2, 3]);
  list(await all(ReadableStream.from([1, 2])), [1, 2]);
  list(await all(ReadableStream.from((async function* () { yield 1; yield 2; })())), [1, 2]);
  const [a, b] = chunks(1, 2).tee();
  list(await all(a), [1, 2]);
  list(await all(b), [1, 2]);
  let returned = false;
  const endless = ReadableStream.from({ [Symbol.iterator]: () =>
    ({ next: () => ({ value: 1 }), return: () => ((returned = true), {}) }) });
  for await (const _ of endless) break;
  same(returned, true);
  const reader = chunks(1).getReader();
  throws(TypeError, () => new ReadableStreamDefaultReader({}));
  same((await reader.read()).value, 1);
  same((await reader.read()).done, true);
  same(await reader.closed, undefined);
  reader.releaseLock();
  await rejects(TypeError, reader.read());
  await rejects(TypeError, reader.closed);
  throws(TypeError, () => new ReadableStreamDefaultController());
  throws(RangeError, () => new ReadableStream({}, { highWaterMark: -1 }));
  throws(TypeError, () => new ReadableStream({ type: "other" }));
});

test("what is pulled when", async () => {
  let pulls = 0;
  const stream = new ReadableStream({ pull(controller) { controller.enqueue(++pulls); } }, { highWaterMark: 3 });
  await undefined;
  for (let i = 0; i < 20; i++) await undefined;
  same(pulls, 3);
  const reader = stream.getReader();
  same((await reader.read()).value, 1);
  for (let i = 0; i < 20; i++) await undefined;
  same(pulls, 4);
  const idle = new ReadableStream({ pull() { pulls = -1; } }, { highWaterMark: 0 });
  for (let i = 0; i < 20; i++) await undefined;
  same(pulls, 4);
  same(idle.locked, false);
  const sized = new ReadableStream({ start(c) { c.enqueue("abc"); same(c.desiredSize, 7); } },
    { highWaterMark: 10, size: (s) => s.length });
  same((await sized.getReader().read()).value, "abc");
});

test("streams of bytes", async () => {
  const stream = new ReadableStream({
    type: "bytes",
    pull(controller) {
      const { view } = controller.byobRequest;
      view[0] = 7;
      controller.byobRequest.respond(1);
    },
  });
  const reader = stream.getReader({ mode: "byob" });
  const mine = new Uint8Array(4);
  const { value } = await reader.read(mine);
  list(value, [7]);
  same(mine.buffer.detached, true);
  same(value.buffer.byteLength, 4);
  reader.releaseLock();
  const queued = new ReadableStream({ type: "bytes",
    start(c) { c.enqueue(u8(1, 2, 3)); c.enqueue(u8(4)); c.close(); } });
  const words = queued.getReader({ mode: "byob" });
  list((await words.read(new Uint16Array(1))).value, [0x0201]);
  list((await words.read(new Uint8Array(9), { min: 2 })).value, [3, 4]);
  const end = await words.read(new Uint8Array(1));
  same(end.done, true);
  same(end.value.length, 0);
  const memory = new WebAssembly.Memory({ initial: 1 });
  await rejects(TypeError, new ReadableStream({ type: "bytes" }).getReader({ mode: "byob" }).read(
    new Uint8Array(memory.buffer)));
  throws(TypeError, () => new ReadableStream(
    { type: "bytes", start(c) { c.enqueue(new Uint8Array(memory.buffer)); } }));
  const [a, b] = new ReadableStream({ type: "bytes", start(c) { c.enqueue(u8(1)); c.close(); } }).tee();
  list((await all(a))[0], [1]);
  list((await all(b))[0], [1]);
  const given = new ReadableStream({ type: "bytes", autoAllocateChunkSize: 8,
    pull(c) { c.byobRequest.view[1] = 5; c.byobRequest.respond(2); } });
  list((await given.getReader().read()).value, [0, 5]);
});

test("writable streams and pipes", async () => {
  const log = [];
  const sink = () => new WritableStream({ write(c) { log.push(c); }, close() { log.push("close"); },
    abort(e) { log.push(`abort ${e}`); } });
  await chunks(1, 2).pipeTo(sink());
  list(log.splice(0), [1, 2, "close"]);
  await chunks(1).pipeTo(sink(), { preventClose: true });
  list(log.splice(0), [1]);
  const failing = new ReadableStream({ pull(c) { c.error("failed"); } });
  await rejects("failed", failing.pipeTo(sink()));
  list(log.splice(0), ["abort failed"]);
  let cancelled;
  const source = new ReadableStream({ pull(c) { c.enqueue(1); }, cancel(e) { cancelled = e; } });
  await rejects("full", source.pipeTo(new WritableStream({ write() { throw "full"; } })));
  same(cancelled, "full");
  const abort = new AbortController();
  const piping = new ReadableStream().pipeTo(sink(), { signal: abort.signal });
  abort.abort("stop");
  await rejects("stop", piping);
  list(log.splice(0), ["abort stop"]);
  const writer = sink().getWriter();
  writer.write("a");
  same(writer.desiredSize, 0);
  await writer.ready;
  await writer.close();
  list(log.splice(0), ["a", "close"]);
  await rejects(TypeError, writer.write("b"));
  const through = chunks(1).pipeThrough({ readable: chunks(2), writable: sink() });
  list(await all(through), [2]);
});

test("blobs", async () => {
  const blob = new Blob(["abc", "d\u20ac"]);
  same(blob.size, 7);
  same(await blob.slice(1, -4).text(), "bc");
  same(await blob.slice(-3).text(), "\u20ac");
  same(blob.slice(0, 1, "A/B").type, "a/b");
  const bytes = await blob.bytes();
  bytes[0] = 0;
  same((await blob.text())[0], "a", "bytes are copies");
  same((await blob.arrayBuffer()).transfer(3).byteLength, 3);
  same((await all(blob.stream()))[0].length, 7);
  const file = new File(["x"], "name", { lastModified: 5 });
  same(`${file.name} ${file.lastModified} ${file instanceof Blob} ${file.size}`, "name 5 true 1");
  throws(TypeError, () => new Blob("text"));
  throws(TypeError, () => Reflect.get(File.prototype, "name", blob));
});
