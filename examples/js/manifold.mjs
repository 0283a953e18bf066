// An npm package as it is published, built by emscripten: C++ for solid modelling, with its own JavaScript glue. Get it
// with ./fetch-packages, then: headwater js --module manifold.mjs

// By this the glue knows that it is on the web: it finds its module beside itself, and streams it.
globalThis.window = globalThis;
const { default: Module } = await import("./packages/manifold-3d/manifold.js");

const module = await Module();
module.setup();
const { Manifold } = module;
const cube = Manifold.cube([2, 2, 2], true);
const hole = Manifold.cylinder(3, 0.5, 0.5, 64, true);
const part = cube.subtract(hole);
console.log(`a cube with a hole: ${part.numTri()} triangles, genus ${part.genus()}, volume ${part.volume().toFixed(3)}`);
