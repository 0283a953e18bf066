//! What `methods.rs` needs to make memories, tables and globals, and buffers over memories.

use crate::buffer;
use crate::convert::{to_ref, to_wasm};
use crate::core::StoreData;
use crate::exception;
use crate::func;
use crate::handles::{Handle, Keeper};
use crate::realm::Realm;
use crate::values::Kept;
use headwater::{
    AsContextMut, Global, GlobalType, IncompatibleImport, Memory, MemoryType, MemoryTypeBuilder, Ref, RefType,
    StoreContextMut, Trap, Val, ValType, WasmBacktrace,
};
use rquickjs::function::Opt;
use rquickjs::{Ctx, Exception, Result, Value};
use std::rc::Rc;

impl<'js> Realm<'js> {
    /// The buffer over a memory; `resizable` is `None` if either kind will do.
    pub fn lend(&self, ctx: &Ctx<'js>, handle: &Handle<'js>, resizable: Option<bool>) -> Result<Value<'js>> {
        let core = self.core();
        let memory = handle.memory(ctx, core)?;
        if let Some((buffer, is_resizable)) = buffer::lent(ctx, core, memory)
            && resizable.unwrap_or(is_resizable) == is_resizable
        {
            return Ok(buffer);
        }
        let max = match resizable {
            Some(true) => {
                let max = core.with(|store| memory.ty(&store).maximum());
                Some(
                    max.ok_or_else(|| Exception::throw_type(ctx, "a memory without maximum cannot be resizable"))?
                        << 16,
                )
            }
            _ => None,
        };
        buffer::recall(ctx, core, memory);
        buffer::lend(ctx, self.layout, keeper_of(ctx, handle)?, memory, max)
    }

    pub fn grow(&self, ctx: &Ctx<'js>, memory: Memory, delta: u64) -> Result<u32> {
        let grown = self.core().with(|store| memory.grow(store, delta));
        self.refresh_buffers(ctx);
        grown.map(|old| old as u32).map_err(|e| Exception::throw_range(ctx, &e.to_string()))
    }

    pub fn default_value(&self, ctx: &Ctx<'js>, ty: &ValType) -> Result<Kept> {
        match ty {
            // DefaultValue of externref is ToWebAssemblyValue(undefined), not null.
            ValType::Ref(r) if r.heap_type() == RefType::EXTERNREF.heap_type() => {
                to_wasm(ctx, self, &Value::new_undefined(ctx.clone()), ty)
            }
            _ => match Val::default_for_ty(ty) {
                Some(value) => Ok(Kept::Plain(value)),
                None => Err(Exception::throw_type(ctx, "this type has no default value")),
            },
        }
    }

    pub fn table_value(&self, ctx: &Ctx<'js>, element: &RefType, value: Opt<Value<'js>>) -> Result<Kept> {
        match value.0 {
            Some(value) => to_ref(ctx, self, &value, element),
            None => self.default_value(ctx, &ValType::Ref(element.clone())),
        }
    }

    pub fn make_global(&self, ctx: &Ctx<'js>, ty: GlobalType, value: Kept) -> Result<Global> {
        let made = self.core().scoped(|mut store| {
            let value = value.val(store.as_context_mut());
            Global::new(store, ty, value)
        });
        made.map_err(|e| Exception::throw_range(ctx, &e.to_string()))
    }
}

/// What keeps a memory.
pub(crate) fn keeper_of<'a>(ctx: &Ctx<'_>, handle: &'a Handle<'_>) -> Result<&'a Rc<Keeper>> {
    handle.keeper().ok_or_else(|| Exception::throw_type(ctx, "this is not a WebAssembly.Memory"))
}

/// Whether instantiation failed because memories and tables cannot be allocated: what is left if nothing else is wrong.
pub(crate) fn is_shortage(error: &headwater::Error) -> bool {
    error.downcast_ref::<IncompatibleImport>().is_none()
        && !error.is::<Trap>()
        && !error.is::<func::Thrown>()
        && !exception::is_thrown(error)
        && !error.is::<WasmBacktrace>()
}

/// The value as an element of a table.
pub(crate) fn reference(value: &Kept, store: StoreContextMut<'_, StoreData>) -> headwater::Result<Ref> {
    value.reference(store).ok_or_else(|| headwater::Error::msg("this is not a reference"))
}

/// A type of memories that JavaScript asks for.
pub(crate) fn memory_type(ctx: &Ctx<'_>, min: u32, max: Option<u64>, is_64: bool, shared: bool) -> Result<MemoryType> {
    let mut builder = MemoryTypeBuilder::new();
    let ty = builder.min(min.into()).max(max).memory64(is_64).shared(shared).build();
    ty.map_err(|e| Exception::throw_range(ctx, &format!("{e:#}")))
}
