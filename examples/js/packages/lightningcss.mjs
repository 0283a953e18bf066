// Lightning CSS: a parser and minifier, in Rust, with its interface for plugins.
// npm: lightningcss-wasm@1.33.0
import { bytes } from "./host.mjs";
import init, { transform } from "./node_modules/lightningcss-wasm/index.mjs";

await init(bytes("lightningcss-wasm/lightningcss_node.wasm"));
const { code, exports } = transform({
  filename: "a.module.css",
  code: new TextEncoder().encode(`
    .a { color: rgb(255 0 0 / 50%); & > .b:is(.c, .d) { margin: 10px 10px 10px 10px } }
    @media (width >= 600px) { .a { inset: 0; background: color-mix(in srgb, red, blue) } }`),
  minify: true,
  cssModules: { pattern: "x_[local]" },
  targets: { chrome: 80 << 16 },
  visitor: { Length: (length) => ({ unit: length.unit, value: length.value * 2 }) },
});
console.log(new TextDecoder().decode(code));
console.log(JSON.stringify(exports, Object.keys(exports).concat("name", "isReferenced").sort()));
