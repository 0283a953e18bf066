// Driven over standard input, a line per request, answered by a line. What is asked depends on the argument:
// "compile", "validate": a path has that module compiled or validated once and gives the nanoseconds, by the wall
//   and of processor time;
// "run": a number and a path give what that module's export "run" makes of the number.
"use strict";
const fs = require("fs");
const validate = process.argv.includes("validate");
const running = process.argv.includes("run");
let loaded = { path: null, bytes: null };
let round = 0;

// The engine keeps modules by their bytes: let no two requests have the same.
function fresh(bytes) {
    const mark = Buffer.from([0, 9, 1, 0x6e, 0, 0, 0, 0, 0, 0, 0]);
    mark.writeUInt32LE(++round, 4);
    return Buffer.concat([bytes, mark]);
}

function once(path) {
    if (loaded.path !== path) loaded = { path, bytes: fs.readFileSync(path) };
    const bytes = fresh(loaded.bytes);
    const cpu = process.cpuUsage();
    const start = process.hrtime.bigint();
    if (validate) {
        if (!WebAssembly.validate(bytes)) return "error not valid";
    } else {
        try {
            new WebAssembly.Module(bytes);
        } catch (e) {
            return "error " + e.message.split("\n")[0];
        }
    }
    const wall = process.hrtime.bigint() - start;
    const used = process.cpuUsage(cpu);
    return `${wall} ${(used.user + used.system) * 1000}`;
}

let instance = { path: null, exports: null };
function run(request) {
    const [n, path] = [request.slice(0, request.indexOf(" ")), request.slice(request.indexOf(" ") + 1)];
    try {
        if (instance.path !== path) {
            const module = new WebAssembly.Module(fs.readFileSync(path));
            instance = { path, exports: new WebAssembly.Instance(module).exports };
        }
        return instance.exports.run(n | 0);
    } catch (e) {
        return "error " + e.message.split("\n")[0];
    }
}

require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
    fs.writeSync(1, (running ? run(line) : once(line)) + "\n");
    if (!running) gc();
});
