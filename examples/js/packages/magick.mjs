// ImageMagick: pictures, in C++ and C: 15 MB of WebAssembly.
// npm: @imagemagick/magick-wasm@0.0.43
import { bytes, checksum, picture } from "./host.mjs";
import { ImageMagick, initializeImageMagick, Magick, MagickFormat, MagickReadSettings } from "@imagemagick/magick-wasm";

await initializeImageMagick(await bytes("@imagemagick/magick-wasm/magick.wasm"));
console.log(Magick.imageMagickVersion);
const { data, width, height } = picture(120, 80);
const settings = new MagickReadSettings({ format: MagickFormat.Rgba, width, height, depth: 8 });
ImageMagick.read(new Uint8Array(data.buffer), settings, (image) => {
  image.resize(60, 40);
  image.rotate(90);
  image.blur(1, 2);
  console.log(image.width, image.height);
  for (const format of [MagickFormat.Png, MagickFormat.Gif, MagickFormat.Tiff, MagickFormat.Jpeg]) {
    image.write(format, (file) => console.log(format, file.length, format === MagickFormat.Png ? "" : checksum(file)));
  }
});
