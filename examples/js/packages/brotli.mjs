// brotli-wasm: compression, in Rust, whose module is imported as an ES module would be.
// npm: brotli-wasm@3.0.1
import { bytes, checksum } from "./host.mjs";
import init, * as brotli from "./node_modules/brotli-wasm/pkg.web/brotli_wasm.js";

await init(await bytes("./node_modules/brotli-wasm/pkg.web/brotli_wasm_bg.wasm"));
const text = new TextEncoder().encode("the same words again and again, ".repeat(2000));
const packed = brotli.compress(text, { quality: 9 });
console.log(text.length, packed.length, checksum(packed), checksum(brotli.decompress(packed)) === checksum(text));
try {
  brotli.decompress(new Uint8Array([1, 2, 3]));
} catch (error) {
  console.log(String(error));
}
