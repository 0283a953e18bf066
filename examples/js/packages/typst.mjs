// Typst: typesetting, in Rust: 28 MB of WebAssembly. Without fonts there is nothing to see, but all to compute.
// npm: @myriaddreamin/typst-ts-web-compiler@0.7.0
import { bytes, checksum } from "./host.mjs";
import init, { TypstCompilerBuilder } from "./node_modules/@myriaddreamin/typst-ts-web-compiler/pkg/typst_ts_web_compiler.mjs";

await init({ module_or_path: await bytes("./node_modules/@myriaddreamin/typst-ts-web-compiler/pkg/typst_ts_web_compiler_bg.wasm") });
const builder = new TypstCompilerBuilder();
builder.set_dummy_access_model();
const compiler = await builder.build();
compiler.add_source("/main.typ", `
  #set page(width: 200pt, height: auto, margin: 10pt)
  #let fib(n) = if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
  #metadata(range(15).map(fib)) <numbers>
  #grid(columns: 3, gutter: 5pt, ..range(9).map(i => rect(width: 20pt, height: 10pt, fill: gradient.linear(red, blue))))
  #circle(radius: 30pt, fill: rgb("#4080c0"))`);
console.log(compiler.query("/main.typ", undefined, "<numbers>", "value"));
const { result, diagnostics } = compiler.compile("/main.typ", undefined, "vector", 1);
console.log(result?.length, checksum(result ?? []), JSON.stringify(diagnostics ?? []));
compiler.add_source("/bad.typ", "#let x = ");
console.log(compiler.compile("/bad.typ", undefined, "vector", 3).diagnostics?.join("\n"));
