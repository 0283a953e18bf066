// Automerge: documents that are merged without conflicts, in Rust.
// npm: @automerge/automerge@3.5.0
import { bytes, checksum } from "./host.mjs";
import * as automerge from "@automerge/automerge/slim";

await automerge.initializeWasm(await bytes("./node_modules/@automerge/automerge/dist/automerge.wasm"));
let a = automerge.from({ list: [{ title: "one", done: false }], text: "hello" }, { actor: "aa".repeat(16) });
let b = automerge.clone(a, { actor: "bb".repeat(16) });
a = automerge.change(a, { time: 1 }, (doc) => { doc.list.push({ title: "two", done: true }); doc.text = "hello there"; });
b = automerge.change(b, { time: 2 }, (doc) => { doc.list[0].done = true; automerge.splice(doc, ["text"], 0, 0, "oh, "); });
const merged = automerge.merge(a, b);
console.log(JSON.stringify(merged), automerge.getHistory(merged).length);
const saved = automerge.save(merged);
console.log(JSON.stringify(automerge.load(saved)) === JSON.stringify(merged), saved.length > 100);
console.log(JSON.stringify(automerge.diff(merged, automerge.getHeads(a), automerge.getHeads(merged)).length));
