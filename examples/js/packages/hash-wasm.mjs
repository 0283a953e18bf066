// hash-wasm: hashes, each a small module in C, compiled from Base64.
// npm: hash-wasm@4.13.0
import * as hash from "./node_modules/hash-wasm/dist/index.esm.js";

for (const name of ["adler32", "blake2b", "blake3", "crc32", "keccak", "md5", "ripemd160", "sha1", "sha256", "sha3", "sha512",
  "sm3", "whirlpool", "xxhash64", "xxhash128"]) {
  console.log(name, await hash[name]("the same text"));
}
const sha = await hash.createSHA256();
for (let i = 0; i < 1000; i++) sha.update(new Uint8Array(100).fill(i));
console.log(sha.digest());
console.log(await hash.bcrypt({ password: "a", salt: new Uint8Array(16), costFactor: 5, outputType: "encoded" }));
console.log(await hash.scrypt({ password: "a", salt: "b", costFactor: 256, blockSize: 8, parallelism: 1, hashLength: 16 }));
console.log(await hash.argon2id({
  password: "a", salt: "somesalt", parallelism: 1, iterations: 2, memorySize: 512, hashLength: 16, outputType: "encoded",
}));
