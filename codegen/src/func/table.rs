//! Tables, references, and the bulk operators of tables and memories.

use super::read::{self, Ip};
use super::value::Val;
use super::{Func, imm, tri};
use crate::env::{Disabled, TableDesc};
use crate::masm::{Cond, Load, Masm, Store, Width};
use crate::op::{self, Op, Operand, fc};
use crate::ty::{Class, Ty};
use crate::vmctx::Builtin;

/// A bulk operator decoded: what to call with which indices.
#[derive(Copy, Clone)]
pub(super) struct Bulk {
    builtin: Builtin,
    indices: [u32; 2],
    index_count: usize,
    pub(super) named: Named,
}

/// What immediates say about the types of operands and results.
#[derive(Copy, Clone)]
pub(super) struct Named {
    /// The type that they name, or that of what they name ([`Operand::NAMED`]).
    pub(super) ty: Ty,
    /// The type of addresses or indices of the memory or table ([`Operand::ADDRESS`], [`Operand::INDEX`]): of a copy's
    /// length, source and destination, else all the same.
    pub(super) index: [Ty; 3],
}

impl Named {
    /// Nothing.
    pub(super) const NOTHING: Named = Named { ty: Ty::UNKNOWN, index: [Ty::UNKNOWN; 3] };

    /// A type.
    pub(super) fn ty(ty: Ty) -> Named {
        Named { ty, ..Named::NOTHING }
    }

    /// A memory with such addresses.
    pub(super) fn memory(address: Ty) -> Named {
        Named { index: [address; 3], ..Named::NOTHING }
    }

    /// A table.
    pub(super) fn table(desc: TableDesc) -> Named {
        Named { ty: desc.elem, index: [desc.index_ty(); 3] }
    }

    /// Two memories or tables: as many can be copied as both can have.
    fn copy(dst: Ty, src: Ty) -> Named {
        let len = if dst == Ty::I64 && src == Ty::I64 { Ty::I64 } else { Ty::I32 };
        Named { ty: Ty::UNKNOWN, index: [len, src, dst] }
    }
}

impl<M: Masm> Func<'_, M> {
    pub(super) fn table_index(&mut self, ip: &mut Ip) -> Option<(u32, TableDesc)> {
        if self.env.disabled.has(Disabled::REFERENCE_TYPES) {
            return None;
        }
        let index = self.index_below(ip, self.env.tables.len())?;
        Some((index, self.env.tables[index as usize]))
    }

    /// Reads an index that must be less than `len`.
    pub(super) fn index_below(&mut self, ip: &mut Ip, len: usize) -> Option<u32> {
        // SAFETY: `ip` is in the body or its padding.
        let (index, next) = unsafe { read::leb_u32(*ip) }?;
        *ip = next;
        ((index as usize) < len).then_some(index)
    }

    /// Whether `ref.func func` may stand in a body.
    pub(super) fn ref_func_allowed(&self, func: u32) -> bool {
        (func as usize) < self.env.funcs.len()
            && self.env.is_declared(func)
            && !self.env.disabled.has(Disabled::REFERENCE_TYPES)
    }

    pub(super) fn table_get(&mut self, mut ip: Ip) -> Ip {
        let (table, desc) = tri!(self, self.table_index(&mut ip));
        let index = tri!(self, self.pop(desc.index_ty()));
        let index = self.in_temp(index);
        let addr = self.m.table_element(index.gpr(), self.env.layout.table(table));
        self.trap_site();
        self.m.load(Load::I64, index.register(), addr);
        self.push(index.retype(desc.elem));
        ip
    }

    pub(super) fn table_set(&mut self, mut ip: Ip) -> Ip {
        let (table, desc) = tri!(self, self.table_index(&mut ip));
        let v = tri!(self, self.pop(desc.elem));
        let index = tri!(self, self.pop(desc.index_ty()));
        let index = self.in_reg(index);
        let v = self.in_reg(v);
        let addr = self.m.table_element(index.gpr(), self.env.layout.table(table));
        self.trap_site();
        self.m.store(Store::B64, v.register(), addr);
        self.release(v);
        self.release(index);
        ip
    }

    pub(super) fn ref_is_null(&mut self, ip: Ip) -> Ip {
        let v = tri!(self, self.pop_any());
        if !v.ty().is_ref() {
            return self.fail();
        }
        let v = self.not_const(v);
        self.m.cmp_imm(Width::W64, v.loc(), 0);
        self.flags_set();
        self.release(v);
        self.use_flags_outlined(Cond::Eq, ip)
    }

    pub(super) fn ref_func(&mut self, mut ip: Ip) -> Ip {
        let func = imm!(self, leb_u32, ip);
        if !self.ref_func_allowed(func) {
            return self.fail();
        }
        self.call_builtin(Builtin::RefFunc, &[func], 0, Some(self.env.func_ref(func)));
        ip
    }

    /// Reads and checks the immediates of a bulk operator.
    pub(super) fn decode_bulk(&mut self, op: &Op, ip: &mut Ip) -> Option<Bulk> {
        let env = self.env;
        if env.disabled.has(op.feature.switch()?) {
            return None;
        }
        let one = |builtin, index, named| Bulk { builtin, indices: [index, 0], index_count: 1, named };
        let two = |builtin, indices, named| Bulk { builtin, indices, index_count: 2, named };
        let address = |memory: u32| env.memories[memory as usize].address_ty();
        let table = |index: u32| env.tables[index as usize];
        Some(match op.code {
            fc::MEMORY_INIT => {
                let data = self.index_below(ip, env.data_count? as usize)?;
                let memory = self.index_below(ip, env.memories.len())?;
                two(Builtin::MemoryInit, [memory, data], Named::memory(address(memory)))
            }
            fc::DATA_DROP => {
                let data = self.index_below(ip, env.data_count? as usize)?;
                one(Builtin::DataDrop, data, Named::NOTHING)
            }
            fc::MEMORY_COPY => {
                let dst = self.index_below(ip, env.memories.len())?;
                let src = self.index_below(ip, env.memories.len())?;
                two(Builtin::MemoryCopy, [dst, src], Named::copy(address(dst), address(src)))
            }
            fc::MEMORY_FILL => {
                let memory = self.index_below(ip, env.memories.len())?;
                one(Builtin::MemoryFill, memory, Named::memory(address(memory)))
            }
            fc::TABLE_INIT => {
                let elem = self.index_below(ip, env.elems.len())?;
                let index = self.index_below(ip, env.tables.len())?;
                if !env.fits(env.elems[elem as usize], table(index).elem) {
                    return None;
                }
                two(Builtin::TableInit, [index, elem], Named::table(table(index)))
            }
            fc::ELEM_DROP => {
                let elem = self.index_below(ip, env.elems.len())?;
                one(Builtin::ElemDrop, elem, Named::NOTHING)
            }
            fc::TABLE_COPY => {
                let dst = self.index_below(ip, env.tables.len())?;
                let src = self.index_below(ip, env.tables.len())?;
                if !env.fits(table(src).elem, table(dst).elem) {
                    return None;
                }
                two(Builtin::TableCopy, [dst, src], Named::copy(table(dst).index_ty(), table(src).index_ty()))
            }
            fc::TABLE_GROW => {
                let (index, desc) = self.table_index(ip)?;
                one(Builtin::TableGrow, index, Named::table(desc))
            }
            fc::TABLE_FILL => {
                let (index, desc) = self.table_index(ip)?;
                one(Builtin::TableFill, index, Named::table(desc))
            }
            _ => return None,
        })
    }

    /// The operators after the prefix 0xfc that are not numeric.
    pub(super) fn bulk(&mut self, code: u32, mut ip: Ip) -> Ip {
        if code == fc::TABLE_SIZE {
            let (table, desc) = tri!(self, self.table_index(&mut ip));
            let reg = self.alloc(Class::Int).gpr();
            self.m.table_size(reg, self.env.layout.table(table));
            self.push(Val::reg(desc.index_ty(), reg));
            return ip;
        }
        let op = tri!(self, op::prefixed(op::PREFIX_FC, code));
        let bulk = tri!(self, self.decode_bulk(op, &mut ip));
        let mut operands = [Ty::UNKNOWN; 3];
        let mut count = 0;
        for operand in op.sig.operands() {
            operands[2 - count] = ty_of(operand, count, bulk.named);
            count += 1;
        }
        if !self.check_top(&operands[3 - count..]) {
            return self.fail();
        }
        let result = op.sig.results().next().map(|result| ty_of(result, 0, bulk.named));
        self.call_builtin(bulk.builtin, &bulk.indices[..bulk.index_count], count, result);
        ip
    }
}

/// The type of an operand or result, number `i` from the top, if `named` is what the immediates name.
#[inline(always)]
pub(super) fn ty_of(operand: Operand, i: usize, named: Named) -> Ty {
    match operand {
        Operand::ADDRESS | Operand::INDEX => named.index[i.min(2)],
        Operand::NAMED => named.ty,
        _ => operand.fixed().unwrap_or(Ty::UNKNOWN),
    }
}
