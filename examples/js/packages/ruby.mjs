// ruby.wasm: CRuby 3.4 and its standard library, a WASI program of 31 MB, with the bridge to JavaScript in both ways.
// npm: @ruby/wasm-wasi@2.10.1 @ruby/3.4-wasm-wasi@2.10.1 @bjorn3/browser_wasi_shim@0.4.2
import { compile } from "./host.mjs";
import { DefaultRubyVM } from "./node_modules/@ruby/wasm-wasi/dist/esm/browser.js";

const { vm } = await DefaultRubyVM(await compile("./node_modules/@ruby/3.4-wasm-wasi/dist/ruby+stdlib.wasm"));
console.log(vm.eval("RUBY_VERSION").toString(), vm.eval("(1..25).reduce(:*)").toString());
globalThis.numbers = [3, 1, 2];
console.log(vm.eval(`
  require "js"
  require "json"
  require "set"
  list = JS.global[:numbers]
  words = %w[stream compile link run].each_slice(2).map { |a, b| "#{a}+#{b}".center(16, "*") }
  fiber = Fiber.new { 3.times { |i| Fiber.yield i * list[:length].to_i }; :done }
  JSON.generate(words:, fiber: 4.times.map { fiber.resume }, set: Set[1, 2, 2].size, rescued: (Integer("x") rescue $!.message))
`).toString());
const proc = vm.eval("->(js) { js.call(:toUpperCase) }");
console.log(proc.call("call", vm.wrap("upper")).toString());
try {
  vm.eval("raise ArgumentError, 'not this'");
} catch (error) {
  console.log(String(error.message).split("\n")[0]);
}
