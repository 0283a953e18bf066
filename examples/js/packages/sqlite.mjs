// SQLite's own build for the web, with its object interface.
// npm: @sqlite.org/sqlite-wasm@3.41.2
import { bytes } from "./host.mjs";

// The glue looks there for options, and Node.js does not have it.
globalThis.location ??= { href: "http://localhost/", pathname: "/" };

const { default: init } = await import("@sqlite.org/sqlite-wasm");
const sqlite3 = await init({
  wasmBinary: await bytes("./node_modules/@sqlite.org/sqlite-wasm/sqlite-wasm/jswasm/sqlite3.wasm"),
  print: () => {}, printErr: () => {},
});
console.log(sqlite3.version.libVersion);
const db = new sqlite3.oo1.DB(":memory:");
db.exec("CREATE TABLE t (a, b); CREATE INDEX i ON t (b)");
db.transaction(() => {
  for (let i = 0; i < 500; i++) db.exec({ sql: "INSERT INTO t VALUES (?, ?)", bind: [i, `v${i % 7}`] });
});
db.createFunction("twice", (_, x) => x * 2);
db.exec({ sql: "SELECT b, sum(twice(a)) AS s FROM t GROUP BY b ORDER BY s DESC", rowMode: "array",
  callback: (row) => console.log(row.join(" ")) });
console.log(db.selectValue("SELECT json_group_array(a) FROM (SELECT a FROM t WHERE a % 100 = 0)"));
try {
  db.exec("SELECT * FROM none");
} catch (error) {
  console.log(error.message);
}
db.close();
