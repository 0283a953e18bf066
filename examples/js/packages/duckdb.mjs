// DuckDB: an analytical database, in C++: 34 MB of WebAssembly, with C++ exceptions.
// npm: @duckdb/duckdb-wasm@1.32.0 apache-arrow@17.0.0 flatbuffers@24.3.25 tslib@2.8.1
import { folder } from "./host.mjs";

// Its glue is another one for each host.
const inNode = typeof process === "object";
const duckdb = inNode ? (await import("@duckdb/duckdb-wasm/blocking")).default
  : await import("./node_modules/@duckdb/duckdb-wasm/dist/duckdb-browser-blocking.mjs");
const mainModule = `${folder("@duckdb/duckdb-wasm/dist/duckdb-eh.wasm")}duckdb-eh.wasm`;
const bundle = { mainModule, mainWorker: "" };
const db = await duckdb.createDuckDB({ mvp: bundle, eh: bundle }, new duckdb.VoidLogger(),
  inNode ? duckdb.NODE_RUNTIME : duckdb.BROWSER_RUNTIME);
await db.instantiate(() => {});
const connection = db.connect();
const rows = (sql) => console.log(JSON.stringify(connection.query(sql).toArray().map((row) => Object.values(row.toJSON()).map(String))));
rows("SELECT i % 3 AS g, sum(i)::BIGINT AS s, median(i) AS m FROM range(10000) t(i) GROUP BY g ORDER BY g");
rows("SELECT list_transform([1, 2, 3], x -> x * x) AS l, regexp_extract('abc-123', '[0-9]+') AS r, DATE '2024-02-29' + 1 AS d");
try {
  connection.query("SELECT nothing");
} catch (error) {
  console.log(error.message.split("\n")[0]);
}
connection.close();
