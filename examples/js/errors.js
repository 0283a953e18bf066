// What can go wrong, and how promises are rejected.

const wasm = { headers: { "Content-Type": "application/wasm" } };
// (module (func (export "trap") unreachable))
const trap = new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 7, 8, 1, 4, 0x74, 0x72, 0x61, 0x70, 0, 0, 10, 5,
  1, 3, 0, 0, 0x0b,
]);

async function attempt(name, promise) {
  try {
    await promise;
  } catch (error) {
    const { CompileError, LinkError, RuntimeError } = WebAssembly;
    const kind = [CompileError, LinkError, RuntimeError, TypeError, RangeError].find((Class) => error instanceof Class);
    console.log(`${name}: ${kind?.name ?? error}: ${error.message}`);
  }
}

(async () => {
  await attempt("not found", WebAssembly.compileStreaming(fetch("missing.wasm")));
  await attempt("wrong type", WebAssembly.compileStreaming(new Response(trap)));
  await attempt("not a module", WebAssembly.compileStreaming(new Response("<!doctype html>", wasm)));
  await attempt("cut short", WebAssembly.compileStreaming(new Response(trap.slice(0, 20), wasm)));
  await attempt("no imports", WebAssembly.instantiateStreaming(fetch("simple.wasm")));
  await attempt("wrong import", WebAssembly.instantiateStreaming(fetch("simple.wasm"), { my_namespace: {} }));
  await attempt("trap", WebAssembly.instantiate(trap).then(({ instance }) => instance.exports.trap()));
  await attempt("too large", (async () => new WebAssembly.Memory({ initial: 1, maximum: 100_000 }))());
})();
