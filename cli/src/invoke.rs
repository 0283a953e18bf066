//! Arguments and results of functions called by name, as text.

use anyhow::{Result, anyhow, bail};
use headwater::{AnyRef, AsContextMut, FuncType, HeapType, I31, Val, ValType, printable};

/// Parses arguments by the parameters of `ty`.
pub fn parse_args(mut store: impl AsContextMut, name: &str, ty: &FuncType, args: &[String]) -> Result<Vec<Val>> {
    let params: Vec<ValType> = ty.params().collect();
    if params.len() != args.len() {
        let types: Vec<String> = params.iter().map(ToString::to_string).collect();
        let expected = if types.is_empty() { "none".to_string() } else { types.join(" ") };
        let name = printable::name(name);
        bail!("`{name}` takes {} argument(s) ({expected}), {} given", params.len(), args.len());
    }
    params.iter().zip(args).map(|(ty, text)| parse(&mut store, ty, text)).collect()
}

fn parse(store: impl AsContextMut, ty: &ValType, text: &str) -> Result<Val> {
    let number = text.replace('_', "");
    let wrong = || anyhow!("`{text}` is no {ty}");
    Ok(match ty {
        // Either reading of the bits is accepted: -1 and 4294967295 are the same i32.
        ValType::I32 => {
            let n = integer(&number).ok_or_else(wrong)?;
            Val::I32(i32::try_from(n).or_else(|_| u32::try_from(n).map(|n| n as i32)).map_err(|_| wrong())?)
        }
        ValType::I64 => {
            let n = integer(&number).ok_or_else(wrong)?;
            Val::I64(i64::try_from(n).or_else(|_| u64::try_from(n).map(|n| n as i64)).map_err(|_| wrong())?)
        }
        ValType::F32 => Val::F32(number.parse::<f32>().map_err(|_| wrong())?.to_bits()),
        ValType::F64 => Val::F64(number.parse::<f64>().map_err(|_| wrong())?.to_bits()),
        // As in the text format's `i8x16`, but in one number: the lowest lane has the lowest digits.
        ValType::V128 => {
            let digits = number.strip_prefix("0x").or_else(|| number.strip_prefix("0X"));
            let bits = digits.map_or_else(|| number.parse(), |hex| u128::from_str_radix(hex, 16));
            Val::V128(bits.map_err(|_| wrong())?.into())
        }
        ValType::Ref(ty) if ty.is_nullable() && text == "null" => Val::null_ref(ty.heap_type()),
        ValType::Ref(ty) if HeapType::I31.matches(ty.heap_type()) => {
            let i31 = small_integer(text);
            let i31 = i31.ok_or_else(|| anyhow!("`{text}` is no {ty} that can be given here; `(i31 5)` is one"))?;
            Val::AnyRef(Some(AnyRef::from_i31(store, i31)))
        }
        ty if ty.is_ref() => bail!("`{text}`: the only {ty} that can be given here is null"),
        _ => bail!("values of type {ty} cannot be given here"),
    })
}

/// What [`show`] writes.
fn small_integer(text: &str) -> Option<I31> {
    let n = integer(text.strip_prefix("(i31 ")?.strip_suffix(')')?.trim())?;
    // Either reading of the bits, as above.
    let signed = i32::try_from(n).ok().and_then(I31::new_i32);
    signed.or_else(|| u32::try_from(n).ok().and_then(I31::new_u32))
}

fn integer(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let magnitude = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) => u64::from_str_radix(hex, 16),
        None if digits.starts_with(['+', '-']) => return None,
        None => digits.parse(),
    };
    let magnitude = i128::from(magnitude.ok()?);
    Some(if negative { -magnitude } else { magnitude })
}

/// A result as text; integers are signed.
///
/// # Errors
/// If it is a reference that is no longer valid.
pub fn show(store: impl AsContextMut, value: &Val) -> Result<String> {
    Ok(match value {
        Val::I32(x) => x.to_string(),
        Val::I64(x) => x.to_string(),
        Val::F32(x) => f32::from_bits(*x).to_string(),
        Val::F64(x) => f64::from_bits(*x).to_string(),
        Val::FuncRef(None) | Val::ExternRef(None) | Val::AnyRef(None) | Val::ExnRef(None) => "null".into(),
        Val::FuncRef(Some(_)) => "funcref".into(),
        Val::ExternRef(Some(_)) => "externref".into(),
        Val::ExnRef(Some(_)) => "exnref".into(),
        Val::AnyRef(Some(any)) => show_any(store, any)?,
        // Hexadecimal.
        Val::V128(x) => format!("{x:?}"),
        other => format!("{other:?}"),
    })
}

fn show_any(store: impl AsContextMut, any: &AnyRef) -> Result<String> {
    if let Some(i31) = any.as_i31(&store)? {
        return Ok(format!("(i31 {})", i31.get_i32()));
    }
    let what = match () {
        () if any.is_struct(&store)? => "struct",
        () if any.is_array(&store)? => "array",
        // What was an externref.
        () => "anyref",
    };
    Ok(what.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use headwater::{Engine, RefType, Store};

    fn parsed(ty: ValType, text: &str) -> Option<String> {
        let mut store = Store::new(&Engine::default(), ());
        let ty = FuncType::new(store.engine(), [ty], []);
        let parsed = parse_args(&mut store, "f", &ty, &[text.to_string()]).ok()?;
        Some(show(store, &parsed[0]).unwrap())
    }

    #[test]
    fn integers_are_read_signed_unsigned_and_in_hexadecimal() {
        assert_eq!(parsed(ValType::I32, "-1").as_deref(), Some("-1"));
        assert_eq!(parsed(ValType::I32, "4294967295").as_deref(), Some("-1"));
        assert_eq!(parsed(ValType::I32, "0x10").as_deref(), Some("16"));
        assert_eq!(parsed(ValType::I32, "4294967296"), None);
        assert_eq!(parsed(ValType::I32, "--1"), None);
        assert_eq!(parsed(ValType::I64, "-0x8000000000000000").as_deref(), Some("-9223372036854775808"));
        assert_eq!(parsed(ValType::I64, "1_000").as_deref(), Some("1000"));
    }

    #[test]
    fn floats_and_null_are_read_as_rust_writes_them() {
        assert_eq!(parsed(ValType::F64, "1e3").as_deref(), Some("1000"));
        assert_eq!(parsed(ValType::F32, "-inf").as_deref(), Some("-inf"));
        assert_eq!(parsed(ValType::FUNCREF, "null").as_deref(), Some("null"));
        assert_eq!(parsed(ValType::FUNCREF, "f"), None);
    }

    #[test]
    fn small_integers_are_read_where_references_to_them_may_be() {
        let any = ValType::Ref(RefType::new(true, HeapType::Any));
        assert_eq!(parsed(any.clone(), "(i31 -5)").as_deref(), Some("(i31 -5)"));
        assert_eq!(parsed(any.clone(), "(i31 0x7fffffff)").as_deref(), Some("(i31 -1)"));
        assert_eq!(parsed(any.clone(), "(i31 0x80000000)"), None);
        assert_eq!(parsed(any.clone(), "null").as_deref(), Some("null"));
        assert_eq!(parsed(any, "5"), None);
        assert_eq!(parsed(ValType::Ref(RefType::new(false, HeapType::I31)), "null"), None);
        assert_eq!(parsed(ValType::Ref(RefType::new(true, HeapType::Struct)), "(i31 1)"), None);
    }
}
