// ONNX Runtime: neural networks, C++ of 16 MB, built for promise integration (JSPI). Where it asks for a graphics
// processor it waits for a promise, in the middle of its C++ code.
// npm: onnxruntime-web@1.30.0
// node: 25, the first with promise integration
import "./host.mjs";

Object.defineProperty(globalThis, "navigator", { value: { gpu: { requestAdapter: async () => {
  console.log("looking for a graphics processor");
  await new Promise((resolve) => setTimeout(resolve, 10));
  return null; // There is none, so the program does without.
} } } });
const { default: Module } = await import("./node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.jspi.mjs");

// A model in ONNX's format (protocol buffers): y = x + x, for three numbers.
const bytes = (text) => [...new TextEncoder().encode(text)];
const field = (number, content) => [(number << 3) | 2, content.length, ...content];
const integer = (number, value) => [number << 3, value];
const tensor = (name) => {
  const shape = field(1, integer(1, 3));
  return [...field(1, bytes(name)), ...field(2, field(1, [...integer(1, 1), ...field(2, shape)]))];
};
const node = [...field(1, bytes("x")), ...field(1, bytes("x")), ...field(2, bytes("y")), ...field(4, bytes("Add"))];
const graph = [...field(1, node), ...field(2, bytes("g")), ...field(11, tensor("x")), ...field(12, tensor("y"))];
const model = [...integer(1, 8), ...field(7, graph), ...field(8, integer(2, 13))];

const ort = await Module({ numThreads: 1 });
const FLOAT = 1, IN_MEMORY = 1;
const copy = (content) => {
  const at = ort._malloc(content.length);
  ort.HEAPU8.set(content, at);
  return at;
};
const text = (content) => copy([...bytes(content), 0]);
const words = (...values) => copy(new Uint8Array(new Uint32Array(values).buffer));
const check = (code) => { if (code !== 0) throw new Error(`ONNX Runtime's error ${code}`); };

check(ort._OrtInit(1, 3));
const options = ort._OrtCreateSessionOptions(99, true, true, 0, false, 0, text("example"), 3, 0, 0);
const appended = ort._OrtAppendExecutionProvider(options, text("WebGPU"), 0, 0, 0);
console.log("the call is suspended, and this goes on");
await appended;
const session = await ort._OrtCreateSession(copy(model), model.length, options);
const x = copy(new Uint8Array(new Float32Array([0.5, 1.5, 2.5]).buffer));
const input = ort._OrtCreateTensor(FLOAT, x, 12, words(3), 1, IN_MEMORY);
const outputs = words(0);
check(await ort._OrtRun(session, words(text("x")), words(input), 1, words(text("y")), 1, outputs, 0));
const parts = words(0, 0, 0, 0);
check(ort._OrtGetTensorData(ort.getValue(outputs, "i32"), parts, parts + 4, parts + 8, parts + 12));
const y = ort.getValue(parts + 4, "i32");
console.log(`y = ${[0, 1, 2].map((i) => ort.getValue(y + 4 * i, "float")).join(", ")}`);
