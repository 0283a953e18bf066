// The Fetch standard's classes and `fetch`, as far as a WebAssembly host needs them, over `exchange.rs` and the streams, blobs, URLs
// and abort signals of the llrt crates. Why not llrt_fetch: see `shell/mod.rs`.
(function (clients, global, location) {
  "use strict";

  const { ReadableStream, Blob, URL, URLSearchParams, TextEncoder, TextDecoder, DOMException, AbortSignal } = global;
  const encode = (text) => new TextEncoder().encode(text);
  const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";

  // --- Headers -----------------------------------------------------------------------------------------------------------

  const tokens = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

  function headerName(name) {
    const text = `${name}`;
    if (!tokens.test(text)) throw new TypeError(`"${text}" is not a header name`);
    return text.toLowerCase();
  }

  /** A value without HTTP whitespace around it: tab, space, CR, LF, and no other. */
  function headerValue(value) {
    const text = `${value}`.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, "");
    if (/[\0\n\r\u0100-\uffff]/.test(text)) throw new TypeError("a header's value has a character that is not allowed");
    return text;
  }

  /** Web IDL: a call with too few arguments. */
  function need(count, given, what) {
    if (given < count) throw new TypeError(`${what}: at least ${count} argument${count > 1 ? "s" : ""} required`);
  }

  let lock, isLocked;

  class Headers {
    #list = [];
    /** Fetch, "headers guard": whether it is "immutable", as for whatever came over the network. */
    #immutable = false;

    constructor(init) {
      if (init === undefined) return;
      if (!isObject(init)) throw new TypeError("Headers: the argument must be an object");
      if (init[Symbol.iterator] !== undefined) {
        for (const pair of init) {
          const [name, value, ...rest] = pair;
          if (pair.length < 2 || rest.length > 0) throw new TypeError("Headers: a header is a name and a value");
          this.append(name, value);
        }
      } else {
        for (const name of Reflect.ownKeys(init)) {
          if (Object.getOwnPropertyDescriptor(init, name)?.enumerable) this.append(name, init[name]);
        }
      }
    }

    static {
      lock = (headers) => {
        headers.#immutable = true;
        return headers;
      };
      isLocked = (headers) => headers.#immutable;
    }

    #checkGuard() {
      if (this.#immutable) throw new TypeError("Headers: these cannot be changed");
    }

    append(name, value) {
      need(2, arguments.length, "Headers.append()");
      const entry = [headerName(name), headerValue(value)];
      this.#checkGuard();
      this.#list.push(entry);
    }

    delete(name) {
      need(1, arguments.length, "Headers.delete()");
      const key = headerName(name);
      this.#checkGuard();
      this.#list = this.#list.filter((entry) => entry[0] !== key);
    }

    get(name) {
      need(1, arguments.length, "Headers.get()");
      const key = headerName(name);
      const values = this.#list.filter((entry) => entry[0] === key).map((entry) => entry[1]);
      return values.length === 0 ? null : values.join(", ");
    }

    getSetCookie() {
      return this.#list.filter((entry) => entry[0] === "set-cookie").map((entry) => entry[1]);
    }

    has(name) {
      need(1, arguments.length, "Headers.has()");
      const key = headerName(name);
      return this.#list.some((entry) => entry[0] === key);
    }

    set(name, value) {
      need(2, arguments.length, "Headers.set()");
      const [key, text] = [headerName(name), headerValue(value)];
      this.#checkGuard();
      const at = this.#list.findIndex((entry) => entry[0] === key);
      if (at < 0) {
        this.#list.push([key, text]);
      } else {
        this.#list[at][1] = text;
        this.#list = this.#list.filter((entry, i) => i <= at || entry[0] !== key);
      }
    }

    #sorted() {
      const names = [...new Set(this.#list.map((entry) => entry[0]))].sort();
      return names.map((name) => [name, this.get(name)]);
    }

    forEach(callback, self) {
      for (const [name, value] of this.#sorted()) callback.call(self, value, name, this);
    }

    *entries() {
      yield* this.#sorted();
    }

    *keys() {
      for (const [name] of this.#sorted()) yield name;
    }

    *values() {
      for (const [, value] of this.#sorted()) yield value;
    }

    [Symbol.iterator]() {
      return this.entries();
    }
  }

  // --- FormData ----------------------------------------------------------------------------------------------------------

  class FormData {
    #entries = [];

    append(name, value) {
      this.#entries.push([`${name}`, value instanceof Blob ? value : `${value}`]);
    }

    delete(name) {
      this.#entries = this.#entries.filter((entry) => entry[0] !== `${name}`);
    }

    get(name) {
      return this.#entries.find((entry) => entry[0] === `${name}`)?.[1] ?? null;
    }

    getAll(name) {
      return this.#entries.filter((entry) => entry[0] === `${name}`).map((entry) => entry[1]);
    }

    has(name) {
      return this.#entries.some((entry) => entry[0] === `${name}`);
    }

    set(name, value) {
      this.delete(name);
      this.append(name, value);
    }

    *[Symbol.iterator]() {
      yield* this.#entries;
    }
  }

  async function multipart(form, boundary) {
    const parts = [];
    for (const [name, value] of form) {
      const quoted = name.replace(/\r\n|\r|\n/g, "%0D%0A").replace(/"/g, "%22");
      let head = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted}"`;
      if (typeof value === "string") {
        parts.push(encode(`${head}\r\n\r\n${value}\r\n`));
      } else {
        head += `; filename="${value.name ?? "blob"}"\r\nContent-Type: ${value.type || "application/octet-stream"}`;
        parts.push(encode(`${head}\r\n\r\n`), new Uint8Array(await value.arrayBuffer()), encode("\r\n"));
      }
    }
    parts.push(encode(`--${boundary}--\r\n`));
    return concat(parts);
  }

  // --- Bodies ------------------------------------------------------------------------------------------------------------

  function concat(chunks) {
    const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.byteLength;
    }
    return bytes;
  }

  /** A stream of one chunk, or of what `load` comes to, which is called when it is read. */
  function streamOf(load) {
    return new ReadableStream({
      async pull(controller) {
        const bytes = await load();
        if (bytes.byteLength > 0) controller.enqueue(bytes);
        controller.close();
      },
    }, { highWaterMark: 0 });
  }

  /** Fetch, "extract a body": a stream, and the content type that goes with it. */
  function extract(body) {
    if (body instanceof ReadableStream) {
      if (body.locked || wasRead(body)) throw new TypeError("the stream is locked or was read");
      return { stream: body, type: null };
    }
    if (body instanceof Blob) {
      return { stream: streamOf(async () => new Uint8Array(await body.arrayBuffer())), type: body.type || null };
    }
    if (body instanceof FormData) {
      const boundary = `----headwater${Math.random().toString(36).slice(2)}`;
      const type = `multipart/form-data; boundary=${boundary}`;
      return { stream: streamOf(() => multipart(body, boundary)), type };
    }
    let bytes, type = null;
    if (ArrayBuffer.isView(body)) {
      bytes = new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
    } else if (body instanceof ArrayBuffer || body instanceof SharedArrayBuffer) {
      bytes = new Uint8Array(body).slice();
    } else if (body instanceof URLSearchParams) {
      [bytes, type] = [encode(`${body}`), "application/x-www-form-urlencoded;charset=UTF-8"];
    } else {
      [bytes, type] = [encode(`${body}`), "text/plain;charset=UTF-8"];
    }
    return { stream: streamOf(() => bytes), type, bytes };
  }

  /** The Body mixin. */
  class Body {
    _stream = null;
    _used = false;

    get body() {
      return this._stream;
    }

    get bodyUsed() {
      return this._stream !== null && (this._used || wasRead(this._stream));
    }

    async arrayBuffer() {
      return (await consume(this)).buffer;
    }

    async bytes() {
      return await consume(this);
    }

    async blob() {
      return new Blob([await consume(this)], { type: this.headers.get("content-type") ?? "" });
    }

    async text() {
      return new TextDecoder().decode(await consume(this));
    }

    async json() {
      return JSON.parse(new TextDecoder().decode(await consume(this)));
    }

    async formData() {
      throw new TypeError("formData() is not supported");
    }
  }

  async function consume(self) {
    if (!(self instanceof Body)) throw new TypeError("this has no body");
    if (self._stream === null) return new Uint8Array(0);
    if (self.bodyUsed || self._stream.locked) throw new TypeError("the body is used already");
    self._used = true;
    const reader = self._stream.getReader();
    const chunks = [];
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        reader.releaseLock(); // See `wasm.js`.
        break;
      }
      if (!(value instanceof Uint8Array)) throw new TypeError("the body has a chunk that is no Uint8Array");
      chunks.push(value);
    }
    return concat(chunks);
  }

  // Streams do not tell whether they were disturbed; so it is written down whenever something is read or cancelled.
  const disturbed = new WeakSet();
  const wasRead = (stream) => disturbed.has(stream);
  {
    // A property and no WeakMap: QuickJS does not collect a key that its own value refers to.
    const streamOfReader = Symbol("stream");
    const { getReader, cancel, tee } = ReadableStream.prototype;
    const patch = (target, name, method) =>
      Object.defineProperty(target, name, { value: { [name]: method }[name], writable: true, configurable: true });
    const note = (reader) => {
      const stream = reader[streamOfReader];
      if (stream !== undefined) disturbed.add(stream);
    };
    patch(ReadableStream.prototype, "getReader", function (...args) {
      const reader = Reflect.apply(getReader, this, args);
      Object.defineProperty(reader, streamOfReader, { value: this });
      return reader;
    });
    patch(ReadableStream.prototype, "cancel", function (...args) {
      disturbed.add(this);
      return Reflect.apply(cancel, this, args);
    });
    patch(ReadableStream.prototype, "tee", function (...args) {
      const branches = Reflect.apply(tee, this, args);
      disturbed.add(this);
      return branches;
    });
    for (const Reader of [global.ReadableStreamDefaultReader, global.ReadableStreamBYOBReader]) {
      const { read, cancel } = Reader.prototype;
      patch(Reader.prototype, "read", function (...args) {
        note(this);
        return Reflect.apply(read, this, args);
      });
      patch(Reader.prototype, "cancel", function (...args) {
        note(this);
        return Reflect.apply(cancel, this, args);
      });
    }
  }

  // --- Response ----------------------------------------------------------------------------------------------------------

  const INTERNAL = Object.create(null);

  class Response extends Body {
    #head;

    constructor(body, init) {
      super();
      if (body === INTERNAL) {
        this.#head = init;
        this._stream = init.stream;
        return;
      }
      const options = init ?? {};
      if (!isObject(options)) throw new TypeError("Response: the options must be an object");
      const headers = new Headers(options.headers ?? undefined);
      const status = options.status === undefined ? 200 : Math.trunc(+options.status);
      const statusText = options.statusText === undefined ? "" : `${options.statusText}`;
      if (/[^\t\x20-\x7e\x80-\xff]/.test(statusText)) throw new TypeError("Response: statusText has a character that is not allowed");
      if (!(status >= 200 && status <= 599)) throw new RangeError(`Response: the status ${status} is not from 200 to 599`);
      this.#head = { type: "default", url: "", redirected: false, status, statusText, headers };
      if (body !== undefined && body !== null) {
        if ([204, 205, 304].includes(status)) throw new TypeError(`Response: status ${status} goes with no body`);
        const { stream, type } = extract(body);
        this._stream = stream;
        if (type !== null && !headers.has("content-type")) headers.append("content-type", type);
      }
    }

    static error() {
      return new Response(INTERNAL, {
        type: "error", url: "", redirected: false, status: 0, statusText: "", headers: lock(new Headers()), stream: null,
      });
    }

    static redirect(url, status = 302) {
      const target = new URL(`${url}`, location.href).href;
      if (![301, 302, 303, 307, 308].includes(status)) throw new RangeError(`Response: the status ${status} is not a redirect`);
      const response = new Response(null, { headers: { location: target } });
      response.#head.status = status;
      lock(response.headers);
      return response;
    }

    static json(data, init) {
      const text = JSON.stringify(data);
      if (text === undefined) throw new TypeError("Response: this has no JSON");
      const response = new Response(text, init);
      if (!new Headers(init?.headers).has("content-type")) response.headers.set("content-type", "application/json");
      return response;
    }

    get type() { return this.#head.type; }
    get url() { return this.#head.url; }
    get redirected() { return this.#head.redirected; }
    get status() { return this.#head.status; }
    get ok() { return this.#head.status >= 200 && this.#head.status <= 299; }
    get statusText() { return this.#head.statusText; }
    get headers() { return this.#head.headers; }

    clone() {
      if (this.bodyUsed || this._stream?.locked) throw new TypeError("the body is used already");
      let stream = null;
      if (this._stream !== null) [this._stream, stream] = this._stream.tee();
      const headers = new Headers(this.headers);
      return new Response(INTERNAL, { ...this.#head, headers: isLocked(this.headers) ? lock(headers) : headers, stream });
    }
  }

  // --- Request -----------------------------------------------------------------------------------------------------------

  class Request extends Body {
    #head;

    constructor(input, init) {
      super();
      const options = init ?? {};
      const from = input instanceof Request ? input : undefined;
      const url = from === undefined ? new URL(`${input}`, location.href).href : from.url;
      const method = options.method === undefined ? (from?.method ?? "GET") : `${options.method}`;
      const standard = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];
      this.#head = {
        url,
        method: standard.includes(method.toUpperCase()) ? method.toUpperCase() : method,
        headers: new Headers(options.headers ?? from?.headers),
        redirect: options.redirect ?? from?.redirect ?? "follow",
        mode: options.mode ?? from?.mode ?? "cors",
        signal: options.signal ?? from?.signal ?? new global.AbortController().signal,
      };
      if (options.body !== undefined && options.body !== null) {
        if (["GET", "HEAD"].includes(this.method)) throw new TypeError(`Request: ${this.method} goes with no body`);
        const { stream, type } = extract(options.body);
        this._stream = stream;
        if (type !== null && !this.headers.has("content-type")) this.headers.append("content-type", type);
      } else if (from !== undefined && from._stream !== null) {
        if (from.bodyUsed || from._stream.locked) throw new TypeError("Request: the body is used already");
        from._used = true;
        this._stream = from._stream;
      }
    }

    get url() { return this.#head.url; }
    get method() { return this.#head.method; }
    get headers() { return this.#head.headers; }
    get redirect() { return this.#head.redirect; }
    get mode() { return this.#head.mode; }
    get signal() { return this.#head.signal; }

    clone() {
      return new Request(this);
    }
  }

  // --- fetch -------------------------------------------------------------------------------------------------------------

  function dataUrl(url) {
    const comma = url.indexOf(",");
    if (comma < 0) throw new TypeError("network error: a data: URL without data");
    let type = url.slice("data:".length, comma).trim();
    const text = url.slice(comma + 1).replace(/#.*$/, "");
    const raw = [];
    for (let i = 0; i < text.length; i++) {
      const escaped = text[i] === "%" && /^[0-9a-f]{2}$/i.test(text.slice(i + 1, i + 3));
      raw.push(escaped ? parseInt(text.slice(i + 1, i + 3), 16) : text.charCodeAt(i));
      if (escaped) i += 2;
    }
    let bytes = new Uint8Array(raw);
    const base64 = /; *base64$/i;
    if (base64.test(type)) {
      type = type.replace(base64, "");
      bytes = Uint8Array.from(global.atob(String.fromCharCode(...raw)), (c) => c.charCodeAt(0));
    }
    if (type === "" || type.startsWith(";")) type = `text/plain${type || ";charset=US-ASCII"}`;
    return new Response(INTERNAL, {
      type: "basic", url, redirected: false, status: 200, statusText: "OK",
      headers: lock(new Headers({ "content-type": type })), stream: streamOf(() => bytes),
    });
  }

  /** The response's type and what of its headers can be seen (Fetch, "HTTP fetch" and "filtered response"). */
  function filter(request, url, headers) {
    const origin = new URL(url).origin;
    if (origin === location.origin) return "basic";
    if (request.mode === "no-cors") return "opaque";
    const allowed = headers.get("access-control-allow-origin");
    if (allowed === "*" || allowed === location.origin) return "cors";
    throw new TypeError(`network error: ${origin} does not allow ${location.origin} to read its response`);
  }

  async function fetchNow(request) {
    const { signal } = request;
    if (signal.aborted) throw signal.reason;
    const protocol = new URL(request.url).protocol;
    if (protocol === "data:") return dataUrl(request.url);
    if (protocol === "https:") {
      throw new TypeError(`network error: cannot fetch ${request.url}: this program is built without TLS, so there is no https:`);
    }
    if (protocol !== "http:") throw new TypeError(`network error: cannot fetch ${request.url}`);
    const headers = [...request.headers].flat();
    if (new URL(request.url).origin !== location.origin && request.mode === "cors") headers.push("origin", location.origin);
    const body = request._stream === null ? null : (await consume(request)).buffer;
    const exchange = clients.request(request.method, request.url, headers, body, request.redirect === "follow");

    let controller;
    const onAbort = () => {
      exchange.cancel();
      controller?.error(signal.reason);
    };
    signal.addEventListener("abort", onAbort);
    const settled = () => signal.removeEventListener("abort", onAbort);

    try {
      const head = await exchange.send();
      if (signal.aborted) throw signal.reason;
      const list = new Headers();
      for (let i = 0; i < head.headers.length; i += 2) list.append(head.headers[i], head.headers[i + 1]);
      const redirected = head.url !== request.url.replace(/#.*$/, "");
      const redirects = [301, 302, 303, 307, 308].includes(head.status) && list.has("location");
      if (redirects && request.redirect === "error") throw new TypeError("network error: the response is a redirect");
      const type = redirects && request.redirect === "manual" ? "opaqueredirect" : filter(request, head.url, list);
      if (type.startsWith("opaque")) {
        exchange.cancel();
        settled();
        return new Response(INTERNAL, {
          type, url: type === "opaque" ? "" : request.url, redirected: false, status: 0, statusText: "",
          headers: lock(new Headers()), stream: null,
        });
      }
      const empty = request.method === "HEAD" || [101, 103, 204, 205, 304].includes(head.status);
      const stream = empty ? null : new ReadableStream({
        start(c) {
          controller = c;
        },
        async pull(c) {
          let chunk;
          try {
            chunk = await exchange.read();
          } catch (error) {
            settled();
            throw signal.aborted ? signal.reason : error;
          }
          if (signal.aborted) return; // `onAbort` said so.
          if (chunk === null) {
            settled();
            c.close();
          } else {
            c.enqueue(chunk);
          }
        },
        cancel() {
          settled();
          exchange.cancel();
        },
      }, { highWaterMark: 0 });
      if (empty) settled();
      return new Response(INTERNAL, {
        type, url: head.url, redirected, status: head.status, statusText: head.statusText, headers: lock(list), stream,
      });
    } catch (error) {
      settled();
      exchange.cancel();
      throw error;
    }
  }

  async function startFetch(args) {
    if (args.length === 0) throw new TypeError("fetch: at least 1 argument required");
    return await fetchNow(new Request(args[0], args[1]));
  }

  const functions = {
    fetch(input) {
      return startFetch(arguments);
    },
  };

  // Web IDL's attributes and operations are enumerable; what begins with an underscore is nobody's business.
  for (const Class of [Headers, FormData, Body, Response, Request]) {
    for (const target of [Class, Class.prototype]) {
      for (const key of Object.getOwnPropertyNames(target)) {
        if (["constructor", "prototype", "name", "length"].includes(key)) continue;
        Object.defineProperty(target, key, { enumerable: true });
      }
    }
  }
  for (const Class of [Response, Request]) {
    for (const key of Object.getOwnPropertyNames(Body.prototype)) {
      if (key === "constructor") continue;
      Object.defineProperty(Class.prototype, key, Object.getOwnPropertyDescriptor(Body.prototype, key));
    }
  }
  for (const Class of [Headers, FormData, Response, Request]) {
    Object.defineProperty(Class.prototype, Symbol.toStringTag, { value: Class.name, configurable: true });
    Object.defineProperty(global, Class.name, { value: Class, writable: true, enumerable: false, configurable: true });
  }
  Object.defineProperty(global, "fetch", {
    value: functions.fetch, writable: true, enumerable: true, configurable: true,
  });
});
