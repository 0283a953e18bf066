// Rapier: physics, in Rust; deterministic on all machines.
// npm: @dimforge/rapier3d-compat@0.21.0
import RAPIER from "@dimforge/rapier3d-compat";

await RAPIER.init();
const world = new RAPIER.World({ x: 0, y: -9.81, z: 0 });
world.createCollider(RAPIER.ColliderDesc.cuboid(10, 0.1, 10));
const bodies = [];
for (let i = 0; i < 30; i++) {
  const body = world.createRigidBody(RAPIER.RigidBodyDesc.dynamic().setTranslation(Math.sin(i) * 0.4, 2 + i, 0.1 * i));
  world.createCollider((i % 2 ? RAPIER.ColliderDesc.ball(0.5) : RAPIER.ColliderDesc.cuboid(0.4, 0.4, 0.4)).setRestitution(0.3), body);
  bodies.push(body);
}
for (let i = 0; i < 120; i++) world.step();
for (const body of bodies.filter((_, i) => i % 7 === 0)) {
  const { x, y, z } = body.translation();
  console.log(x, y, z);
}
console.log(world.takeSnapshot().length);
world.free();
