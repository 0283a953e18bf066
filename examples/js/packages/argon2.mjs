// argon2-browser: the password hash, in C, with Emscripten's older glue, which CommonJS modules require.
// npm: argon2-browser@1.18.0
import { bytes } from "./host.mjs";

// The glue is older than the `fetch` of Node.js, which fetches no files.
if (typeof process === "object") delete globalThis.fetch;
globalThis.loadArgon2WasmBinary = () => bytes("argon2-browser/dist/argon2.wasm");
const { default: argon2 } = await import("argon2-browser");
const { hash, hashHex, encoded } = await argon2.hash({
  pass: "pässword", salt: "somesalt", time: 2, mem: 4096, hashLen: 24, parallelism: 2, type: argon2.ArgonType.Argon2id,
});
console.log(hash.length, hashHex);
console.log(encoded);
await argon2.verify({ pass: "pässword", encoded });
console.log(await argon2.verify({ pass: "other", encoded }).catch((error) => error.message));
