// 7-Zip: an archiver, in C++, whose main function is called again and again on a file system in memory.
// npm: 7z-wasm@1.2.0
import { bytes, checksum } from "./host.mjs";
import SevenZip from "./node_modules/7z-wasm/7zz.es6.js";

const lines = [];
const wasmBinary = await bytes("7z-wasm/7zz.wasm");
const archiver = await SevenZip({ wasmBinary, print: (line) => lines.push(line), printErr: (line) => lines.push(line) });
const text = Array.from({ length: 5000 }, (_, i) => `line ${i} of ${i * i}`).join("\n");
archiver.FS.writeFile("/a.txt", text);
archiver.callMain(["a", "-m0=lzma2", "-mx=5", "-mmt=1", "/a.7z", "/a.txt"]);
console.log(lines.filter((line) => /Everything|files read/i.test(line)).join("; "), archiver.FS.stat("/a.7z").size);
archiver.callMain(["x", "-y", "-o/out", "/a.7z"]);
const out = archiver.FS.readFile("/out/a.txt");
console.log(out.length, checksum(out), archiver.FS.readFile("/out/a.txt", { encoding: "utf8" }) === text);
