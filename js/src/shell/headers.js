// `Headers` and `FormData` (Fetch standard, section 5.1; XMLHttpRequest, section 5).
(function (own, blobs) {
  "use strict";

  const {
    apply, list, push, need, isObject, matches, lower, slice, toText, toUsv, ownKeys, getOwnPropertyDescriptor,
    setPrototypeOf, defineProperty,
    hidden, expose, pairIterators, Symbol, TypeError,
  } = own;
  const { isBlob, namedBlob } = blobs;

  // --- Headers -------------------------------------------------------------------------------------------------------

  const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

  function headerName(name) {
    const text = toText(name);
    if (!matches(token, text)) throw new TypeError("\"" + text + "\" is not a header name");
    return lower(text);
  }

  const isBlank = (char) => char === "\t" || char === "\n" || char === "\r" || char === " ";

  /** A value without HTTP whitespace around it: tab, space, CR, LF, and no other. */
  function headerValue(value) {
    const text = toText(value);
    let start = 0;
    let end = text.length;
    while (start < end && isBlank(text[start])) start++;
    while (start < end && isBlank(text[end - 1])) end--;
    const trimmed = slice(text, start, end);
    if (matches(/[\0\n\r\u0100-\uffff]/, trimmed)) {
      throw new TypeError("a header's value has a character that is not allowed");
    }
    return trimmed;
  }

  let stateOf, isHeaders;

  class Headers {
    /**
     * The entries, each a list of name and value; and the guard (Fetch, "headers guard"): whether it is "immutable".
     */
    #state = { __proto__: null, entries: list(), locked: false };

    constructor(init) {
      if (init !== undefined) fill(this.#state, init);
    }

    static {
      stateOf = (headers) => headers.#state;
      isHeaders = (value) => isObject(value) && #state in value;
    }

    append(name, value) {
      const state = this.#state;
      need(2, arguments.length, "Headers.append()");
      append(state, headerName(name), headerValue(value));
    }

    delete(name) {
      const state = this.#state;
      need(1, arguments.length, "Headers.delete()");
      const key = headerName(name);
      checkGuard(state);
      state.entries = entriesWithout(state, key);
    }

    get(name) {
      const state = this.#state;
      need(1, arguments.length, "Headers.get()");
      return get(state, headerName(name));
    }

    getSetCookie() {
      const { entries } = this.#state;
      const cookies = list();
      for (let i = 0; i < entries.length; i++) if (entries[i].name === "set-cookie") push(cookies, entries[i].value);
      return own.toArray(cookies);
    }

    has(name) {
      const state = this.#state;
      need(1, arguments.length, "Headers.has()");
      return get(state, headerName(name)) !== null;
    }

    set(name, value) {
      const state = this.#state;
      need(2, arguments.length, "Headers.set()");
      set(state, headerName(name), headerValue(value));
    }

    entries() {
      return iterate(checked(this), "entries");
    }

    forEach(callback, self) {
      checked(this);
      need(1, arguments.length, "Headers.forEach()");
      if (typeof callback !== "function") {
        throw new TypeError("Headers.forEach(): the first argument must be a function");
      }
      for (let i = 0; ; i++) {
        const pairs = sorted(this);
        if (i >= pairs.length) break;
        apply(callback, self, [pairs[i][1], pairs[i][0], this]);
      }
    }

    keys() {
      return iterate(checked(this), "keys");
    }

    values() {
      return iterate(checked(this), "values");
    }
  }
  defineProperty(Headers.prototype, Symbol.iterator, hidden(Headers.prototype.entries));

  function checked(headers) {
    stateOf(headers);
    return headers;
  }

  function checkGuard(state) {
    if (state.locked) throw new TypeError("Headers: these cannot be changed");
  }

  function append(state, name, value) {
    checkGuard(state);
    push(state.entries, { __proto__: null, name, value });
  }

  function set(state, name, value) {
    checkGuard(state);
    const { entries } = state;
    const kept = list();
    let isSet = false;
    for (let i = 0; i < entries.length; i++) {
      const isIt = entries[i].name === name;
      if (isIt && isSet) continue;
      push(kept, isIt ? { __proto__: null, name, value } : entries[i]);
      isSet ||= isIt;
    }
    if (!isSet) push(kept, { __proto__: null, name, value });
    state.entries = kept;
  }

  function entriesWithout({ entries }, name) {
    const kept = list();
    for (let i = 0; i < entries.length; i++) if (entries[i].name !== name) push(kept, entries[i]);
    return kept;
  }

  /** The combined value, or null. */
  function get({ entries }, name) {
    let combined = null;
    for (let i = 0; i < entries.length; i++) {
      if (entries[i].name === name) {
        combined = combined === null ? entries[i].value : combined + ", " + entries[i].value;
      }
    }
    return combined;
  }

  /** HeadersInit: a sequence of pairs or a record. */
  function fill(state, init) {
    if (!isObject(init)) throw new TypeError("Headers: the argument must be an object");
    const method = init[Symbol.iterator];
    if (method !== undefined && method !== null) {
      const pairs = sequence(init, method);
      for (let i = 0; i < pairs.length; i++) pairs[i] = pairOf(pairs[i]);
      for (let i = 0; i < pairs.length; i++) append(state, headerName(pairs[i].name), headerValue(pairs[i].value));
      return;
    }
    const names = setPrototypeOf(ownKeys(init), null);
    const record = list();
    for (let i = 0; i < names.length; i++) {
      if (!getOwnPropertyDescriptor(init, names[i])?.enumerable) continue;
      push(record, { __proto__: null, name: toText(names[i]), value: toText(init[names[i]]) });
    }
    for (let i = 0; i < record.length; i++) append(state, headerName(record[i].name), headerValue(record[i].value));
  }

  function pairOf(value) {
    if (!isObject(value)) throw new TypeError("Headers: a header is a name and a value");
    const parts = sequence(value, value[Symbol.iterator]);
    for (let i = 0; i < parts.length; i++) parts[i] = toText(parts[i]);
    if (parts.length !== 2) throw new TypeError("Headers: a header is a name and a value");
    return { __proto__: null, name: parts[0], value: parts[1] };
  }

  /** Web IDL's sequences, which are read by the scripts' protocol. */
  function sequence(iterable, method) {
    if (typeof method !== "function") throw new TypeError("Headers: a sequence is required");
    const iterator = apply(method, iterable, []);
    if (!isObject(iterator)) throw new TypeError("the result of [Symbol.iterator]() is not an object");
    const { next } = iterator;
    const items = list();
    for (;;) {
      const result = apply(next, iterator, []);
      if (!isObject(result)) throw new TypeError("the result of next() is not an object");
      if (result.done) return items;
      push(items, result.value);
    }
  }

  /** Pairs sorted by name and combined, except for cookies (Fetch, "sort and combine"). */
  function sorted(headers) {
    const state = stateOf(headers);
    const names = list();
    for (let i = 0; i < state.entries.length; i++) insert(names, state.entries[i].name);
    const pairs = list();
    for (let i = 0; i < names.length; i++) {
      if (names[i] !== "set-cookie") {
        push(pairs, [names[i], get(state, names[i])]);
        continue;
      }
      for (let j = 0; j < state.entries.length; j++) {
        if (state.entries[j].name === names[i]) push(pairs, [names[i], state.entries[j].value]);
      }
    }
    return pairs;
  }

  /** Inserts a name in order, unless it is already there. */
  function insert(names, name) {
    let at = names.length;
    while (at > 0 && names[at - 1] > name) at--;
    if (names[at - 1] === name) return;
    for (let i = names.length; i > at; i--) names[i] = names[i - 1];
    names[at] = name;
  }

  const iterate = pairIterators("Headers", sorted);

  /** Our own headers. `from` is a list of names and values, in turn. */
  function makeHeaders(from) {
    const headers = new Headers();
    for (let i = 0; i < (from?.length ?? 0); i += 2) {
      append(stateOf(headers), headerName(from[i]), headerValue(from[i + 1]));
    }
    return headers;
  }

  function lock(headers) {
    stateOf(headers).locked = true;
    return headers;
  }

  function copyHeaders(headers, keepLock) {
    const { entries, locked } = stateOf(headers);
    const copy = new Headers();
    const state = stateOf(copy);
    for (let i = 0; i < entries.length; i++) push(state.entries, entries[i]);
    state.locked = keepLock && locked;
    return copy;
  }

  // --- FormData ------------------------------------------------------------------------------------------------------

  let formEntries;

  class FormData {
    #entries = list();

    static {
      formEntries = (form) => form.#entries;
    }

    append(name, value) {
      need(2, arguments.length, "FormData.append()");
      push(this.#entries, formEntry(name, value, arguments[2]));
    }

    delete(name) {
      need(1, arguments.length, "FormData.delete()");
      this.#entries = entriesWithout({ __proto__: null, entries: this.#entries }, toUsv(name));
    }

    get(name) {
      const entries = this.#entries;
      need(1, arguments.length, "FormData.get()");
      const key = toUsv(name);
      for (let i = 0; i < entries.length; i++) if (entries[i].name === key) return entries[i].value;
      return null;
    }

    getAll(name) {
      const entries = this.#entries;
      need(1, arguments.length, "FormData.getAll()");
      const key = toUsv(name);
      const found = list();
      for (let i = 0; i < entries.length; i++) if (entries[i].name === key) push(found, entries[i].value);
      return own.toArray(found);
    }

    has(name) {
      const entries = this.#entries;
      need(1, arguments.length, "FormData.has()");
      const key = toUsv(name);
      for (let i = 0; i < entries.length; i++) if (entries[i].name === key) return true;
      return false;
    }

    set(name, value) {
      need(2, arguments.length, "FormData.set()");
      const entry = formEntry(name, value, arguments[2]);
      const kept = list();
      let isSet = false;
      for (let i = 0; i < this.#entries.length; i++) {
        const isIt = this.#entries[i].name === entry.name;
        if (isIt && isSet) continue;
        push(kept, isIt ? entry : this.#entries[i]);
        isSet ||= isIt;
      }
      if (!isSet) push(kept, entry);
      this.#entries = kept;
    }

    entries() {
      return iterateForm(checkedForm(this), "entries");
    }

    forEach(callback, self) {
      checkedForm(this);
      need(1, arguments.length, "FormData.forEach()");
      if (typeof callback !== "function") {
        throw new TypeError("FormData.forEach(): the first argument must be a function");
      }
      for (let i = 0; i < this.#entries.length; i++) {
        apply(callback, self, [this.#entries[i].value, this.#entries[i].name, this]);
      }
    }

    keys() {
      return iterateForm(checkedForm(this), "keys");
    }

    values() {
      return iterateForm(checkedForm(this), "values");
    }
  }
  defineProperty(FormData.prototype, Symbol.iterator, hidden(FormData.prototype.entries));

  function checkedForm(form) {
    formEntries(form);
    return form;
  }

  /** An entry; blobs become files. */
  function formEntry(name, value, fileName) {
    const key = toUsv(name);
    if (isBlob(value)) {
      return { __proto__: null, name: key,
        value: namedBlob(value, fileName === undefined ? undefined : toUsv(fileName)) };
    }
    if (fileName !== undefined) throw new TypeError("FormData: only a Blob has a file name");
    return { __proto__: null, name: key, value: toUsv(value) };
  }

  const iterateForm = pairIterators("FormData", (form) => {
    const pairs = list();
    const entries = formEntries(form);
    for (let i = 0; i < entries.length; i++) push(pairs, [entries[i].name, entries[i].value]);
    return pairs;
  });

  function isForm(value) {
    try {
      formEntries(value);
      return true;
    } catch {
      return false;
    }
  }

  expose(Headers);
  expose(FormData);
  return {
    __proto__: null, Headers, isHeaders, makeHeaders, copyHeaders, lock, isForm, formEntries, headerName,
    getHeader: (headers, name) => get(stateOf(headers), name),
    setHeader: (headers, name, value) => set(stateOf(headers), name, value),
    entriesOf: (headers) => stateOf(headers).entries,
  };
});
