// The rest of the globals: `self`, `location`, timers that report what their callbacks throw, `performance`, `print`.
(function (own, report, now, href) {
  "use strict";

  const { apply, defineProperty, hidden, shown, Symbol, toText, TypeError, Number } = own;
  const { global } = own.parts;

  defineProperty(global, "self", shown(global));

  const url = new global.URL(href);
  const location = {};
  for (const name of ["href", "origin", "protocol", "host", "hostname", "port", "pathname", "search", "hash"]) {
    defineProperty(location, name, { __proto__: null, value: url[name], writable: false, enumerable: true,
      configurable: false });
  }
  const text = url.href;
  defineProperty(location, "toString", hidden(() => text));
  defineProperty(location, Symbol.toStringTag, { __proto__: null, value: "Location", configurable: true });
  defineProperty(global, "location", shown(location));

  const { eval: evaluate } = global;

  // llrt's timers stop for good when a callback throws, and pass no arguments.
  for (const name of ["setTimeout", "setInterval", "setImmediate"]) {
    const set = global[name];
    const first = name === "setImmediate" ? 1 : 2;
    const wrapped = {
      [name](callback, delay) {
        const args = [];
        for (let i = first; i < arguments.length; i++) defineProperty(args, i - first, own.data(arguments[i]));
        const run = typeof callback === "function" ? callback : () => evaluate(toText(callback));
        return set(() => {
          try {
            apply(run, undefined, args);
          } catch (error) {
            report(error);
          }
        }, first === 1 ? 0 : Number(delay) || 0);
      },
    };
    defineProperty(global, name, shown(wrapped[name]));
  }
  const { queueMicrotask } = global;
  defineProperty(global, "queueMicrotask", shown({
    queueMicrotask(callback) {
      if (typeof callback !== "function") throw new TypeError("queueMicrotask: the argument must be a function");
      queueMicrotask(() => {
        try {
          callback();
        } catch (error) {
          report(error);
        }
      });
    },
  }.queueMicrotask));

  defineProperty(global, "reportError", shown({ reportError(error) { report(error); } }.reportError));
  if (global.performance === undefined) {
    const performance = { timeOrigin: global.Date.now(), now() { return now(); } };
    defineProperty(global, "performance", shown(performance));
  }
  const { console } = global;
  const { log } = console;
  defineProperty(global, "print", hidden((...values) => apply(log, console, values)));
  return location;
});
