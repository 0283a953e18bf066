// jSquash: codecs for pictures, in C++ and Rust: what Squoosh is made of.
// npm: @jsquash/jpeg@1.6.0 @jsquash/png@3.1.1 @jsquash/qoi@1.1.0 @jsquash/webp@1.5.0 wasm-feature-detect@1.8.0
import { checksum, compile, picture } from "./host.mjs";

// Pictures are a page's, so glue for pages expects the class.
globalThis.ImageData ??= class {
  constructor(data, width, height = data.length / 4 / width) {
    Object.assign(this, { data, width, height, colorSpace: "srgb" });
  }
};
const image = picture(96, 64);
for (const [name, encoder, decoder] of [
  ["jpeg", "codec/enc/mozjpeg_enc.wasm", "codec/dec/mozjpeg_dec.wasm"],
  ["qoi", "codec/enc/qoi_enc.wasm", "codec/dec/qoi_dec.wasm"],
  ["webp", "codec/enc/webp_enc_simd.wasm", "codec/dec/webp_dec.wasm"],
  ["png", "codec/pkg/squoosh_png_bg.wasm", "codec/pkg/squoosh_png_bg.wasm"],
]) {
  const enc = await import(`@jsquash/${name}/encode.js`);
  const dec = await import(`@jsquash/${name}/decode.js`);
  await enc.init(await compile(`@jsquash/${name}/${encoder}`));
  await dec.init(await compile(`@jsquash/${name}/${decoder}`));
  const file = new Uint8Array(await enc.default(image));
  const again = await dec.default(file.buffer);
  console.log(name, file.length, checksum(file), again.width, again.height, checksum(again.data));
}
