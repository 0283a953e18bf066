// Graphviz: layout of graphs, in C, packed into the script.
// npm: @hpcc-js/wasm-graphviz@1.29.2
import { Graphviz } from "@hpcc-js/wasm-graphviz";

const graphviz = await Graphviz.load();
console.log(graphviz.version());
const graph = "digraph { rankdir=LR; a -> b -> c; a -> c [label=long]; subgraph cluster { c -> d [style=dashed] } }";
console.log(graphviz.dot(graph, "plain"));
console.log(graphviz.layout(graph, "svg", "neato").split("\n").length);
try {
  graphviz.dot("digraph { a -> ");
} catch (error) {
  console.log(String(error.message).split("\n")[0]);
}
