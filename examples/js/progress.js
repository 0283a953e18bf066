// A progress bar: one clone of the response is compiled, the other one counted. Both are read as the bytes arrive.

async function count(response) {
  const total = Number(response.headers.get("content-length"));
  const reader = response.body.getReader();
  let received = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return received;
    received += value.byteLength;
    const filled = Math.round((received / total) * 20);
    console.log(`[${"#".repeat(filled)}${".".repeat(20 - filled)}] ${received} of ${total} bytes`);
  }
}

(async () => {
  const response = await fetch("simple.wasm");
  const counted = count(response.clone());
  const module = await WebAssembly.compileStreaming(response);
  console.log(`compiled ${await counted} bytes with ${WebAssembly.Module.exports(module).length} export`);
})();
