// es-module-lexer: finds the imports and exports of a script, in C, 4 KB in Base64.
// npm: es-module-lexer@3.0.5
import { init, parse } from "es-module-lexer";

await init;
const source = "import a, { b as c } from 'x'; export const d = import('y' + 1), e = /import 'z'/; export * from 'w' with { type: 'json' }";
const [imports, exports, facade, hasModuleSyntax] = parse(source);
console.log(imports.map(({ n, s, e, d }) => `${n} ${s}-${e} ${d}`).join("; "));
console.log(exports.map(({ n, s, e }) => `${n} ${s}-${e}`).join("; "), facade, hasModuleSyntax);
try {
  parse("import {");
} catch (error) {
  console.log(error.message);
}
