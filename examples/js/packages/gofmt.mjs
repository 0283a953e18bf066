// gofmt: Go's formatter, in Go, compiled by TinyGo.
// npm: @wasm-fmt/gofmt@0.7.3
import { bytes } from "./host.mjs";
import init, { format } from "@wasm-fmt/gofmt/web";

await init(await bytes("@wasm-fmt/gofmt/wasm"));
console.log(format("package main\nimport \"fmt\"\nfunc main(){x:=[]int{1,2};for i:=range x{fmt.Println(i,x[i])}}"));
try {
  format("package");
} catch (error) {
  console.log(String(error));
}
