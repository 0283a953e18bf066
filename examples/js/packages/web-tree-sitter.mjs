// Tree-sitter: an incremental parser, in C. Grammars are WebAssembly modules of their own, which Emscripten's dynamic
// linker puts into the same memory and table.
// npm: web-tree-sitter@0.27.2 tree-sitter-javascript@0.25.0 tree-sitter-c@0.24.1
import { bytes } from "./host.mjs";
import { Language, Parser, Query } from "web-tree-sitter";

await Parser.init();
const javascript = await Language.load(await bytes("./node_modules/tree-sitter-javascript/tree-sitter-javascript.wasm"));
const c = await Language.load(await bytes("./node_modules/tree-sitter-c/tree-sitter-c.wasm"));
const parser = new Parser();
parser.setLanguage(javascript);
const tree = parser.parse("const f = async ({ a }, ...b) => `${a?.[0]}` + /x/g.test(b);");
console.log(tree.rootNode.toString());
const query = new Query(javascript, "(identifier) @name");
console.log(query.captures(tree.rootNode).map(({ node }) => `${node.text}@${node.startPosition.column}`).join(" "));
parser.setLanguage(c);
console.log(parser.parse("int main(void) { return sizeof(struct s *) << 2; }").rootNode.toString());
console.log(parser.parse("int main( { }").rootNode.hasError);
