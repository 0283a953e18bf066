//! Signatures of numbers alone, whose values pass the border as words.

use headwater::{FuncType, ValRaw, ValType};
use rquickjs::qjs;

/// The most parameters of a function that is called this way.
pub(crate) const MAX_PARAMS: usize = 8;

/// A type of numbers.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    I32,
    I64,
    F32,
    F64,
}

impl Kind {
    fn of(ty: &ValType) -> Option<Kind> {
        Some(match ty {
            ValType::I32 => Kind::I32,
            ValType::I64 => Kind::I64,
            ValType::F32 => Kind::F32,
            ValType::F64 => Kind::F64,
            _ => return None,
        })
    }

    /// ToWebAssemblyValue; `None` if that has thrown. May run JavaScript.
    ///
    /// # Safety
    /// Context and value must be alive.
    #[inline]
    pub unsafe fn to_wasm(self, ctx: *mut qjs::JSContext, value: qjs::JSValue) -> Option<ValRaw> {
        // SAFETY: guaranteed by the caller.
        unsafe {
            let is_int = qjs::JS_VALUE_GET_TAG(value) == qjs::JS_TAG_INT;
            match self {
                Kind::I32 if is_int => Some(ValRaw::i32(qjs::JS_VALUE_GET_INT(value))),
                Kind::I32 => {
                    let mut v = 0;
                    (qjs::JS_ToInt32(ctx, &mut v, value) >= 0).then(|| ValRaw::i32(v))
                }
                Kind::I64 => {
                    let mut v = 0;
                    (qjs::JS_ToBigInt64(ctx, &mut v, value) >= 0).then(|| ValRaw::i64(v))
                }
                Kind::F32 | Kind::F64 => {
                    let mut v = 0.0;
                    match is_int {
                        true => v = f64::from(qjs::JS_VALUE_GET_INT(value)),
                        false if qjs::JS_ToFloat64(ctx, &mut v, value) < 0 => return None,
                        false => {}
                    }
                    Some(match self {
                        Kind::F32 => ValRaw::f32((v as f32).to_bits()),
                        _ => ValRaw::f64(v.to_bits()),
                    })
                }
            }
        }
    }

    /// ToJSValue; the mark of an exception if QuickJS is out of memory.
    ///
    /// # Safety
    /// The context must be alive.
    #[inline]
    pub unsafe fn to_js(self, ctx: *mut qjs::JSContext, value: &ValRaw) -> qjs::JSValue {
        match self {
            Kind::I32 => qjs::JS_MKVAL(qjs::JS_TAG_INT, value.get_i32()),
            // SAFETY: guaranteed by the caller.
            Kind::I64 => unsafe { qjs::JS_NewBigInt64(ctx, value.get_i64()) },
            // An integer would lose the sign of −0.
            Kind::F32 => qjs::JS_NewFloat64(f32::from_bits(value.get_f32()).into()),
            Kind::F64 => qjs::JS_NewFloat64(f64::from_bits(value.get_f64())),
        }
    }
}

/// Such a signature, with one result at most.
#[derive(Debug)]
pub(crate) struct Numeric {
    params: Box<[Kind]>,
    result: Option<Kind>,
}

impl Numeric {
    /// That of `ty`; `None` if it is another.
    pub fn of(ty: &FuncType) -> Option<Numeric> {
        if ty.params().len() > MAX_PARAMS || ty.results().len() > 1 {
            return None;
        }
        let params = ty.params().map(|ty| Kind::of(&ty)).collect::<Option<_>>()?;
        let result = match ty.results().next() {
            Some(ty) => Some(Kind::of(&ty)?),
            None => None,
        };
        Some(Numeric { params, result })
    }

    pub fn params(&self) -> &[Kind] {
        &self.params
    }

    pub fn result(&self) -> Option<Kind> {
        self.result
    }
}
