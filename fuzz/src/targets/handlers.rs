//! Programs that throw and catch do what a model says.

use super::{Done, Failure, note};
use crate::choices::Choices;
use crate::handlers::model::{self, End, Exception, Run};
use crate::handlers::{Kind, Program, emit, host_throws, program};
use crate::{observed, settings};
use headwater::{
    AsContextMut, Caller, Engine, ExnRef, ExnRefPre, ExnType, Func, FuncType, Linker, Module, Result, RootScope, Store,
    Tag, TagType, ThrownException, Trap, V128, Val, ValType,
};

/// Draws settings and a program.
pub fn run(c: &mut Choices<'_>) -> Result<Done, Failure> {
    let config = settings::draw(c);
    let program = program(c);
    let Some(Run { end, notes, .. }) = model::run(&program) else { return Ok(Done::default()) };
    let wasm = emit::module(&program);
    note(&wasm);
    let found = headwater(&settings::engine(&config), &wasm, &program)
        .map_err(|e| Failure::new("no result", format!("{config:?}\n{e:?}\n{program:#?}")))?;
    observed::text(&format!("{found:?}"));
    if found != (end.clone(), notes) {
        let what = format!("{config:?}\nfound {found:?}, expected {:?}\n{program:#?}", (end, notes));
        return Err(Failure::new("results differ", what));
    }
    Ok(Done { modules: 1, checks: 1 })
}

fn val_type(kind: Kind) -> ValType {
    match kind {
        Kind::I32 => ValType::I32,
        Kind::I64 => ValType::I64,
        Kind::F32 => ValType::F32,
        Kind::F64 => ValType::F64,
        Kind::V128 => ValType::V128,
    }
}

fn val(kind: Kind, n: i64) -> Val {
    match kind {
        Kind::I32 => Val::I32(n as i32),
        Kind::I64 => Val::I64(n),
        Kind::F32 => Val::F32((n as f32).to_bits()),
        Kind::F64 => Val::F64((n as f64).to_bits()),
        Kind::V128 => Val::V128(V128::from(u128::from(n as u64) << 64 | u128::from(n as u64))),
    }
}

/// A number of which the value was made; an odd one if it was not.
fn number(val: &Val) -> i64 {
    match *val {
        Val::I32(n) => n.into(),
        Val::I64(n) => n,
        Val::F32(bits) => f32::from_bits(bits) as i64,
        Val::F64(bits) => f64::from_bits(bits) as i64,
        Val::V128(v) => {
            let bits = u128::from(v);
            if bits >> 64 == bits & u128::from(u64::MAX) { bits as i64 } else { i64::MIN + 1 }
        }
        _ => i64::MIN + 3,
    }
}

fn headwater(engine: &Engine, wasm: &[u8], program: &Program) -> Result<(End, i64)> {
    let module = Module::new(engine, wasm)?;
    let mut store = Store::new(engine, ());
    if store.get_fuel().is_ok() {
        store.set_fuel(u64::MAX / 2)?;
    }
    store.set_epoch_deadline(1 << 40);
    let mut linker = Linker::new(engine);
    let mut tags = Vec::new();
    for (i, kinds) in program.tags.iter().enumerate() {
        let ty = FuncType::new(engine, kinds.iter().map(|&kind| val_type(kind)), []);
        let tag = Tag::new(&mut store, &TagType::new(ty))?;
        linker.define(&store, "m", &i.to_string(), tag)?;
        tags.push((tag, kinds.clone()));
    }
    let known = tags.clone();
    let host = Func::wrap(&mut store, move |mut caller: Caller<'_, ()>, n: i32| -> Result<()> {
        let Some((tag, n)) = host_throws(n.into(), known.len()) else { return Ok(()) };
        let (tag, kinds) = &known[tag];
        let ty = ExnType::from_tag_type(&tag.ty(&caller))?;
        let allocator = ExnRefPre::new(&mut caller, ty);
        let fields: Vec<Val> = kinds.iter().map(|&kind| val(kind, n)).collect();
        let exception = ExnRef::new(&mut caller, &allocator, tag, &fields)?;
        Ok(caller.as_context_mut().throw(exception)?)
    });
    linker.define(&store, "m", "host", host)?;
    let instance = linker.instantiate(&mut store, &module)?;
    let func = instance.get_func(&mut store, "run").expect("it is exported");
    let first = program.functions.last().expect("there is one");
    let args: Vec<Val> = first.params.iter().map(|&kind| val(kind, 1)).collect();
    let mut results = [Val::I64(0)];
    let end = match func.call(&mut store, &args, &mut results) {
        Ok(()) => End::Value(results[0].unwrap_i64()),
        Err(e) if e.downcast_ref::<Trap>() == Some(&Trap::NullReference) => End::Null,
        Err(e) if e.is::<ThrownException>() => {
            let mut scope = RootScope::new(&mut store);
            let exception = scope.as_context_mut().take_pending_exception().expect("the error says so");
            let tag = exception.tag(&mut scope)?;
            let tag = tags.iter().position(|(known, _)| *known == tag).expect("there are no others");
            End::Uncaught(Exception { tag, fields: exception.fields(&mut scope)?.map(|val| number(&val)).collect() })
        }
        Err(e) => return Err(e),
    };
    let notes = instance.get_global(&mut store, "notes").expect("it is exported").get(&mut store).unwrap_i64();
    Ok((end, notes))
}
