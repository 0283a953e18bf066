//! Exceptions in both directions (JS API, sections "Tags", "Exceptions" and "run a host function").
//!
//! An object of the class `Exception` has its tag and payload, and none of the engine's exceptions: whenever it is
//! thrown into WebAssembly code, an exception is made of it, which refers to the object. One that WebAssembly code
//! throws refers to an object as soon as it reaches JavaScript. So the same object comes out each time, and lives as
//! long as WebAssembly code has the exception; the other way round nothing is kept alive, and there are no cycles.

use crate::convert::{to_js, to_ref, to_wasm};
use crate::core::{Core, StoreData};
use crate::exported::exported_of;
use crate::handles::Keeper;
use crate::realm::Realm;
use crate::values::Kept;
use headwater::{
    AsContextMut, ExnRef, ExnRefPre, ExnType, Extern, Global, GlobalType, HeapType, Mutability, RefType, RootScope,
    Rooted, StoreContextMut, Tag, ThrownException, Val, ValType,
};
use rquickjs::class::Trace;
use rquickjs::{Array, Class, Ctx, Exception, JsLifetime, Result, Value};
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

/// What an object of the class `Exception` represents.
#[derive(Trace, JsLifetime)]
#[rquickjs::class(frozen)]
pub(crate) struct NativeException<'js> {
    #[qjs(skip_trace)]
    inner: Inner,
    /// The objects of functions in the payload.
    funcs: Vec<Value<'js>>,
}

struct Inner {
    core: Rc<Core>,
    tag: Tag,
    source: Source,
    /// Of the tag, and of the global.
    _keepers: Vec<Rc<Keeper>>,
}

/// Where the payload is.
#[derive(Clone)]
enum Source {
    Payload(Vec<Kept>),
    /// With references to exceptions among it: in an exception that this global keeps.
    Kept(Global),
}

// SAFETY: there are no JavaScript values inside.
unsafe impl<'js> JsLifetime<'js> for Inner {
    type Changed<'to> = Inner;
}

/// The numbers of what the store has no more.
pub(crate) type Released = Arc<Mutex<Vec<u32>>>;

/// What an exception of the engine has of its object; the object is released with the last one.
#[derive(Clone)]
struct Link(Arc<LinkInner>);

struct LinkInner {
    number: u32,
    released: Released,
}

/// Only noted: exceptions are freed while the store is in use.
impl Drop for LinkInner {
    fn drop(&mut self) {
        self.released.lock().unwrap_or_else(PoisonError::into_inner).push(self.number);
    }
}

impl Link {
    fn new(number: u32, released: &Released) -> Link {
        Link(Arc::new(LinkInner { number, released: released.clone() }))
    }
}

/// Throws what JavaScript code threw, and a host function is about to let through: the error to return.
pub(crate) fn from_js<'js>(ctx: &Ctx<'js>, realm: &Realm<'js>, value: Value<'js>) -> headwater::Error {
    let core = realm.core();
    // Where nobody can catch it, or may, it passes without the engine's knowing it.
    if !core.catches.get() || value.as_exception().is_some_and(|_| is_uncatchable(&value)) {
        return realm.park_exception(value);
    }
    let made = match realm.native_exception(&value) {
        Ok(Some(native)) => {
            let native = native.borrow();
            let number = realm.keep_object(value.clone());
            let link = Link::new(number, &realm.released);
            core.scoped(|store| native.inner.throw(store, link))
        }
        Ok(None) => match to_ref(ctx, realm, &value, &RefType::EXTERNREF) {
            Ok(payload) => core.scoped(|mut store| {
                let tag = core.js_tag.get().expect("it is set before there are instances");
                let payload = payload.val(store.as_context_mut());
                let exception = new_exception(&mut store, &tag, &[payload])?;
                Ok(store.throw::<()>(exception)?)
            }),
            Err(_) => {
                ctx.catch();
                return realm.park_exception(value);
            }
        },
        // QuickJS is out of stack or memory.
        Err(_) => {
            ctx.catch();
            return realm.park_exception(value);
        }
    };
    made.expect_err("throwing is an error")
}

fn is_uncatchable(value: &Value<'_>) -> bool {
    // SAFETY: the value is alive.
    unsafe { rquickjs::qjs::JS_IsUncatchableError(value.as_raw()) }
}

fn new_exception(mut store: impl AsContextMut, tag: &Tag, payload: &[Val]) -> headwater::Result<Rooted<ExnRef>> {
    let ty = ExnType::from_tag_type(&tag.ty(&store))?;
    let allocator = ExnRefPre::new(&mut store, ty);
    ExnRef::new(store, &allocator, tag, payload)
}

impl Inner {
    fn new(core: &Rc<Core>, tag: Tag, source: Source) -> Inner {
        let mut keepers = vec![Keeper::new(core, Extern::Tag(tag))];
        if let Source::Kept(global) = &source {
            keepers.push(Keeper::new(core, Extern::Global(*global)));
        }
        Inner { core: core.clone(), tag, source, _keepers: keepers }
    }

    fn throw(&self, mut store: StoreContextMut<'_, StoreData>, link: Link) -> headwater::Result<()> {
        let exception = match &self.source {
            Source::Payload(payload) => {
                let payload = Kept::vals(store.as_context_mut(), payload);
                new_exception(&mut store, &self.tag, &payload)?
            }
            Source::Kept(global) => *global.get(&mut store).unwrap_exnref().expect("it has one since it was made"),
        };
        exception.attach(&mut store, Box::new(link))?;
        Ok(store.throw(exception)?)
    }
}

/// What comes out of WebAssembly code.
enum Taken {
    /// An object that there is.
    Known(u32),
    /// A value that JavaScript threw.
    Value(Kept),
    /// An exception for which there is no object yet, which gets this number.
    New(Inner, u32),
}

/// What JavaScript code catches when the exception that is pending in the store leaves WebAssembly code, if one is.
pub(crate) fn to_be_thrown<'js>(ctx: &Ctx<'js>, realm: &Realm<'js>) -> Result<Option<Value<'js>>> {
    let core = realm.core();
    let taken = core.with(|store| take(core, realm, store)).map_err(|e| Exception::throw_range(ctx, &e.to_string()))?;
    Ok(match taken {
        None => None,
        Some(Taken::Value(value)) => Some(to_js(ctx, realm, &value)?),
        Some(Taken::Known(number)) => Some(realm.kept_object(number)),
        Some(Taken::New(inner, number)) => {
            let mut funcs = Vec::new();
            if let Source::Payload(payload) = &inner.source {
                for value in payload.iter().filter(|value| matches!(value, Kept::Plain(Val::FuncRef(Some(_))))) {
                    funcs.push(to_js(ctx, realm, value)?);
                }
            }
            let object = realm.exception_object(Class::instance(ctx.clone(), NativeException { inner, funcs })?)?;
            realm.keep_object_as(number, object.clone());
            Some(object)
        }
    })
}

fn take(core: &Rc<Core>, realm: &Realm<'_>, store: StoreContextMut<'_, StoreData>) -> headwater::Result<Option<Taken>> {
    let mut scope = RootScope::new(store);
    let Some(exception) = scope.as_context_mut().take_pending_exception() else { return Ok(None) };
    if let Some(link) = exception.attached::<Link>(&scope) {
        return Ok(Some(Taken::Known(link.0.number)));
    }
    let tag = exception.tag(&mut scope)?;
    let payload: Vec<Val> = exception.fields(&mut scope)?.collect();
    if core.js_tag.get() == Some(tag) {
        return Ok(payload.first().map(|value| Taken::Value(Kept::of(scope.as_context_mut(), *value))));
    }
    let number = realm.next_object();
    exception.attach(&mut scope, Box::new(Link::new(number, &realm.released)))?;
    let source = match payload.iter().any(|field| matches!(field, Val::ExnRef(Some(_)))) {
        true => {
            let ty = GlobalType::new(ValType::Ref(RefType::EXNREF), Mutability::Const);
            Source::Kept(Global::new(&mut scope, ty, Val::ExnRef(Some(exception)))?)
        }
        false => Source::Payload(Kept::all(scope.as_context_mut(), &payload)),
    };
    Ok(Some(Taken::New(Inner::new(core, tag, source), number)))
}

impl<'js> NativeException<'js> {
    /// A new one with the tag `tag` of the realm.
    ///
    /// # Errors
    /// If the values are not as many, or of other types.
    pub fn new(ctx: &Ctx<'js>, realm: &Realm<'js>, tag: Tag, values: &Array<'js>) -> Result<NativeException<'js>> {
        let core = realm.core();
        let ty = core.with(|store| tag.ty(&store));
        if values.len() != ty.ty().params().len() {
            let message = format!("the payload must have {} values, not {}", ty.ty().params().len(), values.len());
            return Err(Exception::throw_type(ctx, &message));
        }
        let (mut payload, mut funcs) = (Vec::with_capacity(values.len()), Vec::new());
        for (i, ty) in ty.ty().params().enumerate() {
            let value = values.get::<Value<'js>>(i)?;
            payload.push(to_wasm(ctx, realm, &value, &ty)?);
            if exported_of(core, &value).is_some() {
                funcs.push(value);
            }
        }
        Ok(NativeException { inner: Inner::new(core, tag, Source::Payload(payload)), funcs })
    }

    /// Whether it is the realm's, and has the tag `tag`.
    pub fn is(&self, core: &Rc<Core>, tag: Tag) -> bool {
        Rc::ptr_eq(core, &self.inner.core) && self.inner.tag == tag
    }

    /// Value `index` of the payload.
    ///
    /// # Errors
    /// A `RangeError` if there is none, a `TypeError` if JavaScript cannot have it.
    pub fn arg(&self, ctx: &Ctx<'js>, realm: &Realm<'js>, index: usize) -> Result<Value<'js>> {
        let value = match &self.inner.source {
            Source::Payload(payload) => payload.get(index).cloned(),
            Source::Kept(global) => realm.core().with(|store| {
                let mut scope = RootScope::new(store);
                let exception = *global.get(&mut scope).unwrap_exnref()?;
                let field = exception.field(&mut scope, index).ok()?;
                Some(Kept::of(scope.as_context_mut(), field))
            }),
        };
        match value {
            Some(value) => to_js(ctx, realm, &value),
            None => Err(Exception::throw_range(ctx, &format!("there is no argument {index}"))),
        }
    }
}

/// Whether values of this type are references to exceptions.
pub(crate) fn is_exnref(ty: &ValType) -> bool {
    ty.as_ref().is_some_and(|r| r.heap_type().top() == HeapType::Exn)
}

/// Whether the error stands for a pending exception.
pub(crate) fn is_thrown(error: &headwater::Error) -> bool {
    error.is::<ThrownException>()
}
