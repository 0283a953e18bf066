// `structuredClone()` (HTML, sections 2.7 and 8.5), of the language's values, `Blob`, `File` and `WebAssembly.Module`.
//
// A shared buffer is its own clone, since QuickJS cannot make another one over the same bytes.
(function (own, blobs, isOrdinary, cloneModule) {
  "use strict";

  const {
    create, data, defineProperty, dictionary, getOwnPropertyDescriptor, getPrototypeOf, getter, isObject, isShared, isView,
    list, need, ownKeys, push, shown, source, toText, uncurry, Array, ArrayBuffer, Error, Number, Object, RangeError,
    String, Symbol, TypeError, Uint8Array,
  } = own;
  const { global } = own.parts;
  const {
    BigInt, Boolean, DataView, Date, DOMException, EvalError, Map, ReferenceError, RegExp, Set, SyntaxError, URIError,
    WebAssembly,
  } = global;
  const { isArray } = Array;
  const { isError } = Error;
  const hasOwn = Object.hasOwn;
  const detached = getter(ArrayBuffer.prototype, "detached");
  const resizable = getter(ArrayBuffer.prototype, "resizable");
  const maxByteLength = getter(ArrayBuffer.prototype, "maxByteLength");
  const transfer = uncurry(ArrayBuffer.prototype.transfer);
  const lengthOf = getter(getPrototypeOf(Uint8Array.prototype), "length");
  const getTime = uncurry(Date.prototype.getTime);
  const regexSource = getter(RegExp.prototype, "source");
  const mapEach = uncurry(Map.prototype.forEach);
  const mapGet = uncurry(Map.prototype.get);
  const mapSet = uncurry(Map.prototype.set);
  const setEach = uncurry(Set.prototype.forEach);
  const setAdd = uncurry(Set.prototype.add);
  const flags = list();
  for (const [name, letter] of [["hasIndices", "d"], ["global", "g"], ["ignoreCase", "i"], ["multiline", "m"], ["dotAll", "s"],
    ["unicode", "u"], ["unicodeSets", "v"], ["sticky", "y"]]) {
    push(flags, { __proto__: null, is: getter(RegExp.prototype, name), letter });
  }
  const wrapped = list();
  for (const Class of [Boolean, Number, String, BigInt]) push(wrapped, uncurry(Class.prototype.valueOf));
  const symbolOf = uncurry(Symbol.prototype.valueOf);
  const errors = { __proto__: null, Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
  const views = create(null);
  for (const name of ["Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array",
    "Float16Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array"]) {
    if (global[name] !== undefined) views[name] = global[name];
  }
  /** Instances of these are not only their properties. */
  const prototypes = own.platform;
  for (const name of ["Instance", "Memory", "Table", "Global", "Tag", "Exception", "Suspending"]) {
    push(prototypes, WebAssembly[name].prototype);
  }

  function refuse(what) {
    throw new DOMException("structuredClone(): " + what + " cannot be cloned", "DataCloneError");
  }

  /** The result of a method that throws if its `this` is not of the right kind; undefined for such a one. */
  function attempt(method, value) {
    try {
      return { __proto__: null, is: method(value) };
    } catch {
      return undefined;
    }
  }

  /** `known` has the clone of each object. */
  function clone(value, known) {
    if (typeof value === "symbol") refuse("a symbol");
    if (!isObject(value)) return value;
    const before = mapGet(known, value);
    if (before !== undefined) return before;
    if (typeof value === "function") refuse("a function");
    return cloneBytes(value, known) ?? cloneBuiltin(value, known) ?? cloneContainer(value, known);
  }

  function note(known, value, made) {
    mapSet(known, value, made);
    return made;
  }

  function cloneBytes(value, known) {
    const place = source(value);
    if (place === undefined) return undefined;
    if (place.name === undefined) return cloneBuffer(value, place, known);
    const buffer = clone(place.buffer, known);
    const Class = place.name === "DataView" ? DataView : views[place.name];
    const length = place.name === "DataView" ? place.length : lengthOf(value);
    return note(known, value, new Class(buffer, place.offset, length));
  }

  function cloneBuffer(value, place, known) {
    if (isShared(value)) return note(known, value, value);
    if (detached(value)) refuse("a detached buffer");
    if (!resizable(value)) return note(known, value, source(own.copyBytes(place)).buffer);
    const made = new ArrayBuffer(place.length, { __proto__: null, maxByteLength: maxByteLength(value) });
    if (place.length > 0) own.setBytes(new Uint8Array(made), new Uint8Array(value));
    return note(known, value, made);
  }

  function cloneBuiltin(value, known) {
    for (let i = 0; i < wrapped.length; i++) {
      const primitive = attempt(wrapped[i], value);
      if (primitive !== undefined) return note(known, value, Object(primitive.is));
    }
    if (attempt(symbolOf, value) !== undefined) refuse("a symbol");
    const time = attempt(getTime, value);
    if (time !== undefined) return note(known, value, new Date(time.is));
    if (value !== RegExp.prototype) {
      const pattern = attempt(regexSource, value);
      if (pattern !== undefined) {
        let letters = "";
        for (let i = 0; i < flags.length; i++) if (flags[i].is(value)) letters += flags[i].letter;
        return note(known, value, new RegExp(pattern.is, letters));
      }
    }
    const module = cloneModule(value);
    if (module !== undefined) return note(known, value, module);
    const blob = blobs.cloneBlob(value);
    if (blob !== undefined) return note(known, value, blob);
    if (isError(value)) return cloneError(value, known);
    return undefined;
  }

  function cloneError(value, known) {
    const { name } = value;
    const named = name === undefined ? "Error" : toText(name);
    const Class = errors[named] ?? Error;
    const made = note(known, value, new Class());
    const copy = (key, content) => defineProperty(made, key, own.hidden(content));
    const message = getOwnPropertyDescriptor(value, "message");
    if (message !== undefined && hasOwn(message, "value")) copy("message", toText(message.value));
    const cause = getOwnPropertyDescriptor(value, "cause");
    if (cause !== undefined && hasOwn(cause, "value")) copy("cause", clone(cause.value, known));
    return made;
  }

  function cloneContainer(value, known) {
    const entries = list();
    if (attempt((map) => mapEach(map, (item, key) => { push(entries, key); push(entries, item); }), value) !== undefined) {
      const made = note(known, value, new Map());
      for (let i = 0; i < entries.length; i += 2) mapSet(made, clone(entries[i], known), clone(entries[i + 1], known));
      return made;
    }
    if (attempt((set) => setEach(set, (item) => push(entries, item)), value) !== undefined) {
      const made = note(known, value, new Set());
      for (let i = 0; i < entries.length; i++) setAdd(made, clone(entries[i], known));
      return made;
    }
    if (!isOrdinary(value) || isOfHost(value)) refuse("an object that is more than its properties");
    const made = note(known, value, isArray(value) ? new Array(value.length) : {});
    const keys = ownKeys(value);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      if (typeof key !== "string" || getOwnPropertyDescriptor(value, key)?.enumerable !== true) continue;
      defineProperty(made, key, data(clone(value[key], known)));
    }
    return made;
  }

  function isOfHost(value) {
    for (let prototype = getPrototypeOf(value); prototype !== null; prototype = getPrototypeOf(prototype)) {
      for (let i = 0; i < prototypes.length; i++) if (prototypes[i] === prototype) return true;
    }
    return false;
  }

  /** The buffers that change hands: they are taken when everything is cloned. */
  function checkTransfer(options) {
    const members = dictionary(options, "structuredClone(): the options");
    const { transfer: given } = members;
    const buffers = list();
    if (given === undefined) return buffers;
    if (!isObject(given)) throw new TypeError("structuredClone(): transfer must be a sequence");
    const method = given[Symbol.iterator];
    if (typeof method !== "function") throw new TypeError("structuredClone(): transfer must be a sequence");
    const iterator = own.call(method, given);
    const { next } = iterator;
    for (;;) {
      const step = own.call(next, iterator);
      if (!isObject(step)) throw new TypeError("structuredClone(): an iterator's result must be an object");
      if (step.done) break;
      const buffer = step.value;
      if (!isObject(buffer) || isView(buffer) || source(buffer) === undefined || isShared(buffer)) refuse("what is transferred");
      if (detached(buffer)) refuse("a detached buffer");
      for (let i = 0; i < buffers.length; i++) if (buffers[i] === buffer) refuse("a buffer that is named twice");
      push(buffers, buffer);
    }
    return buffers;
  }

  const { structuredClone } = {
    structuredClone(value, options = undefined) {
      need(1, arguments.length, "structuredClone()");
      const buffers = checkTransfer(options);
      const known = new Map();
      const made = clone(value, known);
      // What was cloned by copying has the same bytes as what is taken now, so only the originals are given up.
      for (let i = 0; i < buffers.length; i++) {
        if (detached(buffers[i])) refuse("a detached buffer");
        try {
          transfer(buffers[i], 0);
        } catch {
          refuse("the buffer of a memory");
        }
      }
      return made;
    },
  };
  defineProperty(global, "structuredClone", shown(structuredClone));
});
