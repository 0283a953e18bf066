// CommonJS modules, as ES modules and each other can have them. `natives` is what `loader.rs` gives.
//
// There is no `require.resolve`, and there are no modules of Node.js: what asks for one is told that it cannot be found.
(function (own, natives) {
  "use strict";

  const { apply, create, Error, toText, TypeError } = own;
  const { resolve, folder, json, compile } = natives;

  /** The modules that were asked for, by their paths. */
  const modules = create(null);

  function load(path) {
    const known = modules[path];
    if (known !== undefined) return known.exports;
    const module = { exports: {}, id: path, filename: path, loaded: false };
    modules[path] = module;
    try {
      if (isJson(path)) {
        module.exports = json(path);
      } else {
        const { exports } = module;
        apply(compile(path), exports, [exports, requireOf(path), module, path, folder(path)]);
      }
      module.loaded = true;
    } finally {
      // Who asks again for what failed is to see why.
      if (!module.loaded) delete modules[path];
    }
    return module.exports;
  }

  const isJson = (path) => own.indexOf(path, ".json") === path.length - 5 && path.length > 5;

  function requireOf(base) {
    return function require(id) {
      if (typeof id !== "string") throw new TypeError("require(): the argument must be a string");
      const path = resolve(base, toText(id));
      if (path !== undefined) return load(path);
      const error = new Error("Cannot find module '" + id + "'");
      error.code = "MODULE_NOT_FOUND";
      throw error;
    };
  }

  return (path) => () => load(path);
});
