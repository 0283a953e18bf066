//! One module in Headwater and in wasmi, an interpreter of other people, side by side.

use std::fmt;

/// A number type.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Ty {
    I32,
    I64,
    F32,
    F64,
}

impl Ty {
    /// As it is encoded.
    pub fn byte(self) -> u8 {
        match self {
            Ty::I32 => 0x7f,
            Ty::I64 => 0x7e,
            Ty::F32 => 0x7d,
            Ty::F64 => 0x7c,
        }
    }
}

/// A value by its bits; references only by whether they are null.
#[derive(Copy, Clone, PartialEq, Eq)]
pub enum Value {
    Bits(Ty, u64),
    Ref { null: bool },
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Value::Bits(Ty::I32, v) => write!(f, "i32 {:#x}", v as u32),
            Value::Bits(Ty::I64, v) => write!(f, "i64 {v:#x}"),
            Value::Bits(Ty::F32, v) => write!(f, "f32 {v:#x} = {:?}", f32::from_bits(v as u32)),
            Value::Bits(Ty::F64, v) => write!(f, "f64 {v:#x} = {:?}", f64::from_bits(v)),
            Value::Ref { null } => write!(f, "{}", if null { "null" } else { "a reference" }),
        }
    }
}

impl Value {
    /// The value, or the one NaN that stands for all.
    pub fn canonical(self) -> Value {
        match self {
            Value::Bits(Ty::F32, v) if f32::from_bits(v as u32).is_nan() => Value::Bits(Ty::F32, 0x7fc0_0000),
            Value::Bits(Ty::F64, v) if f64::from_bits(v).is_nan() => Value::Bits(Ty::F64, 0x7ff8 << 48),
            v => v,
        }
    }
}

/// How a call ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    Values(Vec<Value>),
    Trap(&'static str),
    /// Out of fuel, memory or stack in one engine: nothing to compare.
    Exhausted,
    /// No trap at all.
    Error(String),
}

impl Outcome {
    pub fn canonical(self) -> Outcome {
        match self {
            Outcome::Values(vs) => Outcome::Values(vs.into_iter().map(Value::canonical).collect()),
            other => other,
        }
    }
}

/// A module's instance in Headwater.
pub struct Ours {
    pub store: headwater::Store<()>,
    pub instance: headwater::Instance,
}

/// Of a function's results, or of a global.
fn our_value(v: &headwater::Val) -> Value {
    match v {
        headwater::Val::I32(v) => Value::Bits(Ty::I32, u64::from(*v as u32)),
        headwater::Val::I64(v) => Value::Bits(Ty::I64, *v as u64),
        headwater::Val::F32(v) => Value::Bits(Ty::F32, u64::from(*v)),
        headwater::Val::F64(v) => Value::Bits(Ty::F64, *v),
        headwater::Val::FuncRef(r) => Value::Ref { null: r.is_none() },
        headwater::Val::ExternRef(r) => Value::Ref { null: r.is_none() },
        other => panic!("a value of an unknown type: {other:?}"),
    }
}

fn our_error(error: &headwater::Error) -> Outcome {
    use headwater::Trap;
    let Some(trap) = error.downcast_ref::<Trap>() else { return Outcome::Error(format!("{error:#}")) };
    Outcome::Trap(match trap {
        Trap::UnreachableCodeReached => "unreachable",
        Trap::MemoryOutOfBounds => "memory out of bounds",
        Trap::TableOutOfBounds => "table out of bounds",
        Trap::IndirectCallToNull => "call of null",
        Trap::IntegerDivisionByZero => "division by zero",
        Trap::IntegerOverflow => "integer overflow",
        Trap::BadConversionToInteger => "bad conversion",
        Trap::BadSignature => "bad signature",
        Trap::StackOverflow => return Outcome::Exhausted,
        other => return Outcome::Error(format!("unexpected: {other}")),
    })
}

impl Ours {
    /// Compiles and instantiates; there must be no imports.
    pub fn new(engine: &headwater::Engine, wasm: &[u8]) -> Result<Ours, Outcome> {
        let module = headwater::Module::new(engine, wasm).map_err(|e| Outcome::Error(e.to_string()))?;
        let mut store = headwater::Store::new(engine, ());
        let instance = headwater::Instance::new(&mut store, &module, &[]).map_err(|e| our_error(&e))?;
        Ok(Ours { store, instance })
    }

    pub fn call(&mut self, name: &str, args: &[Value]) -> Outcome {
        let func = self.instance.get_func(&mut self.store, name).expect("both engines see the same exports");
        let args: Vec<_> = args
            .iter()
            .map(|v| match *v {
                Value::Bits(Ty::I32, v) => headwater::Val::I32(v as i32),
                Value::Bits(Ty::I64, v) => headwater::Val::I64(v as i64),
                Value::Bits(Ty::F32, v) => headwater::Val::F32(v as u32),
                Value::Bits(Ty::F64, v) => headwater::Val::F64(v),
                Value::Ref { .. } => unreachable!("calls pass numbers"),
            })
            .collect();
        let count = func.ty(&self.store).results().len();
        let mut results = vec![headwater::Val::I32(0); count];
        match func.call(&mut self.store, &args, &mut results) {
            Ok(()) => Outcome::Values(results.iter().map(our_value).collect()),
            Err(e) => our_error(&e),
        }
    }

    pub fn global(&mut self, name: &str) -> Value {
        let global = self.instance.get_global(&mut self.store, name).expect("both engines see the same exports");
        our_value(&global.get(&mut self.store))
    }

    pub fn memory(&mut self, name: &str) -> &[u8] {
        let memory = self.instance.get_memory(&mut self.store, name).expect("both engines see the same exports");
        memory.data(&self.store)
    }
}

/// The same in wasmi.
pub struct Theirs {
    pub store: wasmi::Store<()>,
    pub instance: wasmi::Instance,
}

fn their_value(v: &wasmi::Val) -> Value {
    match v {
        wasmi::Val::I32(v) => Value::Bits(Ty::I32, u64::from(*v as u32)),
        wasmi::Val::I64(v) => Value::Bits(Ty::I64, *v as u64),
        wasmi::Val::F32(v) => Value::Bits(Ty::F32, u64::from(v.to_bits())),
        wasmi::Val::F64(v) => Value::Bits(Ty::F64, v.to_bits()),
        wasmi::Val::FuncRef(r) => Value::Ref { null: r.is_null() },
        wasmi::Val::ExternRef(r) => Value::Ref { null: r.is_null() },
        other => panic!("a value of an unknown type: {other:?}"),
    }
}

fn their_error(error: &wasmi::Error) -> Outcome {
    use wasmi::TrapCode;
    let Some(trap) = error.as_trap_code() else { return Outcome::Error(error.to_string()) };
    Outcome::Trap(match trap {
        TrapCode::UnreachableCodeReached => "unreachable",
        TrapCode::MemoryOutOfBounds => "memory out of bounds",
        TrapCode::TableOutOfBounds => "table out of bounds",
        TrapCode::IndirectCallToNull => "call of null",
        TrapCode::IntegerDivisionByZero => "division by zero",
        TrapCode::IntegerOverflow => "integer overflow",
        TrapCode::BadConversionToInteger => "bad conversion",
        TrapCode::BadSignature => "bad signature",
        _ => return Outcome::Exhausted,
    })
}

impl Theirs {
    /// Compiles and instantiates; there must be no imports. With `fuel`, execution is bounded by it.
    pub fn new(engine: &wasmi::Engine, wasm: &[u8], fuel: Option<u64>) -> Result<Theirs, Outcome> {
        let module = wasmi::Module::new(engine, wasm).map_err(|e| Outcome::Error(e.to_string()))?;
        let mut store = wasmi::Store::new(engine, ());
        if let Some(fuel) = fuel {
            store.set_fuel(fuel).expect("the engine measures fuel");
        }
        let instance = wasmi::Instance::new(&mut store, &module, &[]).map_err(|e| their_error(&e))?;
        Ok(Theirs { store, instance })
    }

    pub fn call(&mut self, name: &str, args: &[Value]) -> Outcome {
        let func = self.instance.get_func(&self.store, name).expect("both engines see the same exports");
        let args: Vec<_> = args
            .iter()
            .map(|v| match *v {
                Value::Bits(Ty::I32, v) => wasmi::Val::I32(v as i32),
                Value::Bits(Ty::I64, v) => wasmi::Val::I64(v as i64),
                Value::Bits(Ty::F32, v) => wasmi::Val::F32(wasmi::F32::from_bits(v as u32)),
                Value::Bits(Ty::F64, v) => wasmi::Val::F64(wasmi::F64::from_bits(v)),
                Value::Ref { .. } => unreachable!("calls pass numbers"),
            })
            .collect();
        let count = func.ty(&self.store).results().len();
        let mut results = vec![wasmi::Val::I32(0); count];
        match func.call(&mut self.store, &args, &mut results) {
            Ok(()) => Outcome::Values(results.iter().map(their_value).collect()),
            Err(e) => their_error(&e),
        }
    }

    pub fn global(&mut self, name: &str) -> Value {
        let global = self.instance.get_global(&self.store, name).expect("both engines see the same exports");
        their_value(&global.get(&self.store))
    }

    pub fn memory(&mut self, name: &str) -> &[u8] {
        let memory = self.instance.get_memory(&self.store, name).expect("both engines see the same exports");
        memory.data(&self.store)
    }
}
