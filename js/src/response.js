// Compiling responses while they arrive (Web API, section 1), for `wasm.js`. `realm` is `realm.rs`'s object, `idl` what `idl.js` makes.
//
// Classes and their methods are taken when the namespace is installed, if the host has them by then.
(function (realm, global, idl) {
  "use strict";

  const { uncurry, isObject, bytesOfUint8Array } = idl;
  const { TypeError, ArrayBuffer } = global;
  const { getOwnPropertyDescriptor } = global.Object;
  const lower = uncurry(global.String.prototype.toLowerCase);
  const slice = uncurry(global.String.prototype.slice);
  const then = uncurry(global.Promise.prototype.then);
  const bufferLength = uncurry(getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength").get);

  /** What is needed of the host's classes; taken when the namespace is installed, if they are there by then. */
  function fetchClasses() {
    const { Response, Headers, ReadableStream } = global;
    if (typeof Response !== "function" || typeof Headers !== "function") return undefined;
    const property = (name) => {
      const descriptor = getOwnPropertyDescriptor(Response.prototype, name);
      return descriptor?.get === undefined ? () => undefined : uncurry(descriptor.get);
    };
    const reader = ReadableStream?.prototype.getReader;
    return {
      status: property("status"),
      type: property("type"),
      url: property("url"),
      headers: property("headers"),
      body: property("body"),
      bodyUsed: property("bodyUsed"),
      arrayBuffer: uncurry(Response.prototype.arrayBuffer),
      header: uncurry(Headers.prototype.get),
      getReader: reader === undefined ? undefined : uncurry(reader),
    };
  }

  const installedClasses = fetchClasses();

  /** Compiles a potential response (Web API, "compile a potential WebAssembly response"), from step 3 on, to a module of the realm's. */
  async function compileResponse(promise, what) {
    const response = await promise;
    const classes = installedClasses ?? fetchClasses();
    let status;
    try {
      status = classes.status(response);
    } catch {
      status = undefined;
    }
    if (status === undefined) throw new TypeError(`${what}: a Response, or a promise of one, is needed`);
    const type = classes.header(classes.headers(response), "content-type");
    if (type === null || type === undefined) throw new TypeError(`${what}: the response has no Content-Type`);
    if (lower(trimTabsAndSpaces(type)) !== "application/wasm") {
      throw new TypeError(`${what}: the Content-Type is "${type}" instead of "application/wasm"`);
    }
    const kind = classes.type(response);
    if (kind !== "basic" && kind !== "cors" && kind !== "default") {
      throw new TypeError(`${what}: a response of type "${kind}" cannot be read`);
    }
    if (status < 200 || status > 299) throw new TypeError(`${what}: the status is ${status}`);
    const body = classes.body(response);
    if (classes.bodyUsed(response) || body?.locked) throw new TypeError(`${what}: the body is used already`);
    const stream = realm.stream(`${classes.url(response)}` || what);
    try {
      if (isObject(body) && classes.getReader !== undefined) await pushBody(stream, classes.getReader(body), what);
      // LLRT's own Response does not show its stream: all bytes have to be waited for.
      else if (body !== null) {
        const buffer = await classes.arrayBuffer(response);
        realm.push(stream, buffer, 0, bufferLength(buffer));
      }
      return realm.finish(stream);
    } finally {
      realm.abort(stream);
    }
  }

  async function pushBody(stream, reader, what) {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        // Streams and readers of llrt that refer to each other are not collected.
        reader.releaseLock();
        return;
      }
      try {
        const bytes = bytesOfUint8Array(value);
        if (bytes === undefined) throw new TypeError(`${what}: the body has a chunk that is no Uint8Array`);
        realm.push(stream, bytes.buffer, bytes.offset, bytes.length);
      } catch (error) {
        // As soon as it is clear that the module is invalid, whatever else would come is not wanted. By the letter, all bytes would
        // be read first, and an error of the body would win.
        then(reader.cancel(error), undefined, () => {});
        reader.releaseLock();
        throw error;
      }
    }
  }

  /** The value without tabs and spaces around it; no other whitespace. */
  function trimTabsAndSpaces(value) {
    let [start, end] = [0, value.length];
    const blank = (i) => value[i] === " " || value[i] === "\t";
    while (start < end && blank(start)) start++;
    while (start < end && blank(end - 1)) end--;
    return slice(value, start, end);
  }

  return compileResponse;
});
