// wasmoon: Lua, in C, whose values are JavaScript's and the reverse; Lua's coroutines and errors pass through.
// npm: wasmoon@1.16.0
import { folder } from "./host.mjs";

const { default: wasmoon } = await import("wasmoon");
const lua = await new wasmoon.LuaFactory(`${folder("wasmoon")}glue.wasm`).createEngine();
lua.global.set("sum", (...values) => values.reduce((a, b) => a + b, 0));
lua.global.set("later", (value) => new Promise((resolve) => setTimeout(() => resolve(value * 2), 5)));
console.log(await lua.doString(`
  local t = {}
  for w in string.gmatch("the quick brown fox", "%a+") do t[#t + 1] = w:upper() end
  table.sort(t)
  return table.concat(t, ",") .. sum(1, 2, 3.5) .. later(21):await()`));
const make = await lua.doString("return function(n) return { n = n, squares = { n * n, n ^ 0.5 } } end");
const { n, squares } = make(9);
console.log(n, squares.join());
console.log(await lua.doString("local ok, e = pcall(error, { code = 5 }) return e.code"));
console.log(await lua.doString("error('no')").catch((error) => error.message.split("\n")[0]));
lua.global.close();
