// What passes a readable stream on (Streams standard, section 4.2): `tee()`, `pipeTo()`, `pipeThrough()`, asynchronous
// iteration, `ReadableStream.from()`; and the queuing strategies (section 7). `shared` is `readable.js`'s, `writing`
// `writable.js`'s.
(function (own, shared, writing) {
  "use strict";

  const {
    apply, create, defineProperty, dictionary, defer, resolved, rejected, react, mark, handled, isObject, hidden,
    expose, getPrototypeOf,
    getOwnPropertyDescriptor, setPrototypeOf, Symbol, TypeError,
  } = own;
  const {
    ReadableStream, streamOf, isStream, makeStream, cancelStream, acquireReader, releaseReader, read, requestOf,
    closeChunks, enqueueChunk,
    errorChunks,
  } = shared;
  const { closeBytes, enqueueView, errorBytes } = own.parts.streamBytes;
  const { writableOf, isWritable, acquireWriter, releaseWriter, writeChunk, closeWritable, abortStream, isClosing,
    desiredSize } = writing;
  const { AbortSignal, EventTarget } = own.parts.global;
  const isAborted = own.getter(AbortSignal.prototype, "aborted");
  const reasonOf = own.getter(AbortSignal.prototype, "reason");
  const listen = own.uncurry(AbortSignal.prototype.addEventListener ?? EventTarget.prototype.addEventListener);
  const unlisten = own.uncurry(AbortSignal.prototype.removeEventListener ?? EventTarget.prototype.removeEventListener);

  // --- tee -----------------------------------------------------------------------------------------------------------

  const byBytes = { __proto__: null, close: closeBytes, enqueue: enqueueView, error: errorBytes };
  const byChunks = { __proto__: null, close: closeChunks, enqueue: enqueueChunk, error: errorChunks };

  /** Two streams with the chunks of one. For a stream of bytes, the second has copies. */
  function tee(stream) {
    const reader = acquireReader(stream, false);
    const ofBytes = stream.controller.bytes;
    const { close, enqueue, error } = ofBytes ? byBytes : byChunks;
    const first = { __proto__: null, controller: undefined, cancelled: false, reason: undefined };
    const second = { __proto__: null, controller: undefined, cancelled: false, reason: undefined };
    const cancelled = defer();
    let reading = false;
    let again = false;

    function pull() {
      if (reading) {
        again = true;
        return undefined;
      }
      reading = true;
      read(reader, {
        __proto__: null,
        chunk(value) {
          // In a microtask, so that a stream's own errors are seen before its chunks.
          react(resolved(undefined), () => {
            again = false;
            const copy = ofBytes && !second.cancelled && !first.cancelled ? own.copyBytes(own.source(value)) : value;
            if (!first.cancelled) enqueue(first.controller, value);
            if (!second.cancelled) enqueue(second.controller, copy);
            reading = false;
            if (again) pull();
          });
        },
        close() {
          reading = false;
          if (!first.cancelled) close(first.controller);
          if (!second.cancelled) close(second.controller);
          if (!first.cancelled || !second.cancelled) cancelled.resolve(undefined);
        },
        error() {
          reading = false;
        },
      });
      return undefined;
    }

    function branch(self, other) {
      self.controller = makeStream({
        __proto__: null, bytes: ofBytes, pull,
        cancel(reason) {
          self.cancelled = true;
          self.reason = reason;
          if (other.cancelled) {
            const done = cancelStream(stream, [first.reason, second.reason]);
            react(done, cancelled.resolve, cancelled.reject);
          }
          return waitFor(cancelled.promise);
        },
      });
      return self.controller.stream.object;
    }

    const branches = [branch(first, second), branch(second, first)];
    reader.watch = {
      __proto__: null,
      closed() {},
      errored(reason) {
        error(first.controller, reason);
        error(second.controller, reason);
        if (!first.cancelled || !second.cancelled) cancelled.resolve(undefined);
      },
    };
    if (stream.state === "errored") reader.watch.errored(stream.error);
    return branches;
  }

  /** A separate promise for the outcome of another. */
  function waitFor(promise) {
    const deferred = defer();
    react(promise, deferred.resolve, deferred.reject);
    return deferred.promise;
  }

  // --- pipeTo --------------------------------------------------------------------------------------------------------

  function toPipeOptions(value) {
    const options = dictionary(value, "the options");
    const preventAbort = !!options.preventAbort;
    const preventCancel = !!options.preventCancel;
    const preventClose = !!options.preventClose;
    const { signal } = options;
    if (signal !== undefined) isAborted(signal); // which throws if it is none
    return { __proto__: null, preventAbort, preventCancel, preventClose, signal };
  }

  function pipe(stream, target, { preventAbort, preventCancel, preventClose, signal }) {
    const reader = acquireReader(stream, false);
    const writer = acquireWriter(target);
    const finished = defer();
    stream.disturbed = true;
    let shuttingDown = false;
    let reading = false;
    let lastWrite = resolved(undefined);

    /** Shuts down once what was read has been written: runs `action`, and then settles. */
    function shutDown(failed, error, action) {
      if (shuttingDown) return;
      shuttingDown = true;
      const go = () => {
        if (action === undefined) {
          settle(failed, error);
          return;
        }
        react(action(), () => settle(failed, error), (another) => settle(true, another));
      };
      if (target.state === "writable" && !isClosing(target)) react(lastWrite, go, go);
      else go();
    }

    function settle(failed, error) {
      releaseWriter(writer);
      releaseReader(reader);
      if (signal !== undefined) unlisten(signal, "abort", onAbort);
      if (failed) finished.reject(error);
      else finished.resolve(undefined);
    }

    function onAbort() {
      const error = reasonOf(signal);
      shutDown(true, error, async () => {
        const aborted = preventAbort || target.state !== "writable" ? resolved(undefined)
          : waitFor(abortStream(target, error));
        const cancelled = preventCancel || stream.state !== "readable" ? resolved(undefined)
          : cancelStream(stream, error);
        handled(cancelled);
        await mark(aborted);
        await mark(cancelled);
      });
    }

    const sourceFailed = (error) => shutDown(true, error,
      preventAbort ? undefined : () => waitFor(abortStream(target, error)));
    const targetFailed = (error) => shutDown(true, error,
      preventCancel ? undefined : () => cancelStream(stream, error));
    const sourceClosed = () => {
      const done = target.state === "closed" || isClosing(target);
      shutDown(false, undefined, preventClose || done ? undefined : () => waitFor(closeWritable(target)));
    };

    function step() {
      if (shuttingDown || reading) return;
      if (target.state === "writable" && !(desiredSize(target.controller) > 0)) {
        react(writer.ready.promise, step, () => {});
        return;
      }
      reading = true;
      read(reader, {
        __proto__: null,
        chunk(value) {
          // In a microtask: writing calls script.
          react(resolved(undefined), () => {
            reading = false;
            lastWrite = waitFor(writeChunk(writer, value));
            handled(lastWrite);
            step();
          });
        },
        close() {
          reading = false;
        },
        error() {
          reading = false;
        },
      });
    }

    if (signal !== undefined) {
      if (isAborted(signal)) {
        onAbort();
        return finished.promise;
      }
      listen(signal, "abort", onAbort);
    }
    reader.watch = { __proto__: null, closed: () => whenRead(sourceClosed),
      errored: (error) => whenRead(() => sourceFailed(error)) };
    writer.watch = { __proto__: null, closed() {}, errored: targetFailed };

    /** A chunk that was read is written before the stream's end takes effect. */
    function whenRead(then) {
      if (reading) react(resolved(undefined), then);
      else then();
    }

    if (stream.state === "errored") {
      sourceFailed(stream.error);
    } else if (target.state === "errored" || target.state === "erroring") {
      targetFailed(target.error);
    } else if (stream.state === "closed") {
      sourceClosed();
    } else if (target.state === "closed" || isClosing(target)) {
      targetFailed(new TypeError("the destination is closed"));
    } else {
      step();
    }
    return finished.promise;
  }

  // --- Iteration -----------------------------------------------------------------------------------------------------

  const AsyncIteratorPrototype = getPrototypeOf(getPrototypeOf(getPrototypeOf(async function* () {}())));

  class AsyncIterator {
    #reader;
    #preventCancel;
    #done = false;
    #last;

    constructor(reader, preventCancel) {
      this.#reader = reader;
      this.#preventCancel = preventCancel;
    }

    /** Each step begins when the one before it has ended. */
    #after(step) {
      const deferred = defer();
      const begin = () => step(deferred);
      const last = this.#last;
      this.#last = deferred.promise;
      const forget = () => {
        if (this.#last === deferred.promise) this.#last = undefined;
      };
      react(deferred.promise, forget, forget);
      if (last === undefined) begin();
      else react(last, begin, begin);
      return deferred.promise;
    }

    next() {
      return this.#after((deferred) => {
        if (this.#done) {
          deferred.resolve({ value: undefined, done: true });
          return;
        }
        const request = requestOf(deferred);
        const end = (go) => (value) => {
          this.#done = true;
          releaseReader(this.#reader);
          go(value);
        };
        read(this.#reader, { __proto__: null, chunk: request.chunk, close: end(request.close),
          error: end(request.error) });
      });
    }

    return(value) {
      return this.#after((deferred) => {
        const end = () => deferred.resolve({ value, done: true });
        if (this.#done) {
          end();
          return;
        }
        this.#done = true;
        const cancelled = this.#preventCancel ? resolved(undefined) : cancelStream(this.#reader.stream, value);
        releaseReader(this.#reader);
        react(cancelled, end, deferred.reject);
      });
    }
  }
  delete AsyncIterator.prototype.constructor;
  setPrototypeOf(AsyncIterator.prototype, AsyncIteratorPrototype);
  for (const name of ["next", "return"]) {
    defineProperty(AsyncIterator.prototype, name, { __proto__: null, enumerable: true });
  }
  defineProperty(AsyncIterator.prototype, Symbol.toStringTag, {
    __proto__: null, value: "ReadableStream AsyncIterator", configurable: true,
  });

  /** A stream of what an iterable yields, whose protocol is followed as the standard says. */
  function fromIterable(iterable) {
    const method = iterable[Symbol.asyncIterator] ?? iterable[Symbol.iterator];
    const iterator = apply(method, iterable, []);
    if (!isObject(iterator)) throw new TypeError("the iterator is not an object");
    const { next } = iterator;
    const controller = makeStream({
      __proto__: null,
      async pull() {
        const result = await mark(resolved(apply(next, iterator, [])));
        if (!isObject(result)) throw new TypeError("the result of next() is not an object");
        if (result.done) closeChunks(controller);
        else enqueueChunk(controller, await mark(resolved(result.value)));
      },
      async cancel(reason) {
        const end = iterator.return;
        if (end === undefined || end === null) return;
        const result = await mark(resolved(apply(end, iterator, [reason])));
        if (!isObject(result)) throw new TypeError("the result of return() is not an object");
      },
    });
    return controller.stream.object;
  }

  // --- Methods and strategies ----------------------------------------------------------------------------------------

  const methods = {
    pipeThrough(transform, options) {
      own.need(1, arguments.length, "ReadableStream.pipeThrough()");
      const { readable, writable } = dictionary(transform, "ReadableStream.pipeThrough(): the transform");
      if (!isStream(readable) || !isWritable(writable)) {
        throw new TypeError("ReadableStream.pipeThrough(): a readable and a writable stream are needed");
      }
      const piping = toPipeOptions(options);
      handled(pipe(streamOf(this), writableOf(writable), piping));
      return readable;
    },
    pipeTo(destination, options) {
      try {
        const stream = streamOf(this);
        if (!isWritable(destination)) {
          throw new TypeError("ReadableStream.pipeTo(): the destination must be a WritableStream");
        }
        return pipe(stream, writableOf(destination), toPipeOptions(options));
      } catch (error) {
        return rejected(error);
      }
    },
    tee() {
      return tee(streamOf(this));
    },
    values(options) {
      const { preventCancel } = dictionary(options, "ReadableStream.values(): the options");
      return new AsyncIterator(acquireReader(streamOf(this), false), !!preventCancel);
    },
  };
  for (const name of ["pipeThrough", "pipeTo", "tee", "values"]) {
    defineProperty(ReadableStream.prototype, name, getOwnPropertyDescriptor(methods, name));
  }
  defineProperty(ReadableStream.prototype, Symbol.asyncIterator, hidden(ReadableStream.prototype.values));
  defineProperty(ReadableStream, "from", getOwnPropertyDescriptor(
    { from(asyncIterable) { return fromIterable(asyncIterable); } }, "from"));

  const countSize = { size() { return 1; } }.size;
  const byteLengthSize = { size(chunk) { return chunk.byteLength; } }.size;

  class CountQueuingStrategy {
    #highWaterMark;
    constructor(init) {
      this.#highWaterMark = toInit(init);
    }
    get highWaterMark() {
      return this.#highWaterMark;
    }
    get size() {
      return #highWaterMark in this ? countSize : undefined;
    }
  }

  class ByteLengthQueuingStrategy {
    #highWaterMark;
    constructor(init) {
      this.#highWaterMark = toInit(init);
    }
    get highWaterMark() {
      return this.#highWaterMark;
    }
    get size() {
      return #highWaterMark in this ? byteLengthSize : undefined;
    }
  }

  function toInit(value) {
    const { highWaterMark } = dictionary(value, "the strategy");
    if (highWaterMark === undefined) throw new TypeError("highWaterMark is required");
    return +highWaterMark;
  }

  for (const Class of [CountQueuingStrategy, ByteLengthQueuingStrategy]) expose(Class);
  return { __proto__: null, tee: (object) => tee(streamOf(object)) };
});
