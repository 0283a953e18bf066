// Promise integration (JS API, section "JavaScript Promise Integration"): functions that are exported by an instance
// and return promises, and functions that it imports and whose promises it waits for. `realm` is `realm.rs`'s object,
// `idl` what `idl.js` returns.
//
// What scripts can replace is not used; see `idl.js`.
(function (realm, global, idl) {
  "use strict";

  const { TypeError, Object, Promise } = global;
  const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf, hasOwn } = Object;
  const PromisePrototype = Promise.prototype;
  const { isObject, need } = idl;

  let wrappedOf;

  class Suspending {
    #wrapped;

    constructor(jsFun) {
      const what = "WebAssembly.Suspending()";
      need(1, arguments.length, what);
      if (typeof jsFun !== "function") throw new TypeError(what + ": the first argument must be a function");
      this.#wrapped = jsFun;
    }

    static {
      wrappedOf = (value) => (isObject(value) && #wrapped in value ? value.#wrapped : undefined);
    }
  }

  /** Whether `promise.constructor` is `Promise`, and reading it runs no code. */
  function isPlain(promise) {
    if (getPrototypeOf(promise) !== PromisePrototype || hasOwn(promise, "constructor")) return false;
    const descriptor = getOwnPropertyDescriptor(PromisePrototype, "constructor");
    return descriptor !== undefined && hasOwn(descriptor, "value") && descriptor.value === Promise;
  }

  /**
   * `await value`. Where reading a promise's constructor throws, QuickJS does not throw that at the `await`, but ends the
   * async function: so it is one of its own, which takes a turn more.
   */
  const settled = (value) => defineProperty((async () => await value)(), "constructor",
    { __proto__: null, value: Promise });

  /** "Evaluate a Promising function": `await` is that of the specification, before which the call is suspended. */
  async function evaluate(func, args) {
    let turn = realm.begin(func, args);
    while (turn.isSuspended()) {
      let value;
      let rejected = false;
      try {
        value = turn.value();
        value = await (!turn.isPromise() || isPlain(value) ? value : settled(value));
      } catch (reason) {
        value = reason;
        rejected = true;
      }
      turn = realm.proceed(turn, value, rejected);
    }
    return turn.value();
  }

  function promising(func) {
    if (!realm.isExported(func)) {
      throw new TypeError("WebAssembly.promising(): the first argument must be an exported WebAssembly function");
    }
    const builtin = (...args) => evaluate(func, args);
    defineProperty(builtin, "length", { __proto__: null, value: 1 });
    defineProperty(builtin, "name", { __proto__: null, value: "" });
    return builtin;
  }

  return { __proto__: null, Suspending, wrappedOf, promising };
});
