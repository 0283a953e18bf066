// `Response`, `Request` and `fetch` (Fetch standard, section 5), as far as a WebAssembly host needs them, over
// `exchange.rs`. Why not llrt_fetch: see `shell/mod.rs`.
(function (own, clients, location, streams, heads, bodies, coding) {
  "use strict";

  const {
    create, defineProperty, dictionary, expose, getter, indexOf, isObject, list, lower, mark, matches, need, push,
    slice,
    shown, startsWith, stringify, toText, trim, trunc, uncurry, upper, TypeError, RangeError,
  } = own;
  const { makeStream, closeChunks, enqueueChunk, errorChunks } = streams;
  const { Headers, makeHeaders, copyHeaders, lock, getHeader, setHeader, entriesOf } = heads;
  const { extract, newBody, cloneBody, isUnusable, consume, mixInto, streamOfBytes } = bodies;
  const { URL, AbortController, AbortSignal, EventTarget } = own.parts.global;

  const href = getter(URL.prototype, "href");
  const originOf = getter(URL.prototype, "origin");
  const protocolOf = getter(URL.prototype, "protocol");
  const { href: baseHref, origin: baseOrigin } = location;
  const newSignal = () => signalOf(new AbortController());
  const signalOf = getter(AbortController.prototype, "signal");
  const isAborted = getter(AbortSignal.prototype, "aborted");
  const reasonOf = getter(AbortSignal.prototype, "reason");
  const listen = uncurry(AbortSignal.prototype.addEventListener ?? EventTarget.prototype.addEventListener);
  const unlisten = uncurry(AbortSignal.prototype.removeEventListener ?? EventTarget.prototype.removeEventListener);
  const requestOf = uncurry(clients.request);

  const resolve = (url) => new URL(own.toUsv(url), baseHref);

  function isOneOf(value, values) {
    for (let i = 0; i < values.length; i++) if (values[i] === value) return true;
    return false;
  }

  const isRedirect = (status) => isOneOf(status, [301, 302, 303, 307, 308]);

  // --- Response ------------------------------------------------------------------------------------------------------

  const INTERNAL = create(null);
  let headOf, bodyOf, isResponse;

  class Response {
    #head;
    #body = newBody(null);

    constructor(body, init) {
      if (body === INTERNAL) {
        this.#head = init;
        this.#body = init.body;
        return;
      }
      // Members are read in the order of their names.
      let { headers, status, statusText } = dictionary(init, "Response: the options");
      headers = new Headers(headers);
      status = status === undefined ? 200 : toUint16(status);
      statusText = statusText === undefined ? "" : toText(statusText);
      if (!(status >= 200 && status <= 599)) {
        throw new RangeError("Response: the status " + status + " is not from 200 to 599");
      }
      if (matches(/[^\t\x20-\x7e\x80-\xff]/, statusText)) {
        throw new TypeError("Response: statusText has a character that is not allowed");
      }
      this.#head = { __proto__: null, type: "default", url: "", redirected: false, status, statusText, headers };
      if (body === undefined || body === null) return;
      const { stream, type } = extract(body);
      if (isOneOf(status, [204, 205, 304])) {
        throw new TypeError("Response: status " + status + " does not allow a body");
      }
      this.#body.stream = stream;
      if (type !== null && getHeader(headers, "content-type") === null) setHeader(headers, "content-type", type);
    }

    static {
      headOf = (response) => response.#head;
      bodyOf = (response) => response.#body;
      isResponse = (value) => isObject(value) && #head in value;
    }

    static error() {
      return makeResponse({ __proto__: null, type: "error", headers: lock(makeHeaders()) });
    }

    static redirect(url, status = 302) {
      need(1, arguments.length, "Response.redirect()");
      const target = href(resolve(url));
      const code = toUint16(status);
      if (!isRedirect(code)) throw new RangeError("Response: the status " + code + " is not a redirect");
      return makeResponse({ __proto__: null, type: "default", status: code,
        headers: lock(makeHeaders(["location", target])) });
    }

    static json(value, init) {
      need(1, arguments.length, "Response.json()");
      const text = stringify(value);
      if (text === undefined) throw new TypeError("Response: this value has no JSON representation");
      const response = new Response(coding.encode(own.toUsv(text)), init);
      const { headers } = headOf(response);
      if (getHeader(headers, "content-type") === null) setHeader(headers, "content-type", "application/json");
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
      const { type, url, redirected, status, statusText, headers } = this.#head;
      if (isUnusable(this.#body)) throw new TypeError("the body has already been used");
      return new Response(INTERNAL, {
        __proto__: null, type, url, redirected, status, statusText, headers: copyHeaders(headers, true),
        body: cloneBody(this.#body),
      });
    }
  }

  function makeResponse({ type, url = "", redirected = false, status = 0, statusText = "", headers, stream = null }) {
    return new Response(INTERNAL, { __proto__: null, type, url, redirected, status, statusText, headers,
      body: newBody(stream) });
  }

  /** unsigned short */
  const toUint16 = (value) => {
    const number = trunc(+value);
    return number - number === 0 ? ((number % 65536) + 65536) % 65536 : 0;
  };

  // --- Request -------------------------------------------------------------------------------------------------------

  let requestHead, requestBody, isRequest;

  class Request {
    #head;
    #body = newBody(null);

    constructor(input, init) {
      need(1, arguments.length, "Request");
      const from = isRequest(input) ? input.#head : undefined;
      const url = from === undefined ? href(resolve(input)) : from.url;
      const options = dictionary(init, "Request: the options");
      const { body, headers, method: givenMethod, mode, redirect, signal } = options;
      const method = givenMethod === undefined ? (from?.method ?? "GET") : toText(givenMethod);
      const standard = isOneOf(upper(method), ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"]);
      if (signal !== undefined && signal !== null) isAborted(signal); // which throws if it is none
      this.#head = {
        __proto__: null, url, method: standard ? upper(method) : method,
        headers: headers === undefined ? (from === undefined ? makeHeaders() : copyHeaders(from.headers, false))
          : new Headers(headers),
        redirect: redirect === undefined ? (from?.redirect ?? "follow")
          : oneOf(redirect, ["follow", "error", "manual"], "redirect"),
        mode: mode === undefined ? (from?.mode ?? "cors") : oneOf(mode, ["cors", "no-cors", "same-origin"], "mode"),
        signal: signal ?? from?.signal ?? newSignal(),
      };
      if (body !== undefined && body !== null) {
        if (isOneOf(this.#head.method, ["GET", "HEAD"])) {
          throw new TypeError("Request: " + this.#head.method + " does not allow a body");
        }
        const { stream, type } = extract(body);
        this.#body.stream = stream;
        const own = this.#head.headers;
        if (type !== null && getHeader(own, "content-type") === null) setHeader(own, "content-type", type);
      } else if (from !== undefined && input.#body.stream !== null) {
        if (isUnusable(input.#body)) throw new TypeError("Request: the body has already been used");
        this.#body.stream = input.#body.stream;
        input.#body.given = true;
      }
    }

    static {
      requestHead = (request) => request.#head;
      requestBody = (request) => request.#body;
      isRequest = (value) => isObject(value) && #head in value;
    }

    get url() { return this.#head.url; }
    get method() { return this.#head.method; }
    get headers() { return this.#head.headers; }
    get redirect() { return this.#head.redirect; }
    get mode() { return this.#head.mode; }
    get signal() { return this.#head.signal; }

    clone() {
      if (isUnusable(this.#body)) throw new TypeError("the body has already been used");
      const { url, method, headers, redirect, mode, signal } = this.#head;
      const copy = new Request(url, { __proto__: null, method, redirect, signal });
      copy.#head.headers = copyHeaders(headers, false);
      copy.#head.mode = mode;
      copy.#body = cloneBody(this.#body);
      return copy;
    }
  }

  function oneOf(value, values, what) {
    const text = toText(value);
    if (!isOneOf(text, values)) throw new TypeError("Request: " + what + " cannot be \"" + text + "\"");
    return text;
  }

  mixInto(Response, (response) => bodyOf(response), (response) => headOf(response).headers);
  mixInto(Request, (request) => requestBody(request), (request) => requestHead(request).headers);

  // --- fetch ---------------------------------------------------------------------------------------------------------

  function dataUrl(url) {
    const comma = indexOf(url, ",");
    if (comma < 0) throw new TypeError("network error: a data: URL without data");
    let type = trim(slice(url, "data:".length, comma));
    const hash = indexOf(url, "#", comma);
    const text = slice(url, comma + 1, hash < 0 ? url.length : hash);
    let bytes = coding.percentDecode(text);
    const last = lower(trim(slice(type, type.length - "base64".length)));
    if (last === "base64") {
      const rest = trim(slice(type, 0, type.length - "base64".length));
      if (rest[rest.length - 1] === ";") {
        type = slice(rest, 0, rest.length - 1);
        bytes = coding.fromBase64(bytes);
        if (bytes === null) throw new TypeError("network error: a data: URL whose data is not Base64");
      }
    }
    if (type === "" || type[0] === ";") type = "text/plain" + (type || ";charset=US-ASCII");
    return makeResponse({
      __proto__: null, type: "basic", url, status: 200, statusText: "OK",
      headers: lock(makeHeaders(["content-type", type])),
      stream: streamOfBytes(bytes),
    });
  }

  /** The response's type and the headers that are visible (Fetch, "HTTP fetch" and "filtered response"). */
  function filter(request, url, headers) {
    const origin = originOf(new URL(url));
    if (origin === baseOrigin) return "basic";
    if (request.mode === "no-cors") return "opaque";
    const allowed = getHeader(headers, "access-control-allow-origin");
    if (allowed === "*" || allowed === baseOrigin) return "cors";
    throw new TypeError("network error: " + origin + " does not allow " + baseOrigin + " to read its response");
  }

  /** Scripts never get the promise, which is fulfilled with a record, since promises look up `then`. */
  async function fetchNow(input) {
    const request = requestHead(input);
    const { signal } = request;
    if (isAborted(signal)) throw reasonOf(signal);
    const target = new URL(request.url);
    const protocol = protocolOf(target);
    if (protocol === "data:") return { __proto__: null, response: dataUrl(request.url) };
    if (protocol === "https:") {
      throw new TypeError("network error: cannot fetch " + request.url
        + ": this program is built without TLS, so https: is not available");
    }
    if (protocol !== "http:") throw new TypeError("network error: cannot fetch " + request.url);
    const entries = entriesOf(request.headers);
    const headers = list();
    for (let i = 0; i < entries.length; i++) {
      push(headers, entries[i].name);
      push(headers, entries[i].value);
    }
    if (originOf(target) !== baseOrigin) {
      if (request.mode === "same-origin") {
        throw new TypeError("network error: the mode is same-origin, and the URL is of another");
      }
      if (request.mode === "cors") {
        push(headers, "origin");
        push(headers, baseOrigin);
      }
    }
    const body = requestBody(input);
    const sent = body.stream === null ? undefined : own.source((await mark(consume(body))).bytes).buffer;
    const exchange = requestOf(clients, request.method, request.url, headers, sent, request.redirect === "follow");

    let controller;
    const onAbort = () => {
      exchange.cancel();
      if (controller !== undefined) errorChunks(controller, reasonOf(signal));
    };
    listen(signal, "abort", onAbort);
    const settled = () => unlisten(signal, "abort", onAbort);

    try {
      const head = await mark(exchange.send());
      if (isAborted(signal)) throw reasonOf(signal);
      const received = makeHeaders(head.headers);
      const hash = indexOf(request.url, "#");
      const redirected = head.url !== (hash < 0 ? request.url : slice(request.url, 0, hash));
      const redirects = isRedirect(head.status) && getHeader(received, "location") !== null;
      if (redirects && request.redirect === "error") throw new TypeError("network error: the response is a redirect");
      const type = redirects && request.redirect === "manual" ? "opaqueredirect" : filter(request, head.url, received);
      if (startsWith(type, "opaque")) {
        exchange.cancel();
        settled();
        const url = type === "opaque" ? "" : request.url;
        const response = makeResponse({ __proto__: null, type, url, headers: lock(makeHeaders()) });
        return { __proto__: null, response };
      }
      const empty = request.method === "HEAD" || isOneOf(head.status, [101, 103, 204, 205, 304]);
      if (empty) settled();
      else controller = receive(exchange, signal, settled);
      const response = makeResponse({
        __proto__: null, type, url: head.url, redirected, status: head.status, statusText: head.statusText,
        headers: lock(received),
        stream: empty ? null : controller.stream.object,
      });
      return { __proto__: null, response };
    } catch (error) {
      settled();
      exchange.cancel();
      throw error;
    }
  }

  /** The controller of a stream of what arrives. */
  function receive(exchange, signal, settled) {
    const controller = makeStream({
      __proto__: null,
      async pull() {
        let read;
        try {
          read = await mark(exchange.read());
        } catch (error) {
          settled();
          throw isAborted(signal) ? reasonOf(signal) : error;
        }
        if (isAborted(signal)) return; // `onAbort` said so.
        if (read === null) {
          settled();
          closeChunks(controller);
        } else {
          enqueueChunk(controller, read.bytes);
        }
      },
      cancel() {
        settled();
        exchange.cancel();
        return undefined;
      },
    });
    return controller;
  }

  async function startFetch(args) {
    need(1, args.length, "fetch");
    return (await mark(fetchNow(new Request(args[0], args[1])))).response;
  }

  const functions = {
    fetch(input) {
      return startFetch(arguments);
    },
  };

  expose(Response);
  expose(Request);
  defineProperty(own.parts.global, "fetch", shown(functions.fetch));
});
