// xxhash-wasm: a hash, written in the text format by hand, whose values are BigInts.
// npm: xxhash-wasm@1.1.0
import xxhash from "xxhash-wasm";

const { create64, h32, h64, h64ToString } = await xxhash();
console.log(h32("text", 1), h64("text", 2n), h64ToString("text"));
const hash = create64();
for (let i = 0; i < 100; i++) hash.update(`part ${i}`);
console.log(hash.digest());
