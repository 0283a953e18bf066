// Bodies (Fetch standard, sections 2.2.4 and 5.2-5.3): what can be one, and the methods that read one.
(function (own, streams, piping, heads, blobs, coding) {
  "use strict";

  const {
    Uint8Array, TypeError, list, push, copyBytes, setBytes, isUint8Array, source, isObject, mark, defer,
    defineProperty, getOwnPropertyDescriptor, uncurry, toUsv, replaceEach, parseJson,
  } = own;
  const { isStream, streamOf, makeStream, isLocked, isDisturbed, acquireReader, releaseReader, read, closeChunks,
    enqueueChunk } = streams;
  const { isForm, formEntries, getHeader } = heads;
  const { isBlob, makeBlob, bytesOfBlob, typeOfBlob, nameOfBlob } = blobs;
  const { encode, decode } = coding;
  const { URLSearchParams } = own.parts.global;
  const searchText = uncurry(URLSearchParams.prototype.toString);

  // --- Reading -------------------------------------------------------------------------------------------------------

  function concat(chunks) {
    let length = 0;
    for (let i = 0; i < chunks.length; i++) length += source(chunks[i]).length;
    const bytes = new Uint8Array(length);
    let at = 0;
    for (let i = 0; i < chunks.length; i++) {
      setBytes(bytes, chunks[i], at);
      at += source(chunks[i]).length;
    }
    return bytes;
  }

  /**
   * Reads all of a stream. Scripts never get the promise; it is fulfilled with a record, since promises look up `then`.
   */
  function readAll(stream) {
    const reader = acquireReader(streamOf(stream), false);
    const finished = defer();
    const chunks = list();
    let isReading = false;
    let isAnswered = false;
    const request = {
      __proto__: null,
      chunk(value) {
        if (!isUint8Array(value)) {
          finished.reject(new TypeError("the body has a chunk that is not a Uint8Array"));
          return;
        }
        push(chunks, value);
        // A stream that answers at once is read in a loop, not by recursion.
        isAnswered = true;
        if (!isReading) next();
      },
      close() {
        releaseReader(reader);
        finished.resolve({ __proto__: null, bytes: concat(chunks) });
      },
      error: finished.reject,
    };
    function next() {
      isReading = true;
      do {
        isAnswered = false;
        read(reader, request);
      } while (isAnswered);
      isReading = false;
    }
    next();
    return mark(finished.promise);
  }

  // --- What can be a body --------------------------------------------------------------------------------------------

  /** A stream of the bytes that `load` returns, which is called when it is read. */
  function streamOfLoaded(load) {
    const controller = makeStream({
      __proto__: null,
      pull() {
        const bytes = load();
        if (source(bytes).length > 0) enqueueChunk(controller, bytes);
        closeChunks(controller);
        return undefined;
      },
    });
    return controller.stream.object;
  }

  const streamOfBytes = (bytes) => streamOfLoaded(() => bytes);

  /** Fetch, "extract a body": a stream, and the content type that goes with it. */
  function extract(body) {
    if (isStream(body)) {
      if (isLocked(body) || isDisturbed(body)) throw new TypeError("the stream is locked or was read");
      return { __proto__: null, stream: body, type: null };
    }
    if (isBlob(body)) {
      return { __proto__: null, stream: streamOfLoaded(() => bytesOfBlob(body)), type: typeOfBlob(body) || null };
    }
    if (isForm(body)) {
      const boundary = "----headwater" + own.slice(own.toText(own.random()), 2);
      const entries = list();
      for (let i = 0; i < formEntries(body).length; i++) push(entries, formEntries(body)[i]);
      const type = "multipart/form-data; boundary=" + boundary;
      return { __proto__: null, stream: streamOfLoaded(() => multipart(entries, boundary)), type };
    }
    const place = source(body);
    if (place !== undefined) return { __proto__: null, stream: streamOfBytes(copyBytes(place)), type: null };
    const search = searchOf(body);
    if (search !== undefined) {
      return { __proto__: null, stream: streamOfBytes(encode(search)),
        type: "application/x-www-form-urlencoded;charset=UTF-8" };
    }
    return { __proto__: null, stream: streamOfBytes(encode(toUsv(body))), type: "text/plain;charset=UTF-8" };
  }

  function searchOf(value) {
    if (!isObject(value)) return undefined;
    try {
      return searchText(value);
    } catch {
      return undefined;
    }
  }

  const inQuotes = (text) => replaceEach(text,
    (char) => (char === '"' ? "%22" : char === "\r" ? "%0D" : char === "\n" ? "%0A" : undefined));

  function multipart(entries, boundary) {
    const parts = list();
    for (let i = 0; i < entries.length; i++) {
      const { name, value } = entries[i];
      const head = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + inQuotes(name) + "\"";
      if (typeof value === "string") {
        push(parts, encode(head + "\r\n\r\n" + value + "\r\n"));
      } else {
        const type = typeOfBlob(value) || "application/octet-stream";
        push(parts, encode(head + "; filename=\"" + inQuotes(nameOfBlob(value) ?? "blob") + "\"\r\nContent-Type: "
          + type + "\r\n\r\n"));
        push(parts, bytesOfBlob(value));
        push(parts, encode("\r\n"));
      }
    }
    push(parts, encode("--" + boundary + "--\r\n"));
    return concat(parts);
  }

  // --- The mixin -----------------------------------------------------------------------------------------------------

  /** A body's state: the stream or null, and whether it was handed over. */
  const newBody = (stream) => ({ __proto__: null, stream, given: false });

  const isUsed = (body) => body.stream !== null && (body.given || isDisturbed(body.stream));
  const isUnusable = (body) => isUsed(body) || (body.stream !== null && isLocked(body.stream));

  /** Reads an unused body: a record of its bytes. */
  async function consume(body) {
    if (body.stream === null) return { __proto__: null, bytes: new Uint8Array(0) };
    if (isUnusable(body)) throw new TypeError("the body has already been used");
    return await readAll(body.stream);
  }

  /**
   * Puts the mixin's members on a class. `bodyOf` gives the state of an object and `headersOf` its headers, or throw.
   */
  function mixInto(Class, bodyOf, headersOf) {
    const members = {
      async arrayBuffer() {
        return source((await mark(consume(bodyOf(this)))).bytes).buffer;
      },
      async blob() {
        const headers = headersOf(this);
        const { bytes } = await mark(consume(bodyOf(this)));
        return makeBlob(bytes, getHeader(headers, "content-type") ?? "");
      },
      get body() {
        return bodyOf(this).stream;
      },
      get bodyUsed() {
        return isUsed(bodyOf(this));
      },
      async bytes() {
        return (await mark(consume(bodyOf(this)))).bytes;
      },
      async formData() {
        bodyOf(this);
        throw new TypeError("formData() is not supported");
      },
      async json() {
        return parseJson(decode((await mark(consume(bodyOf(this)))).bytes));
      },
      async text() {
        return decode((await mark(consume(bodyOf(this)))).bytes);
      },
    };
    for (const name in members) defineProperty(Class.prototype, name, getOwnPropertyDescriptor(members, name));
  }

  /** Two bodies of one: the second as a new state. */
  function cloneBody(body) {
    if (body.stream === null) return newBody(null);
    const branches = piping.tee(body.stream);
    body.stream = branches[0];
    return newBody(branches[1]);
  }

  return { __proto__: null, extract, newBody, cloneBody, isUnusable, consume, mixInto, streamOfBytes };
});
