// What the shell's scripts use of the language: captured when the realm is created, since scripts may replace any
// global or method later.
//
// The rule for all of them: scripts can neither observe nor intercept anything, except where a standard says so. So
// there is, after installation, no `for…of`, no spreading, no array patterns, no templates, and no method that was not
// captured here; lists have no prototype, whose setters would see what is added; records have none either. Private
// fields check `this`.
(function (global) {
  "use strict";

  const {
    Array, ArrayBuffer, Error, JSON, Math, Number, Object, Promise, RangeError, Reflect, SharedArrayBuffer, String,
    Symbol, TypeError,
    Uint8Array,
  } = global;
  const { apply, construct, deleteProperty, ownKeys } = Reflect;
  const { create, defineProperty, getOwnPropertyDescriptor, getPrototypeOf, setPrototypeOf } = Object;

  const uncurry = (func) => (self, ...args) => apply(func, self, args);
  const getter = (proto, name) => uncurry(getOwnPropertyDescriptor(proto, name).get);

  const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";

  /** Web IDL: a call with too few arguments. */
  function need(count, given, what) {
    if (given < count) {
      throw new TypeError(what + ": at least " + count + " argument" + (count > 1 ? "s" : "") + " required");
    }
  }

  /** A dictionary argument: what its members are read from. */
  function dictionary(value, what) {
    if (value === undefined || value === null) return create(null);
    if (!isObject(value)) throw new TypeError(what + " must be an object");
    return value;
  }

  // --- Lists and text ------------------------------------------------------------------------------------------------

  /** An empty list, to be read and written by index. */
  const list = () => setPrototypeOf([], null);

  function push(to, value) {
    to[to.length] = value;
  }

  /** A list as scripts get it. */
  function toArray(from) {
    const array = [];
    for (let i = 0; i < from.length; i++) defineProperty(array, i, data(from[i]));
    return array;
  }

  const data = (value) => ({ __proto__: null, value, writable: true, enumerable: true, configurable: true });

  /** A queue; what was removed is not kept alive. */
  function queue() {
    return { __proto__: null, first: undefined, last: undefined, length: 0 };
  }

  function enqueue(to, value) {
    const entry = { __proto__: null, value, next: undefined };
    if (to.last === undefined) to.first = entry;
    else to.last.next = entry;
    to.last = entry;
    to.length++;
  }

  function dequeue(from) {
    const { value, next } = from.first;
    from.first = next;
    if (next === undefined) from.last = undefined;
    from.length--;
    return value;
  }

  const toWellFormed = uncurry(String.prototype.toWellFormed);
  const toString = String;
  /** Web IDL's strings. A template would call `String.prototype.concat`, as QuickJS makes them. */
  function toText(value) {
    if (typeof value === "symbol") throw new TypeError("a symbol cannot be converted to a string");
    return toString(value);
  }

  /** USVString */
  const toUsv = (value) => toWellFormed(toText(value));

  const exec = uncurry(global.RegExp.prototype.exec);
  /** Whether a regular expression without flags matches. */
  const matches = (pattern, text) => exec(pattern, text) !== null;

  const charCodeAt = uncurry(String.prototype.charCodeAt);
  const slice = uncurry(String.prototype.slice);

  /** The text with each character replaced for which `replacement` returns a text. */
  function replaceEach(text, replacement) {
    let replaced = "";
    let from = 0;
    for (let i = 0; i < text.length; i++) {
      const other = replacement(text[i], i);
      if (other === undefined) continue;
      replaced += slice(text, from, i) + other;
      from = i + 1;
    }
    return replaced + slice(text, from);
  }

  // --- Promises ------------------------------------------------------------------------------------------------------

  /** A promise that is fulfilled or rejected from outside. */
  function defer() {
    const deferred = { __proto__: null, promise: undefined, resolve: undefined, reject: undefined };
    deferred.promise = new Promise((resolve, reject) => {
      deferred.resolve = resolve;
      deferred.reject = reject;
    });
    return deferred;
  }

  /** Web IDL, "a promise resolved with". */
  const resolved = (value) => new Promise((resolve) => resolve(value));
  const rejected = (error) => new Promise((_, reject) => reject(error));

  /** Web IDL, "react": `await` alone would look up a promise's constructor, which scripts can replace. */
  function react(promise, done, failed) {
    mark(promise);
    wait(promise, done, failed);
    deleteProperty(promise, "constructor");
  }

  async function wait(promise, done, failed) {
    let value;
    try {
      value = await promise;
    } catch (error) {
      failed?.(error);
      return;
    }
    done?.(value);
  }

  /** Makes a promise safe for `await`. It must be native, and never reach scripts. */
  function mark(promise) {
    return defineProperty(promise, "constructor", { __proto__: null, value: Promise, configurable: true });
  }

  /** Its rejection needs no handler. */
  const handled = (promise) => react(promise);

  // --- Buffers -------------------------------------------------------------------------------------------------------

  const TypedArray = getPrototypeOf(Uint8Array);
  const typedArrayName = getter(TypedArray.prototype, Symbol.toStringTag);
  const typedArrayBuffer = getter(TypedArray.prototype, "buffer");
  const typedArrayOffset = getter(TypedArray.prototype, "byteOffset");
  const typedArrayBytes = getter(TypedArray.prototype, "byteLength");
  const dataViewBuffer = getter(global.DataView.prototype, "buffer");
  const dataViewOffset = getter(global.DataView.prototype, "byteOffset");
  const dataViewBytes = getter(global.DataView.prototype, "byteLength");
  const bufferBytes = getter(ArrayBuffer.prototype, "byteLength");
  const sharedBytes = getter(SharedArrayBuffer.prototype, "byteLength");
  const { isView } = ArrayBuffer;
  const setBytes = uncurry(TypedArray.prototype.set);

  function bufferLength(buffer) {
    try {
      return bufferBytes(buffer);
    } catch {
      try {
        return sharedBytes(buffer);
      } catch {
        return undefined;
      }
    }
  }

  function isShared(buffer) {
    try {
      sharedBytes(buffer);
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Where the bytes of a buffer or view are; undefined for anything else. What is detached or out of bounds has none.
   */
  function source(value) {
    if (!isObject(value)) return undefined;
    if (!isView(value)) {
      const length = bufferLength(value);
      return length === undefined ? undefined : { __proto__: null, buffer: value, offset: 0, length, name: undefined };
    }
    const name = typedArrayName(value);
    if (name !== undefined) {
      return {
        __proto__: null, buffer: typedArrayBuffer(value), offset: typedArrayOffset(value),
        length: typedArrayBytes(value), name,
      };
    }
    const buffer = dataViewBuffer(value);
    try {
      return { __proto__: null, buffer, offset: dataViewOffset(value), length: dataViewBytes(value), name: "DataView" };
    } catch {
      return { __proto__: null, buffer, offset: 0, length: 0, name: "DataView" };
    }
  }

  /** The bytes at a place, as a new Uint8Array of a new buffer. */
  function copyBytes({ buffer, offset, length }) {
    const copy = new Uint8Array(length);
    if (length > 0) setBytes(copy, new Uint8Array(buffer, offset, length));
    return copy;
  }

  const isUint8Array = (value) => isView(value) && typedArrayName(value) === "Uint8Array";

  // --- Classes -------------------------------------------------------------------------------------------------------

  const hidden = (value) => ({ __proto__: null, value, writable: true, enumerable: false, configurable: true });
  const shown = (value) => ({ __proto__: null, value, writable: true, enumerable: true, configurable: true });

  /** The prototypes of these classes. */
  const platform = list();

  /** Gives a class the shape of a Web IDL interface, and makes it a global. */
  function expose(Class) {
    for (const target of [Class, Class.prototype]) {
      for (const key of ownKeys(target)) {
        if (key === "constructor" || key === "prototype" || key === "name" || key === "length" && target === Class) {
          continue;
        }
        if (typeof key === "string") defineProperty(target, key, { __proto__: null, enumerable: true });
      }
    }
    defineProperty(Class.prototype, Symbol.toStringTag, { __proto__: null, value: Class.name, configurable: true });
    defineProperty(global, Class.name, hidden(Class));
    push(platform, Class.prototype);
  }

  /** The prototype of all iterators. */
  const IteratorPrototype = getPrototypeOf(getPrototypeOf([][Symbol.iterator]()));

  /**
   * Web IDL's iterators over pairs of a name and a value. `pairs` of an object returns them all, and is called each
   * time.
   */
  function pairIterators(name, pairs) {
    const picks = { __proto__: null, entries: (pair) => [pair[0], pair[1]], keys: (pair) => pair[0],
      values: (pair) => pair[1] };
    class Iterator {
      #of;
      #pick;
      #at = 0;
      constructor(of, pick) {
        this.#of = of;
        this.#pick = pick;
      }
      next() {
        const all = pairs(this.#of);
        if (this.#at >= all.length) return { value: undefined, done: true };
        return { value: this.#pick(all[this.#at++]), done: false };
      }
    }
    delete Iterator.prototype.constructor;
    setPrototypeOf(Iterator.prototype, IteratorPrototype);
    defineProperty(Iterator.prototype, "next", { __proto__: null, enumerable: true });
    defineProperty(Iterator.prototype, Symbol.toStringTag,
      { __proto__: null, value: name + " Iterator", configurable: true });
    return (of, kind) => new Iterator(of, picks[kind]);
  }

  return {
    __proto__: null, apply, construct, create, defineProperty, getOwnPropertyDescriptor, getPrototypeOf,
    setPrototypeOf, ownKeys,
    uncurry, getter, isObject, need, dictionary, list, push, toArray, data, queue, enqueue, dequeue, toText, toUsv,
    matches, charCodeAt, slice,
    replaceEach, defer, resolved, rejected, react, mark, handled, isView, isShared, source, copyBytes, setBytes,
    isUint8Array, bufferLength,
    hidden, shown, expose, platform, pairIterators, Array, ArrayBuffer, Error, JSON, Math, Number, Object, Promise, RangeError,
    Reflect, String,
    Symbol, TypeError, Uint8Array,
    indexOf: uncurry(String.prototype.indexOf), startsWith: uncurry(String.prototype.startsWith),
    lower: uncurry(String.prototype.toLowerCase), upper: uncurry(String.prototype.toUpperCase),
    trim: uncurry(String.prototype.trim),
    fromCharCode: String.fromCharCode, parseJson: JSON.parse, stringify: JSON.stringify, trunc: Math.trunc,
    random: Math.random, parseInt: global.parseInt,
    call: (func, self) => apply(func, self, []),
  };
});
