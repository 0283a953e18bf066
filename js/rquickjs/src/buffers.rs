//! Buffers and views as rquickjs 0.11 had them.

use real::{Ctx, FromJs, IntoJs, JsLifetime, Object, Result, Value};
use std::ops::Deref;
use std::ptr::NonNull;

/// Where the bytes of a buffer or a view are, until JavaScript runs again.
pub struct RawArrayBuffer {
    /// How many there are.
    pub len: usize,
    /// The first.
    pub ptr: NonNull<u8>,
}

impl From<NonNull<[u8]>> for RawArrayBuffer {
    fn from(bytes: NonNull<[u8]>) -> RawArrayBuffer {
        RawArrayBuffer { len: bytes.len(), ptr: bytes.cast() }
    }
}

/// An `ArrayBuffer`.
#[derive(Clone, Debug, PartialEq)]
pub struct ArrayBuffer<'js>(real::ArrayBuffer<'js>);

// SAFETY: only the lifetime changes.
unsafe impl<'js> JsLifetime<'js> for ArrayBuffer<'js> {
    type Changed<'to> = ArrayBuffer<'to>;
}

impl<'js> ArrayBuffer<'js> {
    /// A buffer that is the vector.
    pub fn new<T: Copy>(ctx: Ctx<'js>, src: impl Into<Vec<T>>) -> Result<Self> {
        real::ArrayBuffer::new(ctx, src).map(ArrayBuffer)
    }

    /// A buffer with a copy of the values.
    pub fn new_copy<T: Copy>(ctx: Ctx<'js>, src: impl AsRef<[T]>) -> Result<Self> {
        real::ArrayBuffer::new_copy(ctx, src).map(ArrayBuffer)
    }

    /// The object, if it is a buffer that is not detached.
    pub fn from_object(object: Object<'js>) -> Option<Self> {
        real::ArrayBuffer::from_object(object).map(ArrayBuffer)
    }

    /// The value, if it is a buffer that is not detached.
    pub fn from_value(value: Value<'js>) -> Option<Self> {
        real::ArrayBuffer::from_value(value).map(ArrayBuffer)
    }

    /// The bytes, to be used before JavaScript runs again; `None` if it is detached.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        // SAFETY: as in 0.11: callers use the bytes at once, usually to copy them.
        unsafe { self.0.as_bytes() }
    }

    /// Where the bytes are; `None` if it is detached.
    pub fn as_raw(&self) -> Option<RawArrayBuffer> {
        self.0.as_raw().map(RawArrayBuffer::from)
    }

    /// The number of bytes.
    pub fn len(&self) -> usize {
        self.0.as_raw().map_or(0, |bytes| bytes.len())
    }

    /// Whether there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The object.
    pub fn into_object(self) -> Object<'js> {
        self.0.into_object()
    }

    /// The value.
    pub fn into_value(self) -> Value<'js> {
        self.0.into_value()
    }
}

impl<'js> Deref for ArrayBuffer<'js> {
    type Target = Object<'js>;

    fn deref(&self) -> &Object<'js> {
        &self.0
    }
}

impl<'js> FromJs<'js> for ArrayBuffer<'js> {
    fn from_js(ctx: &Ctx<'js>, value: Value<'js>) -> Result<Self> {
        real::ArrayBuffer::from_js(ctx, value).map(ArrayBuffer)
    }
}

impl<'js> IntoJs<'js> for ArrayBuffer<'js> {
    fn into_js(self, _: &Ctx<'js>) -> Result<Value<'js>> {
        Ok(self.into_value())
    }
}

/// A typed array.
#[derive(Clone, Debug, PartialEq)]
pub struct TypedArray<'js, T>(real::TypedArray<'js, T>);

// SAFETY: only the lifetime changes.
unsafe impl<'js, T: JsLifetime<'js>> JsLifetime<'js> for TypedArray<'js, T> {
    type Changed<'to> = TypedArray<'to, T::Changed<'to>>;
}

/// The element types of typed arrays: rquickjs's own trait cannot be named.
pub trait Item: Copy {
    #[doc(hidden)]
    fn make(ctx: Ctx<'_>, values: Vec<Self>) -> Result<real::TypedArray<'_, Self>>;
    #[doc(hidden)]
    fn check(object: Object<'_>) -> Result<real::TypedArray<'_, Self>>;
}

macro_rules! items {
    ($($item:ty)*) => {
        $(impl Item for $item {
            fn make(ctx: Ctx<'_>, values: Vec<$item>) -> Result<real::TypedArray<'_, $item>> {
                real::TypedArray::new(ctx, values)
            }

            fn check(object: Object<'_>) -> Result<real::TypedArray<'_, $item>> {
                real::TypedArray::from_object(object)
            }
        })*
    };
}

items!(i8 u8 i16 u16 i32 u32 i64 u64 f32 f64);

impl<'js, T: Item> TypedArray<'js, T> {
    /// A typed array that owns the vector.
    pub fn new(ctx: Ctx<'js>, src: impl Into<Vec<T>>) -> Result<Self> {
        T::make(ctx, src.into()).map(TypedArray)
    }

    /// The object, if it is a typed array of this kind.
    pub fn from_object(object: Object<'js>) -> Result<Self> {
        T::check(object).map(TypedArray)
    }

    /// The value, if it is a typed array of this kind.
    pub fn from_value(value: Value<'js>) -> Result<Self> {
        Self::from_object(Object::from_value(value)?)
    }
}

impl<'js, T> TypedArray<'js, T> {
    /// The bytes, to be used before JavaScript runs again; `None` if they are detached.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        // SAFETY: as in `ArrayBuffer::as_bytes`.
        unsafe { self.0.as_bytes() }
    }

    /// Where the bytes are; `None` if they are detached.
    pub fn as_raw(&self) -> Option<RawArrayBuffer> {
        self.0.as_raw().map(RawArrayBuffer::from)
    }

    /// The buffer.
    pub fn arraybuffer(&self) -> Result<ArrayBuffer<'js>> {
        self.0.arraybuffer().map(ArrayBuffer)
    }

    /// The number of elements; none if they are detached.
    pub fn len(&self) -> usize {
        self.0.as_raw().map_or(0, |bytes| bytes.len() / size_of::<T>().max(1))
    }

    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The object.
    pub fn as_object(&self) -> &Object<'js> {
        self.0.as_object()
    }

    /// The value.
    pub fn as_value(&self) -> &Value<'js> {
        self.0.as_value()
    }

    /// The value.
    pub fn into_value(self) -> Value<'js> {
        self.0.into_value()
    }
}

impl<'js, T> Deref for TypedArray<'js, T> {
    type Target = Object<'js>;

    fn deref(&self) -> &Object<'js> {
        &self.0
    }
}

impl<'js, T: Item> FromJs<'js> for TypedArray<'js, T> {
    fn from_js(_: &Ctx<'js>, value: Value<'js>) -> Result<Self> {
        Self::from_value(value)
    }
}

impl<'js, T> IntoJs<'js> for TypedArray<'js, T> {
    fn into_js(self, _: &Ctx<'js>) -> Result<Value<'js>> {
        Ok(self.into_value())
    }
}

/// The elements; none if they are detached, where 0.11 panicked.
impl<T: Item> AsRef<[T]> for TypedArray<'_, T> {
    fn as_ref(&self) -> &[T] {
        // SAFETY: the elements stay valid until JavaScript runs again, and typed arrays are aligned.
        self.0.as_raw().map_or(&[], |bytes| unsafe {
            std::slice::from_raw_parts(bytes.cast::<T>().as_ptr(), bytes.len() / size_of::<T>())
        })
    }
}
