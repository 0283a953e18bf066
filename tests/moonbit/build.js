// Compiles MoonBit's standard library, from its sources, and then main.mbt to WebAssembly with garbage collection.
//
//     node build.js COMPILER LIBRARY PROGRAM WASM
//
// COMPILER is moonc-worker.js, which wants to run in a worker and be asked by Comlink's messages: a few globals stand for
// that worker. LIBRARY is moonpad-monaco.js, which has the library's files in it, as base64.
'use strict'
const fs = require('fs')
const path = require('path')
const vm = require('vm')

const [, , compiler, library, program, output] = process.argv
const TARGET = 'wasm-gc'
const CORE = 'moonbitlang/core'

const listeners = []
const asked = new Map()
globalThis.self = globalThis
globalThis.require = require
globalThis.importScripts = () => {}
globalThis.removeEventListener = () => {}
globalThis.addEventListener = (_, listener) => listeners.push(listener)
globalThis.postMessage = (answer) => asked.get(answer.id)?.(answer)
vm.runInThisContext(fs.readFileSync(compiler, 'utf8'), compiler)

function ask(name, params) {
  return new Promise((resolve, reject) => {
    const id = String(asked.size)
    asked.set(id, ({ type, value }) => (type === 'HANDLER' ? reject(new Error(JSON.stringify(value))) : resolve(value)))
    const data = { id, type: 'APPLY', path: [name], argumentList: [{ type: 'RAW', value: params }] }
    for (const listener of listeners) listener({ data, origin: '' })
  })
}

// The files of the library by their paths below /lib/core/: each is a variable that is given its content somewhere.
function filesOf(source) {
  const contents = new Map()
  for (const [, name, base64] of source.matchAll(/(?<![\w$])([A-Za-z_$][\w$]*) = \w+\("([^"]*)"\)/g)) {
    contents.set(name, base64)
  }
  const files = new Map()
  for (const [, file, name] of source.matchAll(/\["\/lib\/core\/([^"]*)"\] = ([A-Za-z_$][\w$]*)/g)) {
    if (!contents.has(name)) throw new Error(`no content of ${file}`)
    files.set(file, () => Buffer.from(contents.get(name), 'base64').toString('utf8'))
  }
  return files
}

async function compile(params) {
  const result = await ask('buildPackage', {
    indirectImportMiFiles: [],
    target: TARGET,
    errorFormat: 'human',
    enableValueTracing: false,
    noOpt: false,
    ...params,
  })
  if (!result.core) throw new Error(`${params.pkg}: ${result.diagnostics.filter((d) => !d.includes('Warning')).join('\n')}`)
  return result
}

async function main() {
  const files = filesOf(fs.readFileSync(library, 'utf8'))
  const { packages } = JSON.parse(files.get('_build/packages.json')())
  const byName = new Map(packages.map((pkg) => [`${CORE}/${pkg.rel}`, pkg]))
  const built = new Map()
  const build = async (name) => {
    if (built.has(name)) return
    const pkg = byName.get(name)
    for (const { path } of pkg.deps) await build(path)
    // Those of the others are needed, too.
    const needed = new Map(pkg.deps.map((dep) => [dep.path, dep.alias]))
    for (const [dep] of needed) {
      for (const { path: further } of byName.get(dep).deps) {
        if (!needed.has(further)) needed.set(further, `${path.basename(further)}_`)
      }
    }
    const sources = Object.entries(pkg.files)
      .filter(([, { backend, optlevel }]) => backend.includes('WasmGC') && optlevel.includes('Release'))
      .map(([file]) => [path.basename(file), files.get(file.split('/lib/core/')[1])()])
    const result = await compile({
      mbtFiles: sources,
      miFiles: [...needed].map(([dep, alias]) => [`/lib/core/${byName.get(dep).rel}:${alias}`, built.get(dep).mi]),
      stdMiFiles: [],
      pkg: name,
      pkgSources: [`${name}:/lib/core/${pkg.rel}`, `${CORE}:/lib/core`],
      isMain: false,
    })
    built.set(name, result)
  }
  for (const name of byName.keys()) await build(name)
  const main = await compile({
    mbtFiles: [['main.mbt', fs.readFileSync(program, 'utf8')]],
    miFiles: [],
    stdMiFiles: [...built].map(([name, { mi }]) => {
      const { rel } = byName.get(name)
      return [`/lib/core/_build/${rel}/${path.basename(rel)}.mi`, mi]
    }),
    pkg: 'test/main',
    pkgSources: ['test/main:/main'],
    isMain: true,
  })
  const linked = await ask('linkCore', {
    coreFiles: [...[...built.values()].map(({ core }) => core), main.core],
    main: 'test/main',
    pkgSources: ['test/main:/main', `${CORE}:/lib/core`],
    target: TARGET,
    exportedFunctions: [],
    outputFormat: 'wasm',
    testMode: false,
    debug: false,
    noOpt: false,
    sourceMap: false,
    sources: {},
    stopOnMain: false,
  })
  fs.writeFileSync(output, linked.result)
}

main().catch((error) => {
  console.error(error.message)
  process.exit(1)
})
