// Every builtin that takes a buffer or a view and calls script in between, on every kind of buffer that can change
// meanwhile. Plain QuickJS with the WebAssembly object is enough. The result of the script is how many calls there
// were; failures are thrown.
(() => {
  const TYPES = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array,
    BigInt64Array, BigUint64Array,
    Float32Array, Float64Array, Float16Array];
  const PAGE = 65536;
  // (module (memory (export "m") 1 1000) (func (export "g") (drop (memory.grow (i32.const 1))))
  //   (func (export "peek") (param i32) (result i32) (i32.load8_u (local.get 0))))
  const module = new WebAssembly.Module(new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0, 1, 9, 2, 0x60, 0, 0, 0x60, 1, 0x7f, 1, 0x7f, 3, 3, 2, 0, 1, 5, 5, 1, 1, 1, 0xe8, 7,
    7, 16, 3, 1, 109, 2, 0, 1, 103, 0, 0, 4, 112, 101, 101, 107, 0, 1, 10, 17, 2, 7, 0, 65, 1, 64, 0, 26, 11, 7, 0, 32,
    0, 45, 0, 0, 11,
  ]));
  /** An instance whose memory is not large yet. Each takes addresses for good, so that there are few. */
  let made;
  function instance() {
    if (made === undefined || made.m.grow(0) > 3) made = new WebAssembly.Instance(module).exports;
    return made;
  }

  /** Buffers of at least a page, each with ways to change it. */
  const BUFFERS = {
    plain() {
      const buffer = new ArrayBuffer(PAGE);
      return { buffer, acts: [() => buffer.transfer(), () => buffer.transfer(1),
        () => buffer.transferToFixedLength(9 * PAGE)] };
    },
    resizable() {
      const buffer = new ArrayBuffer(PAGE, { maxByteLength: 40 * PAGE });
      const to = (size) => () => buffer.resize(size);
      return { buffer, acts: [to(0), to(1), to(30), to(PAGE / 2), to(40 * PAGE), () => buffer.transfer(), () => {
        buffer.resize(40 * PAGE);
        buffer.resize(7);
      }] };
    },
    fixedMemory() {
      const { m, g, peek } = instance();
      return { buffer: m.toFixedLengthBuffer(), memory: m, peek,
        acts: [g, () => m.grow(3), () => m.toResizableBuffer()] };
    },
    resizableMemory() {
      const { m, g, peek } = instance();
      const buffer = m.toResizableBuffer();
      return { buffer, memory: m, peek, acts: [g, () => m.grow(3), () => buffer.resize(buffer.byteLength + 2 * PAGE),
        () => m.toFixedLengthBuffer()] };
    },
    shared() {
      const memory = new WebAssembly.Memory({ initial: 1, maximum: 9, shared: true });
      return { buffer: memory.buffer, acts: [() => memory.grow(2)] };
    },
    plainShared() {
      const buffer = new SharedArrayBuffer(PAGE);
      return { buffer, acts: [() => {}] };
    },
  };

  let calls = 0;
  const isBig = (Type) => Type === BigInt64Array || Type === BigUint64Array;

  /** An object that is `value` when it is asked, and then does `act`. */
  const late = (act, value) => ({ [Symbol.toPrimitive]() { act(); return value; } });
  /** A constructor whose prototype is asked for. */
  const asked = (act) => new Proxy(function () {},
    { get(target, key) { if (key === "prototype") act(); return target[key]; } });
  /** `view` with a species constructor that does `act` and makes what `make` makes. */
  const species = (view, act, make) => {
    view.constructor = { [Symbol.species]: function (...args) { act(); return make(...args); } };
    return view;
  };

  /** By name: what is to be done with a view of one type, its buffer, and something to do in between. */
  const OPERATIONS = {
    construct: (Type, view, buffer, act) => new Type(buffer, late(act, 8), 3),
    constructLength: (Type, view, buffer, act) => new Type(buffer, 8, late(act, 1000)),
    constructTarget: (Type, view, buffer, act) => Reflect.construct(Type, [buffer], asked(act)),
    constructTargetPart: (Type, view, buffer, act) => Reflect.construct(Type, [buffer, 8, 1000], asked(act)),
    constructTargetOfView: (Type, view, buffer, act) => Reflect.construct(Type, [view], asked(act)),
    constructTargetOfOther: (Type, view, buffer, act) =>
      Reflect.construct(isBig(Type) ? BigInt64Array : Int8Array, [view], asked(act)),
    constructIterable: (Type, view, buffer, act) =>
      new Type({ *[Symbol.iterator]() { yield view[0]; act(); yield view[1]; } }),
    dataView: (Type, view, buffer, act) => new DataView(buffer, late(act, 8), 100),
    dataViewLength: (Type, view, buffer, act) => new DataView(buffer, 8, late(act, PAGE - 8)),
    dataViewTarget: (Type, view, buffer, act) => Reflect.construct(DataView, [buffer, 8], asked(act)).byteLength,
    dataViewTargetPart: (Type, view, buffer, act) =>
      Reflect.construct(DataView, [buffer, 8, PAGE - 8], asked(act)).getInt8(PAGE - 9),
    bufferSlice: (Type, view, buffer, act) => buffer.slice(late(act, 0), PAGE),
    bufferSliceEnd: (Type, view, buffer, act) => buffer.slice(0, late(act, PAGE)),
    bufferSliceSpecies: (Type, view, buffer, act) =>
      species(buffer, act, (n) => new buffer.__proto__.constructor(n)).slice(0, PAGE),
    bufferSliceIntoItself: (Type, view, buffer, act) => species(buffer, act, () => buffer).slice(0, PAGE),
    sliceToImmutable: (Type, view, buffer, act) => buffer.sliceToImmutable?.(0, late(act, PAGE)),
    transfer: (Type, view, buffer, act) => buffer.transfer?.(late(act, PAGE)),
    transferLonger: (Type, view, buffer, act) => buffer.transfer?.(late(act, 2 * PAGE)),
    transferToFixedLength: (Type, view, buffer, act) => buffer.transferToFixedLength?.(late(act, 3)),
    transferToImmutable: (Type, view, buffer, act) => buffer.transferToImmutable?.(late(act, 3)),
    resize: (Type, view, buffer, act) => buffer.resize?.(late(act, 20 * PAGE)),
    grow: (Type, view, buffer, act) => buffer.grow?.(late(act, PAGE)),
    store: (Type, view, buffer, act, value) => { view[5] = late(act, value); },
    storeLast: (Type, view, buffer, act, value) => { view[view.length - 1] = late(act, value); },
    reflectSet: (Type, view, buffer, act, value) => Reflect.set(view, 5, late(act, value)),
    defineProperty: (Type, view, buffer, act, value) => Object.defineProperty(view, 5, { value: late(act, value) }),
    at: (Type, view, buffer, act) => view.at(late(act, -1)),
    copyWithin: (Type, view, buffer, act) => view.copyWithin(late(act, 1), 0, 1000),
    copyWithinStart: (Type, view, buffer, act) => view.copyWithin(0, late(act, 1), 1000),
    copyWithinEnd: (Type, view, buffer, act) => view.copyWithin(0, 1, late(act, view.length)),
    fill: (Type, view, buffer, act, value) => view.fill(late(act, value)),
    fillStart: (Type, view, buffer, act, value) => view.fill(value, late(act, 1)),
    fillEnd: (Type, view, buffer, act, value) => view.fill(value, 0, late(act, view.length)),
    set: (Type, view, buffer, act, value) => view.set([value, late(act, value), value], 3),
    setOffset: (Type, view, buffer, act) => view.set(new Type(view.length - 4), late(act, 4)),
    setOffsetOfItself: (Type, view, buffer, act) => view.set(view, late(act, 0)),
    setLength: (Type, view, buffer, act, value) =>
      view.set({ get length() { act(); return 3; }, 0: value, 2: value }, view.length - 3),
    setGetter: (Type, view, buffer, act, value) => view.set({ length: 3, get 1() { act(); return value; } }),
    slice: (Type, view, buffer, act) => view.slice(late(act, 1)),
    sliceEnd: (Type, view, buffer, act) => view.slice(0, late(act, view.length)),
    sliceSpecies: (Type, view, buffer, act) => species(view, act, (n) => new Type(n)).slice(0),
    sliceSpeciesSame: (Type, view, buffer, act) => species(view, act, () => view).slice(8),
    sliceSpeciesOther: (Type, view, buffer, act) =>
      species(view, act, (n) => new (isBig(Type) ? BigInt64Array : Float64Array)(n)).slice(0),
    sliceSpeciesTracking: (Type, view, buffer, act) => species(view, act, (n) => {
      const short = new ArrayBuffer(n * Type.BYTES_PER_ELEMENT, { maxByteLength: PAGE * 8 });
      return new Type(short);
    }).slice(0),
    subarray: (Type, view, buffer, act) => view.subarray(late(act, 1)).length,
    subarrayEnd: (Type, view, buffer, act) => view.subarray(0, late(act, view.length)).at(-1),
    subarraySpecies: (Type, view, buffer, act) => species(view, act, (...args) => new Type(...args)).subarray(1, 100),
    with: (Type, view, buffer, act, value) => view.with(5, late(act, value)),
    withIndex: (Type, view, buffer, act, value) => view.with(late(act, view.length - 1), value),
    indexOf: (Type, view, buffer, act, value) => view.indexOf(value, late(act, 0)),
    lastIndexOf: (Type, view, buffer, act, value) => view.lastIndexOf(value, late(act, view.length - 1)),
    includes: (Type, view, buffer, act) => view.includes(undefined, late(act, 0)),
    join: (Type, view, buffer, act) => view.subarray(0, 99).join(late(act, "-")),
    toLocaleString: (Type, view, buffer, act) => {
      const proto = isBig(Type) ? BigInt.prototype : Number.prototype;
      const { toLocaleString } = proto;
      let n = 0;
      proto.toLocaleString = function () { if (n++ === 1) act(); return "x"; };
      try { return new Type(buffer, 0, 50).toLocaleString(); } finally { proto.toLocaleString = toLocaleString; }
    },
    sort: (Type, view, buffer, act) => sorting(new Type(buffer, 0, 500), act),
    sortTracking: (Type, view, buffer, act) =>
      sorting(view.length > 5000 ? new Type(buffer, PAGE - 64 * 8) : view, act),
    toSorted: (Type, view, buffer, act) => {
      let n = 0;
      return new Type(buffer, 0, 200).toSorted(() => { if (n++ === 3) act(); return n % 3 - 1; });
    },
    from: (Type, view, buffer, act) => Type.from.call(function () { return view; }, { length: 9 },
      (v, k) => { if (k === 4) act(); return isBig(Type) ? 1n : 1; }),
    fromView: (Type, view, buffer, act) => { let n = 0;
      return Type.from(new Type(buffer, 0, 100), (v) => { if (n++ === 4) act(); return v; }); },
    of: (Type, view, buffer, act, value) => Type.of.call(function () { return view; }, value, late(act, value), value),
    iterate: (Type, view, buffer, act) => { let n = 0;
      for (const v of new Type(buffer, 0, 100)) if (n++ === 3) act(); },
    entries: (Type, view, buffer, act) => { let n = 0;
      for (const v of view.subarray(0, 50).entries()) if (n++ === 3) act(); },
    spread: (Type, view, buffer, act) => { const i = view.subarray(0, 50).values(); i.next(); act(); return [...i]; },
    apply: (Type, view, buffer, act) => Math.max.apply(null,
      new Proxy(view.subarray(0, 50), { get(t, k) { if (k === "3") act(); return isBig(Type) ? 1 : t[k]; } })),
    arrayFill: (Type, view, buffer, act, value) => Array.prototype.fill.call(view, value, 0, late(act, view.length)),
    arrayCopyWithin: (Type, view, buffer, act) =>
      Array.prototype.copyWithin.call(view.subarray(0, 99), 0, 9, late(act, 50)),
    arraySlice: (Type, view, buffer, act) => Array.prototype.slice.call(view, view.length - 30, late(act, view.length)),
    arrayConcat: (Type, view, buffer, act) => { view[Symbol.isConcatSpreadable] = true;
      return [{ get [Symbol.isConcatSpreadable]() { act(); } }].concat(view.subarray(0, 30)); },
    arraySort: (Type, view, buffer, act) => { let n = 0;
      return Array.prototype.sort.call(view.subarray(0, 60), () => { if (n++ === 3) act(); return n % 3 - 1; }); },
    arrayReverse: (Type, view, buffer, act) => { act();
      return [Array.prototype.reverse.call(view.subarray(0, 9)), view.reverse(), view.toReversed()]; },
    arrayFromAsync: (Type, view, buffer, act) => { act(); return Array.from(view.subarray(0, 9), (v) => v); },
    json: (Type, view, buffer, act) => JSON.stringify(view.subarray(0, 50),
      (k, v) => { if (k === "3") act(); return typeof v === "bigint" ? 0 : v; }),
    assign: (Type, view, buffer, act, value) => Object.assign(view, { get 3() { act(); return value; } }),
    freeze: (Type, view, buffer, act) => { act();
      return [Object.keys(view.subarray(0, 9)), Object.isFrozen(view), Object.getOwnPropertyDescriptor(view, 3)]; },
    atomicsLoad: (Type, view, buffer, act) => Atomics.load(view, late(act, 5)),
    atomicsStore: (Type, view, buffer, act, value) => Atomics.store(view, 5, late(act, value)),
    atomicsStoreIndex: (Type, view, buffer, act, value) => Atomics.store(view, late(act, view.length - 1), value),
    atomicsCompareExchange: (Type, view, buffer, act, value) =>
      Atomics.compareExchange(view, 5, late(act, value), value),
    atomicsCompareExchangeNew: (Type, view, buffer, act, value) =>
      Atomics.compareExchange(view, view.length - 1, value, late(act, value)),
    atomicsNotify: (Type, view, buffer, act) => Atomics.notify(view, 5, late(act, 1)),
    atomicsWait: (Type, view, buffer, act, value) => Atomics.wait(view, 5, late(act, value), 0),
    base64: (Type, view, buffer, act) => Type === Uint8Array && view.toBase64?.({ get alphabet() { act(); } }),
    setFromBase64: (Type, view, buffer, act) => Type === Uint8Array
      && view.setFromBase64?.("A".repeat(2000), { get lastChunkHandling() { act(); } }),
    hex: (Type, view, buffer, act) => { act();
      return Type === Uint8Array && [view.toHex?.(), view.setFromHex?.("00".repeat(9))]; },
    module: (Type, view, buffer, act) => new WebAssembly.Module(view, { get builtins() { act(); } }),
    validate: (Type, view, buffer, act) => WebAssembly.validate(view, { get importedStringConstants() { act(); } }),
    validateBuffer: (Type, view, buffer, act) => WebAssembly.validate(buffer, { get builtins() { act(); } }),
  };
  for (const name of ["add", "and", "exchange", "or", "sub", "xor"]) {
    OPERATIONS[`atomics ${name}`] = (Type, view, buffer, act, value) => Atomics[name](view, 5, late(act, value));
    OPERATIONS[`atomics ${name} last`] = (Type, view, buffer, act, value) =>
      Atomics[name](view, view.length - 1, late(act, value));
  }
  for (const name of ["every", "filter", "find", "findIndex", "findLast", "findLastIndex", "forEach", "map", "reduce",
    "reduceRight", "some"]) {
    OPERATIONS[name] = (Type, view, buffer, act) => {
      let n = 0;
      return new Type(buffer, 0, 100)[name](() => { if (n++ === 7) act();
        return name === "every" ? true : isBig(Type) ? 0n : 0; });
    };
    OPERATIONS[`array ${name}`] = (Type, view, buffer, act) => {
      let n = 0;
      return Array.prototype[name].call(new Type(buffer, 0, 100),
        () => { if (n++ === 7) act(); return name === "every"; });
    };
  }
  for (const name of ["filter", "map"]) {
    OPERATIONS[`${name} species`] = (Type, view, buffer, act) =>
      species(new Type(buffer, 0, 99), act, () => new Type(buffer.detached ? 200 : buffer)).map(() =>
        (isBig(Type) ? 1n : 1));
  }
  for (const name of Object.getOwnPropertyNames(DataView.prototype).filter((name) => /^[gs]et[A-Z]/.test(name))) {
    const value = name.includes("Big") ? 65n : 65;
    OPERATIONS[name] = (Type, view, buffer, act) => new DataView(buffer)[name](late(act, 100), value, true);
    OPERATIONS[`${name} last`] = (Type, view, buffer, act) =>
      new DataView(buffer, 8)[name](late(act, PAGE - 16), value);
    if (name.startsWith("s")) {
      OPERATIONS[`${name} value`] = (Type, view, buffer, act) => new DataView(buffer)[name](PAGE - 8, late(act, value));
    }
  }

  function sorting(view, act) {
    let n = 0;
    return view.sort(() => { if (n++ === 20) act(); return (n * 7) % 3 - 1; });
  }

  function check(condition, what) {
    if (!condition) throw new Error(`${what} is wrong`);
  }

  /** A buffer and its views agree, and a memory's buffer is the memory. */
  function agree(what, buffer, memory, views) {
    const size = buffer.byteLength;
    if (memory !== undefined && !buffer.detached) {
      check(memory.buffer === buffer && size === memory.grow(0) * PAGE || !buffer.resizable,
        `${what}: byteLength ${size}`);
    }
    for (const { view, tracks, offset, length } of views) {
      const unit = view.BYTES_PER_ELEMENT ?? 1;
      const now = view instanceof DataView ? lengthOf(view) : view.byteLength;
      const inside = !buffer.detached && (tracks ? offset <= size : offset + length <= size);
      const expected = !inside ? 0 : tracks && buffer.resizable ? Math.floor((size - offset) / unit) * unit : length;
      check(now === expected, `${what}: a view's length, ${now} instead of ${expected},`);
      if (now > 0 && !(view instanceof DataView)) {
        check(Object.is(view.at(-1), view[view.length - 1]) && view[view.length] === undefined, what);
      }
    }
  }
  const lengthOf = (view) => { try { return view.byteLength; } catch { return 0; } };

  for (const [kind, make] of Object.entries(BUFFERS)) {
    for (let n = 0; n < make().acts.length; n++) {
      for (const Type of TYPES) {
        const value = isBig(Type) ? 65n : 65;
        for (const [name, operation] of Object.entries(OPERATIONS)) {
          const { buffer, acts, memory, peek } = make();
          const what = `${name} of ${Type.name}, ${kind}, ${n}`;
          const length = (PAGE - 8) & -8;
          const views = [
            { view: new Type(buffer), tracks: true, offset: 0, length: buffer.byteLength },
            { view: new Type(buffer, 8, length / Type.BYTES_PER_ELEMENT), tracks: false, offset: 8, length },
            { view: new DataView(buffer, 16), tracks: true, offset: 16, length: buffer.byteLength - 16 },
          ];
          let done = 0;
          const act = () => { if (done++ === 0) acts[n](); };
          try {
            operation(Type, views[0].view, buffer, act, value);
          } catch (error) {
            if (error instanceof InternalError || !(error instanceof Error)) throw error;
          }
          calls++;
          agree(what, buffer, memory, views);
          // What was written through the old length, or after it, is in the memory.
          if (memory !== undefined) {
            const now = new Uint8Array(memory.buffer);
            now[70] = 77;
            check(peek(70) === 77, `${what}: the memory`);
          }
        }
      }
    }
  }

  // The value is where it belongs.
  made = undefined;
  const { m, g, peek } = instance();
  const tracking = new Uint8Array(m.toResizableBuffer());
  Atomics.store(tracking, 5, late(g, 65));
  check(tracking[5] === 65 && peek(5) === 65, "Atomics.store");
  Atomics.store(tracking, 6, late(() => { for (let i = 0; i < 300; i++) g(); }, 66));
  check(tracking[6] === 66 && peek(6) === 66 && tracking.length === 302 * PAGE, "Atomics.store");
  tracking[tracking.length - 1] = 67;
  check(peek(302 * PAGE - 1) === 67, "the last byte");

  // Plain buffers whose memory QuickJS takes to be larger than it is.
  for (const grow of [() => new SharedArrayBuffer(8, { maxByteLength: 1 << 20 }),
    () => new ArrayBuffer(8, { maxByteLength: 1 << 20 })]) {
    try {
      const buffer = grow();
      (buffer.grow ?? buffer.resize).call(buffer, 1 << 20);
      new Uint8Array(buffer).fill(1);
    } catch (error) {
      check(error instanceof TypeError || error instanceof RangeError, "growing");
    }
  }
  return calls;
})();
