// Every method, getter, iterator and constructor that a script can replace is replaced, one at a time, by one that
// throws and by one that lies: the shell must do the same as before, since it uses what existed when the realm was
// created.
//
// What runs meanwhile does not use it either: everything is captured before.
{
  const { apply, construct, defineProperty, deleteProperty, ownKeys, getOwnPropertyDescriptor } = Reflect;
  const { getPrototypeOf, setPrototypeOf } = Object;
  const resolvers = Promise.withResolvers.bind(Promise);
  const { setTimeout, clearTimeout, reportError, fetch } = globalThis;
  const uncurry = (func) => (self, ...args) => apply(func, self, args);
  const getter = (Class, name) => uncurry(getOwnPropertyDescriptor(Class.prototype, name).get);
  const { Uint8Array, ArrayBuffer, Error } = globalThis;
  const classes = {
    Response, Request, Headers, ReadableStream, WritableStream, Blob, File, FormData, TextEncoder, TextDecoder,
    AbortController,
    ReadableStreamDefaultReader, ReadableStreamBYOBReader, ReadableStreamDefaultController,
    ReadableByteStreamController,
    ReadableStreamBYOBRequest, WritableStreamDefaultWriter, WritableStreamDefaultController, URL, URLSearchParams,
    DOMException, Crypto,
    AbortSignal, EventTarget, CountQueuingStrategy, ByteLengthQueuingStrategy,
  };
  const readText = uncurry(Response.prototype.text);
  // A template would call `String.prototype.concat`, as QuickJS makes them.
  const text = String;
  const arrayBuffer = uncurry(Response.prototype.arrayBuffer);
  const json = uncurry(Response.prototype.json);
  const clone = uncurry(Response.prototype.clone);
  const body = getter(Response, "body");
  const used = getter(Response, "bodyUsed");
  const headersOf = getter(Response, "headers");
  const [append, get, has, remove, set] =
    ["append", "get", "has", "delete", "set"].map((name) => uncurry(Headers.prototype[name]));
  const entries = uncurry(Headers.prototype.entries);
  const nextPair = uncurry(getPrototypeOf(entries(new Headers())).next);
  const blobText = uncurry(Blob.prototype.text);
  const addEntry = uncurry(FormData.prototype.append);
  const encode = uncurry(TextEncoder.prototype.encode);
  const encodeInto = uncurry(TextEncoder.prototype.encodeInto);
  const decode = uncurry(TextDecoder.prototype.decode);
  const random = uncurry(crypto.getRandomValues);
  const uuid = uncurry(crypto.randomUUID);
  const { crypto: source } = globalThis;
  const tee = uncurry(ReadableStream.prototype.tee);
  const pipeTo = uncurry(ReadableStream.prototype.pipeTo);
  const getReader = uncurry(ReadableStream.prototype.getReader);
  const read = uncurry(ReadableStreamDefaultReader.prototype.read);
  const readInto = uncurry(ReadableStreamBYOBReader.prototype.read);
  const [enqueue, close] = ["enqueue", "close"].map((name) => uncurry(ReadableStreamDefaultController.prototype[name]));
  const [enqueueBytes, closeBytes] =
    ["enqueue", "close"].map((name) => uncurry(ReadableByteStreamController.prototype[name]));
  const data = "data:text/plain;base64,aGVsbG8=";

  const { structuredClone } = globalThis;
  const timeOf = uncurry(Date.prototype.getTime);
  const patternOf = getter(RegExp, "source");
  const isGlobal = getter(RegExp, "global");
  const fromMap = uncurry(Map.prototype.get);
  const inSet = uncurry(Set.prototype.has);
  const original = {
    date: new Date(7), pattern: /a+/g, map: new Map([["k", [1, 2]]]), set: new Set(["x"]), bytes: new Uint8Array([1, 2, 3]),
    view: new DataView(new ArrayBuffer(4), 1), error: new RangeError("no"), list: [1, { deep: 2n }], wrapped: Object(5),
    module: new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
  };

  /** What a structured clone has. */
  function cloned() {
    const { date, pattern, map, set, bytes, error, list } = structuredClone(original);
    return text(timeOf(date)) + patternOf(pattern) + text(isGlobal(pattern)) + text(fromMap(map, "k")[1])
      + text(inSet(set, "x")) + text(bytes[2]) + error.message + text(list[1].deep) + ";";
  }

  /** A stream of two chunks, each given when it is pulled. */
  function twoChunks() {
    let count = 0;
    return new classes.ReadableStream({
      __proto__: null,
      pull(controller) {
        const chunk = new Uint8Array(2);
        chunk[0] = 97 + count;
        chunk[1] = 109 + count;
        if (count++ < 2) enqueue(controller, chunk);
        else close(controller);
      },
    });
  }

  /** What the shell does, as one text. */
  async function everything(url) {
    const { Response, Headers, Blob, FormData, TextEncoder, TextDecoder, ReadableStream, WritableStream } = classes;
    let seen = "";
    const first = new Response("äbc\ud800", { __proto__: null, headers: { __proto__: null, "X-A": " b " } });
    const second = clone(first);
    seen += await readText(first) + " " + text(used(first)) + " " + text(used(second)) + " " + await readText(second)
      + " " + text(get(headersOf(first), "x-a")) + ";";
    const buffer = new Uint8Array(await arrayBuffer(new Response(twoChunks())));
    seen += text(buffer[0]) + " " + text(buffer[1]) + " " + text(buffer[2]) + " " + text(buffer[3]) + " "
      + text(buffer[4]) + ";";
    seen += text((await json(new Response('{"a":{"b":7}}'))).a.b) + ";";
    const headers = new Headers();
    append(headers, "B", "1");
    append(headers, "a", "2");
    append(headers, "b", "3");
    set(headers, "c", "4");
    remove(headers, "c");
    const pair = nextPair(entries(headers)).value;
    seen += text(get(headers, "b")) + " " + text(has(headers, "c")) + " " + text(pair[0]) + " " + text(pair[1]) + ";";
    const chunk = new Uint8Array(1);
    chunk[0] = 65;
    seen += await readText(new Response(chunk)) + " "
      + text(decode(new TextDecoder(), encode(new TextEncoder(), "€x"))) + ";";
    const into = encodeInto(new TextEncoder(), "€x", new Uint8Array(3));
    seen += text(into.read) + " " + text(into.written) + " " + text(random(source, chunk) === chunk) + " "
      + text(typeof uuid(source)) + ";";
    const form = new FormData();
    addEntry(form, "n", "v");
    seen += text((await readText(new Response(form))).length > 60) + " " + await readText(await fetch(data)) + ";";
    const branches = tee(twoChunks());
    seen += await readText(new Response(branches[0])) + " " + await readText(new Response(branches[1])) + ";";
    seen += cloned();
    let written = "";
    await pipeTo(twoChunks(), new WritableStream(
      { __proto__: null, write(chunk) { written += chunk[0]; }, close() { written += "."; } }));
    seen += text(written) + ";";
    const reader = getReader(body(new Response("xyz")));
    const got = await read(reader);
    seen += text(got.value[2]) + " " + text(got.done) + " " + text((await read(reader)).done) + ";";
    const ofBytes = new ReadableStream({
      __proto__: null, type: "bytes",
      start(controller) {
        enqueueBytes(controller, new Uint8Array(5));
        closeBytes(controller);
      },
    });
    const filled = await readInto(getReader(ofBytes, { __proto__: null, mode: "byob" }), new Uint8Array(3));
    seen += text(filled.done) + " " + text(filled.value[2]) + " " + text(filled.value[3]) + ";";
    if (url !== undefined) {
      const response = await fetch(url);
      seen += text(get(headersOf(response), "content-type")) + " " + await readText(response) + ";";
    }
    return seen;
  }

  // --- What is replaced ----------------------------------------------------------------------------------------------

  const generator = (function* () {})();
  const asyncGenerator = (async function* () {})();
  const prototypes = {
    TypedArray: getPrototypeOf(Uint8Array.prototype),
    Generator: getPrototypeOf(getPrototypeOf(generator)),
    AsyncGenerator: getPrototypeOf(getPrototypeOf(asyncGenerator)),
    AsyncIterator: getPrototypeOf(getPrototypeOf(getPrototypeOf(asyncGenerator))),
    AsyncFunction: getPrototypeOf(async () => {}),
    ArrayIterator: getPrototypeOf([][Symbol.iterator]()),
    StringIterator: getPrototypeOf(""[Symbol.iterator]()),
    MapIterator: getPrototypeOf(new Map().entries()),
    SetIterator: getPrototypeOf(new Set().values()),
    RegExpIterator: getPrototypeOf("".matchAll(/x/g)),
    Iterator: getPrototypeOf(getPrototypeOf([][Symbol.iterator]())),
    HeadersIterator: getPrototypeOf(new Headers().entries()),
  };
  const names = [
    "Object", "Function", "Array", "String", "Number", "Boolean", "Symbol", "BigInt", "Math", "JSON", "Reflect",
    "Promise", "RegExp", "Map",
    "Set", "WeakMap", "WeakSet", "WeakRef", "FinalizationRegistry", "ArrayBuffer", "SharedArrayBuffer", "DataView",
    "Atomics", "Date",
    "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array",
    "Float32Array",
    "Float64Array", "BigInt64Array", "BigUint64Array", "Error", "TypeError", "RangeError", "Proxy", "Iterator",
  ];
  const targets = [["globalThis", globalThis], ...Object.entries(prototypes)];
  for (const name of [...names, ...Object.keys(classes)]) {
    const value = globalThis[name];
    if (value === undefined) continue;
    targets.push([name, value]);
    if (value.prototype !== undefined) targets.push([`${name}.prototype`, value.prototype]);
  }
  targets.push(["TypedArray constructor", getPrototypeOf(Uint8Array)]);

  let seen = "";
  const throwing = () => {
    throw "reached " + seen;
  };
  const lies = [() => undefined, () => ({}), () => 4294967296.5, () => [1, 2, 3]];

  /** All replacements: what they are called, how they are made and undone. */
  const replacements = [];
  for (const [name, target] of targets) {
    for (const key of ownKeys(target)) {
      const old = getOwnPropertyDescriptor(target, key);
      if (!old.configurable || key === "eval"
        || (target === globalThis && ["globalThis", "test", "self"].includes(key))) {
        continue;
      }
      const make = (replacement) => {
        if (old.get !== undefined) return { __proto__: null, get: replacement, set: replacement, configurable: true };
        if (typeof old.value === "function") {
          return { __proto__: null, value: replacement, writable: true, configurable: true };
        }
        return undefined;
      };
      for (const replacement of [throwing, ...lies]) {
        const made = make(replacement);
        if (made === undefined) break;
        replacements.push({ what: `${name}.${String(key)} by ${replacement}`, target, key, made, old });
      }
    }
  }
  // Setters and getters where there was nothing. A getter for `then` that threw would reject by the standards.
  for (const target of [Object.prototype, Array.prototype]) {
    for (const key of ["0", "1", "2", "3", "then", "status", "statusText", "headers", "url", "bytes", "value", "done",
      "get", "set",
      "read", "written", "type", "start", "stream", "buffer", "native", "encoding", "promise", "resolve", "next",
      "body", "method", "signal"]) {
      const made = { __proto__: null, get: () => undefined, set: throwing, configurable: true };
      replacements.push({ what: `a setter for ${key}`, target, key, made, old: undefined });
    }
  }
  replacements.push({ what: "prepareStackTrace", target: Error, key: "prepareStackTrace",
    made: { value: throwing, configurable: true } });

  const count = replacements.length;
  test(`${count} replacements change nothing`, async () => {
    const url = new URL("text.txt", location.href).href;
    const expected = await everything(url);
    if (!expected.includes("text/plain x;")) throw new Error(`unexpected: ${expected}`);
    let failures = "";
    for (let i = 0; i < count; i++) {
      const { what, target, key, made, old } = replacements[i];
      seen = what;
      // A promise that never settles would end the program as if all were well.
      const timer = setTimeout(() => reportError(new Error(`nothing came of ${what}`)), 20000);
      let result, thrown;
      defineProperty(target, key, made);
      try {
        result = await everything(i % 16 === 0 ? url : undefined);
      } catch (error) {
        thrown = { __proto__: null, error };
      }
      if (old === undefined) deleteProperty(target, key);
      else defineProperty(target, key, old);
      clearTimeout(timer);
      if (thrown !== undefined) result = `thrown: ${thrown.error}\n${thrown.error?.stack}`;
      const wanted = i % 16 === 0 ? expected : expected.slice(0, expected.lastIndexOf("text/plain"));
      if (result !== wanted) failures += `${what}: ${result}\n`;
    }
    if (failures !== "") throw new Error(failures);
    if (count < 3000) throw new Error(`only ${count} replacements`);
  });
}
