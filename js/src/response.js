// Compiling responses while they arrive (Web API, section 1), for `wasm.js`. `realm` is `realm.rs`'s object, `idl` what
// `idl.js` makes.
//
// Classes and their methods are taken when the namespace is installed, if the host has them by then: what scripts put
// in their place later is not used.
(function (realm, global, idl) {
  "use strict";

  const { uncurry, getter, isObject, toText, bytesOfUint8Array } = idl;
  const { TypeError, ArrayBuffer, Promise } = global;
  const { getOwnPropertyDescriptor, getPrototypeOf, defineProperty } = global.Object;
  const lower = uncurry(global.String.prototype.toLowerCase);
  const slice = uncurry(global.String.prototype.slice);
  const bufferLength = getter(ArrayBuffer.prototype, "byteLength");

  /**
   * A new promise that scripts do not have, to be awaited: with its own `constructor`, so that nothing is looked up.
   * The value that it is fulfilled with must have no prototype, or `then` would be looked up.
   */
  const own = (promise) => defineProperty(promise, "constructor", { __proto__: null, value: Promise });

  /** Waits for a promise of the host, and ignores its outcome. */
  async function forget(promise) {
    try {
      await (isObject(promise) ? own(promise) : promise);
    } catch {
      // An error of a body that is not read any more.
    }
  }

  /** What is needed from the host's classes; captured when the namespace is installed, if they exist by then. */
  function fetchClasses() {
    const { Response, Headers, ReadableStream } = global;
    if (typeof Response !== "function" || typeof Headers !== "function") return undefined;
    const property = (proto, name) => {
      const descriptor = getOwnPropertyDescriptor(proto, name);
      return descriptor === undefined || descriptor.get === undefined ? () => undefined : uncurry(descriptor.get);
    };
    const classes = {
      __proto__: null,
      status: property(Response.prototype, "status"),
      type: property(Response.prototype, "type"),
      url: property(Response.prototype, "url"),
      headers: property(Response.prototype, "headers"),
      body: property(Response.prototype, "body"),
      bodyUsed: property(Response.prototype, "bodyUsed"),
      arrayBuffer: uncurry(Response.prototype.arrayBuffer),
      header: uncurry(Headers.prototype.get),
      getReader: undefined,
    };
    if (typeof ReadableStream === "function") {
      const stream = new ReadableStream();
      const Reader = getPrototypeOf(stream.getReader());
      classes.getReader = uncurry(ReadableStream.prototype.getReader);
      classes.locked = property(ReadableStream.prototype, "locked");
      classes.read = uncurry(Reader.read);
      classes.cancel = uncurry(Reader.cancel);
      classes.releaseLock = uncurry(Reader.releaseLock);
    }
    return classes;
  }

  const installedClasses = fetchClasses();

  /** Whether a body is a stream that is locked to a reader; one that is not the host's stream is not treated as one. */
  function isLocked(classes, body) {
    try {
      return classes.locked(body);
    } catch {
      return true;
    }
  }

  /**
   * Compiles a potential response (Web API, "compile a potential WebAssembly response"), from step 3 on. The promise is
   * for a record whose `native` is a module of the realm; to be awaited.
   */
  const compileResponse = (response, what) => own(compile(response, what));

  async function compile(response, what) {
    const classes = installedClasses ?? fetchClasses();
    let status;
    try {
      status = classes.status(response);
    } catch {
      status = undefined;
    }
    if (status === undefined) throw new TypeError(what + ": a Response, or a promise of one, is required");
    const type = classes.header(classes.headers(response), "content-type");
    if (type === null || type === undefined) throw new TypeError(what + ": the response has no Content-Type");
    if (lower(trimTabsAndSpaces(type)) !== "application/wasm") {
      throw new TypeError(what + ': the Content-Type is "' + type + '" instead of "application/wasm"');
    }
    const kind = classes.type(response);
    if (kind !== "basic" && kind !== "cors" && kind !== "default") {
      throw new TypeError(what + ': a response of type "' + kind + '" cannot be read');
    }
    if (status < 200 || status > 299) throw new TypeError(what + ": the status is " + status);
    const body = classes.body(response);
    const streams = isObject(body) && classes.getReader !== undefined;
    if (classes.bodyUsed(response) || (streams && isLocked(classes, body))) {
      throw new TypeError(what + ": the body has already been used");
    }
    const url = toText(classes.url(response));
    const stream = realm.stream(url === "" ? what : url);
    try {
      if (streams) await own(pushBody(stream, classes, classes.getReader(body), what));
      // LLRT's own Response does not expose its stream: all bytes have to be waited for.
      else if (body !== null) {
        const buffer = await own(classes.arrayBuffer(response));
        realm.push(stream, buffer, 0, bufferLength(buffer));
      }
      return { __proto__: null, native: realm.finish(stream) };
    } finally {
      realm.abort(stream);
    }
  }

  async function pushBody(stream, classes, reader, what) {
    for (;;) {
      const { done, value } = await own(classes.read(reader));
      if (done) {
        classes.releaseLock(reader);
        return;
      }
      try {
        const bytes = bytesOfUint8Array(value);
        if (bytes === undefined) throw new TypeError(what + ": the body has a chunk that is not a Uint8Array");
        realm.push(stream, bytes.buffer, bytes.offset, bytes.length);
      } catch (error) {
        // As soon as the module is known to be invalid, the rest is not read. According to the specification, all bytes
        // would be read first, and an error of the body would win.
        forget(classes.cancel(reader, error));
        classes.releaseLock(reader);
        throw error;
      }
    }
  }

  /** The value without tabs and spaces around it; no other whitespace. */
  function trimTabsAndSpaces(value) {
    let start = 0;
    let end = value.length;
    const blank = (i) => value[i] === " " || value[i] === "\t";
    while (start < end && blank(start)) start++;
    while (start < end && blank(end - 1)) end--;
    return slice(value, start, end);
  }

  return { __proto__: null, own, compileResponse };
});
