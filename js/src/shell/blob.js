// `Blob` and `File` (File API, sections 3 and 4). A blob's bytes never change, and are only handed out as copies.
(function (own, coding, streams) {
  "use strict";

  const {
    apply, charCodeAt, construct, copyBytes, create, dictionary, expose, isObject, list, lower, need, push, setBytes,
    setPrototypeOf, source, toText, toUsv, trunc, Symbol, TypeError, Uint8Array,
  } = own;
  const { encode, decode } = coding;
  const { makeStream } = streams;
  const { closeBytes, enqueueView } = own.parts.streamBytes;
  const { now } = own.parts.global.Date;

  const INTERNAL = create(null);
  let stateOf, isBlob;

  class Blob {
    #state;

    constructor(parts, options) {
      this.#state = parts === INTERNAL ? options
        : newState(concat(parts === undefined ? list() : toParts(parts, options)), options);
    }

    static {
      stateOf = (blob) => blob.#state;
      isBlob = (value) => isObject(value) && #state in value;
    }

    get size() {
      return this.#state.place.length;
    }

    get type() {
      return this.#state.type;
    }

    arrayBuffer() {
      return promised(() => source(copyBytes(this.#state.place)).buffer);
    }

    bytes() {
      return promised(() => copyBytes(this.#state.place));
    }

    slice(start, end, contentType) {
      const { buffer, offset, length } = this.#state.place;
      const from = start === undefined ? 0 : within(start, length);
      const to = end === undefined ? length : within(end, length);
      const type = contentType === undefined ? "" : toType(contentType);
      const place = { __proto__: null, buffer, offset: offset + from, length: to > from ? to - from : 0 };
      return new Blob(INTERNAL, { __proto__: null, place, type });
    }

    stream() {
      const { place } = this.#state;
      const controller = makeStream({
        __proto__: null, bytes: true,
        pull() {
          if (place.length > 0) enqueueView(controller, copyBytes(place));
          closeBytes(controller);
          return undefined;
        },
      });
      return controller.stream.object;
    }

    text() {
      return promised(() => decode(copyBytes(this.#state.place)));
    }
  }

  /** A promise for what `make` returns or throws. */
  async function promised(make) {
    return make();
  }

  const newState = (place, options) => ({ __proto__: null, place,
    type: toType(dictionary(options, "Blob: the options").type ?? "") });

  /** A type in lower case; none if it is not plain ASCII. */
  function toType(value) {
    const text = toText(value);
    for (let i = 0; i < text.length; i++) {
      const code = charCodeAt(text, i);
      if (code < 0x20 || code > 0x7e) return "";
    }
    return lower(text);
  }

  /** [Clamp] long long, counted from the end if it is negative. */
  function within(value, length) {
    const at = trunc(+value) || 0;
    if (at < 0) return at + length > 0 ? at + length : 0;
    return at < length ? at : length;
  }

  /** The parts, which are read by the scripts' protocol, as bytes. */
  function toParts(value, options) {
    const method = isObject(value) ? value[Symbol.iterator] : undefined;
    if (typeof method !== "function") throw new TypeError("Blob: the first argument must be a sequence");
    const iterator = apply(method, value, []);
    if (!isObject(iterator)) throw new TypeError("the result of [Symbol.iterator]() is not an object");
    const { next } = iterator;
    const parts = list();
    for (;;) {
      const result = apply(next, iterator, []);
      if (!isObject(result)) throw new TypeError("the result of next() is not an object");
      if (result.done) break;
      const part = result.value;
      push(parts, isBlob(part) || source(part) !== undefined ? part : toUsv(part));
    }
    let { endings } = dictionary(options, "Blob: the options");
    endings = endings === undefined ? "transparent" : toText(endings);
    if (endings !== "transparent" && endings !== "native") {
      throw new TypeError("Blob: endings cannot be \"" + endings + "\"");
    }
    for (let i = 0; i < parts.length; i++) {
      if (typeof parts[i] !== "string") continue;
      parts[i] = encode(endings === "native" ? withLineFeeds(parts[i]) : parts[i]);
    }
    return parts;
  }

  function withLineFeeds(text) {
    return own.replaceEach(text, (char, i) => (char !== "\r" ? undefined : text[i + 1] === "\n" ? "" : "\n"));
  }

  function concat(parts) {
    const places = list();
    let length = 0;
    for (let i = 0; i < parts.length; i++) {
      const place = isBlob(parts[i]) ? stateOf(parts[i]).place : source(parts[i]);
      push(places, place);
      length += place.length;
    }
    const bytes = new Uint8Array(length);
    let at = 0;
    for (let i = 0; i < places.length; i++) {
      if (places[i].length > 0) {
        setBytes(bytes, new Uint8Array(places[i].buffer, places[i].offset, places[i].length), at);
      }
      at += places[i].length;
    }
    return source(bytes);
  }

  class File {
    constructor(fileBits, fileName, options) {
      need(2, arguments.length, "File");
      const parts = toParts(fileBits, options);
      const name = toUsv(fileName);
      const { lastModified } = dictionary(options, "File: the options");
      const state = newState(concat(parts), options);
      state.name = name;
      state.lastModified = lastModified === undefined ? now() : trunc(+lastModified) || 0;
      return construct(Blob, [INTERNAL, state], new.target);
    }

    get name() {
      return fileState(this).name;
    }

    get lastModified() {
      return fileState(this).lastModified;
    }

    get webkitRelativePath() {
      fileState(this);
      return "";
    }
  }
  setPrototypeOf(File, Blob);
  setPrototypeOf(File.prototype, Blob.prototype);

  function fileState(file) {
    const state = stateOf(file);
    if (state.name === undefined) throw new TypeError("this is not a File");
    return state;
  }

  /** A blob as a file of that name: itself, if it is a file and no name is given. */
  function namedBlob(blob, name) {
    const { place, type, name: known, lastModified } = stateOf(blob);
    if (known !== undefined && name === undefined) return blob;
    const state = { __proto__: null, place, type, name: name ?? "blob", lastModified: lastModified ?? now() };
    return construct(Blob, [INTERNAL, state], File);
  }

  /** Another object for the same blob or file; undefined for anything else. */
  function cloneBlob(value) {
    if (!isBlob(value)) return undefined;
    const state = stateOf(value);
    return state.name === undefined ? new Blob(INTERNAL, state) : construct(Blob, [INTERNAL, state], File);
  }

  expose(Blob);
  expose(File);
  return {
    __proto__: null, isBlob,
    makeBlob: (bytes, type) => new Blob(INTERNAL, { __proto__: null, place: source(bytes), type: toType(type) }),
    bytesOfBlob: (blob) => copyBytes(stateOf(blob).place),
    typeOfBlob: (blob) => stateOf(blob).type,
    nameOfBlob: (blob) => stateOf(blob).name,
    namedBlob, cloneBlob,
  };
});
