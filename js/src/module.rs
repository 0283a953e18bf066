//! Modules and bytes as JavaScript objects hold them. They are freed with the object.

use crate::core::Core;
use crate::custom::{CustomSection, CustomSections};
use crate::strings;
use crate::types;
use headwater::{CompileError, ExternType, Module, Mutability, StreamingCompiler, ValType};
use rquickjs::class::Trace;
use rquickjs::{Ctx, Error, Exception, JsLifetime, Result, Value, qjs};
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

/// Bytes copied from JavaScript.
#[derive(Trace, JsLifetime)]
#[rquickjs::class(frozen)]
pub(crate) struct BytesSource {
    #[qjs(skip_trace)]
    bytes: Vec<u8>,
}

impl BytesSource {
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn copy(ctx: &Ctx<'_>, buffer: &Value<'_>, offset: usize, len: usize) -> Result<BytesSource> {
        let mut bytes = Vec::new();
        if bytes.try_reserve_exact(len).is_err() {
            return Err(Exception::throw_range(ctx, "out of memory"));
        }
        bytes.extend_from_slice(BytesSource::borrow_from(ctx, buffer, offset, len)?);
        Ok(BytesSource { bytes })
    }

    /// Bytes in a buffer, to be used before any JavaScript runs.
    pub fn borrow_from<'a>(ctx: &Ctx<'_>, buffer: &'a Value<'_>, offset: usize, len: usize) -> Result<&'a [u8]> {
        if len == 0 {
            return Ok(&[]);
        }
        let mut size = 0;
        // SAFETY: the value is alive; anything but a buffer is detected.
        let base = unsafe { qjs::JS_GetArrayBuffer(ctx.as_raw().as_ptr(), &mut size, buffer.as_raw()) };
        if base.is_null() {
            return Err(Error::Exception);
        }
        if offset.checked_add(len).is_none_or(|end| end > size as usize) {
            return Err(Exception::throw_range(ctx, "the view is out of the bounds of its buffer"));
        }
        // SAFETY: it was just checked that there are this many bytes, and they stay as long as the buffer is attached.
        Ok(unsafe { std::slice::from_raw_parts(base.add(offset), len) })
    }
}

/// A compiled module, and the parts of its bytes that can be queried.
#[derive(Trace, JsLifetime)]
#[rquickjs::class(frozen)]
pub(crate) struct NativeModule {
    #[qjs(skip_trace)]
    inner: Inner,
}

struct Inner {
    module: Module,
    custom: Box<[CustomSection]>,
    imports: OnceCell<Box<[Import]>>,
    exports: OnceCell<Box<[Export]>>,
}

/// The name and type of an export.
type Export = (Box<str>, ExternType);

/// What linking requires of an import.
pub(crate) struct Import {
    module: Box<str>,
    name: Box<str>,
    pub ty: ExternType,
    /// How many imported functions come before it.
    pub funcs_before: u32,
}

// SAFETY: there are no JavaScript values inside.
unsafe impl<'js> JsLifetime<'js> for Inner {
    type Changed<'to> = Inner;
}

impl NativeModule {
    fn new(core: &Core, module: Module, custom: CustomSections, url: &str) -> NativeModule {
        let code = module.machine_code();
        if !code.is_empty() {
            core.urls.borrow_mut().insert(code.as_ptr().addr(), url.into());
        }
        NativeModule {
            inner: Inner { module, custom: custom.finish(), imports: OnceCell::new(), exports: OnceCell::new() },
        }
    }

    /// Without the custom sections unless `keep`.
    pub fn compile(
        core: &Core,
        bytes: &[u8],
        url: &str,
        keep: bool,
    ) -> std::result::Result<NativeModule, CompileError> {
        let module = Module::from_binary(core.engine(), bytes)?;
        let mut custom = CustomSections::new();
        if keep {
            custom.push(bytes);
        }
        Ok(NativeModule::new(core, module, custom, url))
    }

    pub fn module(&self) -> &Module {
        &self.inner.module
    }

    /// Import number `index`.
    pub fn import(&self, index: usize) -> Option<&Import> {
        self.imports().get(index)
    }

    fn imports(&self) -> &[Import] {
        self.inner.imports.get_or_init(|| {
            let mut funcs = 0;
            let import = |import: headwater::ImportType<'_>| {
                let import = Import {
                    module: import.module().into(),
                    name: import.name().into(),
                    ty: import.ty(),
                    funcs_before: funcs,
                };
                funcs += u32::from(import.ty.func().is_some());
                import
            };
            self.inner.module.imports().map(import).collect()
        })
    }

    fn exports(&self) -> &[Export] {
        let collect = || self.inner.module.exports().map(|export| (export.name().into(), export.ty())).collect();
        self.inner.exports.get_or_init(collect)
    }

    /// The contents of the custom sections of that name.
    pub fn custom_sections<'a>(&'a self, name: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        self.inner.custom.iter().filter(move |s| *s.name == *name).map(|s| &*s.payload)
    }
}

/// Queries of `wasm.js`; `None` if there is no such import or export.
#[rquickjs::methods(rename_all = "camelCase")]
impl NativeModule {
    fn import_count(&self) -> usize {
        self.imports().len()
    }

    fn import_module(&self, index: usize) -> Option<String> {
        self.import(index).map(|import| import.module.to_string())
    }

    fn import_name(&self, index: usize) -> Option<String> {
        self.import(index).map(|import| import.name.to_string())
    }

    fn import_kind(&self, index: usize) -> Option<&'static str> {
        self.import(index).map(|import| kind(&import.ty))
    }

    /// The type as [`type_text`] writes it.
    fn import_type(&self, index: usize) -> Option<String> {
        self.import(index).map(|import| type_text(&import.ty))
    }

    /// Whether it is a function whose type is this one, as `strings.js` writes it.
    fn import_has_type(&self, index: usize, ty: String) -> bool {
        let import = self.import(index).and_then(|import| import.ty.func());
        import.is_some_and(|func| strings::parse_type(self.inner.module.engine(), &ty).is_some_and(|ty| ty == *func))
    }

    /// The type of the contents of an imported global.
    fn import_content(&self, index: usize) -> Option<String> {
        self.import(index).and_then(|import| import.ty.global()).map(|global| global.content().to_string())
    }

    /// The type, as `types.rs` describes it.
    fn import_described<'js>(&self, ctx: Ctx<'js>, index: usize) -> Result<Value<'js>> {
        match self.import(index) {
            Some(import) => types::describe(&ctx, &import.ty),
            None => Ok(Value::new_undefined(ctx)),
        }
    }

    /// The same of an export.
    fn export_described<'js>(&self, ctx: Ctx<'js>, index: usize) -> Result<Value<'js>> {
        match self.exports().get(index) {
            Some((_, ty)) => types::describe(&ctx, ty),
            None => Ok(Value::new_undefined(ctx)),
        }
    }

    fn export_count(&self) -> usize {
        self.exports().len()
    }

    fn export_name(&self, index: usize) -> Option<String> {
        self.exports().get(index).map(|(name, _)| name.to_string())
    }

    fn export_kind(&self, index: usize) -> Option<&'static str> {
        self.exports().get(index).map(|(_, ty)| kind(ty))
    }
}

/// The kind of an import or export in the JS API.
fn kind(ty: &ExternType) -> &'static str {
    match ty {
        ExternType::Func(_) => "function",
        ExternType::Global(_) => "global",
        ExternType::Table(_) => "table",
        ExternType::Memory(_) => "memory",
        ExternType::Tag(_) => "tag",
    }
}

/// The type of a global as `linking.js` reads it, `mut i64`; of functions, `externref i32 -> i32`.
fn type_text(ty: &ExternType) -> String {
    let list = |types: &mut dyn Iterator<Item = ValType>| types.map(|t| t.to_string()).collect::<Vec<_>>().join(" ");
    match ty {
        ExternType::Func(f) => format!("{} -> {}", list(&mut f.params()), list(&mut f.results())),
        ExternType::Global(g) => match g.mutability() {
            Mutability::Const => g.content().to_string(),
            Mutability::Var => format!("mut {}", g.content()),
        },
        ExternType::Table(_) | ExternType::Memory(_) | ExternType::Tag(_) => String::new(),
    }
}

/// A module that is being streamed. Empty once it has arrived, failed or been aborted.
#[derive(Trace, JsLifetime)]
#[rquickjs::class(frozen)]
pub(crate) struct Stream {
    #[qjs(skip_trace)]
    inner: StreamInner,
}

struct StreamInner {
    state: RefCell<Option<(StreamingCompiler, CustomSections)>>,
    url: Rc<str>,
}

// SAFETY: there are no JavaScript values inside.
unsafe impl<'js> JsLifetime<'js> for StreamInner {
    type Changed<'to> = StreamInner;
}

impl Stream {
    pub fn new(core: &Core, url: &str) -> Stream {
        let state = (StreamingCompiler::new(core.engine()), CustomSections::new());
        Stream { inner: StreamInner { state: RefCell::new(Some(state)), url: url.into() } }
    }

    pub fn push(&self, bytes: &[u8]) -> std::result::Result<(), CompileError> {
        let mut state = self.inner.state.borrow_mut();
        if let Some((compiler, custom)) = &mut *state {
            let pushed = compiler.push(bytes);
            if pushed.is_err() {
                *state = None;
                return pushed;
            }
            custom.push(bytes);
        }
        Ok(())
    }

    /// `None` if it was finished before, or failed.
    pub fn finish(&self, core: &Core) -> Option<std::result::Result<NativeModule, CompileError>> {
        let (compiler, custom) = self.inner.state.borrow_mut().take()?;
        Some(compiler.finish().map(|module| NativeModule::new(core, module, custom, &self.inner.url)))
    }

    pub fn abort(&self) {
        *self.inner.state.borrow_mut() = None;
    }
}
