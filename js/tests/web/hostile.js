// What scripts can replace, replaced. Runs between `harness.js` and the contract's tests.
//
// `HOSTILE` says how: "watch" changes nothing except for the scripts of the namespace, whose use of anything
// replaceable fails a test; "throw" and "lie" replace what `TARGET` names, for everybody, when the tests have been
// registered. Specifications let some be used: iterating what a script gave, converting it to a primitive.

/** All of them, those of the shell included. */
const INTERNAL = /headwater:[a-z]+\.js/;

/** What our scripts may call because a script's own values require it. */
const ALLOWED = new Set([
  "Array.prototype.Symbol(Symbol.iterator)", "Array.prototype.values", "%ArrayIterator%.next",
  "Set.prototype.Symbol(Symbol.iterator)",
  "Set.prototype.values", "Set.prototype.keys", "%SetIterator%.next", "Object.prototype.valueOf",
  "Object.prototype.toString",
  "Array.prototype.toString", "Array.prototype.join", "Function.prototype.toString", "Error.prototype.toString",
  "Symbol.prototype.Symbol(Symbol.toPrimitive)", "Symbol.prototype.toString", "Symbol.prototype.valueOf",
  "Date.prototype.Symbol(Symbol.toPrimitive)",
  "%Generator%.next", "%Generator%.return", "%Iterator%.Symbol(Symbol.iterator)",
  "Iterator.prototype.Symbol(Symbol.iterator)",
  "Headers.prototype.Symbol(Symbol.iterator)", "Headers.prototype.entries",
]);

/** Every function that can be replaced: `visit(name, holder, key, descriptor)`, once for each place. */
function everyIntrinsic(visit) {
  const seen = new Set();
  const names = Object.getOwnPropertyNames(globalThis).filter((name) => /^[A-Z]/.test(name) && name !== "WebAssembly"
    && name !== "ALLOWED");
  const roots = names.map((name) => [name, globalThis[name]]);
  roots.push(["%TypedArray%", Object.getPrototypeOf(Uint8Array)]);
  for (const [name, make] of Object.entries({
    "%ArrayIterator%": () => [].values(), "%SetIterator%": () => new Set().values(),
    "%MapIterator%": () => new Map().values(),
    "%StringIterator%": () => ""[Symbol.iterator](), "%Generator%": () => Object.getPrototypeOf((function* () {})()),
    "%AsyncFunction%": () => async function () {}, "%RegExpStringIterator%": () => "".matchAll(/x/g),
    "%AsyncGenerator%": () => Object.getPrototypeOf((async function* () {})()),
    "%GeneratorFunction%": () => function* () {}, "%AsyncGeneratorFunction%": () => async function* () {},
    "%IteratorHelper%": () => [].values().map((x) => x), "%WrapForValidIterator%": () => Iterator.from({ next() {} }),
  })) {
    for (let object = Object.getPrototypeOf(make()), depth = ""; object !== null && object !== Object.prototype;
      depth += "^") {
      roots.push([name + depth, object]);
      object = Object.getPrototypeOf(object);
    }
  }
  for (const [name, root] of roots) {
    if ((typeof root !== "object" && typeof root !== "function") || root === null) continue;
    walk(name, root);
    if (typeof root === "function" && typeof root.prototype === "object" && root.prototype !== null) {
      walk(`${name}.prototype`, root.prototype);
    }
  }

  function walk(name, holder) {
    if (seen.has(holder) || holder === globalThis) return;
    seen.add(holder);
    for (const key of Reflect.ownKeys(holder)) {
      const descriptor = Object.getOwnPropertyDescriptor(holder, key);
      if (!descriptor.configurable || key === "constructor") continue;
      if (typeof descriptor.value === "function" || descriptor.get !== undefined) {
        visit(`${name}.${String(key)}`, holder, key, descriptor);
      }
    }
  }
}

/** `descriptor` with other functions: `change` of each. */
function changed(descriptor, change) {
  const { value, get, set, enumerable, writable } = descriptor;
  if (typeof value === "function") return { value: change(value), enumerable, writable: true, configurable: true };
  return { get: change(get), set: set === undefined ? undefined : change(set), enumerable, configurable: true };
}

const { apply, construct, defineProperty } = Reflect;
const RealError = Error;

/** What was used by our scripts, and where. */
const uses = new Map();
let busy = false;

/** Notes a use of `name` if the innermost script on the stack is one of ours. */
function noteUse(name) {
  if (busy) return;
  busy = true;
  try {
    const { stack } = new RealError();
    const caller = stack.split("\n").find((line) => !line.includes("(native)") && !line.includes("hostile.js"));
    if (caller !== undefined && INTERNAL.test(caller)) uses.set(name, stack);
  } finally {
    busy = false;
  }
}

/** The function, unless our scripts call it: that is noted. */
function watched(name, original) {
  const watcher = function (...args) {
    noteUse(name);
    if (new.target === undefined) return apply(original, this, args);
    return construct(original, args, new.target === watcher ? original : new.target);
  };
  for (const key of ["name", "length"]) defineProperty(watcher, key, { value: original[key], configurable: true });
  return watcher;
}

/** Something else of the kind of `value`. */
function lie(value) {
  switch (typeof value) {
    case "number":
      return value + 7;
    case "boolean":
      return !value;
    case "string":
      return `${value}lie`;
    case "bigint":
      return value + 7n;
    case "undefined":
      return 7;
    case "function":
      return () => 7;
    case "object":
      return value !== null && "done" in value ? { done: true, value: 7 } : { 0: 7, length: 1, done: true };
  }
  return value;
}

const CHANGES = {
  watch: watched,
  throw: (name) => function () { throw new RealError(`${name} is replaced`); },
  lie: (name, original) => function (...args) {
    return lie(new.target === undefined ? apply(original, this, args) : construct(original, args));
  },
};

/** `descriptor` with functions that `change` makes of its own. */
function changed(name, { value, get, set, enumerable }, change) {
  if (typeof value === "function") {
    return { value: change(name, value), enumerable, writable: true, configurable: true };
  }
  return { get: change(name, get), set: set === undefined ? undefined : change(name, set), enumerable,
    configurable: true };
}

const intrinsics = [];
everyIntrinsic((name, holder, key, descriptor) => {
  // What makes the stack that tells callers apart is not watched.
  if (name !== "Error.prototype.stack" && name !== "Error.stackTraceLimit" && name !== "Error.prepareStackTrace") {
    intrinsics.push({ name, holder, key, descriptor });
  }
});

// Properties that are found where none should be looked for, and setters that see what is put into arrays.
for (const holder of [Object.prototype, Array.prototype, Function.prototype, Promise.prototype, Map.prototype,
  WeakRef.prototype]) {
  for (const key of ["0", "1", "2", "3", "4", "then", "get", "set", "value", "writable", "enumerable", "configurable",
    "done", "next", "type",
    "parameters", "results", "minimum", "maximum", "element", "shared", "address", "mutable", "func", "native", "module", "builtins", "strings", "constants", "pages", "buffer", "maxByteLength", "detail",
    "cause", "stack"]) {
    if (holder === Object.prototype || Object.getOwnPropertyDescriptor(holder, key) === undefined) {
      intrinsics.push({ name: `new ${key}`, holder, key, descriptor: { get() {}, set() {}, enumerable: false } });
    }
  }
}
for (const key of Object.getOwnPropertyNames(globalThis)) {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, key);
  if (typeof descriptor.value === "function" && descriptor.configurable && key !== "replace" && key !== "watchAll") {
    intrinsics.push({ name: `globalThis.${key}`, holder: globalThis, key, descriptor });
  }
}

/** Watches everything that can be replaced. */
function watchAll() {
  for (const { name, holder, key, descriptor } of intrinsics) {
    // The tests' own classes are made of these, and what is awaited is asked for `then`.
    if (holder === globalThis || name.startsWith("new ")) continue;
    if (!ALLOWED.has(name)) Object.defineProperty(holder, key, changed(name, descriptor, CHANGES.watch));
  }
}

/** Replaces intrinsic number `number`; its name. */
function replace(number, how) {
  const { name, holder, key, descriptor } = intrinsics[number];
  defineProperty(holder, key, changed(name, descriptor, CHANGES[how]));
  return name;
}
