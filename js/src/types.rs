//! Types as JavaScript describes them (JS types proposal, section "Types"), for `types.js`, which makes objects of this:
//! arrays whose first element is the kind.

use crate::func::array_of;
use headwater::{
    AsContextMut, Extern, ExternType, FuncType, MemoryType, MemoryTypeBuilder, StoreContextMut, TableType, ValType,
};
use rquickjs::{Ctx, Result, String as JsString, Value};

/// `["function", parameters, results]`, `["memory", minimum, maximum, is64, shared]`, `["table", minimum, maximum, is64,
/// element]`, `["global", content, mutable]` or `["tag", parameters]`; `maximum` may be undefined.
///
/// # Errors
/// If QuickJS is out of memory.
pub(crate) fn describe<'js>(ctx: &Ctx<'js>, ty: &ExternType) -> Result<Value<'js>> {
    let text = |text: &str| Ok(JsString::from_str(ctx.clone(), text)?.into_value());
    let number = |n: u64| Value::new_number(ctx.clone(), n as f64);
    let limit = |n: Option<u64>| n.map_or_else(|| Value::new_undefined(ctx.clone()), number);
    let flag = |flag| Value::new_bool(ctx.clone(), flag);
    let list = |types: &mut dyn Iterator<Item = ValType>| {
        let names = types.map(|ty| text(&ty.to_string())).collect::<Result<Vec<_>>>()?;
        array_of(ctx, names)
    };
    let described = match ty {
        ExternType::Func(f) => vec![text("function")?, list(&mut f.params())?, list(&mut f.results())?],
        ExternType::Memory(m) => {
            vec![text("memory")?, number(m.minimum()), limit(m.maximum()), flag(m.is_64()), flag(m.is_shared())]
        }
        ExternType::Table(t) => {
            let element = ValType::Ref(t.element().clone()).to_string();
            vec![text("table")?, number(t.minimum()), limit(t.maximum()), flag(t.is_64()), text(&element)?]
        }
        ExternType::Global(g) => {
            vec![text("global")?, text(&g.content().to_string())?, flag(g.mutability().is_var())]
        }
        ExternType::Tag(t) => vec![text("tag")?, list(&mut t.ty().params())?],
    };
    array_of(ctx, described)
}

/// The same of a function type.
///
/// # Errors
/// If QuickJS is out of memory.
pub(crate) fn describe_func<'js>(ctx: &Ctx<'js>, ty: &FuncType) -> Result<Value<'js>> {
    describe(ctx, &ExternType::Func(ty.clone()))
}

/// The type of an item, whose minimum is the present size if it is a memory or table.
pub(crate) fn present<T>(mut store: StoreContextMut<'_, T>, item: &Extern) -> ExternType {
    let with_minimum = |m: MemoryType, min: u64| {
        let mut builder = MemoryTypeBuilder::new();
        let builder = builder.min(min).max(m.maximum()).memory64(m.is_64()).shared(m.is_shared());
        // Memories of the type have that size.
        builder.build().unwrap_or(m)
    };
    match item {
        Extern::Memory(memory) => with_minimum(memory.ty(&store), memory.size(&store)).into(),
        Extern::SharedMemory(memory) => with_minimum(memory.ty(), memory.size()).into(),
        Extern::Table(table) => {
            let (ty, min) = (table.ty(&store), table.size(store.as_context_mut()));
            match ty.is_64() {
                true => TableType::new64(ty.element().clone(), min, ty.maximum()),
                false => TableType::new(ty.element().clone(), min as u32, ty.maximum().map(|max| max as u32)),
            }
            .into()
        }
        Extern::Func(_) | Extern::Global(_) | Extern::Tag(_) => item.ty(store),
    }
}
