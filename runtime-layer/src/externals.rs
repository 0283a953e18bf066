//! What instances import and export, and references to values of the host.

use crate::store::wrapper;
use crate::{Engine, StoreContext, StoreContextMut, convert};
use anyhow::{Context, Result, anyhow};
use headwater::RootScope;
use wasm_runtime_layer as layer;
use wasm_runtime_layer::backend::{
    AsContext, AsContextMut, Ref, Val, WasmExternRef, WasmFunc, WasmGlobal, WasmMemory, WasmTable,
};

wrapper! { #[derive(Clone, Debug)] ExternRef(headwater::OwnedRooted<headwater::ExternRef>) }
wrapper! { #[derive(Clone, Debug)] Func(headwater::Func) }
wrapper! { #[derive(Clone, Debug)] Global(headwater::Global) }
wrapper! { #[derive(Clone, Debug)] Memory(headwater::Memory) }
wrapper! { #[derive(Clone, Debug)] Table(headwater::Table) }

/// What the interface wants to be there, and only is if it made it: types that it has no words for come from elsewhere.
const FOREIGN: &str = "a type that the interface has";

impl WasmExternRef<Engine> for ExternRef {
    fn new<T: 'static + Send + Sync>(mut ctx: impl AsContextMut<Engine>, object: T) -> Self {
        let mut scope = RootScope::new(ctx.as_context_mut().0);
        let made = headwater::ExternRef::new(&mut scope, object);
        ExternRef(made.and_then(|made| made.to_owned_rooted(&mut scope)).expect("room for another reference"))
    }

    fn downcast<'a, 's: 'a, T: 'static, S: 'static>(&'a self, store: StoreContext<'s, S>) -> Result<&'a T> {
        let data = self.0.data(store.0).and_then(|data| data.downcast_ref());
        data.ok_or_else(|| anyhow!("the reference is to a value of another type"))
    }
}

impl WasmFunc<Engine> for Func {
    fn new<T: 'static>(
        mut ctx: impl AsContextMut<Engine, UserState = T>,
        ty: layer::FuncType,
        func: impl 'static + Send + Sync + Fn(StoreContextMut<'_, T>, &[Val<Engine>], &mut [Val<Engine>]) -> Result<()>,
    ) -> Self {
        let context = ctx.as_context_mut().0;
        let ty = convert::func_type(context.engine(), &ty);
        Func(headwater::Func::new(context, ty, move |mut caller, params, results| {
            let values = |caller: &mut headwater::Caller<'_, T>, values: &[headwater::Val]| {
                values.iter().map(|value| convert::to_value(&mut *caller, *value)).collect::<Result<Vec<_>>>()
            };
            let params = values(&mut caller, params)?;
            // They begin as zeros and nulls.
            let mut given = values(&mut caller, results)?;
            func(StoreContextMut(headwater::AsContextMut::as_context_mut(&mut caller)), &params, &mut given)?;
            for (result, value) in results.iter_mut().zip(&given) {
                *result = convert::value(&mut caller, value);
            }
            Ok(())
        }))
    }

    fn ty(&self, ctx: impl AsContext<Engine>) -> layer::FuncType {
        convert::to_func_type(&self.0.ty(ctx.as_context().0)).expect(FOREIGN)
    }

    fn call<T>(
        &self,
        mut ctx: impl AsContextMut<Engine>,
        args: &[Val<Engine>],
        results: &mut [Val<Engine>],
    ) -> Result<()> {
        let mut scope = RootScope::new(ctx.as_context_mut().0);
        let args: Vec<headwater::Val> = args.iter().map(|arg| convert::value(&mut scope, arg)).collect();
        let mut given = vec![headwater::Val::I32(0); results.len()];
        self.0.call(&mut scope, &args, &mut given)?;
        for (result, value) in results.iter_mut().zip(given) {
            *result = convert::to_value(&mut scope, value)?;
        }
        Ok(())
    }
}

impl WasmGlobal<Engine> for Global {
    fn new(mut ctx: impl AsContextMut<Engine>, value: Val<Engine>, mutable: bool) -> Self {
        let mutability = if mutable { headwater::Mutability::Var } else { headwater::Mutability::Const };
        let ty = headwater::GlobalType::new(convert::val_type(value.ty()), mutability);
        let mut scope = RootScope::new(ctx.as_context_mut().0);
        let value = convert::value(&mut scope, &value);
        let global = headwater::Global::new(&mut scope, ty, value);
        Global(global.expect("a value of the global's own type and store"))
    }

    fn ty(&self, ctx: impl AsContext<Engine>) -> layer::GlobalType {
        convert::to_global_type(&self.0.ty(ctx.as_context().0)).expect(FOREIGN)
    }

    fn set(&self, mut ctx: impl AsContextMut<Engine>, new_value: Val<Engine>) -> Result<()> {
        let mut scope = RootScope::new(ctx.as_context_mut().0);
        let value = convert::value(&mut scope, &new_value);
        self.0.set(&mut scope, value)
    }

    fn get(&self, mut ctx: impl AsContextMut<Engine>) -> Val<Engine> {
        let mut scope = RootScope::new(ctx.as_context_mut().0);
        let value = self.0.get(&mut scope);
        convert::to_value(&mut scope, value).expect(FOREIGN)
    }
}

impl WasmMemory<Engine> for Memory {
    fn new(mut ctx: impl AsContextMut<Engine>, ty: layer::MemoryType) -> Result<Self> {
        let ty = headwater::MemoryType::new(ty.initial_pages(), ty.maximum_pages());
        Ok(Memory(headwater::Memory::new(ctx.as_context_mut().0, ty)?))
    }

    fn ty(&self, ctx: impl AsContext<Engine>) -> layer::MemoryType {
        convert::to_memory_type(&self.0.ty(ctx.as_context().0)).expect(FOREIGN)
    }

    fn grow(&self, mut ctx: impl AsContextMut<Engine>, additional: u32) -> Result<u32> {
        Ok(self.0.grow(ctx.as_context_mut().0, additional.into())? as u32)
    }

    fn current_pages(&self, ctx: impl AsContext<Engine>) -> u32 {
        self.0.size(ctx.as_context().0) as u32
    }

    fn read(&self, ctx: impl AsContext<Engine>, offset: usize, buffer: &mut [u8]) -> Result<()> {
        self.0.read(ctx.as_context().0, offset, buffer).context("reading from a memory")
    }

    fn write(&self, mut ctx: impl AsContextMut<Engine>, offset: usize, buffer: &[u8]) -> Result<()> {
        self.0.write(ctx.as_context_mut().0, offset, buffer).context("writing to a memory")
    }
}

impl WasmTable<Engine> for Table {
    fn new(mut ctx: impl AsContextMut<Engine>, ty: layer::TableType, init: Ref<Engine>) -> Result<Self> {
        let ty = headwater::TableType::new(convert::ref_type(ty.element()), ty.minimum(), ty.maximum());
        let mut scope = RootScope::new(ctx.as_context_mut().0);
        let init = convert::reference(&mut scope, &init);
        Ok(Table(headwater::Table::new(&mut scope, ty, init)?))
    }

    fn ty(&self, ctx: impl AsContext<Engine>) -> layer::TableType {
        convert::to_table_type(&self.0.ty(ctx.as_context().0)).expect(FOREIGN)
    }

    fn size(&self, ctx: impl AsContext<Engine>) -> u32 {
        self.0.size(ctx.as_context().0) as u32
    }

    fn grow(&self, mut ctx: impl AsContextMut<Engine>, delta: u32, init: Ref<Engine>) -> Result<u32> {
        let mut scope = RootScope::new(ctx.as_context_mut().0);
        let init = convert::reference(&mut scope, &init);
        Ok(self.0.grow(&mut scope, delta.into(), init)? as u32)
    }

    fn get(&self, mut ctx: impl AsContextMut<Engine>, index: u32) -> Option<Ref<Engine>> {
        let mut scope = RootScope::new(ctx.as_context_mut().0);
        let element = self.0.get(&mut scope, index.into())?;
        convert::to_reference(&mut scope, element)
    }

    fn set(&self, mut ctx: impl AsContextMut<Engine>, index: u32, elem: Ref<Engine>) -> Result<()> {
        let mut scope = RootScope::new(ctx.as_context_mut().0);
        let elem = convert::reference(&mut scope, &elem);
        self.0.set(&mut scope, index.into(), elem)
    }
}
