// Ruff: a formatter of Python, in Rust.
// npm: @wasm-fmt/ruff_fmt@0.15.20
import { bytes } from "./host.mjs";
import init, { format } from "@wasm-fmt/ruff_fmt/web";

await init(await bytes("@wasm-fmt/ruff_fmt/wasm"));
console.log(format("x = {  'a':1,'b':[ 1,2 , 3]}\ndef f( a,b = 2 ):\n  return lambda x:x+a if b else None", "a.py", { line_width: 40 }));
try {
  format("def (", "a.py");
} catch (error) {
  console.log(String(error));
}
