// Prints the hash of a password by a module of argon2-browser. Arguments: its URL, type, passes and memory in KiB.
const [path, type, passes, kib] = scriptArgs.filter((a) => a !== "--");
(async () => {
  const bytes = await (await fetch(path)).arrayBuffer();
  let memory;
  const { instance } = await WebAssembly.instantiate(bytes, { a: {
    a: (to, from, n) => { new Uint8Array(memory.buffer).copyWithin(to, from, from + n); },
    b: (size) => { memory.grow(Math.ceil((size - memory.buffer.byteLength) / 65536)); return 1; },
  } });
  const e = instance.exports;
  memory = e.c;
  e.d();
  const put = (text) => {
    const at = e.f(text.length + 1);
    for (let i = 0; i < text.length; i++) new Uint8Array(memory.buffer)[at + i] = text.charCodeAt(i);
    return at;
  };
  const password = put("password"), salt = put("somesalt"), hash = e.f(32);
  const code = e.l(+passes, +kib, 1, password, 8, salt, 8, hash, 32, 0, 0, +type, 0, 0, 0, 0, 0x13);
  if (code) throw new Error(`argon2 says ${code}`);
  const bytesOf = new Uint8Array(memory.buffer, hash, 32);
  console.log(Array.from(bytesOf, (b) => b.toString(16).padStart(2, "0")).join(""));
})();
