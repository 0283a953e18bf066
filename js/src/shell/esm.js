// WebAssembly modules as ES modules (WebAssembly/ES module integration): makes from the bytes of one the source of an
// ES module with the same imports and exports, and the function that this source calls as `import.meta.instantiate()`.
//
// Globals are exported as their values, mutable ones as they are after instantiation; a WebAssembly module that imports
// them from another gets the globals themselves. There is no source phase: QuickJS has no syntax for it.
(function (own) {
  "use strict";

  const { create, getter, list, push, stringify, uncurry, Uint8Array } = own;
  const { WebAssembly, Map } = own.parts.global;
  const { Module, Instance } = WebAssembly;
  const { imports: importsOf, exports: exportsOf } = Module;
  const exportsOfInstance = getter(Instance.prototype, "exports");
  const valueOf = getter(WebAssembly.Global.prototype, "value");
  const mapGet = uncurry(Map.prototype.get);
  const mapSet = uncurry(Map.prototype.set);

  /** What the WebAssembly modules that were instantiated export, by their namespaces. */
  const instantiated = new Map();

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

  /** The names of the modules that a module imports from, each once, without those of builtins. */
  function modulesOf(imports) {
    const names = list();
    const seen = create(null);
    for (let i = 0; i < imports.length; i++) {
      const { module } = imports[i];
      if (module === strings || module === "wasm:js-string" || seen[module]) continue;
      seen[module] = true;
      push(names, module);
    }
    return names;
  }

  /** An ES module's source and its `instantiate`. `itself` is what it can import itself by. */
  return (buffer, itself) => {
    const module = new Module(new Uint8Array(buffer), options);
    const imports = importsOf(module);
    const exports = exportsOf(module);
    const from = modulesOf(imports);

    let source = "import * as self from " + stringify(itself) + ";\n";
    let namespaces = "";
    for (let i = 0; i < from.length; i++) {
      source += "import * as i" + i + " from " + stringify(from[i]) + ";\n";
      namespaces += ", i" + i;
    }
    source += "const e = import.meta.instantiate(self" + namespaces + ");\n";
    for (let i = 0; i < exports.length; i++) {
      source += "const v" + i + " = e[" + i + "];\nexport { v" + i + " as " + stringify(exports[i].name) + " };\n";
    }

    function instantiate(self, ...namespaces) {
      const importObject = create(null);
      for (let i = 0; i < from.length; i++) importObject[from[i]] = create(null);
      for (let i = 0; i < imports.length; i++) {
        const { module: at, name, kind } = imports[i];
        let index = 0;
        while (index < from.length && from[index] !== at) index++;
        if (index === from.length) continue;
        const namespace = namespaces[index];
        const native = kind === "global" ? mapGet(instantiated, namespace)?.[name] : undefined;
        importObject[at][name] = native ?? namespace[name];
      }
      const exported = exportsOfInstance(new Instance(module, importObject));
      mapSet(instantiated, self, exported);
      const values = list();
      for (let i = 0; i < exports.length; i++) {
        const { name, kind } = exports[i];
        push(values, kind === "global" ? unwrap(exported[name]) : exported[name]);
      }
      return values;
    }
    return { __proto__: null, source, instantiate };
  };

  /** A global's value; the global itself if its value cannot pass to JavaScript. */
  function unwrap(global) {
    try {
      return valueOf(global);
    } catch {
      return global;
    }
  }
});
