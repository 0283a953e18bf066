// The half of the WebAssembly namespace that can be observed (JS API sections 5 and 6, Web API section 1). The other half is
// `realm.rs`, whose object is `realm` here; numbers of memories, tables and globals are its.
//
// Scripts may replace any global or method at any time: everything that is used after installation is taken beforehand.
// Classes keep what they stand for in private fields, which is their check of `this` ("brand"). `parts` are what the scripts beside
// this one make: `idl.js`, `strings.js`, `response.js`.
(function (realm, global, parts) {
  "use strict";

  const { TypeError, RangeError, Error, Object, Promise, Reflect, Symbol, ArrayBuffer, Map, BigInt } = global;
  const { apply, construct, ownKeys } = Reflect;
  const { defineProperty, freeze, create, setPrototypeOf, getOwnPropertyDescriptor } = Object;
  const idl = parts.idl(realm, global);
  const {
    uncurry, isObject, need, toUint32, toAddress64, toAddress, toDictionary, toOptionalObject, toValueType, toSequence, dataProperty,
    iterateWith, checkSource, copySource, toCompileOptions,
  } = idl;
  const trunc = global.Math.trunc;
  const promiseResolve = (value) => apply(resolvePromise, Promise, [value]);
  const resolvePromise = Promise.resolve;
  const mapSet = uncurry(Map.prototype.set);
  const mapHas = uncurry(Map.prototype.has);
  const getter = (proto, name) => uncurry(getOwnPropertyDescriptor(proto, name).get);
  const bufferLength = getter(ArrayBuffer.prototype, "byteLength");
  const bufferMaxLength = getter(ArrayBuffer.prototype, "maxByteLength");
  const bufferResizable = getter(ArrayBuffer.prototype, "resizable");
  const bufferDetached = getter(ArrayBuffer.prototype, "detached");

  // --- Errors ------------------------------------------------------------------------------------------------------------

  /** A constructor shaped like the native errors' (ECMAScript, "NativeError Object Structure"). */
  function errorClass(name) {
    const NativeError = {
      [name]: function (message) {
        const self = construct(Error, arguments, new.target === undefined ? NativeError : new.target);
        return self;
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

  // --- Classes -----------------------------------------------------------------------------------------------------------

  /** As first argument of a constructor: the second is what to stand for. */
  const WRAP = create(null);

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

  let isModule, moduleOf, optionsOf;

  class Module {
    #native;
    #options;

    constructor(bytes) {
      if (bytes === WRAP) {
        this.#native = arguments[1];
        this.#options = arguments[2];
        return;
      }
      need(1, arguments.length, "WebAssembly.Module()");
      const source = checkSource(bytes, "WebAssembly.Module(): the first argument");
      const options = toCompileOptions(arguments[1], "WebAssembly.Module(): the options");
      this.#native = compileNow(copySource(source), options, "WebAssembly.Module()");
      this.#options = options;
    }

    static exports(module) {
      need(1, arguments.length, "WebAssembly.Module.exports()");
      const native = moduleOf(module, "WebAssembly.Module.exports()");
      const flat = realm.moduleExports(native);
      const list = [];
      for (let i = 0; i < flat.length; i += 2) {
        defineProperty(list, i / 2, dataProperty({ name: flat[i], kind: flat[i + 1] }));
      }
      return list;
    }

    static imports(module) {
      need(1, arguments.length, "WebAssembly.Module.imports()");
      const flat = realm.moduleImports(moduleOf(module, "WebAssembly.Module.imports()"));
      const options = optionsOf(module);
      const list = [];
      for (let i = 0; i < flat.length; i += 4) {
        if (flat[i] === options.constants || findBuiltin(options, flat[i], flat[i + 1]) !== undefined) continue;
        defineProperty(list, list.length, dataProperty({ module: flat[i], name: flat[i + 1], kind: flat[i + 2] }));
      }
      return list;
    }

    static customSections(module, name) {
      need(2, arguments.length, "WebAssembly.Module.customSections()");
      const native = moduleOf(module, "WebAssembly.Module.customSections()");
      return realm.customSections(native, `${name}`);
    }

    static {
      isModule = (value) => isObject(value) && #native in value;
      moduleOf = (value, what) => {
        if (!isModule(value)) throw new TypeError(`${what}: the first argument must be a WebAssembly.Module`);
        return value.#native;
      };
      optionsOf = (module) => module.#options;
    }
  }
  setPrototypeOf(Module, AbstractModuleSource);
  setPrototypeOf(Module.prototype, AbstractModuleSource.prototype);

  let wrapInstance;

  class Instance {
    #exports;

    constructor(module) {
      if (module === WRAP) {
        this.#exports = arguments[1];
        return;
      }
      const what = "WebAssembly.Instance()";
      need(1, arguments.length, what);
      moduleOf(module, what);
      const importObject = toOptionalObject(arguments[1], `${what}: the imports`);
      this.#exports = instantiateCore(module, readImports(module, importObject, what));
    }

    get exports() {
      if (!(isObject(this) && #exports in this)) throw new TypeError("this is not a WebAssembly.Instance");
      return this.#exports;
    }

    static {
      wrapInstance = (exports) => new Instance(WRAP, exports);
    }
  }

  let memoryNumber, isOddMemory;
  const memories = [];

  class Memory {
    #number;
    #shared;
    /** Whether addresses have 64 bits; as with shared memories, for JavaScript code only. */
    #is64 = false;

    constructor(descriptor) {
      if (descriptor === WRAP) {
        this.#number = arguments[1];
        return;
      }
      const what = "WebAssembly.Memory()";
      need(1, arguments.length, what);
      // Each member is converted as it is read, in this order. The text of the specification would convert after all are
      // read; the web's tests and engines do it this way.
      const dictionary = toDictionary(descriptor, `${what}: the descriptor`);
      const is64 = toAddress64(dictionary.address, what);
      const initial = requiredLimit(dictionary.initial, is64, `${what}: initial`);
      const maximum = optionalLimit(dictionary.maximum, is64, `${what}: maximum`);
      const shared = !!dictionary.shared;
      if (shared && maximum === undefined) throw new TypeError(`${what}: a shared memory must have a maximum`);
      checkLimits(initial, maximum, is64 ? 2 ** 37 - 1 : 65536, what);
      if (initial > 65536 || (shared && maximum > 65536)) throw new RangeError(`${what}: so much memory cannot be had`);
      // A shared memory is for JavaScript code only, until the compiler has them. It has its maximum from the beginning, of
      // which buffers show so much as it is said to have, so that older buffers stay as they are when it grows.
      const limit = maximum === undefined || maximum <= 65536 ? maximum : undefined;
      this.#number = realm.memoryNew(shared ? maximum : initial, limit);
      this.#is64 = is64;
      if (shared) this.#shared = { __proto__: null, pages: initial, maximum, buffer: undefined };
      memories[this.#number] = this;
    }

    grow(delta) {
      const number = memoryNumber(this);
      need(1, arguments.length, "WebAssembly.Memory.grow()");
      const by = toAddress(delta, this.#is64, "WebAssembly.Memory.grow(): delta");
      const old = this.#shared === undefined ? realm.memoryGrow(number, toSize(by)) : this.#growShared(by);
      return this.#is64 ? BigInt(old) : old;
    }

    #growShared(by) {
      const shared = this.#shared;
      const { pages } = shared;
      if (by > shared.maximum - pages) throw new RangeError("WebAssembly.Memory.grow(): the maximum would be exceeded");
      shared.pages = pages + by;
      shared.buffer = undefined;
      return pages;
    }

    toFixedLengthBuffer() {
      const number = memoryNumber(this);
      if (this.#shared !== undefined) return this.#sharedBuffer();
      const lent = realm.memoryLent(number);
      if (isObject(lent)) {
        if (!bufferResizable(lent)) return lent;
        realm.memoryRecall(number);
      }
      return realm.memoryBuffer(number, false);
    }

    toResizableBuffer() {
      const number = memoryNumber(this);
      if (this.#shared !== undefined) {
        throw new TypeError("WebAssembly.Memory.toResizableBuffer(): growable buffers of shared memories are not supported yet");
      }
      const lent = realm.memoryLent(number);
      if (isObject(lent) && bufferResizable(lent)) return lent;
      const maximum = realm.memoryMax(number);
      if (typeof maximum !== "number") {
        throw new TypeError("WebAssembly.Memory.toResizableBuffer(): the memory has no maximum");
      }
      realm.memoryRecall(number);
      return realm.memoryBuffer(number, true);
    }

    get buffer() {
      const number = memoryNumber(this);
      if (this.#shared !== undefined) return this.#sharedBuffer();
      const lent = realm.memoryLent(number);
      return isObject(lent) ? lent : realm.memoryBuffer(number, false);
    }

    #sharedBuffer() {
      const shared = this.#shared;
      return (shared.buffer ??= freeze(realm.memorySharedBuffer(this.#number, shared.pages * 65536)));
    }

    static {
      // Those that no module can import yet.
      isOddMemory = (value) => value.#shared !== undefined || value.#is64;
      memoryNumber = (value, missing) => {
        if (isObject(value) && #number in value) return value.#number;
        if (missing) return undefined;
        throw new TypeError("this is not a WebAssembly.Memory");
      };
    }
  }

  let tableNumber, isOddTable;
  const tables = [];

  class Table {
    #number;
    /** As in memories. */
    #is64 = false;

    constructor(descriptor) {
      if (descriptor === WRAP) {
        this.#number = arguments[1];
        return;
      }
      const what = "WebAssembly.Table()";
      need(1, arguments.length, what);
      // As for memories; Web IDL's order would be alphabetical, and the web's tests want `element` first.
      const dictionary = toDictionary(descriptor, `${what}: the descriptor`);
      const element = dictionary.element;
      if (element === undefined) throw new TypeError(`${what}: element is required`);
      const name = `${element}`;
      if (name !== "anyfunc" && name !== "externref") throw new TypeError(`${what}: "${name}" is not an element type`);
      const is64 = toAddress64(dictionary.address, what);
      const initial = requiredLimit(dictionary.initial, is64, `${what}: initial`);
      const maximum = optionalLimit(dictionary.maximum, is64, `${what}: maximum`);
      checkLimits(initial, maximum, is64 ? 2 ** 64 : 0xffffffff, what);
      const value = arguments[1];
      const limit = maximum === undefined || maximum <= 0xffffffff ? maximum : undefined;
      const min = toSize(initial);
      this.#number = value === undefined ? realm.tableNew(name, min, limit) : realm.tableNew(name, min, limit, value);
      this.#is64 = is64;
      tables[this.#number] = this;
    }

    grow(delta) {
      const number = tableNumber(this);
      need(1, arguments.length, "WebAssembly.Table.grow()");
      const by = toSize(toAddress(delta, this.#is64, "WebAssembly.Table.grow(): delta"));
      const value = arguments[1];
      const old = value === undefined ? realm.tableGrow(number, by) : realm.tableGrow(number, by, value);
      return this.#is64 ? BigInt(old) : old;
    }

    get(index) {
      const number = tableNumber(this);
      need(1, arguments.length, "WebAssembly.Table.get()");
      return realm.tableGet(number, toSize(toAddress(index, this.#is64, "WebAssembly.Table.get(): index")));
    }

    set(index) {
      const number = tableNumber(this);
      need(1, arguments.length, "WebAssembly.Table.set()");
      const at = toSize(toAddress(index, this.#is64, "WebAssembly.Table.set(): index"));
      const value = arguments[1];
      if (value === undefined) realm.tableSet(number, at);
      else realm.tableSet(number, at, value);
    }

    get length() {
      const size = realm.tableSize(tableNumber(this));
      return this.#is64 ? BigInt(size) : size;
    }

    static {
      isOddTable = (value) => value.#is64;
      tableNumber = (value, missing) => {
        if (isObject(value) && #number in value) return value.#number;
        if (missing) return undefined;
        throw new TypeError("this is not a WebAssembly.Table");
      };
    }
  }

  let globalNumber;
  const globals = [];

  class Global {
    #number;

    constructor(descriptor) {
      if (descriptor === WRAP) {
        this.#number = arguments[1];
        return;
      }
      const what = "WebAssembly.Global()";
      need(1, arguments.length, what);
      const dictionary = toDictionary(descriptor, `${what}: the descriptor`);
      const mutable = !!dictionary.mutable;
      const type = dictionary.value;
      if (type === undefined) throw new TypeError(`${what}: value is required`);
      const name = toValueType(type, what);
      if (name === "v128") throw new TypeError(`${what}: a v128 global cannot be made from JavaScript`);
      const value = arguments[1];
      this.#number = value === undefined ? realm.globalNew(name, mutable) : realm.globalNew(name, mutable, value);
      globals[this.#number] = this;
    }

    valueOf() {
      return realm.globalGet(globalNumber(this));
    }

    get value() {
      return realm.globalGet(globalNumber(this));
    }

    set value(value) {
      const number = globalNumber(this);
      if (!realm.globalIsMutable(number)) throw new TypeError("the global is immutable");
      realm.globalSet(number, value);
    }

    static {
      globalNumber = (value, missing) => {
        if (isObject(value) && #number in value) return value.#number;
        if (missing) return undefined;
        throw new TypeError("this is not a WebAssembly.Global");
      };
    }
  }

  let tagTypes;

  class Tag {
    #types;

    constructor(type) {
      const what = "WebAssembly.Tag()";
      need(1, arguments.length, what);
      const parameters = toDictionary(type, `${what}: the type`).parameters;
      if (parameters === undefined) throw new TypeError(`${what}: parameters are required`);
      const types = toSequence(parameters, `${what}: parameters`);
      for (let i = 0; i < types.length; i++) types[i] = toValueType(types[i], what);
      this.#types = types;
    }

    static {
      tagTypes = (value, what) => {
        if (isObject(value) && #types in value) return value.#types;
        throw new TypeError(`${what} must be a WebAssembly.Tag`);
      };
    }
  }

  const jsTag = new Tag({ parameters: ["externref"] });

  class Exception {
    #tag;
    #payload;
    #stack;

    constructor(exceptionTag, payload) {
      const what = "WebAssembly.Exception()";
      need(2, arguments.length, what);
      const types = tagTypes(exceptionTag, `${what}: the first argument`);
      const values = toSequence(payload, `${what}: the payload`);
      const traceStack = !!toDictionary(arguments[2], `${what}: the options`).traceStack;
      if (exceptionTag === jsTag) throw new TypeError(`${what}: the tag must not be WebAssembly.JSTag`);
      if (values.length !== types.length) {
        throw new TypeError(`${what}: the payload must have ${types.length} values, not ${values.length}`);
      }
      for (let i = 0; i < types.length; i++) values[i] = realm.convert(types[i], values[i]);
      this.#tag = exceptionTag;
      this.#payload = values;
      this.#stack = traceStack ? new Error().stack : undefined;
    }

    getArg(exceptionTag, index) {
      const what = "WebAssembly.Exception.getArg()";
      if (!(isObject(this) && #tag in this)) throw new TypeError("this is not a WebAssembly.Exception");
      need(2, arguments.length, what);
      const types = tagTypes(exceptionTag, `${what}: the first argument`);
      const at = toUint32(index, `${what}: index`);
      if (exceptionTag !== this.#tag) throw new TypeError(`${what}: the exception has another tag`);
      if (at >= types.length) throw new RangeError(`${what}: there is no argument ${at}`);
      return this.#payload[at];
    }

    is(exceptionTag) {
      if (!(isObject(this) && #tag in this)) throw new TypeError("this is not a WebAssembly.Exception");
      need(1, arguments.length, "WebAssembly.Exception.is()");
      tagTypes(exceptionTag, "WebAssembly.Exception.is(): the first argument");
      return this.#tag === exceptionTag;
    }

    get stack() {
      if (!(isObject(this) && #tag in this)) throw new TypeError("this is not a WebAssembly.Exception");
      return this.#stack;
    }
  }

  function requiredLimit(value, is64, what) {
    if (value === undefined) throw new TypeError(`${what} is required`);
    return toAddress(value, is64, what);
  }

  function optionalLimit(value, is64, what) {
    return value === undefined ? undefined : toAddress(value, is64, what);
  }

  /** A number of pages or entries, or an index, of which there are not so many that it could be larger. */
  function toSize(number) {
    if (number > 0xffffffff) throw new RangeError("the size or index is out of range");
    return number;
  }

  function checkLimits(initial, maximum, limit, what) {
    if (initial > limit) throw new RangeError(`${what}: initial is over the limit of ${limit}`);
    if (maximum === undefined) return;
    if (maximum > limit) throw new RangeError(`${what}: maximum is over the limit of ${limit}`);
    if (initial > maximum) throw new RangeError(`${what}: initial is greater than maximum`);
  }

  // --- Compiling ---------------------------------------------------------------------------------------------------------

  const strings = parts.strings(global, RuntimeError);

  /** The builtin that an import is of; undefined if it is of none, as all names that no set has. */
  function findBuiltin(options, module, name) {
    return options.strings && module === "wasm:js-string" ? strings[name] : undefined;
  }

  /** What options ask of a module besides being valid (JS API, "validate builtins and imported strings"). */
  function checkOptions(native, options) {
    const { builtins, constants } = options;
    if (builtins !== undefined) {
      // Unknown sets are ignored: their imports are ordinary ones.
      const seen = new Map();
      for (let i = 0; i < builtins.length; i++) {
        if (mapHas(seen, builtins[i])) throw new CompileError(`builtin set "${builtins[i]}" is named twice`);
        mapSet(seen, builtins[i], true);
      }
    }
    if (constants === null && !options.strings) return;
    const flat = realm.moduleImports(native);
    for (let i = 0; i < flat.length; i += 4) {
      const [module, name, kind, type] = [flat[i], flat[i + 1], flat[i + 2], flat[i + 3]];
      const where = `Import #${i / 4} "${realm.printable(module)}" "${realm.printable(name)}"`;
      const builtin = findBuiltin(options, module, name);
      if (builtin !== undefined && (kind !== "function" || type !== builtin.type)) {
        throw new CompileError(`${where}: the builtin has the type ${builtin.type ?? "of a function of arrays, which are not supported yet"}`);
      }
      if (module === constants && (kind !== "global" || type !== "externref")) {
        throw new CompileError(`${where}: a string constant is an immutable externref`);
      }
    }
  }

  /** Compiles copied bytes; `keep` is whether their custom sections may be asked for. */
  function compileNow(bytes, options, url, keep = true) {
    const native = realm.compile(bytes, url, keep);
    checkOptions(native, options);
    return native;
  }

  async function compileLater(source, options, url) {
    const bytes = copySource(source);
    await undefined;
    return new Module(WRAP, compileNow(bytes, options, url), options);
  }

  // --- Instantiating -----------------------------------------------------------------------------------------------------

  /** "Read the imports": numbers for them, in order. */
  function readImports(module, importObject, what) {
    const native = moduleOf(module, what);
    const options = optionsOf(module);
    const flat = realm.moduleImports(native);
    // By the letter this holds, too, if all imports are builtins and string constants.
    if (flat.length > 0 && importObject === undefined) {
      throw new TypeError(`${what}: the module has imports, so an object with them is needed`);
    }
    const numbers = [];
    // Each instance has builtins of its own.
    const builtins = create(null);
    for (let i = 0; i < flat.length; i += 4) {
      const [at, name, kind, type] = [flat[i], flat[i + 1], flat[i + 2], flat[i + 3]];
      const index = i / 4;
      let number;
      const builtin = findBuiltin(options, at, name);
      if (at === options.constants) {
        number = realm.importGlobal(native, index, name);
      } else if (builtin !== undefined) {
        number = builtins[name] ??= realm.importFunc(native, index, builtin.func);
      } else {
        const where = `${what}: Import #${index} "${realm.printable(at)}"`;
        const holder = importObject[at];
        if (!isObject(holder)) throw new TypeError(`${where}: not an object or function`);
        number = importNumber(native, index, kind, type, holder[name], `${where} "${realm.printable(name)}"`);
      }
      defineProperty(numbers, index, dataProperty(number));
    }
    return numbers;
  }

  function importNumber(native, index, kind, type, value, where) {
    switch (kind) {
      case "function":
        if (typeof value !== "function") throw new LinkError(`${where}: function import requires a callable`);
        return realm.importFunc(native, index, value);
      case "global":
        return importedGlobal(native, index, type, value, where);
      case "memory": {
        const memory = classNumber(memoryNumber, value, `${where}: memory import requires a WebAssembly.Memory`);
        if (isOddMemory(value)) throw new LinkError(`${where}: memory import requires an unshared memory with 32-bit addresses`);
        return memory;
      }
      case "table": {
        const table = classNumber(tableNumber, value, `${where}: table import requires a WebAssembly.Table`);
        if (isOddTable(value)) throw new LinkError(`${where}: table import requires a table with 32-bit addresses`);
        return table;
      }
    }
    throw new LinkError(`${where}: imports of kind "${kind}" are not supported yet`);
  }

  function classNumber(number, value, message) {
    const found = number(value, true);
    if (found === undefined) throw new LinkError(message);
    return found;
  }

  function importedGlobal(native, index, type, value, where) {
    const known = globalNumber(value, true);
    if (known !== undefined) return known;
    // Of mutable globals the type begins with "mut", so that they match none of these: a new global is immutable, and
    // linking finds the mismatch. The value's type still decides first.
    const content = type.startsWith("mut ") ? type.slice(4) : type;
    switch (content) {
      case "i64":
        if (typeof value !== "bigint") throw new LinkError(`${where}: global import requires a BigInt`);
        break;
      case "i32":
      case "f32":
      case "f64":
        if (typeof value !== "number") throw new LinkError(`${where}: global import requires a Number`);
        break;
      case "v128":
        throw new LinkError(`${where}: a v128 global import requires a WebAssembly.Global`);
      default:
        try {
          return realm.importGlobal(native, index, value);
        } catch (error) {
          throw new LinkError(`${where}: ${error.message}`);
        }
    }
    return realm.importGlobal(native, index, value);
  }

  /** Instantiates and makes the exports object. */
  function instantiateCore(module, numbers) {
    const flat = realm.instantiate(moduleOf(module), numbers);
    const exports = create(null);
    for (let i = 0; i < flat.length; i += 3) {
      defineProperty(exports, flat[i], {
        __proto__: null,
        value: exportObject(flat[i + 1], flat[i + 2]),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
    return freeze(exports);
  }

  function exportObject(kind, number) {
    switch (kind) {
      case "function":
        return realm.funcObject(number);
      case "memory":
        return (memories[number] ??= new Memory(WRAP, number));
      case "table":
        return (tables[number] ??= new Table(WRAP, number));
      case "global":
        return (globals[number] ??= new Global(WRAP, number));
    }
  }

  // --- The namespace -----------------------------------------------------------------------------------------------------

  // The functions return promises, and turn what their arguments throw into rejections: the work is done in async functions, which
  // run at once up to their first `await`.

  async function compileAsync(args) {
    const what = "WebAssembly.compile()";
    need(1, args.length, what);
    const source = checkSource(args[0], `${what}: the first argument`);
    return await compileLater(source, toCompileOptions(args[1], `${what}: the options`), what);
  }

  async function instantiateAsync(args) {
    const what = "WebAssembly.instantiate()";
    need(1, args.length, what);
    const [first] = args;
    if (isModule(first)) {
      const numbers = readImports(first, toOptionalObject(args[1], `${what}: the imports`), what);
      await undefined;
      return wrapInstance(instantiateCore(first, numbers));
    }
    const source = checkSource(first, `${what}: the first argument`);
    const importObject = toOptionalObject(args[1], `${what}: the imports`);
    const options = toCompileOptions(args[2], `${what}: the options`);
    return finishInstantiation(await compileLater(source, options, what), importObject, what);
  }

  function finishInstantiation(module, importObject, what) {
    const instance = wrapInstance(instantiateCore(module, readImports(module, importObject, what)));
    return { instance, module };
  }

  const compileResponse = parts.response(realm, global, idl);

  async function compileSource(promise, options, what) {
    const native = await compileResponse(promise, what);
    checkOptions(native, options);
    return new Module(WRAP, native, options);
  }

  async function compileStreamingAsync(args) {
    const what = "WebAssembly.compileStreaming()";
    need(1, args.length, what);
    const promise = promiseResolve(args[0]);
    const options = toCompileOptions(args[1], `${what}: the options`);
    return await compileSource(promise, options, what);
  }

  async function instantiateStreamingAsync(args) {
    const what = "WebAssembly.instantiateStreaming()";
    need(1, args.length, what);
    const promise = promiseResolve(args[0]);
    const importObject = toOptionalObject(args[1], `${what}: the imports`);
    const options = toCompileOptions(args[2], `${what}: the options`);
    return finishInstantiation(await compileSource(promise, options, what), importObject, what);
  }

  const WebAssembly = {
    validate(bytes) {
      need(1, arguments.length, "WebAssembly.validate()");
      const source = checkSource(bytes, "WebAssembly.validate(): the first argument");
      const options = toCompileOptions(arguments[1], "WebAssembly.validate(): the options");
      const copy = copySource(source);
      try {
        compileNow(copy, options, "WebAssembly.validate()", false);
        return true;
      } catch {
        return false;
      }
    },
    compile(bytes) {
      return compileAsync(arguments);
    },
    instantiate(bytes) {
      return instantiateAsync(arguments);
    },
    compileStreaming(source) {
      return compileStreamingAsync(arguments);
    },
    instantiateStreaming(source) {
      return instantiateStreamingAsync(arguments);
    },
    get JSTag() {
      return jsTag;
    },
  };

  const hidden = (value) => ({ __proto__: null, value, writable: true, enumerable: false, configurable: true });
  const tag = (value) => ({ __proto__: null, value, writable: false, enumerable: false, configurable: true });

  defineProperty(WebAssembly, Symbol.toStringTag, tag("WebAssembly"));
  for (const Class of [Module, Instance, Memory, Table, Global, Tag, Exception]) {
    defineProperty(WebAssembly, Class.name, hidden(Class));
    // Web IDL's operations and attributes are enumerable, methods of ECMAScript classes are not.
    for (const target of [Class, Class.prototype]) {
      for (const key of ownKeys(target)) {
        if (key === "constructor" || key === "prototype" || key === "name" || (key === "length" && target === Class)) continue;
        defineProperty(target, key, { __proto__: null, enumerable: true });
      }
    }
    defineProperty(Class.prototype, Symbol.toStringTag, tag(`WebAssembly.${Class.name}`));
  }
  for (const Class of [CompileError, LinkError, RuntimeError]) defineProperty(WebAssembly, Class.name, hidden(Class));
  defineProperty(global, "WebAssembly", hidden(WebAssembly));

  // --- Array buffers over memories ---------------------------------------------------------------------------------------

  const resize = ArrayBuffer.prototype.resize;

  realm.setup({
    CompileError,
    LinkError,
    runtimeError: (message, frames) => {
      const error = new RuntimeError(message);
      if (frames !== "") defineProperty(error, "stack", hidden(frames + error.stack));
      return error;
    },
    // The results of a host function with several (JS API, "run a host function").
    iterate: (value, count) => {
      const method = value?.[Symbol.iterator];
      if (typeof method !== "function") throw new TypeError("a function with several results must return an iterable");
      const list = [];
      iterateWith(value, method, (item) => defineProperty(list, list.length, dataProperty(item)));
      if (list.length !== count) throw new TypeError(`expected ${count} results, got ${list.length}`);
      return list;
    },
    newResizable: (maxByteLength) => construct(ArrayBuffer, [0, { __proto__: null, maxByteLength }]),
    resize,
  });

  // HostResizeArrayBuffer for resizable buffers over memories; and their state, which QuickJS does not know.
  const patches = {
    resize(newLength) {
      const number = isObject(this) ? realm.memoryOf(this) : undefined;
      if (typeof number !== "number" || !bufferResizable(this)) return apply(resize, this, arguments);
      const length = trunc(+newLength) || 0;
      // What QuickJS takes for the maximum is less than 2 GiB, which then is as much as can be had.
      if (length < 0 || length > bufferMaxLength(this)) throw new RangeError("invalid array buffer length");
      const delta = length - bufferLength(this);
      if (delta < 0 || delta % 65536 !== 0) throw new RangeError("a memory can only be grown, by whole pages");
      realm.memoryGrow(number, delta / 65536);
    },
    get detached() {
      return realm.isLent(this) ? false : bufferDetached(this);
    },
    get maxByteLength() {
      const number = isObject(this) ? realm.memoryOf(this) : undefined;
      const ofMemory = typeof number === "number" && bufferResizable(this);
      return ofMemory ? realm.memoryMax(number) * 65536 : bufferMaxLength(this);
    },
  };
  for (const name of ["resize", "detached", "maxByteLength"]) {
    const { value, get } = getOwnPropertyDescriptor(patches, name);
    const patch = value === undefined ? { __proto__: null, get } : { __proto__: null, value };
    defineProperty(ArrayBuffer.prototype, name, patch);
  }
});
