//! Headwater.

use super::{Any, Instance, MEMORY, Outcome, Ty, Value, element, global, trap};
use crate::interface::{HOST_FAILS, Interface, Limits, Wanted, host_results};
use headwater::{AnyRef, Extern, ExternRef, Func, Ref, Rooted, Store, Val};

/// A module's instance in Headwater. The store has the number of calls of host functions.
pub struct Ours {
    store: Store<u64>,
    instance: headwater::Instance,
    funcs: Vec<Func>,
    /// What a shared memory held when that was asked last.
    copy: Vec<u8>,
}

/// `funcs` are those that a function can be told by.
fn value(store: impl headwater::AsContextMut<Data = u64>, funcs: &[Func], v: &Val) -> Value {
    value_at(store, funcs, v, super::DEPTH)
}

/// The value of the host that a reference is to, if it is to one.
fn number(store: impl headwater::AsContext<Data = u64>, r: &Rooted<ExternRef>) -> Option<u32> {
    let data = r.data(store.as_context()).expect("it is rooted")?;
    Some(*data.downcast_ref().expect("the values of the host are numbers"))
}

fn any_value(
    mut store: impl headwater::AsContextMut<Data = u64>,
    funcs: &[Func],
    any: &Rooted<AnyRef>,
    depth: u32,
) -> Any {
    const ROOTED: &str = "it is rooted";
    if let Some(small) = any.as_i31(&store).expect(ROOTED) {
        return Any::Small(small.get_i32());
    }
    if let Some(object) = any.as_struct(&store).expect(ROOTED) {
        let fields: Vec<Val> = object.fields(&mut store).expect(ROOTED).collect();
        return Any::Struct(hash(store, funcs, fields.len(), &fields, depth));
    }
    if let Some(array) = any.as_array(&store).expect(ROOTED) {
        // The first ones: there may be millions.
        let len = array.len(&store).expect(ROOTED) as usize;
        let looked_at = len.min(super::LENGTH) as u32;
        let elems: Vec<Val> = (0..looked_at).map(|i| array.get(&mut store, i).expect(ROOTED)).collect();
        return Any::Array(hash(store, funcs, len, &elems, depth));
    }
    let external = ExternRef::convert_any(&mut store, *any).expect(ROOTED);
    Any::Host(number(&store, &external).expect("nothing else is left"))
}

fn hash(
    mut store: impl headwater::AsContextMut<Data = u64>,
    funcs: &[Func],
    len: usize,
    vals: &[Val],
    depth: u32,
) -> u64 {
    if depth == 0 {
        return len as u64;
    }
    let values = vals.iter().take(super::LENGTH).map(|val| match val {
        // What else there is cannot be told from others.
        Val::ExnRef(exception) => Value::Extern(exception.is_some().then_some(0)),
        val => value_at(store.as_context_mut(), funcs, val, depth - 1),
    });
    super::contents(len, values)
}

fn value_at(mut store: impl headwater::AsContextMut<Data = u64>, funcs: &[Func], v: &Val, depth: u32) -> Value {
    match v {
        Val::I32(v) => Value::Bits(Ty::I32, u64::from(*v as u32)),
        Val::I64(v) => Value::Bits(Ty::I64, *v as u64),
        Val::F32(v) => Value::Bits(Ty::F32, u64::from(*v)),
        Val::F64(v) => Value::Bits(Ty::F64, *v),
        Val::V128(v) => Value::Vector(v.as_u128()),
        Val::FuncRef(r) => {
            let number = |r: &Func| funcs.iter().position(|f| f == r).map_or(u32::MAX, |n| n as u32);
            Value::Func(r.as_ref().map(number))
        }
        Val::ExternRef(None) => Value::Extern(None),
        Val::ExternRef(Some(r)) => match number(&mut store, r) {
            Some(number) => Value::Extern(Some(number)),
            None => {
                let any = AnyRef::convert_extern(&mut store, *r).expect("it is rooted");
                Value::Any(any_value(&mut store, funcs, &any, depth))
            }
        },
        Val::AnyRef(None) => Value::Any(Any::Null),
        Val::AnyRef(Some(any)) => Value::Any(any_value(store, funcs, any, depth)),
        other => panic!("a value of an unknown type: {other:?}"),
    }
}

fn val(store: impl headwater::AsContextMut, funcs: &[Func], v: Value) -> Val {
    match v {
        Value::Bits(Ty::I32, v) => Val::I32(v as i32),
        Value::Bits(Ty::F32, v) => Val::F32(v as u32),
        Value::Bits(Ty::F64, v) => Val::F64(v),
        Value::Bits(_, v) => Val::I64(v as i64),
        Value::Vector(v) => Val::V128(headwater::V128::from(v)),
        Value::Func(f) => Val::FuncRef(f.and_then(|f| funcs.get(f as usize).copied())),
        Value::Extern(e) => Val::ExternRef(e.map(|e| ExternRef::new(store, e).expect("there are few"))),
        Value::Any(Any::Small(n)) => {
            Val::AnyRef(Some(AnyRef::from_i31(store, headwater::I31::new_i32(n).expect("it is small"))))
        }
        Value::Any(_) => Val::AnyRef(None),
    }
}

fn reference(v: Val) -> Ref {
    match v {
        Val::FuncRef(f) => Ref::Func(f),
        Val::ExternRef(e) => Ref::Extern(e),
        Val::AnyRef(a) => Ref::Any(a),
        other => panic!("no reference: {other:?}"),
    }
}

fn error(error: &headwater::Error) -> Outcome {
    use headwater::Trap;
    if error.root_cause().to_string() == HOST_FAILS {
        return Outcome::Trap(trap::HOST);
    }
    if error.is::<headwater::ThrownException>() {
        return Outcome::Trap(trap::EXCEPTION);
    }
    if error.is::<headwater::GcHeapOutOfMemory<()>>() {
        return Outcome::Exhausted;
    }
    let Some(code) = error.downcast_ref::<Trap>() else { return Outcome::Error(format!("{error:#}")) };
    Outcome::Trap(match code {
        Trap::UnreachableCodeReached => trap::UNREACHABLE,
        Trap::MemoryOutOfBounds => trap::MEMORY,
        Trap::TableOutOfBounds => trap::TABLE,
        Trap::IndirectCallToNull => trap::NULL,
        Trap::IntegerDivisionByZero => trap::DIVISION,
        Trap::IntegerOverflow => trap::OVERFLOW,
        Trap::BadConversionToInteger => trap::CONVERSION,
        Trap::BadSignature => trap::SIGNATURE,
        Trap::NullReference => trap::NULL_REFERENCE,
        Trap::ArrayOutOfBounds => trap::ARRAY,
        Trap::CastFailure => trap::CAST,
        Trap::AllocationTooLarge => return Outcome::Exhausted,
        Trap::HeapMisaligned => trap::UNALIGNED,
        Trap::AtomicWaitNonSharedMemory => trap::NOT_SHARED,
        Trap::StackOverflow => return Outcome::Exhausted,
        other => return Outcome::Error(format!("unexpected: {other}")),
    })
}

/// The interface is that of the module.
const SAME: &str = "the import is of this kind";

/// What the module imports.
fn imports(
    store: &mut Store<u64>,
    module: &headwater::Module,
    interface: &Interface,
) -> headwater::Result<Vec<Extern>> {
    let mut funcs = Vec::new();
    let types: Vec<headwater::ExternType> = module.imports().map(|import| import.ty()).collect();
    for (index, import) in interface.imports.iter().enumerate() {
        let Wanted::Func(signature) = &import.wanted else { continue };
        let results = signature.results.clone();
        let ty = types[index].func().expect(SAME).clone();
        funcs.push(Func::new(&mut *store, ty, move |mut caller, args, given| {
            *caller.data_mut() += 1;
            let call = *caller.data();
            let values: Vec<Value> = args.iter().map(|v| value(&mut caller, &[], v)).collect();
            let results =
                host_results(index, call, &values, &results).ok_or_else(|| headwater::Error::msg(HOST_FAILS))?;
            for (to, from) in given.iter_mut().zip(results) {
                *to = match from {
                    // The first of the arguments that is one.
                    Value::Func(Some(_)) => *args.iter().find(|v| matches!(v, Val::FuncRef(_))).expect("it is one"),
                    from => val(&mut caller, &[], from),
                };
            }
            Ok(())
        }));
    }
    let mut next = funcs.iter();
    let mut externs = Vec::new();
    for (index, import) in interface.imports.iter().enumerate() {
        externs.push(match import.wanted {
            Wanted::Func(_) => (*next.next().expect("there is one for each import")).into(),
            Wanted::Global(ty, _) => {
                let val = val(&mut *store, &funcs, global(index, ty));
                headwater::Global::new(&mut *store, types[index].global().expect(SAME).clone(), val)?.into()
            }
            Wanted::Memory(limits) => {
                let mut ty = headwater::MemoryTypeBuilder::new();
                ty.memory64(limits.is_64).page_size_log2(limits.page_log2).min(limits.minimum).max(limits.maximum);
                let memory = headwater::Memory::new(&mut *store, ty.build()?)?;
                if memory.data_size(&*store) >= MEMORY.len() {
                    memory.write(&mut *store, 0, MEMORY)?;
                }
                memory.into()
            }
            Wanted::Tag(_) => headwater::Tag::new(&mut *store, types[index].tag().expect(SAME))?.into(),
            Wanted::Table(ty, Limits { minimum, .. }) => {
                let table_type = types[index].table().expect(SAME).clone();
                let null = reference(val(&mut *store, &funcs, ty.zero()));
                let table = headwater::Table::new(&mut *store, table_type, null)?;
                for i in 0..minimum {
                    let element = reference(val(&mut *store, &funcs, element(i as u32, ty)));
                    table.set(&mut *store, i, element)?;
                }
                table.into()
            }
        });
    }
    Ok(externs)
}

impl Ours {
    /// Compiles and instantiates.
    ///
    /// # Errors
    /// How the attempt ended.
    pub fn new(engine: &headwater::Engine, wasm: &[u8], interface: &Interface) -> Result<Ours, Outcome> {
        let module = headwater::Module::from_binary(engine, wasm).map_err(|e| Outcome::Error(e.to_string()))?;
        let mut store = Store::new(engine, 0);
        let imports = imports(&mut store, &module, interface).map_err(|e| error(&e))?;
        let instance = headwater::Instance::new(&mut store, &module, &imports).map_err(|e| error(&e))?;
        let func =
            |(name, _): &(String, _)| instance.get_func(&mut store, name).expect("all engines see the same exports");
        let funcs = interface.funcs.iter().map(func).collect();
        Ok(Ours { store, instance, funcs, copy: Vec::new() })
    }

    /// How much fuel is left, if it is counted.
    pub fn fuel(&self) -> Option<u64> {
        self.store.get_fuel().ok()
    }
}

impl Instance for Ours {
    fn engine(&self) -> &'static str {
        "Headwater"
    }

    fn call(&mut self, name: &str, args: &[Value]) -> Outcome {
        let func = self.instance.get_func(&mut self.store, name).expect("all engines see the same exports");
        let args: Vec<Val> = args.iter().map(|&v| val(&mut self.store, &self.funcs, v)).collect();
        let count = func.ty(&self.store).results().len();
        let mut results = vec![Val::I32(0); count];
        match func.call(&mut self.store, &args, &mut results) {
            Ok(()) => Outcome::Values(results.iter().map(|v| value(&mut self.store, &self.funcs, v)).collect()),
            Err(e) => error(&e),
        }
    }

    fn global(&mut self, name: &str) -> Value {
        let global = self.instance.get_global(&mut self.store, name).expect("all engines see the same exports");
        let val = global.get(&mut self.store);
        value(&mut self.store, &self.funcs, &val)
    }

    fn memory(&mut self, name: &str) -> &[u8] {
        if let Some(memory) = self.instance.get_memory(&mut self.store, name) {
            return memory.data(&self.store);
        }
        let memory = self.instance.get_shared_memory(&mut self.store, name);
        let memory = memory.expect("all engines see the same exports");
        self.copy.resize(memory.data_size(), 0);
        memory.read(0, &mut self.copy).expect("it is so long");
        &self.copy
    }

    fn table(&mut self, name: &str) -> Vec<Value> {
        let table = self.instance.get_table(&mut self.store, name).expect("all engines see the same exports");
        let mut elements = Vec::new();
        for i in 0..table.size(&self.store) {
            let element = table.get(&mut self.store, i).expect("it is in bounds");
            let val = match element {
                Ref::Func(f) => Val::FuncRef(f),
                Ref::Extern(e) => Val::ExternRef(e),
                Ref::Any(a) => Val::AnyRef(a),
                other => panic!("the interface leaves such tables out: {other:?}"),
            };
            elements.push(value(&mut self.store, &self.funcs, &val));
        }
        elements
    }
}
