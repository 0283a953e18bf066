// clang-format: LLVM's formatter, in C++.
// npm: @wasm-fmt/clang-format@23.1.0
import { bytes } from "./host.mjs";
import init, { format, version } from "@wasm-fmt/clang-format/web";

await init(await bytes("@wasm-fmt/clang-format/wasm"));
console.log(version());
console.log(format("template<class T>int f(T*x,int y){if(x)return y;else{for(auto&z:*x)y+=z;}}", "a.cc", "LLVM"));
console.log(format("class A{int f(){return 1;}}", "A.java", "{ BasedOnStyle: Google, IndentWidth: 8 }"));
