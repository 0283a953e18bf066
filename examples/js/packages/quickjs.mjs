// quickjs-emscripten: a JavaScript engine, in C, here within QuickJS itself; functions of one are called by the other.
// npm: quickjs-emscripten-core@0.32.0 @jitl/quickjs-wasmfile-release-sync@0.32.0 @jitl/quickjs-ffi-types@0.32.0
import { bytes } from "./host.mjs";
import { newQuickJSWASMModuleFromVariant, newVariant, shouldInterruptAfterDeadline } from "quickjs-emscripten-core";
import variant from "@jitl/quickjs-wasmfile-release-sync";

const wasmBinary = (await bytes("@jitl/quickjs-wasmfile-release-sync/wasm")).buffer;
const quickjs = await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmBinary }));
console.log(quickjs.evalCode("[...'héllo'].map((c, i) => c.repeat(i)).join('|') + 2n ** 100n"));
const context = quickjs.newContext();
const log = context.newFunction("log", (value) => console.log("from within:", JSON.stringify(context.dump(value))));
context.setProp(context.global, "log", log);
log.dispose();
context.unwrapResult(context.evalCode("log({ a: [1, 2, { b: null }], f: typeof (() => 1) }); class A { #x = 1 }")).dispose();
const failed = context.evalCode("(function f() { null.x })()");
console.log(context.dump(failed.error).message);
failed.error.dispose();
context.unwrapResult(context.evalCode("Promise.resolve(7).then(log)")).dispose();
console.log(context.runtime.executePendingJobs().value);
context.runtime.setInterruptHandler(shouldInterruptAfterDeadline(Date.now() + 20));
const endless = context.evalCode("for (;;);");
console.log(context.dump(endless.error).message);
endless.error.dispose();
context.dispose();
