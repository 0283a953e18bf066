// A few lines of test harness: tests run one after the other; a failure is reported as an uncaught error, so that the
// run fails. The numbers in names are those of the contract's checklist.
let queue = Promise.resolve();
let passed = 0;

function test(name, body) {
  queue = queue.then(async () => {
    try {
      await body();
      passed++;
    } catch (error) {
      reportError(new Error(`${name}: ${error?.stack ? `${error}\n${error.stack}` : error}`));
    }
  });
}

function same(actual, expected, what = "value") {
  if (!Object.is(actual, expected)) throw new Error(`${what}: expected ${show(expected)}, got ${show(actual)}`);
}

function list(actual, expected, what = "list") {
  same(actual.length, expected.length, `${what} [${[...actual].map(show)}]: length`);
  expected.forEach((value, i) => same(actual[i], value, `${what}[${i}]`));
}

function show(value) {
  if (typeof value === "bigint") return `${value}n`;
  // Structs and arrays of WebAssembly cannot be made strings.
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === null) return "an object";
  return typeof value === "string" ? JSON.stringify(value) : typeof value === "symbol" ? value.toString() : `${value}`;
}

function throws(Class, body, what = "it") {
  try {
    body();
  } catch (error) {
    if (typeof Class !== "function") return same(error, Class, `what ${what} throws`);
    if (error?.constructor !== Class) throw new Error(`${what} throws ${error} instead of a ${Class.name}`);
    return error;
  }
  throw new Error(`${what} throws nothing instead of ${Class.name ?? Class}`);
}

async function rejects(Class, promise, what = "it") {
  try {
    await promise;
  } catch (error) {
    if (typeof Class !== "function") return same(error, Class, `what ${what} rejects with`);
    if (error?.constructor !== Class) throw new Error(`${what} rejects with ${error} instead of a ${Class.name}`);
    return error;
  }
  throw new Error(`${what} does not reject with ${Class.name ?? Class}`);
}

// --- A binary writer -------------------------------------------------------------------------------------------------

const leb = (n) => {
  const bytes = [];
  do {
    bytes.push((n & 0x7f) | (n > 0x7f ? 0x80 : 0));
    n = (n - (n % 128)) / 128;
  } while (n > 0);
  return bytes;
};
const sleb = (n) => {
  const bytes = [];
  for (;;) {
    const byte = n & 0x7f;
    n >>= 7;
    if ((n === 0 && !(byte & 0x40)) || (n === -1 && byte & 0x40)) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
};
const utf8 = (text) => [...new TextEncoder().encode(text)];
const str = (text) => [...leb(utf8(text).length), ...utf8(text)];
const vec = (items) => [...leb(items.length), ...items.flat()];
const section = (id, bytes) => [id, ...leb(bytes.length), ...bytes];
const I32 = 0x7f, I64 = 0x7e, F32 = 0x7d, F64 = 0x7c, FUNCREF = 0x70, EXTERNREF = 0x6f, EXNREF = 0x69;
// A type is a byte or several.
const func = (params, results) => [0x60, ...vec(params.map((t) => [t].flat())), ...vec(results.map((t) => [t].flat()))];
const limits = (min, max) => (max === undefined ? [0, ...leb(min)] : [1, ...leb(min), ...leb(max)]);

/** A module: each property is a list of entries of that section, in bytes. */
function wasm(sections) {
  const order = ["types", "imports", "functions", "tables", "memories", "tags", "globals", "exports", "start",
    "elements", "codes",
    "datas", "customs"];
  const ids = { types: 1, imports: 2, functions: 3, tables: 4, memories: 5, globals: 6, exports: 7, start: 8,
    elements: 9, codes: 10,
    datas: 11, tags: 13 };
  const bytes = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const add = (more) => { for (const byte of more) bytes.push(byte); };
  for (const name of order) {
    const entries = sections[name];
    if (entries === undefined) continue;
    if (name === "customs") for (const [n, payload] of entries) add(section(0, [...str(n), ...payload]));
    else if (name === "start") add(section(8, leb(entries)));
    else add(section(ids[name], vec(entries)));
  }
  return new Uint8Array(bytes);
}
const importOf = (module, name, kind, ...rest) => [...str(module), ...str(name), kind, ...rest.flat()];
const exportOf = (name, kind, index) => [...str(name), kind, ...leb(index)];
const code = (...body) => {
  const bytes = [0, ...body.flat(), 0x0b];
  return [...leb(bytes.length), ...bytes];
};

const EMPTY = wasm({});
/** Imports function `m.f`, exports `run`, which calls it. */
const CALLS = wasm({
  types: [func([], [])],
  imports: [importOf("m", "f", 0, 0)],
  functions: [[0]],
  exports: [exportOf("run", 0, 1)],
  codes: [code(0x10, 0)],
});
const WASM = { headers: { "Content-Type": "application/wasm" } };
const compile = (bytes) => new WebAssembly.Module(bytes);
const instance = (bytes, imports) => new WebAssembly.Instance(compile(bytes), imports).exports;
