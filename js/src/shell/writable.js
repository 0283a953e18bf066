// Writable streams (Streams standard, section 5), with records and algorithms like those of `readable.js`, which
// provides `shared`.
(function (own, shared) {
  "use strict";

  const {
    apply, create, construct, dictionary, queue, enqueue, dequeue, defer, resolved, rejected, react, handled, isObject,
    expose, TypeError,
    RangeError,
  } = own;
  const { INTERNAL, callback, promising, toStrategy, toHighWaterMark } = shared;
  const AbortController = own.parts.global.AbortController;
  const abortSignal = own.uncurry(AbortController.prototype.abort);
  const signalOf = own.getter(AbortController.prototype, "signal");

  let writableOf, isWritable;

  /** Settles later what `defer()` returned; `done` tells whether that has happened. */
  function pending() {
    const deferred = defer();
    deferred.done = false;
    return deferred;
  }

  function settle(deferred, error, failed) {
    deferred.done = true;
    if (!failed) {
      deferred.resolve(undefined);
      return;
    }
    deferred.reject(error);
    handled(deferred.promise);
  }

  // --- Streams -------------------------------------------------------------------------------------------------------

  function newWritable() {
    return {
      __proto__: null, state: "writable", error: undefined, writer: undefined, backpressure: false,
      controller: undefined,
      requests: queue(), inFlight: undefined, closing: undefined, closeInFlight: undefined, aborting: undefined,
    };
  }

  const isClosing = (stream) => stream.closing !== undefined || stream.closeInFlight !== undefined;

  function setBackpressure(stream, value) {
    const { writer } = stream;
    if (writer !== undefined && value !== stream.backpressure) {
      if (value) writer.ready = pending();
      else settle(writer.ready);
    }
    stream.backpressure = value;
  }

  function abortStream(stream, reason) {
    if (stream.state === "closed" || stream.state === "errored") return resolved(undefined);
    abortSignal(stream.controller.abort, reason);
    if (stream.state === "closed" || stream.state === "errored") return resolved(undefined);
    if (stream.aborting !== undefined) return stream.aborting.deferred.promise;
    const erroring = stream.state === "erroring";
    const deferred = defer();
    stream.aborting = { __proto__: null, deferred, reason: erroring ? undefined : reason, erroring };
    if (!erroring) startErroring(stream, reason);
    return deferred.promise;
  }

  function closeWritable(stream) {
    if (stream.state === "closed" || stream.state === "errored" || isClosing(stream)) {
      return rejected(new TypeError("the stream is closed, closing or failed"));
    }
    const deferred = defer();
    stream.closing = deferred;
    if (stream.writer !== undefined && stream.backpressure && stream.state === "writable") settle(stream.writer.ready);
    enqueue(stream.controller.queue, { __proto__: null, close: true, chunk: undefined, size: 0 });
    advance(stream.controller);
    return deferred.promise;
  }

  function startErroring(stream, error) {
    stream.state = "erroring";
    stream.error = error;
    const { writer } = stream;
    if (writer !== undefined) failReady(writer, error);
    if (stream.inFlight === undefined && stream.closeInFlight === undefined && stream.controller.started) {
      finishErroring(stream);
    }
  }

  function failReady(writer, error) {
    if (writer.ready.done) writer.ready = pending();
    settle(writer.ready, error, true);
  }

  function finishErroring(stream) {
    stream.state = "errored";
    const c = stream.controller;
    c.queue = queue();
    c.total = 0;
    while (stream.requests.length > 0) dequeue(stream.requests).reject(stream.error);
    const { aborting } = stream;
    if (aborting === undefined) {
      rejectClosing(stream);
      return;
    }
    stream.aborting = undefined;
    if (aborting.erroring) {
      aborting.deferred.reject(stream.error);
      rejectClosing(stream);
      return;
    }
    const { abort } = c.sink;
    forgetSink(c);
    react(abort?.(aborting.reason) ?? resolved(undefined), () => {
      aborting.deferred.resolve(undefined);
      rejectClosing(stream);
    }, (error) => {
      aborting.deferred.reject(error);
      rejectClosing(stream);
    });
  }

  function rejectClosing(stream) {
    if (stream.closing !== undefined) {
      stream.closing.reject(stream.error);
      stream.closing = undefined;
    }
    const { writer } = stream;
    if (writer === undefined) return;
    settle(writer.closed, stream.error, true);
    writer.watch?.errored(stream.error);
  }

  function dealWithRejection(stream, error) {
    if (stream.state === "writable") startErroring(stream, error);
    else finishErroring(stream);
  }

  // --- The controller ------------------------------------------------------------------------------------------------

  function setUp(stream, sink, highWaterMark, size) {
    const c = {
      __proto__: null, object: undefined, stream, sink, highWaterMark, size, queue: queue(), total: 0, started: false,
      abort: construct(AbortController, []),
    };
    c.object = new WritableStreamDefaultController(INTERNAL, c);
    stream.controller = c;
    setBackpressure(stream, desiredSize(c) <= 0);
    react(resolved(sink.start?.(c.object)), () => {
      c.started = true;
      advance(c);
    }, (error) => {
      c.started = true;
      dealWithRejection(stream, error);
    });
  }

  const desiredSize = (c) => c.highWaterMark - c.total;

  function forgetSink(c) {
    c.sink = create(null);
    c.size = undefined;
  }

  function errorIfNeeded(c, error) {
    if (c.stream.state !== "writable") return;
    forgetSink(c);
    startErroring(c.stream, error);
  }

  /** "Advance queue if needed" */
  function advance(c) {
    const { stream } = c;
    if (!c.started || stream.inFlight !== undefined) return;
    if (stream.state === "erroring") {
      finishErroring(stream);
      return;
    }
    if (c.queue.length === 0 || stream.closeInFlight !== undefined) return;
    const entry = c.queue.first.value;
    if (entry.close) processClose(c);
    else processWrite(c, entry.chunk);
  }

  function processClose(c) {
    const { stream } = c;
    stream.closeInFlight = stream.closing;
    stream.closing = undefined;
    dequeue(c.queue);
    const { close } = c.sink;
    forgetSink(c);
    react(close?.() ?? resolved(undefined), () => {
      stream.closeInFlight.resolve(undefined);
      stream.closeInFlight = undefined;
      if (stream.state === "erroring") {
        stream.error = undefined;
        stream.aborting?.deferred.resolve(undefined);
        stream.aborting = undefined;
      }
      stream.state = "closed";
      if (stream.writer === undefined) return;
      settle(stream.writer.closed);
      stream.writer.watch?.closed();
    }, (error) => {
      stream.closeInFlight.reject(error);
      stream.closeInFlight = undefined;
      stream.aborting?.deferred.reject(error);
      stream.aborting = undefined;
      dealWithRejection(stream, error);
    });
  }

  function processWrite(c, chunk) {
    const { stream } = c;
    stream.inFlight = dequeue(stream.requests);
    react(c.sink.write?.(chunk, c.object) ?? resolved(undefined), () => {
      stream.inFlight.resolve(undefined);
      stream.inFlight = undefined;
      const { size } = dequeue(c.queue);
      c.total = c.queue.length === 0 ? 0 : c.total - size;
      if (!isClosing(stream) && stream.state === "writable") setBackpressure(stream, desiredSize(c) <= 0);
      advance(c);
    }, (error) => {
      if (stream.state === "writable") forgetSink(c);
      stream.inFlight.reject(error);
      stream.inFlight = undefined;
      dealWithRejection(stream, error);
    });
  }

  // --- Writers -------------------------------------------------------------------------------------------------------

  function acquireWriter(stream) {
    if (stream.writer !== undefined) throw new TypeError("the stream is locked");
    const writer = { __proto__: null, stream, ready: pending(), closed: pending(), watch: undefined };
    stream.writer = writer;
    if (stream.state === "erroring" || stream.state === "errored") {
      settle(writer.ready, stream.error, true);
    } else if (stream.state === "closed" || isClosing(stream) || !stream.backpressure) {
      settle(writer.ready);
    }
    if (stream.state === "closed") settle(writer.closed);
    if (stream.state === "errored") settle(writer.closed, stream.error, true);
    return writer;
  }

  function releaseWriter(writer) {
    const { stream } = writer;
    if (stream === undefined) return;
    const error = new TypeError("the writer was released");
    failReady(writer, error);
    if (writer.closed.done) writer.closed = pending();
    settle(writer.closed, error, true);
    writer.watch = undefined;
    stream.writer = undefined;
    writer.stream = undefined;
  }

  function writeChunk(writer, chunk) {
    const { stream } = writer;
    const c = stream.controller;
    let size = 1;
    if (c.size !== undefined) {
      try {
        size = +(0, c.size)(chunk);
      } catch (error) {
        errorIfNeeded(c, error);
      }
    }
    if (writer.stream !== stream) return rejected(new TypeError("the writer was released"));
    if (stream.state === "errored") return rejected(stream.error);
    if (stream.state === "closed" || isClosing(stream)) {
      return rejected(new TypeError("the stream is closed or closing"));
    }
    if (stream.state === "erroring") return rejected(stream.error);
    const deferred = defer();
    enqueue(stream.requests, deferred);
    if (!(size >= 0 && size < Infinity)) {
      errorIfNeeded(c, new RangeError("a chunk's size is not a finite number of at least 0"));
      return deferred.promise;
    }
    enqueue(c.queue, { __proto__: null, close: false, chunk, size });
    c.total += size;
    if (!isClosing(stream) && stream.state === "writable") setBackpressure(stream, desiredSize(c) <= 0);
    advance(c);
    return deferred.promise;
  }

  // --- Classes -------------------------------------------------------------------------------------------------------

  function toSink(value) {
    const members = dictionary(value, "the underlying sink");
    const abort = callback(members.abort, "abort");
    const close = callback(members.close, "close");
    const begin = callback(members.start, "start");
    if (members.type !== undefined) throw new RangeError("the type of a sink is not known");
    const write = callback(members.write, "write");
    return {
      __proto__: null, abort: promising(abort, value), close: promising(close, value), write: promising(write, value),
      start: begin && ((controller) => apply(begin, value, [controller])),
    };
  }

  class WritableStream {
    #stream = newWritable();

    constructor(underlyingSink, strategy) {
      if (underlyingSink !== undefined && !isObject(underlyingSink)) {
        throw new TypeError("WritableStream: the underlying sink must be an object");
      }
      const queuing = toStrategy(strategy);
      const sink = toSink(underlyingSink);
      const { size } = queuing;
      const measure = size === undefined ? () => 1 : (chunk) => apply(size, undefined, [chunk]);
      setUp(this.#stream, sink, toHighWaterMark(queuing, 1), measure);
    }

    static {
      writableOf = (object) => object.#stream;
      isWritable = (object) => isObject(object) && #stream in object;
    }

    get locked() {
      return this.#stream.writer !== undefined;
    }

    abort(reason) {
      return attempt(() => {
        if (this.#stream.writer !== undefined) throw new TypeError("WritableStream.abort(): the stream is locked");
        return abortStream(this.#stream, reason);
      });
    }

    close() {
      return attempt(() => {
        if (this.#stream.writer !== undefined) throw new TypeError("WritableStream.close(): the stream is locked");
        return closeWritable(this.#stream);
      });
    }

    getWriter() {
      return new WritableStreamDefaultWriter(this);
    }
  }

  /** Web IDL: operations that return promises throw nothing. */
  function attempt(action) {
    try {
      return action();
    } catch (error) {
      return rejected(error);
    }
  }

  class WritableStreamDefaultWriter {
    #writer;

    constructor(stream) {
      if (!isWritable(stream)) {
        throw new TypeError("WritableStreamDefaultWriter: the argument must be a WritableStream");
      }
      this.#writer = acquireWriter(writableOf(stream));
    }

    get closed() {
      return attempt(() => this.#writer.closed.promise);
    }

    get desiredSize() {
      const { state, controller } = needStream(this.#writer);
      if (state === "errored" || state === "erroring") return null;
      return state === "closed" ? 0 : desiredSize(controller);
    }

    get ready() {
      return attempt(() => this.#writer.ready.promise);
    }

    abort(reason) {
      return attempt(() => abortStream(needStream(this.#writer), reason));
    }

    close() {
      return attempt(() => closeWritable(needStream(this.#writer)));
    }

    releaseLock() {
      releaseWriter(this.#writer);
    }

    write(chunk) {
      return attempt(() => {
        needStream(this.#writer);
        return writeChunk(this.#writer, chunk);
      });
    }
  }

  function needStream(writer) {
    if (writer.stream === undefined) throw new TypeError("the writer was released");
    return writer.stream;
  }

  class WritableStreamDefaultController {
    #controller;

    constructor(internal, controller) {
      if (internal !== INTERNAL) throw new TypeError("Illegal constructor");
      this.#controller = controller;
    }

    get signal() {
      return signalOf(this.#controller.abort);
    }

    error(error) {
      errorIfNeeded(this.#controller, error);
    }
  }

  for (const Class of [WritableStream, WritableStreamDefaultWriter, WritableStreamDefaultController]) expose(Class);
  return {
    __proto__: null, writableOf, isWritable, acquireWriter, releaseWriter, writeChunk, closeWritable, abortStream,
    isClosing, desiredSize,
  };
});
