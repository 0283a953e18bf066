//! What a module asks for and offers, read once for all engines: each gets the same imports and is asked for the same
//! exports.

use crate::engines::{Ty, Value};
use crate::values::table;
use wasmparser::{ExternalKind, Parser, Payload, RefType, TypeRef, ValType};

/// The type of a function.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signature {
    /// Of its parameters.
    pub params: Vec<Ty>,
    /// Of its results.
    pub results: Vec<Ty>,
}

/// What a memory or a table must be like.
#[derive(Copy, Clone, Debug)]
pub struct Limits {
    /// How many pages or elements it has.
    pub minimum: u64,
    /// And at most.
    pub maximum: Option<u64>,
    /// Whether indices have 64 bits.
    pub is_64: bool,
    /// Log2 of the bytes in a page.
    pub page_log2: u8,
}

/// What an import must be.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// A function.
    Func(Signature),
    /// A global, and whether it can be set.
    Global(Ty, bool),
    /// A memory.
    Memory(Limits),
    /// A table of this type.
    Table(Ty, Limits),
    /// A tag whose exceptions have fields of these types.
    Tag(Vec<Ty>),
}

/// An import.
#[derive(Clone, Debug)]
pub struct Import {
    /// Its module name.
    pub module: String,
    /// Its field name.
    pub name: String,
    /// What it must be.
    pub wanted: Wanted,
}

/// Imports in their order, and exports by kind.
#[derive(Clone, Debug, Default)]
pub struct Interface {
    /// Imports.
    pub imports: Vec<Import>,
    /// Functions.
    pub funcs: Vec<(String, Signature)>,
    /// Globals.
    pub globals: Vec<String>,
    /// Memories.
    pub memories: Vec<String>,
    /// Tables.
    pub tables: Vec<String>,
}

fn value_type(ty: ValType) -> Option<Ty> {
    Some(match ty {
        ValType::I32 => Ty::I32,
        ValType::I64 => Ty::I64,
        ValType::F32 => Ty::F32,
        ValType::F64 => Ty::F64,
        ValType::V128 => Ty::V128,
        ValType::Ref(RefType::FUNCREF) => Ty::Func,
        ValType::Ref(RefType::EXTERNREF) => Ty::Extern,
        _ => return None,
    })
}

impl Interface {
    /// Of `wasm`, which must be valid; `None` if it imports what not all engines have. Exports that mention references
    /// to exceptions are left out.
    pub fn of(wasm: &[u8]) -> Option<Interface> {
        let (mut types, mut funcs, mut interface) = (Vec::new(), Vec::new(), Interface::default());
        // Whether globals and tables have a type that all engines have.
        let (mut globals, mut tables) = (Vec::new(), Vec::new());
        let signature = |ty: &wasmparser::FuncType| {
            let types = |types: &[ValType]| types.iter().map(|&ty| value_type(ty)).collect::<Option<Vec<Ty>>>();
            Some(Signature { params: types(ty.params())?, results: types(ty.results())? })
        };
        for payload in Parser::new(0).parse_all(wasm) {
            match payload.expect("the module is valid") {
                Payload::TypeSection(section) => {
                    for ty in section.into_iter_err_on_gc_types() {
                        types.push(signature(&ty.ok()?));
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import.expect("the module is valid");
                        let wanted = match import.ty {
                            TypeRef::Func(ty) => {
                                funcs.push(ty as usize);
                                Wanted::Func(types[ty as usize].clone()?)
                            }
                            TypeRef::Global(ty) => {
                                globals.push(true);
                                Wanted::Global(value_type(ty.content_type)?, ty.mutable)
                            }
                            TypeRef::Memory(ty) if ty.shared => return None,
                            TypeRef::Memory(ty) => Wanted::Memory(Limits {
                                minimum: ty.initial,
                                maximum: ty.maximum,
                                is_64: ty.memory64,
                                page_log2: ty.page_size_log2.unwrap_or(16) as u8,
                            }),
                            TypeRef::Table(ty) => {
                                tables.push(true);
                                let (minimum, maximum, is_64) = (ty.initial, ty.maximum, ty.table64);
                                let limits = Limits { minimum, maximum, is_64, page_log2: 0 };
                                Wanted::Table(value_type(ValType::Ref(ty.element_type))?, limits)
                            }
                            TypeRef::Tag(ty) => Wanted::Tag(types[ty.func_type_idx as usize].clone()?.params),
                            _ => return None,
                        };
                        let (module, name) = (import.module.to_string(), import.name.to_string());
                        interface.imports.push(Import { module, name, wanted });
                    }
                }
                Payload::FunctionSection(section) => {
                    funcs.extend(section.into_iter().map(|ty| ty.expect("the module is valid") as usize));
                }
                Payload::TableSection(section) => {
                    let known = |ty: wasmparser::Table<'_>| value_type(ValType::Ref(ty.ty.element_type)).is_some();
                    tables.extend(section.into_iter().map(|ty| known(ty.expect("the module is valid"))));
                }
                Payload::GlobalSection(section) => {
                    let known = |global: wasmparser::Global<'_>| value_type(global.ty.content_type).is_some();
                    globals.extend(section.into_iter().map(|ty| known(ty.expect("the module is valid"))));
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export.expect("the module is valid");
                        let name = export.name.to_string();
                        match export.kind {
                            ExternalKind::Func => {
                                interface
                                    .funcs
                                    .extend(types[funcs[export.index as usize]].clone().map(|ty| (name, ty)));
                            }
                            ExternalKind::Global if globals[export.index as usize] => interface.globals.push(name),
                            ExternalKind::Memory => interface.memories.push(name),
                            ExternalKind::Table if tables[export.index as usize] => interface.tables.push(name),
                            ExternalKind::Global | ExternalKind::Table | ExternalKind::Tag => {}
                            _ => return None,
                        }
                    }
                }
                _ => {}
            }
        }
        Some(interface)
    }
}

/// What the functions of the host fail with.
pub const HOST_FAILS: &str = "the host fails";

/// What host function number `index` does at its call number `call`: results that depend on all it is given, or a
/// failure.
pub fn host_results(index: usize, call: u64, args: &[Value], results: &[Ty]) -> Option<Vec<Value>> {
    let mut hash = (index as u64) << 32 ^ call;
    for arg in args {
        let bits = match arg.canonical() {
            Value::Bits(_, bits) => bits,
            Value::Vector(bits) => bits as u64 ^ ((bits >> 64) as u64).rotate_left(29),
            Value::Func(f) => f.map_or(1, |_| 2),
            Value::Extern(e) => e.map_or(3, |e| 4 + u64::from(e)),
        };
        hash = crate::choices::split_mix(&mut (hash.rotate_left(17) ^ bits));
    }
    if hash & 31 == 1 {
        return None;
    }
    let result = |ty: Ty| {
        hash = crate::choices::split_mix(&mut hash.clone());
        match ty {
            // One that is at hand in every engine.
            Ty::Func => args.iter().copied().find(|v| matches!(v, Value::Func(_))).unwrap_or(Value::Func(None)),
            Ty::Extern => Value::Extern((hash & 1 == 0).then_some(hash as u32 >> 28)),
            ty => {
                let table = table(ty);
                table[hash as usize % table.len()]
            }
        }
    };
    Some(results.iter().copied().map(result).collect())
}
