//! Tags and exceptions as the host handles them.

use crate::api::context::{AsContext, AsContextMut, StoreContext, StoreContextMut};
use crate::api::rooted::Rooted;
use crate::api::store::Store;
use crate::api::value::Val;
use crate::engine::Engine;
use crate::types::{FuncType, TagType, ValType};
use crate::vm::alloc;
use crate::vm::arena::Place;
use crate::vm::exception::{ThrownException, VMException, VMTag};
use crate::vm::store::{Handles, StoreId, StoreOpaque, Stored};
use crate::{Error, Result};
use anyhow::bail;
use std::any::Any;
use std::ptr::NonNull;

/// A tag of a store: what kind of exception something is. A handle.
///
/// ```
/// use headwater::{Engine, ExnRef, ExnRefPre, ExnType, FuncType, Store, Tag, TagType, Val, ValType};
/// let engine = Engine::default();
/// let mut store = Store::new(&engine, ());
/// let tag = Tag::new(&mut store, &TagType::new(FuncType::new(&engine, [ValType::I32], [])))?;
/// let ty = ExnType::new(&engine, [ValType::I32])?;
/// let allocator = ExnRefPre::new(&mut store, ty);
/// let exn = ExnRef::new(&mut store, &allocator, &tag, &[Val::I32(7)])?;
/// assert_eq!(exn.field(&mut store, 0)?.unwrap_i32(), 7);
/// assert!(Tag::eq(&exn.tag(&mut store)?, &tag, &store));
/// # Ok::<(), headwater::Error>(())
/// ```
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Tag(Stored);

fn has(store: &StoreOpaque, place: Place) -> bool {
    store.tags.slots().has(place)
}

impl Tag {
    /// A new tag, which is no other.
    ///
    /// # Errors
    /// If the type has results, or there is no memory.
    pub fn new(mut store: impl AsContextMut, ty: &TagType) -> Result<Tag> {
        if ty.ty().num_results() != 0 {
            bail!("the type of a tag has no results");
        }
        let store = &mut store.as_context_mut().0.opaque;
        let tag = store.add_tag(ty.ty().clone())?;
        // SAFETY: tags live as long as their store.
        Ok(Tag::at(store, unsafe { tag.as_ref() }.index))
    }

    pub(crate) fn at(store: &StoreOpaque, index: u32) -> Tag {
        Tag(Stored { store: store.id(), place: store.tags.slots().place(index) })
    }

    /// Whether it is in `store`.
    pub(crate) fn is_in(&self, store: &StoreOpaque) -> bool {
        store.owns(self.0, has)
    }

    pub(crate) fn index(&self) -> u32 {
        self.0.place.index
    }

    pub(crate) fn data<'a>(&self, store: &'a StoreOpaque) -> &'a VMTag {
        store.check_stored(self.0, has);
        store.tag_at(self.0.place.index)
    }

    /// The type.
    ///
    /// # Panics
    /// If it does not belong to `store`; the same goes for all methods here.
    pub fn ty(&self, store: impl AsContext) -> TagType {
        TagType::new(self.data(&store.as_context().0.opaque).ty.clone())
    }

    /// Whether both are the same tag.
    pub fn eq(a: &Tag, b: &Tag, store: impl AsContext) -> bool {
        let store = &store.as_context().0.opaque;
        std::ptr::eq(a.data(store), b.data(store))
    }
}

/// The type of an exception: the types of its fields, which are the parameters of its tag.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ExnType(FuncType);

impl ExnType {
    /// Exceptions with such fields.
    ///
    /// # Errors
    /// None; the type is that of engines that register it.
    pub fn new(engine: &Engine, fields: impl IntoIterator<Item = ValType>) -> Result<ExnType> {
        Ok(ExnType(FuncType::new(engine, fields, [])))
    }

    /// Those with a tag of type `ty`.
    ///
    /// # Errors
    /// If `ty` has results.
    pub fn from_tag_type(ty: &TagType) -> Result<ExnType> {
        if ty.ty().num_results() != 0 {
            bail!("the type of a tag has no results");
        }
        Ok(ExnType(ty.ty().clone()))
    }

    /// The type of their tags.
    pub fn tag_type(&self) -> TagType {
        TagType::new(self.0.clone())
    }

    /// The types of the fields.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = ValType> + '_ {
        self.0.params()
    }
}

/// What the `wasmtime` crate wants to be prepared before exceptions are made. Nothing here but their type.
#[derive(Clone, Debug)]
pub struct ExnRefPre(ExnType);

impl ExnRefPre {
    /// For exceptions of this type.
    pub fn new(_store: impl AsContextMut, ty: ExnType) -> ExnRefPre {
        ExnRefPre(ty)
    }
}

/// An exception. A handle: one that a host function got or made is valid until that function returns, one of a
/// [`RootScope`] as long as that, others as long as the store. The exception lives as long as any handle of it, and any
/// reference in WebAssembly.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct ExnRef {
    store: StoreId,
    index: u32,
    /// Tells handles from older ones with the same number.
    generation: u32,
}

impl ExnRef {
    /// A new exception with the tag `tag`.
    ///
    /// # Errors
    /// If the fields are not of the types that the tag and `allocator` have, or there is no memory.
    ///
    /// # Panics
    /// If the tag does not belong to `store`.
    pub fn new(
        mut store: impl AsContextMut,
        allocator: &ExnRefPre,
        tag: &Tag,
        fields: &[Val],
    ) -> Result<Rooted<ExnRef>> {
        let store = &mut store.as_context_mut().0.opaque;
        let ty = tag.data(store).ty.clone();
        if ty != allocator.0.0 {
            bail!("type mismatch: the tag is not of the type that exceptions were prepared for");
        }
        let types = ty.params();
        if types.len() != fields.len() {
            bail!("expected {} fields, found {}", types.len(), fields.len());
        }
        let mut raw = alloc::with_room("the fields of an exception", fields.len())?;
        for (field, ty) in fields.iter().zip(types) {
            raw.push(field.raw_of(store, &ty)?);
        }
        let tag = NonNull::from(tag.data(store));
        let at = store.new_exception(tag, raw.into_iter(), None)?;
        Ok(ExnRef::at(store, at))
    }

    /// A handle of an exception that is alive.
    pub(crate) fn at(store: &StoreOpaque, at: NonNull<VMException>) -> Rooted<ExnRef> {
        let (index, generation) = store.exceptions().borrow_mut().handle(at);
        Rooted(ExnRef { store: store.id(), index, generation })
    }

    pub(crate) fn store(&self) -> StoreId {
        self.store
    }

    /// The exception.
    ///
    /// # Errors
    /// If the handle is no longer valid.
    ///
    /// # Panics
    /// If it does not belong to `store`.
    pub(crate) fn get(&self, store: &StoreOpaque) -> Result<NonNull<VMException>> {
        store.check(self.store);
        let found = store.exceptions().borrow().at(self.index, self.generation);
        found.ok_or_else(|| Error::msg("the reference to an exception is no longer valid: the host function returned"))
    }

    pub(crate) fn from_word(word: u64, store: &StoreOpaque) -> Option<Rooted<ExnRef>> {
        NonNull::new(word as *mut VMException).map(|at| ExnRef::at(store, at))
    }

    /// Its tag.
    ///
    /// # Errors
    /// If the handle is no longer valid; the same goes for all methods here.
    ///
    /// # Panics
    /// If it does not belong to `store`; the same goes for all methods here.
    pub fn tag(&self, mut store: impl AsContextMut) -> Result<Tag> {
        let store = &store.as_context_mut().0.opaque;
        // SAFETY: what has a handle is alive.
        Ok(Tag::at(store, unsafe { self.get(store)?.as_ref() }.tag().index))
    }

    /// Its type.
    pub fn ty(&self, store: impl AsContext) -> Result<ExnType> {
        let store = &store.as_context().0.opaque;
        // SAFETY: as above.
        Ok(ExnType(unsafe { self.get(store)?.as_ref() }.tag().ty.clone()))
    }

    /// Field `index`.
    ///
    /// # Errors
    /// If there is no such field, too.
    pub fn field(&self, mut store: impl AsContextMut, index: usize) -> Result<Val> {
        let store = &store.as_context_mut().0.opaque;
        // SAFETY: as above.
        let exception = unsafe { self.get(store)?.as_ref() };
        match (exception.payload().get(index), exception.tag().ty.param(index)) {
            (Some(&raw), Some(ty)) => Ok(Val::of_raw(raw, &ty, store)),
            _ => bail!("an exception with {} fields has no field {index}", exception.payload().len()),
        }
    }

    /// Attaches something to the exception, which is dropped with it.
    ///
    /// # Errors
    /// If the handle is no longer valid.
    #[doc(hidden)]
    pub fn attach(&self, mut store: impl AsContextMut, what: Box<dyn Any + Send + Sync>) -> Result<()> {
        let store = &store.as_context_mut().0.opaque;
        let at = self.get(store)?;
        store.exceptions().borrow_mut().attach(at, what);
        Ok(())
    }

    /// A copy of what is attached to the exception, if it is a `D`.
    #[doc(hidden)]
    pub fn attached<D: Clone + 'static>(&self, store: impl AsContext) -> Option<D> {
        let store = &store.as_context().0.opaque;
        let at = self.get(store).ok()?;
        store.exceptions().borrow().attached(at)?.downcast_ref::<D>().cloned()
    }

    /// All fields.
    pub fn fields(&self, mut store: impl AsContextMut) -> Result<impl ExactSizeIterator<Item = Val>> {
        let store = &store.as_context_mut().0.opaque;
        // SAFETY: as above.
        let exception = unsafe { self.get(store)?.as_ref() };
        let types = exception.tag().ty.params();
        let fields: Vec<Val> =
            exception.payload().iter().zip(types).map(|(&raw, ty)| Val::of_raw(raw, &ty, store)).collect();
        Ok(fields.into_iter())
    }
}

/// A store, borrowed for a while: handles that are made meanwhile end with it.
///
/// ```
/// use headwater::{Engine, ExnRef, ExnRefPre, ExnType, FuncType, RootScope, Store, Tag, TagType};
/// let engine = Engine::default();
/// let mut store = Store::new(&engine, ());
/// let tag = Tag::new(&mut store, &TagType::new(FuncType::new(&engine, [], [])))?;
/// let exception = {
///     let mut scope = RootScope::new(&mut store);
///     let allocator = ExnRefPre::new(&mut scope, ExnType::new(&engine, [])?);
///     ExnRef::new(&mut scope, &allocator, &tag, &[])?
/// };
/// assert!(exception.tag(&mut store).is_err());
/// # Ok::<(), headwater::Error>(())
/// ```
#[derive(Debug)]
pub struct RootScope<C: AsContextMut> {
    store: C,
    /// Those that there were before.
    handles: Handles,
}

impl<C: AsContextMut> RootScope<C> {
    /// Begins here, and ends when it is dropped.
    pub fn new(mut store: C) -> RootScope<C> {
        let handles = store.as_context_mut().0.opaque.handles();
        RootScope { store, handles }
    }
}

impl<C: AsContextMut> Drop for RootScope<C> {
    fn drop(&mut self) {
        self.store.as_context_mut().0.opaque.end_handles(self.handles);
    }
}

impl<C: AsContextMut> AsContext for RootScope<C> {
    type Data = C::Data;

    fn as_context(&self) -> StoreContext<'_, C::Data> {
        self.store.as_context()
    }
}

impl<C: AsContextMut> AsContextMut for RootScope<C> {
    fn as_context_mut(&mut self) -> StoreContextMut<'_, C::Data> {
        self.store.as_context_mut()
    }
}

impl StoreOpaque {
    /// See [`Store::throw`](crate::Store::throw).
    pub(crate) fn throw<R>(&mut self, exception: Rooted<ExnRef>) -> Result<R, ThrownException> {
        if let Ok(at) = exception.get(self) {
            self.exceptions().borrow_mut().pending = Some(at);
        }
        Err(ThrownException)
    }

    /// See [`Store::take_pending_exception`](crate::Store::take_pending_exception).
    pub(crate) fn take_pending_exception(&mut self) -> Option<Rooted<ExnRef>> {
        let at = self.exceptions().borrow_mut().pending.take()?;
        Some(ExnRef::at(self, at))
    }
}

impl<T> Store<T> {
    /// Throws `exception`: it is pending in the store from now on, and a host function that returns the error, as it
    /// is or with context, throws it in the code that called it.
    ///
    /// ```
    /// use headwater::{Engine, ExnRef, ExnRefPre, ExnType, Func, FuncType, Store, Tag, TagType, ThrownException};
    /// let engine = Engine::default();
    /// let mut store = Store::new(&engine, ());
    /// let tag = Tag::new(&mut store, &TagType::new(FuncType::new(&engine, [], [])))?;
    /// let allocator = ExnRefPre::new(&mut store, ExnType::new(&engine, [])?);
    /// let exception = ExnRef::new(&mut store, &allocator, &tag, &[])?;
    /// let thrown: Result<(), ThrownException> = store.throw(exception);
    /// assert!(thrown.is_err() && store.has_pending_exception());
    /// let taken = store.take_pending_exception().expect("it is pending");
    /// assert!(Tag::eq(&taken.tag(&mut store)?, &tag, &store));
    /// # Ok::<(), headwater::Error>(())
    /// ```
    ///
    /// # Errors
    /// Always, with [`ThrownException`].
    ///
    /// # Panics
    /// If the exception does not belong to the store.
    pub fn throw<R>(&mut self, exception: Rooted<ExnRef>) -> Result<R, ThrownException> {
        self.as_context_mut().0.opaque.throw(exception)
    }

    /// Takes the exception that a call left, or that [`Store::throw`] made pending.
    pub fn take_pending_exception(&mut self) -> Option<Rooted<ExnRef>> {
        self.as_context_mut().0.opaque.take_pending_exception()
    }

    /// Whether there is one to take.
    pub fn has_pending_exception(&self) -> bool {
        self.as_context().0.opaque.exceptions().borrow().pending.is_some()
    }

    /// How many exceptions the store keeps, of which some may be garbage. For tests.
    #[doc(hidden)]
    pub fn exceptions_kept(&self) -> usize {
        self.as_context().0.opaque.exceptions().borrow().len()
    }
}

impl<T> StoreContextMut<'_, T> {
    /// See [`Store::throw`](crate::Store::throw). Host functions throw with this:
    ///
    /// ```
    /// use headwater::{AsContextMut, Caller, ExnRef, ExnRefPre, ExnType, Tag};
    /// fn fail(mut caller: Caller<'_, ()>, tag: Tag) -> headwater::Result<()> {
    ///     let ty = ExnType::from_tag_type(&tag.ty(&caller))?;
    ///     let allocator = ExnRefPre::new(&mut caller, ty);
    ///     let exception = ExnRef::new(&mut caller, &allocator, &tag, &[])?;
    ///     Ok(caller.as_context_mut().throw(exception)?)
    /// }
    /// ```
    ///
    /// # Errors
    /// Always, with [`ThrownException`](crate::ThrownException).
    ///
    /// # Panics
    /// As described there.
    pub fn throw<R>(&mut self, exception: Rooted<ExnRef>) -> Result<R, ThrownException> {
        self.0.opaque.throw(exception)
    }

    /// See [`Store::take_pending_exception`](crate::Store::take_pending_exception).
    pub fn take_pending_exception(&mut self) -> Option<Rooted<ExnRef>> {
        self.0.opaque.take_pending_exception()
    }

    /// See [`Store::has_pending_exception`](crate::Store::has_pending_exception).
    pub fn has_pending_exception(&self) -> bool {
        self.0.opaque.exceptions().borrow().pending.is_some()
    }
}
