//! Vector operators: what their instructions give, lane by lane, is what plain Rust gives.

mod vector_reference;

use headwater_codegen::Ty;
use headwater_codegen::op::{self, Feature};

/// All vector operators but those that access memory.
fn operators() -> impl Iterator<Item = &'static op::Op> {
    op::all()
        .filter(|op| matches!(op.feature, Feature::Simd | Feature::RelaxedSimd))
        .filter(|op| op.alignment().is_none())
}

#[test]
fn the_reference_knows_all_operators() {
    let operators: Vec<_> = operators().collect();
    assert_eq!(operators.len(), 256 - 22);
    for op in operators {
        let operands = vec![0x0102; op.sig.operands().count()];
        let result = vector_reference::eval(op.code, [0; 16], &operands);
        assert!(result.is_some(), "{}", op.name);
        let narrow = op.sig.results().next().and_then(|ty| ty.fixed()) == Some(Ty::I32);
        assert!(!narrow || result <= Some(u32::MAX.into()), "{}", op.name);
        assert!(vector_reference::equal(op.code, result.unwrap_or(0), result.unwrap_or(0)));
    }
    for (code, operands, result) in [
        (op::simd::I8X16_ADD_SAT_S, [0x7f80, 0x01ff], 0x7f80),
        (op::simd::I16X8_NARROW_I32X4_U, [0x1_0000_ffff_ffff, 5], 5 << 64 | 0xffff_0000),
        (op::simd::F32X4_PMIN, [0x8000_0000, 0], 0x8000_0000),
        (op::simd::F32X4_MIN, [0x7fa0_0000, 0], 0x7fc0_0000),
        (op::simd::I32X4_DOT_I16X8_S, [0x8000_8000, 0x8000_8000], 0x8000_0000),
    ] {
        assert_eq!(vector_reference::eval(code, [0; 16], &operands), Some(result), "{code:#x}");
    }
}
