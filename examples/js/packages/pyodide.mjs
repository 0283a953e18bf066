// Pyodide: CPython 3.14, as a main module for Emscripten's dynamic linker, with the bridge to JavaScript.
// npm: pyodide@314.0.7
import { folder } from "./host.mjs";

// Pyodide's glue runs in pages, workers and Node.js, and asks for one of them. It needs nothing of what workers have.
if (typeof process !== "object") globalThis.WorkerGlobalScope = class { static [Symbol.hasInstance]() { return true; } };

const { loadPyodide } = await import("pyodide");
const python = await loadPyodide({ indexURL: folder("pyodide/pyodide.mjs") });
console.log(python.runPython("import sys; sys.version.split()[0]"));
console.log(python.runPython(`
import json, re, hashlib, decimal
from collections import Counter
decimal.getcontext().prec = 40
json.dumps({
    "count": Counter("streaming").most_common(2),
    "re": re.sub(r"(\\w+) (\\w+)", r"\\2 \\1", "one two"),
    "md5": hashlib.md5(b"x").hexdigest(),
    "sqrt": str(decimal.Decimal(2).sqrt()),
    "sum": sum(x * x for x in range(1000)),
})`));
globalThis.half = (x) => x / 2;
console.log(python.runPython("from js import half; [half(x) for x in (1, 2, 3)]").toJs().join());
const add = python.runPython("lambda *a: sum(a)");
console.log(add(1, 2, 3.5));
console.log(await python.runPythonAsync("import asyncio; await asyncio.sleep(0.01); 'slept'"));
try {
  python.runPython("{}['no']");
} catch (error) {
  console.log(error.type, error.message.trim().split("\n").at(-1));
}
