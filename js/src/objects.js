// The objects that stand for something of the engine, one for each (JS API, "object caches"), and those for structs and
// arrays (JS API, section "Exported GC Objects"). `idl` is what `idl.js` returns.
//
// What scripts can replace is not used; see `idl.js`.
(function (global, idl) {
  "use strict";

  const { Object, Map, Proxy, TypeError, WeakRef } = global;
  const { setPrototypeOf, preventExtensions } = Object;
  const { uncurry, getter } = idl;
  const mapGet = uncurry(Map.prototype.get);
  const mapSet = uncurry(Map.prototype.set);
  const mapDelete = uncurry(Map.prototype.delete);
  const mapSize = getter(Map.prototype, "size");
  const mapForEach = uncurry(Map.prototype.forEach);
  const deref = uncurry(WeakRef.prototype.deref);

  /**
   * A number as the key of a map. Not itself: QuickJS-ng 0.16 hashes numbers by their bits as doubles, of which those of
   * small integers differ only where its tables do not look, so that each lookup among some thousands takes 10 µs.
   */
  const keyOf = (number) => "" + number;

  /** The objects for items of one kind, by the item's number, as long as scripts have them. */
  function objectCache() {
    const objects = new Map();
    let full = 64;
    /** Removes dead entries, each time that there are twice as many as were left. */
    function sweep() {
      mapForEach(objects, (ref, key) => {
        if (deref(ref) === undefined) mapDelete(objects, key);
      });
      full = 64 + 2 * mapSize(objects);
    }
    return {
      __proto__: null,
      get: (number) => {
        const ref = mapGet(objects, keyOf(number));
        return ref === undefined ? undefined : deref(ref);
      },
      set: (number, object) => {
        if (mapSize(objects) >= full) sweep();
        mapSet(objects, keyOf(number), new WeakRef(object));
      },
    };
  }

  const heapObjects = objectCache();
  const refuse = () => false;
  /** Also where code that is not strict would not notice a refusal, and for objects that inherit. */
  const refuseByThrowing = () => {
    throw new TypeError("scripts cannot change a struct or array of WebAssembly");
  };

  // No ordinary object refuses all that these do. What is missing here, the target does: it has no prototype and no
  // properties, and gets none. Nobody but the engine can get from the object to its target.
  const opaque = {
    __proto__: null,
    setPrototypeOf: refuse,
    preventExtensions: refuse,
    defineProperty: refuse,
    set: refuseByThrowing,
    deleteProperty: refuseByThrowing,
  };

  /** The object for the struct or array that has this number, if there is one. */
  const heapObject = (number) => heapObjects.get(number);

  /** A new one; `native` is what the engine knows it by. */
  function newHeapObject(number, native) {
    const object = new Proxy(preventExtensions(setPrototypeOf(native, null)), opaque);
    heapObjects.set(number, object);
    return object;
  }

  return { __proto__: null, objectCache, heapObject, newHeapObject };
});
