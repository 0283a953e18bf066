// Readable streams (Streams standard, section 4): streams, readers, and controllers of chunks; those of bytes are in
// `bytes.js`, and `pipe.js` has what passes a stream on.
//
// Each object has a record, which the algorithms of the standard work on; only a private field leads from the object to
// the record. A controller's record has `pull`, `cancelSteps` and `releaseSteps`; a read request has `chunk`, `close`
// and `error`.
(function (own) {
  "use strict";

  const {
    apply, create, dictionary, queue, enqueue, dequeue, defer, resolved, rejected, react, mark, handled, isObject,
    expose, toText, TypeError,
    RangeError,
  } = own;

  const INTERNAL = create(null);
  let streamOf, isStream, readerOf, isDefaultReader, controllerOf;

  // --- Streams -------------------------------------------------------------------------------------------------------

  function newStream(object) {
    return {
      __proto__: null, object, state: "readable", error: undefined, disturbed: false, reader: undefined,
      controller: undefined,
    };
  }

  /**
   * One of our own streams. `pull` and `cancel` may return a native promise that scripts do not get; nothing is pulled
   * without demand.
   */
  function makeStream({ pull, cancel, bytes }) {
    const stream = streamOf(new ReadableStream(INTERNAL));
    const setUp = bytes === true ? setUpBytes : setUpChunks;
    return setUp(stream, { __proto__: null, start: undefined, pull, cancel }, 0, () => 1, undefined);
  }

  async function cancelStream(stream, reason) {
    stream.disturbed = true;
    if (stream.state === "closed") return;
    if (stream.state === "errored") throw stream.error;
    closeStream(stream);
    const { reader } = stream;
    if (reader?.byob) while (reader.requests.length > 0) dequeue(reader.requests).close(undefined);
    const cancelled = stream.controller.cancelSteps(reason);
    if (cancelled !== undefined) await mark(cancelled);
  }

  function closeStream(stream) {
    stream.state = "closed";
    const { reader } = stream;
    if (reader === undefined) return;
    settleClosed(reader);
    if (!reader.byob) while (reader.requests.length > 0) dequeue(reader.requests).close();
  }

  function errorStream(stream, error) {
    stream.state = "errored";
    stream.error = error;
    const { reader } = stream;
    if (reader === undefined) return;
    failClosed(reader, error);
    while (reader.requests.length > 0) dequeue(reader.requests).error(error);
  }

  // --- Readers -------------------------------------------------------------------------------------------------------

  /**
   * A reader's record, also without an object. `watch` are functions that are called when the stream closes or fails.
   */
  function acquireReader(stream, byob) {
    if (stream.reader !== undefined) throw new TypeError("the stream is locked");
    if (byob && !stream.controller.bytes) throw new TypeError("the stream is not one of bytes");
    const reader = { __proto__: null, stream, byob, requests: queue(), closed: defer(), settled: false,
      watch: undefined };
    stream.reader = reader;
    if (stream.state === "closed") settleClosed(reader);
    if (stream.state === "errored") failClosed(reader, stream.error);
    return reader;
  }

  function settleClosed(reader) {
    reader.settled = true;
    reader.closed.resolve(undefined);
    reader.watch?.closed();
  }

  function failClosed(reader, error) {
    reader.settled = true;
    reader.closed.reject(error);
    handled(reader.closed.promise);
    reader.watch?.errored(error);
  }

  function releaseReader(reader) {
    const { stream } = reader;
    if (stream === undefined) return;
    const error = new TypeError("the reader was released");
    if (reader.settled) reader.closed = defer();
    reader.settled = true;
    reader.watch = undefined;
    reader.closed.reject(error);
    handled(reader.closed.promise);
    stream.controller.releaseSteps();
    stream.reader = undefined;
    reader.stream = undefined;
    while (reader.requests.length > 0) dequeue(reader.requests).error(error);
  }

  /** Reads a chunk. The request may be answered at once. */
  function read(reader, request) {
    const { stream } = reader;
    stream.disturbed = true;
    if (stream.state === "closed") request.close();
    else if (stream.state === "errored") request.error(stream.error);
    else stream.controller.pullSteps(request);
  }

  /** A request that settles what `defer()` made, as scripts see it. */
  function requestOf(deferred) {
    return {
      __proto__: null,
      chunk: (value) => deferred.resolve({ value, done: false }),
      close: (value) => deferred.resolve({ value, done: true }),
      error: deferred.reject,
    };
  }

  // --- Controllers of chunks -----------------------------------------------------------------------------------------

  /** Makes the controller of a stream. `source` has `start`, `pull` and `cancel`, or some of them. */
  function setUpChunks(stream, source, highWaterMark, size) {
    const c = {
      __proto__: null, bytes: false, object: undefined, stream, source, highWaterMark, size, queue: queue(), total: 0,
      started: false,
      closeRequested: false, pulling: false, pullAgain: false, pullSteps, cancelSteps, releaseSteps() {},
    };
    c.object = new ReadableStreamDefaultController(INTERNAL, c);
    stream.controller = c;

    function pullSteps(request) {
      if (c.queue.length === 0) {
        enqueue(stream.reader.requests, request);
        pullIfNeeded(c, shouldPull);
        return;
      }
      const entry = dequeue(c.queue);
      c.total = c.queue.length === 0 ? 0 : c.total - entry.size;
      if (c.closeRequested && c.queue.length === 0) {
        forgetSource(c);
        closeStream(stream);
      } else {
        pullIfNeeded(c, shouldPull);
      }
      request.chunk(entry.chunk);
    }

    function cancelSteps(reason) {
      c.queue = queue();
      c.total = 0;
      const { cancel } = c.source;
      forgetSource(c);
      return cancel?.(reason);
    }

    start(c, shouldPull, errorChunks);
    return c;
  }

  /** What both kinds of controllers share: `shouldPull` and `fail` are the kind's. */
  function start(c, shouldPull, fail) {
    c.fail = fail;
    const begun = () => {
      c.started = true;
      pullIfNeeded(c, shouldPull);
    };
    const { start } = c.source;
    if (start === undefined) {
      react(resolved(undefined), begun);
    } else {
      react(resolved(start(c.object)), begun, (error) => fail(c, error));
    }
  }

  function pullIfNeeded(c, shouldPull) {
    if (!shouldPull(c)) return;
    if (c.pulling) {
      c.pullAgain = true;
      return;
    }
    const { pull } = c.source;
    if (pull === undefined) return;
    c.pulling = true;
    react(pull(c.object) ?? resolved(undefined), () => {
      c.pulling = false;
      if (!c.pullAgain) return;
      c.pullAgain = false;
      pullIfNeeded(c, shouldPull);
    }, (error) => c.fail(c, error));
  }

  /** So that nothing that it refers to is kept alive. */
  function forgetSource(c) {
    c.source = create(null);
    c.size = undefined;
  }

  const canEnqueue = (c) => !c.closeRequested && c.stream.state === "readable";

  function shouldPull(c) {
    if (!canEnqueue(c) || !c.started) return false;
    return c.stream.reader?.requests.length > 0 || desiredSize(c) > 0;
  }

  function desiredSize(c) {
    if (c.stream.state === "errored") return null;
    return c.stream.state === "closed" ? 0 : c.highWaterMark - c.total;
  }

  function closeChunks(c) {
    if (!canEnqueue(c)) return;
    c.closeRequested = true;
    if (c.queue.length > 0) return;
    forgetSource(c);
    closeStream(c.stream);
  }

  function enqueueChunk(c, chunk) {
    if (!canEnqueue(c)) return;
    const { reader } = c.stream;
    if (reader !== undefined && reader.requests.length > 0) {
      dequeue(reader.requests).chunk(chunk);
    } else {
      try {
        const size = +(0, c.size)(chunk);
        if (!(size >= 0 && size < Infinity)) {
          throw new RangeError("a chunk's size is not a finite number of at least 0");
        }
        enqueue(c.queue, { __proto__: null, chunk, size });
        c.total += size;
      } catch (error) {
        errorChunks(c, error);
        throw error;
      }
    }
    pullIfNeeded(c, shouldPull);
  }

  function errorChunks(c, error) {
    if (c.stream.state !== "readable") return;
    c.queue = queue();
    c.total = 0;
    forgetSource(c);
    errorStream(c.stream, error);
  }

  // --- What scripts give ---------------------------------------------------------------------------------------------

  function callback(value, what) {
    if (value !== undefined && typeof value !== "function") throw new TypeError(what + " is not a function");
    return value;
  }

  /** A callback that returns a promise. Arguments are those of the algorithm. */
  function promising(func, self) {
    if (func === undefined) return undefined;
    return (...args) => {
      try {
        return resolved(apply(func, self, args));
      } catch (error) {
        return rejected(error);
      }
    };
  }

  /** An underlying source, its members read in the order of their names. */
  function toSource(value) {
    const members = dictionary(value, "the underlying source");
    let chunkSize = members.autoAllocateChunkSize;
    if (chunkSize !== undefined) chunkSize = toSize(chunkSize, "autoAllocateChunkSize");
    const cancel = callback(members.cancel, "cancel");
    const pull = callback(members.pull, "pull");
    const begin = callback(members.start, "start");
    let { type } = members;
    if (type !== undefined && (type = toText(type)) !== "bytes") {
      throw new TypeError("\"" + type + "\" is not a type of streams");
    }
    return {
      __proto__: null, type, chunkSize, start: begin && ((controller) => apply(begin, value, [controller])),
      pull: promising(pull, value), cancel: promising(cancel, value),
    };
  }

  /** [EnforceRange] unsigned long long */
  function toSize(value, what) {
    const size = own.trunc(+value);
    if (!(size >= 0 && size <= 2 ** 53 - 1)) throw new TypeError(what + " is out of range");
    return size;
  }

  /** A queuing strategy. */
  function toStrategy(value) {
    const { highWaterMark, size } = dictionary(value, "the strategy");
    return {
      __proto__: null, highWaterMark: highWaterMark === undefined ? undefined : +highWaterMark,
      size: callback(size, "size") ?? undefined,
    };
  }

  function toHighWaterMark(strategy, standard) {
    const mark = strategy.highWaterMark ?? standard;
    if (!(mark >= 0)) throw new RangeError("highWaterMark is not a number of at least 0");
    return mark;
  }

  // --- Classes -------------------------------------------------------------------------------------------------------

  class ReadableStream {
    #stream = newStream(this);

    constructor(underlyingSource, strategy) {
      if (underlyingSource === INTERNAL) return;
      if (underlyingSource !== undefined && !isObject(underlyingSource)) {
        throw new TypeError("ReadableStream: the underlying source must be an object");
      }
      const queuing = toStrategy(strategy);
      const source = toSource(underlyingSource);
      if (source.type === "bytes") {
        if (queuing.size !== undefined) throw new RangeError("ReadableStream: a stream of bytes has no size()");
        setUpBytes(this.#stream, source, toHighWaterMark(queuing, 0), undefined, source.chunkSize);
      } else {
        const { size } = queuing;
        const measure = size === undefined ? () => 1 : (chunk) => apply(size, undefined, [chunk]);
        setUpChunks(this.#stream, source, toHighWaterMark(queuing, 1), measure);
      }
    }

    static {
      streamOf = (object) => object.#stream;
      isStream = (object) => isObject(object) && #stream in object;
    }

    get locked() {
      return this.#stream.reader !== undefined;
    }

    async cancel(reason) {
      if (this.#stream.reader !== undefined) throw new TypeError("ReadableStream.cancel(): the stream is locked");
      await mark(cancelStream(this.#stream, reason));
    }

    getReader(options) {
      let { mode } = dictionary(options, "ReadableStream.getReader(): the options");
      if (mode !== undefined && (mode = toText(mode)) !== "byob") {
        throw new TypeError("\"" + mode + "\" is not a mode of readers");
      }
      return mode === undefined ? new ReadableStreamDefaultReader(this) : new ReadableStreamBYOBReader(this);
    }
  }

  class ReadableStreamDefaultReader {
    #reader;

    constructor(stream) {
      if (!isStream(stream)) throw new TypeError("ReadableStreamDefaultReader: the argument must be a ReadableStream");
      this.#reader = acquireReader(streamOf(stream), false);
    }

    static {
      readerOf = (object) => object.#reader;
      isDefaultReader = (object) => isObject(object) && #reader in object;
    }

    get closed() {
      return isDefaultReader(this) ? this.#reader.closed.promise : rejected(new TypeError("this is not a reader"));
    }

    async cancel(reason) {
      if (this.#reader.stream === undefined) throw new TypeError("the reader was released");
      await mark(cancelStream(this.#reader.stream, reason));
    }

    read() {
      try {
        if (this.#reader.stream === undefined) throw new TypeError("the reader was released");
        const deferred = defer();
        read(this.#reader, requestOf(deferred));
        return deferred.promise;
      } catch (error) {
        return rejected(error);
      }
    }

    releaseLock() {
      releaseReader(this.#reader);
    }
  }

  class ReadableStreamDefaultController {
    #controller;

    constructor(internal, controller) {
      if (internal !== INTERNAL) throw new TypeError("Illegal constructor");
      this.#controller = controller;
    }

    get desiredSize() {
      return desiredSize(this.#controller);
    }

    close() {
      if (!canEnqueue(this.#controller)) throw new TypeError("the stream is closed or failed already");
      closeChunks(this.#controller);
    }

    enqueue(chunk) {
      if (!canEnqueue(this.#controller)) throw new TypeError("the stream is closed or failed already");
      enqueueChunk(this.#controller, chunk);
    }

    error(error) {
      errorChunks(this.#controller, error);
    }
  }

  for (const Class of [ReadableStream, ReadableStreamDefaultReader, ReadableStreamDefaultController]) expose(Class);

  const shared = {
    __proto__: null, INTERNAL, streamOf, isStream, newStream, makeStream, cancelStream, closeStream, errorStream,
    acquireReader,
    releaseReader, read, requestOf, pullIfNeeded, start, forgetSource, setUpChunks, closeChunks, enqueueChunk,
    errorChunks, callback,
    promising, toSize, toStrategy, toHighWaterMark, ReadableStream,
    isDisturbed: (object) => streamOf(object).disturbed,
    isLocked: (object) => streamOf(object).reader !== undefined,
  };
  const bytes = own.parts.bytes(own, shared);
  const { setUpBytes, ReadableStreamBYOBReader } = bytes;
  own.parts.streamBytes = bytes;
  return shared;
});
