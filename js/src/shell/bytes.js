// Readable streams of bytes (Streams standard, sections 4.5, 4.7 and 4.8), for `readable.js`, whose algorithms are in
// `shared`.
//
// A pull-into descriptor is a buffer that a reader passed to be filled; it is ours until it is returned, since it was
// transferred.
(function (own, shared) {
  "use strict";

  const {
    construct, defer, dictionary, queue, enqueue, dequeue, list, push, isObject, isView, source: placeOf, setBytes,
    uncurry, isShared,
    bufferLength, expose, rejected, ArrayBuffer, Uint8Array, TypeError, RangeError, Math: { min: lesser },
  } = own;
  const { INTERNAL, streamOf, isStream, closeStream, errorStream, acquireReader, releaseReader, requestOf,
    cancelStream } = shared;
  const { pullIfNeeded, start, forgetSource, toSize } = shared;

  const { global } = own.parts;
  const transferBuffer = uncurry(ArrayBuffer.prototype.transfer);
  const views = { __proto__: null, DataView: global.DataView };
  for (const bits of ["Int8", "Uint8", "Uint8Clamped", "Int16", "Uint16", "Int32", "Uint32", "Float32", "Float64",
    "BigInt64", "BigUint64"]) {
    views[bits + "Array"] = global[bits + "Array"];
  }
  if (global.Float16Array !== undefined) views.Float16Array = global.Float16Array;
  const elementSizes = { __proto__: null };
  for (const name in views) elementSizes[name] = views[name].BYTES_PER_ELEMENT ?? 1;

  function transfer(buffer) {
    if (isShared(buffer)) throw new TypeError("a shared buffer cannot be transferred");
    return transferBuffer(buffer);
  }

  const clone = (buffer, offset, length) => {
    const copy = new Uint8Array(length);
    setBytes(copy, new Uint8Array(buffer, offset, length));
    return own.source(copy).buffer;
  };

  // --- The controller ------------------------------------------------------------------------------------------------

  /** Makes the controller of a stream of bytes. */
  function setUpBytes(stream, source, highWaterMark, _, chunkSize) {
    if (chunkSize === 0) throw new TypeError("autoAllocateChunkSize is 0");
    const c = {
      __proto__: null, bytes: true, object: undefined, stream, source, highWaterMark, queue: queue(), total: 0,
      started: false,
      closeRequested: false, pulling: false, pullAgain: false, chunkSize, pullIntos: queue(), byobRequest: undefined,
      pullSteps: (request) => pullSteps(c, request),
      cancelSteps(reason) {
        forgetPullIntos(c);
        resetQueue(c);
        const { cancel } = c.source;
        forgetSource(c);
        return cancel?.(reason);
      },
      releaseSteps() {
        if (c.pullIntos.length === 0) return;
        const first = dequeue(c.pullIntos);
        first.reader = "none";
        c.pullIntos = queue();
        enqueue(c.pullIntos, first);
      },
    };
    c.object = new ReadableByteStreamController(INTERNAL, c);
    stream.controller = c;
    start(c, shouldPull, errorBytes);
    return c;
  }

  const requests = (c) => c.stream.reader?.requests.length ?? 0;
  const isRunning = (c) => !c.closeRequested && c.stream.state === "readable";
  const shouldPull = (c) => isRunning(c) && c.started && (requests(c) > 0 || desiredSize(c) > 0);

  function desiredSize(c) {
    if (c.stream.state === "errored") return null;
    return c.stream.state === "closed" ? 0 : c.highWaterMark - c.total;
  }

  function pullSteps(c, request) {
    if (c.total > 0) {
      answerFromQueue(c, request);
      return;
    }
    if (c.chunkSize !== undefined) {
      let buffer;
      try {
        buffer = new ArrayBuffer(c.chunkSize);
      } catch (error) {
        request.error(error);
        return;
      }
      enqueue(c.pullIntos, pullIntoOf(buffer, 0, c.chunkSize, 1, "Uint8Array", "default"));
    }
    enqueue(c.stream.reader.requests, request);
    pullIfNeeded(c, shouldPull);
  }

  function pullIntoOf(buffer, offset, length, minimum, view, reader) {
    return {
      __proto__: null, buffer, bufferLength: bufferLength(buffer), offset, length, filled: 0, minimum, view,
      elementSize: elementSizes[view], reader,
    };
  }

  function answerFromQueue(c, request) {
    const entry = dequeue(c.queue);
    c.total -= entry.length;
    afterTaking(c);
    request.chunk(new Uint8Array(entry.buffer, entry.offset, entry.length));
  }

  /** "Handle queue drain" */
  function afterTaking(c) {
    if (c.total > 0 || !c.closeRequested) {
      pullIfNeeded(c, shouldPull);
      return;
    }
    forgetSource(c);
    closeStream(c.stream);
  }

  function resetQueue(c) {
    c.queue = queue();
    c.total = 0;
  }

  function forgetRequest(c) {
    c.byobRequest?.forget();
    c.byobRequest = undefined;
  }

  function forgetPullIntos(c) {
    forgetRequest(c);
    c.pullIntos = queue();
  }

  function closeBytes(c) {
    if (!isRunning(c)) return;
    if (c.total > 0) {
      c.closeRequested = true;
      return;
    }
    const first = c.pullIntos.first?.value;
    if (first !== undefined && first.filled % first.elementSize !== 0) {
      const error = new TypeError("the stream ends within an element of the view");
      errorBytes(c, error);
      throw error;
    }
    forgetSource(c);
    closeStream(c.stream);
  }

  function errorBytes(c, error) {
    if (c.stream.state !== "readable") return;
    forgetPullIntos(c);
    resetQueue(c);
    forgetSource(c);
    errorStream(c.stream, error);
  }

  function append(c, buffer, offset, length) {
    enqueue(c.queue, { __proto__: null, buffer, offset, length });
    c.total += length;
  }

  /** Takes the bytes of a view, whose buffer becomes ours. */
  function enqueueBytes(c, place) {
    if (!isRunning(c)) return;
    const buffer = transfer(place.buffer);
    const first = c.pullIntos.first?.value;
    if (first !== undefined) {
      forgetRequest(c);
      first.buffer = transfer(first.buffer);
      if (first.reader === "none") abandonFirst(c, first);
    }
    const { reader } = c.stream;
    if (reader !== undefined && !reader.byob) {
      while (requests(c) > 0 && c.total > 0) answerFromQueue(c, dequeue(reader.requests));
      if (requests(c) === 0) {
        append(c, buffer, place.offset, place.length);
      } else {
        if (c.pullIntos.length > 0) dequeue(c.pullIntos);
        dequeue(reader.requests).chunk(new Uint8Array(buffer, place.offset, place.length));
      }
    } else {
      append(c, buffer, place.offset, place.length);
      if (reader !== undefined) commitAll(c, fillPullIntos(c));
    }
    pullIfNeeded(c, shouldPull);
  }

  /** What a released reader left half filled goes to the next reader. */
  function abandonFirst(c, first) {
    if (first.filled > 0) append(c, clone(first.buffer, first.offset, first.filled), 0, first.filled);
    dequeue(c.pullIntos);
  }

  /** The descriptors that the queue fills, taken out. */
  function fillPullIntos(c) {
    const filled = list();
    while (c.pullIntos.length > 0 && c.total > 0 && fill(c, c.pullIntos.first.value)) {
      push(filled, dequeue(c.pullIntos));
    }
    return filled;
  }

  /** Whether the queue has enough for a descriptor; moves what it has there. */
  function fill(c, into) {
    const most = into.filled + lesser(c.total, into.length - into.filled);
    const aligned = most - most % into.elementSize;
    const enough = aligned >= into.minimum;
    let rest = (enough ? aligned : most) - into.filled;
    while (rest > 0) {
      const head = c.queue.first.value;
      const count = lesser(rest, head.length);
      setBytes(new Uint8Array(into.buffer, into.offset + into.filled, count),
        new Uint8Array(head.buffer, head.offset, count));
      if (head.length === count) dequeue(c.queue);
      head.offset += count;
      head.length -= count;
      c.total -= count;
      into.filled += count;
      rest -= count;
    }
    return enough;
  }

  const viewOf = (into) => construct(views[into.view],
    [transfer(into.buffer), into.offset, into.filled / into.elementSize]);

  function commit(c, into) {
    const request = dequeue(c.stream.reader.requests);
    if (c.stream.state === "closed") request.close(viewOf(into));
    else request.chunk(viewOf(into));
  }

  function commitAll(c, filled) {
    for (let i = 0; i < filled.length; i++) commit(c, filled[i]);
  }

  // --- Filling a reader's view ---------------------------------------------------------------------------------------

  function pullInto(c, place, minimum, request) {
    const { stream } = c;
    stream.disturbed = true;
    if (stream.state === "errored") {
      request.error(stream.error);
      return;
    }
    let into;
    try {
      const buffer = transfer(place.buffer);
      into = pullIntoOf(buffer, place.offset, place.length, minimum * elementSizes[place.name], place.name, "byob");
    } catch (error) {
      request.error(error);
      return;
    }
    if (c.pullIntos.length === 0) {
      if (stream.state === "closed") {
        request.close(viewOf(into));
        return;
      }
      if (c.total > 0) {
        if (fill(c, into)) {
          const view = viewOf(into);
          afterTaking(c);
          request.chunk(view);
          return;
        }
        if (c.closeRequested) {
          const error = new TypeError("the stream ends within an element of the view");
          errorBytes(c, error);
          request.error(error);
          return;
        }
      }
    }
    enqueue(c.pullIntos, into);
    enqueue(stream.reader.requests, request);
    if (c.pullIntos.length === 1) pullIfNeeded(c, shouldPull);
  }

  function respond(c, count) {
    const first = c.pullIntos.first.value;
    checkCount(c, first, count);
    first.buffer = transfer(first.buffer);
    answer(c, first, count);
  }

  function respondWithView(c, place) {
    const first = c.pullIntos.first.value;
    checkCount(c, first, place.length);
    if (first.offset + first.filled !== place.offset) {
      throw new RangeError("the view does not begin where the request's does");
    }
    if (first.bufferLength !== bufferLength(place.buffer)) throw new RangeError("the view's buffer has another length");
    first.buffer = transfer(place.buffer);
    answer(c, first, place.length);
  }

  function checkCount(c, first, count) {
    if (c.stream.state === "closed") {
      if (count !== 0) throw new TypeError("the stream is closed, and there are no bytes");
    } else if (count === 0) {
      throw new TypeError("the stream is not closed, so there must be bytes");
    } else if (first.filled + count > first.length) {
      throw new RangeError("there are more bytes than fit into the view");
    }
  }

  function answer(c, first, count) {
    forgetRequest(c);
    if (c.stream.state === "closed") {
      if (first.reader === "none") dequeue(c.pullIntos);
      if (c.stream.reader?.byob) while (requests(c) > 0) commit(c, dequeue(c.pullIntos));
    } else {
      first.filled += count;
      if (first.reader === "none") {
        abandonFirst(c, first);
        commitAll(c, fillPullIntos(c));
      } else if (first.filled >= first.minimum) {
        dequeue(c.pullIntos);
        const rest = first.filled % first.elementSize;
        first.filled -= rest;
        if (rest > 0) append(c, clone(first.buffer, first.offset + first.filled, rest), 0, rest);
        const filled = fillPullIntos(c);
        commit(c, first);
        commitAll(c, filled);
      }
    }
    pullIfNeeded(c, shouldPull);
  }

  // --- Classes -------------------------------------------------------------------------------------------------------

  /** Where the bytes of a view are, which must be attached. */
  function needView(value, what) {
    const place = isObject(value) && isView(value) ? placeOf(value) : undefined;
    if (place === undefined) throw new TypeError(what + ": the argument must be a view of a buffer");
    return place;
  }

  class ReadableByteStreamController {
    #controller;

    constructor(internal, controller) {
      if (internal !== INTERNAL) throw new TypeError("Illegal constructor");
      this.#controller = controller;
    }

    get byobRequest() {
      const c = this.#controller;
      if (c.byobRequest === undefined && c.pullIntos.length > 0) c.byobRequest = makeRequest(c);
      return c.byobRequest?.object ?? null;
    }

    get desiredSize() {
      return desiredSize(this.#controller);
    }

    close() {
      if (!isRunning(this.#controller)) throw new TypeError("the stream is closed or failed already");
      closeBytes(this.#controller);
    }

    enqueue(chunk) {
      const c = this.#controller;
      const place = needView(chunk, "ReadableByteStreamController.enqueue()");
      if (place.length === 0) throw new TypeError("the view is empty");
      if (!isRunning(c)) throw new TypeError("the stream is closed or failed already");
      enqueueBytes(c, place);
    }

    error(error) {
      errorBytes(this.#controller, error);
    }
  }

  function makeRequest(c) {
    const first = c.pullIntos.first.value;
    const view = new Uint8Array(first.buffer, first.offset + first.filled, first.length - first.filled);
    const state = {
      __proto__: null, controller: c, view, object: undefined,
      forget() {
        state.controller = undefined;
        state.view = null;
      },
    };
    state.object = new ReadableStreamBYOBRequest(INTERNAL, state);
    return state;
  }

  class ReadableStreamBYOBRequest {
    #state;

    constructor(internal, state) {
      if (internal !== INTERNAL) throw new TypeError("Illegal constructor");
      this.#state = state;
    }

    get view() {
      return this.#state.view;
    }

    respond(bytesWritten) {
      const state = this.#state;
      own.need(1, arguments.length, "ReadableStreamBYOBRequest.respond()");
      const count = toSize(bytesWritten, "bytesWritten");
      if (state.controller === undefined) throw new TypeError("the request has already been answered");
      respond(state.controller, count);
    }

    respondWithNewView(view) {
      const place = needView(view, "ReadableStreamBYOBRequest.respondWithNewView()");
      if (this.#state.controller === undefined) throw new TypeError("the request has already been answered");
      respondWithView(this.#state.controller, place);
    }
  }

  class ReadableStreamBYOBReader {
    #reader;

    constructor(stream) {
      if (!isStream(stream)) throw new TypeError("ReadableStreamBYOBReader: the argument must be a ReadableStream");
      this.#reader = acquireReader(streamOf(stream), true);
    }

    get closed() {
      return isObject(this) && #reader in this ? this.#reader.closed.promise
        : rejected(new TypeError("this is not a reader"));
    }

    async cancel(reason) {
      if (this.#reader.stream === undefined) throw new TypeError("the reader was released");
      await own.mark(cancelStream(this.#reader.stream, reason));
    }

    read(view, options) {
      try {
        const reader = this.#reader;
        const place = needView(view, "ReadableStreamBYOBReader.read()");
        let { min } = dictionary(options, "ReadableStreamBYOBReader.read(): the options");
        min = min === undefined ? 1 : toSize(min, "min");
        if (place.length === 0) throw new TypeError("the view is empty");
        if (min === 0) throw new TypeError("min is 0");
        if (min > place.length / elementSizes[place.name]) {
          throw new RangeError("min is greater than the view's length");
        }
        if (reader.stream === undefined) throw new TypeError("the reader was released");
        const deferred = defer();
        pullInto(reader.stream.controller, place, min, requestOf(deferred));
        return deferred.promise;
      } catch (error) {
        return rejected(error);
      }
    }

    releaseLock() {
      releaseReader(this.#reader);
    }
  }

  for (const Class of [ReadableByteStreamController, ReadableStreamBYOBRequest, ReadableStreamBYOBReader]) {
    expose(Class);
  }
  return {
    __proto__: null, setUpBytes, ReadableStreamBYOBReader,
    closeBytes,
    enqueueView: (c, view) => enqueueBytes(c, placeOf(view)),
    errorBytes,
  };
});
