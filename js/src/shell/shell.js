// The rest of the globals: `self`, `location`, timers that report what their callbacks throw, `performance`, `print`.
(function (report, now, global, href) {
  "use strict";

  const hidden = (value) => ({ value, writable: true, enumerable: false, configurable: true });
  const shown = (value) => ({ value, writable: true, enumerable: true, configurable: true });

  Object.defineProperty(global, "self", shown(global));

  const url = new URL(href);
  const location = {};
  for (const name of ["href", "origin", "protocol", "host", "hostname", "port", "pathname", "search", "hash"]) {
    Object.defineProperty(location, name, { value: url[name], writable: false, enumerable: true, configurable: false });
  }
  Object.defineProperty(location, "toString", hidden(() => url.href));
  Object.defineProperty(location, Symbol.toStringTag, { value: "Location", configurable: true });
  Object.defineProperty(global, "location", shown(location));

  // llrt's timers stop for good when a callback throws, and pass no arguments.
  for (const name of ["setTimeout", "setInterval", "setImmediate"]) {
    const set = global[name];
    const wrapped = {
      [name](callback, delay, ...args) {
        if (name === "setImmediate" && delay !== undefined) args.unshift(delay);
        const run = typeof callback === "function" ? callback : () => (0, eval)(`${callback}`);
        return set(() => {
          try {
            run(...args);
          } catch (error) {
            report(error);
          }
        }, Number(delay) || 0);
      },
    };
    Object.defineProperty(global, name, shown(wrapped[name]));
  }
  const { queueMicrotask } = global;
  Object.defineProperty(global, "queueMicrotask", shown({
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

  Object.defineProperty(global, "reportError", shown({ reportError(error) { report(error); } }.reportError));
  if (global.performance === undefined) {
    const performance = { timeOrigin: Date.now(), now() { return now(); } };
    Object.defineProperty(global, "performance", shown(performance));
  }
  Object.defineProperty(global, "print", hidden((...values) => console.log(...values)));
});
