// resvg: SVG to pixels, in Rust.
// npm: @resvg/resvg-wasm@2.6.2
import { bytes, checksum } from "./host.mjs";
import { initWasm, Resvg } from "@resvg/resvg-wasm";

await initWasm(await bytes("@resvg/resvg-wasm/index_bg.wasm"));
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">
  <defs><linearGradient id="g"><stop stop-color="red"/><stop offset="1" stop-color="blue"/></linearGradient>
    <filter id="f"><feGaussianBlur stdDeviation="3"/></filter></defs>
  <circle cx="50" cy="50" r="40" fill="url(#g)" filter="url(#f)"/><path d="M10 10 Q50 90 90 10" stroke="#0f08"/></svg>`;
const image = new Resvg(svg, { fitTo: { mode: "width", value: 320 } }).render();
console.log(image.width, image.height, checksum(image.pixels));
const png = image.asPng();
console.log(String.fromCharCode(...png.subarray(1, 4)), png.length, checksum(png));
