// sql.js: SQLite, in C, with Emscripten's glue as a CommonJS module.
// npm: sql.js@1.17.0
import { bytes, checksum } from "./host.mjs";
import initSqlJs from "sql.js";

const SQL = await initSqlJs({ wasmBinary: await bytes("sql.js/dist/sql-wasm.wasm") });
const db = new SQL.Database();
db.run("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, size REAL)");
const insert = db.prepare("INSERT INTO t (name, size) VALUES (?, ?)");
for (let i = 0; i < 1000; i++) insert.run([`row ${i % 17}`, Math.sqrt(i)]);
insert.free();
db.create_function("half", (x) => x / 2);
const [{ columns, values }] = db.exec(`
  SELECT name, count(*) AS n, round(sum(half(size)), 3) AS total FROM t GROUP BY name ORDER BY total DESC LIMIT 4`);
console.log(columns.join(), JSON.stringify(values));
console.log(db.exec("WITH RECURSIVE f(a, b) AS (VALUES (1, 1) UNION ALL SELECT b, a + b FROM f LIMIT 50) "
  + "SELECT max(a) FROM f")[0].values[0][0]);
try {
  db.exec("SELECT nothing FROM nowhere");
} catch (error) {
  console.log(error.message);
}
const file = db.export();
console.log(file.length, checksum(file.subarray(100)));
