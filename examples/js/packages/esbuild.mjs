// esbuild: the bundler, in Go. Go's glue runs the program as one long call that waits for what it is asked.
// npm: esbuild-wasm@0.28.2
import { compile } from "./host.mjs";
import * as esbuild from "./node_modules/esbuild-wasm/esm/browser.js";

await esbuild.initialize({ wasmModule: await compile("esbuild-wasm/esbuild.wasm"), worker: false });
const source = `
  enum Colour { Red, Green }
  export const area = ({ width, height }: { width: number, height: number }) => width * height ** 2;
  export default class { static #x = Colour.Green; get x() { return this?.y ?? 0 } }
  function unused() {}`;
const { code } = await esbuild.transform(source, { loader: "tsx", minify: true, target: "es2019", treeShaking: true });
console.log(code);
const files = { "a.js": "import { b } from './b.js'; console.log(b)", "b.js": "export const a = 1, b = [2, 3]" };
const { outputFiles } = await esbuild.build({
  entryPoints: ["a.js"], bundle: true, write: false, format: "iife",
  plugins: [{ name: "memory", setup(build) {
    build.onResolve({ filter: /.*/ }, ({ path }) => ({ path: path.replace("./", ""), namespace: "memory" }));
    build.onLoad({ filter: /.*/, namespace: "memory" }, ({ path }) => ({ contents: files[path] }));
  } }],
});
console.log(outputFiles[0].text);
await esbuild.stop();
