// WebAssembly code that waits: its import returns a promise, and the whole call is suspended until that is settled.
// Prints "waiting", then 42, then "returned".

const printLater = (n) =>
  new Promise((resolve) => setTimeout(() => {
    console.log(n);
    resolve();
  }, 10));

(async () => {
  const { instance } = await WebAssembly.instantiateStreaming(fetch("simple.wasm"), {
    my_namespace: { imported_func: new WebAssembly.Suspending(printLater) },
  });
  const call = WebAssembly.promising(instance.exports.exported_func);
  const returned = call();
  console.log("waiting");
  await returned;
  console.log("returned");
})();
