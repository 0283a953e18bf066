// Tags and exceptions between WebAssembly and JavaScript: section 11 of the checklist, and numbers 41, 43, 48, 49, 76,
// 79 and 83 as far as they are about exceptions.
const { Module, Instance, Table, Global, Tag, Exception, CompileError, LinkError, RuntimeError, JSTag } = WebAssembly;

const caught = (body) => {
  try {
    body();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
};

const CATCH = 0, CATCH_REF = 1, CATCH_ALL = 2, CATCH_ALL_REF = 3;
const block = (type, ...body) => [0x02, type, ...body.flat(), 0x0b];
const tryTable = (clauses, ...body) => [0x1f, 0x40, ...vec(clauses), ...body.flat(), 0x0b];

/**
 * Imports tag 0 `m.tag` of type 0, JSTag as tag 1 of type 1, function 0 `m.f`. Exports functions that call it:
 * `through`, `tag` (returns the arguments of tag 0), `js` (returns JavaScript's value), `all` (returns 1),
 * `rethrow` (by reference), `legacy` (1), `rethrowLegacy`, and `throw` of tag 0 with its arguments.
 */
function catches(params) {
  const locals = params.map((_, i) => [0x20, i]);
  return wasm({
    types: [func(params, []), func([EXTERNREF], []), func([], []), func([], params), func([], [EXTERNREF]),
      func([], [I32]), func([], [EXNREF])],
    imports: [importOf("m", "tag", 4, 0, 0), importOf("m", "js", 4, 0, 1), importOf("m", "f", 0, 2)],
    functions: [[2], [3], [4], [5], [2], [5], [2], [0]],
    exports: ["through", "tag", "js", "all", "rethrow", "legacy", "rethrowLegacy", "throw"]
      .map((name, i) => exportOf(name, 0, i + 1)),
    codes: [
      code(0x10, 0),
      code(block(3, tryTable([[CATCH, 0, 0]], [0x10, 0]), [0x00])),
      code(block(EXTERNREF, tryTable([[CATCH, 1, 0]], [0x10, 0]), [0x00])),
      code(block(0x40, tryTable([[CATCH_ALL, 0]], [0x10, 0]), [0x00]), [0x41, 1]),
      code(block(EXNREF, tryTable([[CATCH_ALL_REF, 0]], [0x10, 0]), [0x00]), [0x0a]),
      code([0x06, I32, 0x10, 0, 0x00, 0x19, 0x41, 1, 0x0b]),
      code([0x06, 0x40, 0x10, 0, 0x19, 0x09, 0, 0x0b]),
      code(...locals, [0x08, 0]),
    ],
  });
}

test("39: Module.imports and Module.exports name tags", () => {
  const module = compile(wasm({
    types: [func([I32], [])],
    imports: [importOf("m", "t", 4, 0, 0)],
    tags: [[0, 0]],
    exports: [exportOf("a", 4, 0), exportOf("b", 4, 1)],
  }));
  const [imported] = Module.imports(module);
  same(`${imported.module} ${imported.name} ${imported.kind}`, "m t tag");
  list(Module.exports(module).map((e) => `${e.name} ${e.kind}`), ["a tag", "b tag"]);
});

test("69: tags are imported and exported with their identity", () => {
  const bytes = wasm({
    types: [func([I32], [])],
    imports: [importOf("m", "t", 4, 0, 0)],
    tags: [[0, 0]],
    exports: [exportOf("a", 4, 0), exportOf("b", 4, 1), exportOf("c", 4, 1)],
  });
  const t = new Tag({ parameters: ["i32"] });
  const first = instance(bytes, { m: { t } });
  const second = instance(bytes, { m: { t } });
  same(first.a, t);
  same(first.b instanceof Tag, true);
  same(first.b, first.c);
  same(first.b === second.b || first.b === t, false);
  same(instance(bytes, { m: { t: first.b } }).a, first.b);
  for (const wrong of [undefined, null, {}, 7, () => {}, new Tag({ parameters: [] }), new Tag({ parameters: ["i64"] }),
    new Tag({ parameters: ["i32", "i32"] }), new Global({ value: "i32" }), Object.create(t), JSTag]) {
    throws(LinkError, () => instance(bytes, { m: { t: wrong } }), `import of ${typeof wrong}`);
  }
  const js = wasm({ types: [func([EXTERNREF], [])], imports: [importOf("m", "t", 4, 0, 0)],
    exports: [exportOf("t", 4, 0)] });
  same(instance(js, { m: { t: JSTag } }).t, JSTag);
});

test("79: what JavaScript throws is caught by catch_all, and by JSTag with identity", () => {
  const tag = new Tag({ parameters: [] });
  const object = {};
  for (const reason of [object, undefined, null, "text", 5, -0, NaN, 5n, Symbol("s"), new Error("x"), tag, () => {}]) {
    let value = reason;
    const exports = instance(catches([]), { m: { tag, js: JSTag, f() { throw value; } } });
    same(caught(exports.through), reason);
    same(exports.js(), reason);
    same(exports.all(), 1);
    same(exports.legacy(), 1);
    // A tag of another identity does not catch it.
    same(caught(exports.tag), reason);
    same(caught(exports.rethrow), reason);
    same(caught(exports.rethrowLegacy), reason);
    value = 3;
    same(exports.js(), 3);
  }
});

test("79, 101: exceptions keep their identity on their way", () => {
  const tag = new Tag({ parameters: ["i32", "externref", "f64", "i64"] });
  const object = {};
  const exception = new Exception(tag, [7, object, -0, 8n], { traceStack: true });
  exception.note = "kept";
  const { stack } = exception;
  same(typeof stack, "string");
  const exports = instance(catches([I32, EXTERNREF, F64, I64]), { m: { tag, js: JSTag, f() { throw exception; } } });
  for (let i = 0; i < 3; i++) {
    for (const name of ["through", "js", "rethrow", "rethrowLegacy"]) same(caught(exports[name]), exception, name);
    list(exports.tag(), [7, object, -0, 8n]);
    same(exports.all() + exports.legacy(), 2);
  }
  same(exception.stack, stack);
  same(exception.note, "kept");

  // What WebAssembly throws is one object, too.
  const thrown = caught(() => exports.throw(1, object, 2.5, -1n));
  same(Object.getPrototypeOf(thrown), Exception.prototype);
  same(thrown.is(tag), true);
  list([0, 1, 2, 3].map((i) => thrown.getArg(tag, i)), [1, object, 2.5, -1n]);
  same(thrown.stack, undefined);
  const outer = instance(catches([I32, EXTERNREF, F64, I64]), { m: { tag, js: JSTag, f() { throw thrown; } } });
  for (const name of ["through", "js", "rethrow", "rethrowLegacy"]) same(caught(outer[name]), thrown, name);
  list(outer.tag(), [1, object, 2.5, -1n]);
  // In between JavaScript only lets it pass.
  const inner = instance(catches([I32, EXTERNREF, F64, I64]), { m: { tag, js: JSTag,
    f() { exports.throw(4, null, 0, 0n); } } });
  const around = instance(catches([I32, EXTERNREF, F64, I64]), { m: { tag, js: JSTag, f() { inner.rethrow(); } } });
  list(around.tag(), [4, null, 0, 0n]);
  same(caught(around.through).getArg(tag, 0), 4);
});

test("101: an object is there again when nobody in JavaScript has kept it", () => {
  const tag = new Tag({ parameters: [] });
  let n = 0;
  const exports = instance(catches([]), { m: { tag, js: JSTag, f() {
    const exception = new Exception(tag, [], { traceStack: true });
    exception.number = n++;
    throw exception;
  } } });
  for (let i = 0; i < 2000; i++) {
    const exception = caught(exports.rethrow);
    same(exception.number, i);
    same(typeof exception.stack, "string");
  }
});

test("101: a reference that WebAssembly code keeps comes out as the same object", () => {
  const tag = new Tag({ parameters: [] });
  // `keep` puts what `f` throws in a global, `again` throws it.
  const exports = instance(wasm({
    types: [func([], []), func([], [EXNREF])],
    imports: [importOf("m", "tag", 4, 0, 0), importOf("m", "f", 0, 0)],
    functions: [[0], [0], [0]],
    globals: [[EXNREF, 1, 0xd0, EXNREF, 0x0b]],
    exports: [exportOf("keep", 0, 1), exportOf("again", 0, 2), exportOf("many", 0, 3), exportOf("g", 3, 0)],
    codes: [
      code(block(EXNREF, tryTable([[CATCH_ALL_REF, 0]], [0x10, 0]), [0x00]), [0x24, 0]),
      code([0x23, 0], [0x0a]),
      code(block(EXNREF, tryTable([[CATCH_ALL_REF, 0]], [0x08, 0]), [0x00]), [0x1a]),
    ],
  }), { m: { tag, f() { throw Object.assign(new Exception(tag, []), { mark: 5 }); } } });
  exports.keep();
  const first = caught(exports.again);
  for (let i = 0; i < 5000; i++) exports.many();
  same(caught(exports.again), first);
  same(first.mark, 5);
  same(first.is(tag), true);
  // Numbers 76 and 83: JavaScript gets no reference to an exception.
  throws(TypeError, () => exports.g.value);
  throws(TypeError, () => { exports.g.value = first; });
  throws(TypeError, () => { exports.g.value = null; });
});

test("76, 83: exnref in signatures, globals and tables", () => {
  const bytes = wasm({
    types: [func([EXNREF], []), func([], [EXNREF]), func([], [])],
    imports: [importOf("m", "f", 0, 1)],
    functions: [[0], [1], [2]],
    tables: [[EXNREF, 0, 2]],
    exports: [exportOf("takes", 0, 1), exportOf("gives", 0, 2), exportOf("calls", 0, 3), exportOf("table", 1, 0)],
    codes: [code(), code([0xd0, EXNREF]), code([0x10, 0], [0x1a])],
  });
  let called = 0;
  const exports = instance(bytes, { m: { f() { called++; } } });
  for (const value of [undefined, null, {}, new Exception(new Tag({ parameters: [] }), [])]) {
    throws(TypeError, () => exports.takes(value));
  }
  throws(TypeError, exports.takes);
  throws(TypeError, exports.gives);
  throws(TypeError, exports.calls);
  same(called, 0);
  throws(TypeError, () => exports.table.get(0));
  throws(TypeError, () => exports.table.set(0, null));
  throws(TypeError, () => new Global({ value: "exnref" }, null));
  throws(TypeError, () => new Table({ element: "exnref", initial: 1 }));
  throws(TypeError, () => new Tag({ parameters: ["exnref"] }));
  // Its payload may have what JavaScript cannot see.
  const hidden = instance(wasm({
    types: [func([0x7b, EXNREF, I32], []), func([], []), func([], [I32])],
    imports: [importOf("m", "f", 0, 1)],
    tags: [[0, 0]],
    functions: [[1], [2]],
    exports: [exportOf("throw", 0, 1), exportOf("catch", 0, 2), exportOf("tag", 4, 0)],
    codes: [
      code([0xfd, 0x0c, ...Array(16).fill(3)], block(EXNREF, [0x1f, EXNREF, 1, CATCH_ALL_REF, 0,
        0xfd, 0x0c, ...Array(16).fill(4), 0xd0, EXNREF, 0x41, 1, 0x08, 0, 0x0b]), [0x41, 9, 0x08, 0]),
      code([0x41, 0]),
    ],
  }), { m: { f() {} } });
  const exception = caught(hidden.throw);
  throws(TypeError, () => exception.getArg(hidden.tag, 0));
  throws(TypeError, () => exception.getArg(hidden.tag, 1));
  same(exception.getArg(hidden.tag, 2), 9);
  throws(RangeError, () => exception.getArg(hidden.tag, 3));
  throws(TypeError, () => new Exception(hidden.tag, [0, null, 1]));
});

test("71: start functions throw as others do", () => {
  const tag = new Tag({ parameters: ["i32"] });
  const bytes = wasm({
    types: [func([I32], []), func([], [])],
    imports: [importOf("m", "tag", 4, 0, 0)],
    functions: [[1]],
    start: 0,
    codes: [code([0x41, 12, 0x08, 0])],
  });
  const module = compile(bytes);
  const exception = caught(() => new Instance(module, { m: { tag } }));
  same(exception.is(tag), true);
  same(exception.getArg(tag, 0), 12);
});

test("79: traps are not caught, but errors that JavaScript throws are", () => {
  const tag = new Tag({ parameters: [] });
  const trap = instance(wasm({ types: [func([], [])], functions: [[0]], exports: [exportOf("run", 0, 0)],
    codes: [code([0x00])] })).run;
  // Directly it is no exception.
  const direct = instance(catches([]), { m: { tag, js: JSTag, f: trap } });
  for (const name of ["all", "legacy", "js", "rethrow"]) throws(RuntimeError, direct[name], name);
  // JavaScript's functions throw a RuntimeError on, which is a value as any.
  const indirect = instance(catches([]), { m: { tag, js: JSTag, f() { trap(); } } });
  same(indirect.js().constructor, RuntimeError);
  same(indirect.all(), 1);
});

test("41, 43, 48, 49: builtins throw RuntimeErrors of WebAssembly, and JavaScript's pass", () => {
  const bytes = wasm({
    types: [func([EXTERNREF], [I32]), func([], [I32]), func([], []), func([EXTERNREF], [])],
    imports: [importOf("wasm:js-string", "length", 0, 0), importOf("m", "js", 4, 0, 3)],
    functions: [[1]],
    exports: [exportOf("length", 0, 0), exportOf("caught", 0, 1)],
    codes: [code([0x06, I32], [0xd0, EXTERNREF, 0x10, 0], [0x19, 0x41, 0x7f, 0x0b])],
  });
  const exports = new Instance(new Module(bytes, { builtins: ["js-string"] }), { m: { js: JSTag } }).exports;
  same(exports.length("four"), 4);
  // As if a trap was executed: nothing catches it.
  throws(RuntimeError, exports.caught);
  throws(RuntimeError, () => exports.length(null));
});

test("99: what is passed is converted, once and in order", () => {
  const order = [];
  const value = (n) => ({ valueOf: () => (order.push(n), n) });
  const tag = new Tag({ parameters: ["i32", "f32", "f64"] });
  const exception = new Exception(tag, [value(1), value(2.5), value(3)]);
  list(order, [1, 2.5, 3]);
  for (let i = 0; i < 2; i++) list([0, 1, 2].map((i) => exception.getArg(tag, i)), [1, 2.5, 3]);
  list(order, [1, 2.5, 3]);
  const reason = {};
  throws(reason, () => new Exception(tag, [1, { valueOf() { throw reason; } }, value(9)]));
  list(order, [1, 2.5, 3]);
  same(new Exception(new Tag({ parameters: ["externref"] }), [undefined]).getArg !== undefined, true);
  same(caught(() => { throw new (class Mine extends Exception {})(tag, [0, 0, 0]); }) instanceof Exception, true);
});

test("a loop of exceptions in both directions needs no memory", () => {
  const tag = new Tag({ parameters: ["i32"] });
  let exception = new Exception(tag, [1]);
  const exports = instance(catches([I32]), { m: { tag, js: JSTag, f() { throw exception; } } });
  for (let i = 0; i < 20000; i++) {
    if (i % 2 === 0) exception = new Exception(tag, [i]);
    else exception = caught(() => exports.throw(i));
    same(exports.tag(), i);
    same(caught(exports.rethrow), exception);
  }
});
