//! The builtins "js-string" that take arrays, and the types of all (JS API, section "Builtin JS Strings"). The others
//! are in `strings.js`.

use crate::convert::to_js;
use crate::core::StoreData;
use crate::func::thrown;
use crate::realm::Realm;
use crate::values::Kept;
use headwater::error::Context;
use headwater::{
    ArrayRef, ArrayType, AsContextMut, Caller, Engine, ExternRef, FieldType, Func, FuncType, HeapType, Mutability,
    RefType, Rooted, StorageType, StoreContextMut, Val, ValType,
};
use rquickjs::{Ctx, Error, Result, Value, qjs};

/// A function type as `strings.js` writes it, `externref i32 -> i32`; `None` if it is none of those.
pub(crate) fn parse_type(engine: &Engine, text: &str) -> Option<FuncType> {
    let (params, results) = text.split_once(" -> ")?;
    Some(FuncType::new(engine, parse_list(engine, params)?, parse_list(engine, results)?))
}

fn parse_list(engine: &Engine, mut text: &str) -> Option<Vec<ValType>> {
    let units = ArrayType::new(engine, FieldType::new(Mutability::Var, StorageType::I16));
    let known = [
        ("i32", ValType::I32),
        ("externref", ValType::EXTERNREF),
        ("(ref extern)", ValType::Ref(RefType::new(false, HeapType::Extern))),
        ("(ref null (array (mut i16)))", ValType::Ref(RefType::new(true, HeapType::ConcreteArray(units)))),
    ];
    let mut types = Vec::new();
    while !text.is_empty() {
        let (rest, ty) = known.iter().find_map(|(name, ty)| Some((text.strip_prefix(name)?, ty)))?;
        types.push(ty.clone());
        text = rest.strip_prefix(' ').unwrap_or(rest);
    }
    Some(types)
}

/// A host function that is the builtin `name`, of type `ty`, for import number `import`.
///
/// # Errors
/// If there is none of that name, the engine's budget for machine code is exhausted, or the system is out of memory.
pub(crate) fn new_builtin(realm: &Realm<'_>, name: &str, ty: FuncType, import: u32) -> headwater::Result<Func> {
    let body: Body = match name {
        "fromCharCodeArray" => from_array,
        "intoCharCodeArray" => into_array,
        _ => return Err(headwater::Error::msg("there is no such builtin")),
    };
    let core = realm.core();
    let func = core.with(|store| {
        Func::try_new(store, ty, move |mut caller: Caller<'_, StoreData>, params, results| {
            // SAFETY: the store is in use, and so is what owns it.
            let core = unsafe { caller.data().core.get() };
            // SAFETY: the core is in use by its realm, in the realm's context.
            let Some((ctx, realm)) = (unsafe { Realm::context_of(core) }) else {
                return Err(headwater::Error::msg("the realm of this function is gone"));
            };
            let result = core.in_host_call(&mut caller, || {
                let realm = realm.borrow();
                // As other builtins do, it traps: nothing in WebAssembly code catches it.
                body(&ctx, &realm, params).map_err(|error| realm.park_exception(thrown(&ctx, &error)))
            })?;
            results[0] = result.val(caller.as_context_mut());
            Ok(())
        })
    })?;
    core.host_names.borrow_mut().insert(func, import);
    Ok(func)
}

type Body = for<'js> fn(&Ctx<'js>, &Realm<'js>, &[Val]) -> Result<Kept>;

fn traps<'js>(ctx: &Ctx<'js>, realm: &Realm<'js>, why: &headwater::Error) -> Error {
    realm.throw_runtime(ctx, &format!("wasm:js-string {why}"), "")
}

/// The array of 16-bit units that is passed.
fn array_in(store: StoreContextMut<'_, StoreData>, value: &Val) -> Option<Rooted<ArrayRef>> {
    value.unwrap_anyref()?.as_array(store).ok().flatten()
}

/// A new string of a part of an array.
fn from_array<'js>(ctx: &Ctx<'js>, realm: &Realm<'js>, params: &[Val]) -> Result<Kept> {
    let (start, end) = (params[1].unwrap_i32().cast_unsigned(), params[2].unwrap_i32().cast_unsigned());
    let units = realm.core().scoped(|mut store| -> headwater::Result<Vec<u16>> {
        let array = array_in(store.as_context_mut(), &params[0]).context("fromCharCodeArray: the array is null")?;
        let len = array.len(&store)?;
        if start > end || end > len {
            headwater::bail!("fromCharCodeArray: {start} to {end} in an array of length {len}");
        }
        let elems = array.elems(&mut store)?;
        let part = elems.skip(start as usize).take((end - start) as usize);
        Ok(part.map(|unit| unit.unwrap_i32() as u16).collect())
    });
    let units = units.map_err(|why| traps(ctx, realm, &why))?;
    // SAFETY: the context is alive, there are this many units, and ownership of the string is passed on.
    let string = unsafe {
        let raw = qjs::JS_NewStringUTF16(ctx.as_raw().as_ptr(), units.as_ptr(), units.len() as _);
        if qjs::JS_IsException(raw) {
            return Err(Error::Exception);
        }
        Value::from_raw(ctx.clone(), raw)
    };
    let made = realm.core().scoped(|mut store| {
        ExternRef::new(&mut store, realm.keep_extern(&string)).and_then(|made| made.to_owned_rooted(store))
    });
    made.map(Kept::Extern).map_err(|why| traps(ctx, realm, &why))
}

/// Writes a string to an array, from an index on; how many units it has.
fn into_array<'js>(ctx: &Ctx<'js>, realm: &Realm<'js>, params: &[Val]) -> Result<Kept> {
    let kept = realm.core().scoped(|store| Kept::of(store, params[0]));
    let string = to_js(ctx, realm, &kept)?;
    if !string.is_string() {
        return Err(realm.throw_runtime(ctx, "wasm:js-string intoCharCodeArray: not a string", ""));
    }
    let start = params[2].unwrap_i32().cast_unsigned();
    let raw = ctx.as_raw().as_ptr();
    let mut count = 0;
    // SAFETY: context and string are alive.
    let units = unsafe { qjs::JS_ToCStringLenUTF16(raw, &mut count, string.as_raw()) };
    if units.is_null() {
        return Err(Error::Exception);
    }
    // SAFETY: there are this many, until they are freed below.
    let text = unsafe { std::slice::from_raw_parts(units, count as usize) };
    let written = realm.core().scoped(|mut store| -> headwater::Result<()> {
        let array = array_in(store.as_context_mut(), &params[1]).context("intoCharCodeArray: the array is null")?;
        let len = array.len(&store)?;
        if u64::from(start) + text.len() as u64 > u64::from(len) {
            headwater::bail!("intoCharCodeArray: {} units at {start} of an array of length {len}", text.len());
        }
        for (i, unit) in (start..).zip(text) {
            array.set(&mut store, i, Val::I32((*unit).into()))?;
        }
        Ok(())
    });
    // SAFETY: they come from above, and are not used any more.
    unsafe { qjs::JS_FreeCStringUTF16(raw, units) };
    written.map_err(|why| traps(ctx, realm, &why))?;
    Ok(Kept::Plain(Val::I32(count as i32)))
}
