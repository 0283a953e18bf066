// The half of the WebAssembly namespace that can be observed (JS API sections 5 and 6, Web API section 1). The other
// half is `realm.rs`, whose object is `realm` here. `parts` are what the scripts beside this one return.
//
// Scripts may replace any global or method at any time: everything that is used after installation is captured
// beforehand, and no syntax that performs lookups is used; see `idl.js`.
(function (realm, global, parts) {
  "use strict";

  const { TypeError, RangeError, Error, Object, Promise, Reflect, Symbol, ArrayBuffer } = global;
  const { apply, construct, ownKeys } = Reflect;
  const { defineProperty, create, setPrototypeOf, getOwnPropertyDescriptor, getPrototypeOf } = Object;
  const idl = parts.idl(realm, global);
  const { getter, isObject, need, toOptionalObject, toCompileOptions, append, iterateWith, checkSource, copySource } =
    idl;
  const resolvePromise = Promise.resolve;
  const bufferMaxLength = getter(ArrayBuffer.prototype, "maxByteLength");
  const bufferDetached = getter(ArrayBuffer.prototype, "detached");

  const hidden = (value) => ({ __proto__: null, value, writable: true, enumerable: false, configurable: true });

  // Frames of errors expose the functions of this script, which scripts must not call.
  {
    const { prepareStackTrace } = Error;
    Error.prepareStackTrace = (_, sites) => sites;
    const CallSite = getPrototypeOf(new Error().stack[0]);
    Error.prepareStackTrace = prepareStackTrace;
    const { getFunction } = { getFunction() {} };
    defineProperty(CallSite, "getFunction", { __proto__: null, value: getFunction, writable: false,
      configurable: false });
  }

  // --- Errors --------------------------------------------------------------------------------------------------------

  /** A constructor shaped like the native errors' (ECMAScript, "NativeError Object Structure"). */
  function errorClass(name) {
    const NativeError = {
      [name]: function (message) {
        return construct(Error, arguments, new.target === undefined ? NativeError : new.target);
      },
    }[name];
    setPrototypeOf(NativeError, Error);
    const prototype = create(Error.prototype, {
      constructor: { value: NativeError, writable: true, configurable: true },
      name: { value: name, writable: true, configurable: true },
      message: { value: "", writable: true, configurable: true },
    });
    defineProperty(NativeError, "prototype", { value: prototype, writable: false, enumerable: false });
    return NativeError;
  }

  const CompileError = errorClass("CompileError");
  const LinkError = errorClass("LinkError");
  const RuntimeError = errorClass("RuntimeError");
  const SuspendError = errorClass("SuspendError");

  const strings = parts.strings(global, RuntimeError);
  const { objectCache, heapObject, newHeapObject } = parts.objects(global, idl);
  const { Suspending, wrappedOf, promising } = parts.promising(realm, global, idl);
  const { WasmFunction, typeObject, toTypes } = parts.types(realm, global, idl);
  const linking = parts.linking(realm, global, idl, strings, { CompileError, LinkError }, wrappedOf, typeObject);
  const classes = parts.classes(realm, global, idl, linking, objectCache, { typeObject, toTypes });
  const { Module, Instance, Memory, Table, Global, Tag, Exception } = classes;
  const { jsTag, exceptionOf, wrapException } = classes;
  const { errorStack, isModule, moduleOf, optionsOf, wrapModule, wrapInstance, handleOf, instantiate } = classes;
  const { own, compileResponse } = parts.response(realm, global, idl);

  // --- The namespace -------------------------------------------------------------------------------------------------

  // The functions return promises, and turn what their arguments throw into rejections: the work is done in async
  // functions, which run at once up to their first `await`. Modules and instances go through one promise only, the
  // caller's, which asks them for `then`; promises between our functions are awaited as `own` ones.

  /** A module, in a record: to be awaited by `own`. */
  async function compileLater(source, options, url) {
    const bytes = copySource(source);
    await undefined;
    return { __proto__: null, module: wrapModule(linking.compileNow(bytes, options, url, true), options) };
  }

  async function compileAsync(count, bytes, options) {
    const what = "WebAssembly.compile()";
    need(1, count, what);
    const source = checkSource(bytes, what + ": the first argument");
    const compiled = await own(compileLater(source, toCompileOptions(options, what + ": the options"), what));
    return compiled.module;
  }

  async function instantiateAsync(count, first, importObject, compileOptions) {
    const what = "WebAssembly.instantiate()";
    need(1, count, what);
    if (isModule(first)) {
      const given = toOptionalObject(importObject, what + ": the imports");
      const imports = linking.readImports(moduleOf(first, what), optionsOf(first), given, what, handleOf);
      await undefined;
      return wrapInstance(instantiate(imports));
    }
    const source = checkSource(first, what + ": the first argument");
    const given = toOptionalObject(importObject, what + ": the imports");
    const options = toCompileOptions(compileOptions, what + ": the options");
    const compiled = await own(compileLater(source, options, what));
    return finishInstantiation(compiled.module, given, what);
  }

  function finishInstantiation(module, importObject, what) {
    const imports = linking.readImports(moduleOf(module, what), optionsOf(module), importObject, what, handleOf);
    return { instance: wrapInstance(instantiate(imports)), module };
  }

  async function compileStreamingAsync(count, source, compileOptions) {
    const what = "WebAssembly.compileStreaming()";
    need(1, count, what);
    const promise = apply(resolvePromise, Promise, [source]);
    const options = toCompileOptions(compileOptions, what + ": the options");
    const { native } = await compileResponse(await promise, what);
    linking.checkOptions(native, options);
    return wrapModule(native, options);
  }

  async function instantiateStreamingAsync(count, source, importObject, compileOptions) {
    const what = "WebAssembly.instantiateStreaming()";
    need(1, count, what);
    const promise = apply(resolvePromise, Promise, [source]);
    const given = toOptionalObject(importObject, what + ": the imports");
    const options = toCompileOptions(compileOptions, what + ": the options");
    const { native } = await compileResponse(await promise, what);
    linking.checkOptions(native, options);
    return finishInstantiation(wrapModule(native, options), given, what);
  }

  const WebAssembly = {
    validate(bytes, compileOptions = undefined) {
      const what = "WebAssembly.validate()";
      need(1, arguments.length, what);
      const source = checkSource(bytes, what + ": the first argument");
      const options = toCompileOptions(compileOptions, what + ": the options");
      const copy = copySource(source);
      try {
        linking.compileNow(copy, options, what, false);
        return true;
      } catch {
        return false;
      }
    },
    compile(bytes, options = undefined) {
      return compileAsync(arguments.length, bytes, options);
    },
    instantiate(bytes, importObject = undefined, options = undefined) {
      return instantiateAsync(arguments.length, bytes, importObject, options);
    },
    compileStreaming(source, options = undefined) {
      return compileStreamingAsync(arguments.length, source, options);
    },
    instantiateStreaming(source, importObject = undefined, options = undefined) {
      return instantiateStreamingAsync(arguments.length, source, importObject, options);
    },
    promising(wasmFunc) {
      need(1, arguments.length, "WebAssembly.promising()");
      return promising(wasmFunc);
    },
    get JSTag() {
      return jsTag;
    },
  };

  const tag = (value) => ({ __proto__: null, value, writable: false, enumerable: false, configurable: true });

  defineProperty(WebAssembly, Symbol.toStringTag, tag("WebAssembly"));
  for (const Class of [Module, Instance, Memory, Table, Global, Tag, Exception, Suspending, WasmFunction]) {
    defineProperty(WebAssembly, Class.name, hidden(Class));
    // Web IDL's operations and attributes are enumerable, methods of ECMAScript classes are not.
    for (const target of [Class, Class.prototype]) {
      for (const key of ownKeys(target)) {
        if (key === "constructor" || key === "prototype" || key === "name" || (key === "length" && target === Class)) {
          continue;
        }
        defineProperty(target, key, { __proto__: null, enumerable: true });
      }
    }
    defineProperty(Class.prototype, Symbol.toStringTag, tag(`WebAssembly.${Class.name}`));
  }
  for (const Class of [CompileError, LinkError, RuntimeError, SuspendError]) {
    defineProperty(WebAssembly, Class.name, hidden(Class));
  }
  defineProperty(global, "WebAssembly", hidden(WebAssembly));

  // --- What the other half needs -------------------------------------------------------------------------------------

  realm.setup({
    CompileError,
    LinkError,
    SuspendError,
    runtimeError: (message, frames) => {
      const error = new RuntimeError(message);
      if (frames !== "") defineProperty(error, "stack", hidden(frames + errorStack(error)));
      return error;
    },
    functionPrototype: WasmFunction.prototype,
    heapObject,
    newHeapObject,
    exception: wrapException,
    exceptionOf,
    // The results of a host function with several (JS API, "run a host function").
    iterate: (value, count) => {
      const method = value === undefined || value === null ? undefined : value[Symbol.iterator];
      if (typeof method !== "function") throw new TypeError("a function with several results must return an iterable");
      const list = [];
      iterateWith(value, method, (item) => append(list, item));
      if (list.length !== count) throw new TypeError("expected " + count + " results, got " + list.length);
      return list;
    },
  });

  // HostResizeArrayBuffer for resizable buffers over memories; and their state, which QuickJS does not know.
  const resize = ArrayBuffer.prototype.resize;
  const patches = {
    resize(newLength) {
      if (!realm.isLentResizable(this)) return apply(resize, this, arguments);
      realm.resizeLent(this, +newLength);
    },
    get detached() {
      return realm.isLent(this) ? false : bufferDetached(this);
    },
    get maxByteLength() {
      return realm.isLentResizable(this) ? realm.maxByteLength(this) : bufferMaxLength(this);
    },
  };
  // HostGrowSharedArrayBuffer.
  const SharedPrototype = global.SharedArrayBuffer.prototype;
  const grow = SharedPrototype.grow;
  const sharedMaxLength = getter(SharedPrototype, "maxByteLength");
  const sharedPatches = {
    grow(newLength) {
      if (!realm.isLentGrowable(this)) return apply(grow, this, arguments);
      realm.growLent(this, +newLength);
    },
    get maxByteLength() {
      return realm.isLentGrowable(this) ? realm.maxByteLength(this) : sharedMaxLength(this);
    },
  };
  for (const name of ["grow", "maxByteLength"]) {
    const { value, get } = getOwnPropertyDescriptor(sharedPatches, name);
    defineProperty(SharedPrototype, name, value === undefined ? { __proto__: null, get } : { __proto__: null, value });
  }
  for (const name of ["resize", "detached", "maxByteLength"]) {
    const { value, get } = getOwnPropertyDescriptor(patches, name);
    const patch = value === undefined ? { __proto__: null, get } : { __proto__: null, value };
    defineProperty(ArrayBuffer.prototype, name, patch);
  }

  // For the integration of ES modules, and structured clones.
  return {
    __proto__: null,
    /** Another object for the same module; undefined for anything else. */
    cloneModule: (value) => (isModule(value) ? wrapModule(moduleOf(value), optionsOf(value)) : undefined),
    isMutable: (value) => realm.globalIsMutable(handleOf("global", value)),
    /** What is called whenever WebAssembly code was left, or a global set. It must not run scripts. */
    onReturn: (callback) => realm.setOnReturn(callback),
  };
});
