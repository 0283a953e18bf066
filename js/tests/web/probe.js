// A walk through the namespace that uses nothing that could be replaced after loading: its result is the same text
// whatever scripts have replaced. `hostile.rs` calls `probe` after replacing things.
const probe = (() => {
  const { Module, Instance, Memory, Table, Global, Tag, Exception, CompileError, LinkError, RuntimeError } =
    WebAssembly;
  const { validate } = WebAssembly;
  const { TypeError, RangeError, Uint8Array } = globalThis;
  const text = globalThis.String;
  const { iterator } = Symbol;
  // (module (import "a" "f" (func (param i32) (result i32 i32))) (import "a" "g" (global externref)) (import "a" "m"
  //   (memory 1 5)) (func (export "two") (result i32 i32) (call 0 (i32.const 5))) (func (export "trap") unreachable)
  //   (func (export "grow") (result i32) (memory.grow (i32.const 1))) (memory is exported as "m") (table (export "t") 2
  //   funcref) (global (export "g") (mut i64) (i64.const 7)))
  const bytes = new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0, 1, 19, 4, 0x60, 1, 0x7f, 2, 0x7f, 0x7f, 0x60, 0, 2, 0x7f, 0x7f, 0x60, 0, 0, 0x60, 0,
    1, 0x7f,
    2, 22, 3, 1, 97, 1, 102, 0, 0, 1, 97, 1, 103, 3, 0x6f, 0, 1, 97, 1, 109, 2, 1, 1, 5, 3, 4, 3, 1, 2, 3, 4, 4, 1,
    0x70, 0, 2,
    6, 6, 1, 0x7e, 1, 0x42, 7, 11, 7, 33, 6, 3, 116, 119, 111, 0, 1, 4, 116, 114, 97, 112, 0, 2, 4, 103, 114, 111, 119,
    0, 3,
    1, 109, 2, 0, 1, 116, 1, 0, 1, 103, 3, 1, 10, 19, 3, 6, 0, 0x41, 5, 0x10, 0, 11, 3, 0, 0, 11, 6, 0, 0x41, 1, 0x40,
    0, 11,
  ]);
  const wrong = new Uint8Array([0, 97, 115, 109, 2, 0, 0, 0]);
  const plain = (value) => ({ __proto__: null, value, done: false });

  return () => {
    let log = "";
    const note = (value) => { log += (typeof value === "symbol" ? "symbol" : typeof value === "object"
      && value !== null ? "object" : text(value)) + ";"; };
    const attempt = (body) => {
      try {
        note(body());
      } catch (error) {
        note(error instanceof LinkError ? "link" : error instanceof CompileError ? "compile"
          : error instanceof RuntimeError ? "runtime"
          : error instanceof TypeError ? "type" : error instanceof RangeError ? "range" : "other");
      }
    };
    const memory = new Memory({ __proto__: null, initial: 1, maximum: 5 });
    // An iterable of our own, as results.
    const pair = (n) => ({ __proto__: null, [iterator]: () => {
      let i = 0;
      return { __proto__: null, next: () => (i < 2 ? plain(n + i++)
        : { __proto__: null, done: true, value: undefined }) };
    } });
    const imports = { __proto__: null, a: { __proto__: null, f: pair, g: "extern", m: memory } };
    attempt(() => validate(bytes));
    attempt(() => validate(wrong));
    attempt(() => new Module(wrong));
    const module = new Module(bytes);
    const exports = Module.exports(module);
    note(exports.length);
    for (let i = 0; i < exports.length; i++) { note(exports[i].name); note(exports[i].kind); }
    const wanted = Module.imports(module);
    note(wanted.length);
    for (let i = 0; i < wanted.length; i++) { note(wanted[i].module); note(wanted[i].name); note(wanted[i].kind); }
    attempt(() => Module.customSections(module, "x").length);
    attempt(() => new Instance(module));
    attempt(() => new Instance(module, 5));
    attempt(() => new Instance(module, { __proto__: null, a: 5 }));
    attempt(() => new Instance(module, { __proto__: null, a: { __proto__: null, f: 5 } }));
    attempt(() => new Instance(module, { __proto__: null, a: { __proto__: null, f: pair, g: 1, m: 5 } }));
    attempt(() => new Instance(module, { __proto__: null,
      a: { __proto__: null, f: pair, g: 1, m: new Memory({ __proto__: null, initial: 0 }) } }));
    const instance = new Instance(module, imports).exports;
    attempt(() => { const two = instance.two(); note(two.length); note(two[0]); return two[1]; });
    attempt(() => instance.trap());
    attempt(() => instance.m === memory);
    const fixed = memory.buffer;
    attempt(() => instance.grow());
    attempt(() => fixed === memory.buffer);
    attempt(() => memory.toResizableBuffer() === memory.buffer);
    attempt(() => memory.grow(1));
    attempt(() => memory.grow(9));
    attempt(() => instance.t.length);
    attempt(() => instance.t.set(0, instance.two));
    attempt(() => instance.t.get(0) === instance.two);
    attempt(() => instance.t.set(0, undefined));
    attempt(() => instance.t.get(7));
    attempt(() => instance.t.grow(2, instance.trap));
    attempt(() => { instance.g.value = -3n; return instance.g.value; });
    attempt(() => { instance.g.value = 3; });
    attempt(() => new Global({ __proto__: null, value: "f32", mutable: true }, 1.5).value);
    attempt(() => new Table({ __proto__: null, element: "externref", initial: 3 }, "x").get(2));
    attempt(() => new Tag({ __proto__: null, parameters: 5 }));
    const types = { __proto__: null, [iterator]: () => {
      let i = 0;
      return { __proto__: null, next: () => (i++ === 0 ? plain("i32")
        : { __proto__: null, done: true, value: undefined }) };
    } };
    const tag = new Tag({ __proto__: null, parameters: types });
    attempt(() => new Exception(tag, { __proto__: null, [iterator]: pair(8)[iterator] }));
    attempt(() => new Exception(tag, types).getArg(tag, 0));
    attempt(() => new Exception(tag, types).is(tag));
    const strings = { __proto__: null, importedStringConstants: "a" };
    attempt(() => new Module(bytes, strings));
    return log;
  };
})();
