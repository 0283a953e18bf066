//! wasmparser's decoder with a visitor that only counts: the lower bound for everything that reads operators one by
//! one, and the number of operators that rates refer to.

use wasmparser::{Parser, Payload, Result, VisitOperator, VisitSimdOperator};

/// The operators seen so far.
struct Counter(u64);

macro_rules! count {
    ($( @$proposal:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($ann:tt)*) )*) => {
        $(
            #[inline]
            fn $visit(&mut self $($(, $arg: $argty)*)?) {
                $($(let _ = $arg;)*)?
                self.0 += 1;
            }
        )*
    };
}

impl<'a> VisitOperator<'a> for Counter {
    type Output = ();

    fn simd_visitor(&mut self) -> Option<&mut dyn VisitSimdOperator<'a, Output = ()>> {
        Some(self)
    }

    wasmparser::for_each_visit_operator!(count);
}

impl VisitSimdOperator<'_> for Counter {
    wasmparser::for_each_visit_simd_operator!(count);
}

/// The contents of a module's code section.
#[derive(Copy, Clone, Default, PartialEq, Eq, Debug)]
pub struct CodeSection {
    /// Size of its contents.
    pub bytes: u64,
    pub functions: u64,
    pub operators: u64,
}

/// Decodes every function body of a module.
pub fn decode(wasm: &[u8]) -> Result<CodeSection> {
    let mut section = CodeSection::default();
    let mut counter = Counter(0);
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::CodeSectionStart { size, .. } => section.bytes += u64::from(size),
            Payload::CodeSectionEntry(body) => {
                section.functions += 1;
                for local in body.get_locals_reader()? {
                    local?;
                }
                let mut operators = body.get_operators_reader()?;
                while !operators.eof() {
                    operators.visit_operator(&mut counter)?;
                }
            }
            _ => {}
        }
    }
    section.operators = counter.0;
    Ok(section)
}
