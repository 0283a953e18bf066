// Types as JavaScript has them, and `WebAssembly.Function` (JS types proposal). `realm` is `realm.rs`'s object, `idl`
// what `idl.js` returns.
//
// What scripts can replace is not used; see `idl.js`.
(function (realm, global, idl) {
  "use strict";

  const { TypeError, Object, BigInt, Function } = global;
  const { setPrototypeOf } = Object;
  const { isObject, need, toDictionary, toSequence, toValueType } = idl;

  /** A limit as addresses are. */
  const toLimit = (limit, is64) => (is64 ? BigInt(limit) : limit);

  /** The object for what `types.rs` says of a type: one that constructors accept. */
  function typeObject(type) {
    const kind = type[0];
    switch (kind) {
      case "function":
        return { parameters: type[1], results: type[2] };
      case "global":
        return { mutable: type[2], value: type[1] };
      case "tag":
        return { parameters: type[1] };
    }
    const is64 = type[3];
    const address = is64 ? "i64" : "i32";
    const minimum = toLimit(type[1], is64);
    const last = type[4];
    if (type[2] === undefined) {
      return kind === "memory" ? { minimum, shared: last, address } : { element: last, minimum, address };
    }
    const maximum = toLimit(type[2], is64);
    return kind === "memory"
      ? { minimum, maximum, shared: last, address }
      : { element: last, minimum, maximum, address };
  }

  /** A required list of types. */
  function toTypes(value, what) {
    if (value === undefined) throw new TypeError(what + " are required");
    const types = toSequence(value, what);
    for (let i = 0; i < types.length; i++) types[i] = toValueType(types[i], what);
    return types;
  }

  const WasmFunction = {
    Function: class {
      constructor(type, func) {
        const what = "WebAssembly.Function()";
        need(2, arguments.length, what);
        const dictionary = toDictionary(type, what + ": the type");
        const parameters = toTypes(dictionary.parameters, what + ": parameters");
        const results = toTypes(dictionary.results, what + ": results");
        if (typeof func !== "function") throw new TypeError(what + ": the second argument must be a function");
        const made = realm.funcNew(parameters, results, func);
        if (new.target !== WasmFunction) {
          const prototype = new.target.prototype;
          if (isObject(prototype)) setPrototypeOf(made, prototype);
        }
        return made;
      }

      type() {
        return typeObject(typeOf(this));
      }

      static type(func) {
        need(1, arguments.length, "WebAssembly.Function.type()");
        return typeObject(typeOf(func));
      }
    },
  }.Function;
  setPrototypeOf(WasmFunction, Function);
  setPrototypeOf(WasmFunction.prototype, Function.prototype);

  function typeOf(func) {
    if (!realm.isExported(func)) throw new TypeError("this is not a WebAssembly.Function");
    return realm.funcType(func);
  }

  return { __proto__: null, WasmFunction, typeObject, toTypes };
});
