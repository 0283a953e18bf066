// Blob and File (W3C, File API), as far as bodies of requests and responses need them: bytes with a type, in memory.
(function (global) {
  "use strict";

  const { ArrayBuffer, Date, Math, Number, Object, ReadableStream, Symbol, TextDecoder, TextEncoder, TypeError, Uint8Array } = global;
  const encoder = new TextEncoder();

  /** The bytes of a buffer or view, copied. */
  function bytesOf(source) {
    const view = ArrayBuffer.isView(source) ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength) : new Uint8Array(source);
    return view.slice();
  }

  /** A type is of printable ASCII, or empty; lower case. */
  const normalType = (type) => (/^[\x20-\x7e]*$/.test(type) ? type.toLowerCase() : "");

  function join(parts) {
    let size = 0;
    for (const part of parts) size += part.length;
    const bytes = new Uint8Array(size);
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  class Blob {
    #bytes;
    #type;

    constructor(parts = [], options = {}) {
      if (typeof parts !== "object" || parts === null || typeof parts[Symbol.iterator] !== "function") {
        throw new TypeError("Blob: the first argument must be a sequence");
      }
      const list = [];
      for (const part of parts) {
        if (part instanceof Blob) list.push(part.#bytes);
        else if (ArrayBuffer.isView(part) || part instanceof ArrayBuffer) list.push(bytesOf(part));
        else list.push(encoder.encode(`${part}`));
      }
      this.#bytes = join(list);
      this.#type = normalType(`${options?.type ?? ""}`);
    }

    get size() {
      return this.#bytes.length;
    }

    get type() {
      return this.#type;
    }

    async arrayBuffer() {
      return this.#bytes.slice().buffer;
    }

    async bytes() {
      return this.#bytes.slice();
    }

    async text() {
      return new TextDecoder().decode(this.#bytes);
    }

    slice(start, end, type) {
      return new Blob([this.#bytes.slice(start, end)], { type: type ?? "" });
    }

    stream() {
      const bytes = this.#bytes;
      return new ReadableStream({
        start(controller) {
          if (bytes.length > 0) controller.enqueue(bytes.slice());
          controller.close();
        },
      });
    }
  }

  class File extends Blob {
    #name;
    #lastModified;

    constructor(parts, name, options = {}) {
      if (arguments.length < 2) throw new TypeError("File: at least 2 arguments required");
      super(parts, options);
      this.#name = `${name}`;
      this.#lastModified = Math.trunc(Number(options?.lastModified ?? Date.now())) || 0;
    }

    get name() {
      return this.#name;
    }

    get lastModified() {
      return this.#lastModified;
    }
  }

  for (const Class of [Blob, File]) {
    for (const name of Object.getOwnPropertyNames(Class.prototype)) {
      if (name !== "constructor") Object.defineProperty(Class.prototype, name, { enumerable: true });
    }
    Object.defineProperty(Class.prototype, Symbol.toStringTag, { value: Class.name, configurable: true });
    Object.defineProperty(global, Class.name, { value: Class, writable: true, enumerable: false, configurable: true });
  }
});
