//! What a module asks for and offers, read once for all engines: each gets the same imports and is asked for the same
//! exports.

use crate::engines::{Any, Ty, Value};
use crate::values::table;
use wasmparser::{
    AbstractHeapType, CompositeInnerType, ExternalKind, HeapType, Parser, Payload, RefType, TypeRef, ValType,
};

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

/// The types of a module.
#[derive(Default)]
struct Types(Vec<CompositeInnerType>);

impl Types {
    /// `None` if not all engines have values of it.
    fn value(&self, ty: ValType) -> Option<Ty> {
        use AbstractHeapType::{Any, Array, Eq, I31, None as NoAny, Struct};
        Some(match ty {
            ValType::I32 => Ty::I32,
            ValType::I64 => Ty::I64,
            ValType::F32 => Ty::F32,
            ValType::F64 => Ty::F64,
            ValType::V128 => Ty::V128,
            ValType::Ref(RefType::FUNCREF) => Ty::Func,
            ValType::Ref(RefType::EXTERNREF) => Ty::Extern,
            ValType::Ref(r) => match r.heap_type() {
                HeapType::Abstract { ty: Any | Eq | I31, .. } => Ty::Any,
                HeapType::Abstract { ty: Struct | Array | NoAny, .. } => Ty::Heap,
                HeapType::Concrete(i) => match self.0.get(i.as_module_index()? as usize)? {
                    CompositeInnerType::Struct(_) | CompositeInnerType::Array(_) => Ty::Heap,
                    _ => return None,
                },
                _ => return None,
            },
        })
    }

    /// `None` also if there is no value that the host has at hand: of references, null is.
    fn given(&self, ty: ValType) -> Option<Ty> {
        self.value(ty).filter(|_| !matches!(ty, ValType::Ref(r) if !r.is_nullable()))
    }

    /// The signature of a function of type `i`, if all engines have its values.
    fn func(&self, i: u32) -> Option<(Signature, &wasmparser::FuncType)> {
        let CompositeInnerType::Func(ty) = self.0.get(i as usize)? else { return None };
        let types = |types: &[ValType]| types.iter().map(|&ty| self.value(ty)).collect::<Option<Vec<Ty>>>();
        Some((Signature { params: types(ty.params())?, results: types(ty.results())? }, ty))
    }

    /// One that can be called.
    fn callee(&self, i: u32) -> Option<Signature> {
        let (signature, ty) = self.func(i)?;
        ty.params().iter().all(|&ty| self.given(ty).is_some()).then_some(signature)
    }

    /// One that the host can be.
    fn host(&self, i: u32) -> Option<Signature> {
        let (signature, ty) = self.func(i)?;
        ty.results().iter().all(|&ty| self.given(ty).is_some()).then_some(signature)
    }
}

impl Interface {
    /// Of `wasm`, which must be valid; `None` if it imports what not all engines have. Exports that mention references
    /// to exceptions are left out.
    pub fn of(wasm: &[u8]) -> Option<Interface> {
        let (mut types, mut funcs, mut interface) = (Types::default(), Vec::new(), Interface::default());
        // Whether globals and tables have a type that all engines have.
        let (mut globals, mut tables) = (Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(wasm) {
            match payload.expect("the module is valid") {
                Payload::TypeSection(section) => {
                    for group in section {
                        let group = group.expect("the module is valid");
                        types.0.extend(group.into_types().map(|ty| ty.composite_type.inner));
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import.expect("the module is valid");
                        let wanted = match import.ty {
                            TypeRef::Func(ty) => {
                                funcs.push(ty);
                                Wanted::Func(types.host(ty)?)
                            }
                            TypeRef::Global(ty) => {
                                globals.push(true);
                                Wanted::Global(types.given(ty.content_type)?, ty.mutable)
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
                                Wanted::Table(types.given(ValType::Ref(ty.element_type))?, limits)
                            }
                            TypeRef::Tag(ty) => Wanted::Tag(types.func(ty.func_type_idx)?.0.params),
                            _ => return None,
                        };
                        let (module, name) = (import.module.to_string(), import.name.to_string());
                        interface.imports.push(Import { module, name, wanted });
                    }
                }
                Payload::FunctionSection(section) => {
                    funcs.extend(section.into_iter().map(|ty| ty.expect("the module is valid")));
                }
                Payload::TableSection(section) => {
                    let known = |ty: wasmparser::Table<'_>| types.value(ValType::Ref(ty.ty.element_type)).is_some();
                    tables.extend(section.into_iter().map(|ty| known(ty.expect("the module is valid"))));
                }
                Payload::GlobalSection(section) => {
                    let known = |global: wasmparser::Global<'_>| types.value(global.ty.content_type).is_some();
                    globals.extend(section.into_iter().map(|ty| known(ty.expect("the module is valid"))));
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export.expect("the module is valid");
                        let name = export.name.to_string();
                        match export.kind {
                            ExternalKind::Func => {
                                let signature = types.callee(funcs[export.index as usize]);
                                interface.funcs.extend(signature.map(|ty| (name, ty)));
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
            Value::Any(any) => any.words()[0].rotate_left(40) ^ any.words()[1],
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
            Ty::Any if hash & 3 != 0 => Value::Any(Any::Small(hash as i32 >> 1)),
            Ty::Any | Ty::Heap => ty.zero(),
            Ty::Extern => Value::Extern((hash & 1 == 0).then_some(hash as u32 >> 28)),
            ty => {
                let table = table(ty);
                table[hash as usize % table.len()]
            }
        }
    };
    Some(results.iter().copied().map(result).collect())
}
