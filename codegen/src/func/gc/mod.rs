//! Garbage collection: what its operators take and give ([`Decoded`]), for code that is reached and code that is not.
//!
//! | file | concept |
//! | --- | --- |
//! | `object` | structs, arrays, `i31` |
//! | `array` | new arrays |
//! | `cast` | tests and casts of references |
//! | `sites` | which slots of a frame hold references at a call |

mod array;
mod cast;
mod object;
mod sites;

pub(super) use object::Allocation;
pub(super) use sites::{RefSlot, may_have_objects};

use super::locals::heap_type;
use super::read::{self, Ip};
use super::value::Val;
use super::{Func, imm, tri};
use crate::env::{Disabled, Field, Storage, TypeKind};
use crate::masm::{Cond, Masm, Width};
use crate::op::fb;
use crate::ty::Ty;

/// An operator after the prefix 0xfb but for branches: its immediates and types.
#[derive(Copy, Clone)]
pub(super) struct Decoded {
    /// Its first immediate, of most a type, as it stands in the module.
    a: u32,
    /// Its second one.
    b: u32,
    /// Operands, the last one topmost.
    operands: [Ty; 5],
    /// How many of them there are.
    count: u8,
    /// Those of [`fb::STRUCT_NEW`] and [`fb::ARRAY_NEW_FIXED`] instead.
    many: Many,
    result: Option<Ty>,
}

/// Operands without bound.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Many {
    None,
    /// Of the types of the fields, which are so many from this one on.
    Fields(u32, u32),
    /// So many of one type.
    Same(u32, Ty),
}

impl Decoded {
    fn new(a: u32, b: u32, operands: &[Ty], result: Option<Ty>) -> Decoded {
        let mut all = [Ty::UNKNOWN; 5];
        all[..operands.len()].copy_from_slice(operands);
        Decoded { a, b, operands: all, count: operands.len() as u8, many: Many::None, result }
    }
}

/// Whether what a field holds comes with a sign or without.
fn is_packed(field: Field) -> bool {
    matches!(field.storage, Storage::I8 | Storage::I16)
}

/// The label and types of `br_on_cast`.
#[derive(Copy, Clone)]
pub(super) struct Cast {
    label: u32,
    from: Ty,
    to: Ty,
}

impl Cast {
    /// The type of what is not of type `to`.
    fn rest(self) -> Ty {
        if self.to.is_non_null() { self.from } else { self.from.non_null() }
    }
}

impl<M: Masm> Func<'_, M> {
    /// Reads the index of a struct type and gives it with its fields, as places in the environment's list.
    fn struct_type(&self, ip: &mut Ip) -> Option<(u32, Ty, std::ops::Range<u32>)> {
        let (index, ty) = self.referred_type(ip)?;
        let def = self.env.defs.get(index as usize).filter(|def| def.kind == TypeKind::Struct)?;
        Some((index, ty, def.fields.clone()))
    }

    /// Reads the index of an array type and gives it with what its elements are.
    fn array_type(&self, ip: &mut Ip) -> Option<(u32, Ty, Field)> {
        let (index, ty) = self.referred_type(ip)?;
        let def = self.env.defs.get(index as usize).filter(|def| def.kind == TypeKind::Array)?;
        Some((index, ty, self.env.fields[def.fields.start as usize]))
    }

    /// The same of one that can be written to.
    fn mutable_array_type(&self, ip: &mut Ip) -> Option<(u32, Ty, Field)> {
        self.array_type(ip).filter(|(.., field)| field.mutable)
    }

    /// Reads a field of a struct type.
    fn field(&self, ip: &mut Ip) -> Option<(u32, u32, Ty, Field)> {
        let (index, ty, fields) = self.struct_type(ip)?;
        // SAFETY: `ip` is in the body or its padding.
        let (field, next) = unsafe { read::leb_u32(*ip) }?;
        *ip = next;
        let place = fields.start.checked_add(field).filter(|&place| place < fields.end)?;
        Some((index, place, ty, self.env.fields[place as usize]))
    }

    /// Reads the code after the prefix 0xfb and what follows. `top`: the type of the topmost operand, if one is known;
    /// some results are null only if that can be.
    pub(super) fn decode_gc(&mut self, code: u32, top: Ty, ip: &mut Ip) -> Option<Decoded> {
        let env = self.env;
        if env.disabled.has(Disabled::GC) {
            return None;
        }
        let signed = |code: u32, get, get_s, get_u, packed: bool| {
            code == get && !packed || (code == get_s || code == get_u) && packed
        };
        let has_default = |field: Field| !field.storage.unpacked().is_non_null();
        Some(match code {
            fb::STRUCT_NEW => {
                let (index, ty, fields) = self.struct_type(ip)?;
                let many = Many::Fields(fields.start, fields.end - fields.start);
                Decoded { many, ..Decoded::new(index, 0, &[], Some(ty.non_null())) }
            }
            fb::STRUCT_NEW_DEFAULT => {
                let (index, ty, fields) = self.struct_type(ip)?;
                let fields = &env.fields[fields.start as usize..fields.end as usize];
                fields.iter().all(|&field| has_default(field)).then_some(())?;
                Decoded::new(index, 0, &[], Some(ty.non_null()))
            }
            fb::STRUCT_GET | fb::STRUCT_GET_S | fb::STRUCT_GET_U => {
                let (_, place, ty, field) = self.field(ip)?;
                let gets = signed(code, fb::STRUCT_GET, fb::STRUCT_GET_S, fb::STRUCT_GET_U, is_packed(field));
                gets.then(|| Decoded::new(place, 0, &[ty], Some(field.storage.unpacked())))?
            }
            fb::STRUCT_SET => {
                let (_, place, ty, field) = self.field(ip)?;
                field.mutable.then(|| Decoded::new(place, 0, &[ty, field.storage.unpacked()], None))?
            }
            fb::ARRAY_NEW => {
                let (index, ty, field) = self.array_type(ip)?;
                Decoded::new(index, 0, &[field.storage.unpacked(), Ty::I32], Some(ty.non_null()))
            }
            fb::ARRAY_NEW_DEFAULT => {
                let (index, ty, field) = self.array_type(ip)?;
                has_default(field).then(|| Decoded::new(index, 0, &[Ty::I32], Some(ty.non_null())))?
            }
            fb::ARRAY_NEW_FIXED => {
                let (index, ty, field) = self.array_type(ip)?;
                // SAFETY: `ip` is in the body or its padding; the same goes for all that follow.
                let (n, next) = unsafe { read::leb_u32(*ip) }?;
                *ip = next;
                let many = Many::Same(n, field.storage.unpacked());
                Decoded { many, ..Decoded::new(index, n, &[], Some(ty.non_null())) }
            }
            fb::ARRAY_NEW_DATA | fb::ARRAY_INIT_DATA => {
                let new = code == fb::ARRAY_NEW_DATA;
                let (index, ty, field) = if new { self.array_type(ip)? } else { self.mutable_array_type(ip)? };
                let data = self.index_below(ip, env.data_count? as usize)?;
                (!field.storage.unpacked().is_ref()).then_some(())?;
                match new {
                    true => Decoded::new(index, data, &[Ty::I32; 2], Some(ty.non_null())),
                    false => Decoded::new(index, data, &[ty, Ty::I32, Ty::I32, Ty::I32], None),
                }
            }
            fb::ARRAY_NEW_ELEM | fb::ARRAY_INIT_ELEM => {
                let new = code == fb::ARRAY_NEW_ELEM;
                let (index, ty, field) = if new { self.array_type(ip)? } else { self.mutable_array_type(ip)? };
                let elem = self.index_below(ip, env.elems.len())?;
                let to = field.storage.unpacked();
                (to.is_ref() && env.fits(env.elems[elem as usize], to)).then_some(())?;
                match new {
                    true => Decoded::new(index, elem, &[Ty::I32; 2], Some(ty.non_null())),
                    false => Decoded::new(index, elem, &[ty, Ty::I32, Ty::I32, Ty::I32], None),
                }
            }
            fb::ARRAY_GET | fb::ARRAY_GET_S | fb::ARRAY_GET_U => {
                let (index, ty, field) = self.array_type(ip)?;
                let gets = signed(code, fb::ARRAY_GET, fb::ARRAY_GET_S, fb::ARRAY_GET_U, is_packed(field));
                gets.then(|| Decoded::new(index, 0, &[ty, Ty::I32], Some(field.storage.unpacked())))?
            }
            fb::ARRAY_SET => {
                let (index, ty, field) = self.mutable_array_type(ip)?;
                Decoded::new(index, 0, &[ty, Ty::I32, field.storage.unpacked()], None)
            }
            fb::ARRAY_LEN => Decoded::new(0, 0, &[Ty::ARRAYREF], Some(Ty::I32)),
            fb::ARRAY_FILL => {
                let (index, ty, field) = self.mutable_array_type(ip)?;
                Decoded::new(index, 0, &[ty, Ty::I32, field.storage.unpacked(), Ty::I32], None)
            }
            fb::ARRAY_COPY => {
                let (to, to_ty, to_field) = self.mutable_array_type(ip)?;
                let (from, from_ty, from_field) = self.array_type(ip)?;
                let fits = match (to_field.storage, from_field.storage) {
                    (Storage::Ref(to) | Storage::Val(to), Storage::Ref(from) | Storage::Val(from)) => {
                        env.fits(from, to)
                    }
                    (to, from) => to == from,
                };
                fits.then(|| Decoded::new(to, from, &[to_ty, Ty::I32, from_ty, Ty::I32, Ty::I32], None))?
            }
            fb::REF_TEST_NON_NULL | fb::REF_TEST_NULLABLE | fb::REF_CAST_NON_NULL | fb::REF_CAST_NULLABLE => {
                // SAFETY: as above.
                let (ty, next) = heap_type(env, *ip)?;
                *ip = next;
                let nullable = code == fb::REF_TEST_NULLABLE || code == fb::REF_CAST_NULLABLE;
                let to = if nullable { ty } else { ty.non_null() };
                let tests = code == fb::REF_TEST_NON_NULL || code == fb::REF_TEST_NULLABLE;
                Decoded::new(to.0, 0, &[env.top(ty)], Some(if tests { Ty::I32 } else { to }))
            }
            fb::ANY_CONVERT_EXTERN => {
                let ty = if top.is_non_null() { Ty::ANYREF.non_null() } else { Ty::ANYREF };
                Decoded::new(0, 0, &[Ty::EXTERNREF], Some(ty))
            }
            fb::EXTERN_CONVERT_ANY => {
                let ty = if top.is_non_null() { Ty::EXTERNREF.non_null() } else { Ty::EXTERNREF };
                Decoded::new(0, 0, &[Ty::ANYREF], Some(ty))
            }
            fb::REF_I31 => Decoded::new(0, 0, &[Ty::I32], Some(Ty::I31REF.non_null())),
            fb::I31_GET_S | fb::I31_GET_U => Decoded::new(0, 0, &[Ty::I31REF], Some(Ty::I32)),
            _ => return None,
        })
    }

    /// Reads what follows `br_on_cast` or `br_on_cast_fail`, and checks all but the operands.
    pub(super) fn decode_cast(&mut self, fail: bool, ip: &mut Ip) -> Option<Cast> {
        let env = self.env;
        if env.disabled.has(Disabled::GC) {
            return None;
        }
        // SAFETY: `ip` is in the body or its padding.
        let (flags, label) = unsafe {
            let (flags, next) = read::byte(*ip);
            let (label, next) = read::leb_u32(next)?;
            *ip = next;
            (flags, label)
        };
        let mut types = [Ty::UNKNOWN; 2];
        for (i, ty) in types.iter_mut().enumerate() {
            let (read, next) = heap_type(env, *ip)?;
            *ip = next;
            *ty = if flags >> i & 1 != 0 { read } else { read.non_null() };
        }
        let [from, to] = types;
        let cast = Cast { label, from, to };
        let last = *self.carries(self.label(label)?).last()?;
        let carried = if fail { cast.rest() } else { to };
        (flags < 4 && env.fits(to, from) && env.fits(carried, last)).then_some(cast)
    }

    /// `ref.eq`
    #[inline(never)]
    pub(super) fn ref_eq(&mut self, ip: Ip) -> Ip {
        if self.env.disabled.has(Disabled::GC) {
            return self.fail();
        }
        let (a, b) = tri!(self, self.pop2(Ty::EQREF));
        let a = self.in_reg(a);
        let b = self.not_const(b);
        self.m.cmp(Width::W64, a.gpr(), b.loc());
        self.flags_set();
        self.release(a);
        self.release(b);
        self.use_flags(Cond::Eq, ip)
    }

    /// The operators after the prefix 0xfb.
    #[inline(never)]
    pub(super) fn gc(&mut self, mut ip: Ip) -> Ip {
        let code = imm!(self, leb_u32, ip);
        match code {
            // The commonest ones without more ado.
            fb::STRUCT_GET => return self.plain_struct_get(ip),
            fb::STRUCT_SET => return self.plain_struct_set(ip),
            fb::BR_ON_CAST | fb::BR_ON_CAST_FAIL => return self.br_on_cast(code == fb::BR_ON_CAST_FAIL, ip),
            _ => {}
        }
        let top = self.topmost(1).map_or(Ty::UNKNOWN, |top| top[0].ty());
        let op = tri!(self, self.decode_gc(code, top, &mut ip));
        if !self.check_many(op.many) || !self.check_top(&op.operands[..usize::from(op.count)]) {
            return self.fail();
        }
        self.gc_operator(code, op, ip)
    }

    /// `struct.get`
    #[inline(always)]
    fn plain_struct_get(&mut self, mut ip: Ip) -> Ip {
        let (.., ty, field) = tri!(self, self.field(&mut ip));
        if is_packed(field) || self.env.disabled.has(Disabled::GC) {
            return self.fail();
        }
        let object = tri!(self, self.pop_or_null(ty));
        self.struct_get(object, field, false, ip)
    }

    /// `struct.set`
    #[inline(always)]
    fn plain_struct_set(&mut self, mut ip: Ip) -> Ip {
        let (.., ty, field) = tri!(self, self.field(&mut ip));
        if !field.mutable || self.env.disabled.has(Disabled::GC) {
            return self.fail();
        }
        let v = tri!(self, self.pop_or_null(field.storage.unpacked()));
        let object = tri!(self, self.pop_or_null(ty));
        self.struct_set(object, v, field);
        ip
    }

    /// Pops a value of type `ty`, or the same without null.
    #[inline(always)]
    fn pop_or_null(&mut self, ty: Ty) -> Option<Val> {
        let v = self.pop_any()?;
        self.env.fits_or_null(v.ty(), ty).then(|| self.resolve(v))
    }

    /// Whether operands without bound are on the stack.
    fn check_many(&self, many: Many) -> bool {
        let n = match many {
            Many::None => return true,
            Many::Fields(_, n) | Many::Same(n, _) => n as usize,
        };
        let Some(top) = self.topmost(n) else { return false };
        match many {
            Many::Fields(first, _) => {
                let fields = &self.env.fields[first as usize..];
                top.iter().zip(fields).all(|(v, field)| self.env.fits(v.ty(), field.storage.unpacked()))
            }
            Many::Same(_, ty) => top.iter().all(|v| self.env.fits(v.ty(), ty)),
            Many::None => true,
        }
    }

    /// The operators after the prefix 0xfb, in code that is never reached.
    pub(super) fn dead_gc(&mut self, code: u32, ip: &mut Ip) -> Option<()> {
        if matches!(code, fb::BR_ON_CAST | fb::BR_ON_CAST_FAIL) {
            let fail = code == fb::BR_ON_CAST_FAIL;
            let cast = self.decode_cast(fail, ip)?;
            self.pop_ty(cast.from)?;
            self.push_ty(if fail { cast.rest() } else { cast.to });
            self.dead_branch_if(cast.label)?;
            self.pop_ty(Ty::UNKNOWN)?;
            self.push_ty(if fail { cast.to } else { cast.rest() });
            return Some(());
        }
        // Only conversions ask for the type, and they have one operand.
        let converts = matches!(code, fb::ANY_CONVERT_EXTERN | fb::EXTERN_CONVERT_ANY);
        let top = if converts { self.pop_any_ref_as_is()? } else { Ty::UNKNOWN };
        if converts {
            self.push_ty(top);
        }
        let op = self.decode_gc(code, top, ip)?;
        match op.many {
            Many::None => {}
            Many::Fields(first, n) => {
                for i in (first..first + n).rev() {
                    self.pop_ty(self.env.fields[i as usize].storage.unpacked())?;
                }
            }
            Many::Same(n, ty) => {
                for i in 0..n {
                    // More than there are: all the rest is unknown.
                    if self.is_polymorphic_and_empty() {
                        break;
                    }
                    if self.is_stopped_at(i) {
                        return None;
                    }
                    self.pop_ty(ty)?;
                }
            }
        }
        for &ty in op.operands[..usize::from(op.count)].iter().rev() {
            self.pop_ty(ty)?;
        }
        if let Some(ty) = op.result {
            self.push_ty(ty);
        }
        Some(())
    }
}
