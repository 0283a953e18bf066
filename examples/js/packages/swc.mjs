// swc: a compiler of TypeScript and JavaScript, in Rust.
// npm: @swc/wasm-web@1.16.18
import { bytes } from "./host.mjs";
import init, { minifySync, parseSync, transformSync } from "@swc/wasm-web";

await init({ module_or_path: await bytes("@swc/wasm-web/wasm_bg.wasm") });
const source = `abstract class A<T> { private x?: T; async *f() { yield* [1, await this.x] } }
  const add = (a: number, b = 2): number => a ?? b;`;
const { code } = transformSync(source, { jsc: { parser: { syntax: "typescript" }, target: "es5" } });
console.log(code);
console.log(parseSync("let x = 1 + 2 * 3").body[0].declarations[0].init.operator);
console.log(minifySync("function long(first, second) { const sum = first + second; return sum * 1 }", {}).code);
try {
  transformSync("let = = 1", {});
} catch (error) {
  console.log(String(error).includes("let"));
}
