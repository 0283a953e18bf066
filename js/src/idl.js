// Conversions of Web IDL, as far as the namespace needs them, and of buffers to bytes. `realm` is `realm.rs`'s object.
//
// Everything that is used after installation is captured beforehand: scripts may replace any global or method at any
// time. Nor is there syntax that performs lookups: `for … of`, spread and destructuring of arrays (iterators), template
// literals (QuickJS calls `String.prototype.concat`), arrays that are assigned to (setters), `arguments` beyond their
// number, descriptors with a prototype.
(function (realm, global) {
  "use strict";

  const { TypeError, Object, Reflect, Symbol, String, ArrayBuffer, BigInt, Number } = global;
  const { apply } = Reflect;
  const { defineProperty, freeze, create, getOwnPropertyDescriptor, getPrototypeOf } = Object;
  const { isView } = ArrayBuffer;
  const trunc = global.Math.trunc;
  const toWellFormed = uncurry(global.String.prototype.toWellFormed);
  const getter = (proto, name) => uncurry(getOwnPropertyDescriptor(proto, name).get);
  const TypedArray = getPrototypeOf(global.Uint8Array);
  const typedArrayName = getter(TypedArray.prototype, Symbol.toStringTag);
  const typedArrayBuffer = getter(TypedArray.prototype, "buffer");
  const typedArrayOffset = getter(TypedArray.prototype, "byteOffset");
  const typedArrayLength = getter(TypedArray.prototype, "byteLength");
  const dataViewBuffer = getter(global.DataView.prototype, "buffer");
  const dataViewOffset = getter(global.DataView.prototype, "byteOffset");
  const dataViewLength = getter(global.DataView.prototype, "byteLength");
  const bufferLength = getter(ArrayBuffer.prototype, "byteLength");
  const bufferDetached = getter(ArrayBuffer.prototype, "detached");
  const sharedLength = getter(global.SharedArrayBuffer.prototype, "byteLength");

  function uncurry(func) {
    return (self, ...args) => apply(func, self, args);
  }

  const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";

  /** ToString. */
  function toText(value) {
    if (typeof value === "symbol") throw new TypeError("a symbol cannot be made a string");
    return String(value);
  }

  /** Web IDL: a call with too few arguments. */
  function need(count, given, what) {
    if (given < count) {
      throw new TypeError(what + ": at least " + count + (count > 1 ? " arguments" : " argument") + " required");
    }
  }

  /** [EnforceRange] unsigned long */
  function toUint32(value, what) {
    const number = +value;
    const integer = trunc(number);
    if (!(integer >= 0 && integer <= 0xffffffff)) {
      throw new TypeError(what + " must be an integer from 0 to 4294967295");
    }
    return integer >>> 0;
  }

  /** A dictionary argument: what its members are read from. */
  function toDictionary(value, what) {
    if (value === undefined || value === null) return create(null);
    if (!isObject(value)) throw new TypeError(what + " must be an object");
    return value;
  }

  function toOptionalObject(value, what) {
    if (value !== undefined && !isObject(value)) throw new TypeError(what + " must be an object");
    return value;
  }

  const valueTypes = freeze({
    __proto__: null, i32: 1, i64: 1, f32: 1, f64: 1, v128: 1, externref: 1, anyfunc: 1, funcref: 1,
  });

  function toValueType(value, what) {
    const name = toText(value);
    if (!(name in valueTypes)) throw new TypeError(what + ': "' + name + '" is not a value type');
    return name;
  }

  /** AddressType: whether addresses have 64 bits. */
  function toAddress64(value, what) {
    if (value === undefined) return false;
    const name = toText(value);
    if (name !== "i32" && name !== "i64") throw new TypeError(what + ': "' + name + '" is not an address type');
    return name === "i64";
  }

  /** AddressValue, as a Number: exact up to 2⁵³, which is far more than anything has. */
  function toAddress(value, is64, what) {
    if (!is64) return toUint32(value, what);
    const big = toBigInt(value);
    if (big < 0n || big > 0xffff_ffff_ffff_ffffn) throw new TypeError(what + " must be a BigInt from 0 to 2⁶⁴−1");
    return Number(big);
  }

  /** ToBigInt. `BigInt()` would take Numbers, too, and QuickJS's `BigInt.asIntN` is wrong for more than 64 bits. */
  function toBigInt(value) {
    const primitive = toPrimitive(value);
    if (typeof primitive === "number") throw new TypeError("a BigInt is required, not a Number");
    return BigInt(primitive);
  }

  /** ToPrimitive, with the hint "number". */
  function toPrimitive(value) {
    if (!isObject(value)) return value;
    const exotic = value[Symbol.toPrimitive];
    if (exotic !== undefined && exotic !== null) {
      const primitive = apply(exotic, value, ["number"]);
      if (!isObject(primitive)) return primitive;
    } else {
      for (let i = 0; i < 2; i++) {
        const method = i === 0 ? value.valueOf : value.toString;
        const primitive = typeof method === "function" ? apply(method, value, []) : value;
        if (!isObject(primitive)) return primitive;
      }
    }
    throw new TypeError("an object cannot be made a primitive value");
  }

  /** sequence<any> */
  function toSequence(value, what) {
    if (!isObject(value)) throw new TypeError(what + " must be iterable");
    const method = value[Symbol.iterator];
    if (typeof method !== "function") throw new TypeError(what + " must be iterable");
    const list = [];
    iterateWith(value, method, (item) => append(list, item));
    return list;
  }

  /** Adds an element to one of our arrays. */
  const append = (list, value) => defineProperty(list, list.length, dataProperty(value));

  const dataProperty = (value) => ({ __proto__: null, value, writable: true, enumerable: true, configurable: true });

  /** Calls `take` with each value, without calling a prototype's methods. */
  function iterateWith(iterable, method, take) {
    const iterator = apply(method, iterable, []);
    if (!isObject(iterator)) throw new TypeError("the result of [Symbol.iterator]() is not an object");
    const next = iterator.next;
    for (;;) {
      const result = apply(next, iterator, []);
      if (!isObject(result)) throw new TypeError("the result of next() is not an object");
      if (result.done) return;
      take(result.value);
    }
  }

  /** BufferSource. Its contents are copied later, by `copySource`: reading further arguments may change it. */
  function checkSource(value, what) {
    if (!isView(value) && byteLength(value) === undefined) {
      throw new TypeError(what + " must be an ArrayBuffer or a view of one");
    }
    return value;
  }

  /** A copy of the current contents of a BufferSource. Detached buffers and out-of-bounds typed arrays are empty. */
  function copySource(source) {
    if (!isView(source)) return realm.copyBytes(source, 0, byteLength(source));
    if (typedArrayName(source) !== undefined) {
      return realm.copyBytes(typedArrayBuffer(source), typedArrayOffset(source), typedArrayLength(source));
    }
    const buffer = dataViewBuffer(source);
    if (isDetached(buffer)) return realm.copyBytes(buffer, 0, 0);
    return realm.copyBytes(buffer, dataViewOffset(source), dataViewLength(source));
  }

  function byteLength(buffer) {
    try {
      return bufferLength(buffer);
    } catch {
      try {
        return sharedLength(buffer);
      } catch {
        return undefined;
      }
    }
  }

  function isDetached(buffer) {
    try {
      return !realm.isLent(buffer) && bufferDetached(buffer);
    } catch {
      return false; // a SharedArrayBuffer
    }
  }

  /**
   * WebAssemblyCompileOptions: builtin sets or undefined, whether strings are among them, which imports are string
   * constants.
   */
  function toCompileOptions(value, what) {
    const dictionary = toDictionary(value, what);
    let builtins = dictionary.builtins;
    if (builtins !== undefined) {
      builtins = toSequence(builtins, what + ": builtins");
      for (let i = 0; i < builtins.length; i++) builtins[i] = toWellFormed(toText(builtins[i]));
    }
    let constants = dictionary.importedStringConstants;
    constants = constants === undefined || constants === null ? null : toWellFormed(toText(constants));
    let strings = false;
    for (let i = 0; builtins !== undefined && i < builtins.length; i++) strings ||= builtins[i] === "js-string";
    return { __proto__: null, builtins, strings, constants };
  }

  /** Where the bytes of a Uint8Array are: its buffer, offset and length; undefined for anything else. */
  function bytesOfUint8Array(value) {
    if (!isView(value) || typedArrayName(value) !== "Uint8Array") return undefined;
    return {
      __proto__: null, buffer: typedArrayBuffer(value), offset: typedArrayOffset(value),
      length: typedArrayLength(value),
    };
  }

  return {
    __proto__: null, uncurry, getter, isObject, toText, need, toUint32, toAddress64, toAddress, toDictionary,
    toOptionalObject,
    toValueType, toSequence, dataProperty, append, iterateWith, checkSource, copySource, toCompileOptions,
    bytesOfUint8Array,
  };
});
