//! wasmi, an interpreter of other people.

use super::{Instance, MEMORY, Outcome, Ty, Value, element, global, trap};
use crate::interface::{HOST_FAILS, Interface, Limits, Wanted, host_results};
use std::collections::HashMap;
use wasmi::{Extern, Func, FuncType, Mutability, Ref, Store, Val, ValType};

/// A module's instance in wasmi. The store has the number of calls of host functions.
pub struct Wasmi {
    store: Store<u64>,
    instance: wasmi::Instance,
    funcs: Funcs,
}

/// Functions by their number, and numbers by how a function prints itself, which tells all functions of a store apart.
#[derive(Default)]
struct Funcs {
    all: Vec<Func>,
    numbers: HashMap<String, u32>,
}

const NO_GC: &str = "modules with such types are not run in wasmi";

fn val_type(ty: Ty) -> ValType {
    match ty {
        Ty::I32 => ValType::I32,
        Ty::I64 => ValType::I64,
        Ty::F32 => ValType::F32,
        Ty::F64 => ValType::F64,
        Ty::V128 => ValType::V128,
        Ty::Func => ValType::FuncRef,
        Ty::Extern => ValType::ExternRef,
        Ty::Any | Ty::Heap => unreachable!("{NO_GC}"),
    }
}

fn value(store: impl wasmi::AsContext, funcs: &Funcs, v: &Val) -> Value {
    match v {
        Val::I32(v) => Value::Bits(Ty::I32, u64::from(*v as u32)),
        Val::I64(v) => Value::Bits(Ty::I64, *v as u64),
        Val::F32(v) => Value::Bits(Ty::F32, u64::from(v.to_bits())),
        Val::F64(v) => Value::Bits(Ty::F64, v.to_bits()),
        Val::V128(v) => Value::Vector(v.as_u128()),
        Val::FuncRef(r) => {
            let number = |r: &Func| funcs.numbers.get(&format!("{r:?}")).copied().unwrap_or(u32::MAX);
            Value::Func(r.val().map(number))
        }
        Val::ExternRef(r) => {
            Value::Extern(r.val().map(|r| {
                *r.data(store.as_context()).downcast_ref::<u32>().expect("the values of the host are numbers")
            }))
        }
    }
}

fn val(store: impl wasmi::AsContextMut, funcs: &[Func], v: Value) -> Val {
    match v {
        Value::Bits(Ty::I32, v) => Val::I32(v as i32),
        Value::Bits(Ty::F32, v) => Val::F32(wasmi::F32::from_bits(v as u32)),
        Value::Bits(Ty::F64, v) => Val::F64(wasmi::F64::from_bits(v)),
        Value::Bits(_, v) => Val::I64(v as i64),
        Value::Vector(v) => Val::V128(wasmi::V128::from(v)),
        Value::Func(f) => Val::FuncRef(f.and_then(|f| funcs.get(f as usize)).map_or(Ref::Null, |&f| Ref::Val(f))),
        Value::Extern(e) => Val::ExternRef(e.map_or(Ref::Null, |e| Ref::Val(wasmi::ExternRef::new(store, e)))),
        Value::Any(_) => unreachable!("{NO_GC}"),
    }
}

fn error(error: &wasmi::Error) -> Outcome {
    use wasmi::TrapCode;
    if error.to_string() == HOST_FAILS {
        return Outcome::Trap(trap::HOST);
    }
    let Some(code) = error.as_trap_code() else {
        // What fails at instantiation is no trap in wasmi.
        let text = error.to_string();
        return match text.starts_with("out of bounds table access") {
            true => Outcome::Trap(trap::TABLE),
            false => Outcome::Error(text),
        };
    };
    Outcome::Trap(match code {
        TrapCode::UnreachableCodeReached => trap::UNREACHABLE,
        TrapCode::MemoryOutOfBounds => trap::MEMORY,
        TrapCode::TableOutOfBounds => trap::TABLE,
        TrapCode::IndirectCallToNull => trap::NULL,
        TrapCode::IntegerDivisionByZero => trap::DIVISION,
        TrapCode::IntegerOverflow => trap::OVERFLOW,
        TrapCode::BadConversionToInteger => trap::CONVERSION,
        TrapCode::BadSignature => trap::SIGNATURE,
        _ => return Outcome::Exhausted,
    })
}

/// What the module imports.
fn imports(store: &mut Store<u64>, interface: &Interface) -> Result<Vec<Extern>, wasmi::Error> {
    let mut funcs = Vec::new();
    for (index, import) in interface.imports.iter().enumerate() {
        let Wanted::Func(signature) = &import.wanted else { continue };
        let (params, results) = (&signature.params, signature.results.clone());
        let ty = FuncType::new(params.iter().map(|&ty| val_type(ty)), results.iter().map(|&ty| val_type(ty)));
        funcs.push(Func::new(&mut *store, ty, move |mut caller, args, given| {
            *caller.data_mut() += 1;
            let call = *caller.data();
            let values: Vec<Value> = args.iter().map(|v| value(&caller, &Funcs::default(), v)).collect();
            let results = host_results(index, call, &values, &results).ok_or_else(|| wasmi::Error::new(HOST_FAILS))?;
            for (to, from) in given.iter_mut().zip(results) {
                *to = match from {
                    // The first of the arguments that is one.
                    Value::Func(Some(_)) => {
                        args.iter().find(|v| matches!(v, Val::FuncRef(_))).expect("it is one").clone()
                    }
                    from => val(&mut caller, &[], from),
                };
            }
            Ok(())
        }));
    }
    let mut next = funcs.iter();
    let mut externs: Vec<Extern> = Vec::new();
    for (index, import) in interface.imports.iter().enumerate() {
        externs.push(match import.wanted {
            Wanted::Func(_) => Extern::Func(*next.next().expect("there is one for each import")),
            Wanted::Global(ty, mutable) => {
                let val = val(&mut *store, &funcs, global(index, ty));
                let mutability = if mutable { Mutability::Var } else { Mutability::Const };
                wasmi::Global::new(&mut *store, val, mutability).into()
            }
            Wanted::Memory(limits) => {
                let mut ty = wasmi::MemoryType::builder();
                ty.memory64(limits.is_64).page_size_log2(limits.page_log2).min(limits.minimum).max(limits.maximum);
                let memory = wasmi::Memory::new(&mut *store, ty.build().expect("the module is valid"))?;
                if memory.data_size(&*store) >= MEMORY.len() {
                    memory.write(&mut *store, 0, MEMORY).expect("it has a page");
                }
                memory.into()
            }
            Wanted::Tag(_) => unreachable!("it has no exceptions, and is not asked"),
            Wanted::Table(ty, Limits { minimum, maximum, is_64, .. }) => {
                let table_type = match is_64 {
                    true => wasmi::TableType::new64(val_type(ty), minimum, maximum),
                    false => wasmi::TableType::new(val_type(ty), minimum as u32, maximum.map(|n| n as u32)),
                };
                let table = wasmi::Table::new(&mut *store, table_type, Val::default(val_type(ty)))?;
                for i in 0..minimum {
                    let element = val(&mut *store, &funcs, element(i as u32, ty));
                    table.set(&mut *store, i, element).expect("it is in bounds");
                }
                table.into()
            }
        });
    }
    // wasmi has imports ordered by kind.
    externs.sort_by_key(|external| match external {
        Extern::Func(_) => 0,
        Extern::Table(_) => 1,
        Extern::Memory(_) => 2,
        Extern::Global(_) => 3,
    });
    Ok(externs)
}

impl Wasmi {
    /// Compiles and instantiates. With `fuel`, execution is bounded by it.
    ///
    /// # Errors
    /// How the attempt ended.
    pub fn new(
        engine: &wasmi::Engine,
        wasm: &[u8],
        interface: &Interface,
        fuel: Option<u64>,
    ) -> Result<Wasmi, Outcome> {
        let module = wasmi::Module::new(engine, wasm).map_err(|e| Outcome::Error(e.to_string()))?;
        let mut store = Store::new(engine, 0);
        if let Some(fuel) = fuel {
            store.set_fuel(fuel).expect("the engine measures fuel");
        }
        let imports = imports(&mut store, interface).map_err(|e| error(&e))?;
        let instance = wasmi::Instance::new(&mut store, &module, &imports).map_err(|e| error(&e))?;
        let mut funcs = Funcs::default();
        for (i, (name, _)) in interface.funcs.iter().enumerate() {
            let func = instance.get_func(&store, name).expect("all engines see the same exports");
            funcs.numbers.entry(format!("{func:?}")).or_insert(i as u32);
            funcs.all.push(func);
        }
        Ok(Wasmi { store, instance, funcs })
    }
}

impl Instance for Wasmi {
    fn engine(&self) -> &'static str {
        "wasmi"
    }

    fn call(&mut self, name: &str, args: &[Value]) -> Outcome {
        let func = self.instance.get_func(&self.store, name).expect("all engines see the same exports");
        let args: Vec<Val> = args.iter().map(|&v| val(&mut self.store, &self.funcs.all, v)).collect();
        let count = func.ty(&self.store).results().len();
        let mut results = vec![Val::I32(0); count];
        match func.call(&mut self.store, &args, &mut results) {
            Ok(()) => Outcome::Values(results.iter().map(|v| value(&self.store, &self.funcs, v)).collect()),
            Err(e) => error(&e),
        }
    }

    fn global(&mut self, name: &str) -> Value {
        let global = self.instance.get_global(&self.store, name).expect("all engines see the same exports");
        let val = global.get(&self.store);
        value(&self.store, &self.funcs, &val)
    }

    fn memory(&mut self, name: &str) -> &[u8] {
        let memory = self.instance.get_memory(&self.store, name).expect("all engines see the same exports");
        memory.data(&self.store)
    }

    fn table(&mut self, name: &str) -> Vec<Value> {
        let table = self.instance.get_table(&self.store, name).expect("all engines see the same exports");
        let element = |i| {
            let val = table.get(&self.store, i).expect("it is in bounds");
            value(&self.store, &self.funcs, &val)
        };
        (0..table.size(&self.store)).map(element).collect()
    }
}
