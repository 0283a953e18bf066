// The classes of the namespace (JS API, sections 5.2 to 5.9). What they represent, handles of `realm.rs`, is in private
// fields, which also check `this` ("brand"). `linking` is what `linking.js` returns, `objectCache` that of `objects.js`.
//
// What scripts can replace is not used; see `idl.js`.
(function (realm, global, idl, linking, objectCache, types) {
  "use strict";

  const { TypeError, RangeError, Error, Object, Symbol, BigInt } = global;
  const { defineProperty, freeze, create, setPrototypeOf, getOwnPropertyDescriptor } = Object;
  const {
    uncurry, getter, isObject, toText, need, toUint32, toAddress64, toAddress, toDictionary, toOptionalObject,
    toValueType, toSequence,
    append, checkSource, copySource, toCompileOptions,
  } = idl;
  const { typeObject, toTypes } = types;
  const sharedLength = getter(global.SharedArrayBuffer.prototype, "byteLength");
  const stackOf = getOwnPropertyDescriptor(Error.prototype, "stack")?.get;
  const errorStack = stackOf === undefined ? (error) => error.stack : uncurry(stackOf);

  /** As first argument of a constructor: the second is what the object represents. */
  const WRAP = create(null);

  /** The object for a handle; a new one from `make` if it has none. */
  function objectFor(cache, handle, make) {
    const known = cache.get(realm.number(handle));
    if (known !== undefined) return known;
    const object = make(handle);
    cache.set(realm.number(handle), object);
    return object;
  }

  /** ECMAScript's %AbstractModuleSource% (source phase imports), which QuickJS does not have. */
  const AbstractModuleSource = function AbstractModuleSource() {
    throw new TypeError("AbstractModuleSource cannot be constructed");
  };
  defineProperty(AbstractModuleSource, "prototype", { writable: false });
  defineProperty(AbstractModuleSource.prototype, Symbol.toStringTag, {
    get: getOwnPropertyDescriptor({
      get [Symbol.toStringTag]() {
        return isModule(this) ? "WebAssembly.Module" : undefined;
      },
    }, Symbol.toStringTag).get,
    enumerable: false,
    configurable: true,
  });

  let isModule, moduleOf, optionsOf, wrapModule;

  class Module {
    #native;
    #options;

    constructor(bytes, options = undefined, wrapped = undefined) {
      if (bytes === WRAP) {
        this.#native = options;
        this.#options = wrapped;
        return;
      }
      const what = "WebAssembly.Module()";
      need(1, arguments.length, what);
      const source = checkSource(bytes, what + ": the first argument");
      const converted = toCompileOptions(options, what + ": the options");
      this.#native = linking.compileNow(copySource(source), converted, what, true);
      this.#options = converted;
    }

    static exports(module) {
      need(1, arguments.length, "WebAssembly.Module.exports()");
      return linking.exportDescriptors(moduleOf(module, "WebAssembly.Module.exports()"));
    }

    static imports(module) {
      need(1, arguments.length, "WebAssembly.Module.imports()");
      const native = moduleOf(module, "WebAssembly.Module.imports()");
      return linking.importDescriptors(native, optionsOf(module));
    }

    static customSections(module, name) {
      need(2, arguments.length, "WebAssembly.Module.customSections()");
      const native = moduleOf(module, "WebAssembly.Module.customSections()");
      return realm.customSections(native, toText(name));
    }

    static {
      isModule = (value) => isObject(value) && #native in value;
      moduleOf = (value, what) => {
        if (!isModule(value)) throw new TypeError(what + ": the first argument must be a WebAssembly.Module");
        return value.#native;
      };
      optionsOf = (module) => module.#options;
      wrapModule = (native, options) => new Module(WRAP, native, options);
    }
  }
  setPrototypeOf(Module, AbstractModuleSource);
  setPrototypeOf(Module.prototype, AbstractModuleSource.prototype);

  let wrapInstance;

  class Instance {
    #exports;

    constructor(module, importObject = undefined) {
      if (module === WRAP) {
        this.#exports = importObject;
        return;
      }
      const what = "WebAssembly.Instance()";
      need(1, arguments.length, what);
      const native = moduleOf(module, what);
      toOptionalObject(importObject, what + ": the imports");
      this.#exports = instantiate(linking.readImports(native, optionsOf(module), importObject, what, handleOf));
    }

    get exports() {
      if (!(isObject(this) && #exports in this)) throw new TypeError("this is not a WebAssembly.Instance");
      return this.#exports;
    }

    static {
      wrapInstance = (exports) => new Instance(WRAP, exports);
    }
  }

  let memoryHandle, wrapMemory;
  const memories = objectCache();

  class Memory {
    #handle;
    /** Of a shared memory, once it was asked for. */
    #sharedBuffer;
    #isGrowable = false;
    /** Whether addresses have 64 bits. */
    #is64 = false;

    constructor(descriptor, wrapped = undefined) {
      if (descriptor === WRAP) {
        this.#handle = wrapped;
        this.#is64 = realm.memoryIs64(wrapped);
        return;
      }
      const what = "WebAssembly.Memory()";
      need(1, arguments.length, what);
      // Each member is converted as it is read, in this order. The specification's text would convert after all are
      // read; the web platform tests and engines do it this way.
      const dictionary = toDictionary(descriptor, what + ": the descriptor");
      const is64 = toAddress64(dictionary.address, what);
      const { initial, maximum } = toLimits(dictionary, is64, what);
      const shared = !!dictionary.shared;
      if (shared && maximum === undefined) throw new TypeError(what + ": a shared memory must have a maximum");
      checkLimits(initial, maximum, is64 ? 2 ** 37 - 1 : 65536, what);
      if (initial > 65536 || (shared && maximum > 65536)) {
        throw new RangeError(what + ": cannot allocate this much memory");
      }
      this.#handle = shared
        ? realm.memoryNewShared(initial, maximum, is64)
        : realm.memoryNew(initial, maximum, is64);
      this.#is64 = is64;
      memories.set(realm.number(this.#handle), this);
    }

    grow(delta) {
      const handle = memoryHandle(this);
      need(1, arguments.length, "WebAssembly.Memory.grow()");
      const by = toAddress(delta, this.#is64, "WebAssembly.Memory.grow(): delta");
      const old = realm.memoryGrow(handle, toSize(by));
      return this.#is64 ? BigInt(old) : old;
    }

    type() {
      return typeObject(realm.typeOf(memoryHandle(this)));
    }

    toFixedLengthBuffer() {
      const handle = memoryHandle(this);
      return realm.memoryIsShared(handle) ? this.#bufferOfShared(false) : realm.memoryBufferOfKind(handle, false);
    }

    toResizableBuffer() {
      const handle = memoryHandle(this);
      return realm.memoryIsShared(handle) ? this.#bufferOfShared(true) : realm.memoryBufferOfKind(handle, true);
    }

    get buffer() {
      const handle = memoryHandle(this);
      return realm.memoryIsShared(handle) ? this.#bufferOfShared(this.#isGrowable) : realm.memoryBuffer(handle);
    }

    /** Older buffers do not change when the memory grows, but for those that are growable. */
    #bufferOfShared(growable) {
      const buffer = this.#sharedBuffer;
      if (buffer === undefined || growable !== this.#isGrowable
        || sharedLength(buffer) !== realm.memorySharedSize(this.#handle)) {
        this.#sharedBuffer = freeze(realm.memorySharedBuffer(this.#handle, growable));
        this.#isGrowable = growable;
      }
      return this.#sharedBuffer;
    }

    static {
      memoryHandle = (value, missing) => {
        if (isObject(value) && #handle in value) return value.#handle;
        if (missing) return undefined;
        throw new TypeError("this is not a WebAssembly.Memory");
      };
      wrapMemory = (handle) => new Memory(WRAP, handle);
    }
  }

  let tableHandle, wrapTable;
  const tables = objectCache();

  class Table {
    #handle;
    /** As in memories. */
    #is64 = false;

    constructor(descriptor, value = undefined) {
      if (descriptor === WRAP) {
        this.#handle = value;
        this.#is64 = realm.tableIs64(value);
        return;
      }
      const what = "WebAssembly.Table()";
      need(1, arguments.length, what);
      // As for memories; Web IDL's order would be alphabetical, and the web platform tests expect `element` first.
      const dictionary = toDictionary(descriptor, what + ": the descriptor");
      const element = dictionary.element;
      if (element === undefined) throw new TypeError(what + ": element is required");
      const name = toText(element);
      if (name !== "anyfunc" && name !== "funcref" && name !== "externref") {
        throw new TypeError(what + ': "' + name + '" is not an element type');
      }
      const is64 = toAddress64(dictionary.address, what);
      const { initial, maximum } = toLimits(dictionary, is64, what);
      checkLimits(initial, maximum, is64 ? 2 ** 64 : 0xffffffff, what);
      const min = toSize(initial);
      this.#handle = value === undefined
        ? realm.tableNew(name, min, maximum, is64)
        : realm.tableNew(name, min, maximum, is64, value);
      this.#is64 = is64;
      tables.set(realm.number(this.#handle), this);
    }

    type() {
      return typeObject(realm.typeOf(tableHandle(this)));
    }

    grow(delta, value = undefined) {
      const handle = tableHandle(this);
      need(1, arguments.length, "WebAssembly.Table.grow()");
      const by = toSize(toAddress(delta, this.#is64, "WebAssembly.Table.grow(): delta"));
      const old = value === undefined ? realm.tableGrow(handle, by) : realm.tableGrow(handle, by, value);
      return this.#is64 ? BigInt(old) : old;
    }

    get(index) {
      const handle = tableHandle(this);
      need(1, arguments.length, "WebAssembly.Table.get()");
      return realm.tableGet(handle, toSize(toAddress(index, this.#is64, "WebAssembly.Table.get(): index")));
    }

    set(index, value = undefined) {
      const handle = tableHandle(this);
      need(1, arguments.length, "WebAssembly.Table.set()");
      const at = toSize(toAddress(index, this.#is64, "WebAssembly.Table.set(): index"));
      // Unlike in `grow`, an `undefined` that is passed is a value like any other.
      if (arguments.length > 1) realm.tableSet(handle, at, value);
      else realm.tableSet(handle, at);
    }

    get length() {
      const size = realm.tableSize(tableHandle(this));
      return this.#is64 ? BigInt(size) : size;
    }

    static {
      tableHandle = (value, missing) => {
        if (isObject(value) && #handle in value) return value.#handle;
        if (missing) return undefined;
        throw new TypeError("this is not a WebAssembly.Table");
      };
      wrapTable = (handle) => new Table(WRAP, handle);
    }
  }

  let globalHandle, wrapGlobal;
  const globals = objectCache();

  class Global {
    #handle;

    constructor(descriptor, value = undefined) {
      if (descriptor === WRAP) {
        this.#handle = value;
        return;
      }
      const what = "WebAssembly.Global()";
      need(1, arguments.length, what);
      const dictionary = toDictionary(descriptor, what + ": the descriptor");
      const mutable = !!dictionary.mutable;
      const type = dictionary.value;
      if (type === undefined) throw new TypeError(what + ": value is required");
      const name = toValueType(type, what);
      if (name === "v128") throw new TypeError(what + ": a v128 global cannot be made from JavaScript");
      this.#handle = value === undefined ? realm.globalNew(name, mutable) : realm.globalNew(name, mutable, value);
      globals.set(realm.number(this.#handle), this);
    }

    type() {
      return typeObject(realm.typeOf(globalHandle(this)));
    }

    valueOf() {
      return realm.globalGet(globalHandle(this));
    }

    get value() {
      return realm.globalGet(globalHandle(this));
    }

    set value(value) {
      const handle = globalHandle(this);
      if (!realm.globalIsMutable(handle)) throw new TypeError("the global is immutable");
      realm.globalSet(handle, value);
    }

    static {
      globalHandle = (value, missing) => {
        if (isObject(value) && #handle in value) return value.#handle;
        if (missing) return undefined;
        throw new TypeError("this is not a WebAssembly.Global");
      };
      wrapGlobal = (handle) => new Global(WRAP, handle);
    }
  }

  let tagHandle, wrapTag;
  const tags = objectCache();

  class Tag {
    #handle;

    constructor(type, wrapped = undefined) {
      if (type === WRAP) {
        this.#handle = wrapped;
        return;
      }
      const what = "WebAssembly.Tag()";
      need(1, arguments.length, what);
      const parameters = toDictionary(type, what + ": the type").parameters;
      this.#handle = realm.tagNew(toTypes(parameters, what + ": parameters"));
      tags.set(realm.number(this.#handle), this);
    }

    type() {
      return typeObject(realm.typeOf(tagHandle(this, "this")));
    }

    static {
      tagHandle = (value, what) => {
        if (isObject(value) && #handle in value) return value.#handle;
        if (what === undefined) return undefined;
        throw new TypeError(what + " must be a WebAssembly.Tag");
      };
      wrapTag = (handle) => new Tag(WRAP, handle);
    }
  }

  const jsTag = new Tag({ __proto__: null, parameters: ["externref"] });
  realm.setJsTag(tagHandle(jsTag));

  let exceptionOf, wrapException;

  class Exception {
    /** Tag and payload. */
    #native;
    #stack;

    constructor(exceptionTag, payload, options = undefined) {
      if (exceptionTag === WRAP) {
        this.#native = payload;
        return;
      }
      const what = "WebAssembly.Exception()";
      need(2, arguments.length, what);
      const handle = tagHandle(exceptionTag, what + ": the first argument");
      const values = toSequence(payload, what + ": the payload");
      const traceStack = !!toDictionary(options, what + ": the options").traceStack;
      if (exceptionTag === jsTag) throw new TypeError(what + ": the tag must not be WebAssembly.JSTag");
      this.#native = realm.exceptionNew(handle, values);
      this.#stack = traceStack ? errorStack(new Error()) : undefined;
    }

    getArg(exceptionTag, index) {
      const what = "WebAssembly.Exception.getArg()";
      const native = nativeOf(this);
      need(2, arguments.length, what);
      const handle = tagHandle(exceptionTag, what + ": the first argument");
      const at = toUint32(index, what + ": index");
      if (!realm.exceptionIs(native, handle)) throw new TypeError(what + ": the exception has another tag");
      return realm.exceptionArg(native, at);
    }

    is(exceptionTag) {
      const native = nativeOf(this);
      need(1, arguments.length, "WebAssembly.Exception.is()");
      return realm.exceptionIs(native, tagHandle(exceptionTag, "WebAssembly.Exception.is(): the first argument"));
    }

    get stack() {
      nativeOf(this);
      return this.#stack;
    }

    static {
      exceptionOf = (value) => (isObject(value) && #native in value ? value.#native : undefined);
      wrapException = (native) => new Exception(WRAP, native);
    }
  }

  function nativeOf(value) {
    const native = exceptionOf(value);
    if (native === undefined) throw new TypeError("this is not a WebAssembly.Exception");
    return native;
  }

  /** The members of a descriptor; `minimum`, as types have it, is another word for `initial`. */
  function toLimits(dictionary, is64, what) {
    const first = optionalLimit(dictionary.initial, is64, what + ": initial");
    const maximum = optionalLimit(dictionary.maximum, is64, what + ": maximum");
    const second = optionalLimit(dictionary.minimum, is64, what + ": minimum");
    if (first !== undefined && second !== undefined) {
      throw new TypeError(what + ": initial and minimum cannot both be given");
    }
    const initial = first === undefined ? second : first;
    if (initial === undefined) throw new TypeError(what + ": initial is required");
    return { __proto__: null, initial, maximum };
  }

  function optionalLimit(value, is64, what) {
    return value === undefined ? undefined : toAddress(value, is64, what);
  }

  /** A number of pages or entries, or an index, of which there are not that many that it could be larger. */
  function toSize(number) {
    if (number > 0xffffffff) throw new RangeError("the size or index is out of range");
    return number;
  }

  function checkLimits(initial, maximum, limit, what) {
    if (initial > limit) throw new RangeError(what + ": initial is over the limit of " + limit);
    if (maximum === undefined) return;
    if (maximum > limit) throw new RangeError(what + ": maximum is over the limit of " + limit);
    if (initial > maximum) throw new RangeError(what + ": initial is greater than maximum");
  }

  /**
   * The handle with which an object of the kind's class satisfies an import of that kind; undefined for anything else.
   */
  function handleOf(kind, value) {
    switch (kind) {
      case "memory":
        return memoryHandle(value, true);
      case "table":
        return tableHandle(value, true);
      case "global":
        return globalHandle(value, true);
      case "tag":
        return tagHandle(value);
    }
  }

  /** Instantiates with what `linking.readImports` read: the exports object. */
  const instantiate = (imports) => realm.instantiate(imports, wrapExport);

  /** The object for an export that is not a function. */
  function wrapExport(kind, handle) {
    switch (kind) {
      case "memory":
        return objectFor(memories, handle, wrapMemory);
      case "table":
        return objectFor(tables, handle, wrapTable);
      case "global":
        return objectFor(globals, handle, wrapGlobal);
      case "tag":
        return objectFor(tags, handle, wrapTag);
    }
  }

  return {
    __proto__: null, Module, Instance, Memory, Table, Global, Tag, Exception, jsTag, exceptionOf, wrapException,
    errorStack, isModule, moduleOf,
    optionsOf, wrapModule,
    wrapInstance, handleOf, instantiate, append,
  };
});
