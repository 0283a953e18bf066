// How long modules of nothing but function types take: all equal, and all different.
//
//     headwater js benches/types.js
//     node benches/types.js

const COUNT = 500_000;
const RUNS = 7;
const NUMBERS = [0x7f, 0x7e, 0x7d, 0x7c];

function leb(n) {
    const bytes = [];
    for (; n >= 0x80; n >>>= 7) bytes.push((n & 0x7f) | 0x80);
    return [...bytes, n];
}

// The module whose types have these parameters, and no results.
function module(params) {
    const contents = leb(COUNT);
    for (let i = 0; i < COUNT; i++) {
        const list = params(i);
        contents.push(0x60, list.length, ...list, 0);
    }
    return new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, ...leb(contents.length)].concat(contents));
}

// The parameters are the digits of `i` in base 4, shorter lists first.
function digits(i) {
    const list = [];
    for (i++; i > 0; i = Math.floor((i - 1) / 4)) list.push(NUMBERS[(i - 1) % 4]);
    return list;
}

for (const [name, params] of [["equal", () => []], ["different", digits]]) {
    const bytes = module(params);
    const times = [];
    for (let run = 0; run < RUNS; run++) {
        const start = performance.now();
        new WebAssembly.Module(bytes);
        times.push(performance.now() - start);
    }
    console.log(`${COUNT} ${name} types: ${Math.min(...times).toFixed(1)} ms, the first time ${times[0].toFixed(1)} ms`);
}
