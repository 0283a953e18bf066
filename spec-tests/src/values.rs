//! Values as scripts write them: arguments of calls, and the patterns that results must match.

use headwater::{AnyRef, ExternRef, Store, Val};
use wast::core::{AbstractHeapType, HeapType, NanPattern, V128Pattern, WastArgCore, WastRetCore};
use wast::{WastArg, WastRet};

/// An argument as a value. A host reference is a reference to its number.
pub(crate) fn argument(store: &mut Store<()>, arg: &WastArg<'_>) -> headwater::Result<Val> {
    use WastArgCore::*;
    Ok(match arg {
        WastArg::Core(I32(x)) => Val::I32(*x),
        WastArg::Core(I64(x)) => Val::I64(*x),
        WastArg::Core(F32(x)) => Val::F32(x.bits),
        WastArg::Core(F64(x)) => Val::F64(x.bits),
        WastArg::Core(V128(x)) => Val::V128(x.to_le_bytes().into()),
        WastArg::Core(RefNull(HeapType::Abstract { ty, .. })) => null(*ty),
        WastArg::Core(RefExtern(n)) => Val::ExternRef(Some(ExternRef::new(store, *n)?)),
        WastArg::Core(RefHost(n)) => {
            let external = ExternRef::new(&mut *store, *n)?;
            Val::AnyRef(Some(AnyRef::convert_extern(store, external)?))
        }
        other => return Err(headwater::Error::msg(format!("arguments like {other:?} are not supported"))),
    })
}

/// The null reference of an abstract type.
fn null(ty: AbstractHeapType) -> Val {
    use AbstractHeapType::{Exn, Extern, Func, NoExn, NoExtern, NoFunc};
    match ty {
        Func | NoFunc => Val::FuncRef(None),
        Extern | NoExtern => Val::ExternRef(None),
        Exn | NoExn => Val::ExnRef(None),
        _ => Val::AnyRef(None),
    }
}

/// Whether `actual` are as many values as `expected` and each matches; if not, why.
pub(crate) fn check_results(store: &mut Store<()>, expected: &[WastRet<'_>], actual: &[Val]) -> Result<(), String> {
    let mut matches = |(pattern, value): (&WastRet<'_>, &Val)| match pattern {
        WastRet::Core(pattern) => matches(store, pattern, value),
        _ => false,
    };
    if expected.len() == actual.len() && expected.iter().zip(actual).all(&mut matches) {
        return Ok(());
    }
    let expected: Vec<String> = expected.iter().map(show_pattern).collect();
    let actual: Vec<String> = actual.iter().map(show).collect();
    Err(format!("expected [{}], got [{}]", expected.join(", "), actual.join(", ")))
}

fn matches(store: &mut Store<()>, pattern: &WastRetCore<'_>, value: &Val) -> bool {
    match (pattern, value) {
        (WastRetCore::I32(x), Val::I32(y)) => x == y,
        (WastRetCore::I64(x), Val::I64(y)) => x == y,
        (WastRetCore::F32(x), Val::F32(y)) => matches_f32(x, *y),
        (WastRetCore::F64(x), Val::F64(y)) => matches_f64(x, *y),
        (WastRetCore::V128(pattern), Val::V128(y)) => matches_v128(pattern, y.to_bytes()),
        (WastRetCore::RefNull(None), value) => value.ref_().is_some_and(|r| r.is_null()),
        (WastRetCore::RefNull(Some(HeapType::Abstract { ty, .. })), value) => {
            // Null is one value in each hierarchy.
            let is_null = value.ref_().is_some_and(|r| r.is_null());
            is_null && std::mem::discriminant(&null(*ty)) == std::mem::discriminant(value)
        }
        (WastRetCore::RefFunc(None), Val::FuncRef(Some(_))) => true,
        (WastRetCore::RefExtern(None), Val::ExternRef(Some(_))) => true,
        (WastRetCore::RefExtern(Some(n)), Val::ExternRef(Some(r))) => {
            r.data(&*store).ok().flatten().and_then(|data| data.downcast_ref::<u32>()) == Some(n)
        }
        (WastRetCore::RefHost(n), Val::AnyRef(Some(r))) => {
            let external = ExternRef::convert_any(&mut *store, *r).ok();
            external
                .is_some_and(|r| r.data(&*store).ok().flatten().and_then(|data| data.downcast_ref::<u32>()) == Some(n))
        }
        (WastRetCore::RefAny, Val::AnyRef(Some(_))) => true,
        (WastRetCore::RefEq, Val::AnyRef(Some(r))) => r.is_eqref(&*store).unwrap_or(false),
        (WastRetCore::RefI31, Val::AnyRef(Some(r))) => r.is_i31(&*store).unwrap_or(false),
        (WastRetCore::RefStruct, Val::AnyRef(Some(r))) => r.is_struct(&*store).unwrap_or(false),
        (WastRetCore::RefArray, Val::AnyRef(Some(r))) => r.is_array(&*store).unwrap_or(false),
        (WastRetCore::Either(patterns), value) => patterns.iter().any(|p| matches(store, p, value)),
        _ => false,
    }
}

// The sign of a canonical NaN is arbitrary; an arithmetic NaN may have any additional bits (specification, section 4.3.3, "NaN
// propagation").

fn matches_f32(pattern: &NanPattern<wast::token::F32>, bits: u32) -> bool {
    match pattern {
        NanPattern::CanonicalNan => bits & 0x7fff_ffff == 0x7fc0_0000,
        NanPattern::ArithmeticNan => bits & 0x7fc0_0000 == 0x7fc0_0000,
        NanPattern::Value(x) => x.bits == bits,
    }
}

fn matches_f64(pattern: &NanPattern<wast::token::F64>, bits: u64) -> bool {
    match pattern {
        NanPattern::CanonicalNan => bits & !(1 << 63) == 0x7ff8_0000_0000_0000,
        NanPattern::ArithmeticNan => bits & 0x7ff8_0000_0000_0000 == 0x7ff8_0000_0000_0000,
        NanPattern::Value(x) => x.bits == bits,
    }
}

fn matches_v128(pattern: &V128Pattern, bytes: [u8; 16]) -> bool {
    /// The lanes of `N` bytes.
    fn lanes<const N: usize>(bytes: &[u8; 16]) -> impl Iterator<Item = [u8; N]> {
        bytes.as_chunks().0.iter().copied()
    }
    match pattern {
        V128Pattern::I8x16(x) => lanes(&bytes).map(i8::from_le_bytes).eq(x.iter().copied()),
        V128Pattern::I16x8(x) => lanes(&bytes).map(i16::from_le_bytes).eq(x.iter().copied()),
        V128Pattern::I32x4(x) => lanes(&bytes).map(i32::from_le_bytes).eq(x.iter().copied()),
        V128Pattern::I64x2(x) => lanes(&bytes).map(i64::from_le_bytes).eq(x.iter().copied()),
        V128Pattern::F32x4(x) => {
            lanes(&bytes).map(u32::from_le_bytes).zip(x).all(|(bits, pattern)| matches_f32(pattern, bits))
        }
        V128Pattern::F64x2(x) => {
            lanes(&bytes).map(u64::from_le_bytes).zip(x).all(|(bits, pattern)| matches_f64(pattern, bits))
        }
    }
}

fn show_pattern(pattern: &WastRet<'_>) -> String {
    fn nan<T>(pattern: &NanPattern<T>, value: impl Fn(&T) -> String) -> String {
        match pattern {
            NanPattern::CanonicalNan => "nan:canonical".into(),
            NanPattern::ArithmeticNan => "nan:arithmetic".into(),
            NanPattern::Value(x) => value(x),
        }
    }
    match pattern {
        WastRet::Core(WastRetCore::I32(x)) => show(&Val::I32(*x)),
        WastRet::Core(WastRetCore::I64(x)) => show(&Val::I64(*x)),
        WastRet::Core(WastRetCore::F32(x)) => format!("f32:{}", nan(x, |x| show(&Val::F32(x.bits)))),
        WastRet::Core(WastRetCore::F64(x)) => format!("f64:{}", nan(x, |x| show(&Val::F64(x.bits)))),
        other => format!("{other:?}"),
    }
}

fn show(value: &Val) -> String {
    match value {
        Val::I32(x) => format!("i32:{x} ({x:#x})"),
        Val::I64(x) => format!("i64:{x} ({x:#x})"),
        Val::F32(x) => format!("f32:{:?} ({x:#x})", f32::from_bits(*x)),
        Val::F64(x) => format!("f64:{:?} ({x:#x})", f64::from_bits(*x)),
        other => format!("{other:?}"),
    }
}
