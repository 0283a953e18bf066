// Loro: the same kind of documents, in Rust; its module is imported as an ES module by glue that was made for bundlers.
// npm: loro-crdt@1.17.1
import { bytes } from "./host.mjs";
import init, { LoroDoc } from "loro-crdt/web";

await init({ module_or_path: await bytes("./node_modules/loro-crdt/web/loro_wasm_bg.wasm") });
const [a, b] = [1n, 2n].map((peer) => { const doc = new LoroDoc(); doc.setPeerId(peer); return doc; });
a.getText("text").insert(0, "streams");
a.getMap("map").set("key", { nested: [1, 2.5, null, true] });
a.commit();
b.import(a.export({ mode: "update" }));
b.getText("text").insert(7, " compile");
b.getList("list").insert(0, "x");
b.commit();
let events = 0;
a.subscribe(({ events: changed }) => { events += changed.length; });
a.import(b.export({ mode: "update", from: a.version() }));
await Promise.resolve();
console.log(JSON.stringify(a.toJSON()), events);
console.log(a.version().toJSON().size, a.opCount(), JSON.stringify(a.frontiers()));
