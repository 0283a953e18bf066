// A server that does not know WebAssembly's type. `compileStreaming` must reject, so check first: once it has begun to
// read, the body is used.

function compile(response) {
  const type = response.headers.get("Content-Type") ?? "";
  if (/^[\t ]*application\/wasm[\t ]*$/i.test(type)) return WebAssembly.compileStreaming(response);
  console.log(`sent as "${type}": compiled after the download`);
  return response.arrayBuffer().then((bytes) => WebAssembly.compile(bytes));
}

(async () => {
  const right = await fetch("simple.wasm");
  const wrong = new Response(await right.clone().arrayBuffer(), {
    headers: { "Content-Type": "application/octet-stream" },
  });
  for (const response of [right, wrong]) {
    const module = await compile(response);
    console.log(WebAssembly.Module.imports(module)[0].name);
  }
})();
