//! The bytes of a section, read as wasmparser reads them: what it would refuse is refused here, without a message.

use super::leb;
use super::verdict;
use crate::error::CompileError;
use headwater_codegen::Ty;
use wasmparser::{BinaryReader, FromReader, WasmFeatures};

/// What the bytes say is not valid; wasmparser has the words for it.
#[derive(Copy, Clone, Debug)]
pub(super) struct Invalid;

/// Why a section was not taken in.
#[derive(Debug)]
pub(super) enum Refused {
    Invalid,
    /// wasmparser has nothing to say against it.
    Because(Box<CompileError>),
}

impl From<Invalid> for Refused {
    fn from(_: Invalid) -> Refused {
        Refused::Invalid
    }
}

impl From<CompileError> for Refused {
    fn from(error: CompileError) -> Refused {
        Refused::Because(Box::new(error))
    }
}

#[derive(Clone)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// The longest name (wasmparser's limit).
const MAX_NAME: usize = 100_000;

/// A reference that may be null, or that is not, to the heap type that follows.
const REF_NULL: u8 = 0x63;
const REF: u8 = 0x64;

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes, at: 0 }
    }

    /// How many bytes were read.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Those that were read from `start` to `end`.
    pub fn range(&self, start: usize, end: usize) -> &'a [u8] {
        &self.bytes[start..end]
    }

    /// Those that were not read.
    pub fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    pub fn end(&self) -> Result<(), Invalid> {
        if self.at == self.bytes.len() { Ok(()) } else { Err(Invalid) }
    }

    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    pub fn byte(&mut self) -> Result<u8, Invalid> {
        let byte = *self.bytes.get(self.at).ok_or(Invalid)?;
        self.at += 1;
        Ok(byte)
    }

    #[inline]
    pub fn skip(&mut self, len: usize) -> Result<(), Invalid> {
        if self.bytes.len() - self.at < len {
            return Err(Invalid);
        }
        self.at += len;
        Ok(())
    }

    /// An unsigned LEB128 number of 32 bits.
    #[inline]
    pub fn u32(&mut self) -> Result<u32, Invalid> {
        match self.bytes.get(self.at) {
            Some(&byte) if byte < 0x80 => {
                self.at += 1;
                Ok(byte.into())
            }
            _ => {
                let (value, len) = leb::read(&self.bytes[self.at..]).ok_or(Invalid)?;
                self.at += len;
                Ok(value)
            }
        }
    }

    /// A signed LEB128 number of `BITS` bits.
    #[inline]
    pub fn signed<const BITS: u32>(&mut self) -> Result<i64, Invalid> {
        let mut value = 0i64;
        for i in 0..BITS.div_ceil(7) {
            let byte = self.byte()?;
            let shift = 7 * i;
            value |= i64::from(byte & 0x7f) << shift;
            let left = BITS - shift;
            if byte & 0x80 == 0 {
                // Bits of the last byte that the number has no room for must be as its sign.
                let beyond = (byte << 1) as i8 >> left.min(7);
                if left < 7 && beyond != 0 && beyond != -1 {
                    return Err(Invalid);
                }
                let unused = 64 - left.min(7) - shift;
                return Ok(value << unused >> unused);
            }
        }
        Err(Invalid)
    }

    /// A name (specification section 5.2.4).
    #[inline]
    pub fn name(&mut self) -> Result<&'a str, Invalid> {
        let len = self.u32()? as usize;
        if len > MAX_NAME {
            return Err(Invalid);
        }
        let start = self.at;
        self.skip(len)?;
        std::str::from_utf8(&self.bytes[start..self.at]).map_err(|_| Invalid)
    }

    /// What wasmparser reads there.
    pub fn read<T: FromReader<'a>>(&mut self, features: WasmFeatures) -> Result<T, Invalid> {
        let mut reader = BinaryReader::new_features(self.rest(), 0, features);
        let value = reader.read().map_err(|_| Invalid)?;
        self.at += reader.current_position();
        Ok(value)
    }

    /// A heap type, as the nullable reference to it; `defined` says what the module's type of an index is called. Whether
    /// such references are allowed is not looked at.
    #[inline]
    pub fn heap_type(&mut self, defined: impl Fn(u32) -> Option<Ty>) -> Result<Ty, Invalid> {
        match self.peek() {
            Some(byte @ 0x40..0x80) => {
                self.at += 1;
                Ty::from_byte(byte).filter(|ty| ty.is_ref()).ok_or(Invalid)
            }
            _ => {
                let index = u32::try_from(self.signed::<33>()?).map_err(|_| Invalid)?;
                defined(index).ok_or(Invalid)
            }
        }
    }

    /// A type of references, allowed or not.
    #[inline]
    pub fn reference(&mut self, defined: impl Fn(u32) -> Option<Ty>) -> Result<Ty, Invalid> {
        Ok(match self.byte()? {
            REF => self.heap_type(defined)?.non_null(),
            REF_NULL => self.heap_type(defined)?,
            byte => Ty::from_byte(byte).filter(|ty| ty.is_ref()).ok_or(Invalid)?,
        })
    }

    /// A type of references that are allowed.
    #[inline]
    pub fn ref_type(&mut self, defined: impl Fn(u32) -> Option<Ty>, features: WasmFeatures) -> Result<Ty, Refused> {
        let ty = self.reference(defined)?;
        check_ref(ty, features)?;
        Ok(ty)
    }

    /// A type of values that are allowed (specification section 5.3.5).
    #[inline]
    pub fn val_type(&mut self, defined: impl Fn(u32) -> Option<Ty>, features: WasmFeatures) -> Result<Ty, Refused> {
        let ty = match self.peek() {
            Some(0x7f) => Ty::I32,
            Some(0x7e) => Ty::I64,
            Some(0x7d) => Ty::F32,
            Some(0x7c) => Ty::F64,
            Some(0x7b) => Ty::V128,
            _ => return self.ref_type(defined, features),
        };
        self.at += 1;
        let needs = match ty {
            Ty::V128 => WasmFeatures::SIMD,
            Ty::F32 | Ty::F64 => WasmFeatures::FLOATS,
            _ => return Ok(ty),
        };
        if features.contains(needs) { Ok(ty) } else { Err(Refused::Invalid) }
    }
}

/// Whether wasmparser allows references of type `ty`.
#[inline]
pub(super) fn allows_ref(ty: Ty, features: WasmFeatures) -> bool {
    let needs = match ty.nullable() {
        nullable if nullable.index().is_some() => match features.contains(WasmFeatures::GC) {
            true => WasmFeatures::empty(),
            false => WasmFeatures::FUNCTION_REFERENCES,
        },
        Ty::FUNCREF if ty.is_non_null() => WasmFeatures::FUNCTION_REFERENCES,
        Ty::EXTERNREF if ty.is_non_null() => WasmFeatures::FUNCTION_REFERENCES.union(WasmFeatures::GC_TYPES),
        Ty::FUNCREF => WasmFeatures::empty(),
        Ty::EXTERNREF => WasmFeatures::GC_TYPES,
        Ty::EXNREF => WasmFeatures::EXCEPTIONS,
        Ty::NULLEXNREF => WasmFeatures::EXCEPTIONS.union(WasmFeatures::GC_TYPES),
        _ => WasmFeatures::GC.union(WasmFeatures::GC_TYPES),
    };
    features.contains(WasmFeatures::REFERENCE_TYPES.union(needs))
}

/// Refuses references of type `ty` where wasmparser does, and where it should.
#[inline]
pub(super) fn check_ref(ty: Ty, features: WasmFeatures) -> Result<(), Refused> {
    if !allows_ref(ty, features) {
        return Err(Refused::Invalid);
    }
    match verdict::later_feature(features, ty) {
        Some(feature) => Err(verdict::needs_later(feature, None, None).into()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_wasmparser_reads_them() {
        let ends: [&[u8]; 14] = [
            &[],
            &[0],
            &[1],
            &[0x3f],
            &[0x40],
            &[0x7f],
            &[0x07],
            &[0x08],
            &[0x0f],
            &[0x70],
            &[0x78],
            &[0x77],
            &[0x10],
            &[0x5f],
        ];
        for len in 0..11 {
            for byte in [0x80, 0xff, 0xc0, 0x85] {
                for end in ends {
                    let bytes = [&vec![byte; len][..], end].concat();
                    let theirs = |read: fn(&mut BinaryReader<'_>) -> wasmparser::Result<i64>| {
                        let mut reader = BinaryReader::new(&bytes, 0);
                        read(&mut reader).ok().map(|value| (value, reader.current_position()))
                    };
                    let ours = |read: fn(&mut Reader<'_>) -> Result<i64, Invalid>| {
                        let mut reader = Reader::new(&bytes);
                        read(&mut reader).ok().map(|value| (value, reader.position()))
                    };
                    assert_eq!(ours(|r| r.signed::<32>()), theirs(|r| r.read_var_i32().map(Into::into)), "{bytes:x?}");
                    assert_eq!(ours(|r| r.signed::<33>()), theirs(|r| r.read_var_s33()), "{bytes:x?}");
                    assert_eq!(ours(|r| r.signed::<64>()), theirs(|r| r.read_var_i64()), "{bytes:x?}");
                    assert_eq!(ours(|r| r.u32().map(Into::into)), theirs(|r| r.read_var_u32().map(Into::into)));
                }
            }
        }
    }

    #[test]
    fn types_of_references_are_allowed_with_the_features_that_wasmparser_wants() {
        use WasmFeatures as F;
        let all = [F::REFERENCE_TYPES, F::FUNCTION_REFERENCES, F::GC, F::GC_TYPES, F::EXCEPTIONS];
        for set in 0..1 << all.len() {
            let on = all.iter().enumerate().filter(|(i, _)| set >> i & 1 != 0);
            let features = on.fold(F::empty(), |features, (_, &feature)| features.union(feature));
            for byte in 0x69..=0x74 {
                for prefix in [&[][..], &[REF], &[REF_NULL]] {
                    // A global of this type, imported.
                    let import = [&[1, 0, 0, 3][..], prefix, &[byte, 0]].concat();
                    let section = BinaryReader::new_features(&import, 0, features);
                    let mut validator = wasmparser::Validator::new_with_features(features);
                    validator.version(1, wasmparser::Encoding::Module, &(0..8)).unwrap();
                    let valid = validator.import_section(&wasmparser::SectionLimited::new(section).unwrap()).is_ok();
                    let ty = Ty::from_byte(byte).unwrap();
                    let ty = if prefix == [REF] { ty.non_null() } else { ty };
                    assert_eq!(allows_ref(ty, features), valid, "{ty:?} {features:?}");
                }
            }
        }
    }
}
