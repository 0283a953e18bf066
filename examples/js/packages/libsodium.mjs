// libsodium: cryptography, in C.
// npm: libsodium-wrappers@0.8.4 libsodium@0.8.4
import "./host.mjs";
import sodium from "libsodium-wrappers";

await sodium.ready;
const key = new Uint8Array(32).fill(7);
const nonce = new Uint8Array(24).fill(9);
console.log(sodium.SODIUM_VERSION_STRING);
console.log(sodium.crypto_generichash(32, "text", null, "hex"));
const sealed = sodium.crypto_secretbox_easy("secret", nonce, key);
console.log(sodium.to_hex(sealed), sodium.crypto_secretbox_open_easy(sealed, nonce, key, "text"));
const { publicKey, privateKey } = sodium.crypto_sign_seed_keypair(key);
const signature = sodium.crypto_sign_detached("message", privateKey);
console.log(sodium.to_base64(signature), sodium.crypto_sign_verify_detached(signature, "message", publicKey));
sealed[0] ^= 1;
try {
  sodium.crypto_secretbox_open_easy(sealed, nonce, key);
} catch (error) {
  console.log(error.message);
}
console.log(sodium.randombytes_buf(16).length);
