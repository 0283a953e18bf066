// The builtin set "js-string" (JS API, section "Builtin JS Strings"): for each name its implementation and its type, as
// `module.rs` reads types. Those that take arrays are the engine's own, and have a name instead.
//
// Strings are taken as they are, lone surrogates included. Numbers are unsigned; they come signed.
(function (global, RuntimeError) {
  "use strict";

  const { String } = global;
  const { apply } = global.Reflect;
  const { fromCharCode, fromCodePoint } = String;
  const uncurry = (func) => (self, ...args) => apply(func, self, args);
  const charCodeAt = uncurry(String.prototype.charCodeAt);
  const codePointAt = uncurry(String.prototype.codePointAt);
  const substring = uncurry(String.prototype.substring);

  /** The value, which must be a string. */
  function needString(value, name) {
    if (typeof value !== "string") throw new RuntimeError("wasm:js-string " + name + ": not a string");
    return value;
  }

  /** The index of a code unit, which must exist. */
  function needIndex(index, string, name) {
    const at = index >>> 0;
    if (at >= string.length) {
      throw new RuntimeError("wasm:js-string " + name + ": index " + at + " in a string of length " + string.length);
    }
    return at;
  }

  const builtin = (type, func) => ({ __proto__: null, type, func });

  return {
    __proto__: null,
    cast: builtin("externref -> (ref extern)", (value) => needString(value, "cast")),
    test: builtin("externref -> i32", (value) => (typeof value === "string" ? 1 : 0)),
    fromCharCodeArray: builtin("(ref null (array (mut i16))) i32 i32 -> (ref extern)", "fromCharCodeArray"),
    intoCharCodeArray: builtin("externref (ref null (array (mut i16))) i32 -> i32", "intoCharCodeArray"),
    fromCharCode: builtin("i32 -> (ref extern)", (code) => fromCharCode(code)),
    fromCodePoint: builtin("i32 -> (ref extern)", (code) => {
      const point = code >>> 0;
      if (point > 0x10ffff) throw new RuntimeError("wasm:js-string fromCodePoint: " + point + " is not a code point");
      return fromCodePoint(point);
    }),
    charCodeAt: builtin("externref i32 -> i32", (value, index) => {
      const string = needString(value, "charCodeAt");
      return charCodeAt(string, needIndex(index, string, "charCodeAt"));
    }),
    codePointAt: builtin("externref i32 -> i32", (value, index) => {
      const string = needString(value, "codePointAt");
      return codePointAt(string, needIndex(index, string, "codePointAt"));
    }),
    length: builtin("externref -> i32", (value) => needString(value, "length").length),
    concat: builtin("externref externref -> (ref extern)", (a, b) => needString(a, "concat") + needString(b, "concat")),
    substring: builtin("externref i32 i32 -> (ref extern)", (value, from, to) => {
      const string = needString(value, "substring");
      const start = from >>> 0;
      const end = to >>> 0;
      return start > end || start > string.length ? "" : substring(string, start, end);
    }),
    equals: builtin("externref externref -> i32", (a, b) => {
      if (a !== null) needString(a, "equals");
      if (b !== null) needString(b, "equals");
      return a === b ? 1 : 0;
    }),
    compare: builtin("externref externref -> i32", (a, b) => {
      needString(a, "compare");
      needString(b, "compare");
      return a < b ? -1 : a > b ? 1 : 0;
    }),
  };
});
