//! Modules of many small functions, written as bytes.

use crate::addresses::Memory;
use crate::engines::{Ty, Value};
use crate::support::{leb, sleb};

/// One function and what it is called with.
#[derive(Clone)]
pub struct Case {
    /// For people.
    pub name: String,
    /// Types of the results.
    pub results: Vec<Ty>,
    /// The body, without locals and `end`.
    pub code: Vec<u8>,
    /// Arguments of each call.
    pub calls: Vec<[Value; 2]>,
}

/// Every function has two parameters (locals 0 and 1) and these locals: 2 of the type of the result that is tested,
/// 3 to 14 of type i64, 15 to 26 of type f64, and 27 to 29 of the types of 0 to 2. So 0 to 2 are pinned to registers
/// if any local of their type is, and 27 to 29 are in the frame.
pub struct Frame {
    /// Of locals 0 and 1.
    pub params: [Ty; 2],
    /// Of local 2.
    pub third: Ty,
    /// Whether all locals are parameters, 27 to 29 among those on the stack. Then the exported functions have the two
    /// parameters and call the ones that are tested, with zeros for 2 to 26 and 29, and the two for 27 and 28.
    pub arguments: bool,
    /// What the two memories are.
    pub memories: [Memory; 2],
}

impl Frame {
    /// The types of locals 2 to 29.
    fn locals(&self) -> impl Iterator<Item = Ty> {
        let (ints, floats) = ([Ty::I64; 12], [Ty::F64; 12]);
        [self.third].into_iter().chain(ints).chain(floats).chain(self.params).chain([self.third])
    }
}

/// The first local in the frame.
pub(crate) const FRAMED: u8 = 27;

/// Function 0: does nothing, so that a call of it only spills.
pub(crate) const NOTHING: u32 = 0;
/// Globals: a zero of each integer type, and a few bits.
pub(crate) const ZERO32: u8 = 0;
pub(crate) const ZERO64: u8 = 1;
pub(crate) const BITS64: u8 = 2;

/// The data segment that is not put into a memory at first, and its length.
pub(crate) const PASSIVE: u8 = 3;
pub(crate) const PASSIVE_LEN: u64 = 32;

/// Appends the constant.
pub fn constant(out: &mut Vec<u8>, v: Value) {
    let (ty, bits) = match v {
        Value::Bits(ty, bits) => (ty, bits),
        Value::Vector(bits) => {
            out.extend([0xfd, 0x0c]);
            return out.extend(bits.to_le_bytes());
        }
        _ => unreachable!("constants are numbers or vectors"),
    };
    match ty {
        Ty::I32 => {
            out.push(0x41);
            sleb(out, i64::from(bits as i32));
        }
        Ty::I64 => {
            out.push(0x42);
            sleb(out, bits as i64);
        }
        Ty::F32 => {
            out.push(0x43);
            out.extend((bits as u32).to_le_bytes());
        }
        _ => {
            out.push(0x44);
            out.extend(bits.to_le_bytes());
        }
    }
}

fn section(wasm: &mut Vec<u8>, id: u8, content: &[u8]) {
    wasm.push(id);
    leb(wasm, content.len() as u64);
    wasm.extend_from_slice(content);
}

/// The module that exports function *i* + 1, whose body is that of case *i*, under the case's number. It has two
/// memories of about a page, which may grow to two; the first holds bytes that differ.
pub fn module(frame: &Frame, cases: &[Case]) -> Vec<u8> {
    let mut types: Vec<Vec<Ty>> = Vec::new();
    let mut of_case = Vec::new();
    for case in cases {
        let known = types.iter().position(|t| *t == case.results);
        of_case.push(known.unwrap_or_else(|| {
            types.push(case.results.clone());
            types.len() - 1
        }));
    }
    let mut wasm = b"\0asm\x01\0\0\0".to_vec();
    let mut s = Vec::new();
    leb(&mut s, 1 + types.len() as u64 * if frame.arguments { 2 } else { 1 });
    s.extend([0x60, 0, 0]);
    let mut one = |params: &[Ty], results: &[Ty]| {
        s.push(0x60);
        for types in [params, results] {
            leb(&mut s, types.len() as u64);
            s.extend(types.iter().map(|ty| ty.byte()));
        }
    };
    types.iter().for_each(|results| one(&frame.params, results));
    let all: Vec<Ty> = frame.params.into_iter().chain(frame.locals()).collect();
    types.iter().filter(|_| frame.arguments).for_each(|results| one(&all, results));
    section(&mut wasm, 1, &s);

    s.clear();
    let callers = if frame.arguments { cases.len() } else { 0 };
    leb(&mut s, 1 + (cases.len() + callers) as u64);
    leb(&mut s, 0);
    let behind = if frame.arguments { types.len() } else { 0 };
    of_case.iter().for_each(|&ty| leb(&mut s, (1 + behind + ty) as u64));
    of_case[..callers].iter().for_each(|&ty| leb(&mut s, 1 + ty as u64));
    section(&mut wasm, 3, &s);
    let [first, second] = frame.memories.map(Memory::limits);
    section(&mut wasm, 5, &[&[2], &first[..], &second].concat());

    s = vec![3, 0x7f, 1, 0x41, 0, 0x0b, 0x7e, 1, 0x42, 0, 0x0b, 0x7e, 1, 0x42];
    sleb(&mut s, 0x0123_4567_89ab_cdef);
    s.push(0x0b);
    section(&mut wasm, 6, &s);

    s.clear();
    leb(&mut s, cases.len() as u64 + 2);
    for (name, memory) in [("m", 0), ("n", 1)] {
        s.push(1);
        s.extend(name.bytes());
        s.extend([2, memory]);
    }
    for i in 0..cases.len() {
        let name = i.to_string();
        leb(&mut s, name.len() as u64);
        s.extend(name.bytes());
        s.push(0);
        leb(&mut s, (callers + i + 1) as u64);
    }
    section(&mut wasm, 7, &s);

    s.clear();
    leb(&mut s, 1 + (cases.len() + callers) as u64);
    s.extend([2, 0, 0x0b]);
    let mut add = |mut body: Vec<u8>, code: &[u8]| {
        body.extend_from_slice(code);
        body.push(0x0b);
        leb(&mut s, body.len() as u64);
        s.extend(body);
    };
    let mut declared = vec![if frame.arguments { 0 } else { 28 }];
    declared.extend(frame.locals().filter(|_| !frame.arguments).flat_map(|ty| [1, ty.byte()]));
    cases.iter().for_each(|case| add(declared.clone(), &case.code));
    for i in 0..callers {
        let mut call = vec![0x20, 0, 0x20, 1];
        for (local, ty) in (2..).zip(frame.locals()) {
            match local {
                FRAMED => call.extend([0x20, 0]),
                28 => call.extend([0x20, 1]),
                _ => constant(&mut call, ty.zero()),
            }
        }
        call.push(0x10);
        leb(&mut call, i as u64 + 1);
        add(vec![0], &call);
    }
    section(&mut wasm, 12, &[4]);
    section(&mut wasm, 10, &s);

    // Bytes at the start, in the middle and at the end of the first page; and some that are nowhere at first.
    let bytes = |at: u32| (0..16).map(move |i| (at as u8).wrapping_add(0x71).wrapping_add(i * 13));
    s = vec![4];
    for at in [0u32, 0x7ff0, 0xfff0] {
        s.extend([0, if frame.memories[0].is_64 { 0x42 } else { 0x41 }]);
        sleb(&mut s, i64::from(at));
        s.extend([0x0b, 16]);
        s.extend(bytes(at));
    }
    s.extend([1, PASSIVE_LEN as u8]);
    s.extend(bytes(0x33).chain(bytes(0x55)));
    section(&mut wasm, 11, &s);
    wasm
}
