// Text coding, randomness and Base64 of the shell.
const bytes = (...list) => new Uint8Array(list);

test("TextDecoder without an argument, and what wasm-bindgen's glue does when it is loaded", () => {
  same(new TextDecoder("utf-8", { ignoreBOM: true, fatal: true }).decode(), "");
  same(new TextDecoder().decode(undefined), "");
  same(new TextDecoder().decode(bytes().buffer), "");
  for (const wrong of [null, 1, "x", [65]]) throws(TypeError, () => new TextDecoder().decode(wrong), show(wrong));
});

test("a character that is cut waits for the rest of the stream", () => {
  const decoder = new TextDecoder();
  const euro = [0xe2, 0x82, 0xac];
  for (let cut = 1; cut < 3; cut++) {
    same(decoder.decode(bytes(...euro.slice(0, cut)), { stream: true }), "", `the first ${cut}`);
    same(decoder.decode(bytes(...euro.slice(cut)), { stream: true }), "€", `the rest after ${cut}`);
  }
  same(decoder.decode(bytes(0xe2, 0x82), { stream: true }), "");
  same(decoder.decode(), "\ufffd", "at the end of the stream");
  same(decoder.decode(bytes(0xac)), "\ufffd", "a new stream");
  same(decoder.decode(bytes(0xf0, 0x9f), { stream: true }) + decoder.decode(bytes(0x41)), "\ufffdA");
  same(new TextDecoder().decode(bytes(0xf0, 0x9f, 0x98, 0x80, 0xff, 0x41)), "\u{1f600}\ufffdA");
});

test("the byte order mark", () => {
  const mark = [0xef, 0xbb, 0xbf];
  const decoder = new TextDecoder();
  same(decoder.decode(bytes(...mark, 0x41)), "A");
  same(decoder.decode(bytes(...mark, ...mark)), "\ufeff");
  same(decoder.decode(bytes(0xef), { stream: true }) + decoder.decode(bytes(0xbb, 0xbf, 0x42)), "B", "in pieces");
  same(decoder.decode(bytes(0x41), { stream: true }) + decoder.decode(bytes(...mark)), "A\ufeff",
    "later in the stream");
  same(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes(...mark, 0x41)), "\ufeffA");
  same(new TextDecoder("utf-16le").decode(bytes(0xff, 0xfe, 0x41, 0)), "A");
  same(new TextDecoder("utf-16be").decode(bytes(0xfe, 0xff, 0, 0x41)), "A");
});

test("fatal", () => {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (const wrong of [[0xff], [0xc0, 0x80], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]]) {
    throws(TypeError, () => decoder.decode(bytes(...wrong)), show(wrong));
    same(decoder.decode(bytes(0x41)), "A", `after ${wrong}`);
  }
  same(decoder.decode(bytes(0xe2, 0x82), { stream: true }), "");
  throws(TypeError, () => decoder.decode(), "the end of the stream");
  same(decoder.decode(bytes(0xe2), { stream: true }), "");
  throws(TypeError, () => decoder.decode(bytes(0x41), { stream: true }), "something else");
  same(decoder.decode(bytes(0x41)), "A");
});

test("labels", () => {
  for (const label of ["utf-8", "utf8", "UTF-8", " unicode-1-1-utf-8\n", "unicode11utf8", "unicode20utf8",
    "x-unicode20utf8", undefined]) {
    same(new TextDecoder(label).encoding, "utf-8", show(label));
  }
  for (const [label, encoding] of [["utf-16", "utf-16le"], ["ucs-2", "utf-16le"], ["utf-16be", "utf-16be"],
    ["latin1", "windows-1252"],
    ["ascii", "windows-1252"], ["shift_jis", "shift_jis"], ["gbk", "gbk"]]) {
    same(new TextDecoder(label).encoding, encoding, label);
  }
  same(new TextDecoder("latin1").decode(bytes(0x80, 0xe4)), "€ä");
  same(new TextDecoder("utf-16le").decode(bytes(0x3d, 0xd8, 0, 0xde, 0, 0xd8)), "\u{1f600}\ufffd");
  for (const label of ["", "utf-7", "replacement", "iso-2022-kr", "utf-8\0", "\u00a0utf-8"]) {
    throws(RangeError, () => new TextDecoder(label), show(label));
  }
  const decoder = new TextDecoder("UTF8", { fatal: 1, ignoreBOM: "" });
  same(decoder.fatal, true);
  same(decoder.ignoreBOM, false);
});

test("what is decoded: all kinds of views and buffers", () => {
  const { buffer } = bytes(0x41, 0x42, 0x43, 0x44);
  same(new TextDecoder().decode(buffer), "ABCD");
  same(new TextDecoder().decode(new DataView(buffer, 1, 2)), "BC");
  same(new TextDecoder().decode(new Uint16Array(buffer, 2)), "CD");
  const memory = new WebAssembly.Memory({ initial: 1 });
  new Uint8Array(memory.buffer).set([0xc3, 0xa4], 65534);
  same(new TextDecoder().decode(new Uint8Array(memory.buffer, 65534)), "ä");
  const view = new Uint8Array(memory.buffer);
  memory.grow(1);
  same(new TextDecoder().decode(view), "", "a detached buffer");
  same(new TextDecoder().decode(bytes(0x41, 0x42), { get stream() { return false; } }), "AB");
  const other = new ArrayBuffer(4);
  same(new TextDecoder().decode(other, { get stream() { other.transfer(); return false; } }), "", "detached meanwhile");
  const resizable = new ArrayBuffer(4, { maxByteLength: 8 });
  const cut = new Uint8Array(resizable, 2, 2);
  resizable.resize(3);
  same(new TextDecoder().decode(cut), "", "a view out of bounds");
});

test("TextEncoder", () => {
  const encoder = new TextEncoder();
  same(encoder.encoding, "utf-8");
  list(encoder.encode(), []);
  list(encoder.encode(undefined), []);
  list(encoder.encode("aä€\u{1f600}"), [97, 195, 164, 226, 130, 172, 240, 159, 152, 128]);
  list(encoder.encode("a\ud800b"), [97, 239, 191, 189, 98], "a lone surrogate");
  list(encoder.encode("\udc00\ud800"), [239, 191, 189, 239, 191, 189], "surrogates in the wrong order");
  list(encoder.encode("a\0b"), [97, 0, 98]);
  list(encoder.encode(null), [110, 117, 108, 108]);
  list(encoder.encode({ toString: () => "x" }), [120]);
  same(encoder.encode("abc").buffer.transfer(2).byteLength, 2, "the buffer can be transferred");
});

test("encodeInto", () => {
  const encoder = new TextEncoder();
  const into = (text, length, offset = 0) => {
    const view = new Uint8Array(new ArrayBuffer(length + offset + 2), offset, length);
    const { read, written } = encoder.encodeInto(text, view);
    same(new Uint8Array(view.buffer)[offset + length], 0, "what is behind the view");
    return [read, written, ...view.slice(0, written)];
  };
  list(into("abc", 5), [3, 3, 97, 98, 99]);
  list(into("abc", 2, 3), [2, 2, 97, 98]);
  list(into("aä", 2), [1, 1, 97], "half a character");
  list(into("ä€", 4), [1, 2, 195, 164]);
  list(into("\u{1f600}x", 4), [2, 4, 240, 159, 152, 128]);
  list(into("\u{1f600}x", 3), [0, 0]);
  list(into("\ud800x", 4), [2, 4, 239, 191, 189, 120]);
  list(into("\ud800x", 2), [0, 0]);
  list(into("", 0), [0, 0]);
  const memory = new WebAssembly.Memory({ initial: 1 });
  const view = new Uint8Array(memory.buffer).subarray(65535);
  same(JSON.stringify(encoder.encodeInto("xy", view)), '{"read":1,"written":1}', "at the end of a memory");
  same(view[0], 120);
  throws(TypeError, () => encoder.encodeInto("x"));
  throws(TypeError, () => encoder.encodeInto("x", new ArrayBuffer(1)));
  throws(TypeError, () => encoder.encodeInto("x", new Int8Array(1)));
});

test("crypto.getRandomValues", () => {
  for (const Class of [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array,
    BigInt64Array,
    BigUint64Array]) {
    const array = new Class(64);
    same(crypto.getRandomValues(array), array, Class.name);
    if (array.every((x) => x == 0)) throw new Error(`${Class.name}: all are 0`);
  }
  const memory = new WebAssembly.Memory({ initial: 2 });
  crypto.getRandomValues(new Uint8Array(memory.buffer, 16, 32));
  const all = new Uint8Array(memory.buffer);
  if (all.subarray(16, 48).every((x) => x === 0)) throw new Error("nothing is in the memory");
  same(all.subarray(0, 16).every((x) => x === 0) && all.subarray(48).every((x) => x === 0), true,
    "what is around the view");
  same(crypto.getRandomValues(new Uint8Array(0)).length, 0);
  crypto.getRandomValues(new Uint8Array(65536));
  crypto.getRandomValues(new Uint32Array(16384));
  for (const [wrong, name] of [[new Uint8Array(65537), "QuotaExceededError"],
    [new BigInt64Array(8193), "QuotaExceededError"],
    [new Float32Array(1), "TypeMismatchError"], [new Float64Array(1), "TypeMismatchError"],
    [new DataView(new ArrayBuffer(1)),
      "TypeMismatchError"]]) {
    same(throws(DOMException, () => crypto.getRandomValues(wrong)).name, name);
  }
  for (const wrong of [[1], new ArrayBuffer(1), undefined]) throws(TypeError, () => crypto.getRandomValues(wrong));
  throws(TypeError, () => Crypto.prototype.getRandomValues.call({}, new Uint8Array(1)));
  throws(TypeError, () => new Crypto());
});

test("crypto.randomUUID", () => {
  const ids = new Set();
  for (let i = 0; i < 100; i++) {
    const id = crypto.randomUUID();
    if (!/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)) throw new Error(id);
    ids.add(id);
  }
  same(ids.size, 100);
});

test("atob and btoa", () => {
  for (const text of ["", "a", "ab", "abc", "\0\xff\x80", "hello, world"]) same(atob(btoa(text)), text);
  same(btoa("ab"), "YWI=");
  same(atob(" YW\tI\n"), "ab", "white space, and no padding");
  for (const wrong of ["YQ=", "YQ===", "A", "=", "YWJj=", "YW=J", "Y\u00a0Q="]) {
    same(throws(DOMException, () => atob(wrong), wrong).name, "InvalidCharacterError");
  }
  same(throws(DOMException, () => btoa("\u0100")).name, "InvalidCharacterError");
});

test("members are as Web IDL says", () => {
  for (const [Class, names] of [[TextDecoder, ["decode", "encoding", "fatal", "ignoreBOM"]],
    [TextEncoder, ["encode", "encodeInto",
    "encoding"]], [Crypto, ["getRandomValues", "randomUUID"]]]) {
    list(Object.keys(Class.prototype).sort(), names, Class.name);
    same(Object.prototype.toString.call(Class.prototype), `[object ${Class.name}]`);
  }
  list(Object.keys(new TextDecoder()), []);
  throws(TypeError, () => TextDecoder.prototype.decode.call({}));
  throws(TypeError, () => TextEncoder.prototype.encode.call({}));
  throws(TypeError, () => TextDecoder());
});
