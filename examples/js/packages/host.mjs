// What the scripts beside this one need of the host that they run in: `headwater js --module`, or Node.js to compare.

const inNode = typeof process === "object" && process.versions?.node !== undefined;

// By this, glue knows that it is on the web: it finds its module beside itself, and streams it. There is no document.
if (!inNode) globalThis.window = globalThis;
// Glue for browsers expects it, and Node.js does not have it.
globalThis.self ??= globalThis;

/** The bytes of a file, named as in an import. */
export async function bytes(specifier) {
  const url = import.meta.resolve(specifier);
  if (!inNode) return new Uint8Array(await (await fetch(url)).arrayBuffer());
  const { readFile } = await import("node:fs/promises");
  return new Uint8Array(await readFile(new URL(url)));
}

/** A WebAssembly module, compiled while it arrives where that is possible. */
export async function compile(specifier) {
  if (!inNode) return WebAssembly.compileStreaming(fetch(import.meta.resolve(specifier)));
  return WebAssembly.compile(await bytes(specifier));
}

/** What glue gets for the folder of a package, to find its files by. */
export function folder(specifier) {
  const url = new URL(".", import.meta.resolve(specifier));
  return inNode ? decodeURI(url.pathname) : url.href;
}

/** FNV-1a, to compare many bytes by. */
export function checksum(bytes) {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

/** A picture in RGBA, the same each time. */
export function picture(width, height) {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set([x * 3, y * 5, (x ^ y) * 2, 255], 4 * (y * width + x));
  }
  return { data, width, height, colorSpace: "srgb" };
}
