// Compiling with options, and reading imports (JS API, sections 5.1 to 5.3 and "Builtins"), for `classes.js` and
// `wasm.js`. `realm` is `realm.rs`'s object, `idl` what `idl.js` returns, `strings` what `strings.js` returns.
//
// What scripts can replace is not used; see `idl.js`.
(function (realm, global, idl, strings, errors, wrappedOf, typeObject) {
  "use strict";

  const { TypeError, Object, Map } = global;
  const { create } = Object;
  const { CompileError, LinkError } = errors;
  const { uncurry, isObject, append } = idl;
  const mapSet = uncurry(Map.prototype.set);
  const mapHas = uncurry(Map.prototype.has);

  /** The builtin that an import refers to; undefined if it is not one, like all names that no set has. */
  function findBuiltin(options, module, name) {
    return options.strings && module === "wasm:js-string" ? strings[name] : undefined;
  }

  /** What options require of a module besides validity (JS API, "validate builtins and imported strings"). */
  function checkOptions(native, options) {
    const { builtins, constants } = options;
    if (builtins !== undefined) {
      // Unknown sets are ignored: their imports are ordinary ones.
      const seen = new Map();
      for (let i = 0; i < builtins.length; i++) {
        if (mapHas(seen, builtins[i])) throw new CompileError('builtin set "' + builtins[i] + '" is named twice');
        mapSet(seen, builtins[i], true);
      }
    }
    if (constants === null && !options.strings) return;
    const count = native.importCount();
    for (let i = 0; i < count; i++) {
      const module = native.importModule(i);
      const name = native.importName(i);
      const where = "Import #" + i + ' "' + realm.printable(module) + '" "' + realm.printable(name) + '"';
      const builtin = findBuiltin(options, module, name);
      if (builtin !== undefined && (native.importKind(i) !== "function" || !native.importHasType(i, builtin.type))) {
        throw new CompileError(where + ": the builtin has the type " + builtin.type);
      }
      if (module === constants) {
        // A constant is a `(ref extern)`, and may be taken for what that is a subtype of.
        const type = native.importKind(i) === "global" ? native.importType(i) : "";
        if (type !== "externref" && type !== "(ref extern)") {
          throw new CompileError(where + ": a string constant is an immutable externref");
        }
      }
    }
  }

  /** Compiles copied bytes; `keep` is whether their custom sections may be queried. */
  function compileNow(bytes, options, url, keep) {
    const native = realm.compile(bytes, url, keep);
    checkOptions(native, options);
    return native;
  }

  /** `Module.exports()` */
  function exportDescriptors(native) {
    const list = [];
    const count = native.exportCount();
    for (let i = 0; i < count; i++) {
      const type = typeObject(native.exportDescribed(i));
      append(list, { name: native.exportName(i), kind: native.exportKind(i), type });
    }
    return list;
  }

  /** `Module.imports()` */
  function importDescriptors(native, options) {
    const list = [];
    const count = native.importCount();
    for (let i = 0; i < count; i++) {
      const module = native.importModule(i);
      const name = native.importName(i);
      if (module === options.constants || findBuiltin(options, module, name) !== undefined) continue;
      append(list, { module, name, kind: native.importKind(i), type: typeObject(native.importDescribed(i)) });
    }
    return list;
  }

  /** "Read the imports": in order. `handleOf` finds what objects of the namespace's classes represent. */
  function readImports(native, options, importObject, what, handleOf) {
    const count = native.importCount();
    // As specified, this also applies if all imports are builtins and string constants.
    if (count > 0 && importObject === undefined) {
      throw new TypeError(what + ": the module has imports, so an imports object is required");
    }
    const imports = realm.imports(native);
    // Each instance has builtins of its own: where each was imported first.
    const builtins = create(null);
    for (let i = 0; i < count; i++) {
      const module = native.importModule(i);
      const name = native.importName(i);
      const builtin = findBuiltin(options, module, name);
      if (module === options.constants) {
        realm.importValue(imports, name);
      } else if (builtin !== undefined) {
        if (name in builtins) realm.importAgain(imports, builtins[name]);
        else if (typeof builtin.func === "string") realm.importBuiltin(imports, builtin.func);
        else realm.importFunc(imports, builtin.func, "traps");
        builtins[name] ??= i;
      } else {
        const where = what + ": Import #" + i + ' "' + realm.printable(module) + '"';
        const holder = importObject[module];
        if (!isObject(holder)) throw new TypeError(where + ": not an object or function");
        readImport(native, i, imports, holder[name], where + ' "' + realm.printable(name) + '"', handleOf);
      }
    }
    return imports;
  }

  function readImport(native, i, imports, value, where, handleOf) {
    const kind = native.importKind(i);
    if (kind === "function") {
      const wrapped = wrappedOf(value);
      if (wrapped !== undefined) return realm.importFunc(imports, wrapped, "suspends");
      if (typeof value !== "function") throw new LinkError(where + ": function import requires a callable");
      return realm.importFunc(imports, value);
    }
    const handle = handleOf(kind, value);
    if (handle !== undefined) return realm.importHandle(imports, handle);
    switch (kind) {
      case "global":
        return readGlobal(native.importContent(i), imports, value, where);
      case "memory":
        throw new LinkError(where
          + ": memory import requires a WebAssembly.Memory with 32-bit addresses");
      case "table":
        throw new LinkError(where + ": table import requires a WebAssembly.Table with 32-bit addresses");
    }
    throw new LinkError(where + ": tag import requires a WebAssembly.Tag");
  }

  /**
   * A new global is immutable: where a mutable one is imported, linking finds the mismatch. The value's type is still
   * checked first.
   */
  function readGlobal(content, imports, value, where) {
    switch (content) {
      case "i64":
        if (typeof value !== "bigint") throw new LinkError(where + ": global import requires a BigInt");
        break;
      case "i32":
      case "f32":
      case "f64":
        if (typeof value !== "number") throw new LinkError(where + ": global import requires a Number");
        break;
      case "v128":
        throw new LinkError(where + ": a v128 global import requires a WebAssembly.Global");
      default:
        try {
          realm.importValue(imports, value);
        } catch {
          throw new LinkError(where + ": global import requires a value of type " + content);
        }
        return;
    }
    realm.importValue(imports, value);
  }

  return { __proto__: null, checkOptions, compileNow, exportDescriptors, importDescriptors, readImports };
});
