// Biome: a formatter and linter for the web's languages, in Rust: 35 MB of WebAssembly.
// npm: @biomejs/wasm-web@2.4.15
import { compile } from "./host.mjs";
import init, { Workspace } from "@biomejs/wasm-web";

await init({ module_or_path: await compile("@biomejs/wasm-web/biome_wasm_bg.wasm") });
const workspace = new Workspace();
const { projectKey } = workspace.openProject({ path: "/", openUninitialized: true });
const open = (path, text) => {
  workspace.openFile({ projectKey, path, content: { type: "fromClient", content: text, version: 0 } });
  return { projectKey, path };
};
console.log(workspace.formatFile(open("/a.ts", "const  a:number=1;function f( x){return x==a}")).code);
console.log(workspace.formatFile(open("/a.json", '{"a":[1,2,{"b":null}]}')).code);
