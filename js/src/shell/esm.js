// WebAssembly modules as ES modules (JS API, "ECMAScript module integration"): makes from the bytes of one the source
// of an ES module with the same imports and exports, and the function that this source calls as
// `import.meta.instantiate()`. `internals` is what `wasm.js` returns.
//
// Globals are exported as their values, mutable ones as live bindings; a WebAssembly module that imports them from
// another gets the globals themselves, if no JavaScript module is in between. Globals whose values cannot pass to
// JavaScript are exported as they are: QuickJS has no way to leave a binding uninitialized.
(function (own, internals) {
  "use strict";

  const { create, defineProperty, getter, isObject, list, push, rejected, resolved, shown, startsWith, stringify,
    toText, TypeError, uncurry, Uint8Array } = own;
  const { WebAssembly, Map, Object, SyntaxError } = own.parts.global;
  const { Module, Instance, LinkError } = WebAssembly;
  const { is } = Object;
  const { imports: importsOf, exports: exportsOf } = Module;
  const exportsOfInstance = getter(Instance.prototype, "exports");
  const valueOf = getter(WebAssembly.Global.prototype, "value");
  const mapGet = uncurry(Map.prototype.get);
  const mapSet = uncurry(Map.prototype.set);

  const strings = "wasm:js/string-constants";
  // A sequence with its own iterator, since scripts may have replaced that of arrays.
  const builtins = {
    __proto__: null,
    [own.Symbol.iterator]() {
      let done = true;
      return { __proto__: null, next: () => ({ __proto__: null, value: "js-string", done: (done = !done) }) };
    },
  };
  const options = { __proto__: null, builtins, importedStringConstants: strings };

  // --- The source phase ----------------------------------------------------------------------------------------------

  /** The modules that were loaded, by their paths: one for all phases and all that import it. */
  const modules = new Map();

  function moduleOf(buffer, path) {
    let module = mapGet(modules, path);
    if (module === undefined) {
      module = new Module(new Uint8Array(buffer), options);
      refuseReserved(module);
      mapSet(modules, path, module);
    }
    return module;
  }

  /** Names that are kept for later use must not be used (JS API, "parse a WebAssembly module"). */
  function refuseReserved(module) {
    const imports = importsOf(module);
    for (let i = 0; i < imports.length; i++) {
      const { module: from, name } = imports[i];
      if (startsWith(from, "wasm-js:")) throw new LinkError("the module name " + stringify(from) + " is reserved");
      if (isReserved(name)) throw new LinkError("the import " + stringify(name) + " has a reserved name");
    }
    const exports = exportsOf(module);
    for (let i = 0; i < exports.length; i++) {
      const { name } = exports[i];
      if (isReserved(name)) throw new LinkError("the export " + stringify(name) + " has a reserved name");
    }
  }

  const isReserved = (name) => startsWith(name, "wasm:") || startsWith(name, "wasm-js:");

  /** What a script calls where it says `import.source()`. `find` is the module that a specifier means. */
  const sourcePhase = (find) => function source(specifier, options) {
    try {
      const text = toText(specifier);
      refuseAttributes(options);
      return resolved(find(text));
    } catch (error) {
      return rejected(error);
    }
  };

  function refuseAttributes(options) {
    if (options === undefined) return;
    if (!isObject(options)) throw new TypeError("import.source(): the options must be an object");
    const attributes = options.with;
    if (attributes === undefined) return;
    if (!isObject(attributes)) throw new TypeError("import.source(): the attributes must be an object");
    const keys = own.ownKeys(attributes);
    for (let i = 0; i < keys.length; i++) {
      if (typeof keys[i] !== "string" || own.getOwnPropertyDescriptor(attributes, keys[i])?.enumerable !== true) continue;
      if (keys[i] === "type") throw new TypeError("a WebAssembly module has no other type");
      throw new SyntaxError("the import attribute " + stringify(keys[i]) + " is not supported");
    }
  }

  // --- The evaluation phase ------------------------------------------------------------------------------------------

  /** Instances and what they export, by their namespaces. */
  const instances = new Map();

  /** The imports that are not builtins, in order. */
  function importsFrom(module) {
    const imports = importsOf(module);
    const others = list();
    for (let i = 0; i < imports.length; i++) {
      const { module: from } = imports[i];
      if (from !== strings && from !== "wasm:js-string") push(others, imports[i]);
    }
    return others;
  }

  /** An ES module's source and its `instantiate`. `path` is also what it can import itself by. */
  function declare(buffer, path) {
    const module = moduleOf(buffer, path);
    const imports = importsFrom(module);
    const exports = exportsOf(module);

    let source = "import * as self from " + stringify(path) + ";\n";
    let values = "";
    for (let i = 0; i < imports.length; i++) {
      const { module: from, name, kind } = imports[i];
      source += "import { " + stringify(name) + " as i" + i + " } from " + stringify(from) + ";\n";
      values += ", () => i" + i;
      if (kind !== "global") continue;
      source += "import * as n" + i + " from " + stringify(from) + ";\n";
      values += ", n" + i;
    }
    source += "let e = import.meta.instantiate(self" + values + ");\n";
    for (let i = 0; i < exports.length; i++) {
      source += "let v" + i + " = e[" + i + "];\nexport { v" + i + " as " + stringify(exports[i].name) + " };\n";
      if (exports[i].kind === "global") source += "e.live(" + i + ", (v) => { v" + i + " = v; });\n";
    }

    function instantiate(self, ...given) {
      const importObject = create(null);
      let at = 0;
      for (let i = 0; i < imports.length; i++) {
        const { module: from, name, kind } = imports[i];
        const value = given[at++]();
        const native = kind === "global" ? mapGet(instances, given[at++])?.exports[name] : undefined;
        importObject[from] ??= create(null);
        importObject[from][name] = native ?? value;
      }
      const instance = new Instance(module, importObject);
      const exported = exportsOfInstance(instance);
      mapSet(instances, self, { __proto__: null, instance, exports: exported });
      const values = list();
      for (let i = 0; i < exports.length; i++) {
        const { name, kind } = exports[i];
        push(values, kind === "global" ? unwrap(exported[name]) : exported[name]);
      }
      values.live = (i, set) => keepLive(exported[exports[i].name], set);
      return values;
    }
    return { __proto__: null, source, instantiate };
  }

  /** A global's value; the global itself if its value cannot pass to JavaScript. */
  function unwrap(global) {
    try {
      return valueOf(global);
    } catch {
      return global;
    }
  }

  /** The bindings of mutable globals: `set` assigns to one. */
  const bindings = list();

  function keepLive(global, set) {
    if (!internals.isMutable(global)) return;
    if (bindings.length === 0) internals.onReturn(refresh);
    push(bindings, { __proto__: null, global, set, value: unwrap(global) });
  }

  /** Whenever WebAssembly code was left, or a global set. */
  function refresh() {
    for (let i = 0; i < bindings.length; i++) {
      const binding = bindings[i];
      const value = unwrap(binding.global);
      if (is(value, binding.value)) continue;
      binding.value = value;
      binding.set(value);
    }
  }

  const { namespaceInstance } = {
    namespaceInstance(namespace) {
      own.need(1, arguments.length, "WebAssembly.namespaceInstance()");
      const known = mapGet(instances, namespace);
      if (known !== undefined) return known.instance;
      throw new TypeError("WebAssembly.namespaceInstance(): this is not the namespace of a WebAssembly module");
    },
  };
  defineProperty(WebAssembly, "namespaceInstance", shown(namespaceInstance));

  return { __proto__: null, module: moduleOf, declare, sourcePhase, returning: (value) => () => value };
});
