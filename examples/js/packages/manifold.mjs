// Manifold: solid modelling, in C++, with Embind.
// npm: manifold-3d@3.5.4
import "./host.mjs";

// Behind the import of `host.mjs`, whose `window` the glue looks for while it is evaluated.
const { default: Module } = await import("manifold-3d/manifold.js");
const module = await Module();
module.setup();
const { Manifold } = module;
const cube = Manifold.cube([2, 2, 2], true);
const hole = Manifold.cylinder(3, 0.5, 0.5, 64, true);
const part = cube.subtract(hole);
console.log(`a cube with a hole: ${part.numTri()} triangles, genus ${part.genus()}, volume ${part.volume().toFixed(3)}`);
