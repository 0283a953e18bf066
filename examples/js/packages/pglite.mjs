// PGlite: PostgreSQL, in C, as one process.
// npm: @electric-sql/pglite@0.5.17
import { bytes, compile } from "./host.mjs";

const { PGlite } = await import("@electric-sql/pglite");
const at = (name) => `./node_modules/@electric-sql/pglite/dist/${name}`;
const db = await PGlite.create({
  pgliteWasmModule: await compile(at("pglite.wasm")),
  initdbWasmModule: await compile(at("initdb.wasm")),
  fsBundle: new Blob([await bytes(at("pglite.data"))]),
});
console.log((await db.query("SELECT version()")).rows[0].version.split(" ").slice(0, 2).join(" "));
await db.exec("CREATE TABLE t (id serial PRIMARY KEY, name text, data jsonb)");
for (const name of ["a", "b", "c"]) await db.query("INSERT INTO t (name, data) VALUES ($1, $2)", [name, { name, list: [1, name] }]);
console.log(JSON.stringify((await db.query("SELECT id, data->'list'->>1 AS x FROM t WHERE name > $1 ORDER BY id DESC", ["a"])).rows));
console.log(JSON.stringify((await db.query("SELECT sum(i), string_agg(i::text, ',' ORDER BY i) FROM generate_series(1, 10) i")).rows));
console.log(await db.query("SELECT nothing").catch((error) => error.message));
await db.close();
