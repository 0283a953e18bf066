// jq: queries of JSON, in C, with Emscripten's glue as a CommonJS module.
// npm: jq-wasm@1.0.1
import "./host.mjs";

const { default: jq } = await import("jq-wasm");
const input = { items: [{ n: "a", v: 3 }, { n: "b", v: 1 }, { n: "c", v: 2 }], text: "x-1,y-2" };
console.log(JSON.stringify(await jq.json(input, ".items | sort_by(.v) | map(.n) | join(\"\")")));
const { stdout } = await jq.raw(input, ".text | [scan(\"([a-z])-([0-9])\") | {(.[0]): .[1] | tonumber}] | add", ["-c"]);
console.log(stdout);
console.log(await jq.raw(input, ".items | .[").catch((error) => error.message.split("\n")[0]));
// Emscripten's glue passes on the status of the program that failed.
if (typeof process === "object") process.exitCode = 0;
