// A download that takes too long: the signal stops the fetch and the compilation, and the promise is rejected with its
// reason.

(async () => {
  const controller = new AbortController();

  // Simulates a slow server: the header of a module, and then nothing.
  let source;
  const body = new ReadableStream({
    start(controller) {
      source = controller;
      controller.enqueue(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
    },
  });
  controller.signal.addEventListener("abort", () => source.error(controller.signal.reason));
  const response = new Response(body, { headers: { "Content-Type": "application/wasm" } });

  setTimeout(() => controller.abort(), 50);
  try {
    await WebAssembly.compileStreaming(response);
  } catch (error) {
    console.log(`stalled body: ${error.name}`);
  }

  // The same with a real download.
  const again = new AbortController();
  const compiled = WebAssembly.compileStreaming(fetch("simple.wasm", { signal: again.signal }));
  again.abort();
  try {
    await compiled;
  } catch (error) {
    console.log(`fetch: ${error.name}`);
  }
})();
