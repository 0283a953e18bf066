// Puts the scripts beside this one together. `scripts` has each of them as a function, by name. The result creates what
// makes ES modules of other things, once there is a `WebAssembly`, from what `wasm.js` returns.
(function (global, scripts, natives, report, now, href) {
  "use strict";

  const own = scripts.own(global);
  own.parts = { __proto__: null, global, bytes: scripts.bytes, streamBytes: undefined };
  const location = scripts.shell(own, report, now, href);
  const coding = scripts.coding(own, natives.coding);
  const readable = scripts.readable(own);
  const writable = scripts.writable(own, readable);
  const piping = scripts.pipe(own, readable, writable);
  const blobs = scripts.blob(own, coding, readable);
  const heads = scripts.headers(own, blobs);
  const bodies = scripts.body(own, readable, piping, heads, blobs, coding);
  scripts.fetch(own, natives.clients, location, readable, heads, bodies, coding);
  return (internals) => {
    scripts.clone(own, blobs, natives.isOrdinary, internals.cloneModule);
    const makers = scripts.esm(own, internals);
    makers.commonjs = scripts.commonjs(own, natives.commonjs);
    return makers;
  };
});
