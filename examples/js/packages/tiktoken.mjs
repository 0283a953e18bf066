// tiktoken: the tokenizer of language models, in Rust.
// npm: tiktoken@1.0.22
import { bytes } from "./host.mjs";
import encoding from "./node_modules/tiktoken/encoders/cl100k_base.js";
import glue from "./node_modules/tiktoken/lite/init.cjs";

const module = await bytes("./node_modules/tiktoken/lite/tiktoken_bg.wasm");
await glue.init((imports) => WebAssembly.instantiate(module, imports));
const { bpe_ranks, special_tokens, pat_str } = encoding.default ?? encoding;
const tokenizer = new glue.Tiktoken(bpe_ranks, special_tokens, pat_str);
const tokens = tokenizer.encode("Bytes become machine code while they arrive; größer, 快い.");
console.log(tokens.join(" "));
console.log(new TextDecoder().decode(tokenizer.decode(tokens)));
tokenizer.free();
